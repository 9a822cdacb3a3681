// What systemd is told, and what it tells: ready, reloading, stopping, alive. Without systemd nobody is told anything.
// In: states and words for a person. Out: datagrams on $NOTIFY_SOCKET (sd_notify(3)).

import Foundation

/// The service manager, where there is one.
public struct ServiceManager: Sendable {
    /// What a service says of itself.
    public enum State: Sendable, Equatable {
        /// Calls are taken.
        case ready
        /// Settings are being read anew; `ready` follows.
        case reloading
        /// No new calls are taken.
        case stopping
        /// Still at work, as the watchdog asks.
        case alive
    }

    private let socket: String?
    /// How often `alive` has to come, in seconds; nil where nobody waits for it.
    public let watchdogSeconds: Double?

    /// The manager that an environment names.
    public init(environment: [String: String]? = nil) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs =
            environment["WATCHDOG_PID"].map { $0 == String(ProcessInfo.processInfo.processIdentifier) } ?? true
        watchdogSeconds = isForUs ? environment["WATCHDOG_USEC"].flatMap(Double.init).map { $0 / 1e6 } : nil
    }

    /// Tells a state, and in a few words what is going on, for `systemctl status`.
    public func tell(_ state: State? = nil, status: String? = nil) {
        guard let socket else { return }
        var lines: [String] = []
        switch state {
        case .ready: lines.append("READY=1")
        case .reloading:
            var time = timespec()
            // Type=notify-reload compares this moment with its own.
            _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            lines += ["RELOADING=1", "MONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)"]
        case .stopping: lines.append("STOPPING=1")
        case .alive: lines.append("WATCHDOG=1")
        case nil: break
        }
        if let status { lines.append("STATUS=\(status.split(whereSeparator: \.isNewline).joined(separator: " "))") }
        LocalSocket.send(Array(lines.joined(separator: "\n").utf8), to: socket)
    }
}
