// What is written is read back the same: the import depends on it.

import Commerce
import Foundation
import Testing

struct WritingTests {
    private func reread(_ catalog: Catalog) throws(ShopFileError) -> Catalog {
        try Catalog.read(json5: Data(catalog.json5Text.utf8), source: "written")
    }

    @Test func readsBackWhatItWrote() throws {
        let catalog = try Corner.catalog.get()
        #expect(try reread(catalog) == catalog)
        #expect(try reread(catalog).json5Text == catalog.json5Text)
    }

    @Test func isForPeopleToRead() throws {
        let text = try Corner.catalog.get().json5Text
        #expect(
            text.contains(
                """
                    {sku: "cherries", title: "cherries", price: "6.00", stock: 2.5, unit: "kg", step: 0.1},
                """))
        #expect(text.contains(#"names: {"uk": {title: "піца", aliases: ["піцца"]}}"#))
    }

    @Test func readsBackAnything() throws {
        var chance = Seeded(5)
        let hryvnia = try #require(Currency(code: "UAH"))
        let letters = [
            "a", "Ż", "ї", "\"", "\\", "'", "/", "\n", "\t", "\u{2028}", "🍕", "é", " ", "//", "7", "\u{FEFF}",
        ]
        func text() -> String {
            "x"
                + (0..<Int.random(in: 0...6, using: &chance)).map { _ in letters.randomElement(using: &chance) ?? "" }
                .joined() + "y"
        }
        func texts() -> [String] { (0..<Int.random(in: 0...2, using: &chance)).map { _ in text() } }
        func naming() -> Naming { Naming(title: text(), aliases: texts()) }
        func money(_ range: ClosedRange<Int64>) -> Money {
            Money(minorUnits: .random(in: range, using: &chance), currency: hryvnia)
        }
        for round in 0..<200 {
            let groups = (0..<Int.random(in: 0...3, using: &chance)).map { index in
                let modifiers = (1...Int.random(in: 1...3, using: &chance)).map {
                    Modifier(id: "m\($0)\(text())", naming: naming(), price: money(-10...100))
                }
                return ModifierGroup(
                    id: "g\(index)", naming: naming(), min: .random(in: 0...1, using: &chance),
                    max: .random(in: 1...4, using: &chance),
                    defaultModifier: Bool.random(using: &chance) ? modifiers.last?.id : nil, amounts: texts(),
                    removable: .random(using: &chance), modifiers: modifiers)
            }
            let products = (1...Int.random(in: 1...5, using: &chance)).map { index in
                let isWeighed = Bool.random(using: &chance)
                return Product(
                    sku: "\(index)\(text())", naming: naming(),
                    names: Bool.random(using: &chance) ? ["uk": naming()] : [:],
                    category: Bool.random(using: &chance) ? "c" : nil,
                    brand: Bool.random(using: &chance) ? text() : nil,
                    description: Bool.random(using: &chance) ? text() : nil, price: money(5_000...100_000),
                    salePrice: Bool.random(using: &chance) ? money(1_000...5_000) : nil,
                    stock: Bool.random(using: &chance)
                        ? Quantity(thousandths: .random(in: 0...9_999, using: &chance)) : nil,
                    unit: isWeighed ? "kg" : "each",
                    step: isWeighed ? Quantity(thousandths: .random(in: 1...3_000, using: &chance)) : 1,
                    modifierGroups: groups.map(\.id),
                    variants: groups.isEmpty
                        ? [] : [.init(sku: text(), modifiers: groups.map { $0.modifiers.last?.id ?? "" })],
                    tags: texts())
            }
            let catalog = Catalog(
                currency: hryvnia, categories: [Category(id: "c", naming: naming())], products: products,
                modifierGroups: groups)
            let back = try reread(catalog)
            #expect(back == catalog, "round \(round)")
        }
    }

    @Test func replacesTheCatalogueAndKeepsTheLast() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let current = folder.appendingPathComponent(ShopFolder.catalogFile)
        try Data("old".utf8).write(to: current)
        let catalog = try Corner.catalog.get()
        try ShopFolder.replaceCatalog(in: folder, with: catalog)
        #expect(try Data(contentsOf: current) == Data(catalog.json5Text.utf8))
        let previous = folder.appendingPathComponent(ShopFolder.previousCatalogFile)
        #expect(try Data(contentsOf: previous) == Data("old".utf8))
        let nowhere = folder.appendingPathComponent("not there")
        #expect(throws: ShopFileError.self) { try ShopFolder.replaceCatalog(in: nowhere, with: catalog) }
    }
}
