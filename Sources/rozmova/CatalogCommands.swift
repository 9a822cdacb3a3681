// `rozmova catalog list`: what a shop sells, as the assistant would find it.

import Commerce
import Foundation

enum CatalogListCommand: Command {
    static let usage = Usage(
        name: "catalog list", summary: "lists the products of the shop",
        options: [.json, .shop, .config])

    static func run(_ arguments: Arguments) async throws {
        let catalog = try Composition(arguments).shop().catalog
        for product in catalog.products { try ProductText.tell(product, of: catalog, json: arguments.has("json")) }
    }
}

/// A product for a person or a program.
enum ProductText {
    static func tell(_ product: Product, of catalog: Catalog, json: Bool) throws {
        if json { return try Console.json(ProductRecord(product)) }
        let unit = product.isCounted ? "" : "/\(product.unit)"
        let stock = product.stock.map { "  stock \($0.decimal)" } ?? ""
        Console.line(
            "\(product.sku)  \(product.naming.title)  \(product.priceToday.decimal) \(catalog.currency.code)\(unit)\(stock)"
        )
    }
}

private struct ProductRecord: Encodable {
    let sku: String
    let title: String
    let aliases: [String]
    let category: String?
    let price: String
    let salePrice: String?
    let currency: String
    let unit: String
    let stock: Decimal?
    let modifierGroups: [String]

    init(_ product: Product) {
        sku = product.sku
        title = product.naming.title
        aliases = product.naming.aliases
        category = product.category
        price = product.price.decimal
        salePrice = product.salePrice?.decimal
        currency = product.price.currency.code
        unit = product.unit
        stock = product.stock?.number
        modifierGroups = product.modifierGroups
    }
}
