// The recogniser on the recordings of this project, and on everything that it has to refuse.

import Audio
import Foundation
import Testing

@testable import Hearing

@Suite(.enabled(if: hasModel, "pocketsphinx-en-us is not installed"), .serialized) struct RecognizerTests {
    private func recognizer(decoders: Int = 1, voice: (any Pronouncing)? = nil) throws -> Recognizer {
        let lexicon = try Lexicon(
            dictionary: ModelPaths.debian.dictionary, phoneMap: englishPhoneMap(), pronouncing: voice, language: "en")
        return try Recognizer(models: englishModels, lexicon: lexicon, decoders: decoders)
    }

    private let orders = network(
        "orders", "a large pepperoni pizza please", "a cappuccino and a cheesecake please", "add a diet cola",
        "a hamburger please", "yes", "no")

    private func hear(_ samples: [Int16], _ recognizer: Recognizer, _ network: WordNetwork, _ band: Band) async throws
        -> Recognition
    {
        try await hear(samples, recognizer, network, band, isHurried: false)
    }

    private func hear(
        _ samples: [Int16], _ recognizer: Recognizer, _ network: WordNetwork, _ band: Band, isHurried: Bool
    ) async throws -> Recognition {
        let utterance = try await recognizer.begin(network, band: band)
        for start in stride(from: 0, to: samples.count, by: band.frameLength) {
            await utterance.hear(Array(samples[start..<min(start + band.frameLength, samples.count)]))
        }
        return await utterance.finish(isHurried: isHurried)
    }

    @Test func whatIsNotSureIsHeardAgainUnlessOthersWait() async throws {
        let recognizer = try recognizer()
        var doubtful = 0
        for name in [
            "a-large-pepperoni-pizza-please.rms", "add-a-diet-cola.slt", "yes.rms", "thats-all.slt",
            "oov-chess.gb-f2", "oov-football.rms",
        ] {
            let samples = try recording(name, .telephone)
            let once = try await hear(samples, recognizer, orders, .telephone, isHurried: true)
            guard let first = once.hypotheses.first else { continue }
            #expect(!first.isShare)
            let again = try await hear(samples, recognizer, orders, .telephone, isHurried: false)
            let isDoubtful = (Rehearing.hopeless..<Rehearing.sure).contains(first.confidence)
            #expect(again.hypotheses.allSatisfy { $0.isShare == isDoubtful }, "\(name)")
            #expect(isDoubtful || again.hypotheses.first?.words == first.words, "\(name)")
            doubtful += isDoubtful ? 1 : 0
        }
        #expect((1...4).contains(doubtful))
    }

    @Test(arguments: Band.allCases) func hearsOrders(band: Band) async throws {
        let recognizer = try recognizer()
        for (name, words) in [
            ("a-large-pepperoni-pizza-please.rms", "a large pepperoni pizza please"),
            ("a-cappuccino-and-a-cheesecake-please.awb", "a cappuccino and a cheesecake please"),
            ("add-a-diet-cola.rms", "add a diet cola"),
        ] {
            let samples = try recording(name, band)
            let heard = try await hear(samples, recognizer, orders, band)
            #expect(heard.hypotheses.first?.text == words, "\(name)")
            #expect(heard.audioSeconds == Double(samples.count) / Double(band.rate))
            #expect(heard.cpuSeconds > 0)
        }
    }

    /// Before some of these recordings the engine left the end of the utterance before in its first differences.
    @Test(arguments: Band.allCases, ["a-hamburger-please.us-m3", "pickup.rms", "yes.slt", "thats-all.awb"])
    func callersDoNotChangeWhatOthersAreHeardAs(band: Band, name: String) async throws {
        let recognizer = try recognizer()
        let samples = try recording(name, band)
        let before = try await hear(samples, recognizer, orders, band)
        for other in ["a-large-pepperoni-pizza-please.rms", "oov-chess.gb-f2", "no.slt"] {
            let loud = try recording(other, band).map { $0.multipliedReportingOverflow(by: 3).0 }
            _ = try await hear(loud, recognizer, orders, band)
            let abandoned = try await recognizer.begin(orders, band: .telephone)
            await abandoned.hear(loud)
            await abandoned.abandon()
            #expect(try await hear(samples, recognizer, orders, band).hypotheses == before.hypotheses, "\(other)")
        }
    }

    @Test(arguments: Band.allCases) func whoWasHeardOverAThinLineIsHeardBetterThere(band: Band) async throws {
        let recognizer = try recognizer()
        /// Less of all below 1,000 Hz.
        func thin(_ name: String) throws -> [Int16] {
            let share = 1 - exp(-2 * Double.pi * 1_000 / Double(band.rate))
            var low = 0.0
            return try recording(name, band).map { sample in
                low += (Double(sample) - low) * share
                return Int16(min(max(1.5 * (Double(sample) - low), -32_768), 32_767))
            }
        }
        var channel: Channel?
        var (alone, inCall) = (0.0, 0.0)
        for (name, words) in [
            ("a-large-pepperoni-pizza-please", "a large pepperoni pizza please"),
            ("a-hamburger-please", "a hamburger please"), ("yes", "yes"), ("add-a-diet-cola", "add a diet cola"),
        ] {
            let samples = try thin("\(name).rms")
            func confidence(_ channel: Channel?) async throws -> (Double, Channel?) {
                let utterance = try await recognizer.begin(orders, band: band, channel: channel)
                await utterance.hear(samples)
                let heard = await utterance.finish(isHurried: true)
                return (heard.hypotheses.first { $0.text == words }?.confidence ?? 0, heard.channel)
            }
            if let channel {
                alone += try await confidence(nil).0
                inCall += try await confidence(channel).0
            }
            let heard = try #require(try await confidence(nil).1)
            #expect(heard.band == band && heard.frames > 20)
            channel.take(heard)
        }
        #expect(inCall > alone, "\(inCall), not more than \(alone)")
        // What another model measured is not looked at.
        let other = Channel(band: band == .telephone ? .wideband : .telephone, mean: [90], frames: 500)
        let samples = try thin("yes.rms")
        func hear(_ channel: Channel?) async throws -> Recognition {
            let utterance = try await recognizer.begin(orders, band: band, channel: channel)
            await utterance.hear(samples)
            return await utterance.finish()
        }
        let (told, untold) = try await (hear(other).hypotheses.first, hear(nil).hypotheses.first)
        #expect(told?.words == untold?.words)
        #expect(abs((told?.confidence ?? 0) - (untold?.confidence ?? 1)) < 0.001)
    }

    /// They fit the vowel of some word, with a confidence of up to 0.97.
    @Test(arguments: Band.allCases, ["oov-dial-tone.sound", "oov-mains-hum.sound"])
    func tonesAndHumsAreNoWords(band: Band, name: String) async throws {
        let heard = try await hear(recording(name, band), try recognizer(), orders, band)
        #expect(heard.hypotheses.isEmpty)
    }

    @Test(arguments: Band.allCases) func confidenceTellsOrdersFromOtherTalk(band: Band) async throws {
        let recognizer = try recognizer()
        var right: [Double] = []
        for name in ["a-large-pepperoni-pizza-please.rms", "add-a-diet-cola.rms", "a-hamburger-please.us-m3"] {
            let heard = try await hear(recording(name, band), recognizer, orders, band)
            right.append(try #require(heard.hypotheses.first).confidence)
        }
        for name in [
            "oov-chess.gb-f2", "oov-football.rms", "oov-weather.slt", "oov-russian.ru", "oov-piano.us-f3",
            "oov-crowd.sound",
            "oov-melody.sound", "oov-white-noise.sound",
        ] {
            let heard = try await hear(recording(name, band), recognizer, orders, band)
            let confidence = heard.hypotheses.first?.confidence ?? 0
            // By telephone, and with no more than these few orders to choose from, one comes up to 0.84.
            let limit = band == .telephone ? 0.9 : 0.8
            #expect(confidence < limit && right.allSatisfy { $0 > confidence }, "\(name) \(confidence) \(right)")
        }
    }

    @Test func baselineHearsWithDefaultsAndWithoutConfidence() async throws {
        let baseline = try RawBaseline(models: .debian)
        let heard = try await baseline.hear(
            recording("add-a-diet-cola.rms", .wideband), band: .wideband, network: orders)
        #expect(heard.hypotheses.map(\.text) == ["add a diet cola"])
        #expect(heard.hypotheses.first?.confidence == 1)
    }

    @Test func baselineHearsWithOneFlatGrammarOfThousandsOfArcs() async throws {
        var (arcs, states) = (orders.arcs, orders.stateCount)
        var finals = orders.finals
        for _ in 0..<400 {
            let words = ["two", "large", "salads"].enumerated()
            arcs += words.map { .init(from: $0 == 0 ? 0 : states + $0 - 1, to: states + $0, word: $1) }
            states += 3
            finals.append(states - 1)
        }
        let flat = WordNetwork(id: "flat", stateCount: states, finals: finals, arcs: arcs)
        #expect(flat.arcs.count > Decoder.largestLattice)
        let heard = try await RawBaseline(models: .debian).hear(
            recording("add-a-diet-cola.rms", .wideband), band: .wideband, network: flat)
        #expect(heard.hypotheses.map(\.text) == ["add a diet cola"])
    }

    @Test func emptyArcsAreWalkedAndChecked() async throws {
        // "add a" → (nothing) → "diet cola" | "hamburger"
        let shared = WordNetwork(
            id: "shared", stateCount: 6, finals: [4, 5],
            arcs: [
                .init(from: 0, to: 1, word: "add"), .init(from: 1, to: 2, word: "a"),
                .init(from: 3, to: 4, word: "hamburger"),
                .init(from: 3, to: 1, word: "diet"), .init(from: 1, to: 5, word: "cola"),
            ], empties: [.init(from: 2, to: 3)])
        let recognizer = try recognizer()
        let samples = try recording("add-a-diet-cola.rms", .wideband)
        #expect(try await hear(samples, recognizer, shared, .wideband).hypotheses.first?.text == "add a diet cola")
        let chained = WordNetwork(
            id: "chained", stateCount: 4, finals: [3], arcs: [.init(from: 2, to: 3, word: "yes")],
            empties: [.init(from: 0, to: 1), .init(from: 1, to: 2)])
        await #expect(throws: RecognizingError.self) { try await recognizer.prepare(chained) }
    }

    /// A caller from the telephone network, through an exchange that speaks G.722.
    @Test func telephonesOnWideLinesAreHeardAsTelephones() async throws {
        let recognizer = try recognizer()
        for (name, text) in [
            ("a-large-pepperoni-pizza-please.rms", "a large pepperoni pizza please"),
            ("add-a-diet-cola.rms", "add a diet cola"),
        ] {
            let narrow = try recording(name, .telephone)
            let wide = Resampler.convert(narrow, from: Band.telephone.rate, to: Band.wideband.rate)
            let best = try #require(try await hear(wide, recognizer, orders, .wideband).hypotheses.first)
            let asTelephone = try #require(try await hear(narrow, recognizer, orders, .telephone).hypotheses.first)
            #expect(best.text == text && abs(best.confidence - asTelephone.confidence) < 0.25)
            #expect(NarrowSound.isTelephone(wide))
            #expect(try !NarrowSound.isTelephone(recording(name, .wideband)))
        }
        #expect(!NarrowSound.isTelephone([]) && !NarrowSound.isTelephone([Int16](repeating: 0, count: 8_000)))
    }

    /// "[a] {product} please" among 3,000 names of the dictionary's words.
    @Test(arguments: Band.allCases) func ofVeryManyNamesTheOneThatWasSaid(band: Band) async throws {
        let words = try dictionaryWords().filter { $0.count > 4 }
        var phrases = stride(from: 0, to: 6_000, by: 2).map { index in
            Assortment.Phrase(words: [words[index * 7], words[index * 7 + 3]], thing: index, kind: 0)
        }
        phrases.append(.init(words: ["pepperoni", "pizza"], thing: 10_001, kind: 0))
        phrases.append(.init(words: ["hamburger"], thing: 10_002, kind: 0))
        let shell = WordNetwork(
            id: "shell", stateCount: 4, finals: [2, 3],
            arcs: [
                .init(from: 0, to: 1, word: "a"), .init(from: 1, to: 1, word: "large"),
                .init(from: 2, to: 3, word: "please"),
            ], blanks: [.init(from: 1, to: 2, kind: Assortment.anyKind)], assortment: Assortment(phrases: phrases))
        let recognizer = try recognizer()
        try await recognizer.prepare(shell)
        // By telephone the phones that a loop finds lead to the pizza too seldom (`rozmova bench hearing`).
        for (name, text) in [
            ("a-hamburger-please.rms", "a hamburger please"),
            ("a-large-pepperoni-pizza-please.rms", "a large pepperoni pizza please"),
        ].prefix(band == .telephone ? 1 : 2) {
            let heard = try await hear(recording(name, band), recognizer, shell, band)
            #expect(heard.hypotheses.first?.text == text)
        }
        // Other networks serve the same lane before and after.
        let before = try await hear(recording("add-a-diet-cola.rms", band), recognizer, orders, band)
        #expect(before.hypotheses.first?.text == "add a diet cola")
        #expect(try await hear([], recognizer, shell, band).hypotheses.isEmpty)
    }

    /// Words of letters in the order of the dictionary.
    private func dictionaryWords() throws -> [String] {
        let text = try String(contentsOf: URL(filePath: ModelPaths.debian.dictionary), encoding: .utf8)
        return text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { $0.allSatisfy { $0.isASCII && $0.isLetter } }
    }

    /// Otherwise decoding would cost half as much again, and nobody would notice.
    @Test func theEngineUsesOurSearch() { #expect(Recognizer.hasOwnSearch) }

    @Test func silenceAndNothingAreNoWords() async throws {
        let recognizer = try recognizer()
        for samples in [[], [0], [Int16](repeating: 0, count: 16_000)] as [[Int16]] {
            #expect(try await hear(samples, recognizer, orders, .wideband).hypotheses.isEmpty)
        }
    }

    @Test func everyDecoderInUseIsBusyUntilOneIsGivenBack() async throws {
        let recognizer = try recognizer(decoders: 2)
        let first = try await recognizer.begin(orders, band: .wideband)
        var second: (any UtteranceRecognizing)? = try await recognizer.begin(orders, band: .wideband)
        #expect(second != nil)
        await #expect(throws: RecognizingError.busy) { _ = try await recognizer.begin(orders, band: .wideband) }
        second = nil  // forgotten, neither finished nor abandoned
        let third = try await recognizer.begin(orders, band: .wideband)
        _ = await first.finish()
        _ = await first.finish()  // a second end gives nothing back twice
        await third.abandon()
        let fourth = try await recognizer.begin(orders, band: .wideband)
        let fifth = try await recognizer.begin(orders, band: .wideband)
        await #expect(throws: RecognizingError.busy) { _ = try await recognizer.begin(orders, band: .wideband) }
        await fourth.abandon()
        await fifth.abandon()
    }

    @Test func manyNetworksComeAndGo() async throws {
        let recognizer = try recognizer()
        let samples = try recording("add-a-diet-cola.rms", .wideband)
        for number in 0..<40 {
            let turn = network(
                "turn \(number)", "add a diet cola", "a hamburger please", number % 2 == 0 ? "yes" : "no")
            let heard = try await hear(samples, recognizer, turn, .wideband)
            #expect(heard.hypotheses.first?.text == "add a diet cola")
        }
    }

    @Test func wordsThatNoDictionaryHasAreSpelledByTheVoice() async throws {
        let voice = TableVoice(["pepperonni": "pˌɛpɚɹˈoʊni"])
        let recognizer = try recognizer(voice: voice)
        let menu = network("menu", "a large pepperonni pizza please", "a hamburger please")
        let samples = try recording("a-large-pepperoni-pizza-please.rms", .wideband)
        for _ in 0..<2 {
            let heard = try await hear(samples, recognizer, menu, .wideband)
            #expect(heard.hypotheses.first?.text == "a large pepperonni pizza please")
        }
        #expect(await voice.asked == ["pepperonni"])
    }

    @Test(arguments: [
        WordNetwork(id: "", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "yes")]),
        WordNetwork(id: "n", stateCount: 0, finals: [], arcs: []),
        WordNetwork(id: "n", stateCount: 2, finals: [], arcs: [.init(from: 0, to: 1, word: "yes")]),
        WordNetwork(id: "n", stateCount: 2, finals: [2], arcs: [.init(from: 0, to: 1, word: "yes")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 2, word: "yes")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: -1, to: 1, word: "yes")]),
        WordNetwork(id: "n", stateCount: 3, finals: [2], arcs: [.init(from: 0, to: 1, word: "yes")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "yes", logWeight: 1)]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "yes", logWeight: .nan)]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "yes(2)")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "<s>")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "two words")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "Yes")]),
        WordNetwork(id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "zzqx")]),
        WordNetwork(
            id: "n", stateCount: 2, finals: [1], arcs: [.init(from: 0, to: 1, word: "yes")],
            blanks: [.init(from: 0, to: 2, kind: 0)], assortment: Assortment(phrases: [])),
    ]) func brokenNetworksAreRefusedAndLeaveTheDecoderUsable(broken: WordNetwork) async throws {
        let recognizer = try recognizer()
        do {
            _ = try await recognizer.begin(broken, band: .wideband)
            Issue.record("accepted")
        } catch RecognizingError.network {
        }
        let samples = try recording("add-a-diet-cola.rms", .wideband)
        #expect(try await hear(samples, recognizer, orders, .wideband).hypotheses.first?.text == "add a diet cola")
    }

    @Test func missingModelsSayWhatToInstall() throws {
        let lexicon = try Lexicon(
            dictionary: ModelPaths.debian.dictionary, phoneMap: englishPhoneMap(), pronouncing: nil, language: "en")
        let nowhere = ModelPaths(acousticModel: "/nonexistent/model", dictionary: ModelPaths.debian.dictionary)
        #expect(
            throws: RecognizingError.model("/nonexistent/model/mdef not found; install pocketsphinx-en-us")
        ) { try Recognizer(models: nowhere, lexicon: lexicon) }
        let unadapted = ModelPaths(
            acousticModel: ModelPaths.debian.acousticModel, dictionary: ModelPaths.debian.dictionary,
            telephone: .adapted(folder: "/nonexistent"))
        #expect(throws: RecognizingError.model("/nonexistent/telephone.mllr not found; install Rozmova again")) {
            try Recognizer(models: unadapted, lexicon: lexicon)
        }
        let ownless = ModelPaths(
            acousticModel: ModelPaths.debian.acousticModel, dictionary: ModelPaths.debian.dictionary,
            telephone: .own(acousticModel: "/nonexistent"))
        #expect(throws: RecognizingError.self) { try Recognizer(models: ownless, lexicon: lexicon) }
        #expect(throws: RecognizingError.self) {
            try Lexicon(dictionary: "/nonexistent", phoneMap: englishPhoneMap(), pronouncing: nil, language: "en")
        }
    }
}
