// The sound of a call on its way to whoever keeps it. In: frames of the caller and what was said to them meanwhile. Out: both
// sides on one clock, held back until it is known whether they may be kept; silence of the same length where they may not.

import Audio

/// Takes the sound of one call. Its failures are its own to report.
public protocol SoundSink: Sendable {
    /// Samples in pairs, the caller's left, behind what came before.
    func take(_ pairs: [Int16]) async
    /// Nothing comes any more.
    func finish() async
}

/// What of a turn must not be heard again.
public struct Unheard: Sendable, Equatable {
    /// What the caller said.
    public var caller = false
    /// What was answered.
    public var answer = false

    /// Everything may be heard.
    public static let nothing = Unheard()
}

/// Holds back what was said since the last turn.
struct Recorder {
    /// Thirteen figures, the fewest that a card has, take longer than this at any pace that is understood. Who speaks for so long
    /// and is not understood may have said them.
    static let shortestCard = 2.5

    let sink: any SoundSink
    private let rate: Int
    private var caller: [Int16] = []
    private var assistant: [Int16] = []
    private var hasDoubt = false
    private var isAnswerUnheard = false

    init(_ sink: any SoundSink, band: Band) {
        self.sink = sink
        rate = band.rate
    }

    /// A frame of the caller, and what the caller heard during it.
    mutating func hear(_ frame: [Int16], said: some Collection<Int16>) {
        caller += frame
        if !isAnswerUnheard { assistant += said }
        assistant += repeatElement(0, count: max(0, caller.count - assistant.count))
    }

    /// Speech that was not understood, so many seconds of it.
    mutating func doubt(seconds: Double) { hasDoubt = hasDoubt || seconds >= Self.shortestCard }

    /// Gives what was held back, in pairs. What is answered from now on is kept, or not.
    mutating func letGo(_ unheard: Unheard) -> [Int16] {
        var pairs: [Int16] = []
        pairs.reserveCapacity(2 * caller.count)
        let isSilent = unheard.caller || hasDoubt
        for (left, right) in zip(caller, assistant) {
            pairs.append(isSilent ? 0 : left)
            pairs.append(right)
        }
        (caller, assistant, hasDoubt, isAnswerUnheard) = ([], [], false, unheard.answer)
        return pairs
    }
}
