// What a call has from outside: a recogniser, a voice, what to listen for, and a person to put the caller through to.

public import Audio
public import Understanding

/// What a call needs beside its session.
public struct CallEquipment: Sendable {
    /// Recognises.
    public let recognizer: any Recognizing
    /// Speaks.
    public let synthesizer: any Synthesizing
    /// What is listened for in each expectation.
    public let networks: [Expectation: WordNetwork]
    /// The language code for the voice.
    public let language: String
    /// Said where an answer takes its time; empty is nothing.
    public let bridge: String

    /// Makes equipment.
    public init(
        recognizer: any Recognizing, synthesizer: any Synthesizing, networks: [Expectation: WordNetwork],
        language: String, bridge: String = ""
    ) {
        self.recognizer = recognizer
        self.synthesizer = synthesizer
        self.networks = networks
        self.language = language
        self.bridge = bridge
    }
}

/// Puts a caller through to a person, by whatever means the line has.
public protocol PersonTransferring: Sendable {
    /// Whether a person at `address` took the caller over; `summary` is played to the person first.
    func transfer(to address: String, summary: [Int16]) async -> Bool
}
