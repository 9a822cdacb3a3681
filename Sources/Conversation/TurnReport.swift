// What one turn was: for the one who follows a call, and for the trace.

public import Commerce
public import Dialogue
public import Language
public import Understanding

/// Moments of a spoken turn, in seconds of the call's clock: the sound's, plus the computing time as measured.
public struct TurnTiming: Sendable, Equatable {
    /// When the caller fell silent.
    public let speechEnd: Double
    /// When it was decided that the caller had finished.
    public let decided: Double
    /// When the first sample of the answer was ready.
    public let firstAudio: Double

    /// Makes a timing.
    public init(speechEnd: Double, decided: Double, firstAudio: Double) {
        self.speechEnd = speechEnd
        self.decided = decided
        self.firstAudio = firstAudio
    }
}

/// One turn: what was heard, what it meant, what was answered, and where the conversation stands.
public struct TurnReport: Sendable {
    /// 0 for the greeting.
    public let turn: Int
    /// nil for the greeting, empty for silence.
    public let heard: String?
    /// From 0 to 1; nil where nothing was heard.
    public let confidence: Double?
    /// Whether it was sure enough to be acted on.
    public let isAccepted: Bool
    /// What was meant.
    public let acts: [Act]
    /// What was answered; nil where nothing is to be said.
    public let reply: Spoken?
    /// The contract's name of the state.
    public let state: String
    /// The contract's name of what is asked.
    public let asking: String?
    /// The cart, priced.
    public let cart: [PricedLine]
    /// What the goods in it cost.
    public let cartTotal: Money
    /// The order that this turn placed or spoke about.
    public let order: ToldOrder?
    /// Whether this turn placed that order.
    public let hasOrdered: Bool
    /// What of it must not be heard again.
    public var unheard = Unheard.nothing
    /// Only in spoken conversations.
    public var timing: TurnTiming?
    /// How loud the caller was, in dBFS; nil where nothing was said aloud.
    public var level: Double?
}
