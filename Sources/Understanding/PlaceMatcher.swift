// What the words of one utterance can be, for the places of templates. Words and the shop's vocabulary come in; matches
// go out, computed once for each place and position. For a family of products those of all products are sifted.

import Commerce
import Language

/// What a place of a template took.
struct Capture: Sendable {
    let kind: PlaceClass
    let slot: Slot?
    /// Products, modifiers …: numbers in the vocabulary's tables. For numbers and measures thousandths, for prices minor
    /// units, for ordinals the place, for addresses the house number and the street in the order spoken, the street as
    /// its bitwise complement.
    let values: [Int32]
    /// The words it took.
    let range: Range<Int>
    /// The digits of `digits`, the unit of `measure`.
    let text: String?
    /// Whether a product is known by some of its words only.
    let isPart: Bool
    /// The modifiers that stood inside a product's name.
    let inner: [Int32]
}

/// What the words of one utterance can be.
struct PlaceMatcher {
    struct Match {
        let length: Int
        var values: [Int32]
        let cost: Double
        var text: String?
        var isPart = false
        var inner: [Int32] = []
    }

    let utterance: Utterance
    let vocabulary: ShopVocabulary
    let rules: any LanguageRules
    /// Whether products are known by some words of their names: not where something else is expected.
    let takesParts: Bool
    /// First and behind the last match in `found`, by position and place; −1 where it was not looked yet.
    private var known: [Int32]
    private let places: Int
    /// Every match found so far: a step of the search names one by its place.
    private(set) var found: [Match] = []
    /// By position, where known: whether the word stands in a whole name, and is no part of another one then.
    private var isCovered: [Bool]?

    init(utterance: Utterance, vocabulary: ShopVocabulary, rules: any LanguageRules, takesParts: Bool) {
        self.takesParts = takesParts
        self.utterance = utterance
        self.vocabulary = vocabulary
        self.rules = rules
        places = PlaceClass.sorted.count * (vocabulary.families.count + 1) + PlaceClass.allCases.count
        known = [Int32](repeating: -1, count: places * utterance.tokens.count * 2)
    }

    /// Where in `found` the matches of a place stand.
    mutating func matches(_ kind: PlaceClass, family: Int32, at position: Int) -> Range<Int> {
        guard position < utterance.tokens.count else { return 0..<0 }
        let place = 2 * (position * places + kind.place(family, vocabulary.families.count))
        if known[place] >= 0 { return Int(known[place])..<Int(known[place + 1]) }
        let new = family < 0 ? find(kind, at: position) : sifted(kind, family, at: position)
        let range = found.count..<(found.count + new.count)
        found += new
        known[place] = Int32(range.lowerBound)
        known[place + 1] = Int32(range.upperBound)
        return range
    }

    /// Of the matches of all products those of one family.
    private mutating func sifted(_ kind: PlaceClass, _ family: Int32, at position: Int) -> [Match] {
        let all = matches(kind, family: -1, at: position)
        guard !all.isEmpty else { return [] }
        switch kind {
        case .product:
            return found[all].compactMap { match in
                var own = match
                own.values = match.values.filter { vocabulary.productFamilies[Int($0)] == Int(family) }
                own.inner = match.inner.filter { vocabulary.takes(family, modifier: $0) }
                return own.values.isEmpty || own.inner.isEmpty != match.inner.isEmpty ? nil : own
            }
        case .modifier, .exclusion:
            return modifiers(kind, at: position) { vocabulary.takes(family, modifier: $0) }
        default: return Array(found[all])
        }
    }

    private mutating func find(_ kind: PlaceClass, at position: Int) -> [Match] {
        switch kind {
        case .product: return products(at: position)
        case .modifier where takesParts:
            return modifiers(kind, at: position) { _ in true }.map(besideGoods(at: position))
        case .modifier, .exclusion: return modifiers(kind, at: position) { _ in true }
        case .everything: return matches(in: vocabulary.everything, at: position)
        case .every: return matches(in: vocabulary.every, at: position)
        case .tag: return matches(in: vocabulary.tags, at: position)
        case .group: return matches(in: vocabulary.groups, at: position)
        case .category: return categories(at: position)
        case .delivery: return deliveries(at: position)
        case .payment: return matches(in: vocabulary.payments, at: position)
        case .price:
            let currency = vocabulary.shop.currency
            return rules.amounts(in: utterance.tokens, at: position, digits: currency.digits).compactMap { amount in
                guard amount.currency == nil || amount.currency == currency.code else { return nil }
                return Int32(exactly: amount.minorUnits).map {
                    Match(length: amount.length, values: [$0], cost: 0)
                }
            }
        case .measure:
            return rules.measures(in: utterance.tokens, at: position).compactMap { measure in
                Int32(exactly: measure.thousandths).map {
                    Match(length: measure.length, values: [$0], cost: 0, text: measure.unit)
                }
            }
        case .number:
            return rules.numbers(in: utterance.tokens, at: position).compactMap { number in
                Int32(exactly: number.thousandths).map {
                    Match(length: number.length, values: [$0], cost: 0)
                }
            }
        case .digits:
            guard let run = rules.digits(in: utterance.tokens, at: position) else { return [] }
            return [Match(length: run.length, values: [], cost: 0, text: run.digits)]
        case .ordinal:
            guard let place = rules.ordinals(in: utterance.tokens, at: position) else { return [] }
            return [Match(length: place.length, values: [Int32(place.index)], cost: 0)]
        case .address: return addresses(at: position)
        case .anything:
            return (1...8).filter { position + $0 <= utterance.tokens.count }
                .map { Match(length: $0, values: [], cost: 0) }
        }
    }

    // MARK: - Products

    /// A product by its names, by one with a modifier inside, else by some words of one.
    private mutating func products(at position: Int) -> [Match] {
        let whole = named(at: position)
        let gapped = gapped(at: position).filter { other in !whole.contains { $0.length >= other.length } }
        guard takesParts, !covered()[position] else { return whole + gapped }
        let kinds = categories(at: position)
        let parts = vocabulary.parts.matches(in: utterance, at: position).filter { part in
            // What a whole kind of goods is called is no part of one's name.
            !(whole + gapped).contains { $0.length >= part.length } && !kinds.contains { $0.length == part.length }
        }
        return whole + gapped
            + parts.map {
                Match(length: $0.length, values: $0.values, cost: $0.cost + Self.costOfPart, isPart: true)
            }
    }

    private func categories(at position: Int) -> [Match] {
        let kinds = matches(in: vocabulary.categories, at: position)
        return kinds.isEmpty ? matches(in: vocabulary.writtenCategories, at: position) : kinds
    }

    /// A way to deliver by its name, or, in a short answer, by a word that only one has.
    private func deliveries(at position: Int) -> [Match] {
        let named = matches(in: vocabulary.deliveries, at: position)
        guard named.isEmpty, takesParts, utterance.tokens.count <= Self.shortAnswer else { return named }
        return matches(in: vocabulary.deliveryParts, at: position).filter { $0.cost == 0 }.map {
            Match(length: $0.length, values: $0.values, cost: Self.costOfPart)
        }
    }

    private static let shortAnswer = 3

    private func named(at position: Int) -> [Match] {
        let named = matches(in: vocabulary.all.products, at: position)
        return named
            + matches(in: vocabulary.writtenProducts, at: position).filter { one in
                !named.contains { $0.length == one.length && $0.cost <= one.cost }
            }
    }

    private mutating func covered() -> [Bool] {
        if let isCovered { return isCovered }
        var covered = [Bool](repeating: false, count: utterance.tokens.count)
        for start in covered.indices {
            for match in matches(in: vocabulary.all.products, at: start) {
                for position in start + 1..<start + max(match.length, 1) { covered[position] = true }
            }
        }
        isCovered = covered
        return covered
    }

    /// "Blue large cheese pizza": a name whose words stand apart, with a modifier between them.
    private mutating func gapped(at start: Int) -> [Match] {
        var gapped: [Match] = []
        let trie = vocabulary.all.products
        for begun in trie.reached(along: utterance, from: start) where !trie.nodes[begun.node].next.isEmpty {
            for number in matches(.modifier, family: -1, at: begun.position)
            where found[number].cost <= Self.costBesideGoods {
                let inner = found[number]
                let behind = begun.position + inner.length
                for end in trie.reached(along: utterance, from: behind, at: begun.node)
                where !trie.nodes[end.node].values.isEmpty {
                    gapped.append(
                        Match(
                            length: end.position - start, values: trie.nodes[end.node].values,
                            cost: begun.cost + end.cost + Self.costOfGap, inner: inner.values))
                }
            }
        }
        return gapped
    }

    // MARK: - Modifiers

    /// A modifier by its names, else by a part of one that means nothing else.
    private func modifiers(_ kind: PlaceClass, at position: Int, _ fits: (Int32) -> Bool) -> [Match] {
        func sifted(_ trie: PhraseTrie) -> [Match] {
            matches(in: trie, at: position).compactMap { match in
                var own = match
                own.values = match.values.filter(fits)
                return own.values.isEmpty ? nil : own
            }
        }
        let own = sifted(kind == .modifier ? vocabulary.all.modifiers : vocabulary.all.exclusions)
        let exact =
            own
            + sifted(vocabulary.written).filter { other in
                !own.contains { $0.length == other.length && $0.cost <= other.cost }
            }
        let parts = sifted(vocabulary.modifierParts).filter { part in
            part.cost == 0 && part.values.count == 1 && !exact.contains { $0.length >= part.length }
        }
        return exact + parts.map { Match(length: $0.length, values: $0.values, cost: Self.costOfPart) }
    }

    /// "A large mocha" is the drink where there is one, and no syrup on nothing: what is said of no product costs more than a
    /// product that is called just so.
    private func besideGoods(at position: Int) -> (Match) -> Match {
        // "Lettuce and guacamole" goes on with what is on something.
        let isListed = position > 0 && vocabulary.joining.contains(utterance.tokens[position - 1])
        let goods = isListed ? [] : matches(in: vocabulary.all.products, at: position).filter { $0.cost == 0 }
        return { match in
            guard goods.contains(where: { $0.length == match.length }) else { return match }
            return Match(length: match.length, values: match.values, cost: match.cost + Self.costBesideGoods)
        }
    }

    /// Just more than an item costs.
    private static let costBesideGoods = 0.25
    /// A part of a name is worth less than a name, and more than a word that is skipped.
    private static let costOfPart = 0.7
    /// A name in two pieces is worth less than a whole one with the modifier before it.
    private static let costOfGap = 0.3

    private func matches(in trie: PhraseTrie, at position: Int) -> [Match] {
        trie.matches(in: utterance, at: position).map {
            Match(length: $0.length, values: $0.values, cost: $0.cost)
        }
    }

    // MARK: - Addresses

    /// A house number and a known street, or a known street and a house number.
    private func addresses(at position: Int) -> [Match] {
        var found: [Match] = []
        for (number, length) in houseNumbers(at: position) {
            for street in vocabulary.streets.matches(in: utterance, at: position + length) {
                found.append(
                    Match(length: length + street.length, values: [number, ~street.values[0]], cost: street.cost))
            }
        }
        for street in vocabulary.streets.matches(in: utterance, at: position) {
            for (number, length) in houseNumbers(at: position + street.length) {
                found.append(
                    Match(length: street.length + length, values: [~street.values[0], number], cost: street.cost))
            }
        }
        return found
    }

    private func houseNumbers(at position: Int) -> [(Int32, Int)] {
        guard position < utterance.tokens.count else { return [] }
        var found = rules.numbers(in: utterance.tokens, at: position).compactMap { match -> (Int32, Int)? in
            guard match.thousandths % 1_000 == 0 else { return nil }
            return Int32(exactly: match.thousandths / 1_000).map { ($0, match.length) }
        }
        if let run = rules.digits(in: utterance.tokens, at: position), run.digits.count <= 5,
            let number = Int32(run.digits),
            !found.contains(where: { $0.1 == run.length })
        {
            found.append((number, run.length))
        }
        return found
    }
}

extension PlaceClass {
    /// Places whose matches depend on the products that are spoken of.
    static let sorted: [PlaceClass] = [.product, .modifier, .exclusion]
    private static let numbers = Dictionary(uniqueKeysWithValues: zip(allCases, allCases.indices))

    /// The place among all places with their families.
    fileprivate func place(_ family: Int32, _ families: Int) -> Int {
        let own = PlaceClass.allCases.count
        switch self {
        case .product: return own + Int(family + 1)
        case .modifier: return own + (families + 1) + Int(family + 1)
        case .exclusion: return own + 2 * (families + 1) + Int(family + 1)
        default: return Self.numbers[self] ?? 0
        }
    }
}
