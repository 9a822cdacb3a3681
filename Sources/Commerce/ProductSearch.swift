// Finds products by words, best first, and what else a caller may like where a product cannot be had.
// In: words as heard or typed. Out: products.

/// An index of a catalogue's words. Make it once for a catalogue and keep it: it costs far more than a search.
public struct ProductSearch: Sendable {
    private let catalog: Catalog
    /// For each word, the products that have it and what it weighs there.
    private var places: [String: [Place]] = [:]

    private struct Place {
        let product: Int
        let weight: Int
    }

    /// Where a word stands in a product says how much it means.
    private enum Weight {
        static let title = 16
        static let alias = 14
        static let brand = 10
        static let category = 9
        static let tag = 8
        static let description = 2
    }

    /// Takes in a catalogue.
    public init(_ catalog: Catalog) {
        self.catalog = catalog
        let categories = Dictionary(catalog.categories.map { ($0.id, $0.naming) }) { first, _ in first }
        for (index, product) in catalog.products.enumerated() {
            var best: [String: Int] = [:]
            func take(_ text: String, _ weight: Int) {
                for word in Folding.words(text) { best[word] = max(best[word] ?? 0, weight) }
            }
            for naming in [product.naming] + product.names.values {
                take(naming.title, Weight.title)
                for alias in naming.aliases { take(alias, Weight.alias) }
            }
            take(product.brand ?? "", Weight.brand)
            for name in product.category.flatMap({ categories[$0] })?.all ?? [] { take(name, Weight.category) }
            for tag in product.tags { take(tag, Weight.tag) }
            take(product.description ?? "", Weight.description)
            for (word, weight) in best { places[word, default: []].append(Place(product: index, weight: weight)) }
        }
    }

    /// The products that most of the words fit, best first; of equals the one with the shorter title.
    ///
    /// A word fits a product's word if it is the same but for case and accents, begins it (three letters or more), or shares
    /// its first four letters or more with it and both end within three letters of that: "pizzas" fits "pizza". Products that
    /// fewer words fit than the best are left out. Without words all products that pass the filters come, in order.
    /// - Parameters:
    ///   - category: only of this category, by its identifier.
    ///   - priceMax: only what costs at most this today, unmodified.
    public func search(
        _ words: [String], limit: Int, category: String? = nil, priceMax: Money? = nil
    ) -> [Product] {
        let passes = { (product: Product) -> Bool in
            (category == nil || product.category == category)
                && priceMax.map { product.priceToday.minorUnits <= $0.minorUnits } != false
        }
        let wanted = words.flatMap(Folding.words)
        guard !wanted.isEmpty else { return Array(catalog.products.lazy.filter(passes).prefix(max(limit, 0))) }

        var found: [Int: (words: Int, score: Int)] = [:]
        for word in wanted {
            var best: [Int: Int] = [:]
            for (known, places) in places {
                let closeness = Self.closeness(of: word, to: known)
                if closeness == 0 { continue }
                for place in places { best[place.product] = max(best[place.product] ?? 0, place.weight * closeness) }
            }
            for (product, score) in best {
                found[product, default: (0, 0)].words += 1
                found[product, default: (0, 0)].score += score
            }
        }
        let fitting = found.filter { passes(catalog.products[$0.key]) }
        let most = fitting.values.map(\.words).max() ?? 0
        return fitting.filter { $0.value.words == most }
            .map { (index: $0.key, rank: ($0.value.score, -catalog.products[$0.key].naming.title.count, -$0.key)) }
            .sorted { $0.rank > $1.rank }
            .prefix(max(limit, 0)).map { catalog.products[$0.index] }
    }

    /// 4 the same, 3 its beginning, 2 alike but for the ending, 0 another word.
    private static func closeness(of word: String, to known: String) -> Int {
        if word == known { return 4 }
        let (mine, theirs) = (word.utf8, known.utf8)
        guard mine.first == theirs.first else { return 0 }
        let shared = zip(word, known).prefix { $0 == $1 }.count
        if shared == word.count, shared >= 3 { return 3 }
        return shared >= 4 && word.count - shared <= 3 && known.count - shared <= 3 ? 2 : 0
    }
}

extension Catalog {
    /// `ProductSearch.search` for a single search; whoever searches more than once keeps a `ProductSearch`.
    public func search(
        _ words: [String], limit: Int, category: String? = nil, priceMax: Money? = nil
    ) -> [Product] {
        ProductSearch(self).search(words, limit: limit, category: category, priceMax: priceMax)
    }

    /// What is left of a product; nil never runs out.
    /// - Parameter stock: what is left of each product that has moved since the import, by SKU.
    public func available(_ product: Product, stock: [String: Quantity]) -> Quantity? {
        product.stock.map { max(stock[product.sku] ?? $0, 0) }
    }

    /// Products to offer instead of one, best first: of its category or sharing a tag with it, there to be had, then by how
    /// much they have in common and how near their price is.
    public func alternatives(to sku: String, stock: [String: Quantity] = [:], limit: Int = 3) -> [Product] {
        guard let wanted = product(sku) else { return [] }
        let ranked = products.enumerated().compactMap { index, product -> (index: Int, rank: (Int, UInt64, Int))? in
            let isSameKind = product.category != nil && product.category == wanted.category
            let kinship =
                (isSameKind ? 4 : 0) + 2 * Set(product.tags).intersection(wanted.tags).count
                + (product.brand != nil && product.brand == wanted.brand ? 1 : 0)
            guard product.sku != sku, kinship >= 2,
                available(product, stock: stock).map({ $0 >= product.step }) != false
            else { return nil }
            let distance = (product.priceToday.minorUnits - wanted.priceToday.minorUnits).magnitude
            return (index, (-kinship, distance, index))
        }
        return ranked.sorted { $0.rank < $1.rank }.prefix(max(limit, 0)).map { products[$0.index] }
    }
}
