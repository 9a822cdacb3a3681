// How a call takes its turns: who waits for whom, and for how long. Only numbers; `Call` keeps to them.

/// How a call takes its turns.
public struct CallManners: Sendable {
    /// Seconds of silence after which the assistant checks in.
    public var silence = 8.0
    /// Seconds before the assistant's last word in which customers often begin already to speak.
    public var overlap = 1.0
    /// Seconds that an answer may take before the caller hears that it is coming.
    public var bridging = 1.5
    /// Seconds after the last key until keys count as complete.
    public var keyPause = 2.5

    /// The standing manners.
    public init() {}
}
