// `rozmova catalog list` and `search`: what a shop sells, as the assistant would find it.

import Commerce
import Conversation
import Foundation

enum CatalogListCommand: Command {
    static let usage = Usage(
        name: "catalog list", summary: "lists the products of the shop",
        options: [.json, .shop, .config])

    static func run(_ arguments: Arguments) async throws {
        let catalog = try Composition(arguments).shop().catalog
        for product in catalog.products { ProductText.tell(product, of: catalog, json: arguments.has("json")) }
    }
}

enum CatalogSearchCommand: Command {
    static let usage = Usage(
        name: "catalog search", summary: "finds products by words, the best first",
        positionals: [Positional(name: "TEXT", count: .oneOrMore)],
        options: [Option(name: "limit", value: "N", summary: "at most so many; left out: 10"), .json, .shop, .config])

    static func run(_ arguments: Arguments) async throws {
        let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 10
        let catalog = try Composition(arguments).shop().catalog
        for product in catalog.search(arguments.positionals, limit: limit) {
            ProductText.tell(product, of: catalog, json: arguments.has("json"))
        }
    }
}

/// A product for a person or a program.
enum ProductText {
    static func tell(_ product: Product, of catalog: Catalog, json: Bool) {
        if json { return Console.line(product.json.line) }
        let unit = product.isCounted ? "" : "/\(product.unit)"
        let stock = product.stock.map { "  stock \($0.decimal)" } ?? ""
        Console.line(
            "\(product.sku)  \(product.naming.title)  \(product.priceToday.decimal) \(catalog.currency.code)\(unit)\(stock)"
        )
    }
}

extension Product {
    fileprivate var json: JSONText {
        .object([
            ("sku", .text(sku)), ("title", .text(naming.title)), ("aliases", .list(naming.aliases.map { .text($0) })),
            ("category", .optional(category)), ("price", .text(price.decimal)),
            ("salePrice", .optional(salePrice?.decimal)), ("currency", .text(price.currency.code)),
            ("unit", .text(unit)), ("stock", stock.map { .number($0.decimal) } ?? .null),
            ("modifierGroups", .list(modifierGroups.map { .text($0) })),
        ])
    }
}
