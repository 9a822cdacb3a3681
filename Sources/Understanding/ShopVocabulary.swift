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
    private(set) var categories = PhraseTrie()
    private(set) var deliveries = PhraseTrie()
    private(set) var payments = PhraseTrie()
    private(set) var streets = PhraseTrie()

    /// What the values of the tries count in.
    private(set) var productFamilies: [Int] = []
    private(set) var spokenModifiers: [SpokenModifier] = []
    private(set) var streetNames: [String] = []
    let catalog: Catalog
    let shop: Shop

    init(shop: Shop, catalog: Catalog, pack: LanguagePack) {
        self.shop = shop
        self.catalog = catalog
        addProducts(pack)
        addModifiers(pack)
        for (index, category) in catalog.categories.enumerated() {
            for phrase in phrases(for: category.naming.all, inflected: true, pack) {
                categories.insert(phrase, value: Int32(index))
            }
        }
        for (index, method) in shop.delivery.enumerated() {
            for phrase in phrases(for: method.naming.all, inflected: false, pack) {
                deliveries.insert(phrase, value: Int32(index))
            }
        }
        for (index, method) in shop.payment.enumerated() {
            let names = method.naming.all + (pack.sentences.payments[method.id] ?? [])
            for phrase in phrases(for: names, inflected: false, pack) { payments.insert(phrase, value: Int32(index)) }
        }
        streetNames = shop.streets.isEmpty ? pack.sentences.streets : shop.streets
        for (index, street) in streetNames.enumerated() {
            for phrase in phrases(for: [street], inflected: false, pack) { streets.insert(phrase, value: Int32(index)) }
        }
    }

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
        }
    }

    private mutating func addModifiers(_ pack: LanguagePack) {
        for group in catalog.modifierGroups {
            let users = families.indices.filter { families[$0].groups.contains(group.id) }
            let amounts = group.amounts.map { id in (id, pack.sentences.amounts[id] ?? [id]) }
            for modifier in group.modifiers {
                let phrases = phrases(for: modifier.naming.all, inflected: true, pack)
                var spoken: [(SpokenModifier, [[Int32]])] = [
                    (SpokenModifier(group: group.id, id: modifier.id, amount: nil), phrases)
                ]
                for (id, ways) in amounts {
                    let leads = ways.map { way in pack.rules.tokens(of: way).map { words.number(of: $0) } }
                    let amounted = leads.flatMap { lead in phrases.map { lead + $0 } }
                    spoken.append((SpokenModifier(group: group.id, id: modifier.id, amount: id), amounted))
                }
                for (meaning, ways) in spoken {
                    let value = Int32(spokenModifiers.count)
                    spokenModifiers.append(meaning)
                    for phrase in ways {
                        all.modifiers.insert(phrase, value: value)
                        if group.removable { all.exclusions.insert(phrase, value: value) }
                        for user in users {
                            families[user].modifiers.insert(phrase, value: value)
                            if group.removable { families[user].exclusions.insert(phrase, value: value) }
                        }
                    }
                }
            }
        }
    }

    // MARK: - Phrases

    /// Every way to say the names: as spoken and as typed, one and several.
    private mutating func phrases(for names: [String], inflected: Bool, _ pack: LanguagePack) -> [[Int32]] {
        var seen = Set<[String]>()
        var result: [[Int32]] = []
        for name in names where !name.isEmpty {
            for form in pack.rules.spokenForms(of: name) + [pack.rules.tokens(of: name)] {
                for phrase in [form] + (inflected ? pack.rules.plurals(of: form) : [])
                where seen.insert(phrase).inserted {
                    result.append(phrase.map { words.number(of: $0) })
                }
            }
        }
        return result
    }
}
