// The shop's "no", a row for each reason, and the quote it gives when there is none.

import Commerce
import Foundation
import Testing

struct QuotingTests {
    private let shop: Shop
    private let catalog: Catalog
    /// A Monday at noon.
    private let noon = moment("2026-03-02 12:00")

    init() throws {
        shop = try Corner.shop.get()
        catalog = try Corner.catalog.get()
    }

    private func item(
        _ sku: String, _ quantity: Quantity = 1, _ modifiers: [ChosenModifier] = [], without: [ChosenModifier] = []
    ) throws -> LineItem {
        try catalog.line(for: sku, quantity: quantity, modifiers: modifiers, without: without).get()
    }

    private func quote(
        _ cart: Cart, stock: [String: Quantity] = [:], delivery: String = "courier", address: String? = "5 Lake Street",
        payment: String = "on_delivery", at now: Date? = nil
    ) -> Result<Quote, Refusals> {
        shop.quote(
            cart, catalog: catalog, stock: stock, delivery: delivery, address: address, payment: payment,
            at: now ?? noon)
    }

    @Test func quotesWhatWillBeReadBack() throws {
        let large = ChosenModifier(group: "size", id: "large")
        let cart = Cart(lines: [try item("pizza", 2, [large]), try item("cola")])
        let quote = try quote(cart, address: "  5 Lake Street ").get()
        #expect(quote.lines.map(\.total.decimal) == ["19.00", "1.80"])
        #expect(quote.goods.decimal == "20.80")
        #expect(quote.fees.map(\.amount.decimal) == ["2.00"])
        #expect(quote.total.decimal == "22.80")
        #expect(quote.address == "5 Lake Street")
        #expect(shop.requote(quote, catalog: catalog, stock: [:], at: noon) == .success(quote))
    }

    @Test func deliveryIsFreeFromItsLimitOn() throws {
        let quote = try quote(Cart(lines: [try item("pizza", 4)])).get()
        #expect(quote.goods.decimal == "30.00")
        #expect(quote.fees.isEmpty)
        #expect(quote.total == quote.goods)
    }

    @Test func pickupNeedsNoAddressAndKeepsNone() throws {
        let quote = try quote(Cart(lines: [try item("pizza")]), delivery: "pickup", payment: "counter").get()
        #expect(quote.address == nil)
        #expect(quote.total.decimal == "7.50")
    }

    @Test func refusesWithEveryReason() throws {
        let pizza = Cart(lines: [try item("pizza")])
        let five = try #require(Money(decimal: "5.00", currency: catalog.currency))
        let most = try #require(Money(decimal: "500.00", currency: catalog.currency))
        let large = ChosenModifier(group: "size", id: "large")
        let gone = LineItem(sku: "gone", quantity: 1)
        let blue = LineItem(sku: "cola", quantity: 3, modifiers: [large])
        let rows: [(Result<Quote, Refusals>, [Refusal])] = [
            (quote(Cart()), [.emptyCart]),
            (quote(Cart(lines: [gone])), [.unknownProduct(sku: "gone")]),
            (quote(Cart(lines: [blue])), [.modifierUnavailable(sku: "cola", group: "size", id: "large")]),
            (quote(pizza, stock: ["pizza": 0]), [.outOfStock(sku: "pizza", available: 0)]),
            (quote(pizza, stock: ["pizza": -3]), [.outOfStock(sku: "pizza", available: 0)]),
            (
                quote(Cart(lines: [try item("cherries", 3)])),
                [.outOfStock(sku: "cherries", available: Quantity(thousandths: 2_500))]
            ),
            (quote(Cart(lines: [try item("cola", 51)])), [.tooMany(sku: "cola", maximum: 50)]),
            // What the goods cost is not known then, so nothing is said about the minimum.
            (quote(Cart(lines: [LineItem(sku: "pizza", quantity: 0)])), [.notAStep(sku: "pizza", step: 1)]),
            (quote(Cart(lines: [try item("cola")]), delivery: "pickup"), [.belowMinimum(five)]),
            (
                quote(Cart(lines: [try item("pizza", 40), try item("pizza", 1, [large])])),
                [.outOfStock(sku: "pizza", available: 40)]
            ),
            (quote(Cart(lines: (0..<6).map { _ in LineItem(sku: "cola", quantity: 50) })), [.aboveMaximum(most)]),
            (quote(pizza, delivery: "drone"), [.deliveryUnavailable(id: "drone")]),
            (quote(pizza, at: moment("2026-03-01 12:00")), [.deliveryUnavailable(id: "courier")]),
            (quote(pizza, delivery: "night", payment: "link"), [.deliveryUnavailable(id: "night")]),
            (quote(pizza, address: nil), [.addressMissing]),
            (quote(pizza, address: " \n"), [.addressMissing]),
            (quote(pizza, address: "5 Blake Street"), [.outsideArea(id: "courier")]),
            (quote(pizza, address: "Lake 5 Street"), [.outsideArea(id: "courier")]),
            (quote(pizza, payment: "beans"), [.paymentUnavailable(id: "beans")]),
            (quote(pizza, payment: "counter"), [.paymentUnavailable(id: "counter")]),
            (
                quote(pizza, delivery: "night", payment: "on_delivery", at: moment("2026-03-03 01:00")),
                [.paymentUnavailable(id: "on_delivery")]
            ),
        ]
        for (index, (result, reasons)) in rows.enumerated() {
            #expect(result == .failure(Refusals(reasons: reasons)), "row \(index)")
        }
    }

    @Test func tellsAllReasonsAtOnce() throws {
        let result = quote(
            Cart(lines: [try item("cola")]), stock: ["cola": 0], delivery: "courier", address: nil, payment: "beans")
        let five = try #require(Money(decimal: "5.00", currency: catalog.currency))
        #expect(
            result
                == .failure(
                    Refusals(reasons: [.belowMinimum(five), .addressMissing, .paymentUnavailable(id: "beans")])))
    }

    @Test func servesAreasWithoutRegardToCaseAndAccents() throws {
        let cart = Cart(lines: [try item("pizza")])
        for address in ["LAKE STREET 5", "ul. złota 3", "Zlota? no: ZŁOTA 3"] {
            #expect((try? quote(cart, address: address).get()) != nil, "\(address)")
        }
    }

    @Test func anOlderCartIsQuotedAsTheShopSellsNow() throws {
        // Made before pizzas had sizes: the quote says medium, so that the read-back does.
        let bare = Cart(lines: [LineItem(sku: "pizza", quantity: 1)])
        #expect(try quote(bare).get().lines.first?.item == (try item("pizza")))
    }
}
