// What a shop's owner should know about how the names of the goods are heard. In: the shop. Out: tables of names that
// were not heard as they were said, that sound alike, or whose pronunciation is a guess.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Understanding

enum OwnCatalogueBenchmark {
    /// Of larger catalogues every so many-th product is taken.
    private static let most = 300
    /// Names with less of their sounds apart than this are easily taken for one another.
    private static let leastApart = 0.25

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let products = floor.catalog.products
        let looked = stride(from: 0, to: products.count, by: max(1, products.count / most)).map { products[$0] }
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        output.note("hearing: \(looked.count) of \(products.count) products")
        if floor.pack.code == "en", let table = try await spoken(looked, floor, recognizer) {
            output.show(table)
        } else {
            output.note("hearing: names are not said and heard: that takes English and the Debian package flite")
        }
        let words = Dictionary(looked.map { ($0.sku, floor.words(of: $0)) }) { first, _ in first }
        let spoken = try await recognizer.pronunciations(of: Set(words.values.joined()))
        output.show(alike(looked, words, spoken))
        output.show(guessed(looked, words, spoken))
        output.note(
            "hearing: what helps is a name as people say it among the product's `aliases`, spelt as it sounds "
                + "(“see ell” for “CL”), and names that differ in more than a sound")
    }

    /// Voices made of people's recordings; the recogniser hears the assistant's own worse than people.
    private static let voices = ["rms", "slt"]

    /// Each name, said by flite and heard where anything may be said; nil without flite.
    private static func spoken(
        _ products: [Product], _ floor: Floor, _ recognizer: Recognizer
    ) async throws -> Table? {
        let network = floor.network(for: .open)
        var rows: [[Table.Cell]] = []
        for product in products {
            let name = product.naming(in: floor.pack.code).title
            for voice in voices {
                let text = floor.words(of: product).joined(separator: " ")
                let made = try Tool.sound(in: .wideband) { wave in
                    ("flite", ["-voice", voice, "-t", text, "-o", wave])
                }
                guard let sound = made else { return nil }
                let heard = try await HearingBenchmark.hear(
                    pause + sound + pause, band: .wideband, with: recognizer, network)
                let (words, meaning) = floor.understander.best(of: heard.hypotheses, expecting: .open)
                let isRight = meaning.acts.contains { $0.items.contains { $0.candidates.contains(product.sku) } }
                if isRight, meaning.confidence >= Assurance.understanding { continue }
                rows.append([
                    .text(product.sku), .text(name), .text(voice), .text(words),
                    .decimal(meaning.confidence, digits: 2),
                ])
            }
        }
        return Table(
            "hearing", "not heard as they were said: \(rows.count) of \(products.count * voices.count)",
            ["sku", "name", "voice", "heard", "confidence"], rows)
    }

    /// Half a second; the recogniser makes a quiet room of it.
    private static let pause = [Int16](repeating: 0, count: Band.wideband.rate / 2)

    private static func alike(
        _ products: [Product], _ words: [String: [String]], _ spoken: [String: Lexicon.Entry]
    ) -> Table {
        let sounds = products.map { product in
            (words[product.sku] ?? []).flatMap { (spoken[$0]?.pronunciations.first ?? "").split(separator: " ") }
        }
        var rows: [[Table.Cell]] = []
        for (one, sound) in sounds.enumerated() {
            for other in sounds.indices.dropFirst(one + 1) {
                let longer = max(sound.count, sounds[other].count)
                let least = Int((leastApart * Double(longer)).rounded(.up))
                guard longer > 0, abs(sound.count - sounds[other].count) < least else { continue }
                // A phone for another one counts as one put in and one taken out.
                let apart = (sounds[other].difference(from: sound).count + 1) / 2
                guard apart < least else { continue }
                rows.append(
                    [products[one], products[other]].flatMap { [.text($0.sku), .text($0.naming.title)] }
                        + [.count(apart), .count(longer)])
            }
        }
        return Table(
            "hearing", "names that sound alike", ["sku", "name", "other sku", "other name", "sounds apart", "of"], rows)
    }

    /// Words that only the voice can pronounce.
    private static func guessed(
        _ products: [Product], _ words: [String: [String]], _ spoken: [String: Lexicon.Entry]
    ) -> Table {
        var rows: [[Table.Cell]] = []
        for product in products {
            for word in words[product.sku] ?? [] {
                guard let entry = spoken[word], !entry.isInDictionary else { continue }
                rows.append([
                    .text(product.sku), .text(product.naming.title), .text(word),
                    .text(entry.pronunciations.joined(separator: "; ")),
                ])
            }
        }
        return Table(
            "hearing", "words that the dictionary lacks, as the voice pronounces them",
            ["sku", "name", "word", "phones"], rows)
    }
}

extension Floor {
    /// How a product's name is spoken.
    fileprivate func words(of product: Product) -> [String] {
        pack.rules.spokenForms(of: product.naming(in: pack.code).title).first ?? []
    }
}
