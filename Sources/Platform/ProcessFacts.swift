// What the kernel says about this process: when it began, and how much memory it has.

import Foundation

/// Read from `/proc` whenever it is asked for: not for every frame.
public enum ProcessFacts {
    /// Seconds since the process began, in steps of the kernel's tick (10 ms mostly); nil where the kernel does not say.
    public static var age: Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            // The name in parentheses may hold anything; behind it the third field comes first, the start is the 22nd.
            let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 19,
            let ticks = Double(fields[19])
        else { return nil }
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory in MB, now and at its highest.
    public static var memory: (now: Double, highest: Double)? {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        func megabytes(_ name: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                .flatMap { $0.split { $0 == " " || $0 == "\t" }.dropFirst().first }
                .flatMap { Double($0) }.map { $0 / 1_024 }
        }
        guard let now = megabytes("VmRSS"), let highest = megabytes("VmHWM") else { return nil }
        return (now, highest)
    }
}
