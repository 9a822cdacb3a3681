// What a shop's file may say, and a row for each mistake in it.

import Commerce
import Foundation
import Testing

struct ReadingTests {
    @Test func readsTheWholeShop() throws {
        let shop = try Corner.shop.get()
        #expect(shop.name == "Corner Kitchen")
        #expect(shop.languages == ["en", "uk"])
        #expect(shop.hours?.spans == [OpeningSpan(days: Array(Weekday.allCases.prefix(6)), open: 480, close: 1_260)])
        #expect(shop.operator == Operator(transferTo: "sip:desk@corner.example", hours: nil))
        #expect(shop.delivery.map(\.id) == ["courier", "night", "pickup"])
        #expect(shop.delivery.map(\.needsAddress) == [true, true, false])
        #expect(shop.deliveryMethod("courier")?.freeOver?.decimal == "30.00")
        #expect(shop.payment.map(\.naming.title) == ["cash", "", ""])
        #expect(shop.limits.maximumQuantity == 50)
        #expect(shop.prompts == ["greeting": ["Corner Kitchen, hello!", "Hi."], "goodbye": ["Bye."]])
        #expect(shop.faq.first?.topic == "refund_policy")
        #expect(shop.repeatOrderByNumber)
    }

    @Test func readsTheWholeCatalogue() throws {
        let catalog = try Corner.catalog.get()
        let pizza = try #require(catalog.product("pizza"))
        #expect(pizza.priceToday.decimal == "7.50")
        #expect(pizza.naming(in: "uk").title == "піца")
        #expect(pizza.naming(in: "de").title == "pizza")
        #expect(catalog.groups(of: pizza).map(\.id) == ["size", "topping", "sauce"])
        #expect(catalog.group("topping")?.max == 2)
        let cherries = try #require(catalog.product("cherries"))
        #expect(cherries.stock == Quantity(thousandths: 2_500))
        #expect(cherries.step == Quantity(thousandths: 100))
        #expect(!cherries.isCounted)
    }

    @Test func onlyNameAndCurrencyAreNeeded() throws {
        let shop = try Shop.read(json5: Data("{name: 'S', currency: 'UAH'}".utf8), source: "shop.json5")
        #expect(shop.languages == ["en"])
        #expect(shop.timeZone == "UTC")
        #expect(shop.hours == nil)
        #expect(shop.operator == nil)
        #expect(shop.delivery.map(\.id) == ["delivery", "pickup"])
        #expect(shop.delivery.map(\.needsAddress) == [true, false])
        #expect(shop.delivery.allSatisfy { $0.fee.minorUnits == 0 && $0.payments.isEmpty })
        #expect(shop.payment.map(\.id) == ["on_delivery"])
        #expect(shop.limits == OrderLimits())
        #expect(!shop.repeatOrderByNumber)
        #expect(shop.recommendations == .asked)
    }

    private func mistakes(_ read: () throws(ShopFileError) -> Void) -> [String] {
        do throws(ShopFileError) {
            try read()
            return []
        } catch .mistakes(let all) {
            return all.map { "\($0.path): \($0.reason)" }
        } catch {
            return ["not read: \(error)"]
        }
    }

    private func catalogMistakes(_ text: String, currency: String = "USD") -> [String] {
        mistakes { () throws(ShopFileError) in
            _ = try Catalog.read(json5: Data(text.utf8), source: "c", currency: Currency(code: currency))
        }
    }

    /// Mistakes of one product of a catalogue that is right otherwise.
    @Test(arguments: [
        ("title: 'x', price: '1'", "products[1].sku: is missing"),
        ("sku: 'a', title: 'x', price: '1'", "products[1].sku: \"a\" is already products[0].sku"),
        ("sku: '', title: 'x', price: '1'", "products[1].sku: is empty"),
        ("sku: 7, title: 'x', price: '1'", "products[1].sku: is a number, not a text"),
        ("sku: 'x', price: '1'", "products[1].title: is missing"),
        ("sku: 'x', title: '  ', price: '1'", "products[1].title: is empty"),
        ("sku: 'x', title: '!?', price: '1'", "products[1].title: has no letter or digit to say"),
        ("sku: 'x', title: 'a\\u0007b', price: '1'", "products[1].title: has control characters in it"),
        ("sku: 'x', title: 'x'", "products[1].price: is missing"),
        ("sku: 'x', title: 'x', price: '-1.00'", "products[1].price: \"-1.00\" is negative"),
        (
            "sku: 'x', title: 'x', price: '1.005'",
            "products[1].price: \"1.005\" has more digits behind the point than the 2 of USD"
        ),
        (
            "sku: 'x', title: 'x', price: 'free'",
            "products[1].price: \"free\" is no amount: a decimal such as \"19.00\""
        ),
        (
            "sku: 'x', title: 'x', price: '1,50'",
            "products[1].price: \"1,50\" is no amount: a decimal such as \"19.00\""
        ),
        ("sku: 'x', title: 'x', price: 8.5", "products[1].price: is a number; money is a text: \"8.5\""),
        ("sku: 'x', title: 'x', price: ['1']", "products[1].price: is a list, not a text"),
        (
            "sku: 'x', title: 'x', price: '999999999999'",
            "products[1].price: \"999999999999\" is more than anything costs"
        ),
        (
            "sku: 'x', title: 'x', price: '1', salePrice: '2'",
            "products[1].salePrice: 2.00 is more than the price, 1.00"
        ),
        ("sku: 'x', title: 'x', price: '1', stock: -1", "products[1].stock: -1 is negative"),
        ("sku: 'x', title: 'x', price: '1', stock: '4'", "products[1].stock: is a text, not a number"),
        (
            "sku: 'x', title: 'x', price: '1', stock: NaN",
            "products[1].stock: NaN is no quantity: at most three digits may stand behind the point"
        ),
        ("sku: 'x', title: 'x', price: '1', step: 0", "products[1].step: is nothing"),
        (
            "sku: 'x', title: 'x', price: '5', modifierGroups: ['size'], variants: [{sku: 'v', modifiers: []}]",
            "products[1].variants[0].modifiers: has to be one modifier of each of size"
        ),
        (
            "sku: 'x', title: 'x', price: '5', modifierGroups: ['size'], variants: [{sku: 'v', modifiers: ['nothing']}]",
            "products[1].variants[0].modifiers: has to be one modifier of each of size"
        ),
        (
            "sku: 'x', title: 'x', price: '1', unit: 'kg', step: 0.0001",
            "products[1].step: 0.0001 is no quantity: at most three digits may stand behind the point"
        ),
        (
            "sku: 'x', title: 'x', price: '1', step: 0.5",
            "products[1].step: 0.5 is not whole, but the product is sold by the piece"
        ),
        (
            "sku: 'x', title: 'x', price: '1', prize: '1'",
            "products[1].prize: is not a field here; did you mean \"price\"?"
        ),
        ("sku: 'x', title: 'x', price: '1', wheels: 4", "products[1].wheels: is not a field here"),
        (
            "sku: 'x', title: 'x', price: '1', category: 'pizzza'",
            "products[1].category: \"pizzza\" is not among the categories; did you mean \"pizza\"?"
        ),
        (
            "sku: 'x', title: 'x', price: '1', modifierGroups: ['sise']",
            "products[1].modifierGroups[0]: \"sise\" is not among the modifier groups; did you mean \"size\"?"
        ),
        (
            "sku: 'x', title: 'x', price: '5', modifierGroups: ['size', 'size']",
            "products[1].modifierGroups[1]: \"size\" is there twice"
        ),
        (
            "sku: 'x', title: 'x', price: '1', related: ['b']",
            "products[1].related[0]: \"b\" is not among the products"
        ),
        ("sku: 'x', title: 'x', price: '1', related: ['x']", "products[1].related[0]: \"x\" is the product itself"),
        ("sku: 'x', title: 'x', price: '1', tags: ['hot', 3]", "products[1].tags[1]: is a number, not a text"),
        ("sku: 'x', title: 'x', price: '1', aliases: 'y'", "products[1].aliases: is a text, not a list"),
        ("sku: 'x', title: 'x', price: '1', names: {uk: {title: ''}}", "products[1].names.uk.title: is empty"),
        ("sku: 'x', title: 'x', price: '1', names: 'x'", "products[1].names: is a text, not an object"),
        (
            "sku: 'x', title: 'x', price: '0.50', modifierGroups: ['size']",
            "products[1].price: with the cheapest modifiers it costs less than nothing, -0.50"
        ),
        ("sku: 'x', title: 'x', price: '1', price: '2'", "price: is written twice in one object, again in line 1"),
    ])
    func findsTheMistake(inProduct fields: String, mistake: String) {
        let found = catalogMistakes(
            """
            {currency: 'USD', categories: [{id: 'pizza', name: 'pizza'}], modifierGroups: [
             {id: 'size', name: 'size', min: 1, max: 1, modifiers: [{id: 's', name: 's', price: '-1.00'}]}],
             products: [{sku: 'a', title: 'a', price: '1'}, {\(fields)}]}
            """.split(separator: "\n").joined())
        #expect(found == [mistake])
    }

    @Test(arguments: [
        ("name: 'g', modifiers: [{id: 'm', name: 'm'}]", "modifierGroups[0].id: is missing"),
        ("id: 'g', modifiers: [{id: 'm', name: 'm'}]", "modifierGroups[0].name: is missing"),
        ("id: 'g', name: 'g'", "modifierGroups[0].modifiers: is missing"),
        ("id: 'g', name: 'g', modifiers: []", "modifierGroups[0].modifiers: is empty"),
        (
            "id: 'g', name: 'g', min: 2, max: 1, modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].min: 2 is more than max, 1"
        ),
        (
            "id: 'g', name: 'g', min: 2, max: 3, modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].min: 2 is more than the 1 modifiers there are"
        ),
        (
            "id: 'g', name: 'g', max: 0, modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].max: 0 is not between 1 and 1000"
        ),
        (
            "id: 'g', name: 'g', min: 0.5, modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].min: is not a whole number"
        ),
        (
            "id: 'g', name: 'g', min: '1', modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].min: is a text, not a whole number"
        ),
        (
            "id: 'g', name: 'g', default: 'medum', modifiers: [{id: 'medium', name: 'm'}]",
            "modifierGroups[0].default: \"medum\" is not in its group; did you mean \"medium\"?"
        ),
        (
            "id: 'g', name: 'g', removable: 1, modifiers: [{id: 'm', name: 'm'}]",
            "modifierGroups[0].removable: is a number, not true or false"
        ),
        (
            "id: 'g', name: 'g', modifiers: [{id: 'm', name: 'm'}, {id: 'm', name: 'n'}]",
            "modifierGroups[0].modifiers[1].id: \"m\" is already modifierGroups[0].modifiers[0].id"
        ),
        (
            "id: 'g', name: 'g', modifiers: [{id: 'm', name: 'm', price: '1.234'}]",
            "modifierGroups[0].modifiers[0].price: \"1.234\" has more digits behind the point than the 2 of USD"
        ),
        ("id: 'g', name: 'g', modifiers: ['m']", "modifierGroups[0].modifiers[0]: is a text, not an object"),
    ])
    func findsTheMistake(inGroup fields: String, mistake: String) {
        let found = catalogMistakes(
            "{currency: 'USD', products: [{sku: 'a', title: 'a', price: '1'}], modifierGroups: [{\(fields)}]}")
        #expect(found == [mistake])
    }

    @Test(arguments: [
        (
            "{products: [{sku: 'a', title: 'a', price: '1'}], currency: 'EUR'}",
            "currency: \"EUR\" is not the shop's \"USD\""
        ),
        (
            "{products: [{sku: 'a', title: 'a', price: '1'}], currency: 'dollars'}",
            "currency: \"dollars\" is no currency: three letters such as USD"
        ),
        ("{currency: 'USD'}", "products: is missing"), ("{currency: 'USD', products: []}", "products: is empty"),
        ("{currency: 'USD', products: {}}", "products: is an object, not a list"),
        ("[]", ": is a list, not an object"), ("'USD'", ": is a text, not an object"),
        (
            "{products: [{sku: 'a', title: 'a', price: '1'}], categories: [{id: 'c', name: 'c'}, {id: 'c', name: 'd'}]}",
            "categories[1].id: \"c\" is already categories[0].id"
        ),
        (
            "{products: [{sku: 'a', title: 'a', price: '1'}], product: []}",
            "product: is not a field here; did you mean \"products\"?"
        ),
    ])
    func findsTheMistake(inCatalogue text: String, mistake: String) {
        #expect(catalogMistakes(text) == [mistake])
    }

    @Test(
        arguments: [
            ("", ["name: is missing", "currency: is missing"]),
            (
                "name: 'S', currency: 'USD', languages: ['english']",
                ["languages[0]: \"english\" is no language code such as \"en\""]
            ),
            ("name: 'S', currency: 'USD', languages: ['en', 'en']", ["languages[1]: \"en\" is already languages[0]"]),
            ("name: 'S', currency: 'USD', languages: []", ["languages: is empty"]),
            (
                "name: 'S', currency: 'USD', timeZone: 'Mars/Base'",
                ["timeZone: \"Mars/Base\" is no time zone: a name such as \"Europe/Kyiv\""]
            ),
            ("name: 'S', currency: 'USD', hours: []", ["hours: is empty; left out it means always open"]),
            ("name: 'S', currency: 'USD', hours: 'same'", ["hours: is a text, not a list of spans"]),
            ("name: 'S', currency: 'USD', hours: [{days: 'mon', open: '8:00'}]", ["hours[0].close: is missing"]),
            (
                "name: 'S', currency: 'USD', operator: {transferTo: '5551234'}",
                ["operator.transferTo: \"5551234\" is no SIP address: sip:desk@host"]
            ),
            ("name: 'S', currency: 'USD', delivery: []", ["delivery: is empty"]),
            (
                "name: 'S', currency: 'USD', delivery: [{id: 'a'}, {id: 'a'}]",
                ["delivery[1].id: \"a\" is already delivery[0].id"]
            ),
            ("name: 'S', currency: 'USD', delivery: [{fee: '1.00'}]", ["delivery[0].id: is missing"]),
            ("name: 'S', currency: 'USD', delivery: [{id: 'a', fee: '-1'}]", ["delivery[0].fee: \"-1\" is negative"]),
            (
                "name: 'S', currency: 'USD', delivery: [{id: 'a', areas: ['--']}]",
                ["delivery[0].areas[0]: \"--\" has no letter or digit to find"]
            ),
            (
                "name: 'S', currency: 'USD', delivery: [{id: 'a', payments: ['lnk']}], payment: [{id: 'link'}]",
                ["delivery[0].payments[0]: \"lnk\" is not among the shop's payments; did you mean \"link\"?"]
            ),
            ("name: 'S', currency: 'USD', payment: []", ["payment: is empty"]),
            (
                "name: 'S', currency: 'USD', payment: [{id: 'conter'}]",
                ["payment[0].id: \"conter\" is none of on_delivery, counter, saved, link; did you mean \"counter\"?"]
            ),
            (
                "name: 'S', currency: 'USD', payment: [{id: 'link'}, {id: 'link'}]",
                ["payment[1].id: \"link\" is already payment[0].id"]
            ),
            (
                "name: 'S', currency: 'USD', limits: {minimumOrder: '9', maximumOrder: '5'}",
                ["limits.minimumOrder: 9.00 is more than maximumOrder, 5.00"]
            ),
            ("name: 'S', currency: 'USD', limits: {maximumQuantity: 0}", ["limits.maximumQuantity: is nothing"]),
            ("name: 'S', currency: 'USD', faq: [{topic: 'hours'}]", ["faq[0].answer: is missing"]),
            (
                "name: 'S', currency: 'USD', faq: [{topic: 'a', answer: 'b'}, {topic: 'a', answer: 'c'}]",
                ["faq[1].topic: \"a\" is already faq[0].topic"]
            ),
            ("name: 'S', currency: 'USD', prompts: {greeting: 3}", ["prompts.greeting: is a number, not a list"]),
            ("name: 'S', currency: 'USD', prompts: {greeting: []}", ["prompts.greeting: is empty"]),
            (
                "name: 'S', currency: 'USD', repeatOrderByNumber: 'yes'",
                ["repeatOrderByNumber: is a text, not true or false"]
            ),
            (
                "name: 'S', currency: 'USD', recommendations: 'often'",
                ["recommendations: \"often\" is none of never, asked, once"]
            ),
            ("name: 'S', currency: 'USD', payments: []", ["payments: is not a field here; did you mean \"payment\"?"]),
        ] as [(String, [String])])
    func findsTheMistake(inShop fields: String, expected: [String]) {
        let found = mistakes { () throws(ShopFileError) in
            _ = try Shop.read(json5: Data("{\(fields)}".utf8), source: "s")
        }
        #expect(found == expected)
    }

    @Test func tellsEveryMistakeInOneMessage() {
        let text = """
            {currency: 'USD', products: [
              {sku: 'a', title: 'a', price: '-1', category: 'x'},
              {sku: 'a', title: '', price: '1.999', stock: -2},
            ], modifierGroups: [{id: 'g', name: 'g', default: 'z', modifiers: [{id: 'm', name: 'm'}]}]}
            """
        do throws(ShopFileError) {
            _ = try Catalog.read(json5: Data(text.utf8), source: "catalog.json5")
            Issue.record("taken with mistakes")
        } catch {
            #expect(
                "\(error)"
                    == """
                    catalog.json5: modifierGroups[0].default: "z" is not in its group
                    catalog.json5: products[0].price: "-1" is negative
                    catalog.json5: products[1].sku: "a" is already products[0].sku
                    catalog.json5: products[1].price: "1.999" has more digits behind the point than the 2 of USD
                    catalog.json5: products[1].title: is empty
                    catalog.json5: products[1].stock: -2 is negative
                    catalog.json5: products[0].category: "x" is not among the categories
                    """)
        }
    }

    @Test(
        arguments: [
            ("", 1, 1, "the text ends where a value should stand"), ("{", 1, 2, "the text ends before \"}\""),
            ("{name: 'S'\n currency: 'USD'}", 2, 2, "a comma or \"}\" is missing"),
            ("{\n  name: 'S\n}", 2, 9, "a text is opened here and not closed on its line"),
            ("{name 'S'}", 1, 7, "a colon is missing after \"name\""),
            ("{name: S}", 1, 8, "no JSON5 value: a text needs quotes"),
            ("{name: 'S'} {}", 1, 13, "there is something after the end"),
            ("{a: [1, 2}", 1, 10, "a comma or \"]\" is missing"),
            ("{/* a: 1}", 1, 2, "a comment is opened here and never closed"),
            ("{a: 1, : 2}", 1, 8, "the name of a field should stand here"),
            (String(repeating: "[", count: 100_000), 1, 65, "is nested too deep"),
        ] as [(String, Int, Int, String)])
    func saysWhereTheTextStopsBeingJSON5(text: String, line: Int, column: Int, reason: String) {
        #expect(throws: ShopFileError.malformed(file: "s", line: line, column: column, reason: reason)) {
            try Shop.read(json5: Data(text.utf8), source: "s")
        }
    }

    @Test func survivesRubbish() {
        var chance = Seeded(3)
        let sound = Array(Corner.catalogText.utf8)
        for round in 0..<300 {
            var bytes = round % 3 == 0 ? (0..<200).map { _ in UInt8.random(in: 0...255, using: &chance) } : sound
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            if round % 3 == 1 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &chance)) }
            do throws(ShopFileError) {
                _ = try Catalog.read(json5: Data(bytes), source: "c")
            } catch .malformed(_, let line, _, let reason) {
                #expect(line > 0, "\(reason) in \(String(decoding: bytes, as: UTF8.self))")
            } catch {}
        }
    }

    @Test func readsAFolderWithTheMistakesOfBothFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: ShopFileError.self) { try ShopFolder.load(folder) }

        let shopFile = folder.appendingPathComponent(ShopFolder.shopFile)
        let catalogFile = folder.appendingPathComponent(ShopFolder.catalogFile)
        try Data(Corner.shopText.utf8).write(to: shopFile)
        try Data(Corner.catalogText.utf8).write(to: catalogFile)
        let (shop, catalog) = try ShopFolder.load(folder)
        #expect(shop.currency == catalog.currency)

        try Data("{currency: 'USD'}".utf8).write(to: shopFile)
        try Data("{currency: 'USD'}".utf8).write(to: catalogFile)
        let expected = ShopFileError.mistakes([
            ShopFileMistake(file: "shop.json5", path: "name", reason: "is missing"),
            ShopFileMistake(file: "catalog.json5", path: "products", reason: "is missing"),
        ])
        #expect(throws: expected) { try ShopFolder.load(folder) }
    }
}
