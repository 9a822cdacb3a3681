// How well and at what cost names are heard among very many. In: the recorded utterances that name products, the shop's
// catalogue filled up with invented products. Out: a table by the number of products.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Platform
import Understanding

enum CatalogueBenchmark {
    private static let sizes = [1_000, 10_000, 50_000]

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let (shop, catalog) = try setting.shop()
        let rows = try FixtureBook.read(setting.recordings).utterances.filter(\.namesProducts)
        let recordings = rows.reduce(0) { $0 + $1.voices.count }
        var table: [[Table.Cell]] = []
        for size in [catalog.products.count] + sizes {
            output.note("hearing: \(recordings) recordings in two bands, \(size) products")
            let larger = try catalog.filledUp(to: size, words: setting.models.dictionary)
            let watch = Stopwatch()
            let floor = try Floor(shop: shop, catalog: larger, pack: setting.pack(shop))
            let network = floor.network(for: .open)
            let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
            try await recognizer.prepare(network)
            let ready = watch.seconds
            for band in Band.allCases.reversed() {
                var verdicts: [Verdict: Int] = [:]
                var (sound, cost) = (0.0, 0.0)
                var waits: [Double] = []
                for row in rows {
                    for (_, name) in row.recordings {
                        let samples = try setting.recording(name, in: band)
                        let (heard, wait) = try await hear(samples, band: band, with: recognizer, network)
                        verdicts[row.verdict(on: heard.hypotheses, by: floor.understander), default: 0] += 1
                        sound += heard.audioSeconds
                        cost += heard.cpuSeconds
                        waits.append(wait)
                    }
                }
                let wait = Sample(waits)
                table.append(
                    [.count(size), .text(band.rawValue)]
                        + [Verdict.right, .wrong, .rejected].map { .share(verdicts[$0] ?? 0, of: recordings) }
                        + [
                            .decimal(cost / sound, digits: 3), wait.milliseconds(0.5, digits: 0),
                            wait.milliseconds(0.95, digits: 0), .decimal(ready, digits: 1),
                        ])
            }
            withExtendedLifetime(recognizer) {}
        }
        output.show(
            Table(
                "hearing", "requests that name products, in catalogues of growing size",
                [
                    "products", "band", "right", "wrong", "rejected", "cost", "median ms after the end", "95 % ms",
                    "s to prepare",
                ], table))
    }

    /// Also gives how long the end of it took.
    private static func hear(
        _ samples: [Int16], band: Band, with recognizer: Recognizer, _ network: WordNetwork
    ) async throws -> (Recognition, seconds: Double) {
        let utterance = try await recognizer.begin(network, band: band)
        await utterance.hear(samples)
        let watch = Stopwatch()
        let heard = await utterance.finish()
        return (heard, watch.seconds)
    }
}

extension FixtureBook.Utterance {
    /// Whether a product is among what it asks for.
    fileprivate var namesProducts: Bool {
        guard expectation == .open, case .acts(let acts) = expect else { return false }
        return acts.contains { !($0.items ?? []).isEmpty }
    }
}

extension Catalog {
    /// The same goods among as many invented ones as make `count`. Nine of ten are called by two to four words of the
    /// recogniser's dictionary, few of them often and many of them seldom, the tenth by two words of the shop's own names.
    func filledUp(to count: Int, words dictionary: String) throws -> Catalog {
        var chance = Chance(seed: 5)
        let lines = try String(contentsOf: URL(filePath: dictionary), encoding: .utf8).split(separator: "\n")
        var words = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { (3...10).contains($0.count) && $0.allSatisfy { $0.isASCII && $0.isLetter } }
        words.shuffle(using: &chance)
        words = Array(words.prefix(max(300, count / 5)))
        let own = Set(products.flatMap { $0.naming.title.lowercased().split { !$0.isLetter } })
            .filter { $0.count > 2 }.map(String.init).sorted()
        var known = Set(products.map { $0.naming.title.lowercased() })
        var all = products
        while all.count < count {
            let named =
                Int.random(in: 0..<10, using: &chance) == 0
                ? (0..<2).map { _ in own.randomElement(using: &chance) ?? "" }
                : (0..<Int.random(in: 2...4, using: &chance)).map { _ in
                    // The square makes the first ones frequent.
                    words[Int(pow(Double.random(in: 0..<1, using: &chance), 2) * Double(words.count))]
                }
            let title = named.joined(separator: " ")
            guard Set(named).count == named.count, known.insert(title).inserted else { continue }
            all.append(
                Product(
                    sku: "invented-\(all.count)", naming: Naming(title: title),
                    price: Money(minorUnits: 100, currency: currency)))
        }
        return Catalog(currency: currency, categories: categories, products: all, modifierGroups: modifierGroups)
    }
}
