// Time as a value: the date of day, seconds that passed, and processor time of this thread.
// Pure code takes a `Date`; the edge asks one of these for it.

public import Foundation

/// Where the date of day comes from: the system, or a test.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Date

    /// A clock that answers what `read` answers.
    public init(_ read: @escaping @Sendable () -> Date) { self.read = read }

    /// The date of day now.
    public var now: Date { read() }

    /// The machine's clock.
    public static let system = WallClock { Date() }
    /// A clock that stands.
    public static func fixed(_ date: Date) -> WallClock { WallClock { date } }
}

/// Seconds that passed since it was made; it never runs backwards when the date is set.
public struct Stopwatch: Sendable {
    private let started = ContinuousClock.now

    /// Starts now.
    public init() {}

    /// Seconds since the start.
    public var seconds: Double { started.duration(to: .now) / .seconds(1) }
}

/// Processor time, as the benchmarks and `Recognition.cpuSeconds` count it.
public enum ProcessorTime {
    /// Seconds of processor that the calling thread has used. Meaningful only between two points without an `await`.
    public static var ofThread: Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }
    /// Seconds of processor that the whole process has used.
    public static var ofProcess: Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        // It fails only for a clock that the kernel lacks, and Linux has had both since 2.6.12.
        guard unsafe clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
