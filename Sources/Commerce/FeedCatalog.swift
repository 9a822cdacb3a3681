// From the items of a feed to a catalogue. Items of one item_group_id (a shirt in sizes and colours) become one
// product with modifier groups where every combination is there and its price is a sum; else they stay apart.

enum FeedCatalog {
    static func make(of items: [FeedItem], currency: Currency) -> Catalog {
        var builder = Builder(currency: currency, skus: Set(items.map(\.sku)))
        var families: [String: [FeedItem]] = [:]
        for item in items { if let group = item.groupID { families[group, default: []].append(item) } }
        var merged: Set<String> = []
        for item in items {
            if let group = item.groupID, let family = families[group], family.count > 1 {
                if merged.contains(group) { continue }
                let isFree = family.contains { $0.sku == group } || !builder.skus.contains(group)
                if isFree, let variants = FeedVariants(family) {
                    merged.insert(group)
                    builder.add(variants, sku: group, like: item)
                    continue
                }
            }
            builder.add(item)
        }
        return Catalog(
            currency: currency, categories: builder.categories, products: builder.products,
            modifierGroups: builder.groups)
    }
}

private struct Builder {
    let currency: Currency
    let skus: Set<String>
    private(set) var categories: [Category] = []
    private(set) var products: [Product] = []
    private(set) var groups: [ModifierGroup] = []
    private var categoryIDs: Set<String> = []
    private var groupIDs: [ModifierGroup: String] = [:]
    private var groupCount: [String: Int] = [:]

    init(currency: Currency, skus: Set<String>) {
        self.currency = currency
        self.skus = skus
    }

    mutating func add(_ item: FeedItem) {
        // Variants that stay apart often share a title: what tells them apart is said with it.
        let words = Folding.words(item.title)
        let missing =
            item.groupID == nil ? [] : item.variant.filter { !Folding.contains(words, Folding.words($0.value)) }
        append(
            sku: item.sku, title: ([item.title] + missing.map(\.value)).joined(separator: " "), like: item,
            price: item.price, salePrice: item.salePrice, isInStock: item.isInStock, groups: [])
    }

    mutating func add(_ variants: FeedVariants, sku: String, like item: FeedItem) {
        let ids = variants.choices.map { choice in
            intern(
                name: choice.name,
                modifiers: choice.values.map {
                    Modifier(
                        id: $0.id, naming: Naming(title: $0.title),
                        price: Money(minorUnits: $0.surcharge, currency: currency))
                })
        }
        append(
            sku: sku, title: variants.title, like: item, price: variants.price, salePrice: variants.salePrice,
            isInStock: variants.isInStock, groups: ids, variants: variants.combinations)
    }

    private mutating func append(
        sku: String, title: String, like item: FeedItem, price: Money, salePrice: Money?, isInStock: Bool,
        groups: [String], variants: [Product.Variant] = []
    ) {
        products.append(
            Product(
                sku: sku, naming: Naming(title: title), category: category(item.category), brand: item.brand,
                description: item.description, price: price, salePrice: salePrice, stock: isInStock ? nil : 0,
                modifierGroups: groups, variants: variants))
    }

    private mutating func category(_ steps: [String]) -> String? {
        guard let name = steps.last else { return nil }
        let id = steps.map { Folding.words($0).joined(separator: "-") }.joined(separator: "/")
        if categoryIDs.insert(id).inserted { categories.append(Category(id: id, naming: Naming(title: name))) }
        return id
    }

    /// Products whose choices and surcharges are alike share a group; the second of a name is `size-2`.
    private mutating func intern(name: String, modifiers: [Modifier]) -> String {
        let only = modifiers.count == 1 ? modifiers.first?.id : nil
        func group(_ id: String) -> ModifierGroup {
            ModifierGroup(
                id: id, naming: Naming(title: name), min: 1, max: 1, defaultModifier: only, amounts: [],
                removable: false, modifiers: modifiers)
        }
        if let known = groupIDs[group("")] { return known }
        groupCount[name, default: 0] += 1
        let id = groupCount[name] == 1 ? name : "\(name)-\(groupCount[name] ?? 1)"
        groupIDs[group("")] = id
        groups.append(group(id))
        return id
    }
}

extension FeedItem {
    /// By how much it is cheaper today, in minor units.
    fileprivate var reduction: Int64? { salePrice.map { price.minorUnits - $0.minorUnits } }
}

/// Items that make one product: what can be chosen and what it adds to the price.
private struct FeedVariants {
    struct Value {
        let id: String
        let title: String
        /// In minor units, on top of the cheapest.
        let surcharge: Int64
    }

    let title: String
    let price: Money
    let salePrice: Money?
    let isInStock: Bool
    private(set) var choices: [(name: String, values: [Value])] = []
    /// The items by what they were chosen by.
    let combinations: [Product.Variant]

    /// nil where the items cannot be one product. Variants that are out of stock are not offered, unless all are.
    init?(_ family: [FeedItem]) {
        let names = family[0].variant.map(\.name)
        let keyed = family.map { item in
            (item: item, ids: item.variant.map { Folding.words($0.value).joined(separator: "-") })
        }
        let varying = names.indices.filter { place in Set(keyed.map { $0.ids.dropFirst(place).first }).count > 1 }
        guard family.allSatisfy({ $0.variant.map(\.name) == names }), !varying.isEmpty,
            Set(keyed.map(\.ids)).count == family.count, !keyed.contains(where: { $0.ids.contains("") })
        else { return nil }

        let inStock = keyed.filter(\.item.isInStock)
        let offered = inStock.isEmpty ? keyed : inStock
        isInStock = !inStock.isEmpty
        guard let base = offered.map(\.item.price.minorUnits).min() else { return nil }
        let currency = family[0].price.currency
        price = Money(minorUnits: base, currency: currency)
        // Either nothing is on sale or all is, by the same amount: a modifier has one price.
        let reductions = Set(offered.map { $0.item.reduction })
        guard reductions.count == 1 else { return nil }
        salePrice = offered[0].item.reduction.map { Money(minorUnits: base - $0, currency: currency) }

        combinations = offered.map { item, ids in
            Product.Variant(sku: item.sku, modifiers: varying.map { ids[$0] })
        }
        var possible = 1
        for place in varying {
            var values: [Value] = []
            for (item, ids) in offered where !values.contains(where: { $0.id == ids[place] }) {
                let least = offered.filter { $0.ids[place] == ids[place] }.map(\.item.price.minorUnits).min() ?? base
                values.append(Value(id: ids[place], title: item.variant[place].value, surcharge: least - base))
            }
            possible *= values.count
            choices.append((names[place], values))
        }
        guard possible == offered.count else { return nil }
        for (item, ids) in offered {
            let sum = zip(varying, choices).reduce(base) { sum, choice in
                sum + (choice.1.values.first { $0.id == ids[choice.0] }?.surcharge ?? 0)
            }
            if sum != item.price.minorUnits { return nil }
        }
        title = Self.sharedTitle(family.map(\.title))
    }

    /// The words that all titles share: of "Shirt, red, L" and "Shirt, blue, M" it is "Shirt".
    private static func sharedTitle(_ titles: [String]) -> String {
        let others = titles.dropFirst().map { Set(Folding.words($0)) }
        let shared = titles[0].split(separator: " ").filter { part in
            let words = Folding.words(String(part))
            return others.allSatisfy { $0.isSuperset(of: words) }
        }
        let text = shared.joined(separator: " ")
        let isEdge = { (letter: Character) in " ,-–—/|(;:".contains(letter) }
        let trimmed = String(text.reversed().drop(while: isEdge).reversed().drop(while: isEdge))
        return trimmed.contains(where: \.isLetter) ? trimmed : titles[0]
    }
}
