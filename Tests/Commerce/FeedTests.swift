// Product feeds as shops have them, and as those who mean harm or make mistakes would write them.

import Commerce
import Foundation
import Testing

struct FeedTests {
    private let dollar: Currency
    private let now = moment("2026-03-02 12:00", in: "UTC")

    init() throws { dollar = try #require(Currency(code: "USD")) }

    private func load(_ text: String) throws(ShopFileError) -> Catalog {
        try Catalog.importing(Data(text.utf8), source: "feed", currency: dollar, now: now)
    }

    private func rss(_ items: String, head: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>\(head)
        <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0" xmlns:media="http://search.yahoo.com/mrss/">
        <channel><title>Corner Kitchen</title><link>https://corner.example</link>
        \(items)
        </channel></rss>
        """
    }

    /// Lines of an item; what is not given is as in a sound one.
    private func item(_ fields: String = "", id: String = "A1", title: String = "Kettle", price: String = "15.00 USD")
        -> String
    {
        "<item><g:id>\(id)</g:id><title>\(title)</title><g:price>\(price)</g:price>\(fields)</item>"
    }

    @Test func readsAnXMLFeed() throws {
        let catalog = try load(
            rss(
                """
                <item>
                  <g:id>TV_1</g:id> <title>Plain title</title> <g:title><![CDATA[Google Chromecast & TV]]></g:title>
                  <description>&lt;b&gt;Streams&lt;/b&gt; films &amp; music.</description>
                  <link>https://corner.example/tv</link> <media:title>Not this</media:title>
                  <g:price>35.00 USD</g:price> <g:sale_price>29.90 USD</g:sale_price>
                  <g:sale_price_effective_date>2026-03-01T00:00+0100/2026-03-31T23:59+0100</g:sale_price_effective_date>
                  <g:availability>in stock</g:availability> <g:brand>Google</g:brand> <g:gtin>811571013579</g:gtin>
                  <g:product_type>Home &gt; Electronics</g:product_type> <g:product_type>Second</g:product_type>
                  <g:shipping><g:country>US</g:country><g:price>6.49 USD</g:price></g:shipping>
                  <g:unit_pricing_measure>1 ct</g:unit_pricing_measure>
                </item>
                """
                    + item(
                        "<g:availability>out_of_stock</g:availability><g:google_product_category>783</g:google_product_category>"
                    )
                    + item("<g:availability>preorder</g:availability>", id: "A2")
                    + item("<g:google_product_category>Home &gt; Electronics</g:google_product_category>", id: "A3")))
        let tv = try #require(catalog.product("TV_1"))
        #expect(tv.naming.title == "Google Chromecast & TV")
        #expect(tv.description == "Streams films & music.")
        #expect(tv.price.decimal == "35.00")
        #expect(tv.salePrice?.decimal == "29.90")
        #expect(tv.brand == "Google")
        #expect(tv.stock == nil)
        #expect(tv.category == "home/electronics")
        #expect(catalog.categories == [Category(id: "home/electronics", naming: Naming(title: "Electronics"))])
        #expect(catalog.products.map(\.sku) == ["TV_1", "A1", "A2", "A3"])
        #expect(catalog.products.map(\.stock) == [nil, 0, 0, nil])
        #expect(catalog.product("A1")?.category == nil)
        #expect(catalog.product("A3")?.category == "home/electronics")
    }

    @Test func readsATable() throws {
        let text = """
            \u{FEFF}ID\tTitle\tPrice\tSale Price\tdescription\tavailability\tunknown column
            t1\tTea\t3.00 USD\t2.50 USD\t"Black,\t""strong"".
            Second line."\tin_stock\tx

            t2\tCoffee 250 g\t5 USD\r
            """
        let catalog = try load(text)
        let tea = try #require(catalog.product("t1"))
        #expect(tea.description == "Black, \"strong\". Second line.")
        #expect(tea.salePrice?.decimal == "2.50")
        #expect(catalog.product("t2")?.price.decimal == "5.00")
        #expect(catalog.products.count == 2)

        let wide = try #require(text.dropFirst().data(using: .utf16))
        #expect(try Catalog.importing(wide, source: "feed", currency: dollar, now: now) == catalog)
    }

    @Test func takesTheShopsOwnFormatToo() throws {
        #expect(try load(Corner.catalogText) == (try Corner.catalog.get()))
    }

    @Test(arguments: [
        ("2026-03-01T00:00Z/2026-03-03T00:00Z", true), ("2026-03-02T12:00Z/2026-03-03T00:00Z", true),
        ("2026-03-02T12:01Z/2026-03-03T00:00Z", false), ("2026-03-01T00:00Z/2026-03-02T12:00Z", false),
        ("2026-03-02T13:30+02:00/2026-03-03", true), ("2026-03-02T14:30+0200/2026-03-03", false),
        ("2026-03-02T07:30:30-0500/2026-03-03", false), ("2026-03-02T06:30:30-0500/2026-03-03", true),
    ])
    func aSaleIsOnOnlyInItsTime(span: String, isOn: Bool) throws {
        let fields =
            "<g:sale_price>9.00 USD</g:sale_price><g:sale_price_effective_date>\(span)</g:sale_price_effective_date>"
        #expect(try load(rss(item(fields))).products.first?.salePrice?.decimal == (isOn ? "9.00" : nil))
    }

    // MARK: variants

    /// Rows `id, title, price, size, color[, availability[, sale price]]` of one family.
    private func family(_ rows: [[String]]) throws -> Catalog {
        let items = rows.map { row in
            let extra = row.count > 5 ? "<g:availability>\(row[5])</g:availability>" : ""
            let sale = row.count > 6 ? "<g:sale_price>\(row[6]) USD</g:sale_price>" : ""
            let size = row[3].isEmpty ? "" : "<g:size>\(row[3])</g:size>"
            let color = row[4].isEmpty ? "" : "<g:color>\(row[4])</g:color>"
            return item(
                "<g:item_group_id>SHIRT</g:item_group_id>\(size)\(color)\(extra)\(sale)", id: row[0], title: row[1],
                price: row[2] + " USD")
        }
        return try load(rss(items.joined()))
    }

    @Test func variantsBecomeOneProduct() throws {
        let catalog = try family([
            ["s1", "Linen Shirt - red, S", "20.00", "S", "red"], ["s2", "Linen Shirt - red, XL", "22.00", "XL", "red"],
            ["s3", "Linen Shirt - navy blue, S", "21.00", "S", "Navy Blue"],
            ["s4", "Linen Shirt - navy blue, XL", "23.00", "XL", "Navy Blue"],
        ])
        #expect(catalog.products.map(\.sku) == ["SHIRT"])
        let shirt = try #require(catalog.product("SHIRT"))
        #expect(shirt.naming.title == "Linen Shirt")
        #expect(shirt.price.decimal == "20.00")
        let groups = catalog.groups(of: shirt)
        #expect(groups.map(\.id) == ["size", "color"])
        #expect(groups.allSatisfy { $0.min == 1 && $0.max == 1 && $0.defaultModifier == nil })
        #expect(groups.map { $0.modifiers.map(\.id) } == [["s", "xl"], ["red", "navy-blue"]])
        #expect(groups.map { $0.modifiers.map(\.price.decimal) } == [["0.00", "2.00"], ["0.00", "1.00"]])
        let line = try catalog.line(
            for: "SHIRT", quantity: 1,
            modifiers: [ChosenModifier(group: "size", id: "xl"), ChosenModifier(group: "color", id: "navy-blue")]
        ).get()
        #expect(catalog.unitPrice(of: line)?.decimal == "23.00")
        // The order names what is on the box.
        #expect(catalog.priced(line)?.variant == "s4")
        #expect(shirt.variants.map(\.sku) == ["s1", "s2", "s3", "s4"])
    }

    @Test func productsWithAlikeVariantsShareAGroup() throws {
        let items = ["A", "B", "C"].flatMap { group in
            ["S", "M"].map { size in
                item(
                    "<g:item_group_id>\(group)</g:item_group_id><g:size>\(size)</g:size>", id: group + size,
                    title: "Hat \(group)",
                    price: group == "C" && size == "M" ? "16.00 USD" : "15.00 USD")
            }
        }
        let catalog = try load(rss(items.joined()))
        #expect(catalog.products.map(\.modifierGroups) == [["size"], ["size"], ["size-2"]])
    }

    @Test func whatIsNotThereIsNotOffered() throws {
        let catalog = try family([
            ["s1", "Shirt", "20.00", "S", ""], ["s2", "Shirt", "20.00", "M", "", "out_of_stock"],
            ["s3", "Shirt", "20.00", "L", ""],
        ])
        #expect(catalog.group("size")?.modifiers.map(\.id) == ["s", "l"])
        #expect(catalog.product("SHIRT")?.stock == nil)

        let one = try family([
            ["s1", "Shirt", "20.00", "S", ""], ["s2", "Shirt", "20.00", "M", "", "out_of_stock"],
        ])
        #expect(one.group("size")?.defaultModifier == "s")

        let none = try family([
            ["s1", "Shirt", "20.00", "S", "", "out_of_stock"], ["s2", "Shirt", "20.00", "M", "", "out_of_stock"],
        ])
        #expect(none.product("SHIRT")?.stock == 0)
        #expect(none.group("size")?.modifiers.count == 2)
    }

    @Test(arguments: [
        // Not every combination is there.
        [
            ["s1", "Shirt", "20.00", "S", "red"], ["s2", "Shirt", "20.00", "M", "red"],
            ["s3", "Shirt", "20.00", "S", "blue"],
        ],
        // The price of a combination is not the sum.
        [
            ["s1", "Shirt", "20.00", "S", "red"], ["s2", "Shirt", "22.00", "M", "red"],
            ["s3", "Shirt", "21.00", "S", "blue"],
            ["s4", "Shirt", "22.00", "M", "blue"],
        ],
        // One is on sale, the other is not.
        [["s1", "Shirt", "20.00", "S", "", "in_stock", "18.00"], ["s2", "Shirt", "20.00", "M", ""]],
        // Nothing tells them apart.
        [["s1", "Shirt", "20.00", "S", ""], ["s2", "Shirt", "20.00", "s", ""]],
        // One says its colour, the other does not.
        [["s1", "Shirt", "20.00", "S", "red"], ["s2", "Shirt", "20.00", "M", ""]],
    ])
    func otherVariantsStayApart(rows: [[String]]) throws {
        let catalog = try family(rows)
        #expect(catalog.products.map(\.sku) == rows.map { $0[0] })
        #expect(catalog.modifierGroups.isEmpty)
        #expect(catalog.products.map(\.price.decimal) == rows.map { $0[2] })
        #expect(
            catalog.products.first?.naming.title
                == ["Shirt", rows[0][3], rows[0][4]].filter { !$0.isEmpty }.joined(separator: " "))
    }

    @Test func aSaleOfTheWholeFamilyIsKept() throws {
        let catalog = try family([
            ["s1", "Shirt", "20.00", "S", "", "in_stock", "18.00"],
            ["s2", "Shirt", "25.00", "M", "", "in_stock", "23.00"],
        ])
        let shirt = try #require(catalog.product("SHIRT"))
        #expect(shirt.price.decimal == "20.00")
        #expect(shirt.salePrice?.decimal == "18.00")
        #expect(catalog.group("size")?.modifier("m")?.price.decimal == "5.00")
    }

    // MARK: mistakes

    @Test(
        arguments: [
            ("", "", "15.00 USD", "", ["line 4, id: is missing", "line 4, title: is missing"]),
            ("A1", "Kettle", "", "", ["line 4, price: is missing"]),
            ("A1", "***", "15.00 USD", "", ["line 4, title: has no letter or digit to say"]),
            (
                "A1", "Kettle", "15.00", "",
                ["line 4, price: \"15.00\" is no price: a decimal and a currency such as \"15.00 USD\""]
            ),
            ("A1", "Kettle", "15.00 EUR", "", ["line 4, price: \"EUR\" is not the shop's \"USD\""]),
            (
                "A1", "Kettle", "15.005 USD", "",
                ["line 4, price: \"15.005 USD\" is no price in USD: not negative, at most 2 digits behind the point"]
            ),
            (
                "A1", "Kettle", "-1 USD", "",
                ["line 4, price: \"-1 USD\" is no price in USD: not negative, at most 2 digits behind the point"]
            ),
            (
                "A1", "Kettle", "15.00 USD", "<g:sale_price>16.00 USD</g:sale_price>",
                ["line 4, sale_price: 16.00 is more than the price, 15.00"]
            ),
            (
                "A1", "Kettle", "15.00 USD", "<g:availability>in_stok</g:availability>",
                [
                    "line 4, availability: \"in_stok\" is none of in_stock, out_of_stock, preorder, backorder; did you mean \"in_stock\"?"
                ]
            ),
            (
                "A1", "Kettle", "15.00 USD", "<g:sale_price_effective_date>soon</g:sale_price_effective_date>",
                ["line 4, sale_price_effective_date: \"soon\" is no span: 2026-02-24T11:00+0100/2026-02-28T23:00+0100"]
            ),
        ] as [(String, String, String, String, [String])])
    func findsTheMistake(id: String, title: String, price: String, fields: String, mistakes: [String]) {
        do throws(ShopFileError) {
            _ = try load(rss(item(fields, id: id, title: title, price: price)))
            Issue.record("taken with a mistake")
        } catch .mistakes(let all) {
            #expect(all.map { "\($0.path): \($0.reason)" } == mistakes)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func tellsTheMistakesOfAllRows() {
        let text =
            "id\ttitle\tprice\na\tA\t1.00 USD\na\tB\t2.00 EUR\na\tC\t1.00 USD\textra\nb\t\t1.00 USD\na\tD\t3.00 USD"
        do throws(ShopFileError) {
            _ = try load(text)
            Issue.record("taken with mistakes")
        } catch {
            #expect(
                "\(error)" == """
                    feed: line 4: has 4 values, but there are 3 columns
                    feed: line 3, price: "EUR" is not the shop's "USD"
                    feed: line 5, title: is missing
                    feed: line 6, id: "a" is already in line 2
                    """)
        }
    }

    @Test(arguments: ["", "id\ttitle\tprice\n", "   \n"])
    func anEmptyFeedIsRefused(text: String) {
        #expect(throws: ShopFileError.self) { try load(text) }
        #expect(throws: ShopFileError.self) { try load(rss("")) }
    }

    @Test func refusesHostileFiles() {
        let laughs = "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        let secret = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        let wide = Data(rss(item(), head: laughs).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        let rows: [(Data, String)] = [
            (Data(rss(item("<g:brand>&b;</g:brand>"), head: laughs).utf8), "document type"),
            (Data(rss(item("<g:brand>&x;</g:brand>"), head: secret).utf8), "document type"),
            (Data(rss(item("<g:brand>&x;</g:brand>")).utf8), "no entity of XML"),
            (Data(rss(item("<g:brand>&#xD800;</g:brand>")).utf8), "no entity of XML"),
            (Data(rss(item("<g:brand>&#0;</g:brand>")).utf8), "no entity of XML"),
            (Data(rss(item("<g:brand>1 < 2</g:brand>")).utf8), "a plain \"<\""),
            (Data(rss(item("<g:brand></g:size>")).utf8), "</g:brand> should stand here"),
            (Data(rss(item("<g:brand x=1></g:brand>")).utf8), "not in quotes"),
            (Data(rss(item("<g:brand x='1' x='2'></g:brand>")).utf8), "there twice"),
            (Data(rss(item("<!-- a -> b")).utf8), "a comment is opened here and never closed"),
            (Data(rss(item("<g:brand>\u{1}</g:brand>")).utf8), "control characters"),
            (Data(rss(String(repeating: "<a>", count: 100_000)).utf8), "nested too deep"),
            (Data(rss(item("<g:brand>" + String(repeating: "x", count: 200_000) + "</g:brand>")).utf8), "longer than"),
            (Data(rss(item()).dropLast(20).utf8), "</item> should stand here"),
            (Data(rss(item()).dropLast(16).utf8), "the text ends before </channel>"),
            (Data(rss(item()).utf8) + Data("<rss/>".utf8), "second outermost element"),
            (Data("<html><body><item/></body></html>".utf8), "no RSS"),
            (Data(rss(item()).replacingOccurrences(of: "UTF-8", with: "UTF-7").utf8), "encoding"),
            (Data(rss(item("<g:brand>\u{e9}</g:brand>")).unicodeScalars.map { UInt8($0.value) }), "not UTF-8"),
            (wide, "encoding"),
            (Data("id\ttitle\tprice\na\t\"open\t1.00 USD\n".utf8), "never closed"),
            (Data("id\ttitle\tprice\na\t\"A\" b\t1.00 USD\n".utf8), "follows a closing quote"),
            (Data("id\ttitle\tprice\n\u{1}".utf8) + [0xFF, 0xFE], "UTF-8"),
            (Data((0...255).map { UInt8($0) }), "no catalogue"),
        ]
        for (data, reason) in rows {
            do throws(ShopFileError) {
                _ = try Catalog.importing(data, source: "feed", currency: dollar, now: now)
                Issue.record("taken: \(reason)")
            } catch {
                #expect("\(error)".contains(reason), "\(error)")
            }
        }
    }

    @Test func survivesRubbish() {
        var chance = Seeded(11)
        let table = "id\ttitle\tprice\na\tA\t1.00 USD\nb\t\"B\"\"\"\t2.00 USD\n"
        for sound in [Array(rss(item() + item(id: "b")).utf8), Array(table.utf8)] {
            for _ in 0..<300 {
                var bytes = sound
                for _ in 0..<Int.random(in: 1...4, using: &chance) {
                    bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
                }
                if Bool.random(using: &chance) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &chance)) }
                if let catalog = try? Catalog.importing(Data(bytes), source: "feed", currency: dollar, now: now) {
                    #expect(!catalog.products.isEmpty)
                }
            }
        }
    }
}
