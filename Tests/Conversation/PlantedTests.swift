// Cards planted into random conversations, in figures and words, in groups of any size, in one breath or in several: whatever the
// policy keeps, and unless an order number was asked for, no turn that is reported or kept has more of them than a quantity has.

import Commerce
import Conversation
import Foundation
import Language
import Privacy
import Testing

@Suite struct PlantedTests {
    private static let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    private static let talk = [
        "two large pepperoni pizzas", "a cola please", "what do you have", "make that three", "how much is it",
        "no thanks",
        "checkout", "pickup please", "cash", "what do you keep about me",
    ]

    /// Figures as somebody may say them.
    private func spoken(_ digits: [Int], _ chance: inout PlantedChance) -> String {
        let isWords = chance.next(2) == 0
        var groups: [String] = []
        var left = digits[...]
        while !left.isEmpty {
            let size = min(left.count, 1 + chance.next(4))
            let group = left.prefix(size)
            left = left.dropFirst(size)
            groups.append(
                isWords ? group.map { Self.words[$0] }.joined(separator: " ") : group.map(String.init).joined())
        }
        return groups.joined(separator: ["-", " ", ", ", " "][chance.next(4)])
    }

    /// The longest run of the card's own figures in a text, however they are written.
    private func longestRun(of card: [Int], in text: String) -> Int {
        let figures = text.lowercased().split { !$0.isLetter && !$0.isNumber }.flatMap { piece -> [Int?] in
            if let value = Self.words.firstIndex(of: String(piece)) { return [value] }
            return piece.contains { !$0.isNumber } ? [nil] : piece.map { $0.wholeNumberValue }
        }
        var longest = 0
        for start in figures.indices {
            for offset in card.indices {
                var length = 0
                while start + length < figures.count, offset + length < card.count,
                    figures[start + length] == card[offset + length]
                {
                    length += 1
                }
                longest = max(longest, length)
            }
        }
        return longest
    }

    @Test(arguments: [RetentionForm.redacted, .full]) func noCardIsKept(form: RetentionForm) async throws {
        let rule = Retention(form: form, days: 30, purpose: "test")
        let policy = RetentionPolicy(replacing: [.transcript: rule, .acts: rule, .audio: rule])
        for seed in 0..<120 {
            var chance = PlantedChance(seed: UInt64(seed))
            let trace = KeptTrace()
            let session = try TestFloor.session(
                desk: MemoryDesk(), trace: trace, caller: "+380671234567", policy: policy)
            _ = await session.start()
            let card = (0..<[13, 16, 16, 19][chance.next(4)]).map { _ in chance.next(10) }
            for _ in 0..<chance.next(4) { _ = await session.hear(typed: Self.talk[chance.next(Self.talk.count)]) }
            if chance.next(3) == 0 {
                // In several breaths: each may have been the beginning of one.
                for start in stride(from: 0, to: card.count, by: 4) {
                    _ = await session.hear(typed: spoken(Array(card[start..<min(card.count, start + 4)]), &chance))
                }
            } else {
                let said = ["my card is ", "", "take it from ", "a cola and "][chance.next(4)] + spoken(card, &chance)
                let report = await session.hear(typed: said)
                #expect(report.unheard.caller, "\(said)")
                #expect(longestRun(of: card, in: report.heard ?? "") < 4, "\(report.heard ?? "")")
            }
            // The code on its back, said behind it.
            let isWhole = await trace.text.contains("card numbers")
            _ = await session.hear(typed: "the code is " + spoken([4, 7, 1], &chance))
            _ = await session.hear(typed: Self.talk[chance.next(Self.talk.count)])
            let kept = await trace.text
            if isWhole { #expect(longestRun(of: [4, 7, 1], in: kept) < 3, "seed \(seed)") }
            let run = longestRun(of: card, in: kept)
            #expect(run < 4, "seed \(seed): \(run) figures of the card are kept: \(kept)")
        }
    }
}

/// SplitMix64: the same conversations in every run.
private struct PlantedChance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ below: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(below))
    }
}
