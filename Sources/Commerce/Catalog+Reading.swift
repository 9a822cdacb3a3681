// Reads a catalogue from JSON5 and checks all of it: identifiers unique, references known, prices payable.
// In: the bytes of catalog.json5. Out: a catalogue, or every mistake with its path.

public import Foundation

extension Catalog {
    /// Reads a catalogue, whole or not at all.
    ///
    /// Left out means: `currency` – the shop's; `stock` – never runs out; `unit` – `each`; `step` – 1; a group's `min` – 0,
    /// its `max` – as many as it has modifiers; a modifier's `price` – nothing. Money is always text (`"8.50"`), quantities
    /// are always numbers. A modifier's price may be negative (a small one costs less), as long as no product can then
    /// cost less than nothing.
    /// - Parameters:
    ///   - data: JSON5 in UTF-8.
    ///   - source: what messages call the file.
    ///   - currency: the shop's; another one in the file is a mistake.
    public static func read(json5 data: Data, source: String, currency: Currency? = nil) throws(ShopFileError)
        -> Catalog
    {
        let mistakes = MistakeList(file: source)
        let tree = try JSON5Tree.read(Array(data), mistakes: mistakes)
        let catalog = CatalogReader(mistakes: mistakes).read(tree, shopCurrency: currency)
        try mistakes.check()
        guard let catalog else {
            throw .mistakes([ShopFileMistake(file: source, path: "", reason: "holds no catalogue")])
        }
        return catalog
    }
}

/// What is known of a catalogue while it is read.
private struct CatalogReader {
    let mistakes: MistakeList

    func read(_ tree: JSON5Tree, shopCurrency: Currency?) -> Catalog? {
        let known = ["currency", "categories", "products", "modifierGroups"]
        guard let fields = FileFields(tree, path: "", known: known, mistakes: mistakes) else { return nil }
        if shopCurrency == nil, !fields.has("currency") { mistakes.add("currency", "is missing") }
        let own = fields.currency("currency")
        if let own, let shopCurrency, own != shopCurrency {
            mistakes.add("currency", "\"\(own.code)\" is not the shop's \"\(shopCurrency.code)\"")
        }
        // Without a currency the prices cannot be judged; two digits are as good a guess as any for the other mistakes.
        guard let currency = own ?? shopCurrency ?? Currency(code: "XXX") else { return nil }

        var categoryNames = UniqueNames()
        let categories = fields.list("categories") { category($0, path: $1, &categoryNames) }
        var groupNames = UniqueNames()
        let groups = fields.list("modifierGroups") { group($0, path: $1, currency, &groupNames) }
        var skus = UniqueNames()
        if !fields.has("products") { mistakes.add("products", "is missing") }
        let products = fields.list("products") { product($0, path: $1, currency, &skus) }
        if case .list(let items) = fields["products"], items.isEmpty { mistakes.add("products", "is empty") }

        let catalog = Catalog(
            currency: currency, categories: categories, products: products.map(\.product), modifierGroups: groups)
        checkReferences(products, in: catalog)
        return catalog
    }

    private func category(_ tree: JSON5Tree, path: String, _ names: inout UniqueNames) -> Category? {
        guard let fields = FileFields(tree, path: path, known: ["id", "name", "aliases"], mistakes: mistakes) else {
            return nil
        }
        let id = fields.requiredText("id")
        if let id { names.take(id, path: fields.at("id"), mistakes: mistakes) }
        return Category(id: id ?? "", naming: fields.naming("name"))
    }

    private func group(
        _ tree: JSON5Tree, path: String, _ currency: Currency, _ names: inout UniqueNames
    ) -> ModifierGroup? {
        let known = ["id", "name", "aliases", "min", "max", "default", "amounts", "removable", "modifiers"]
        guard let fields = FileFields(tree, path: path, known: known, mistakes: mistakes) else { return nil }
        let id = fields.requiredText("id")
        if let id { names.take(id, path: fields.at("id"), mistakes: mistakes) }

        var modifierNames = UniqueNames()
        let modifiers = fields.list("modifiers") { modifier($0, path: $1, currency, &modifierNames) }
        if modifiers.isEmpty, !fields.has("modifiers") { mistakes.add(fields.at("modifiers"), "is missing") }
        if case .list(let items) = fields["modifiers"], items.isEmpty {
            mistakes.add(fields.at("modifiers"), "is empty")
        }
        let min = fields.integer("min", in: 0...1_000) ?? 0
        let max = fields.integer("max", in: 1...1_000) ?? Swift.max(modifiers.count, 1)
        if min > max {
            mistakes.add(fields.at("min"), "\(min) is more than max, \(max)")
        } else if min > modifiers.count, !modifiers.isEmpty {
            mistakes.add(fields.at("min"), "\(min) is more than the \(modifiers.count) modifiers there are")
        }
        let standard = fields.text("default")
        if let standard, !modifiers.contains(where: { $0.id == standard }) {
            let near = Spelling.suggestion(for: standard, among: modifiers.map(\.id))
            mistakes.add(fields.at("default"), "\"\(standard)\" is not in its group" + near)
        }
        return ModifierGroup(
            id: id ?? "", naming: fields.naming("name"), min: min, max: max, defaultModifier: standard,
            amounts: fields.texts("amounts"), removable: fields.flag("removable", default: false), modifiers: modifiers)
    }

    private func modifier(
        _ tree: JSON5Tree, path: String, _ currency: Currency, _ names: inout UniqueNames
    ) -> Modifier? {
        let known = ["id", "name", "aliases", "price"]
        guard let fields = FileFields(tree, path: path, known: known, mistakes: mistakes) else { return nil }
        let id = fields.requiredText("id")
        if let id { names.take(id, path: fields.at("id"), mistakes: mistakes) }
        let price = fields.money("price", currency, mayBeNegative: true) ?? .zero(currency)
        return Modifier(id: id ?? "", naming: fields.naming("name"), price: price)
    }

    /// A product as read, with its path for what can be checked only when all is read.
    private struct Placed {
        let product: Product
        let path: String
    }

    private static let productFields = [
        "sku", "title", "aliases", "names", "category", "brand", "description", "price", "salePrice", "stock", "unit",
        "step", "modifierGroups", "variants", "related", "tags",
    ]

    private func product(_ tree: JSON5Tree, path: String, _ currency: Currency, _ skus: inout UniqueNames) -> Placed? {
        guard let fields = FileFields(tree, path: path, known: Self.productFields, mistakes: mistakes) else {
            return nil
        }
        let sku = fields.requiredText("sku")
        if let sku { skus.take(sku, path: fields.at("sku"), mistakes: mistakes) }
        if !fields.has("price") { mistakes.add(fields.at("price"), "is missing") }
        let price = fields.money("price", currency)
        let salePrice = fields.money("salePrice", currency)
        if let price, let salePrice, salePrice.minorUnits > price.minorUnits {
            mistakes.add(fields.at("salePrice"), "\(salePrice.decimal) is more than the price, \(price.decimal)")
        }
        let unit = fields.text("unit") ?? "each"
        let step = fields.quantity("step") ?? 1
        if step == 0 {
            mistakes.add(fields.at("step"), "is nothing")
        } else if unit == "each", step.whole == nil {
            mistakes.add(fields.at("step"), "\(step.decimal) is not whole, but the product is sold by the piece")
        }
        let product = Product(
            sku: sku ?? "", naming: fields.naming("title"), names: otherNames(fields),
            category: fields.text("category"),
            brand: fields.text("brand"), description: fields.text("description"), price: price ?? .zero(currency),
            salePrice: salePrice, stock: fields.quantity("stock"), unit: unit, step: step,
            modifierGroups: fields.texts("modifierGroups"), variants: fields.list("variants") { variant($0, path: $1) },
            related: fields.texts("related"), tags: fields.texts("tags"))
        return Placed(product: product, path: path)
    }

    private func variant(_ tree: JSON5Tree, path: String) -> Product.Variant? {
        guard let fields = FileFields(tree, path: path, known: ["sku", "modifiers"], mistakes: mistakes) else {
            return nil
        }
        return Product.Variant(sku: fields.requiredText("sku") ?? "", modifiers: fields.texts("modifiers"))
    }

    /// Each names one modifier of each group, and no other variant the same.
    private func checkVariants(of placed: Placed, in catalog: Catalog) {
        let groups = placed.product.modifierGroups.compactMap(catalog.group)
        guard groups.count == placed.product.modifierGroups.count else { return }
        for (index, variant) in placed.product.variants.enumerated() {
            let path = "\(placed.path).variants[\(index)].modifiers"
            let fits =
                variant.modifiers.count == groups.count
                && zip(groups, variant.modifiers).allSatisfy { $0.modifier($1) != nil }
            if !fits {
                mistakes.add(path, "has to be one modifier of each of \(groups.map(\.id).joined(separator: ", "))")
            } else if placed.product.variants.firstIndex(where: { $0.modifiers == variant.modifiers }) != index {
                mistakes.add(path, "is another variant's too")
            }
        }
    }

    private func otherNames(_ fields: FileFields) -> [String: Naming] {
        guard let tree = fields["names"] else { return [:] }
        guard case .object(let languages) = tree else {
            fields.wrongType("names", tree, wanted: "an object")
            return [:]
        }
        var names: [String: Naming] = [:]
        for (language, tree) in languages.sorted(by: { $0.key < $1.key }) {
            let path = fields.at("names") + "." + language
            if let fields = FileFields(tree, path: path, known: ["title", "aliases"], mistakes: mistakes) {
                names[language] = fields.naming("title")
            }
        }
        return names
    }

    private func checkReferences(_ products: [Placed], in catalog: Catalog) {
        let categoryIDs = Set(catalog.categories.map(\.id))
        for placed in products {
            let product = placed.product
            if let category = product.category, !categoryIDs.contains(category) {
                let near = Spelling.suggestion(for: category, among: catalog.categories.map(\.id))
                mistakes.add(placed.path + ".category", "\"\(category)\" is not among the categories" + near)
            }
            for (index, group) in product.modifierGroups.enumerated() {
                let path = "\(placed.path).modifierGroups[\(index)]"
                if catalog.group(group) == nil {
                    let near = Spelling.suggestion(for: group, among: catalog.modifierGroups.map(\.id))
                    mistakes.add(path, "\"\(group)\" is not among the modifier groups" + near)
                } else if product.modifierGroups.firstIndex(of: group) != index {
                    mistakes.add(path, "\"\(group)\" is there twice")
                }
            }
            checkVariants(of: placed, in: catalog)
            for (index, sku) in product.related.enumerated() where catalog.product(sku) == nil || sku == product.sku {
                let reason =
                    sku == product.sku
                    ? "is the product itself"
                    : "is not among the products" + Spelling.suggestion(for: sku, among: catalog.products.map(\.sku))
                mistakes.add("\(placed.path).related[\(index)]", "\"\(sku)\" \(reason)")
            }
            let least = catalog.leastPrice(of: product)
            if product.priceToday.minorUnits >= 0, least.minorUnits < 0 {
                mistakes.add(
                    placed.path + ".price", "with the cheapest modifiers it costs less than nothing, \(least.decimal)")
            }
        }
    }
}

extension Catalog {
    /// What one unit costs at the very least, with the cheapest modifiers that may stand on it.
    func leastPrice(of product: Product) -> Money {
        groups(of: product).reduce(product.priceToday) { sum, group in
            let prices = group.modifiers.map(\.price.minorUnits).sorted()
            let taken = prices.enumerated().prefix(group.max).filter { $0 < group.min || $1 < 0 }
            return sum + Money(minorUnits: taken.reduce(0) { $0 + $1.element }, currency: currency)
        }
    }
}
