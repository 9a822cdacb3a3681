// Telephone lines that change while calls go on: the daemon is told by SIGHUP, called by hand on loopback, and asked by
// `rozmova status`; a registrar of ours notes who registers.

import Foundation
import Testing

@testable import TestCaller

@Suite("Lines that change", .enabled(if: Program.isBuilt, "the program is not built"), .serialized)
struct PhoneReloadTests {
    private static let open = #"trusted: ["127.0.0.1"]"#

    @Test("SIGHUP opens, changes and closes lines, and no call is dropped; bad settings change nothing, and say why")
    func reload() async throws {
        let registrar = try Registrar()
        defer { registrar.close() }
        let (first, branch) = (Served.freePort(), Served.freePort())
        func account(_ name: String) -> String {
            #"register: {registrar: "sip:127.0.0.1:\#(registrar.port)", address: "sip:\#(name)@127.0.0.1", user: "u"}"#
        }
        let served = try Served(
            phone: "\(Self.open), calls: 1", secrets: ["ROZMOVA_SIP_REGISTER_PASSWORD_BRANCH": "battery"])
        func line(_ settings: String) -> String { Served.line(served.port, settings) }
        func shows(_ parts: String...) async throws -> Bool {
            try await served.until {
                let status = try await served.status().output
                return parts.allSatisfy { status.contains($0) }
            }
        }
        #expect(try await served.until { served.errors.contains("taking calls") }, "\(served.errors)")
        let caller = Unchecked(try RawCaller(line: served.port))
        #expect(try await status(of: caller) == 200)
        #expect(try await status(of: served.port) == 486, "there is room for one")

        // More room, and another line.
        try served.reload(lines: [
            line("\(Self.open), calls: 2"),
            Served.line(branch, #"name: "branch", calls: 2, \#(Self.open), \#(account("branch"))"#),
        ])
        #expect(try await shows(#""name": "branch""#, #""registration": 200"#, #""capacity": 2"#), "\(served.errors)")
        let second = Unchecked(try RawCaller(line: served.port))
        let third = Unchecked(try RawCaller(line: branch))
        #expect(try await status(of: second) == 200)
        #expect(try await status(of: third) == 200)

        // A password that nobody has, a port that is taken, a file that is none: all stays as it was.
        let taken = try Socket()
        for (lines, reason) in [
            ([line(Self.open), Served.line(first, account("x"))], "sip-register-password"),
            ([Served.line(Int(taken.port), Self.open)], "cannot be opened"),
        ] {
            try served.reload(lines: lines)
            #expect(
                try await shows(reason, #""name": "phone-1""#, #""name": "branch""#), "\(reason): \(served.errors)")
        }
        try served.reload(lines: ["{"])
        #expect(try await served.until { served.errors.contains("no JSON5") }, "\(served.errors)")

        // The first line goes away, the other one is known by another address now.
        try served.reload(lines: [
            Served.line(branch, #"name: "branch", calls: 3, \#(Self.open), \#(account("shop"))"#)
        ])
        #expect(try await shows(#""state": "closing""#, #""capacity": 3"#, #""trouble": null"#), "\(served.errors)")
        #expect(try await served.until { registrar.heard.last == "shop" }, "\(registrar.heard)")
        #expect(registrar.heard == ["branch", "branch leaves", "shop"])
        #expect(try await status(of: served.port) == 503, "it takes no more calls")
        for caller in [caller, second] {
            try await onThread {
                let before = caller.value.received.count
                caller.value.talk(packets: 20) { _ in [UInt8](repeating: 0xd5, count: 160) }
                #expect(caller.value.received.count > before + 10, "the call goes on")
                try caller.value.bye()
            }
        }
        #expect(try await served.until { try await !served.status().output.contains("phone-1") }, "\(served.errors)")
        let late = try RawCaller(line: served.port)
        late.send(late.request("OPTIONS"))
        #expect(late.sip.receive(seconds: 0.5) == nil, "nobody is there any more")

        // Other transports wait until nobody calls.
        let wide = #"name: "branch", calls: 3, transports: ["udp", "tcp"], \#(Self.open), \#(account("shop"))"#
        try served.reload(lines: [Served.line(branch, wide)])
        #expect(try await shows(#""state": "yielding""#), "\(served.errors)")
        let fourth = Unchecked(try RawCaller(line: branch))
        #expect(try await status(of: fourth) == 200, "until then it takes calls")
        for caller in [third, fourth] { try await onThread { try caller.value.bye() } }
        #expect(try await shows(#""state": "serving""#), "\(served.errors)")
        #expect(Self.takesTCP(branch), "\(served.errors)")
        served.signal(SIGTERM)
        #expect(try await served.until { !served.isRunning })
        #expect(served.exitStatus == 0)
        #expect(served.errors.components(separatedBy: "hangup, 0 orders").count == 5, "\(served.errors)")
    }

    private static func takesTCP(_ port: Int) -> Bool {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
        return unsafe withUnsafeBytes(of: &address) { raw in
            unsafe connect(
                file, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }

    private func status(of caller: Unchecked<RawCaller>) async throws -> Int {
        try await onThread { try caller.value.call().status }
    }

    private func status(of port: Int) async throws -> Int { try await status(of: Unchecked(try RawCaller(line: port))) }
}

/// For what one thread after the other uses.
private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
