// How a call takes its turns: who waits for whom, and for how long. Only numbers; `Call` keeps to them.

/// How a call takes its turns.
public struct CallManners: Sendable {
    /// Seconds of silence after which the assistant checks in.
    public var silence = 8.0
    /// Seconds before the assistant's last word in which customers often begin already to speak.
    public var overlap = 1.0
    /// Seconds of speech over the assistant's own after which it falls silent, and listens.
    public var bargeIn = 0.12
    /// Seconds of any loud sound over it, an "a", after which it hesitates, until it is known whether that is speech...
    public var hesitation = 0.04
    /// ...or so many seconds have gone by: it was a click.
    public var hesitating = 0.16
    /// Seconds of speech after which it was an interruption: a cough is shorter.
    public var interruption = 0.4
    /// Seconds of silence behind a shorter sound after which the assistant talks on.
    public var resumption = 0.24
    /// Seconds that an answer may take before the caller hears that it is coming.
    public var bridging = 1.5
    /// Seconds after the last key until keys count as complete.
    public var keyPause = 2.5

    /// The standing manners.
    public init() {}
}
