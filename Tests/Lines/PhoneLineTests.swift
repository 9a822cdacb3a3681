// The telephone on loopback: what is heard through bad networks, keys, hold, transfers, many at once.

import Audio
import Foundation
import Lines
import Testing

@testable import TestCaller

@Suite("The telephone line", .serialized)
struct PhoneLineTests {
    @Test("A caller is heard, and hears: silence from the first moment, then the echo, and the call ends")
    func call() async throws {
        let (received, heard) = try await inTime {
            let exchange = try TestExchange()
            let received = try await onThread { [port = exchange.port] in
                let caller = try RawCaller(line: port)
                #expect(try caller.call([.pcmu, .pcma]).status == 200)
                #expect(caller.codec == .pcma, "one codec is agreed on, the better one")
                let sound = tone(8_000)
                caller.talk(packets: 100) { encoded(sound, $0) }
                try caller.bye()
                return caller.received
            }
            #expect(try await exchange.soon { $0.ends == [.hangup] })
            let heard = try #require(exchange.noted.heard.values.first)
            await exchange.close()
            return (received, heard)
        } where: { received, heard in
            (95...103).contains(received.count) && pure(samples(received).suffix(8_000))
                && pure(heard.suffix(8_000).prefix(7_000))
        }
        #expect((95...103).contains(received.count), "\(received.count) packets in two seconds")
        let stamps = received.map { packet in packet[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $1 &- $0 == 160 }, "a stamp each 20 ms")
        #expect(samples(received).prefix(160).allSatisfy { abs(Int($0)) < 16 }, "silence comes first")
        #expect(pure(samples(received).suffix(8_000)), "the echo")
        #expect(pure(heard.suffix(8_000).prefix(7_000)))
    }

    @Test("A registrar by UDP gets a sign of life again and again, so that nobody between forgets the way")
    func keepAlive() async throws {
        let registrar = try Registrar()
        defer { registrar.close() }
        let exchange = try TestExchange {
            $0.keepAlive = 0.05
            $0.account = .init(
                registrar: "sip:127.0.0.1:\(registrar.port)", address: "sip:shop@127.0.0.1", user: "shop", password: "x"
            )
        }
        #expect(try await exchange.soon { _ in registrar.heard == ["shop"] && registrar.signsOfLife >= 3 })
        await exchange.close()
    }

    private func samples(_ packets: [[UInt8]]) -> [Int16] {
        packets.flatMap { $0.dropFirst(12) }.map(G711.aLaw.decode)
    }

    private func pure(_ samples: ArraySlice<Int16>) -> Bool { share(of: 400, in: Array(samples), rate: 8_000) > 0.99 }

    @Test("G.722 brings the wide band")
    func wideband() async throws {
        let exchange = try TestExchange()
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call([.pcmu, .pcma, .g722])
            #expect(caller.codec == .g722)
            caller.talk(packets: 10) { _ in [UInt8](repeating: 0xff, count: 160) }
            try caller.bye()
        }
        #expect(exchange.noted.calls.map(\.band) == [.wideband])
        #expect(try await exchange.soon { ($0.heard.values.first?.count ?? 0) % 320 == 0 && !$0.heard.isEmpty })
        await exchange.close()
    }

    @Test("Reordering and jitter change nothing; what is lost is concealed")
    func badNetwork() async throws {
        let exchange = try TestExchange(echo: false)
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call()
            let sound = tone(8_000)
            // Every 20th packet is lost, every 10th comes behind the one that follows it.
            var kept: (bytes: [UInt8], index: Int)?
            caller.talk(packets: 150) { index in
                if index % 20 == 7 { return nil }
                if index % 10 == 3 {
                    kept = (caller.rtp(encoded(sound, index), type: 8, stamp: caller.stamp), index)
                    return nil
                }
                if let late = kept {
                    kept = nil
                    defer { caller.sound.send(late.bytes, to: caller.soundPort) }
                    return encoded(sound, index)
                }
                return encoded(sound, index)
            }
            try caller.bye()
        }
        #expect(try await exchange.soon { !$0.ends.isEmpty })
        let heard = try #require(exchange.noted.heard.values.first)
        let middle = Array(heard.dropFirst(4_000).prefix(16_000))
        #expect(share(of: 400, in: middle, rate: 8_000) > 0.9)
        // A gap that is left open is 20 ms of silence.
        let silent = stride(from: 0, to: middle.count, by: 160).filter { start in
            middle[start..<start + 160].allSatisfy { abs(Int($0)) < 50 }
        }
        #expect(silent.isEmpty, "\(silent.count) frames are silent")
        let lost = exchange.noted.calls.first?.facts.lost ?? 0
        #expect((12...22).contains(lost), "7 or 8 packets are lost, each of two pieces: \(lost)")
        await exchange.close()
    }

    @Test("What is lost of a noise is filled with noise: it would hum if it were repeated")
    func concealedNoise() async throws {
        let exchange = try TestExchange(echo: false)
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call()
            caller.talk(packets: 100) { index in
                index % 5 == 4 ? nil : (0..<160).map { _ in G711.aLaw.encode(Int16.random(in: -2_000...2_000)) }
            }
            try caller.bye()
        }
        #expect(try await exchange.soon { !$0.ends.isEmpty })
        let heard = try #require(exchange.noted.heard.values.first).map(Double.init)
        #expect(exchange.noted.calls.first.map { $0.facts.lost >= 30 } == true, "twenty packets are lost")
        /// How much of 20 ms is the same again so many samples later, 0...1.
        func likeness(_ start: Int, _ lag: Int) -> Double {
            let (early, late) = (heard[start..<start + 160 - lag], heard[start + lag..<start + 160])
            let power = early.reduce(0) { $0 + $1 * $1 } * late.reduce(0) { $0 + $1 * $1 }
            return power == 0 ? 0 : zip(early, late).reduce(0) { $0 + $1.0 * $1.1 } / power.squareRoot()
        }
        let humming = stride(from: 0, to: heard.count - 160, by: 80).filter { start in
            (20...100).contains { likeness(start, $0) > 0.85 }
        }
        #expect(humming.isEmpty, "\(humming.count) pieces hum")
        await exchange.close()
    }

    @Test("The wait for packets is shortened in a pause, and lengthened at once where they come late")
    func waits() async throws {
        let (shortened, lost) = try await inTime {
            let exchange = try TestExchange(echo: false)
            try await onThread { [port = exchange.port] in
                let caller = try RawCaller(line: port)
                try caller.call()
                let (sound, silence) = (tone(8_000), [UInt8](repeating: 0xd5, count: 160))
                // Two marks with a pause between them; then each packet comes when it is the next one's turn.
                caller.talk(packets: 80) { $0 == 2 || $0 == 77 ? encoded(sound, 0) : silence }
                var kept: [UInt8]?
                caller.talk(packets: 60) { index in
                    if let kept { caller.sound.send(kept, to: caller.soundPort) }
                    kept = caller.rtp(encoded(sound, index), type: 8, stamp: caller.stamp)
                    return nil
                }
                try caller.bye()
            }
            #expect(try await exchange.soon { !$0.ends.isEmpty })
            let heard = try #require(exchange.noted.heard.values.first)
            let first = heard.firstIndex { abs(Int($0)) > 1_000 } ?? 0
            let second = heard.dropFirst(first + 800).firstIndex { abs(Int($0)) > 1_000 } ?? 0
            await exchange.close()
            return (75 * 160 - (second - first), exchange.noted.calls.first?.facts.lost ?? 0)
        } where: { shortened, lost in
            (120...330).contains(shortened) && lost < 10
        }
        #expect((120...330).contains(shortened), "15 to 40 ms are left out, and nothing more: \(shortened) samples")
        #expect(lost < 10, "\(lost) of the 120 pieces that came late were not waited for")
    }

    @Test(
        "A telephone that falters for a moment is heard late, and nothing of what it says is lost",
        arguments: [2, 5, 9])
    func faltering(packets: Int) async throws {
        let sounds = (0..<80).map { _ in (0..<160).map { _ in UInt8.random(in: 0x10...0x3f) } }
        let missing = try await inTime {
            let exchange = try TestExchange(echo: false)
            try await onThread { [port = exchange.port] in
                let caller = try RawCaller(line: port)
                try caller.call()
                var kept: [[UInt8]] = []
                caller.talk(packets: 80) { index in
                    kept.append(caller.rtp(sounds[index], type: 8, stamp: caller.stamp))
                    if (30..<30 + packets).contains(index) { return nil }
                    for packet in kept { caller.sound.send(packet, to: caller.soundPort) }
                    kept = []
                    return nil
                }
                caller.talk(packets: 15) { _ in nil }
                try caller.bye()
            }
            #expect(try await exchange.soon { !$0.ends.isEmpty })
            let heard = try #require(exchange.noted.heard.values.first)
            await exchange.close()
            // The first samples behind a gap are blended with what was made up.
            return sounds.indices.filter { !heard.contains(sounds[$0].suffix(80).map(G711.aLaw.decode)) }
        } where: {
            $0.isEmpty
        }
        #expect(missing.isEmpty, "packets \(missing) were not heard")
    }

    @Test("Who sends silence is heard as nothing at all, whatever the coding says nothing with")
    func silence() async throws {
        for (codec, bytes) in [(RawCaller.Codec.pcma, [0xd5, 0x55]), (.pcmu, [0xff, 0x7f])] as [(_, [UInt8])] {
            let exchange = try TestExchange(echo: false)
            try await onThread { [port = exchange.port] in
                let caller = try RawCaller(line: port)
                try caller.call([codec])
                caller.talk(packets: 20) { [UInt8](repeating: bytes[$0 % 2], count: 160) }
                try caller.bye()
            }
            #expect(try await exchange.soon { !$0.ends.isEmpty })
            let heard = exchange.noted.heard.values.first ?? []
            #expect(heard.count > 1_600 && heard.allSatisfy { $0 == 0 })
            await exchange.close()
        }
    }

    @Test("A key counts once, however often its packets come, and also where all but one are lost")
    func keys() async throws {
        let exchange = try TestExchange()
        try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call()
            caller.talk(packets: 3) { _ in [UInt8](repeating: 0xd5, count: 160) }
            for event: UInt8 in [1, 0, 4, 2, 11] { caller.press(event) }
            caller.sound.send(caller.rtp([10, 0x8a, 0, 160], type: 101, stamp: caller.stamp), to: caller.soundPort)
            caller.sound.send(
                caller.rtp([99, 0x8a, 0, 160], type: 101, stamp: caller.stamp + 160), to: caller.soundPort)
            caller.sound.send(caller.rtp([1], type: 101, stamp: caller.stamp + 320), to: caller.soundPort)
            caller.talk(packets: 5) { _ in [UInt8](repeating: 0xd5, count: 160) }
            try caller.bye()
        }
        #expect(try await exchange.soon { !$0.ends.isEmpty })
        #expect(exchange.noted.keys == "1042#*")
        await exchange.close()
    }

    @Test("A caller puts the call on hold and takes it back; the call's clock stands meanwhile")
    func hold() async throws {
        let exchange = try TestExchange()
        let during = try await onThread { [port = exchange.port] in
            let caller = try RawCaller(line: port)
            try caller.call()
            caller.talk(packets: 10) { _ in [UInt8](repeating: 0xd5, count: 160) }
            #expect(try caller.reinvite(caller.offer([.pcma], direction: "sendonly")).body.contains("a=recvonly"))
            let before = caller.received.count
            caller.talk(packets: 15) { _ in nil }
            let during = caller.received.count - before
            #expect(try caller.reinvite(caller.offer([.pcma])).status == 200)
            caller.talk(packets: 10) { _ in [UInt8](repeating: 0xd5, count: 160) }
            #expect(caller.received.count > before + during + 5)
            // A codec that was never agreed on is refused, and the call goes on.
            #expect(try caller.reinvite(caller.offer([.pcmu])).status >= 400)
            try caller.bye()
            return during
        }
        #expect(during <= 2)
        #expect(exchange.noted.held == [true, false])
        let heard = exchange.noted.heard.values.first?.count ?? 0
        #expect((15 * 160...27 * 160).contains(heard), "\(heard / 160) frames")
        await exchange.close()
    }

    @Test("A call is sent to a person, and it is known what became of it", arguments: [200, 486])
    func transfer(status: Int) async throws {
        let exchange = try TestExchange()
        let caller = try RawCaller(line: exchange.port)
        let raw = Unchecked(caller)
        try await onThread { try raw.value.call() }
        let call = try #require(exchange.noted.calls.first)
        #expect(try await exchange.soon { !$0.heard.isEmpty })
        async let outcome = call.transfer(to: "sip:desk@192.0.2.1")
        let target = try await onThread {
            let refer = try raw.value.await { $0.method == "REFER" }
            raw.value.reply(
                "202 Accepted", to: refer, headers: ["Contact: <sip:caller@127.0.0.1:\(raw.value.sip.port)>"])
            for line in ["100 Trying", "\(status) Whatever"] {
                let notify = raw.value.request(
                    "NOTIFY",
                    headers: [
                        "Event: refer",
                        "Subscription-State: \(line.hasPrefix("1") ? "active" : "terminated;reason=noresource")",
                        "Content-Type: message/sipfrag", "Content-Length: \(line.utf8.count + 10)",
                    ]
                ).replacingOccurrences(of: "Content-Length: 0\r\n", with: "")
                raw.value.send(notify + "SIP/2.0 \(line)\r\n")
                _ = try raw.value.await { $0.status == 200 && $0.header("CSeq")?.hasSuffix("NOTIFY") == true }
            }
            return refer.header("Refer-To") ?? ""
        }
        #expect(target == "<sip:desk@192.0.2.1>")
        #expect(await outcome == status)
        try await onThread { try raw.value.bye() }
        await exchange.close()
    }

    @Test("Twenty at once are heard and served each by itself")
    func many() async throws {
        let exchange = try TestExchange { $0.pendingPerSource = 24 }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask { [port = exchange.port] in
                    try await onThread {
                        let caller = try RawCaller(line: port)
                        guard try caller.call().status == 200 else { return 0 }
                        let level = UInt8(0x80 + number)
                        caller.talk(packets: 50) { _ in [UInt8](repeating: level, count: 160) }
                        try caller.bye()
                        let last = caller.received.suffix(20)
                        #expect(last.allSatisfy { $0.dropFirst(12).allSatisfy { $0 == level } }, "caller \(number)")
                        return caller.received.count
                    }
                }
            }
            for try await count in group { #expect((40...60).contains(count)) }
        }
        await exchange.close()
    }

    @Test("What is played and hung up is heard to its end")
    func farewell() async throws {
        let exchange = try TestExchange(echo: false)
        let raw = Unchecked(try RawCaller(line: exchange.port))
        try await onThread { try raw.value.call() }
        let call = try #require(exchange.noted.calls.first)
        await call.play(tone(3_200))
        await call.hangUp()
        let heard = try await onThread {
            raw.value.talk(packets: 40) { _ in [UInt8](repeating: 0xd5, count: 160) }
            raw.value.reply("200 OK", to: try raw.value.await { $0.method == "BYE" })
            return raw.value.received.flatMap { $0.dropFirst(12) }.map(G711.aLaw.decode)
        }
        #expect(heard.filter { abs(Int($0)) > 100 }.count > 2_800, "0.4 s were said")
        #expect(try await exchange.soon { $0.ends == [.hangup] })
        await exchange.close()
    }
}
