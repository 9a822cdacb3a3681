// Waking by a phrase: found in what somebody says, not in what others say; and the threshold between the two.

import Audio
import Hearing
import Testing

@Suite(.enabled(if: hasModel, "pocketsphinx-en-us is not installed")) struct PhraseSpotterTests {
    private func spotter(_ phrase: String) async throws -> PhraseSpotter {
        let lexicon = try Lexicon(
            dictionary: ModelPaths.debian.dictionary, phoneMap: englishPhoneMap(), pronouncing: nil, language: "en")
        return try await PhraseSpotter(models: .debian, lexicon: lexicon, phrase: phrase)
    }

    /// A second of the recording's own quiet before it, as a room has.
    private func room(_ name: String) throws -> [Int16] {
        let samples = try recording(name, .wideband)
        return Array((0..<4).flatMap { _ in samples.prefix(4_000) }) + samples
    }

    @Test func findsThePhraseInASentenceAndNotInOthers() async throws {
        let spotter = try await spotter("Pepperoni pizza!")
        #expect(try await spotter.strengths(in: room("a-large-pepperoni-pizza-please.rms")).contains { $0 > -40 })
        for name in ["add-a-diet-cola.rms", "oov-chess.gb-f2", "oov-melody.sound", "oov-white-noise.sound"] {
            #expect(try await spotter.strengths(in: room(name)).allSatisfy { $0 < -40 }, "\(name)")
        }
    }

    /// In even noise of an amplitude, which is there before somebody speaks.
    private func inNoise(_ name: String, _ amplitude: Int) throws -> [Int16] {
        let quiet = try room(name)
        var state: UInt32 = 1
        return (quiet.prefix(16_000) + quiet).map { sample in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(clamping: Int(sample) + Int(state >> 16) % (2 * amplitude) - amplitude)
        }
    }

    /// Some 16 and 14 dB below the speech.
    @Test(arguments: [400, 500]) func findsThePhraseInNoiseAndNothingElse(amplitude: Int) async throws {
        let spotter = try await spotter("Pepperoni pizza!")
        let said = try inNoise("a-large-pepperoni-pizza-please.rms", amplitude)
        #expect(try await spotter.strengths(in: said).contains { $0 > -40 })
        for name in ["add-a-diet-cola.rms", "oov-chess.gb-f2", "oov-melody.sound"] {
            #expect(try await spotter.strengths(in: inNoise(name, amplitude)).allSatisfy { $0 < -40 }, "\(name)")
        }
    }

    @Test func wakesOnceForOnePhrase() async throws {
        let spotter = try await spotter("pepperoni pizza")
        let samples = try room("a-large-pepperoni-pizza-please.rms")
        var wakes = 0
        for _ in 0..<2 {
            for start in stride(from: 0, to: samples.count - 320, by: 320)
            where try await spotter.hear(AudioFrame(sampleIndex: start, samples: Array(samples[start..<start + 320]))) {
                wakes += 1
            }
            await spotter.forget()
        }
        #expect(wakes == 2)
    }

    @Test func aPhraseThatCannotBeSaidIsRefused() async {
        await #expect(throws: RecognizingError.self) { try await spotter("?!") }
        await #expect(throws: RecognizingError.self) { try await spotter("xqzzwk") }
    }
}

@Suite struct WakeProposalTests {
    @Test(arguments: [
        // A wide gap: the middle of it.
        (said: [10.0, 5, 0], others: [-60.0, -70], hours: 1.0, threshold: -29.0, heard: 3, falseWakes: 0),
        // They overlap: one false wake in two hours is allowed, two are not.
        (said: [10, -20, -50], others: [-10, -30], hours: 2, threshold: -24, heard: 2, falseWakes: 1),
    ])
    func between(
        _ row: (said: [Double], others: [Double], hours: Double, threshold: Double, heard: Int, falseWakes: Int)
    ) {
        let found = WakeProposal(said: row.said, others: row.others, hours: row.hours, allowed: 0.5)
        #expect(found.threshold == row.threshold)
        #expect(found.heard == row.heard && found.falseWakes == row.falseWakes)
    }

    @Test func whoIsNotFoundIsNotHeard() {
        let found = WakeProposal(said: [nil, 3], others: [], hours: 0, allowed: 0.5)
        #expect(found.said == 2 && found.heard == 1)
    }
}
