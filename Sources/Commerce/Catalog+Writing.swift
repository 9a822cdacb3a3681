// Writes a catalogue in the shop's own JSON5, the same text for the same catalogue. Reading it gives the catalogue back.

public import Foundation

extension Catalog {
    /// The text of `catalog.json5`: a line for each category, product and modifier; what is as if left out is left out.
    public var json5Text: String {
        var writer = JSON5Writer()
        writer.raw("{\n  currency: ")
        writer.text(currency.code)
        writer.raw(",\n")
        if !categories.isEmpty {
            writer.raw("  categories: [\n")
            for category in categories { writer.category(category) }
            writer.raw("  ],\n")
        }
        writer.raw("  products: [\n")
        for product in products { writer.product(product) }
        writer.raw("  ],\n")
        if !modifierGroups.isEmpty {
            writer.raw("  modifierGroups: [\n")
            for group in modifierGroups { writer.group(group) }
            writer.raw("  ],\n")
        }
        writer.raw("}\n")
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension ShopFolder {
    /// The catalogue before the last import.
    public static let previousCatalogFile = "catalog.previous.json5"

    /// Replaces the folder's catalogue in one step, so that a reader finds the old one or the new one, never half of one.
    /// The old one is kept beside it.
    public static func replaceCatalog(in folder: URL, with catalog: Catalog) throws(ShopFileError) {
        let current = folder.appendingPathComponent(catalogFile)
        let previous = folder.appendingPathComponent(previousCatalogFile)
        do {
            if FileManager.default.fileExists(atPath: current.path) {
                try Data(contentsOf: current).write(to: previous, options: .atomic)
            }
            try Data(catalog.json5Text.utf8).write(to: current, options: .atomic)
        } catch {
            throw .unreadable(file: current.path, reason: "cannot be replaced: \(error.localizedDescription)")
        }
    }
}

private struct JSON5Writer {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A text in quotes; what JSON5 does not take as it is, or an editor does not show, is escaped.
    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": raw("\\\(scalar)")
            case "\n": raw("\\n")
            case "\t": raw("\\t")
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func field(_ name: String, _ value: String?) {
        guard let value else { return }
        raw(", \(name): ")
        text(value)
    }

    mutating func field(_ name: String, _ values: [String]) {
        if values.isEmpty { return }
        raw(", \(name): [")
        for (index, value) in values.enumerated() {
            if index > 0 { raw(", ") }
            text(value)
        }
        raw("]")
    }

    mutating func naming(_ name: String, _ naming: Naming) {
        field(name, naming.title)
        field("aliases", naming.aliases)
    }

    mutating func category(_ category: Category) {
        raw("    {id: ")
        text(category.id)
        naming("name", category.naming)
        raw("},\n")
    }

    mutating func product(_ product: Product) {
        raw("    {sku: ")
        text(product.sku)
        naming("title", product.naming)
        if !product.names.isEmpty {
            raw(", names: {")
            for (index, entry) in product.names.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { raw(", ") }
                text(entry.key)
                raw(": {title: ")
                text(entry.value.title)
                field("aliases", entry.value.aliases)
                raw("}")
            }
            raw("}")
        }
        field("category", product.category)
        field("brand", product.brand)
        field("description", product.description)
        field("price", product.price.decimal)
        field("salePrice", product.salePrice?.decimal)
        if let stock = product.stock { raw(", stock: \(stock.decimal)") }
        if product.unit != "each" { field("unit", product.unit) }
        if product.step != 1 { raw(", step: \(product.step.decimal)") }
        field("modifierGroups", product.modifierGroups)
        if !product.variants.isEmpty {
            raw(", variants: [")
            for (index, variant) in product.variants.enumerated() {
                if index > 0 { raw(", ") }
                raw("{sku: ")
                text(variant.sku)
                field("modifiers", variant.modifiers)
                raw("}")
            }
            raw("]")
        }
        field("related", product.related)
        field("tags", product.tags)
        raw("},\n")
    }

    mutating func group(_ group: ModifierGroup) {
        raw("    {id: ")
        text(group.id)
        naming("name", group.naming)
        raw(", min: \(group.min), max: \(group.max)")
        field("default", group.defaultModifier)
        field("amounts", group.amounts)
        if group.removable { raw(", removable: true") }
        raw(", modifiers: [\n")
        for modifier in group.modifiers {
            raw("      {id: ")
            text(modifier.id)
            naming("name", modifier.naming)
            if modifier.price.minorUnits != 0 { field("price", modifier.price.decimal) }
            raw("},\n")
        }
        raw("    ]},\n")
    }
}
