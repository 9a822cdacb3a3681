// What a shop sells and offers, as phrases that callers may say. The catalogue and the language pack come in;
// one trie for each place of a template goes out, products sorted by what they can be modified with.

import Commerce
import Language

/// The phrases of one shop in one language.
struct ShopVocabulary: Sendable {
    /// A modifier as said: with an amount before it perhaps.
    struct SpokenModifier: Sendable, Hashable {
        let group: String
        let id: String
        let amount: String?
    }

    /// Products that take the same modifier groups, and what can be said about them.
    struct Family: Sendable {
        let groups: [String]
        var products = PhraseTrie()
        var modifiers = PhraseTrie()
        var exclusions = PhraseTrie()
    }

    private(set) var words = WordTable()
    private(set) var families: [Family] = []
    /// All products, modifiers and exclusions whatever their family.
    private(set) var all = Family(groups: [])
    /// What is only written, of all families, and not listened for: amounts, one of what is named as several, some words of
    /// products' and modifiers' names.
    private(set) var written = PhraseTrie()
    private(set) var writtenProducts = PhraseTrie()
    private(set) var modifierParts = PhraseTrie()
    private(set) var parts = NameParts()
    /// "With everything on it".
    private(set) var everything = PhraseTrie()
    /// What stands between the things of a list.
    let joining: Set<String>
    /// "Both large".
    private(set) var every = PhraseTrie()
    private(set) var categories = PhraseTrie()
    /// One of a kind that is named as several; only in writing.
    private(set) var writtenCategories = PhraseTrie()
    private(set) var tags = PhraseTrie()
    private(set) var groups = PhraseTrie()
    private(set) var deliveries = PhraseTrie()
    /// Words that only one way to deliver has in its names.
    private(set) var deliveryParts = PhraseTrie()
    private(set) var payments = PhraseTrie()
    private(set) var streets = PhraseTrie()

    /// What the values of the tries count in.
    private(set) var productFamilies: [Int] = []
    private(set) var spokenModifiers: [SpokenModifier] = []
    /// By family, for each spoken modifier's group whether it is the family's.
    private var groupOfSpoken: [Int32] = []
    private var groupsOfFamily: [Set<Int32>] = []
    private(set) var streetNames: [String] = []
    private(set) var tagNames: [String] = []
    /// Tokens of names, while the vocabulary is made.
    private var tokens: [String: [String]] = [:]
    let catalog: Catalog
    let shop: Shop

    init(shop: Shop, catalog: Catalog, pack: LanguagePack) {
        self.shop = shop
        self.catalog = catalog
        joining = Set(pack.rules.tokens(of: pack.sentences.rules["listed"] ?? ""))
        addProducts(pack)
        isLarge = all.products.count > Self.mostPhrases
        addModifiers(pack)
        addParts(pack)
        tokens = [:]
        for phrase in numbers(of: pack.sentences.everything, pack) { everything.insert(phrase, value: 0) }
        for phrase in numbers(of: pack.writing.every, pack) { every.insert(phrase, value: 0) }
        for (index, category) in catalog.categories.enumerated() {
            for phrase in phrases(for: category.naming.all, inflected: true, pack) {
                categories.insert(phrase, value: Int32(index))
            }
            for phrase in singulars(of: category.naming.all, pack) {
                writtenCategories.insert(phrase, value: Int32(index))
            }
        }
        for (index, group) in catalog.modifierGroups.enumerated() {
            for phrase in phrases(for: group.naming.all, inflected: true, pack) {
                groups.insert(phrase, value: Int32(index))
            }
        }
        tagNames = Set(catalog.products.flatMap(\.tags)).sorted()
        for (index, tag) in tagNames.enumerated() {
            for phrase in phrases(for: [tag.replacing("_", with: " ")], inflected: false, pack) {
                tags.insert(phrase, value: Int32(index))
            }
        }
        for (index, method) in shop.delivery.enumerated() {
            for phrase in phrases(for: method.naming.all, inflected: false, pack) {
                deliveries.insert(phrase, value: Int32(index))
            }
        }
        addDeliveryParts(pack)
        for (index, method) in shop.payment.enumerated() {
            let names = method.naming.all + (pack.sentences.payments[method.id] ?? [])
            for phrase in phrases(for: names, inflected: false, pack) { payments.insert(phrase, value: Int32(index)) }
        }
        streetNames = shop.streets.isEmpty ? pack.sentences.streets : shop.streets
        for (index, street) in streetNames.enumerated() {
            for phrase in phrases(for: [street], inflected: false, pack) { streets.insert(phrase, value: Int32(index)) }
        }
    }

    /// More ways to name products than this are too many to listen for at once.
    private static let mostPhrases = 1_500

    /// Whether products have to be proposed for each utterance.
    private(set) var isLarge = false

    /// The number of `word`, made where it is new.
    mutating func number(of word: String) -> Int32 { words.number(of: word) }

    // MARK: - Products and modifiers

    private mutating func addProducts(_ pack: LanguagePack) {
        var indexByGroups: [[String]: Int] = [:]
        for (index, product) in catalog.products.enumerated() {
            let family =
                indexByGroups[product.modifierGroups]
                ?? {
                    families.append(Family(groups: product.modifierGroups))
                    return families.count - 1
                }()
            indexByGroups[product.modifierGroups] = family
            productFamilies.append(family)
            let naming = product.naming(in: pack.code)
            var names = naming.all.flatMap { [$0, pack.rules.withoutMeasures($0)] }
            if let brand = product.brand, !naming.title.lowercased().contains(brand.lowercased()) {
                names += [brand + " " + naming.title]
            }
            for phrase in phrases(for: names, inflected: true, pack) {
                families[family].products.insert(phrase, value: Int32(index))
                all.products.insert(phrase, value: Int32(index))
            }
            for phrase in singulars(of: names, pack) + measured(names, pack) {
                writtenProducts.insert(phrase, value: Int32(index))
            }
        }
    }

    private mutating func addModifiers(_ pack: LanguagePack) {
        // What a modifier is called goes before what another one is called in the plural.
        var inflected: [(phrases: [[Int32]], value: Int32, group: ModifierGroup)] = []
        for (groupIndex, group) in catalog.modifierGroups.enumerated() {
            for modifier in group.modifiers {
                let own = phrases(for: modifier.naming.all, inflected: false, pack)
                let every = phrases(for: modifier.naming.all, inflected: true, pack)
                for amount in [nil] + group.amounts.map(Optional.some) {
                    let value = Int32(spokenModifiers.count)
                    spokenModifiers.append(SpokenModifier(group: group.id, id: modifier.id, amount: amount))
                    groupOfSpoken.append(Int32(groupIndex))
                    let leads = amount.map { numbers(of: pack.sentences.amounts[$0] ?? [$0], pack) } ?? [[]]
                    insert(leads.flatMap { lead in own.map { lead + $0 } }, value, of: group)
                    inflected.append((leads.flatMap { lead in every.map { lead + $0 } }, value, group))
                    if let amount {
                        let written = numbers(of: pack.sentences.writtenAmounts[amount] ?? [], pack)
                        for lead in written { for phrase in every { self.written.insert(lead + phrase, value: value) } }
                    }
                    let single = singulars(of: modifier.naming.all, pack) + measured(modifier.naming.all, pack)
                    let some = parts(of: modifier, in: group, pack)
                    for lead in leads {
                        for phrase in single { self.written.insert(lead + phrase, value: value) }
                        for phrase in some { modifierParts.insert(lead + phrase, value: value) }
                    }
                }
            }
        }
        for (phrases, value, group) in inflected { insert(phrases, value, of: group) }
        let places = Dictionary(catalog.modifierGroups.map(\.id).enumerated().map { ($1, Int32($0)) }) { first, _ in
            first
        }
        groupsOfFamily = families.map { Set($0.groups.compactMap { places[$0] }) }
    }

    /// Whether words stand next to each other at the beginning of a product's name.
    func isNamed(_ sequence: [String]) -> Bool {
        let numbers = sequence.compactMap { words.knownNumber(of: $0) }
        guard numbers.count == sequence.count else { return false }
        let utterance = Utterance(tokens: sequence, readings: numbers.map { [.init(word: $0, cost: 0)] })
        return all.products.reached(along: utterance, from: 0).contains { $0.position == sequence.count }
    }

    /// Whether the shop's goods are called so, which is no shorthand then: "noise cancelling", and "u" before "lock".
    func isName(_ word: String, before next: String?) -> Bool {
        func isNamed(_ word: String) -> Bool { words.knownNumber(of: word).map(parts.isNamed) ?? false }
        return isNamed(word) && (word.count > 2 || next.map(isNamed) ?? false)
    }

    /// Whether a product of this family can have this spoken modifier.
    func takes(_ family: Int32, modifier: Int32) -> Bool {
        groupsOfFamily[Int(family)].contains(groupOfSpoken[Int(modifier)])
    }

    /// Whether a product of this family can have several modifiers of one group, or do without them.
    func hasMany(_ family: Int32) -> Bool {
        families[Int(family)].groups.compactMap(catalog.group).contains { $0.removable && $0.max > 1 }
    }

    private mutating func addParts(_ pack: LanguagePack) {
        let meaningless = Set(
            pack.sentences.fillers + pack.sentences.asking + pack.sentences.amounts.values.flatMap { $0 })
        let categories = Dictionary(catalog.categories.map { ($0.id, $0.naming.all) }) { first, _ in first }
        let products = catalog.products.map { product in
            (
                names: (product.naming(in: pack.code).all + [product.brand].compactMap { $0 }).flatMap {
                    tokens(of: $0, pack)
                },
                kinds: (product.category.flatMap { categories[$0] } ?? []).flatMap { tokens(of: $0, pack) }
            )
        }
        parts = NameParts(products, meaningless, pack.rules) { words.number(of: $0) }
    }

    private mutating func addDeliveryParts(_ pack: LanguagePack) {
        let words = shop.delivery.map { Set($0.naming.all.flatMap(pack.rules.tokens)).subtracting(pack.smallWords) }
        for (index, own) in words.enumerated() {
            for word in own.sorted() where words.count(where: { $0.contains(word) }) == 1 {
                deliveryParts.insert([self.words.number(of: word)], value: Int32(index))
            }
        }
    }

    private mutating func singulars(of names: [String], _ pack: LanguagePack) -> [[Int32]] {
        names.flatMap { pack.rules.singulars(of: tokens(of: $0, pack)) }.map { $0.map { words.number(of: $0) } }
    }

    /// "50 meter" and "fifty metres" of "50 m": measures with every word for their unit, as they are typed.
    private mutating func measured(_ names: [String], _ pack: LanguagePack) -> [[Int32]] {
        var forms: [[String]] = []
        for name in names where name.contains(where: \.isNumber) {
            for form in [tokens(of: name, pack)] + pack.rules.spokenForms(of: name).prefix(2) {
                for place in form.indices {
                    guard let measure = pack.rules.measures(in: form, at: place).first(where: { $0.length > 1 }) else {
                        continue
                    }
                    let behind = place + measure.length
                    for unit in pack.rules.unitWords(measure.unit) {
                        forms.append(form[..<(behind - 1)] + unit + form[behind...])
                    }
                }
            }
        }
        return forms.map { $0.map { words.number(of: $0) } }
    }

    private mutating func insert(_ phrases: [[Int32]], _ value: Int32, of group: ModifierGroup) {
        for phrase in phrases {
            change(group) { family in
                family.modifiers.insert(phrase, value: value)
                if group.removable { family.exclusions.insert(phrase, value: value) }
            }
        }
    }

    /// Changes what can be said of all products and of those with `group`.
    private mutating func change(_ group: ModifierGroup, _ change: (inout Family) -> Void) {
        change(&all)
        for index in families.indices where families[index].groups.contains(group.id) { change(&families[index]) }
    }

    private mutating func numbers(of ways: [String], _ pack: LanguagePack) -> [[Int32]] {
        ways.map { way in pack.rules.tokens(of: way).map { words.number(of: $0) } }
    }

    /// What is left of a modifier's names without the beginning, or without what others of its group are called too:
    /// "tomato salsa" of "fresh tomato salsa", "pinto" of "pinto beans" beside "black beans".
    private mutating func parts(of modifier: Modifier, in group: ModifierGroup, _ pack: LanguagePack) -> [[Int32]] {
        let others = group.modifiers.filter { $0.id != modifier.id }.flatMap(\.naming.all).map {
            pack.rules.tokens(of: $0)
        }
        var parts: [[String]] = []
        func isShared(_ end: ArraySlice<String>) -> Bool { others.contains { $0.suffix(end.count) == end } }
        for name in modifier.naming.all.map({ pack.rules.tokens(of: $0) }) where name.count > 1 {
            for first in name.indices {
                if first > 0, name.count - first > 1 { parts.append(Array(name[first...])) }
                for end in name.indices where end > first && isShared(name[end...]) {
                    parts.append(Array(name[first..<end]))
                }
            }
        }
        parts += parts.flatMap(pack.rules.plurals) + parts.flatMap(pack.rules.singulars)
        let meaningless = Set(pack.sentences.fillers + pack.sentences.amounts.values.flatMap { $0 })
        // "One" of "one meter" is a number, "50" of "50 tablets" may be a name.
        return parts.filter { part in
            !part.allSatisfy(meaningless.contains)
                && (part.joined().contains(where: \.isNumber) || pack.rules.numbers(in: part, at: 0).isEmpty)
        }.map { $0.map { words.number(of: $0) } }
    }

    // MARK: - Phrases

    private mutating func tokens(of name: String, _ pack: LanguagePack) -> [String] {
        if let known = tokens[name] { return known }
        let found = pack.rules.tokens(of: name)
        tokens[name] = found
        return found
    }

    /// Every way to say the names: as spoken and as typed, one and several.
    private mutating func phrases(for names: [String], inflected: Bool, _ pack: LanguagePack) -> [[Int32]] {
        var seen = Set<[String]>()
        var result: [[Int32]] = []
        for name in names where !name.isEmpty {
            for form in pack.rules.spokenForms(of: name) + [tokens(of: name, pack)] {
                // "X2" is also said "two", but two of something are none of it.
                if form != [name.lowercased()],
                    pack.rules.numbers(in: form, at: 0).contains(where: { $0.length == form.count }),
                    name.contains(where: \.isLetter)
                {
                    continue
                }
                for phrase in [form] + (inflected ? pack.rules.plurals(of: form) : [])
                where seen.insert(phrase).inserted {
                    result.append(phrase.map { words.number(of: $0) })
                }
            }
        }
        return result
    }
}

extension ShopVocabulary {
    /// Whether something was said of a product that can be said of no other: of herbal tea "camomile".
    func hasOwnModifier(_ phrase: ItemPhrase) -> Bool {
        guard let product = phrase.sku.flatMap(catalog.product) else { return false }
        return phrase.modifiers.contains { choice in
            let those = families.indices.filter { families[$0].groups.contains(choice.group) }
            return product.modifierGroups.contains(choice.group) && those.count == 1
                && productFamilies.count { $0 == those[0] } == 1
        }
    }
}
