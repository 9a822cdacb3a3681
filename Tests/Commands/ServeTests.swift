// The daemon as it is run: it tells that it is ready, answers a telephone on loopback, says what it is doing, takes up
// a catalogue, and ends when it is told to. A call here is a few packets by hand; `Tests/Lines` has the whole telephone.

import Foundation
import Testing

/// A UDP socket that talks to a port of this machine.
private struct Loopback: ~Copyable {
    let file: Int32

    init(port: Int) {
        file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
        _ = unsafe withUnsafeBytes(of: &address) { raw in
            unsafe raw.baseAddress.map {
                unsafe connect(
                    file, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { close(file) }

    func send(_ bytes: [UInt8]) { _ = unsafe Glibc.send(file, bytes, bytes.count, 0) }
}

/// One UDP socket that has called the daemon.
private struct Call: ~Copyable {
    private let socket: Loopback
    private let port: Int
    private let name = UUID().uuidString
    private let staying = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "staying"))

    init(port: Int) {
        self.port = port
        socket = Loopback(port: port)
        // A source has to be active before it is let go.
        staying.activate()
    }

    deinit { staying.cancel() }

    /// Sends a packet of silence every five seconds: who sends none has gone after thirty, and the threads of tests may
    /// be held by others for longer.
    private func stay(at media: Int) {
        staying.setEventHandler {
            Loopback(port: media).send(
                [0x80, 8] + [UInt8](repeating: 0, count: 10) + [UInt8](repeating: 0xD5, count: 160))
        }
        staying.schedule(deadline: .now(), repeating: 5)
    }

    /// Sends a request, and gives the status of the final answer; 0 where none comes.
    func ask(_ method: String, sequence: Int, tag: String = "") -> (status: Int, tag: String) {
        let body =
            method == "INVITE"
            ? "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
            : ""
        let text =
            "\(method) sip:shop@127.0.0.1:\(port) SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK\(UUID().uuidString);rport\r\n"
            + "Max-Forwards: 70\r\nFrom: <sip:caller@127.0.0.1>;tag=a\r\nTo: <sip:shop@127.0.0.1>\(tag)\r\nCall-ID: \(name)\r\n"
            + "CSeq: \(sequence) \(method)\r\nContact: <sip:caller@127.0.0.1>\r\nContent-Type: application/sdp\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        socket.send(Array(text.utf8))
        if method == "ACK" { return (0, tag) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        for _ in 0..<5 {
            var waiting = pollfd(fd: socket.file, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 3_000) == 1 else { break }
            let count = unsafe recv(socket.file, &bytes, bytes.count, 0)
            let answer = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            let status = Int(answer.dropFirst(8).prefix(3)) ?? 0
            let own = answer.firstMatch(of: #/\r\nTo:[^\r]*(;tag=[^\r;]*)/#).map { String($0.1) } ?? ""
            guard status >= 200, answer.contains("CSeq: \(sequence) \(method)") else { continue }
            if let media = answer.firstMatch(of: #/m=audio (\d+)/#).flatMap({ Int($0.1) }) { stay(at: media) }
            return (status, own)
        }
        return (0, "")
    }
}

@Suite("The daemon", .enabled(if: Program.isBuilt, "the program is not built"), .serialized)
struct ServeTests {
    @Test("It answers, tells what it does, has room for so many, takes up a catalogue, and lets calls end")
    func life() async throws {
        let served = try Served(drain: 120)
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")

        let first = Call(port: served.port)
        let answer = first.ask("INVITE", sequence: 1)
        #expect(answer.status == 200, "\(served.errors)")
        _ = first.ask("ACK", sequence: 1, tag: answer.tag)
        #expect(
            Call(port: served.port).ask("INVITE", sequence: 1).status == 486, "one call is all that it has room for")

        var text = ""
        #expect(
            try await served.until {
                text = try await served.status().output
                return text.contains(#""state": "greeting", "turns": 1"#)
            }, "\(text)")
        for part in [#""status": "serving""#, #""calls": 1, "capacity": 1"#, #""busy": 1"#, #""band": "telephone""#] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        let words = try await Program.run(["status", "--config", "\(served.scratch.path)/serve.json5"])
        #expect(words.output.contains("1 of 1 calls"), "\(words.output)")

        let catalog = try served.scratch.file(
            "new.json5", #"{currency: "USD", products: [{sku: "tea", title: "tea", price: "2.00"}]}"#)
        let imported = try await Program.run(
            ["catalog", "import", catalog, "--config", "\(served.scratch.path)/serve.json5"])
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(try await served.until { served.errors.contains("taken up anew: 1 products") }, "\(served.errors)")
        try Data("{".utf8).write(to: served.scratch.folder.appending(path: "shop/catalog.json5"))
        served.signal(SIGHUP)
        #expect(try await served.until { served.errors.contains("stays as it was") }, "\(served.errors)")

        served.signal(SIGTERM)
        // The signal is heard in its own time.
        #expect(
            try await served.until { Call(port: served.port).ask("INVITE", sequence: 1).status == 503 }, "no new calls")
        #expect(first.ask("BYE", sequence: 2, tag: answer.tag).status == 200, "the old one goes on until it ends")
        #expect(try await served.until { !served.isRunning })
        #expect(served.exitStatus == 0, "\(served.errors)")
        #expect(served.errors.contains("call 1: telephone,") && served.errors.contains("1 turns, hangup, 0 orders"))
        let metrics = try String(contentsOf: served.scratch.folder.appending(path: "rozmova.prom"), encoding: .utf8)
        #expect(metrics.contains("# TYPE rozmova_calls_total counter\nrozmova_calls_total "))
        #expect(try await served.status().status == 1, "nobody is there any more")
    }

    @Test("Two lines in one daemon: each has its own room and its own password, and is told apart in the log")
    func twoLines() async throws {
        let another = Served.freePort()
        let served = try Served(
            phone: #"login: "one", calls: 1"#,
            beside: #"""
                {kind: "phone", name: "branch", address: "127.0.0.1", port: \#(another), trusted: ["127.0.0.1"], calls: 1,
                 register: {registrar: "sip:127.0.0.1:9", address: "sip:branch@127.0.0.1", user: "branch"}}
                """#,
            secrets: [
                "ROZMOVA_SIP_LOGIN_PASSWORD": "horse", "ROZMOVA_SIP_REGISTER_PASSWORD_BRANCH": "battery",
            ])
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        #expect(Call(port: served.port).ask("INVITE", sequence: 1).status == 401, "that one asks for the password")
        let call = Call(port: another)
        let answer = call.ask("INVITE", sequence: 1)
        #expect(answer.status == 200, "\(served.errors)")
        _ = call.ask("ACK", sequence: 1, tag: answer.tag)
        #expect(Call(port: another).ask("INVITE", sequence: 1).status == 486)
        #expect(Call(port: served.port).ask("INVITE", sequence: 1).status == 401, "the other is not full")
        let status = try await served.status().output
        #expect(status.contains(#""name": "phone-1", "port": \#(served.port)"#), "\(status)")
        #expect(status.contains(#""name": "branch", "port": \#(another)"#), "\(status)")
        #expect(call.ask("BYE", sequence: 2, tag: answer.tag).status == 200)
        #expect(try await served.until { served.errors.contains("at branch, ") }, "\(served.errors)")
        let metrics = served.scratch.folder.appending(path: "rozmova.prom")
        #expect(
            try await served.until {
                (try? String(contentsOf: metrics, encoding: .utf8))?.contains(
                    #"rozmova_calls_capacity{line="branch"} 1"#)
                    == true
            })
        served.signal(SIGTERM)
        #expect(try await served.until { !served.isRunning })
    }

    @Test("A kiosk is woken, loses its devices, gets them back, and forgets who walks away")
    func kiosk() async throws {
        let served = try Served(
            beside:
                #"{kind: "kiosk", name: "counter", microphone: "counter", button: "button", display: "display.json"}"#)
        #expect(try await served.until { served.shows("waiting") }, "\(served.errors)")
        try served.press("wake")
        #expect(try await served.until { served.shows("speaking") && served.shows("Corner Kitchen") })
        #expect(try await served.status().output.contains("\"kiosk\": \"counter\""))
        _ = try served.scratch.file("fault", "EIO")
        #expect(try await served.until { try await served.status().output.contains("\"working\": false") })
        try FileManager.default.removeItem(at: served.scratch.folder.appending(path: "fault"))
        #expect(try await served.until { try await served.status().output.contains("\"working\": true") })
        try served.press("leave")
        #expect(try await served.until { served.shows("waiting") && !served.shows("Corner Kitchen") })
        #expect(served.errors.contains("counter: no sound since"))
        served.signal(SIGTERM)
        #expect(try await served.until { !served.isRunning })
    }

    @Test("Two kiosks serve two customers at once; what happens to one is nothing to the other")
    func kiosks() async throws {
        func kiosk(_ name: String) -> String {
            #"{kind: "kiosk", name: "\#(name)", microphone: "\#(name)", button: "\#(name)", display: "\#(name).json"}"#
        }
        let served = try Served(
            beside: kiosk("counter") + ", " + kiosk("entrance"),
            sound: #"pcm.entrance { type testcard folder "FOLDER/other" }"#)
        func shows(_ text: String, _ name: String) async throws -> Bool {
            try await served.until { served.shows(text, on: "\(name).json") }
        }
        for name in ["counter", "entrance"] { #expect(try await shows("waiting", name), "\(served.errors)") }
        try served.press("wake", at: "entrance")
        #expect(try await shows("Corner Kitchen", "entrance"))
        #expect(served.shows("waiting", on: "counter.json"), "the other one waits")
        try served.press("wake", at: "counter")
        #expect(try await shows("Corner Kitchen", "counter"))
        #expect(served.shows("Corner Kitchen", on: "entrance.json"))
        // The second one's card dies.
        _ = try served.scratch.file("other/fault", "EIO")
        #expect(try await served.until { served.errors.contains("entrance: no sound since") }, "\(served.errors)")
        let status = try await served.status().output
        #expect(status.components(separatedBy: #""working": true"#).count == 2, "\(status)")
        #expect(served.shows("Corner Kitchen", on: "counter.json"))
        try served.press("leave", at: "counter")
        #expect(try await shows("waiting", "counter"))
        served.signal(SIGTERM)
        #expect(try await served.until { !served.isRunning })
    }
}
