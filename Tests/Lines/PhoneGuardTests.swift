// The telephone among strangers, on loopback: who gets an answer, whose sound is heard, what can be asked of the line, how often.

import Audio
import Foundation
import Lines
import Testing

@testable import TestCaller

@Suite("The telephone line's guard", .serialized)
struct PhoneGuardTests {
    @Test("Sound from anywhere else than the caller is not heard")
    func forgedSound() async throws {
        let exchange = try TestExchange()
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call()
            let (elsewhere, anotherPort) = (try Socket(address: "127.0.0.2"), try Socket())
            func forge(_ socket: Socket) {
                socket.send(
                    caller.rtp(tone(160).map(G711.aLaw.encode), type: 8, stamp: caller.stamp), to: caller.soundPort)
            }
            let silence = [UInt8](repeating: 0xd5, count: 160)
            for _ in 0..<10 { forge(elsewhere) }
            caller.talk(packets: 3) { _ in silence }
            caller.talk(packets: 20) { _ in
                forge(anotherPort)
                return silence
            }
            try caller.bye()
        }
        let heard = exchange.noted.heard.values.first ?? []
        #expect(heard.allSatisfy { abs(Int($0)) < 16 })
        #expect(exchange.line.counts.stray == 30)
        await exchange.close()
    }

    @Test("Strangers get silence, whatever they ask")
    func strangers() async throws {
        let exchange = try TestExchange { $0.trusted = ["192.0.2.0/24", "2001:db8::/32"] }
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            for method in ["INVITE", "OPTIONS", "REGISTER", "BYE", "CANCEL", "SUBSCRIBE", "MESSAGE", "REFER", "NOTIFY"]
            {
                caller.send(caller.request(method, body: method == "INVITE" ? caller.offer([.pcma]) : ""))
            }
            #expect(caller.sip.receive(seconds: 0.5) == nil)
        }
        #expect(exchange.line.counts.ignored == 9)
        #expect(exchange.noted.calls.isEmpty)
        await exchange.close()
    }

    @Test("Who knows the password may call from anywhere; who tries it out gets silence")
    func login() async throws {
        let exchange = try TestExchange {
            $0.trusted = []
            $0.login = ("gateway", "correct horse")
        }
        let statuses = try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            let challenge = try caller.call()
            let nonce = challenge.header("WWW-Authenticate")?.split(separator: "\"").dropFirst(3).first ?? ""
            func authorization(_ password: String, _ nonce: Substring) -> String {
                let uri = "sip:line@127.0.0.1:\(port)"
                let secret = MD5.hex("gateway:rozmova:\(password)")
                let response = MD5.hex("\(secret):\(nonce):00000001:abc:auth:\(MD5.hex("INVITE:\(uri)"))")
                return
                    "Authorization: Digest username=\"gateway\", realm=\"rozmova\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
                    + "response=\"\(response)\", qop=auth, nc=00000001, cnonce=\"abc\""
            }
            var statuses = [challenge.status]
            statuses.append(try caller.call(headers: [authorization("correct horse", nonce)]).status)
            try caller.bye()
            for _ in 0..<6 {
                let guesser = try RawCaller(line: port)
                guesser.send(
                    guesser.request("INVITE", headers: [authorization("horse", nonce)], body: guesser.offer([.pcma])))
                guard let bytes = guesser.sip.receive(seconds: 0.3) else { continue }
                statuses.append(Message(text: String(decoding: bytes, as: UTF8.self)).status)
            }
            return statuses
        }
        #expect(statuses == [401, 200, 401, 401, 401, 401], "the fifth wrong one is not answered any more")
        #expect(exchange.line.counts.failedLogins == 5)
        await exchange.close()
    }

    @Test("Encrypted sound, video and unknown codecs are refused clearly; the line is as full as it may be")
    func refusals() async throws {
        let exchange = try TestExchange { $0.calls = 2 }
        let statuses = try await onThread { [port = exchange.port] in
            let callers = try (0..<6).map { _ in try RawCaller(line: port) }
            var statuses: [Int] = []
            statuses.append(try callers[0].call(body: callers[0].offer([.pcma], profile: "RTP/SAVP")).status)
            let video = callers[1].offer([.pcma]).replacingOccurrences(of: "audio", with: "video")
            statuses.append(try callers[1].call(body: video).status)
            statuses.append(try callers[2].call(body: callers[2].offer([])).status)
            for caller in callers.dropFirst(3) { statuses.append(try caller.call().status) }
            for caller in callers.dropFirst(3).prefix(2) { try caller.bye() }
            return statuses
        }
        #expect(statuses == [488, 488, 488, 200, 200, 486])
        await exchange.close()
    }

    @Test("Calls that nobody acknowledges are bounded for each source, and new ones for each minute")
    func floods() async throws {
        let exchange = try TestExchange {
            $0.pendingPerSource = 3
            $0.invitesPerMinute = 6
        }
        let answers = try await onThread { [port = exchange.port] in
            (0..<10).map { _ -> Int in
                guard let caller = try? RawCaller(line: port) else { return -1 }
                caller.send(caller.request("INVITE", body: caller.offer([.pcma])))
                while let bytes = caller.sip.receive(seconds: 0.4) {
                    let status = Message(text: String(decoding: bytes, as: UTF8.self)).status
                    if status >= 200 { return status }
                }
                return 0
            }
        }
        #expect(answers == [200, 200, 200, 486, 486, 486, 0, 0, 0, 0])
        await exchange.close()
    }

    @Test("The number is the one that the exchange vouches for, not what a caller says of himself")
    func numbers() async throws {
        let exchange = try TestExchange()
        try await onThread { [port = exchange.port] in
            for identity in ["<sip:+380671234567@exchange>", "\"A\" <tel:+380501112233>", ""] {
                let caller = try RawCaller(line: port)
                try caller.call(
                    headers: identity.isEmpty ? [] : ["P-Asserted-Identity: \(identity)"], from: "+15550100")
                try caller.bye()
            }
        }
        #expect(exchange.noted.callers.map(\.asserted) == ["+380671234567", "+380501112233", ""])
        #expect(exchange.noted.callers.map(\.claimed) == ["+15550100", "+15550100", "+15550100"])
        await exchange.close()
    }

    @Test("No caller can have another call placed")
    func referrals() async throws {
        let exchange = try TestExchange()
        try await onThread { [port = exchange.port] in
            let (caller, victim) = (try RawCaller(line: port), try Socket())
            try caller.call()
            let target = "sip:victim@127.0.0.1:\(victim.port)"
            caller.send(caller.request("REFER", headers: ["Refer-To: <\(target)>"]))
            caller.send(caller.request("INVITE", headers: ["Route: <\(target);lr>"], body: caller.offer([.pcma])))
            #expect(victim.receive(seconds: 1) == nil)
            try caller.bye()
            #expect(victim.receive(seconds: 0.2) == nil)
        }
        #expect(exchange.noted.calls.count == 1)
        await exchange.close()
    }
}
