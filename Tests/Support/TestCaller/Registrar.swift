// Where lines of tests register, on loopback: by UDP, without a password.

import Foundation
import Synchronization

/// A registrar by UDP that believes everybody, and notes who comes, who leaves and who is still there.
final class Registrar: Sendable {
    private let socket: Socket
    private let isOpen = Mutex(true)
    private let notes = Mutex<[String]>([])
    private let alive = Mutex(0)

    var port: Int { Int(socket.port) }
    /// Users as they registered, each change once.
    var heard: [String] { notes.withLock { $0 } }
    /// Signs of life that came: empty lines, as RFC 5626 has them.
    var signsOfLife: Int { alive.withLock { $0 } }

    init() throws {
        let socket = try Socket()
        self.socket = socket
        Thread.detachNewThread { [self] in
            while isOpen.withLock({ $0 }) {
                guard let bytes = socket.receive(seconds: 0.2) else { continue }
                if bytes == Array("\r\n\r\n".utf8) {
                    alive.withLock { $0 += 1 }
                    continue
                }
                answer(Message(text: String(decoding: bytes, as: UTF8.self)))
            }
        }
    }

    func close() { isOpen.withLock { $0 = false } }

    private func answer(_ request: Message) {
        guard request.method == "REGISTER",
            let port = request.header("Via").flatMap({ $0.firstMatch(of: #/127\.0\.0\.1:(\d+)/#) }).flatMap({
                UInt16($0.1)
            }),
            let user = request.header("To").flatMap({ $0.firstMatch(of: #/sip:(\w+)@/#) })
        else { return }
        let leaves = request.header("Expires") == "0" || request.header("Contact")?.contains("expires=0") == true
        let note = String(user.1) + (leaves ? " leaves" : "")
        notes.withLock { if $0.last != note { $0.append(note) } }
        let kept = ["Via", "From", "Call-ID", "CSeq", "Contact"].compactMap { name in
            request.header(name).map { "\(name): \($0)" }
        }
        socket.send(
            Array(
                (["SIP/2.0 200 OK"] + kept + ["To: \(request.header("To") ?? "");tag=r", "Content-Length: 0", "", ""])
                    .joined(separator: "\r\n").utf8), to: port)
    }
}
