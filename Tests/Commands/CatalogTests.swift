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
        let found = try await Program.run(["catalog", "search", "pepperoni pizza", "--json"])
        #expect(found.status == 0)
        let first = try #require(found.lines.first)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect((object["title"] as? String)?.contains("pizza") == true)
    }

    @Test("What is not sold is not found, and that is no failure")
    func searchNothing() async throws {
        let shop = try Self.shop()
        let run = try await Program.run(["catalog", "search", "submarine periscope", "--shop", shop.path])
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
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

    @Test("An import replaces the catalogue and keeps the last one")
    func importing() async throws {
        let shop = try Self.shop()
        let before = try String(contentsOf: shop.folder.appending(path: "catalog.json5"), encoding: .utf8)
        let new = try shop.file("new.json5", #"{products: [{sku: "coffee", title: "coffee", price: "2.80"}]}"#)
        let run = try await Program.run(["catalog", "import", new, "--shop", shop.path])
        #expect(run.status == 0, "\(run.errors)")
        let list = try await Program.run(["catalog", "list", "--shop", shop.path])
        #expect(list.output.contains("coffee") && !list.output.contains("green tea"))
        let kept = try String(contentsOf: shop.folder.appending(path: "catalog.previous.json5"), encoding: .utf8)
        #expect(kept == before)
        #expect(try shop.names() == ["catalog.json5", "catalog.previous.json5", "new.json5", "shop.json5"])
    }

    @Test(
        "Google's feeds are taken too",
        arguments: [
            "id\ttitle\tdescription\tprice\tavailability\nA-1\tgarden hose\tgreen\t19.90 EUR\tin_stock\n",
            """
            <?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><item>
            <g:id>A-1</g:id><g:title>garden hose</g:title><g:description>green</g:description>
            <g:price>19.90 EUR</g:price><g:availability>in_stock</g:availability></item></channel></rss>
            """,
        ])
    func feeds(text: String) async throws {
        let shop = try Self.shop()
        let run = try await Program.run(["catalog", "import", try shop.file("feed", text), "--shop", shop.path])
        #expect(run.status == 0, "\(run.errors)")
        let list = try await Program.run(["catalog", "list", "--shop", shop.path])
        #expect(list.output.contains("A-1") && list.output.contains("19.90 EUR"))
    }

    @Test(
        "A bad file changes nothing",
        arguments: [
            "", "\u{0}\u{1}\u{2}", "{products: [", #"{products: [{sku: "x"}]}"#, "<rss><channel><item>",
            "id\ttitle\nA-1\tx\n",
        ])
    func refused(text: String) async throws {
        let shop = try Self.shop()
        let file = try shop.file("bad", text)
        let before = try shop.names()
        let run = try await Program.run(["catalog", "import", file, "--shop", shop.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("bad"), "the file is not named: \(run.errors)")
        #expect(try shop.names() == before)
        #expect(try await Program.run(["catalog", "list", "--shop", shop.path]).output.contains("green tea"))
    }

    @Test("Files and folders that are not there are named", arguments: ["import", "list"])
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
