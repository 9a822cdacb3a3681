// What is to be done outside: in order, once, tried again, given up for a person; and what follows from each outcome.

import Commerce
import Foundation
import Sealing
import Testing

@testable import Storage

/// The shop of these stories: cards, links and a carrier.
let cardShop = Shop(
    name: "Corner", currency: usd, languages: ["en"], timeZone: "Europe/Kyiv", pricesIncludeTax: true, hours: nil,
    operator: nil,
    delivery: [
        DeliveryMethod(
            id: "post", naming: Naming(title: "post"), fee: dollars(200), needsAddress: true, carrier: "nova_poshta"),
        DeliveryMethod(id: "pickup", naming: Naming(title: "pickup"), fee: dollars(0), needsAddress: false),
    ],
    payment: ["on_delivery", "saved", "link"].map { PaymentMethod(id: $0, naming: Naming(title: "")) },
    limits: OrderLimits(), streets: [], faq: [], prompts: [:], repeatOrderByNumber: false)

func cardStore(_ folder: Folder) async throws -> Store {
    let store = try Store(at: folder.database, masterKey: masterKey, clock: { noon })
    try await store.use(shop: cardShop, catalog: catalog(), now: noon)
    return store
}

func agreed(_ payment: String, _ lines: [LineItem] = [colas(2)], post: Bool = false) throws -> Quote {
    try cardShop.quote(
        Cart(lines: lines), catalog: catalog(), stock: [:], delivery: post ? "post" : "pickup",
        address: post ? "Kyiv, branch 5" : nil, payment: payment, at: noon
    ).get()
}

private let visa = SavedMethod(customer: "cus_1", method: "pm_1")

extension Store {
    /// Takes the only errand of a channel.
    func only(_ channel: ErrandChannel) async throws -> Errand {
        let errands = try await take([channel], limit: 10)
        #expect(errands.count == 1)
        return try #require(errands.first)
    }

    func status(_ number: String = "1001") throws -> [String] {
        let order = try order(number: number)?.order
        return [order?.status.rawValue ?? "", order?.paymentStatus.rawValue ?? ""]
    }
}

@Suite struct ErrandTests {
    @Test func aSavedCardIsChargedOnceUnderTheOrdersKey() async throws {
        let store = try await cardStore(Folder())
        #expect(try await store.keep(method: visa, phone: alice, now: noon))
        for _ in 0..<2 { _ = try await store.place(request("k", try agreed("saved")), now: noon).get() }
        let errand = try await store.only(.payment)
        let charge = Charge(key: RequestKey("k/pay"), order: "1001", amount: dollars(300))
        #expect(errand.task == .charge(charge, visa))
        // Whoever has taken it, nobody else gets it, and the order does not leave unpaid.
        #expect(try await store.take([.payment], limit: 10).isEmpty)
        expect(try await store.setStatus(number: "1001", .packed, by: "x", now: noon), refused: .unpaid(.pending))
        let report = PaymentReport(reference: "pi_1", progress: .paid, amount: dollars(300))
        for _ in 0..<2 { try await store.settle(errand, .payment(report)) }
        #expect(try await store.status() == ["placed", "paid"])
        #expect(try await store.payments(ofOrder: "1001").map(\.state) == ["paid"])
        #expect(try await store.waitingEvents(limit: 9).map(\.kind) == ["order.placed", "payment.paid"])
        #expect(try await store.checkBooks() == [])
    }

    @Test func whatIsNotSettledIsTakenAgainAfterAWhile() async throws {
        let folder = try Folder()
        let store = try await cardStore(folder)
        _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
        let first = try await store.only(.payment)
        // The one who had it died; two minutes later, and after the clock was wrong by a year, it is due again.
        for now in [noon + 121, noon - 365 * 86_400] {
            let other = try Store(at: folder.database, masterKey: masterKey, clock: { now })
            let again = try await other.only(.payment)
            #expect(again.task == first.task)
            #expect(again.attempts > 0)
        }
    }

    /// What the gateway says, and where order and payment stand then.
    static let answers: [(PaymentProgress, Int64, [String], String)] = [
        (.paid, 300, ["placed", "paid"], "paid"),
        (.authorized, 300, ["placed", "authorized"], "authorized"),
        (.declined(.insufficientFunds), 300, ["placed", "failed"], "declined"),
        (.waiting, 300, ["placed", "pending"], "waiting"),
        // A gateway that lies is not believed, and a person has to look.
        (.paid, 299, ["placed", "pending"], "unclear"),
    ]

    @Test(arguments: answers.indices) func theOrderFollowsTheGateway(index: Int) async throws {
        let (progress, amount, status, state) = Self.answers[index]
        let store = try await cardStore(Folder())
        _ = try await store.place(request("k", try agreed("saved"), phone: nil), now: noon).get()
        let errand = try await store.only(.payment)
        try await store.settle(
            errand, .payment(PaymentReport(reference: "pi", progress: progress, amount: dollars(amount))))
        #expect(try await store.status() == status)
        #expect(try await store.payments(ofOrder: "1001").map(\.state) == [state])
        #expect(try await store.checkBooks() == [])
        #expect(try await store.deadErrands(limit: 9).count == (state == "unclear" ? 1 : 0))
        if state == "unclear" {
            #expect(try await store.retry(errand: nil, now: noon) == 1)
            #expect(try await store.only(.payment).task == errand.task)
        }
    }

    @Test func aCardThatTheBankWantsToSeeBecomesALink() async throws {
        let store = try await cardStore(Folder())
        _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
        let report = PaymentReport(
            reference: "pi", progress: .declined(.authenticationNeeded), amount: dollars(300))
        try await store.settle(try await store.only(.payment), .payment(report))
        #expect(try await store.status() == ["placed", "pending"])
        let errand = try await store.only(.payment)
        #expect(errand.task == .link(Charge(key: RequestKey("k/pay/link"), order: "1001", amount: dollars(300))))
    }

    @Test func aLinkIsSentWatchedAndPaid() async throws {
        let folder = try Folder()
        let store = try await cardStore(folder)
        let order = try await store.place(request("k", try agreed("link")), now: noon).get()
        #expect(order.isLinkSent)
        let link = PaymentLink(reference: "cs_1", url: "https://pay.example/1", expiresAt: noon + 3_600)
        try await store.settle(try await store.only(.payment), .link(link))
        let message = try await store.only(.message)
        #expect(message.task == .message(.paymentLink(order: "1001", amount: dollars(300), url: link.url), to: alice))
        // The number and the address of the page stand nowhere in clear.
        #expect(folder.bytes.range(of: Data("pay.example".utf8)) == nil)
        let later = try Store(at: folder.database, masterKey: masterKey, clock: { noon + 30 })
        let watch = try await later.only(.payment)
        #expect(watch.task == .watch(reference: "cs_1", expiresAt: noon + 3_600))
        let waits = PaymentReport(reference: "cs_1", progress: .waiting, amount: dollars(300))
        try await later.settle(watch, .payment(waits))
        let muchLater = try Store(at: folder.database, masterKey: masterKey, clock: { noon + 90 })
        let again = try await muchLater.only(.payment)
        try await muchLater.settle(
            again, .payment(PaymentReport(reference: "cs_1", progress: .paid, amount: dollars(300))))
        #expect(try await store.status() == ["placed", "paid"])
        #expect(try await store.checkBooks() == [])
    }

    @Test func anUnpaidLinkGivesTheGoodsBack() async throws {
        let folder = try Folder()
        let store = try await cardStore(folder)
        _ = try await store.place(request("k", try agreed("link")), now: noon).get()
        let link = PaymentLink(reference: "cs_1", url: "https://pay.example/1", expiresAt: noon + 3_600)
        try await store.settle(try await store.only(.payment), .link(link))
        #expect(try await store.stock() == ["cola": 1])
        let later = try Store(at: folder.database, masterKey: masterKey, clock: { noon + 3_700 })
        let over = PaymentReport(reference: "cs_1", progress: .over, amount: dollars(300))
        try await later.settle(try await later.only(.payment), .payment(over))
        #expect(try await store.status() == ["cancelled", "failed"])
        #expect(try await store.stock() == [:])
        #expect(try await store.checkBooks() == [])
        #expect(try await store.order(number: "1001")?.history.last?.by == "payment")
    }

    @Test func cancellingGivesTheMoneyBack() async throws {
        let store = try await cardStore(Folder())
        _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
        let charge = try await store.only(.payment)
        // Cancelled while the gateway is at it: what it took goes back whole.
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon).get()
        #expect(try await store.take([.payment], limit: 9).isEmpty)
        try await store.settle(
            charge, .payment(PaymentReport(reference: "pi_1", progress: .paid, amount: dollars(300))))
        let refund = try await store.only(.payment)
        guard case .refund(let back, of: "pi_1") = refund.task else {
            Issue.record("\(refund.task)")
            return
        }
        #expect(back.amount == dollars(300))
        try await store.settle(
            refund, .payment(PaymentReport(reference: "re_1", progress: .paid, amount: dollars(300))))
        #expect(try await store.status() == ["cancelled", "refunded"])
        #expect(try await store.checkBooks() == [])
    }

    @Test func whatWasNeverChargedIsNotCharged() async throws {
        let store = try await cardStore(Folder())
        _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon).get()
        #expect(try await store.take([.payment], limit: 9).isEmpty)
        #expect(try await store.payments(ofOrder: "1001").map(\.state) == ["over"])
        #expect(try await store.checkBooks() == [])
    }

    @Test func noMoreGoesBackThanWasPaid() async throws {
        let store = try await cardStore(Folder())
        func refund(_ amount: Int64?, _ key: String, currency: String = "USD") async throws
            -> Result<Money, RefundRefusal>
        {
            let currency = try #require(Currency(code: currency))
            return try await store.refund(
                number: "1001", amount: amount.map { Money(minorUnits: $0, currency: currency) },
                key: RequestKey(key), by: "desk", now: noon)
        }
        #expect(try await refund(100, "r") == .failure(.notFound))
        _ = try await store.place(request("k", try agreed("saved")), now: noon).get()
        #expect(try await refund(100, "r") == .failure(.nothingPaid))
        try await store.settle(
            try await store.only(.payment),
            .payment(PaymentReport(reference: "pi", progress: .paid, amount: dollars(300))))
        for amount in [0, -1, 301, .max] as [Int64] {
            #expect(try await refund(amount, "r\(amount)") == .failure(.notThatMuch(left: dollars(300))))
        }
        #expect(try await refund(100, "r", currency: "EUR") == .failure(.otherCurrency(usd)))
        // Twice under one key is once.
        for _ in 0..<2 { #expect(try await refund(100, "a") == .success(dollars(100))) }
        #expect(try await refund(201, "b") == .failure(.notThatMuch(left: dollars(200))))
        #expect(try await refund(nil, "b") == .success(dollars(200)))
        for reference in ["re_1", "re_2"] {
            let errand = try await store.only(.payment)
            guard case .refund(let part, _) = errand.task else { return }
            try await store.settle(
                errand, .payment(PaymentReport(reference: reference, progress: .paid, amount: part.amount)))
        }
        #expect(try await store.status() == ["placed", "refunded"])
        #expect(try await store.checkBooks() == [])
    }

    @Test func aParcelIsAskedForOnceAndFollowedHome() async throws {
        let folder = try Folder()
        let store = try await cardStore(folder)
        _ = try await store.place(request("k", try agreed("on_delivery", post: true)), now: noon).get()
        #expect(try await store.take([.parcel], limit: 9).isEmpty)
        for _ in 0..<2 { _ = try await store.setStatus(number: "1001", .packed, by: "x", now: noon).get() }
        let errand = try await store.only(.parcel)
        #expect(
            errand.task
                == .parcel(
                    ParcelRequest(
                        order: "1001", address: "Kyiv, branch 5", phone: alice, value: dollars(500),
                        cash: dollars(500))))
        try await store.settle(errand, .waybill("20450000000001"))
        var moment = noon
        for (status, order) in [
            (ParcelStatus.created, "packed"), (.underway, "handed_over"), (.ready, "handed_over"),
            (.received, "delivered"),
        ] {
            moment += 2_000
            let now = moment
            let later = try Store(at: folder.database, masterKey: masterKey, clock: { now })
            let look = try await later.only(.parcel)
            #expect(look.task == .track(waybill: "20450000000001", phone: alice))
            try await later.settle(look, .parcel(status))
            #expect(try await later.order(number: "1001")?.order.status.rawValue == order)
        }
        #expect(try await store.order(number: "1001")?.order.parcel == .received)
        let last = moment + 9_000
        let end = try Store(at: folder.database, masterKey: masterKey, clock: { last })
        #expect(try await end.take([.parcel], limit: 9).isEmpty)
        #expect(try await end.checkBooks() == [])
    }

    @Test func eventsOfOneCustomerGoInOrderAndADeadOneLetsTheNextPass() async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("a", try quote([colas(1)])), now: noon).get()
        _ = try await store.place(request("b", try quote([colas(1)]), phone: bob), now: noon).get()
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon).get()
        let first = try await store.take([.event], limit: 9)
        #expect(first.map(\.name) == ["order-1001-placed", "order-1002-placed"])
        try await store.settle(first[0], .again(after: .seconds(60), reason: "not there"))
        #expect(try await store.take([.event], limit: 9).isEmpty)
        try await store.settle(first[0], .dead(reason: "gone"))
        #expect(try await store.take([.event], limit: 9).map(\.name) == ["order-1001-cancelled"])
        #expect(try await store.deadErrands(limit: 9).map(\.reason) == ["gone"])
    }

    @Test func conversationsAndGoodsThatAreBackAreTold() async throws {
        let store = try await openStore(Folder())
        try await store.beginConversation("call-1", line: "phone", caller: alice, now: noon)
        _ = try await store.place(request("k", try quote([colas(3)])), now: noon).get()
        for _ in 0..<2 { try await store.endConversation("call-1", outcome: "hangup", now: noon) }
        try await store.catalogImported(catalog(stock: 5), now: noon)
        let events = try await store.waitingEvents(limit: 9)
        #expect(events.map(\.kind) == ["order.placed", "conversation.ended", "stock.back"])
        #expect(events[1].payload.contains("[\"1001\"]"))
        #expect(events[2].payload.contains("cola"))
    }

    @Test func aNumberThatWasOnlySaidMakesNobodyACustomer() async throws {
        let store = try await openStore(Folder())
        let said = OrderRequest(
            key: RequestKey("k"), quote: try quote([colas(1)]), phone: alice, isPhoneTrusted: false,
            conversation: "stranger")
        _ = try await store.place(said, now: noon).get()
        #expect(try await store.latest(phone: alice) == nil)
        expect(try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon), refused: .notFound)
        #expect(try await store.customer(phone: alice) == nil)
        #expect(try await store.order(number: "1001")?.phone == alice)
    }

    @Test func aCustomerIsKnownAgain() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        for (key, lines) in [("a", [largePizzas]), ("b", [colas(1)]), ("c", [largePizzas])] {
            _ = try await store.place(request(key, try quote(lines)), now: noon).get()
        }
        let customer = try #require(try await store.customer(phone: alice))
        #expect(customer.addresses == [address])
        #expect(customer.usual == [largePizzas])
        #expect(customer.orders == 3)
        #expect(try await store.keep(cart: Cart(lines: [colas(2)]), phone: alice, now: noon))
        #expect(try await store.brokenOffCart(phone: alice, now: days(1)) == Cart(lines: [colas(2)]))
        #expect(try await store.brokenOffCart(phone: alice, now: days(4)) == nil)
        #expect(try await store.brokenOffCart(phone: bob, now: noon) == nil)
        #expect(folder.bytes.range(of: Data("cola\",\"".utf8)) == nil)
        #expect(try await store.erase(phone: alice, now: noon) != nil)
        #expect(try await store.customer(phone: alice) == nil)
    }

    @Test func theBooksSeeWhatDoesNotAddUp() async throws {
        for damage in [
            "UPDATE orders SET total = total + 1", "UPDATE orders SET status = 'packed'",
            "UPDATE stock SET moved = moved + 1000", "DELETE FROM requests",
            "DELETE FROM stock_movements", "UPDATE orders SET payment_status = 'paid'",
            "UPDATE orders SET waybill = '1'", "DELETE FROM order_lines", "DELETE FROM order_events",
            "INSERT INTO order_events (order_number, status, at, by) VALUES (1001, 'delivered', 0, 'x')",
        ] {
            let store = try await openStore(Folder())
            _ = try await store.place(request("k", try quote([colas(2)])), now: noon).get()
            #expect(try await store.checkBooks() == [])
            _ = try await store.sql(damage)
            #expect(try await !store.checkBooks().isEmpty, "\(damage)")
        }
    }

    @Test func aBackupIsWholeThoughOrdersGoOn() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        let busy = try await openStore(folder)
        let agreed = try quote([largePizzas])
        let backups = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<30 { _ = try await busy.place(request("k\(number)", agreed), now: noon).get() }
            }
            var files: [Folder] = []
            for _ in 0..<3 {
                let copy = try Folder()
                try await store.backUp(to: copy.database)
                files.append(copy)
            }
            try await group.waitForAll()
            return files
        }
        for copy in backups {
            let restored = try await openStore(copy)
            #expect(try await restored.checkBooks() == [])
            let next = try await restored.orders(limit: 1).first.flatMap { Int($0.order.number) } ?? 1_000
            #expect(try await restored.place(request("new", agreed), now: noon).get().number == String(next + 1))
        }
        await #expect(throws: StoreError.self) { try await store.backUp(to: folder.database) }
    }
}
