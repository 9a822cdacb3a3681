// What comes out of trimming, levelling and the cache: measured on sound made here, without the engine.

import Audio
import Foundation
import Testing

@testable import Speaking

@Suite("Sound of the voice")
struct SoundTests {
    static let rate = 22_050

    /// A hum of `seconds` at `amplitude`, with silence around it.
    static func hum(_ seconds: Double, amplitude: Double, before: Double = 0.3, after: Double = 0.7) -> [Int16] {
        func silence(_ seconds: Double) -> [Int16] { [Int16](repeating: 1, count: Int(seconds * Double(rate))) }
        let sound = (0..<Int(seconds * Double(rate))).map { index in
            Int16(amplitude * 32_767 * sin(Double(index) * 2 * .pi * 200 / Double(rate)))
        }
        return silence(before) + sound + silence(after)
    }

    @Test(
        "Loud and soft come out at one level, without silence before and with the pause behind",
        arguments: [0.01, 0.2, 0.99])
    func evened(amplitude: Double) throws {
        let even = Loudness.evened(Self.hum(1, amplitude: amplitude), rate: Self.rate)
        #expect(abs(Loudness.speechLevel(even, rate: Self.rate) / Loudness.target - 1) < 0.05)
        let seconds = Double(even.count) / Double(Self.rate)
        #expect(abs(seconds - 1 - Loudness.pause) < 0.02)
        let first = try #require(even.firstIndex { $0.magnitude > 100 })
        #expect(first < Self.rate / 100)
        #expect(even.suffix(Int(0.19 * Double(Self.rate))).allSatisfy { $0 == 0 })
    }

    @Test("Peaks stay under the ceiling, even where the level suffers")
    func ceiling() {
        var clicks = Self.hum(1, amplitude: 0.005)
        for index in stride(from: 8000, to: 28_000, by: 4000) { clicks[index] = .min }
        let even = Loudness.evened(clicks, rate: Self.rate)
        #expect((even.map(\.magnitude).max() ?? 0) <= UInt16(Loudness.ceiling * 32_768) + 1)
    }

    @Test("Silence is nothing")
    func silence() {
        #expect(Loudness.evened([], rate: Self.rate).isEmpty)
        #expect(Loudness.evened([Int16](repeating: 0, count: 5000), rate: Self.rate).isEmpty)
    }

    private func key(_ text: String, _ band: Band = .telephone) -> SpeechCache.Key {
        SpeechCache.Key(text: text, language: "en", band: band)
    }

    @Test("What is asked for once is not kept, what is asked for twice is, what is standing is at once")
    func admission() {
        var cache = SpeechCache(limit: 100_000)
        for _ in 0..<2 {
            #expect(cache.samples(for: key("once")) == nil)
            cache.offer([1], for: key("once"), isStanding: false)
        }
        #expect(cache.samples(for: key("once")) == [1])
        cache.offer([2], for: key("standing"), isStanding: true)
        #expect(cache.samples(for: key("standing")) == [2])
        #expect(cache.samples(for: key("standing", .wideband)) == nil)
        #expect(cache.statistics.hits == 2 && cache.statistics.misses == 3 && cache.statistics.entries == 2)
    }

    @Test("The least recently used goes first, and the limit holds")
    func eviction() {
        var cache = SpeechCache(limit: 2500)
        let second = [Int16](repeating: 7, count: 300)
        for name in ["a", "b", "c"] { cache.offer(second, for: key(name), isStanding: true) }
        #expect(cache.samples(for: key("a")) != nil)
        cache.offer(second, for: key("d"), isStanding: true)
        #expect(cache.samples(for: key("b")) == nil)
        #expect(cache.samples(for: key("a")) != nil && cache.samples(for: key("d")) != nil)
        #expect(cache.statistics.evictions == 1 && cache.statistics.bytes <= 2500)
        cache.offer([Int16](repeating: 7, count: 5000), for: key("too large"), isStanding: true)
        #expect(cache.statistics.entries == 3)
        var none = SpeechCache(limit: 0)
        none.offer([1], for: key("a"), isStanding: true)
        #expect(none.samples(for: key("a")) == nil)
    }
}
