// Words between processes of one machine, through a socket in the file system. In: a path, and what is to be answered.
// Out: one answer to each who connects. Whoever may open the file may ask; nothing that is sent in is read.

import Dispatch
import Foundation
import Synchronization

/// Why a socket cannot be had.
public struct LocalSocketError: Error, Sendable, CustomStringConvertible {
    /// What happened, with the path.
    public let description: String
}

/// A socket that answers everybody who connects with one text.
public final class LocalSocket: Sendable {
    private let path: String
    private let file: Int32
    /// `nonisolated(unsafe)`: set once in `init`, cancelled in `close`; a source may be cancelled from any thread.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let isClosed = Mutex(false)

    /// Listens at `path`, for the owner and the group of the process. What a process that was killed has left there is
    /// removed; one that lives keeps its place.
    public init(path: String, answer: @escaping @Sendable () async -> String) throws(LocalSocketError) {
        if Self.ask(path) != nil { throw LocalSocketError(description: "\(path): another process answers there") }
        unsafe unlink(path)
        let file = try Self.open(path)
        let bound = unsafe Self.withAddress(path) { address, length in unsafe bind(file, address, length) }
        guard bound == 0, unsafe chmod(path, 0o660) == 0, listen(file, 16) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            Glibc.close(file)
            throw LocalSocketError(description: "\(path): \(reason)")
        }
        self.path = path
        self.file = file
        unsafe source = DispatchSource.makeReadSource(fileDescriptor: file, queue: .global())
        unsafe source.setEventHandler {
            let client = accept(file, nil, nil)
            guard client >= 0 else { return }
            Task {
                Self.write(await answer(), to: client)
                Glibc.close(client)
            }
        }
        unsafe source.setCancelHandler { Glibc.close(file) }
        unsafe source.resume()
    }

    deinit { close() }

    /// Removes it.
    public func close() {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard isFirst else { return }
        unsafe source.cancel()
        unsafe unlink(path)
    }

    /// What is answered at `path`; nil where nobody is there, or nothing comes within five seconds.
    public static func ask(_ path: String) -> String? {
        guard let file = try? open(path) else { return nil }
        defer { Glibc.close(file) }
        guard unsafe withAddress(path, { address, length in unsafe connect(file, address, length) }) == 0 else {
            return nil
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < 16 << 20 {
            var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 5_000) == 1 else { return nil }
            let count = unsafe read(file, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Sends a datagram; a path that begins with `@` is in the abstract namespace. What cannot be sent is lost.
    static func send(_ bytes: [UInt8], to path: String) {
        let file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        _ = unsafe withAddress(path) { address, length in
            unsafe Int32(truncatingIfNeeded: sendto(file, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length))
        }
    }

    private static func open(_ path: String) throws(LocalSocketError) -> Int32 {
        guard path.utf8.count < 108 else {
            throw LocalSocketError(description: "\(path): longer than the 107 bytes that a socket's path may have")
        }
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw LocalSocketError(description: unsafe String(cString: strerror(errno))) }
        return file
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8.prefix(107))
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let length = socklen_t(offset + bytes.count + (isAbstract ? 0 : 1))
        return unsafe withUnsafeMutableBytes(of: &address) { raw in
            for (index, byte) in bytes.enumerated() { unsafe raw[offset + index] = byte }
            guard let base = unsafe raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return unsafe body(base, length)
        }
    }

    private static func write(_ text: String, to file: Int32) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            // Who does not read for five seconds gets no more: a task's thread is waiting.
            var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&ready, 1, 5_000) == 1 else { return }
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    file, raw.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 else { return }
            done += count
        }
    }
}
