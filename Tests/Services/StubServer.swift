// A server on this machine that answers what a test wants: right, wrong, slowly, far too much, or not at all.

import Foundation
import Synchronization

/// A request as it came.
struct Received: Sendable {
    let method: String
    let path: String
    let headers: [String: String]
    let body: String

    /// The fields of a form.
    var form: [String: String] {
        body.split(separator: "&").reduce(into: [:]) { fields, pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
            fields[parts.first ?? ""] = parts.count > 1 ? parts[1] : ""
        }
    }

    /// A member of a JSON body, by its path.
    func json(_ path: String...) -> Any? {
        var value = try? JSONSerialization.jsonObject(with: Data(body.utf8))
        for name in path { value = (value as? [String: Any])?[name] }
        return value
    }
}

/// What the server does about it.
enum Reply: Sendable {
    case json(Int, String)
    /// So many bytes.
    case flood(Int)
    /// A byte every tenth of a second, without an end.
    case drip
    /// Acts, and hangs up without a word.
    case lost
}

/// Serves every connection on a thread of its own, until the tests end: a test holds no more than its address.
final class StubServer: Sendable {
    private let received = Mutex<[Received]>([])
    let url: URL

    init(_ answer: @escaping @Sendable (Received, Int) -> Reply) throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(number, generic, length) == 0 && listen(number, 64) == 0
                    && getsockname(number, generic, &length) == 0
            }
        }
        guard isBound, let url = URL(string: "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))") else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
        self.url = url
        Thread {
            while true {
                let connection = accept(number, nil, nil)
                guard connection >= 0 else { return }
                // A client that has heard enough must not end the process that tests it.
                Thread { self.serve(connection, answer) }.start()
            }
        }.start()
    }

    var requests: [Received] { received.withLock { $0 } }

    private func serve(_ connection: Int32, _ answer: (Received, Int) -> Reply) {
        defer { close(connection) }
        guard let request = Self.read(connection) else { return }
        let count = received.withLock { all in
            all.append(request)
            return all.count
        }
        func write(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes[sent...].withUnsafeBytes {
                    unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                sent += count
            }
            return true
        }
        func head(_ status: Int, length: Int) -> String {
            "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n"
        }
        switch answer(request, count) {
        case .json(let status, let text): _ = write(head(status, length: text.utf8.count) + text)
        case .flood(let size):
            guard write("HTTP/1.1 200 X\r\nConnection: close\r\n\r\n") else { return }
            let block = String(repeating: "x", count: 1 << 16)
            for _ in 0..<(size >> 16) where !write(block) { return }
        case .drip:
            guard write(head(200, length: 1_000_000)) else { return }
            while write(" ") { usleep(100_000) }
        case .lost: return
        }
    }

    private static func read(_ connection: Int32) -> Received? {
        var bytes = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
            if count <= 0 { return nil }
            bytes += buffer[..<count]
            guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            let first = lines[0].split(separator: " ").map(String.init)
            let headers = lines.dropFirst().reduce(into: [String: String]()) { headers, line in
                let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                headers[parts[0].lowercased()] = parts.count > 1 ? parts[1] : ""
            }
            let body = bytes[end.upperBound...]
            if body.count < Int(headers["content-length"] ?? "0") ?? 0 { continue }
            return Received(
                method: first[0], path: first[1], headers: headers, body: String(decoding: body, as: UTF8.self))
        }
    }
}
