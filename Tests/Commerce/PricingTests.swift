// From what was said to a line, and from a line to its price; the cart's own moves.

import Commerce
import Testing

struct PricingTests {
    private let catalog: Catalog

    init() throws { catalog = try Corner.catalog.get() }

    /// `size/large`, `topping/cheese/extra`.
    private func chosen(_ words: [String]) -> [ChosenModifier] {
        words.map { word in
            let parts = word.split(separator: "/").map(String.init)
            return ChosenModifier(group: parts[0], id: parts[1], amount: parts.count > 2 ? parts[2] : nil)
        }
    }

    private func words(_ modifiers: [ChosenModifier]) -> [String] {
        modifiers.map { [$0.group, $0.id, $0.amount].compactMap { $0 }.joined(separator: "/") }
    }

    @Test(
        arguments: [
            (["size/large"], [], ["size/large", "sauce/tomato"], [], "9.50"),
            ([], [], ["size/medium", "sauce/tomato"], [], "7.50"),
            (["size/small"], [], ["size/small", "sauce/tomato"], [], "6.50"),
            (
                ["topping/ham", "topping/cheese"], [],
                ["size/medium", "topping/cheese", "topping/ham", "sauce/tomato"], [], "10.00"
            ),
            (["topping/cheese/extra"], [], ["size/medium", "topping/cheese/extra", "sauce/tomato"], [], "8.50"),
            (
                ["topping/cheese", "topping/cheese/extra"], [],
                ["size/medium", "topping/cheese/extra", "sauce/tomato"], [], "8.50"
            ),
            ([], ["sauce/tomato"], ["size/medium"], ["sauce/tomato"], "7.50"),
            (["sauce/cream"], [], ["size/medium", "sauce/cream"], [], "7.90"),
            ([], ["topping/onion"], ["size/medium", "sauce/tomato"], ["topping/onion"], "7.50"),
            (["topping/onion"], ["topping/onion"], ["size/medium", "sauce/tomato"], ["topping/onion"], "7.50"),
            (
                ["topping/cheese/extra"], ["topping/cheese/extra"],
                ["size/medium", "topping/cheese", "sauce/tomato"], ["topping/cheese/extra"], "8.50"
            ),
        ] as [([String], [String], [String], [String], String)])
    func fillsInWhatWasNotSaid(
        said: [String], excluded: [String], modifiers: [String], without: [String], price: String
    ) throws {
        let line = try catalog.line(
            for: "pizza", quantity: 1, modifiers: chosen(said), without: chosen(excluded)
        ).get()
        #expect(words(line.modifiers) == modifiers)
        #expect(words(line.without) == without)
        #expect(catalog.unitPrice(of: line)?.decimal == price)
    }

    @Test func refusesWhatTheShopDoesNotMake() {
        let tooMany = Refusal.tooMany(sku: "cola", maximum: .mostOfOneLine)
        let rows: [(Result<LineItem, Refusal>, Refusal)] = [
            (catalog.line(for: "none", quantity: 1), .unknownProduct(sku: "none")),
            (catalog.line(for: "cola", quantity: 0), .notAStep(sku: "cola", step: 1)),
            (catalog.line(for: "cola", quantity: -1), .notAStep(sku: "cola", step: 1)),
            (catalog.line(for: "cola", quantity: Quantity(thousandths: 500)), .notAStep(sku: "cola", step: 1)),
            (
                catalog.line(for: "cherries", quantity: Quantity(thousandths: 250)),
                .notAStep(sku: "cherries", step: Quantity(thousandths: 100))
            ),
            (catalog.line(for: "cola", quantity: 18_000), tooMany),
            (catalog.line(for: "cola", quantity: Quantity(thousandths: .max)), tooMany),
            (
                catalog.line(for: "cola", quantity: 1, modifiers: chosen(["size/large"])),
                .modifierUnavailable(sku: "cola", group: "size", id: "large")
            ),
            (
                catalog.line(for: "pizza", quantity: 1, modifiers: chosen(["topping/gold"])),
                .modifierUnavailable(sku: "pizza", group: "topping", id: "gold")
            ),
            (
                catalog.line(for: "pizza", quantity: 1, modifiers: chosen(["topping/ham/double"])),
                .modifierUnavailable(sku: "pizza", group: "topping", id: "ham")
            ),
            (
                catalog.line(for: "pizza", quantity: 1, modifiers: chosen(["size/large/extra"])),
                .modifierUnavailable(sku: "pizza", group: "size", id: "large")
            ),
            (
                catalog.line(for: "pizza", quantity: 1, without: chosen(["size/medium"])),
                .modifierUnavailable(sku: "pizza", group: "size", id: "medium")
            ),
            (
                catalog.line(for: "pizza", quantity: 1, modifiers: chosen(["size/small", "size/large"])),
                .modifierCount(sku: "pizza", group: "size", min: 1, max: 1)
            ),
            (
                catalog.line(
                    for: "pizza", quantity: 1, modifiers: chosen(["topping/ham", "topping/onion", "topping/cheese"])),
                .modifierCount(sku: "pizza", group: "topping", min: 0, max: 2)
            ),
        ]
        for (index, (result, refusal)) in rows.enumerated() {
            #expect(result == .failure(refusal), "row \(index)")
        }
    }

    @Test(
        arguments: [
            ([], ["size/large"], [], ["size/large", "sauce/tomato"], []),
            (
                ["topping/ham"], ["topping/cheese"], [],
                ["size/medium", "topping/cheese", "topping/ham", "sauce/tomato"], []
            ),
            (["topping/ham"], ["topping/ham/light"], [], ["size/medium", "topping/ham/light", "sauce/tomato"], []),
            (["topping/ham"], [], ["topping/ham"], ["size/medium", "sauce/tomato"], ["topping/ham"]),
            (
                ["topping/ham/extra"], [], ["topping/ham/extra"], ["size/medium", "topping/ham", "sauce/tomato"],
                ["topping/ham/extra"]
            ),
            ([], ["sauce/cream"], ["sauce/tomato"], ["size/medium", "sauce/cream"], ["sauce/tomato"]),
        ] as [([String], [String], [String], [String], [String])])
    func changesALine(
        before: [String], taking: [String], without: [String], modifiers: [String], exclusions: [String]
    ) throws {
        let line = try catalog.line(for: "pizza", quantity: 3, modifiers: chosen(before)).get()
        let changed = try catalog.line(changing: line, taking: chosen(taking), without: chosen(without)).get()
        #expect(words(changed.modifiers) == modifiers)
        #expect(words(changed.without) == exclusions)
        #expect(changed.quantity == 3)
    }

    @Test func aModifierTakenAgainIsNoLongerExcluded() throws {
        let bare = try catalog.line(for: "pizza", quantity: 1, without: chosen(["sauce/tomato"])).get()
        let back = try catalog.line(changing: bare, taking: chosen(["sauce/tomato"])).get()
        #expect(back == (try catalog.line(for: "pizza", quantity: 1).get()))
    }

    @Test func weighedGoodsCostByWeight() throws {
        let line = try catalog.line(for: "cherries", quantity: Quantity(thousandths: 1_300)).get()
        #expect(catalog.priced(line)?.total.decimal == "7.80")
    }

    @Test func alikeLinesBecomeOne() throws {
        let plain = try catalog.line(for: "pizza", quantity: 1).get()
        let large = try catalog.line(for: "pizza", quantity: 2, modifiers: chosen(["size/large"])).get()
        var cart = Cart()
        #expect(cart.add(plain) == 0)
        #expect(cart.add(large) == 1)
        #expect(cart.add(plain) == 0)
        #expect(cart.lines.map(\.quantity) == [2, 2])
        #expect(cart.priced(catalog).goods.decimal == "34.00")

        let enlarged = try catalog.line(changing: cart.lines[0], taking: chosen(["size/large"])).get()
        #expect(cart.replace(at: 0, with: enlarged) == 0)
        #expect(cart.lines.map(\.quantity) == [4])

        cart.changeQuantity(at: 0, to: 1)
        #expect(cart.priced(catalog).goods.decimal == "9.50")
        cart.changeQuantity(at: 0, to: 0)
        #expect(cart.lines.isEmpty)
    }

    @Test func whatIsNotSoldAnyMoreHasNoPrice() {
        let cart = Cart(lines: [LineItem(sku: "gone", quantity: 1), LineItem(sku: "cola", quantity: 2)])
        let (lines, goods) = cart.priced(catalog)
        #expect(lines.map(\.item.sku) == ["cola"])
        #expect(goods.decimal == "3.60")
    }

    @Test func lineMakingIsStable() throws {
        // What a line came out as goes in again unchanged, whatever was said: a quote can be made of it again and again.
        var chance = Seeded(7)
        let choices = [
            "size/small", "size/large", "topping/cheese", "topping/ham/extra", "topping/onion/light", "sauce/cream",
        ]
        let exclusions = ["topping/onion", "topping/ham/extra", "sauce/tomato", "topping/cheese"]
        var made = 0
        for _ in 0..<2_000 {
            let said = choices.filter { _ in Bool.random(using: &chance) }.shuffled(using: &chance)
            let excluded = exclusions.filter { _ in Bool.random(using: &chance) }.shuffled(using: &chance)
            guard
                let line = try? catalog.line(
                    for: "pizza", quantity: 1, modifiers: chosen(said), without: chosen(excluded)
                ).get()
            else { continue }
            made += 1
            let again = catalog.line(
                for: "pizza", quantity: 1, modifiers: line.modifiers, without: line.without)
            #expect(again == .success(line), "\(said) without \(excluded)")
        }
        #expect(made > 500)
    }
}

struct MoneyTests {
    @Test(arguments: [("19.00", 1_900), ("-0.50", -50), ("7", 700), ("0.1", 10)] as [(String, Int64)])
    func readsDecimals(text: String, cents: Int64) throws {
        let dollar = try #require(Currency(code: "USD"))
        #expect(Money(decimal: text, currency: dollar)?.minorUnits == cents)
    }

    @Test(arguments: ["", "-", ".5", "5.", "1,00", "1.000", "1e3", "+1", " 1", "٣", "1234567890123", "0x1"])
    func readsNothingElse(text: String) throws {
        let dollar = try #require(Currency(code: "USD"))
        #expect(Money(decimal: text, currency: dollar) == nil)
    }

    @Test func keepsToTheDigitsOfItsCurrency() throws {
        let yen = try #require(Currency(code: "JPY"))
        let dinar = try #require(Currency(code: "KWD"))
        #expect(Money(decimal: "1.5", currency: yen) == nil)
        #expect(Money(decimal: "1500", currency: yen)?.decimal == "1500")
        #expect(Money(decimal: "1.5", currency: dinar)?.decimal == "1.500")
        #expect(Currency(code: "dollar") == nil)
    }

    @Test func roundsHalfUp() throws {
        let dollar = try #require(Currency(code: "USD"))
        let price = Money(minorUnits: 5, currency: dollar)
        #expect(price.times(Quantity(thousandths: 100)).minorUnits == 1)
        #expect(price.times(Quantity(thousandths: 90)).minorUnits == 0)
        // The dearest price of the most that a line holds is still money.
        let dearest = Money(minorUnits: 100_000_000_000, currency: dollar)
        #expect(dearest.times(.mostOfOneLine).minorUnits == 1_000_000_000_000_000)
    }
}
