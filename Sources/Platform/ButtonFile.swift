// Buttons and sensors as values in a stream. In: a path: a Linux input device, or a FIFO that others write words to.
// Out: that somebody wants to be served, that somebody has gone. What is pulled out and plugged in again goes on.

import Foundation
import Synchronization

/// Reads what happens at a stand from a file.
public final class ButtonFile: Sendable {
    /// What happened.
    public enum Event: String, Sendable {
        /// A key was pressed, or the line `wake` came.
        case wake
        /// The line `leave` came, as from a sensor that sees nobody any more.
        case leave
    }

    /// What happens, until it is closed. Has one reader.
    public let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let path: String
    private let isClosed = Mutex(false)

    /// `struct input_event` of a 64-bit Linux: two words of time, then type, code and value.
    private static let (inputSize, typeOffset, valueOffset) = (24, 16, 20)
    private static let keyType: UInt16 = 1
    /// Milliseconds between two looks whether it was closed, and before a file is opened again.
    private static let patience: Int32 = 500

    /// Watches `path`; where nothing is there, a FIFO is made for the owner and the group of the process.
    public init(_ path: String) {
        self.path = path
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(8))
        unsafe _ = mkfifo(path, 0o660)
        let thread = Thread { [weak self] in
            while let self, !self.isClosed.withLock({ $0 }) { self.watch() }
        }
        thread.start()
    }

    /// Looks no more.
    public func close() {
        isClosed.withLock { $0 = true }
        continuation.finish()
    }

    /// Reads until the file is gone or this is closed.
    private func watch() {
        // Opened for both, a FIFO does not end with each who wrote to it; a device is only read.
        var file = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        if file < 0 { file = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else {
            usleep(UInt32(Self.patience) * 1_000)
            return
        }
        defer { Glibc.close(file) }
        var status = stat()
        let isDevice = unsafe fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
        var bytes: [UInt8] = []
        while !isClosed.withLock({ $0 }) {
            var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&waiting, 1, Self.patience)
            if ready == 0 { continue }
            var chunk = [UInt8](repeating: 0, count: 1_024)
            let count = unsafe read(file, &chunk, chunk.count)
            guard ready > 0, count > 0 else {
                usleep(UInt32(Self.patience) * 1_000)
                return
            }
            bytes += chunk[..<count]
            for event in isDevice ? Self.takeKeys(&bytes) : Self.takeLines(&bytes) { continuation.yield(event) }
        }
    }

    /// Presses, not what follows while a key is held, nor its release.
    static func takeKeys(_ bytes: inout [UInt8]) -> [Event] {
        var found: [Event] = []
        while bytes.count >= inputSize {
            let type = UInt16(bytes[typeOffset]) | UInt16(bytes[typeOffset + 1]) << 8
            if type == keyType, bytes[valueOffset..<inputSize].elementsEqual([1, 0, 0, 0]) { found.append(.wake) }
            bytes.removeFirst(inputSize)
        }
        return found
    }

    /// Whole lines; what is no word of ours is nobody's business.
    static func takeLines(_ bytes: inout [UInt8]) -> [Event] {
        var found: [Event] = []
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces)
            if let event = Event(rawValue: line) { found.append(event) }
            bytes.removeSubrange(...end)
        }
        if bytes.count > 1_024 { bytes.removeAll() }
        return found
    }
}
