// What the words before goods say of them: that they are known, that they are several, that a number is of a whole list. Looks
// at the words of one utterance; marks items.

import Commerce
import Language

/// Words that say something of the goods behind them. Without any where what was heard is understood: they sound like others.
struct Leads: Sendable {
    /// "The", "my": of something known.
    var known: Set<String> = []
    /// "All", "both".
    var every: Set<String> = []
    /// "For" before something known: what the goods are meant for.
    var purpose: Set<String> = []
    /// "People", "days": what a number before them counts is no goods.
    var elsewhere: Set<String> = []
    /// "For" before the number of those who share something.
    var sharing: Set<String> = []
    /// "People", behind that number.
    var sharers: Set<String> = []
    /// What may stand between them and the goods.
    var passing: Set<String> = []
}

extension ActBuilder {
    /// Notes of an item without a number what stands before it, and how its product was named.
    func mark(_ phrase: inout ItemPhrase, from start: Int, named product: Range<Int>, skipped: Set<Int>) {
        phrase.isKnown = start > 0 && leads.known.contains(utterance.tokens[start - 1])
        phrase.isSeveral = !leads.known.isEmpty && isSeveral(product)
        // "All the veggies", where that is a sandwich.
        let before = utterance.tokens.indices.prefix(start).last { !leads.passing.contains(utterance.tokens[$0]) }
        if let before, skipped.contains(before), leads.every.contains(utterance.tokens[before]) {
            phrase.isGuess = true
        }
    }

    /// "Staples for my stapler": it is there already.
    func isPurpose(_ phrase: ItemPhrase, from start: Int) -> Bool {
        phrase.isKnown && start > 1 && leads.purpose.contains(utterance.tokens[start - 2])
    }

    /// "For four people", "for 2 days", "a crab for two": no number of goods.
    func isOfOther(_ number: Range<Int>) -> Bool {
        guard utterance.tokens.indices.contains(number.upperBound) else { return isBehindSharing(number) }
        return leads.elsewhere.contains(utterance.tokens[number.upperBound])
    }

    private func isBehindSharing(_ number: Range<Int>) -> Bool {
        number.lowerBound > 1 && leads.sharing.contains(utterance.tokens[number.lowerBound - 1])
    }

    /// Whether it is said somewhere outside of names for how many people something is.
    func isShared(besides parse: Parse) -> Bool {
        guard utterance.tokens.contains(where: leads.sharing.contains) else { return false }
        let named: [Range<Int>] = parse.notes.compactMap { note in
            guard case .capture(let capture) = note else { return nil }
            return capture.kind.isGoods || capture.kind == .price ? capture.range : nil
        }
        return utterance.tokens.indices.dropFirst(2).contains { place in
            leads.sharing.contains(utterance.tokens[place - 1]) && !named.contains { $0.contains(place) }
                && rules.numbers(in: utterance.tokens, at: place).contains { number in
                    let behind = place + number.length
                    return behind == utterance.tokens.count || leads.sharers.contains(utterance.tokens[behind])
                }
        }
    }

    /// What stands for "the large one" in an act.
    func told(_ meanings: [ChosenModifier], behind words: String?) -> String {
        var ids: [String] = []
        for id in meanings.map(\.id.asTold) where !ids.contains(id) { ids.append(id) }
        return [words, ids.joined(separator: "|")].compactMap { $0 }.joined(separator: " ")
    }

    /// "3 footlongs: tuna, ham and turkey": what is counted are footlongs, and no tuna sandwiches.
    func isOfList(_ modifier: (choice: ChosenModifier, range: Range<Int>), before product: Capture) -> Bool {
        let spoken = ShopVocabulary.SpokenModifier(
            group: modifier.choice.group, id: modifier.choice.id, amount: modifier.choice.amount)
        return modifier.range.upperBound == product.range.lowerBound && isSeveral(modifier.range)
            && !isOwnName(spoken, modifier.range) && !isSeveral(product.range)
    }

    private func isSeveral(_ range: Range<Int>) -> Bool {
        rules.isSeveral(utterance.tokens[range].joined(separator: " "))
    }
}

extension String {
    /// An identifier as it stands in the slot `told`.
    public var asTold: String { replacing(" ", with: "_").replacing("|", with: "_") }
}
