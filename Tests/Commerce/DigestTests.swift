// A yes is a yes to one cart, one total, one address, one payment: the digest tells any two apart.

import Commerce
import Testing

struct DigestTests {
    private let dollar: Currency
    private let euro: Currency

    init() throws {
        dollar = try #require(Currency(code: "USD"))
        euro = try #require(Currency(code: "EUR"))
    }

    private func money(_ units: Int64) -> Money { Money(minorUnits: units, currency: dollar) }

    private func line(
        sku: String = "pizza", quantity: Quantity = 2,
        modifiers: [ChosenModifier] = [
            ChosenModifier(group: "size", id: "large"), ChosenModifier(group: "topping", id: "ham", amount: "extra"),
        ], without: [ChosenModifier] = [ChosenModifier(group: "topping", id: "onion")], title: String = "pizza",
        unitPrice: Int64 = 950, total: Int64 = 1_900
    ) -> PricedLine {
        PricedLine(
            item: LineItem(sku: sku, quantity: quantity, modifiers: modifiers, without: without), title: title,
            unitPrice: money(unitPrice), total: money(total))
    }

    private func quote(
        lines: [PricedLine]? = nil, goods: Int64 = 1_900, fees: [Fee]? = nil, total: Int64 = 2_100,
        delivery: String = "courier", address: String? = "5 Lake Street", payment: String = "on_delivery",
        currency: Currency? = nil
    ) -> Quote {
        Quote(
            lines: lines ?? [line()], goods: money(goods), fees: fees ?? [Fee(name: "delivery", amount: money(200))],
            total: Money(minorUnits: total, currency: currency ?? dollar), delivery: delivery, address: address,
            payment: payment)
    }

    @Test func isTheSameForTheSame() {
        #expect(quote().digest == quote().digest)
        #expect(quote().digest.bytes.first == 1)
    }

    @Test func changesWithEveryField() {
        let large = ChosenModifier(group: "size", id: "large")
        let ham = ChosenModifier(group: "topping", id: "ham", amount: "extra")
        let onion = ChosenModifier(group: "topping", id: "onion")
        let others: [Quote] = [
            quote(lines: []), quote(lines: [line(), line()]), quote(lines: [line(sku: "pizzas")]),
            quote(lines: [line(quantity: 3)]), quote(lines: [line(quantity: Quantity(thousandths: 2_001))]),
            quote(lines: [line(modifiers: [])]), quote(lines: [line(modifiers: [large])]),
            quote(lines: [line(modifiers: [ham, large])]),
            quote(lines: [line(modifiers: [large, ChosenModifier(group: "topping", id: "ham", amount: "light")])]),
            quote(lines: [line(modifiers: [large, ChosenModifier(group: "topping", id: "ham")])]),
            quote(lines: [line(modifiers: [large, ChosenModifier(group: "topping", id: "ham", amount: "")])]),
            quote(lines: [line(modifiers: [large, ham, onion], without: [])]), quote(lines: [line(without: [])]),
            quote(lines: [line(without: [ChosenModifier(group: "topping", id: "onion", amount: "extra")])]),
            quote(lines: [line(title: "Pizza")]), quote(lines: [line(unitPrice: 951)]),
            quote(lines: [line(total: 1_901)]), quote(goods: 1_901), quote(fees: []),
            quote(fees: [Fee(name: "delivery", amount: money(201))]),
            quote(fees: [Fee(name: "deliver", amount: money(200))]), quote(total: 2_101), quote(delivery: "pickup"),
            quote(address: nil), quote(address: ""), quote(address: "5 Lake Streets"), quote(payment: "link"),
            quote(payment: ""), quote(delivery: "courie", address: "r5 Lake Street"), quote(currency: euro),
        ]
        #expect(Set(others.map(\.digest) + [quote().digest]).count == others.count + 1)
    }

    @Test func twoQuotesShareADigestOnlyIfTheyAreEqual() {
        // Fields of few and short values, so that shifted borders and equal quotes both come up often.
        var chance = Seeded(42)
        func word() -> String { String(repeating: "a", count: .random(in: 0...2, using: &chance)) }
        func choices() -> [ChosenModifier] {
            (0..<Int.random(in: 0...2, using: &chance)).map { _ in
                ChosenModifier(group: word(), id: word(), amount: Bool.random(using: &chance) ? nil : word())
            }
        }
        var quotes: [OrderDigest: Quote] = [:]
        var equal = 0
        for _ in 0..<20_000 {
            let lines = (0..<Int.random(in: 0...1, using: &chance)).map { _ in
                line(sku: word(), quantity: 1, modifiers: choices(), without: choices(), title: "t", total: 1)
            }
            let made = quote(
                lines: lines, fees: [], delivery: word(), address: Bool.random(using: &chance) ? nil : word(),
                payment: word())
            if let known = quotes.updateValue(made, forKey: made.digest) {
                equal += 1
                #expect(known == made)
            }
        }
        #expect(equal > 100)
        #expect(Set(quotes.values).count == quotes.count)
    }
}

struct OrderStatusTests {
    @Test func movesOnlyAlongItsWay() {
        let legal: Set<[OrderStatus]> = [
            [.placed, .packed], [.placed, .cancelled], [.packed, .handedOver], [.packed, .cancelled],
            [.handedOver, .delivered], [.handedOver, .returned], [.delivered, .returned],
        ]
        for from in OrderStatus.allCases {
            for to in OrderStatus.allCases {
                let refusal = from.refusal(toMove: to)
                #expect(refusal == (legal.contains([from, to]) ? nil : .tooLate(from)), "\(from) to \(to)")
            }
        }
    }
}
