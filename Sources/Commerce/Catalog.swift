// What a shop sells, as values. Reading and checking the JSON5 is `Catalog+Reading.swift`.

/// A name and what else people call it.
public struct Naming: Sendable, Hashable {
    /// The name that the assistant says.
    public let title: String
    /// Other names that callers may say.
    public let aliases: [String]

    /// Makes a naming.
    public init(title: String, aliases: [String] = []) {
        self.title = title
        self.aliases = aliases
    }

    /// The title and the aliases.
    public var all: [String] { [title] + aliases }
}

/// A group of products: "pizza".
public struct Category: Sendable, Hashable {
    /// Unique in the catalogue.
    public let id: String
    /// The name and its aliases.
    public let naming: Naming

    /// Makes a category.
    public init(id: String, naming: Naming) {
        self.id = id
        self.naming = naming
    }
}

/// One choice of a modifier group: "large", "extra cheese".
public struct Modifier: Sendable, Hashable {
    /// Unique in its group.
    public let id: String
    /// The name and its aliases.
    public let naming: Naming
    /// What it adds to the price of one; may be negative.
    public let price: Money

    /// Makes a modifier.
    public init(id: String, naming: Naming, price: Money) {
        self.id = id
        self.naming = naming
        self.price = price
    }
}

/// Choices that belong together: sizes, toppings, colours.
public struct ModifierGroup: Sendable, Hashable {
    /// Unique in the catalogue.
    public let id: String
    /// What the assistant calls it when it asks.
    public let naming: Naming
    /// How many a line has to take at least.
    public let min: Int
    /// How many a line may take at most.
    public let max: Int
    /// Taken where the caller says nothing.
    public let defaultModifier: String?
    /// Identifiers of the words that may stand before a modifier, such as `extra`; how they are said is the language pack's.
    public let amounts: [String]
    /// Whether a caller may leave one out: "no onions".
    public let removable: Bool
    /// In the order of the file.
    public let modifiers: [Modifier]

    /// Makes a group.
    public init(
        id: String, naming: Naming, min: Int, max: Int, defaultModifier: String?, amounts: [String], removable: Bool,
        modifiers: [Modifier]
    ) {
        self.id = id
        self.naming = naming
        self.min = min
        self.max = max
        self.defaultModifier = defaultModifier
        self.amounts = amounts
        self.removable = removable
        self.modifiers = modifiers
    }

    /// The modifier with this identifier.
    public func modifier(_ id: String) -> Modifier? { modifiers.first { $0.id == id } }
}

/// What one can buy.
public struct Product: Sendable, Hashable {
    /// One combination of a product's modifiers.
    public struct Variant: Sendable, Hashable {
        /// What it is called.
        public let sku: String
        /// The modifier of each group, in the groups' order.
        public let modifiers: [String]

        /// Names a combination.
        public init(sku: String, modifiers: [String]) { (self.sku, self.modifiers) = (sku, modifiers) }
    }

    /// Unique in the catalogue.
    public let sku: String
    /// The name and its aliases in the catalogue's first language.
    public let naming: Naming
    /// The names in other languages, by language code.
    public let names: [String: Naming]
    /// The identifier of its category.
    public let category: String?
    /// The maker.
    public let brand: String?
    /// A sentence or two, to be read aloud.
    public let description: String?
    /// The price of one unit.
    public let price: Money
    /// A lower price of today.
    public let salePrice: Money?
    /// What there was when the catalogue was imported; nil never runs out.
    public let stock: Quantity?
    /// What is counted: `each`, or a unit of weight or volume such as `kg`.
    public let unit: String
    /// The smallest quantity and the step between quantities.
    public let step: Quantity
    /// Identifiers of the groups that it can be modified by, in order.
    public let modifierGroups: [String]
    /// What the maker calls each combination of them, where it does: the sizes and colours of a shirt.
    public let variants: [Variant]
    /// SKUs that go with it.
    public let related: [String]
    /// Properties such as `vegetarian`.
    public let tags: [String]

    /// Makes a product; what is left out is absent.
    public init(
        sku: String, naming: Naming, names: [String: Naming] = [:], category: String? = nil, brand: String? = nil,
        description: String? = nil, price: Money, salePrice: Money? = nil, stock: Quantity? = nil,
        unit: String = "each", step: Quantity = 1, modifierGroups: [String] = [], variants: [Variant] = [],
        related: [String] = [], tags: [String] = []
    ) {
        self.sku = sku
        self.naming = naming
        self.names = names
        self.category = category
        self.brand = brand
        self.description = description
        self.price = price
        self.salePrice = salePrice
        self.stock = stock
        self.unit = unit
        self.step = step
        self.modifierGroups = modifierGroups
        self.variants = variants
        self.related = related
        self.tags = tags
    }

    /// What one unit costs today.
    public var priceToday: Money { salePrice ?? price }
    /// Whether it is counted in pieces.
    public var isCounted: Bool { unit == "each" }
    /// The name and aliases to use in `language`.
    public func naming(in language: String) -> Naming { names[language] ?? naming }
}

/// Everything a shop sells. Identifiers are unique and references hold: reading it checks that.
public struct Catalog: Sendable, Hashable {
    /// Of all prices.
    public let currency: Currency
    /// In the order of the file.
    public let categories: [Category]
    /// In the order of the file.
    public let products: [Product]
    /// In the order of the file.
    public let modifierGroups: [ModifierGroup]

    private let productIndex: [String: Int]
    private let groupIndex: [String: Int]

    /// Makes a catalogue of checked parts; a doubled identifier keeps its first.
    public init(currency: Currency, categories: [Category], products: [Product], modifierGroups: [ModifierGroup]) {
        self.currency = currency
        self.categories = categories
        self.products = products
        self.modifierGroups = modifierGroups
        productIndex = Dictionary(zip(products.map(\.sku), products.indices)) { first, _ in first }
        groupIndex = Dictionary(zip(modifierGroups.map(\.id), modifierGroups.indices)) { first, _ in first }
    }

    /// The product with this SKU.
    public func product(_ sku: String) -> Product? { productIndex[sku].map { products[$0] } }
    /// The group with this identifier.
    public func group(_ id: String) -> ModifierGroup? { groupIndex[id].map { modifierGroups[$0] } }
    /// The groups of a product, in its order.
    public func groups(of product: Product) -> [ModifierGroup] { product.modifierGroups.compactMap(group) }
    /// The category with this identifier.
    public func category(_ id: String) -> Category? { categories.first { $0.id == id } }
}

extension ModifierGroup {
    /// The choices of which `isMeant` holds for one of their names.
    public func choices(called isMeant: (String) -> Bool) -> [ChosenModifier] {
        modifiers.filter { $0.naming.all.contains(where: isMeant) }.map { ChosenModifier(group: id, id: $0.id) }
    }
}
