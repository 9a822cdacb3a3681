// What is kept of a conversation goes through here, and is redacted before it does.

public import Audio
public import Commerce
public import Dialogue

/// Keeps what the policy lets be kept. Its failures are its own to report: a conversation goes on without a trace.
public protocol TraceSink: Sendable {
    /// A conversation has begun; `caller` is E.164 from a trusted line.
    func began(_ conversation: String, line: LineKind, caller: String?) async
    /// A turn, its words in the form that the policy allows.
    func turn(_ turn: TracedTurn) async
    /// What came of it, before it is over.
    func summed(_ conversation: String, _ summary: ConversationSummary) async
    /// It is over.
    func ended(_ conversation: String, outcome: CallEnd) async
    /// Where its sound goes; nil where none is kept.
    func sound(of conversation: String, band: Band) async -> (any SoundSink)?
    /// The caller wants neither voice nor words kept: what is there is removed. Whether that was done.
    func refused(_ conversation: String) async -> Bool
}

extension TraceSink {
    /// Keeps no sound.
    public func sound(of conversation: String, band: Band) async -> (any SoundSink)? { nil }
    /// There is nothing to remove.
    public func refused(_ conversation: String) async -> Bool { true }
}

/// A turn without what must not be kept.
public struct TracedTurn: Sendable, Equatable {
    /// The conversation's identifier.
    public let conversation: String
    /// 0 for the greeting.
    public let turn: Int
    /// nil where the policy keeps no words.
    public let heard: String?
    /// nil where the policy keeps no words.
    public let reply: String?
    /// nil in the greeting.
    public let isAccepted: Bool?
    /// Names of what was meant.
    public let intents: [String]
    /// nil where the policy keeps no acts.
    public let acts: String?
}

/// Keeps nothing.
public struct NoTrace: TraceSink {
    /// Makes it.
    public init() {}
    /// Nothing.
    public func began(_ conversation: String, line: LineKind, caller: String?) async {}
    /// Nothing.
    public func turn(_ turn: TracedTurn) async {}
    /// Nothing.
    public func summed(_ conversation: String, _ summary: ConversationSummary) async {}
    /// Nothing.
    public func ended(_ conversation: String, outcome: CallEnd) async {}
}
