// The daemon called by telephones of others' making, on loopback: what is said over the wire leads to the same orders as the
// same recordings without one; TCP, TLS, passwords, hold, transfers. Skipped where those telephones are not there.

import Audio
import Foundation
import Synchronization
import Testing

@testable import TestCaller

@Suite("Telephones of others' making", .enabled(if: Program.isBuilt, "the program is not built"), .serialized)
struct PhoneCallerTests {
    static let hasPjsua2 = Telephones.isThere(Telephones.python)
    static let isThere = hasPjsua2 && Telephones.isThere(Telephones.baresip) && Telephones.isThere(Telephones.sipp)

    @Test(
        "A caller's recordings lead to the same order over the wire as without it",
        .enabled(if: isThere, "baresip, SIPp or pjsua2 is not there: make telephones"))
    func sameOrders() async throws {
        let script = Script.byTelephone
        let without = try Scratch()
        let run = try await Program.run(["call", "--data", without.path] + script.paths)
        let expected = try await Program.orders(["--data", without.path])
        #expect(expected.count == 1, "\(run.output)\(run.errors)")
        let served = try Served(phone: #"trusted: ["127.0.0.1"], calls: 4"#, decoders: 2)
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        let (address, port) = ("sip:shop@127.0.0.1:\(served.port)", served.port)
        let scratch = served.scratch
        async let pjsua2 = Telephones.pjsua2(script, to: address, in: scratch)
        async let sipp = Telephones.sipp(script, to: port, in: scratch)
        async let baresip = Telephones.baresip(script, to: address, in: scratch)
        try await onThread { try Telephones.badNetwork(script, to: port) }
        let said = try await [pjsua2, sipp, baresip]
        #expect(
            try await served.until { served.errors.contains("call 4:") && served.errors.count(of: " orders,") == 4 })
        #expect(
            try await served.orders() == [String](repeating: expected.first ?? "", count: 4),
            "\(served.errors)\n\(said.joined(separator: "\n"))")
    }

    @Test(
        "By UDP, TCP and TLS, with a password; who is told to go away is not a caller",
        .enabled(if: hasPjsua2, "pjsua2 is not there: make telephones"))
    func transports() async throws {
        let (certificates, credentials) = (try Certificates(), try Scratch())
        let tlsPort = Served.freePort()
        // As systemd hands them over: the certificate with its key, the password, and the key of the data.
        try FileManager.default.copyItem(
            atPath: certificates.own, toPath: "\(credentials.path)/sip-certificate")
        _ = try credentials.file("sip-login-password", "correct horse\n")
        _ = try credentials.file("rozmova-key", String(repeating: "5a", count: 32))
        let served = try Served(
            phone: #"transports: ["udp", "tcp", "tls"], tlsPort: \#(tlsPort), calls: 3, login: "gateway""#,
            secrets: ["CREDENTIALS_DIRECTORY": credentials.path])
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        for transport in ["udp", "tcp", "tls"] {
            let port = transport == "tls" ? tlsPort : served.port
            let telephone = try Telephones.pjsua2(
                [
                    "sip:shop@127.0.0.1:\(port);transport=\(transport)", "transport=\(transport)", "user=gateway",
                    "password=correct horse", "hear",
                ], in: served.scratch)
            let said = try await telephone.end(within: 60)
            #expect(said.contains("sound G722") && said.contains("heard\n"), "\(transport): \(said)\(served.errors)")
        }
        let guesser = try Telephones.pjsua2(
            ["sip:shop@127.0.0.1:\(served.port)", "user=gateway", "password=horse"], in: served.scratch)
        #expect(try await guesser.end(within: 60).contains("ended 401"))
    }

    @Test(
        "Sound is encrypted where the caller wants it, and where the shop does; keys go by TLS only, and stand in no log",
        .enabled(if: hasPjsua2, "pjsua2 is not there: make telephones"))
    func encrypted() async throws {
        let certificates = try Certificates()
        // What the line wants, the way of the call, what the caller wants, what becomes of it.
        let cases = [
            ("offered", "tls", true, "encrypted"), ("required", "tls", true, "encrypted"),
            ("offered", "tls", false, "sound"), ("offered", "tcp", true, "ended 488"),
            ("off", "tls", true, "ended 488"),
            ("required", "tls", false, "ended 488"),
        ]
        for (wanted, transport, isEncrypted, outcome) in cases {
            let tlsPort = Served.freePort()
            let served = try Served(
                phone: """
                    transports: ["tcp", "tls"], tlsPort: \(tlsPort), certificate: "\(certificates.own)", calls: 1,
                    trusted: ["127.0.0.1"], srtp: "\(wanted)"
                    """)
            #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
            let port = transport == "tls" ? tlsPort : served.port
            // Held and taken back: keys are agreed on anew.
            let telephone = try Telephones.pjsua2(
                ["sip:shop@127.0.0.1:\(port);transport=\(transport)", "transport=\(transport)"]
                    + (isEncrypted ? ["srtp=yes"] : []) + ["hear", "hold=1", "key=0", "hear"], in: served.scratch)
            let said = try await telephone.end(within: 90)
            let story = "\(wanted), \(transport), \(isEncrypted): \(said)\(served.errors)"
            #expect(said.contains(outcome), "\(story)")
            guard !outcome.contains("488") else { continue }
            #expect(said.components(separatedBy: "heard\n").count == 3 && said.contains("back\n"), "\(story)")
            #expect(said.contains("encrypted") == isEncrypted, "\(story)")
            let status = try await served.status().output
            #expect(status.contains(#""forged": 0, "replayed": 0"#), "\(status)")
            // Packets that cannot be opened are not counted there.
            #expect(try await served.until { served.errors.contains("turns, hangup") }, "\(story)")
            #expect(!served.errors.contains(" 0 packets"), "\(served.errors)")
            #expect(!served.errors.contains("inline"))
        }
    }

    @Test("It registers by TLS with who proves to be the registrar, and with nobody else")
    func registrar() async throws {
        let certificates = try Certificates()
        let scratch = try Scratch()
        // The right one; one that vouches for itself, but not for this address; one that nobody vouches for.
        let cases = [
            (certificates.own, certificates.own, "registered with the provider"),
            (certificates.another, certificates.another, "does not register"),
            (certificates.own, certificates.another, "does not register"),
        ]
        for (shown, authority, outcome) in cases {
            let port = Served.freePort()
            let registrar = try Helper(
                "/usr/bin/python3", [Self.registrar, String(port), shown, "secret"], in: scratch)
            #expect(try await registrar.says("ready"), "\(registrar.said)")
            let served = try Served(
                phone: """
                    transports: ["udp", "tls"], tlsPort: \(Served.freePort()), certificate: "\(certificates.own)", calls: 1,
                    register: {registrar: "sip:127.0.0.1:\(port);transport=tls", address: "sip:shop@127.0.0.1", user: "shop",
                               authorities: "\(authority)"}
                    """, secrets: ["ROZMOVA_SIP_REGISTER_PASSWORD": "secret"])
            #expect(try await served.until { served.errors.contains(outcome) }, "\(served.errors)\(registrar.said)")
            #expect(registrar.said.contains("200 OK") == (outcome == cases[0].2), "\(registrar.said)")
            registrar.stop()
        }
    }
    private static let registrar = Program.root.appending(path: "Tests/Support/registrar.py").path

    @Test("A person's telephone rings and nobody answers: the caller is back, and hears that somebody will call")
    func unanswered() async throws {
        let person = try Unanswered()
        let served = try Served(
            phone: #"trusted: ["127.0.0.1"], calls: 1, callerNumber: "claimed", ringSeconds: 2"#,
            person: "sip:desk@127.0.0.1:\(person.port)")
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        async let ringing: Void = onThread { try person.ring() }
        try await onThread { [port = served.port] in
            let caller = try RawCaller(line: port)
            #expect(try caller.call([.pcmu], from: "+380671234567").status == 200)
            let silence = [UInt8](repeating: 0xff, count: 160)
            caller.talk(packets: 25) { _ in silence }
            caller.press(0)
            caller.press(11)
            // Until the person's telephone has rung in vain, and the assistant has spoken to the caller since.
            var wait = 0
            while person.rung.withLock({ $0.1 }) == 0, wait < 60 {
                caller.talk(packets: 50) { _ in silence }
                wait += 1
            }
            let before = caller.received.count
            caller.talk(packets: 250) { _ in silence }
            let heard = caller.received[before...].flatMap { $0.dropFirst(12) }.map(G711.muLaw.decode)
            #expect(heard.count { abs(Int($0)) > 1_000 } > 2_000, "the caller is spoken to again")
            try caller.bye()
        }
        try await ringing
        #expect(person.rung.withLock { $0 == (1, 1) }, "it was called once, and not left ringing")
        #expect(try await served.until { served.errors.contains("hangup, 0 orders") }, "\(served.errors)")
        let callbacks = try await Program.run(["callbacks", "list", "--config", "\(served.scratch.path)/serve.json5"])
        #expect(callbacks.lines.count == 1 && callbacks.output.contains("+380671234567"), "\(callbacks.output)")
    }

    @Test("One caller more than there is room for hears so, where that is wanted, and the call ends")
    func allLinesBusy() async throws {
        let served = try Served(phone: #"trusted: ["127.0.0.1"], calls: 1, whenBusy: "say""#)
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        try await onThread { [port = served.port] in
            let first = try RawCaller(line: port)
            #expect(try first.call([.pcmu]).status == 200)
            let caller = try RawCaller(line: port)
            #expect(try caller.call([.pcmu]).status == 200)
            caller.talk(packets: 200) { _ in [UInt8](repeating: 0xff, count: 160) }
            let heard = caller.received.flatMap { $0.dropFirst(12) }.map(G711.muLaw.decode)
            #expect(heard.count { abs(Int($0)) > 1_000 } > 2_000, "a sentence is said")
            caller.reply("200 OK", to: try caller.await { $0.method == "BYE" })
            try first.bye()
        }
        #expect(try await served.status().output.contains(#""calls": 1, "busy": 1"#))
        #expect(try await served.until { served.errors.contains("call 1:") }, "\(served.errors)")
        #expect(!served.errors.contains("call 2:"), "that was no conversation")
    }

    @Test(
        "A caller is held, taken back, wants a person, and is put through; the person knows why",
        .enabled(if: hasPjsua2, "pjsua2 is not there: make telephones"), arguments: ["blind", "attended"])
    func transfers(manner: String) async throws {
        let personPort = Served.freePort()
        let served = try Served(
            phone: #"trusted: ["127.0.0.1"], calls: 2, transfer: "\#(manner)""#,
            person: "sip:person@127.0.0.1:\(personPort)")
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        let person = try Telephones.pjsua2(["person"], port: personPort, in: served.scratch)
        #expect(try await person.says("ready"))
        let caller = try Telephones.pjsua2(
            ["sip:shop@127.0.0.1:\(served.port)", "hear", "hold=1", "key=0", "stay"], in: served.scratch)
        #expect(try await caller.says("transfer \(manner)"), "\(caller.said)\(served.errors)")
        #expect(caller.said.contains("back\n"))
        #expect(try await served.until { served.errors.contains("transferred, 0 orders") }, "\(served.errors)")
        #expect(try await person.says(manner == "attended" ? "replaced" : "answered"), "\(person.said)")
        if manner == "attended" { #expect(person.said.contains("answered"), "the person is called first") }
        caller.stop()
        person.stop()
    }
}

/// A person's telephone that rings, and that nobody answers.
private final class Unanswered: Sendable {
    private let socket: Socket
    var port: Int { Int(socket.port) }
    /// How often it has rung, and stopped since its caller gave up.
    let rung = Mutex((0, 0))

    init() throws { socket = try Socket() }

    /// Rings for whoever calls, until they have given up.
    func ring() throws {
        while rung.withLock({ $0.1 }) == 0, let bytes = socket.receive(seconds: 60) {
            let request = Message(text: String(decoding: bytes, as: UTF8.self))
            let caller =
                request.header("Via").flatMap { $0.firstMatch(of: #/127\.0\.0\.1:(\d+)/#) }
                .flatMap { UInt16($0.1) } ?? 5060
            func answer(_ status: String, to request: Message, as method: String) {
                let lines = ["Via", "From", "Call-ID"].compactMap { name in
                    request.header(name).map { "\(name): \($0)" }
                }
                socket.send(
                    Array(
                        (["SIP/2.0 \(status)"] + lines + [
                            "To: \(request.header("To") ?? "");tag=desk",
                            "CSeq: \(request.header("CSeq")?.split(separator: " ").first ?? "1") \(method)",
                            "Content-Length: 0", "", "",
                        ]).joined(separator: "\r\n").utf8), to: caller)
            }
            if request.method == "INVITE" {
                answer("180 Ringing", to: request, as: "INVITE")
                rung.withLock { $0.0 += 1 }
            } else if request.method == "CANCEL" {
                answer("200 OK", to: request, as: "CANCEL")
                answer("487 Request Terminated", to: request, as: "INVITE")
                rung.withLock { $0.1 += 1 }
            }
        }
    }
}

extension String {
    fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
