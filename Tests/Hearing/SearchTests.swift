// Our functions in the engine beside its own: every word, frame and score has to be the same.

import Audio
import Testing

@testable import Hearing

@Suite(.enabled(if: hasModel, "pocketsphinx-en-us is not installed"), .serialized) struct SearchTests {
    /// Any words in a row, then perhaps one of a few more behind an arc without a word. Words of one phone, words that
    /// begin and end alike, and words of several pronunciations.
    private let loop: WordNetwork = {
        let words =
            "a the oh large pepperoni pizza pickup please add diet cola hamburger yes no one two three four five"
        let arcs = words.split(separator: " ").flatMap { word in
            [0, 1].map { WordNetwork.Arc(from: $0, to: 1, word: String(word), logWeight: -3) }
        }
        let last = ["please", "thanks", "a", "pizzas"].map { WordNetwork.Arc(from: 2, to: 3, word: $0, logWeight: -1) }
        return WordNetwork(
            id: "loop", stateCount: 4, finals: [1, 3], arcs: arcs + last,
            empties: [.init(from: 1, to: 2, logWeight: -2)])
    }()

    private let names = ["a-large-pepperoni-pizza-please.rms", "pickup.us", "oov-weather.slt", "oov-train.kal16"]

    private func pronunciations() async throws -> [String: [String]] {
        let lexicon = try Lexicon(
            dictionary: ModelPaths.debian.dictionary, phoneMap: englishPhoneMap(), pronouncing: nil, language: "en")
        return try await lexicon.pronunciations(of: Set(loop.arcs.map(\.word)))
    }

    private func decoder(
        _ band: Band, _ settings: [String: String], _ networks: CompiledNetworks = CompiledNetworks(),
        isPlain: Bool = false
    ) throws -> Decoder {
        let model = try englishModels.acousticModel(for: band)
        return try Decoder(
            acousticModel: model.folder, transform: model.transform, rate: model.rate, settings: settings,
            networks: networks, isPlain: isPlain)
    }

    private func hear(_ name: String, _ band: Band, _ decoder: inout Decoder) throws -> [Segment] {
        let model = try englishModels.acousticModel(for: band)
        try decoder.begin(prior: model.mean)
        decoder.hear(Resampler.convert(try recording(name, band), from: band.rate, to: model.rate))
        return decoder.finish() ?? []
    }

    @Test(arguments: Band.allCases) func findsWhatTheEngineFinds(band: Band) async throws {
        let words = try await pronunciations()
        let settings = DecoderSettings.network(wordBeam: try englishModels.acousticModel(for: band).wordBeam)
        var ours = try decoder(band, settings)
        var engines = try decoder(band, settings, isPlain: true)
        try ours.load(loop, pronunciations: words)
        try engines.load(loop, pronunciations: words)
        try ours.select(loop)
        try engines.select(loop)
        for name in names {
            let found = try hear(name, band, &ours)
            #expect(try !found.isEmpty && found == hear(name, band, &engines), "\(name)")
            #expect(ours.readings(limit: 6) == engines.readings(limit: 6), "\(name)")
        }
    }

    @Test(arguments: Band.allCases) func phonesAreTheSameToo(band: Band) throws {
        var ours = try decoder(band, DecoderSettings.phoneLoop)
        var engines = try decoder(band, DecoderSettings.phoneLoop, isPlain: true)
        try ours.loadPhoneLoop()
        try engines.loadPhoneLoop()
        for name in names {
            let found = try hear(name, band, &ours)
            #expect(try found.count > 3 && found == hear(name, band, &engines), "\(name)")
        }
    }

    /// One of both bands uses what the other compiled, and goes on when that one is gone.
    @Test func decodersShareNetworks() async throws {
        let words = try await pronunciations()
        let settings = DecoderSettings.network(wordBeam: DecoderSettings.WordBeam.telephone)
        var alone = try decoder(.telephone, settings)
        try alone.load(loop, pronunciations: words)
        try alone.select(loop)
        let networks = CompiledNetworks()
        var heir = try decoder(.telephone, settings, networks)
        do {
            var first = try decoder(.wideband, settings, networks)
            try first.load(loop, pronunciations: words)
            try heir.load(loop, pronunciations: words)
            #expect(networks.count == 1)
        }
        try heir.select(loop)
        for name in names { #expect(try hear(name, .telephone, &heir) == hear(name, .telephone, &alone), "\(name)") }
        heir.unload(loop)
        #expect(networks.count == 0)
    }
}
