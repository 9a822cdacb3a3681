// What words can mean of one product: all of a group, one modifier said twice, a name that says enough. Looks, keeps nothing.

import Commerce
import Language

extension ActBuilder {
    /// Whether the modifier that was said last is one too many of its group.
    func isAgain(_ choice: ChosenModifier, in phrase: ItemPhrase) -> Bool {
        phrase.modifiers.last == choice && vocabulary.catalog.group(choice.group)?.max == 1
            && phrase.modifiers.dropLast().contains { $0.group == choice.group }
    }

    /// "Vanilla, but only a little vanilla": of one modifier that was named twice the amount counts that was said last.
    func lastOfEach(_ modifiers: [ChosenModifier]) -> [ChosenModifier] {
        var result: [ChosenModifier] = []
        for choice in modifiers {
            if let place = result.firstIndex(where: { $0.group == choice.group && $0.id == choice.id }) {
                if choice.amount != nil { result[place] = choice }
            } else {
                result.append(choice)
            }
        }
        return result
    }

    /// All of some groups, but what was excluded. "Everything" is of the largest group that can be left out and had all at
    /// once; where none can, of the largest, and it has to be asked which of it.
    func all(of whole: Whole, on product: Product, besides phrase: ItemPhrase) -> [ChosenModifier] {
        let groups = vocabulary.catalog.groups(of: product)
        let wanted: [ModifierGroup]
        switch whole {
        case .groups(let named): wanted = groups.filter { named.contains($0.id) }
        case .everything:
            let free = groups.filter { $0.removable && $0.max > 1 }
            let complete = free.filter { $0.max >= $0.modifiers.count }
            let largest = (complete.isEmpty ? free : complete).max { $0.modifiers.count < $1.modifiers.count }
            // "Everything but onions" is of what onions are of.
            let left = free.filter { group in phrase.without.contains { $0.group == group.id } }
            wanted = left.isEmpty ? [largest].compactMap { $0 } : left
        }
        return wanted.flatMap(all).filter { choice in
            !(phrase.without + phrase.modifiers).contains { $0.group == choice.group && $0.id == choice.id }
        }
    }

    /// Whether it is a guess at a product that can have nothing of what is said of it: "a mix of duck and tuna", and bird seed mix.
    func isImpossible(_ phrase: ItemPhrase) -> Bool {
        guard phrase.isGuess, phrase.hasModifiers, let product = phrase.sku.flatMap(vocabulary.catalog.product) else {
            return false
        }
        return !(phrase.modifiers + phrase.without + phrase.unclear.joined()).contains {
            product.modifierGroups.contains($0.group)
        }
    }

    func all(of group: ModifierGroup) -> [ChosenModifier] {
        group.modifiers.map { ChosenModifier(group: group.id, id: $0.id) }
    }

    func isOwnName(_ spoken: ShopVocabulary.SpokenModifier, _ range: Range<Int>) -> Bool {
        let names = vocabulary.catalog.group(spoken.group)?.modifier(spoken.id)?.naming.all ?? []
        let said = utterance.tokens[range]
        return names.contains { said.suffix(rules.tokens(of: $0).count).elementsEqual(rules.tokens(of: $0)) }
    }

    /// - Parameter isOnly: whether it is the only one, so that its brand need not be said.
    func isSure(_ sku: String, saidIn range: Range<Int>, isOnly: Bool) -> Bool {
        guard let product = vocabulary.catalog.product(sku) else { return false }
        let category = product.category.flatMap(vocabulary.catalog.category)?.naming.all ?? []
        let brand = isOnly ? [product.brand].compactMap { $0 } : []
        let beside = Set((category + brand).flatMap(rules.tokens))
        let said = Set(range.flatMap { utterance.readings[$0].map(\.word) })
        // "Black coffee" is no black tea, though both stand under "coffee and tea".
        let own = Set(product.naming.all.flatMap { rules.tokens(of: $0) })
        let isOther = range.contains { place in
            !own.contains(utterance.tokens[place])
                && vocabulary.all.products.matches(in: utterance, at: place).contains { $0.length == 1 && $0.cost == 0 }
        }
        if isOther { return false }
        return product.naming.all.map({ rules.tokens(of: $0) }).contains { name in
            let words = name.map(vocabulary.words.knownNumber)
            return words.contains { $0.map(said.contains) == true }
                && name.indices.allSatisfy { place in
                    let word = name[place]
                    return words[place].map(said.contains) == true || beside.contains(word)
                        || word.count < 3 || word.contains(where: \.isNumber)
                        || place > 0 && name[place - 1].contains(where: \.isNumber)
                }
        }
    }
}
