// `rozmova catalog`: good files are taken in one step and the last one kept, bad ones change nothing and say everything.

import Foundation
import Testing

@Suite("The catalogue", .enabled(if: Program.isBuilt, "the program is not built"))
struct CatalogTests {
    /// A shop that sells one thing, in a folder of its own.
    static func shop(catalog: String = #"{products: [{sku: "tea", title: "green tea", price: "3.50", stock: 4}]}"#)
        throws
        -> Scratch
    {
        let scratch = try Scratch()
        _ = try scratch.file("shop.json5", #"{name: "Tea House", currency: "EUR"}"#)
        _ = try scratch.file("catalog.json5", catalog)
        return scratch
    }

    @Test("The demo shop is found beside the build, and searched")
    func demoShop() async throws {
        let list = try await Program.run(["catalog", "list"])
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.lines.count >= 50)
    }

    @Test("A shop with ten mistakes gets all ten, with their places")
    func tenMistakes() async throws {
        let shop = try Self.shop(
            catalog: """
                {currency: "EUR", categories: [{id: "hot", name: "hot drinks"}, {id: "hot", name: "again"}], products: [
                  {sku: "tea", title: "tea", price: "3.50"},
                  {sku: "tea", title: "tea again", price: "3.50"},
                  {sku: "b", title: "b", price: "-1.00"},
                  {sku: "c", title: "c", price: "1.005"},
                  {sku: "d", title: "d", price: 4},
                  {sku: "e", price: "1.00"},
                  {sku: "f", title: "f", price: "1.00", category: "cold"},
                  {sku: "g", title: "g", price: "1.00", modifierGroups: ["none"]},
                  {sku: "h", title: "h", prise: "1.00", price: "1.00"},
                ], modifierGroups: [{id: "size", name: "size", min: 1, max: 1, default: "huge",
                  modifiers: [{id: "small", name: "small"}]}]}
                """)
        for words in [["catalog", "list"], ["check"]] {
            let run = try await Program.run(words + ["--shop", shop.path])
            #expect(run.status == 1)
            let told = run.output + run.errors
            for place in [
                "categories[1]", "products[1].sku", "products[2].price", "products[3].price", "products[4].price",
                "products[5].title", "products[6].category", "products[7].modifierGroups", "products[8].prise",
                "modifierGroups[0].default",
            ] {
                #expect(told.contains(place), "\(words): no word of \(place) in \(told)")
            }
        }
    }

    @Test("Files and folders that are not there are named", arguments: ["list"])
    func missing(command: String) async throws {
        let words =
            command == "import"
            ? ["catalog", "import", "/nowhere/feed.xml"] : ["catalog", "list", "--shop", "/nowhere"]
        let run = try await Program.run(words)
        #expect(run.status == 1)
        #expect(run.errors.contains("/nowhere"))
    }
}

extension Scratch {
    /// What is in the folder, sorted.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
