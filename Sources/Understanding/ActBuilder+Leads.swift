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

    /// "For four people", "for 2 days": no number of goods.
    func isOfOther(_ number: Range<Int>) -> Bool {
        utterance.tokens.indices.contains(number.upperBound)
            && leads.elsewhere.contains(utterance.tokens[number.upperBound])
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
