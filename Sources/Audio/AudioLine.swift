// The seam between a call and whatever carries it: a telephone, a microphone with a loudspeaker, or files.

/// What a line gives, one after the other.
public enum LineEvent: Sendable, Equatable {
    /// 20 ms of the caller, who may be silent.
    case frame(AudioFrame)
    /// A key of the telephone: `0`–`9`, `*`, `#`, `A`–`D`.
    case key(Character)
    /// Words that came as text, as a tester's call may have them.
    case text(String)
    /// The last event: nothing comes after it.
    case ended(LineEnd)
}

/// Why a line gives no more.
public enum LineEnd: Sendable, Equatable {
    /// The caller hung up or walked away.
    case hangup
    /// A recording is used up.
    case inputEnd
    /// The device or the network failed; the text is for the log.
    case failed(String)
}

/// A full-duplex line. One owner calls it, in turn; each `next()` moves its clock on by one frame,
/// of the caller's sound and of what is being played alike.
public protocol AudioLine: Sendable {
    /// The band in which the line gives and takes samples.
    var band: Band { get }
    /// The caller's next 20 ms, or what else happened. Waits for it on a real-time line.
    func next() async -> LineEvent
    /// Puts `samples`, in the line's band, behind what is still to be played.
    func play(_ samples: [Int16]) async
    /// Stops at once and forgets what was still to be played. Answers the number of samples forgotten.
    @discardableResult func stopPlaying() async -> Int
    /// Samples still to be played.
    var toBePlayed: Int { get async }
    /// Ends the call from this side, after what is still to be played.
    func hangUp() async
}
