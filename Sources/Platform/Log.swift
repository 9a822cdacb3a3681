// What the operator reads: one line on standard error for each thing worth knowing, from any thread.
// In: level, component, message. Out: "warning hearing: …". The journal adds the time.

import Foundation
import Synchronization

/// Writes log lines of one component. A value: make one wherever it is needed.
///
/// Nothing that a caller said or owns belongs in a log. `LogMessage` makes that hard to forget.
public struct Log: Sendable {
    /// How much a line matters, least first.
    public enum Level: Int, Sendable, Comparable, CaseIterable {
        /// For those who look for a fault.
        case debug
        /// The ordinary course of things.
        case info
        /// Somebody should look at it some day; the work went on.
        case warning
        /// Work failed.
        case error

        /// Whether `one` matters less than `other`.
        public static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }
    }

    private static let minimumLevel = Mutex(Level.info)
    /// One line is one write under one lock, so that lines of several threads do not run into each other.
    private static let standardError = Mutex(FileHandle.standardError)

    /// What is less than this is not written. The executable sets it once.
    public static var minimum: Level {
        get { minimumLevel.withLock { $0 } }
        set { minimumLevel.withLock { $0 = newValue } }
    }

    /// From now on nothing that any part of the process, a library too, writes to standard error goes anywhere.
    public static func fallSilent() {
        let nowhere = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        dup2(nowhere, STDERR_FILENO)
        close(nowhere)
    }

    /// The part of the program that speaks, in one word.
    public let component: String
    private let write: @Sendable (String) -> Void

    /// A log of `component` on standard error.
    public init(component: String) {
        self.init(component: component) { line in
            // A standard error that is gone (EPIPE, full disk) leaves nobody to tell.
            Log.standardError.withLock { try? $0.write(contentsOf: Data((line + "\n").utf8)) }
        }
    }

    /// A log of `component` that gives its lines, without line breaks, to `write`.
    public init(component: String, write: @escaping @Sendable (String) -> Void) {
        self.component = component
        self.write = write
    }

    /// For those who look for a fault.
    public func debug(_ message: @autoclosure () -> LogMessage) { log(.debug, message()) }
    /// The ordinary course of things.
    public func info(_ message: @autoclosure () -> LogMessage) { log(.info, message()) }
    /// Somebody should look at it some day; the work went on.
    public func warning(_ message: @autoclosure () -> LogMessage) { log(.warning, message()) }
    /// Work failed.
    public func error(_ message: @autoclosure () -> LogMessage) { log(.error, message()) }

    /// Writes one line where `level` is enough.
    public func log(_ level: Level, _ message: @autoclosure () -> LogMessage) {
        guard level >= Log.minimum else { return }
        let line = "\(level) \(component): \(message().text)"
        write(line.split(whereSeparator: \.isNewline).joined(separator: " | "))
    }
}

/// The text of a log line: literals and numbers as they are, strings only where the writer says that they are no
/// caller's: `"cannot open \(fact: path)"`.
public struct LogMessage: Sendable, ExpressibleByStringInterpolation {
    /// The line as it will stand.
    public let text: String

    /// A line without numbers or facts.
    public init(stringLiteral text: String) { self.text = text }
    /// A line with some.
    public init(stringInterpolation parts: Parts) { text = parts.text }

    /// Collects the pieces of an interpolated message.
    public struct Parts: StringInterpolationProtocol, Sendable {
        fileprivate var text = ""

        /// Begins an empty message.
        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        /// Literal text of the program.
        public mutating func appendLiteral(_ literal: String) { text += literal }
        /// A whole number.
        public mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }
        /// A number with at most three decimals.
        public mutating func appendInterpolation(_ number: Double) {
            text += String((number * 1000).rounded() / 1000)
        }
        /// A truth value.
        public mutating func appendInterpolation(_ flag: Bool) { text += String(flag) }
        /// Something of the machine or the shop: a path, an error, a device. Never a caller's word, name or number.
        public mutating func appendInterpolation(fact: some Any) { text += String(describing: fact) }
    }
}
