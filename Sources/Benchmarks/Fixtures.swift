// The table of recorded utterances. In: `utterances.json5`. Out: rows, and whether acts are the expected ones by the
// rules that stand at the head of that file.

import Audio
import Commerce
import Foundation
import Understanding

/// The recorded utterances and who says them.
struct FixtureBook: Decodable {
    struct Voice: Decodable {
        enum Use: String, Decodable { case tuning, judging }
        let use: Use
    }

    struct Utterance: Decodable {
        let file: String
        let words: String
        let voices: [String]
        let state: String
        let scene: String?
        let expect: Expected

        var expectation: Expectation { Expectation(rawValue: state) ?? .open }
        /// Whether nothing must come of it.
        var isIntruder: Bool { if case .rejected = expect { true } else { false } }
        /// The file names of its recordings, with who says each.
        var recordings: [(voice: String, name: String)] { voices.map { ($0, "\(file).\($0).wav") } }
    }

    let voices: [String: Voice]
    let utterances: [Utterance]

    static func read(_ folder: URL) throws -> FixtureBook {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try decoder.decode(FixtureBook.self, from: Data(contentsOf: folder.appending(path: "utterances.json5")))
    }
}

extension BenchmarkSetting {
    /// The folder of the recordings of a band.
    func folder(of band: Band) -> URL { recordings.appending(path: band == .telephone ? "phone" : "kiosk") }

    /// The samples of one of them, at the band's rate.
    func recording(_ name: String, in band: Band) throws -> [Int16] {
        try BandReader.load(folder(of: band).appending(path: name).path, band: band)
    }
}

/// What must come of an utterance.
enum Expected: Decodable {
    case rejected
    case acts([ExpectedAct])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if (try? value.decode(String.self)) == "rejected" {
            self = .rejected
        } else {
            self = .acts(try value.decode([ExpectedAct].self))
        }
    }

    /// Judges what was understood, where it counts from `threshold` on.
    func verdict(on meaning: Interpretation, threshold: Double) -> Verdict {
        let isAccepted = meaning.confidence >= threshold && meaning.acts.contains { $0.intent != .outOfScope }
        switch self {
        case .rejected: return isAccepted ? .wrong : .right
        case .acts(let expected):
            guard isAccepted else { return .rejected }
            let isRight =
                expected.count == meaning.acts.count && zip(expected, meaning.acts).allSatisfy { $0.matches($1) }
            return isRight ? .right : .wrong
        }
    }
}

/// What became of an utterance: as expected, acted on though it means something else, or not acted on.
enum Verdict: String { case right, wrong, rejected }

/// An act as the table writes it.
struct ExpectedAct: Decodable {
    struct Item: Decodable {
        let sku: String?
        let candidates: [String]?
        let quantity: Decimal?
        let modifiers: [Modifier]?
        let without: [Modifier]?

        func matches(_ item: ItemPhrase) -> Bool {
            let names = candidates ?? (sku.map { [$0] } ?? [])
            let wanted = quantity.map { Quantity(decimal: "\($0)") } ?? 1
            return Set(names) == Set(item.candidates) && wanted == item.quantity ?? 1
                && Modifier.match(modifiers ?? [], item.modifiers) && Modifier.match(without ?? [], item.without)
        }
    }

    struct Modifier: Decodable {
        let group: String?
        let id: String
        let amount: String?

        private func matches(_ chosen: ChosenModifier) -> Bool {
            (group ?? chosen.group) == chosen.group && id == chosen.id && amount == chosen.amount
        }

        /// One without a group stands for that word in whatever groups know it.
        static func match(_ expected: [Modifier], _ chosen: [ChosenModifier]) -> Bool {
            expected.allSatisfy { wanted in chosen.contains { wanted.matches($0) } }
                && chosen.allSatisfy { got in expected.contains { $0.matches(got) } }
        }
    }

    let intent: String
    let items: [Item]?
    let slots: [String: String]?

    func matches(_ act: Act) -> Bool {
        let (items, slots) = (items ?? [], slots ?? [:])
        return intent == act.intent.rawValue && items.count == act.items.count
            && zip(items, act.items).allSatisfy { $0.matches($1) }
            && Set(slots.keys) == Set(act.slots.keys.map(\.rawValue))
            && act.slots.allSatisfy { slot, text in Self.isAlike(slots[slot.rawValue] ?? "", text, in: slot) }
    }

    /// Without case and punctuation; numbers as numbers, but not where zeros before them count.
    private static func isAlike(_ expected: String, _ text: String, in slot: Slot) -> Bool {
        if [.quantity, .priceMax, .ordinal].contains(slot), let left = Decimal(string: expected),
            let right = Decimal(string: text)
        {
            return left == right
        }
        func words(_ text: String) -> [Substring] { text.lowercased().split { !$0.isLetter && !$0.isNumber } }
        return words(expected) == words(text)
    }
}
