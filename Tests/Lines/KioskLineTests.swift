// A kiosk's devices through the real libasound: what is heard and said arrives, in whatever form a card has it; a card
// that fails in any way is noticed, told and taken up again. Cards are the package's own plugin.

import Audio
import Foundation
import Lines
import Platform
import Synchronization
import Testing

@Suite("A kiosk's devices", .enabled(if: TestCard.isBuilt, "the test card is not built"), .serialized)
struct KioskLineTests {
    /// What the log was told.
    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])
        var log: Log { Log(component: "kiosk") { line in self.lines.withLock { $0.append(line) } } }
        var text: String { lines.withLock { $0.joined(separator: "\n") } }
    }

    /// Something like speech in one frequency, quiet at first so that nothing is lost while the canceller begins.
    private static func hum(_ seconds: Double, hertz: Double, rate: Int = 16_000, amplitude: Double = 6_000) -> [Int16]
    {
        (0..<Int(seconds * Double(rate))).map {
            Int16(amplitude * sin(2 * .pi * hertz * Double($0) / Double(rate)))
        }
    }

    /// The share of a sound's power that is one frequency's (Goertzel).
    private static func share(of hertz: Double, in sound: [Int16], rate: Int = 16_000) -> Double {
        let turn = 2 * Double.pi * hertz / Double(rate)
        var (a, b, power) = (0.0, 0.0, 0.0)
        for sample in sound {
            (a, b) = (Double(sample) + 2 * cos(turn) * a - b, a)
            power += Double(sample) * Double(sample)
        }
        let tone = a * a + b * b - 2 * cos(turn) * a * b
        return power > 0 ? 2 * tone / Double(sound.count) / power : 0
    }

    /// The next frames of a line, at most so many.
    private static func hear(_ line: KioskLine, frames count: Int) async -> [AudioFrame] {
        var heard: [AudioFrame] = []
        while heard.count < count, case .frame(let frame) = await line.next() { heard.append(frame) }
        return heard
    }

    /// Waits for something, at most ten seconds.
    private static func until(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<200 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test(
        "What a card hears and says arrives, whatever its form",
        arguments: ["", "form S32_LE rate 48000 channels 2", "form FLOAT_LE rate 44100", "form S24_3LE rate 32000"])
    func forms(form: String) async throws {
        let words = form.split(separator: " ")
        func value(_ key: Substring) -> Substring? {
            words.firstIndex(of: key).map { words[$0 + 1] }
        }
        let rate = value("rate").flatMap { Int($0) } ?? 16_000
        let channels = value("channels").flatMap { Int($0) } ?? 1
        let sound = Self.hum(4, hertz: 440, rate: rate).flatMap { sample in
            (0..<channels).flatMap { _ in Self.written(sample, value("form") ?? "S16_LE") }
        }
        let card = try TestCard(hearing: sound, form + " speed 0")
        let line = KioskLine.open(card.settings, log: Told().log)
        defer { line.close() }
        await line.play(Self.hum(1, hertz: 1_000))
        let heard = await Self.hear(line, frames: 150)
        #expect(heard.map(\.sampleIndex) == (0..<150).map { $0 * 320 })
        #expect(heard.allSatisfy { $0.samples.count == 320 })
        // Behind the first second, in which the assistant is heard and the customer is not yet.
        let customer = heard.suffix(50).flatMap(\.samples)
        #expect(Self.share(of: 440, in: customer) > 0.9, "\(form)")
        #expect(line.facts.forms.allSatisfy { $0.hasPrefix("\(rate) Hz") }, "\(line.facts)")
        let said = Self.read(card.said, value("form") ?? "S16_LE", channels: channels)
        let second = Array(said.dropFirst(rate / 3).prefix(rate / 2))
        #expect(Self.share(of: 1_000, in: second, rate: rate) > 0.9, "\(form)")
    }

    @Test("A card that drops out for a moment is counted and survived")
    func overrun() async throws {
        let card = try TestCard(hearing: bytes(Self.hum(60, hertz: 440)))
        let line = KioskLine.open(card.settings, log: Told().log)
        defer { line.close() }
        _ = await Self.hear(line, frames: 5)
        try card.fault("EPIPE capture")
        let after = await Self.hear(line, frames: 30)
        #expect(after.count == 30)
        #expect(line.facts.overruns >= 1 && line.facts.losses == 0)
    }

    @Test(
        "Each way to lose a device is noticed within three seconds, told, and survived",
        arguments: [
            "EIO", "EPIPES", "ENODEV", "STALL", "BLOCK", "EIO playback", "EPIPES playback", "STALL playback",
            "BLOCK playback",
        ])
    func loss(fault: String) async throws {
        let card = try TestCard(hearing: bytes(Self.hum(60, hertz: 440)))
        let told = Told()
        let line = KioskLine.open(card.settings, log: told.log)
        defer { line.close() }
        let before = await Self.hear(line, frames: 10)
        let reader = Task { await Self.hear(line, frames: 200) }
        try card.fault(fault)
        let watch = Stopwatch()
        #expect(try await Self.until { !line.facts.isWorking })
        #expect(watch.seconds < 3, "\(fault): \(watch.seconds)")
        #expect(line.facts.trouble != nil && line.facts.losses == 1)
        #expect(try await Self.until { told.text.contains("stand: no sound") }, "\(told.text)")
        try card.fault(nil)
        #expect(try await Self.until { line.facts.isWorking }, "\(fault)")
        #expect(try await Self.until { told.text.contains("sound again") })
        line.close()
        let after = await reader.value
        #expect(after.first?.sampleIndex == (before.last?.sampleIndex ?? 0) + 320, "the clock stood still")
    }

    @Test("A card that hangs again and again is noticed as soon each time")
    func hangsAgain() async throws {
        let card = try TestCard(hearing: bytes(Self.hum(60, hertz: 440)))
        let line = KioskLine.open(card.settings, log: Told().log)
        defer { line.close() }
        let reader = Task { await Self.hear(line, frames: 1_000) }
        defer { reader.cancel() }
        for _ in 0..<3 {
            #expect(try await Self.until { line.facts.isWorking })
            try card.fault("BLOCK")
            let watch = Stopwatch()
            #expect(try await Self.until { !line.facts.isWorking })
            #expect(watch.seconds < 3, "\(watch.seconds)")
            try card.fault(nil)
        }
    }

    @Test("A loudspeaker that stands still does not come and go while its microphone hears")
    func deafLoudspeaker() async throws {
        let card = try TestCard(hearing: bytes(Self.hum(60, hertz: 440)))
        let told = Told()
        let line = KioskLine.open(card.settings, log: told.log)
        defer { line.close() }
        _ = await Self.hear(line, frames: 10)
        let reader = Task { await Self.hear(line, frames: 1_000) }
        defer { reader.cancel() }
        try card.fault("STALL playback")
        #expect(try await Self.until { line.facts.trouble != nil })
        // Opened anew and lost again meanwhile.
        try await Task.sleep(for: .seconds(4))
        #expect(!line.facts.isWorking && line.facts.losses == 1, "\(line.facts)")
        #expect(!told.text.contains("sound again"), "\(told.text)")
    }

    @Test("A card that is not there is waited for")
    func late() async throws {
        let card = try TestCard(hearing: bytes(Self.hum(60, hertz: 440)))
        try card.fault("ENODEV")
        let line = KioskLine.open(card.settings, log: Told().log)
        defer { line.close() }
        #expect(try await Self.until { line.facts.trouble != nil })
        #expect(!line.facts.isWorking)
        try card.fault(nil)
        #expect(await Self.hear(line, frames: 5).count == 5)
    }

    @Test("A name that is no PCM says so")
    func noSuchName() async throws {
        var settings = try TestCard().settings
        settings.microphone = "nosuchcard"
        let line = KioskLine.open(settings, log: Told().log)
        defer { line.close() }
        #expect(try await Self.until { line.facts.trouble?.contains("nosuchcard") == true })
    }

    // MARK: Forms of samples

    private static func written(_ sample: Int16, _ form: Substring) -> [UInt8] {
        let two = bytes([sample])
        switch form {
        case "S32_LE": return [0, 0] + two
        case "S24_3LE": return [0] + two
        case "FLOAT_LE":
            let pattern = (Float(sample) / 32_768).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
        default: return two
        }
    }

    private static func read(_ said: [UInt8], _ form: Substring, channels: Int) -> [Int16] {
        let size = form == "S16_LE" ? 2 : form == "S24_3LE" ? 3 : 4
        return stride(from: 0, to: said.count - size * channels + 1, by: size * channels).map { start in
            let one = said[start..<start + size]
            if form == "FLOAT_LE" {
                let pattern = one.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return Int16(clamping: Int(Float(bitPattern: pattern) * 32_767))
            }
            return samples(Array(one.suffix(2)))[0]
        }
    }
}
