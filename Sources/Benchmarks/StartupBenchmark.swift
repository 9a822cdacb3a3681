// How long it takes until a call can be taken, and what memory that needs. In: a process that has done nothing yet.
// Out: seconds and memory of each part, and of each further decoder.

import Audio
import Commerce
import Conversation
import Foundation
import Hearing
import Language
import Platform
import Speaking
import Understanding

enum StartupBenchmark {
    private static let furtherDecoders = BenchmarkSetting.decoders - 1

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        var rows = [row("the process, until here", ProcessFacts.age)]
        let whole = Stopwatch()
        func part<Value>(_ name: String, _ work: () async throws -> Value) async throws -> Value {
            let watch = Stopwatch()
            let value = try await work()
            rows.append(row(name, watch.seconds))
            return value
        }
        let (shop, catalog) = try await part("shop") { try setting.shop() }
        let pack = try await part("language pack") { try setting.pack(shop) }
        let floor = try await part("understanding") { try Floor(shop: shop, catalog: catalog, pack: pack) }
        let networks = try await part("networks") { floor.networks() }
        let voice = setting.voice(pack)
        try await part("voice") { try await voice.start() }
        let recognizer = try await part("decoder") { try setting.recognizer(pack, voice) }
        let distinct = Dictionary(networks.values.map { ($0.id, $0) }) { first, _ in first }.values
        try await part("decoder: lexicon, networks") {
            for network in distinct { try await recognizer.prepare(network) }
        }
        let desk = try await part("database") { try await setting.desk(floor, "startup") }
        rows.append(row("ready for a call", ProcessFacts.age ?? whole.seconds))

        guard let network = networks[.open] else { return }
        let sound = try await voice.synthesize(floor.shop.name, language: pack.code, band: .wideband)
        /// As many utterances at once, each with a decoder of its own.
        func hear(_ sound: [Int16], _ band: Band, atOnce count: Int) async throws {
            var utterances: [any UtteranceRecognizing] = []
            for _ in 0..<count { utterances.append(try await recognizer.begin(network, band: band)) }
            for utterance in utterances {
                await utterance.hear(sound)
                _ = await utterance.finish()
            }
        }
        try await hear(sound, .wideband, atOnce: 1)
        rows.append(row("after an utterance", nil))
        let narrow = Resampler.convert(sound, from: Band.wideband.rate, to: Band.telephone.rate)
        var marks = [ProcessFacts.memory?.now]
        for (band, sound) in [(Band.telephone, narrow), (.wideband, sound)] {
            try await hear(sound, band, atOnce: 1 + furtherDecoders)
            marks.append(ProcessFacts.memory?.now)
        }
        rows.append(row("with \(furtherDecoders) further decoders", nil))
        output.show(
            Table("startup", "until a call can be taken", ["part", "ms", "resident MB", "highest MB"], rows))
        if let before = marks[0], let telephone = marks[1], let both = marks[2] {
            let count = Double(furtherDecoders)
            output.show(
                Table(
                    "startup", "a further decoder",
                    ["measured with", "MB each by telephone", "MB each for both bands"],
                    [
                        [
                            .count(furtherDecoders), .decimal((telephone - before) / count, digits: 1),
                            .decimal((both - before) / count, digits: 1),
                        ]
                    ]))
        }
        // Until here all of it has to be in memory at once.
        withExtendedLifetime((desk, recognizer)) {}
    }

    private static func row(_ name: String, _ seconds: Double?) -> [Table.Cell] {
        let memory = ProcessFacts.memory
        return [
            .text(name), seconds.map { .decimal($0 * 1_000, digits: 0) } ?? .nothing,
            memory.map { .decimal($0.now, digits: 1) } ?? .nothing,
            memory.map { .decimal($0.highest, digits: 1) } ?? .nothing,
        ]
    }
}
