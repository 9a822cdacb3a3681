// An order happens once, whole, at the price that was agreed, and not more often than there are goods.

import Commerce
import Foundation
import Privacy

@testable import Storage
import Testing

@Suite struct PlacingTests {
    @Test func anOrderIsKeptAsItWasAgreed() async throws {
        let folder = try Folder()
        let cheese = LineItem(sku: "cheese", quantity: Quantity(thousandths: 500))
        let agreed = try quote([largePizzas, colas(1), cheese])
        let placed = try await openStore(folder).place(request("k1", agreed), now: noon).get()
        #expect(placed.number == "1001")
        #expect(placed.status == .placed)
        #expect(placed.paymentStatus == .onDelivery)

        let kept = try #require(await openStore(folder).order(number: "1001"))
        #expect(kept.order == placed)
        #expect(kept.order.quote == agreed && agreed.lines.map(\.variant) == ["PZ-L", nil, nil])
        #expect(try await openStore(folder).waitingEvents(limit: 1)[0].payload.contains(#""variant":"PZ-L""#))
        #expect(kept.phone == alice)
        #expect(kept.placedAt == noon)
        #expect(kept.history == [StatusChange(status: .placed, at: noon, by: "caller")])
    }

    @Test func numbersRiseAndAreNeverGivenTwice() async throws {
        let folder = try Folder()
        let store = try await openStore(
            folder, policy: RetentionPolicy(replacing: [.order: .init(form: .full, days: 1, purpose: "")]))
        let pizza = try quote([largePizzas])
        #expect(try await store.place(request("a", pizza), now: noon).get().number == "1001")
        #expect(try await store.place(request("b", pizza), now: noon).get().number == "1002")
        _ = try await store.cancel(number: "1002", phone: alice, conversation: "", now: noon)
        #expect(try await store.sweep(now: days(2)).orders == 1)
        #expect(try await store.place(request("c", pizza), now: noon).get().number == "1003")
    }

    @Test func aRepeatedKeyGivesTheFirstOutcome() async throws {
        let store = try await openStore(Folder())
        let first = try await store.place(request("k", try quote([colas(2)])), now: noon).get()
        // The dearer catalogue of later and another cart under the same key do not matter any more.
        try await store.catalogImported(catalog(cola: 999), now: noon)
        let again = try await store.place(request("k", try quote([colas(1)])), now: days(1)).get()
        #expect(again == first)
        #expect(try await store.orders(limit: 10).count == 1)
    }

    @Test func aRefusalIsTheOutcomeOfItsKeyToo() async throws {
        let store = try await openStore(Folder())
        let wanted = try quote([colas(3)])
        _ = try await store.place(request("first", try quote([colas(2)])), now: noon).get()
        let refusal = Refusal.outOfStock(sku: "cola", available: 1)
        expect(try await store.place(request("second", wanted), now: noon), refused: refusal)
        try await store.catalogImported(catalog(stock: 30), now: noon)
        expect(try await store.place(request("second", wanted), now: noon), refused: refusal)
        _ = try await store.place(request("third", wanted), now: noon).get()
    }

    @Test func aChangedPriceIsReadBackAgainAndBuysNothing() async throws {
        let store = try await openStore(Folder())
        let agreed = try quote([colas(1)])
        let dearer = catalog(cola: 175)
        try await store.catalogImported(dearer, now: noon)
        let new = try quote([colas(1)], from: dearer)
        expect(try await store.place(request("k", agreed), now: noon), refused: .changed(new))
        #expect(try await store.orders(limit: 10).isEmpty)
        #expect(try await store.stock() == [:])
        // The key has bought nothing: what it was made for may still come true.
        try await store.catalogImported(catalog(), now: noon)
        _ = try await store.place(request("k", agreed), now: noon).get()
    }

    /// No quote is made of them; and a request that was made up beside the dialogue buys nothing either.
    @Test(arguments: [Int.min, -1_000, -1, 0, 1, 1_000_000_000_000, Int.max / 2, Int.max])
    func impossibleQuantitiesBuyNothing(thousandths: Int) async throws {
        let quantity = Quantity(thousandths: thousandths)
        let line = LineItem(sku: "cola", quantity: quantity)
        let made = shop.quote(
            Cart(lines: [line]), catalog: catalog(), stock: [:], delivery: "pickup", address: nil,
            payment: "on_delivery", at: noon)
        #expect((try? made.get()) == nil)
        let store = try await openStore(Folder())
        let good = try quote([colas(1)], pickup: true)
        let forged = Quote(
            lines: [PricedLine(item: line, title: "cola", unitPrice: dollars(150), total: dollars(150))],
            goods: good.goods, fees: good.fees, total: good.total, delivery: good.delivery, address: nil,
            payment: good.payment)
        guard case .failure = try await store.place(request("k", forged), now: noon) else {
            Issue.record("\(thousandths) thousandths were sold")
            return
        }
        #expect(try await store.orders(limit: 9).isEmpty)
        #expect(try await store.number("SELECT count(*) FROM stock_movements") == 0)
        #expect(try await store.stock()["cola"] == nil)
    }

    /// Signs that turn, hide or command; a name in any script is as good as another.
    @Test(arguments: [
        ("5 Lake Street\u{202E}tnert", false), ("5 Lake\u{200B} Street", false), ("5 Lake Street\u{1B}[2J", false),
        ("5 Lake Street\nand a cola", false), ("5 Lake Street\u{0}", false), ("\u{FEFF}5 Lake Street", false),
        (String(repeating: "5 Lake Street ", count: 60), false), ("\u{2028}", false), ("5 \u{E000}", false),
        ("вулиця Озерна, 5", true), ("5 Lake Street, flat 12½ – “left”", true), ("Straße Ñandú 7", true),
        ("湖街5號", true),
    ])
    func addressesAreWhatTheyLookLike(text: String, isOne: Bool) async throws {
        let store = try await openStore(Folder())
        let good = try quote([colas(1)])
        let wish = Quote(
            lines: good.lines, goods: good.goods, fees: good.fees, total: good.total, delivery: good.delivery,
            address: text, payment: good.payment)
        let outcome = try await store.place(request("k", wish), now: noon)
        if isOne {
            #expect(try outcome.get().quote.address == text)
        } else {
            expect(outcome, refused: .addressMissing)
            #expect(try await store.orders(limit: 9).isEmpty)
            #expect(try await store.number("SELECT count(*) FROM requests WHERE refusal IS NOT NULL") == 1)
        }
    }

    @Test func anotherCurrencyBuysNothing() async throws {
        let store = try await openStore(Folder())
        let good = try quote([colas(1)], pickup: true)
        let euros = Money(minorUnits: 150, currency: try #require(Currency(code: "EUR")))
        let forged = Quote(
            lines: [PricedLine(item: colas(1), title: "cola", unitPrice: euros, total: euros)], goods: euros,
            fees: [], total: euros, delivery: good.delivery, address: nil, payment: good.payment)
        guard case .failure = try await store.place(request("k", forged), now: noon) else {
            Issue.record("sold for euros")
            return
        }
        #expect(try await store.orders(limit: 9).isEmpty)
    }

    @Test func sixtyCallersAfterThreeItems() async throws {
        let folder = try Folder()
        var desks: [Store] = []
        for _ in 0..<4 { desks.append(try await openStore(folder)) }
        let wanted = try quote([colas(1)], pickup: true)
        let outcomes = try await withThrowingTaskGroup(of: OrderOutcome.self) { group in
            for caller in 0..<60 {
                let desk = desks[caller % desks.count]
                group.addTask {
                    try await desk.place(request("k\(caller)", wanted, phone: nil, conversation: "c\(caller)"))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let numbers = outcomes.compactMap { try? $0.get().number }
        #expect(numbers.sorted() == ["1001", "1002", "1003"])
        #expect(outcomes.filter { $0 == .failure(.outOfStock(sku: "cola", available: 0)) }.count == 57)
        #expect(try await desks[0].stock() == ["cola": 0])
    }

    @Test func oneKeyFromManyProcessesIsOneOrder() async throws {
        let folder = try Folder()
        let wanted = try quote([colas(1)])
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<12 {
                group.addTask { try await openStore(folder).place(request("same", wanted), now: noon).get().number }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(numbers == ["1001"])
        #expect(try await openStore(folder).stock() == ["cola": 2])
    }

    @Test func cancellingPutsGoodsBackOnce() async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("k", try quote([colas(2)])), now: noon).get()
        #expect(try await store.stock() == ["cola": 1])
        for _ in 0..<2 {
            let cancelled = try await store.cancel(number: "1001", phone: alice, conversation: "later", now: noon).get()
            #expect(cancelled.status == .cancelled)
            #expect(try await store.stock() == [:])
        }
        _ = try await store.place(request("k2", try quote([colas(3)])), now: noon).get()
    }

    @Test(
        arguments: [
            (phone: alice, conversation: "other", mine: true),
            (phone: nil, conversation: "call-1", mine: true),
            (phone: bob, conversation: "other", mine: false),
            (phone: nil, conversation: "other", mine: false),
        ] as [(phone: String?, conversation: String, mine: Bool)])
    func onlyTheOwnerCancelsAndHearsTheAddress(_ row: (phone: String?, conversation: String, mine: Bool)) async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("k", try quote([colas(1)])), now: noon).get()
        let found = try #require(try await store.find(number: "1001", phone: row.phone, conversation: row.conversation))
        #expect(found.isOwner == row.mine)
        #expect(found.order.quote.address == (row.mine ? address : nil))
        let outcome = try await store.cancel(number: "1001", phone: row.phone, conversation: row.conversation)
        if row.mine {
            #expect(try outcome.get().status == .cancelled)
        } else {
            expect(outcome, refused: .notFound)
            #expect(try await store.order(number: "1001")?.order.status == .placed)
        }
    }

    @Test(arguments: ["", "9", "1002", "01001", "+1001", "one", "99999999999999999999", "1001 "])
    func aNumberThatIsNoneIsNotFound(number: String) async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("k", try quote([colas(1)])), now: noon).get()
        #expect(try await store.find(number: number, phone: alice, conversation: "call-1") == nil)
        expect(try await store.cancel(number: number, phone: alice, conversation: "call-1"), refused: .notFound)
    }

    @Test func whatHasLeftCannotBeCancelled() async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("k", try quote([colas(2)])), now: noon).get()
        for status in [OrderStatus.packed, .handedOver] {
            _ = try await store.setStatus(number: "1001", status, by: "desk", now: noon).get()
        }
        expect(try await store.cancel(number: "1001", phone: alice, conversation: ""), refused: .tooLate(.handedOver))
        expect(
            try await store.setStatus(number: "1001", .placed, by: "desk", now: noon), refused: .tooLate(.handedOver))
        expect(try await store.setStatus(number: "7", .packed, by: "desk", now: noon), refused: .notFound)
        let order = try #require(try await store.order(number: "1001"))
        #expect(order.history.map(\.status) == [.placed, .packed, .handedOver])
        #expect(order.history.map(\.by) == ["caller", "desk", "desk"])
        #expect(try await store.stock() == ["cola": 1])
    }

    @Test func theLatestOrderOfANumber() async throws {
        let store = try await openStore(Folder())
        let pizza = try quote([largePizzas])
        #expect(try await store.latest(phone: alice) == nil)
        for (key, phone) in [("a", alice), ("b", alice), ("c", bob)] {
            _ = try await store.place(request(key, pizza, phone: phone), now: noon).get()
        }
        #expect(try await store.latest(phone: alice)?.number == "1002")
        _ = try await store.cancel(number: "1002", phone: alice, conversation: "")
        #expect(try await store.latest(phone: alice)?.number == "1001")
        #expect(try await store.orders(limit: 10, status: .cancelled).map(\.order.number) == ["1002"])
        #expect(try await store.orders(limit: 2).map(\.order.number) == ["1003", "1002"])
    }

    @Test func stockIsCountedFromTheLastImport() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        _ = try await store.place(request("a", try quote([colas(2)])), now: noon).get()
        // A price changed by hand, or a second process with the same file, does not bring back what was sold.
        let second = try await openStore(folder, catalog: catalog(cola: 175))
        #expect(try await second.stock() == ["cola": 1])
        // An import is a new count, though its figures are the same; a sale from before it is not put back onto it.
        try await second.catalogImported(catalog(), now: noon)
        #expect(try await store.stock() == [:])
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "")
        #expect(try await store.stock() == [:])
        _ = try await store.place(request("b", try quote([colas(3)])), now: noon).get()
        expect(
            try await store.place(request("c", try quote([colas(1)])), now: noon),
            refused: .outOfStock(sku: "cola", available: 0))
    }

    @Test func anOldCatalogueInMemoryCannotSellWhatTheNewCountDoesNotHave() async throws {
        let folder = try Folder()
        let running = try await openStore(folder)
        try await openStore(folder).catalogImported(catalog(stock: 1), now: noon)
        expect(
            try await running.place(request("a", try quote([colas(2)])), now: noon),
            refused: .outOfStock(sku: "cola", available: 1))
    }

    @Test func nothingIsSoldWithoutAShop() async throws {
        let store = try await openStore(Folder(), catalog: nil)
        let agreed = try quote([colas(1)])
        await #expect(throws: StoreError.noShop) { try await store.place(request("k", agreed), now: noon) }
        await #expect(throws: OrderDeskError.store(StoreError.noShop.description)) {
            try await store.place(request("k", agreed))
        }
    }

    @Test(arguments: [
        Refusal.emptyCart, .unknownProduct(sku: "x"), .outOfStock(sku: "x", available: Quantity(thousandths: 500)),
        .tooMany(sku: "x", maximum: 5), .notAStep(sku: "x", step: 1),
        .modifierCount(sku: "x", group: "size", min: 1, max: 2), .modifierUnavailable(sku: "x", group: "g", id: "i"),
        .belowMinimum(dollars(500)), .aboveMaximum(dollars(50_000)), .deliveryUnavailable(id: "courier"),
        .outsideArea(id: "courier"), .addressMissing, .paymentUnavailable(id: "link"), .tooLate(.delivered), .notFound,
    ])
    func everyRefusalIsReadAsItWasWritten(refusal: Refusal) {
        #expect(Refusal(stored: refusal.stored) == refusal)
        #expect(Refusal(stored: String(refusal.stored.dropLast())) == nil)
    }
}
