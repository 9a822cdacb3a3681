// What this process leaves behind where it crashes: nothing of its memory, in which keys and callers' words are.

import Foundation

/// Settings of the process that hold until it ends, and for those that it starts.
public enum ProcessGuard {
    /// No core dump, neither as a file nor for a program that collects them. What the system refuses stays as it was.
    public static func leaveNoDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A collector that the kernel pipes to is not bound by the limit; of what it gets, no memory is a part (core(5)).
        try? Data("0".utf8).write(to: URL(filePath: "/proc/self/coredump_filter"))
    }
}
