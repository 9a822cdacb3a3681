// Keeps a loudspeaker's buffer as full as it should be, though its clock is not the microphone's. In: what waits in it.
// Out: what to do with the next 20 ms.

/// How full a loudspeaker's buffer is to be, in samples of any one rate.
struct LoudspeakerFill: Sendable {
    enum Step: Equatable { case write, leaveOut, putSilenceBefore }

    /// Kept about this full, in seconds: half of it is what a busy machine may be late.
    static let seconds = 0.06
    /// Fuller or emptier by so much, sound is left out or silence put in.
    private static let slack = 0.04

    let wanted: Int
    private let slack: Int

    /// For a buffer of so many samples, of which the device takes `period` at once.
    init(rate: Int, period: Int, buffer: Int) {
        wanted = max(Int(Self.seconds * Double(rate)), min(2 * period, buffer / 2))
        slack = Int(Self.slack * Double(rate))
    }

    /// What to do where `queued` samples wait. Only silence is ever left out: its 20 ms are not missed.
    func step(queued: Int, isSilent: Bool) -> Step {
        if queued > wanted + slack, isSilent { return .leaveOut }
        return queued < wanted - slack ? .putSilenceBefore : .write
    }
}
