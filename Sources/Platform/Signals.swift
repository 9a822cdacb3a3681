// Signals as values in a stream. In: numbers of signals. Out: each time one comes, its number; nothing else happens then.

import Dispatch
import Foundation

/// Signals that a service lives by.
public enum Signals {
    /// Ends by itself, after what is going on.
    public static let terminate = SIGTERM
    /// The same from a keyboard.
    public static let interrupt = SIGINT
    /// Reads its settings anew.
    public static let reload = SIGHUP

    /// Takes signals from now on, as long as the stream is read.
    public static func stream(_ signals: [Int32]) -> AsyncStream<Int32> {
        AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let sources = signals.map { number in
                // The kernel must not end the process before the source hears of it.
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                return source
            }
            let held = Held(sources: sources)
            continuation.onTermination = { _ in held.sources.forEach { $0.cancel() } }
        }
    }

    /// `@unchecked Sendable`: sources are only cancelled, which may be done from any thread.
    private struct Held: @unchecked Sendable { let sources: [any DispatchSourceSignal] }
}
