// Whether a stand's microphone is set well. In: how loud each customer was heard. Out: the usual level, and a word for the
// operator who can turn it.

/// Follows customers from one to the next; nothing of any of them is in it but a level.
public struct MicrophoneLevel: Sendable, Equatable {
    /// What is to be said of a microphone.
    public enum Verdict: String, Sendable {
        /// Too few customers until now.
        case unknown
        /// Customers are heard as they should be.
        case fine
        /// So faint that less is understood.
        case faint
        /// So loud that the loudest sounds are cut off.
        case loud
    }

    /// In dBFS, of the sounding parts of speech: outside of these less is understood (`rozmova bench kiosk`).
    private static let (faintest, loudest) = (-40.0, -15.0)
    /// Customers that count, and before how many nothing is said.
    private static let (remembered, needed) = (9, 3)

    private var levels: [Double] = []

    /// Nobody was heard yet.
    public init() {}

    /// Takes the loudest utterance of a customer: what is fainter may be somebody behind them.
    public mutating func hear(customer level: Double) {
        levels.append(level)
        if levels.count > Self.remembered { levels.removeFirst() }
    }

    /// The level of the one in the middle, in dBFS; nil before there were enough.
    public var usual: Double? { levels.count < Self.needed ? nil : levels.sorted()[levels.count / 2] }

    /// What is to be said of it.
    public var verdict: Verdict {
        usual.map(Self.verdict(on:)) ?? .unknown
    }

    /// What is to be said of a microphone in which a customer is so loud.
    public static func verdict(on level: Double) -> Verdict {
        level < faintest ? .faint : level > loudest ? .loud : .fine
    }
}
