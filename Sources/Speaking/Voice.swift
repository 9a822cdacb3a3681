// Which of the engine's voices speaks a language, and how.

public import Language

/// The voice of a language.
public struct Voice: Sendable, Equatable {
    /// The language's code.
    public let language: String
    /// The voice as eSpeak NG names it.
    public let name: String
    /// In the engine's words a minute.
    public let rate: Int
    /// Words that it gets wrong, in lower case, and how to spell them for it.
    public let respellings: [String: String]

    /// Makes a voice.
    public init(language: String, name: String, rate: Int, respellings: [String: String] = [:]) {
        self.language = language
        self.name = name
        self.rate = rate
        self.respellings = respellings
    }

    /// The voice that a language pack asks for.
    public init(_ pack: LanguagePack) {
        self.init(language: pack.code, name: pack.voice, rate: pack.rate, respellings: pack.respellings)
    }
}
