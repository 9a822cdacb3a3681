// The daemon called by telephones of others' making, on loopback: what is said over the wire leads to the same orders as the
// same recordings without one; TCP, TLS, passwords, hold, transfers. Skipped where those telephones are not there.

import Audio
import Foundation
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
        let orders = try await served.orders()
        // What is lost on the way makes short words less sure: an order may be missing, but none is a wrong one.
        #expect(orders.allSatisfy { expected.contains($0) }, "\(orders)")
        withKnownIssue("a short word is not always heard over the wire", isIntermittent: true) {
            #expect(orders.count == 4, "\(served.errors)\n\(said.joined(separator: "\n"))")
        }
    }

    @Test(
        "By UDP, TCP and TLS, with a password; who is told to go away is not a caller",
        .enabled(if: hasPjsua2, "pjsua2 is not there: make telephones"))
    func transports() async throws {
        let certificates = try Certificates()
        let tlsPort = Served.freePort()
        let served = try Served(
            phone: """
                transports: ["udp", "tcp", "tls"], tlsPort: \(tlsPort), certificate: "\(certificates.own)", calls: 3,
                login: "gateway"
                """, secrets: ["ROZMOVA_SIP_LOGIN_PASSWORD": "correct horse"])
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

extension String {
    fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
