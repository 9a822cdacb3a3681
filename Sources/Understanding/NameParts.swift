// Products by some words of their names, for who says no more: "a muffin", "ibuprofen", "samsung phone". Names, brands and
// categories come in; runs of words of an utterance with the products that bear all of them go out. Only in writing.

import Language

/// An index from words to the products whose names have them.
struct NameParts: Sendable {
    /// By word the products that are called so, or made by who is; ascending.
    private var named: [Int32: [Int32]] = [:]
    /// By word the products of a category that is called so: they go on with a name, but name nothing.
    private var kinds: [Int32: [Int32]] = [:]
    /// Words that a name can be known by: no figures, units, articles.
    private var telling: Set<Int32> = []

    /// More products than these nobody listens to.
    private static let most = 60

    /// The index of nothing.
    init() {}

    /// - Parameter products: the words of their names, and of what their categories are called.
    /// - Parameter meaningless: words that no name is known by.
    /// - Parameter number: gives a word its number.
    init(
        _ products: [(names: [String], kinds: [String])], _ meaningless: Set<String>, _ rules: any LanguageRules,
        _ number: (String) -> Int32
    ) {
        var known: [String: [Int32]] = [:]
        for (index, product) in products.enumerated() {
            for word in product.names {
                for form in forms(of: word) { Self.note(Int32(index), under: form, in: &named) }
            }
            for word in product.kinds {
                for form in forms(of: word) { Self.note(Int32(index), under: form, in: &kinds) }
            }
        }

        func forms(of word: String) -> [Int32] {
            if let known = known[word] { return known }
            let isTelling =
                word.count > 2 && !word.contains(where: \.isNumber) && !meaningless.contains(word)
                && rules.numbers(in: [word], at: 0).isEmpty && rules.measures(in: ["2", word], at: 0).isEmpty
            let others = isTelling ? rules.plurals(of: [word]) + rules.singulars(of: [word]) : []
            let forms = [number(word)] + others.filter { $0.count == 1 }.joined().map(number)
            if isTelling { telling.formUnion(forms) }
            known[word] = forms
            return forms
        }
    }

    private static func note(_ product: Int32, under word: Int32, in postings: inout [Int32: [Int32]]) {
        if postings[word]?.last != product { postings[word, default: []].append(product) }
    }

    /// Whether something is called so.
    func isNamed(_ word: Int32) -> Bool { named[word] != nil }

    /// Every run of words from `start` on that the name of a product has, in any order.
    func matches(in utterance: Utterance, at start: Int) -> [PhraseTrie.Match] {
        var found: [PhraseTrie.Match] = []
        for first in utterance.readings[start] where telling.contains(first.word) {
            guard var products = named[first.word] else { continue }
            var cost = first.cost
            var position = start + 1
            while true {
                let values = Array(products.prefix(Self.most))
                found.append(PhraseTrie.Match(length: position - start, values: values, cost: cost))
                guard position < utterance.tokens.count else { break }
                var next: (products: [Int32], cost: Double)?
                for reading in utterance.readings[position] where next == nil || reading.cost < next?.cost ?? 0 {
                    let narrowed = narrowed(products, by: reading.word)
                    if !narrowed.isEmpty { next = (narrowed, reading.cost) }
                }
                guard let next else { break }
                products = next.products
                cost += next.cost
                position += 1
            }
        }
        return found
    }

    private func narrowed(_ products: [Int32], by word: Int32) -> [Int32] {
        let (names, titles) = (named[word] ?? [], kinds[word] ?? [])
        guard !names.isEmpty || !titles.isEmpty else { return [] }
        return products.filter { names.hasSorted($0) || titles.hasSorted($0) }
    }
}

extension Array where Element == Int32 {
    /// Whether this ascending array has `value`.
    fileprivate func hasSorted(_ value: Int32) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == value
    }
}
