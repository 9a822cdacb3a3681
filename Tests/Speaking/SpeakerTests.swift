// The voice itself: eSpeak NG speaks and transcribes, for several callers at once, and says what is missing.

import Audio
import Foundation
import Testing

@testable import Speaking

@Suite("The voice")
struct SpeakerTests {
    static let english = Voice(language: "en", name: "en-us+f2", rate: 165, respellings: ["hryvnia": "hrivnia"])

    private func speaker(cacheBytes: Int = 16 << 20) -> Speaker {
        Speaker(voices: [Self.english], cacheBytes: cacheBytes)
    }

    @Test(
        "A prompt begins at once, is as loud as the next, is not clipped and takes the time it should",
        arguments: Band.allCases)
    func sound(band: Band) async throws {
        for (text, seconds) in [
            ("Two large pepperoni pizzas, nineteen dollars.", 2.0...4.0), ("Anything else?", 0.6...1.6),
            ("Yes.", 0.3...1.0),
            ("Your order number is one zero, four two.", 1.8...4.0), ("Two pizzas. Anything else?", 1.5...3.2),
        ] {
            let samples = try await speaker().synthesize(text, language: "en", band: band)
            #expect(seconds.contains(Double(samples.count) / Double(band.rate)), "\(text)")
            let level = Loudness.speechLevel(samples, rate: band.rate)
            #expect(abs(20 * log10(level) + 20) < 2, "\(text): \(20 * log10(level)) dBFS")
            #expect((samples.map(\.magnitude).max() ?? 0) < 32_700, "\(text)")
            let first = try #require(samples.firstIndex { $0.magnitude > 64 })
            // Its voice flutters by chance: the same onset came after 50 and after 51 ms.
            #expect(first < band.rate * 6 / 100, "\(text) begins after \(first) samples")
        }
    }

    @Test("Text without words is silence, markup and commands are only words")
    func odd() async throws {
        let speaker = speaker()
        for text in ["", " ", "?!", "🍕", "\u{0}\u{1}"] {
            #expect(try await speaker.synthesize(text, language: "en", band: .telephone).isEmpty)
        }
        for text in [
            "hello <break time=\"9s\"/> you", "hello \u{1}50S you", "[[h@'loU]] hello you", "<speak><audio src='x'/>",
        ] {
            let samples = try await speaker.synthesize(text, language: "en", band: .telephone)
            #expect((4000...50_000).contains(samples.count), "\(text): \(samples.count)")
        }
        let letters = try await speaker.synthesize("Піца, 你好, é, Ø", language: "en", band: .telephone)
        #expect(!letters.isEmpty)
    }

    @Test("A long text comes sentence by sentence")
    func long() async throws {
        let speaker = speaker()
        let text = String(repeating: "We have pizza, cola and much more in the shop ", count: 40)
        let sentences = speaker.sentences(of: text)
        #expect(sentences.count > 5)
        let whole = try await speaker.synthesize(text, language: "en", band: .telephone)
        #expect(Double(whole.count) / 8000 > 60)
    }

    @Test("Standing prompts come from the cache")
    func cache() async throws {
        let speaker = speaker()
        try await speaker.prepare(["Hello! Anything else?"], language: "en", band: .telephone)
        let made = await speaker.statistics
        #expect(made.entries == 2 && made.misses == 2 && made.hits == 0)
        let first = try await speaker.synthesize("Anything else?", language: "en", band: .telephone)
        let second = try await speaker.synthesize("Anything else?", language: "en", band: .telephone)
        #expect(first == second && !first.isEmpty)
        #expect(await speaker.statistics.hits == 2)
    }

    @Test("Callers take turns and get their own words")
    func together() async throws {
        let speaker = speaker(cacheBytes: 0)
        let texts = (0..<12).map { String(repeating: "pizza ", count: $0 + 1) }
        let lengths = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask { (index, try await speaker.synthesize(text, language: "en", band: .telephone).count) }
            }
            var lengths = [Int](repeating: 0, count: texts.count)
            for try await (index, length) in group { lengths[index] = length }
            return lengths
        }
        #expect(lengths == lengths.sorted() && Set(lengths).count == lengths.count)
    }

    @Test("Who was interrupted gets nothing")
    func cancelled() async throws {
        let speaker = speaker()
        let task = Task {
            // Not before the cancellation below has happened.
            while !Task.isCancelled { await Task.yield() }
            return try await speaker.synthesize("never heard", language: "en", band: .telephone)
        }
        task.cancel()
        await #expect(throws: SynthesizingError.self) { try await task.value }
    }

    @Test("Words are transcribed, respelled ones by their spelling")
    func transcription() async throws {
        let speaker = speaker()
        #expect(try await speaker.ipa(of: "pizza", language: "en") == "pˈiːtsə")
        #expect(try await speaker.ipa(of: "hryvnia", language: "en").hasPrefix("hɹ"))
        #expect(try await speaker.ipa(of: "", language: "en") == "")
        for word in ["seven up", "піца", "m&m's", "ø", "你好", "a\u{1}b", "naïve", "wd-40"] {
            let ipa = try await speaker.ipa(of: word, language: "en")
            #expect(!ipa.isEmpty && !ipa.contains { $0.isWhitespace || "()_".contains($0) }, "\(word): \(ipa)")
        }
    }

    @Test("What is missing is said, with what to do")
    func missing() async {
        let nowhere = Speaker(voices: [Self.english], data: URL(filePath: "/nonexistent"))
        await expect("espeak-ng-data") { try await nowhere.start() }
        let unknown = Speaker(voices: [Voice(language: "en", name: "no-such-voice", rate: 165)])
        await expect("no-such-voice") { try await unknown.start() }
        await expect("'uk'; there is 'en'") {
            _ = try await speaker().synthesize("hi", language: "uk", band: .telephone)
        }
        await expect("none") { _ = try await Speaker(voices: []).ipa(of: "hi", language: "en") }
        #expect(await (try? speaker().start()) != nil, "a wrong voice before must not spoil the next")
    }

    private func expect(_ words: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("nothing was missing")
        } catch SynthesizingError.voice(let message) {
            #expect(message.contains(words))
        } catch {
            Issue.record("\(error)")
        }
    }
}
