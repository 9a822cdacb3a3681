// The whole way of an errand: from the order's transaction to a service that fails, loses answers or lies, and back.

import Commerce
import Foundation
import Platform
import Privacy
import Sealing
import Storage
import Synchronization
import Testing

@testable import Services

private let noon = Date(timeIntervalSince1970: 1_772_452_800)
private let usd = Currency(code: "USD") ?? { preconditionFailure("USD is a currency") }()

/// A gateway that remembers keys, as real ones do, and loses an answer now and then.
private final class FakeGateway: PaymentGateway {
    let keyLifetime = Duration.seconds(3_600)
    let paid = Mutex<[String: Int64]>([:])
    private let calls = Mutex(0)
    private let losesEvery: Int

    init(losesEvery: Int = 0) { self.losesEvery = losesEvery }

    func charge(_ charge: Charge, from method: SavedMethod) async throws(ServiceError) -> PaymentReport {
        paid.withLock { $0[charge.key.value] = charge.amount.minorUnits }
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        if losesEvery > 0, call % losesEvery != 0 { throw .unreachable("lost") }
        return PaymentReport(reference: "pi_\(charge.order)", progress: .paid, amount: charge.amount)
    }
    func capture(_ charge: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        PaymentReport(reference: reference, progress: .paid, amount: charge.amount)
    }
    func link(for charge: Charge, until: Date) async throws(ServiceError) -> PaymentLink {
        PaymentLink(reference: "cs", url: "https://pay.example/\(charge.order)", expiresAt: until)
    }
    func report(on reference: String) async throws(ServiceError) -> PaymentReport { throw .unreachable("not now") }
    func close(link reference: String) async throws(ServiceError) -> PaymentReport { throw .unreachable("not now") }
    func refund(_ refund: Charge, of reference: String) async throws(ServiceError) -> PaymentReport {
        PaymentReport(reference: "re", progress: .paid, amount: refund.amount)
    }
    func setupLink(for customer: String, key: RequestKey) async throws(ServiceError) -> PaymentLink {
        throw .refused("not here")
    }
    func savedMethod(onLink reference: String) async throws(ServiceError) -> SavedMethod? { nil }
}

@Suite struct ClerkTests {
    /// A database with one order, paid for by `payment`; its clock is moved by the test.
    private final class House: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-clerk-\(UUID().uuidString)")
        let store: Store

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let time = TimeBox()
            store = try Store(
                at: folder.appending(path: "db"), masterKey: MasterKey(.random()), clock: { time.now })
            box = time
        }
        private let box: TimeBox
        var clock: WallClock { WallClock { [box] in box.now } }
        func wait(_ seconds: Double) { box.add(seconds) }
        deinit { try? FileManager.default.removeItem(at: folder) }

        func place(_ payment: String, number: Int = 0) async throws -> Order {
            let product = Product(sku: "a", naming: Naming(title: "a"), price: Money(minorUnits: 500, currency: usd))
            let catalog = Catalog(currency: usd, categories: [], products: [product], modifierGroups: [])
            let shop = Shop(
                name: "s", currency: usd, languages: ["en"], timeZone: "UTC", pricesIncludeTax: true, hours: nil,
                operator: nil,
                delivery: [
                    DeliveryMethod(
                        id: "pickup", naming: Naming(title: ""), fee: .zero(usd), needsAddress: false)
                ], payment: [PaymentMethod(id: payment, naming: Naming(title: ""))], limits: OrderLimits(),
                streets: [], faq: [], prompts: [:], repeatOrderByNumber: false)
            try await store.use(shop: shop, catalog: catalog, now: noon)
            let quote = try shop.quote(
                Cart(lines: [LineItem(sku: "a", quantity: 2)]), catalog: catalog, stock: [:], delivery: "pickup",
                address: nil, payment: payment, at: noon
            ).get()
            return try await store.place(
                OrderRequest(
                    key: RequestKey("k\(number)"), quote: quote, phone: "+380671234567", isPhoneTrusted: true,
                    isProved: true, conversation: "c"), now: noon
            ).get()
        }
    }

    @Test func aCodeGoesOutWhileItsCallerWaits() async throws {
        let house = try House()
        let gateway = try StubServer { _, _ in .json(200, "") }
        var services = Services(words: { notice in
            if case .code(let code, _) = notice { "code \(code)" } else { "else" }
        })
        services.messages = TextGateway(url: gateway.url, token: nil)
        let desk = CodeDesk(desk: house.store, clerk: Clerk(book: house.store, services: services, clock: house.clock))
        #expect(try await desk.sendCode(phone: "+380671234567", conversation: "c"))
        let message = try #require(gateway.requests.first)
        #expect(message.json("to") as? String == "+380671234567")
        let code = SecretDigits(try #require(message.json("text") as? String))
        #expect(code.count == SecretDigits.codeLength)
        #expect(try await desk.check(code: code, phone: "+380671234567", conversation: "c") != nil)
        #expect(try await desk.check(pin: code, phone: "+380671234567") == nil, "a code is no PIN")
        #expect(gateway.requests.count == 1)
    }

    private final class TimeBox: Sendable {
        private let time = Mutex(noon)
        var now: Date { time.withLock { $0 } }
        func add(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    private func services(_ gateway: any PaymentGateway, messages: StubServer? = nil) -> Services {
        var services = Services(words: { "\($0)" })
        services.gateway = gateway
        services.messages = messages.map { TextGateway(url: $0.url, token: nil) }
        return services
    }

    @Test func lostAnswersChargeOnce() async throws {
        let house = try House()
        _ = try await house.store.keep(
            method: SavedMethod(customer: "c", method: "m"), phone: "+380671234567", now: noon)
        _ = try await house.place("saved")
        let gateway = FakeGateway(losesEvery: 4)
        let clerk = Clerk(book: house.store, services: services(gateway), clock: house.clock, chance: { 1 })
        var rounds = 0
        while try await house.store.order(number: "1001")?.order.paymentStatus == .pending, rounds < 50 {
            _ = try await clerk.work()
            house.wait(20)
            rounds += 1
        }
        #expect(rounds > 3)
        #expect(gateway.paid.withLock { $0 } == ["k0/pay": 1_000])
        #expect(try await house.store.order(number: "1001")?.order.paymentStatus == .paid)
        #expect(try await house.store.checkBooks() == [])
    }

    @Test func aKeyThatMayBeForgottenIsNotTriedAgain() async throws {
        let house = try House()
        _ = try await house.store.keep(
            method: SavedMethod(customer: "c", method: "m"), phone: "+380671234567", now: noon)
        _ = try await house.place("saved")
        let gateway = FakeGateway(losesEvery: 1_000)
        let clerk = Clerk(book: house.store, services: services(gateway), clock: house.clock)
        #expect(try await clerk.work() == 1)
        house.wait(3_700)
        #expect(try await clerk.work() == 1)
        #expect(try await house.store.deadErrands(limit: 9).map(\.kind) == ["payment.charge"])
        #expect(try await house.store.payments(ofOrder: "1001").map(\.state) == ["unclear"])
    }

    @Test func aLinkIsSentAtOnceAndWithoutAMethodToo() async throws {
        for payment in ["link", "saved"] {
            let house = try House()
            let texts = try StubServer { _, _ in .json(200, "{}") }
            let order = try await house.place(payment)
            let clerk = Clerk(
                book: house.store, services: services(FakeGateway(), messages: texts), clock: house.clock)
            let page = try await clerk.pay(order: order.number)
            #expect(texts.requests.count == 1)
            let text = texts.requests.first?.body.replacingOccurrences(of: "\\/", with: "/") ?? ""
            #expect(text.contains(try #require(page)), "a display shows the same page")
            #expect(texts.requests.first?.body.contains("pay.example") == true)
            #expect(try await house.store.order(number: "1001")?.order.isLinkSent == true)
        }
    }

    @Test func aReceiverThatNeverComesIsLeftToAPerson() async throws {
        let house = try House()
        _ = try await house.place("on_delivery")
        let receiver = try StubServer { _, _ in .json(500, "") }
        var services = Services(words: { _ in "" })
        services.events = [EventDoor(url: receiver.url, secret: "s")]
        let clerk = Clerk(book: house.store, services: services, clock: house.clock, chance: { 1 })
        var hours = 0
        while try await house.store.deadErrands(limit: 1).isEmpty, hours < 60 {
            _ = try await clerk.work()
            house.wait(3_600)
            hours += 1
        }
        #expect((12...40).contains(hours))
        #expect(try await house.store.deadErrands(limit: 9).map(\.name) == ["order-1001-placed"])
        // A person has seen to it: the next try is the first of a new series.
        #expect(try await house.store.retry(errand: nil, now: house.clock.now) == 1)
        #expect(try await clerk.work() == 1)
        #expect(try await house.store.deadErrands(limit: 9).isEmpty)
    }

    @Test func aReceiverThatIsAwayKeepsNobodyElseWaiting() async throws {
        let house = try House()
        for number in 0..<3 { _ = try await house.place("on_delivery", number: number) }
        let (away, there) = (try StubServer { _, _ in .json(503, "") }, try StubServer { _, _ in .json(200, "") })
        var services = Services(words: { _ in "" })
        services.events = [
            EventDoor(url: away.url, secret: "a", receiver: EventReceiver(name: "crm")),
            EventDoor(url: there.url, secret: "b", receiver: EventReceiver(name: "till", kinds: ["order"])),
        ]
        let clerk = Clerk(book: house.store, services: services, clock: house.clock, chance: { 1 })
        for _ in 0..<3 { _ = try await clerk.work() }
        #expect(
            there.requests.compactMap { $0.headers["webhook-id"] } == [
                "order-1001-placed", "order-1002-placed", "order-1003-placed",
            ])
        #expect(away.requests.compactMap { $0.headers["webhook-id"] }.allSatisfy { $0 == "order-1001-placed" })
        // One that is not configured any more is told, not forgotten.
        services.events.removeFirst()
        let later = Clerk(book: house.store, services: services, clock: house.clock, chance: { 1 })
        house.wait(600)
        _ = try await later.work()
        #expect(
            try await house.store.deadErrands(limit: 9).map(\.reason) == [
                "no receiver of events is called crm any more"
            ])
    }

    @Test func eventsGoOutOnceTheReceiverIsThere() async throws {
        let house = try House()
        _ = try await house.place("on_delivery")
        _ = try await house.place("on_delivery", number: 1)
        let receiver = try StubServer { _, count in .json(count <= 2 ? 500 : 200, "") }
        var services = Services(words: { _ in "" })
        services.events = [EventDoor(url: receiver.url, secret: "s")]
        let clerk = Clerk(book: house.store, services: services, clock: house.clock, chance: { 1 })
        for _ in 0..<12 {
            _ = try await clerk.work()
            house.wait(5)
        }
        let names = receiver.requests.compactMap { $0.headers["webhook-id"] }
        #expect(names.filter { $0 == "order-1001-placed" }.count == 3)
        #expect(names.last == "order-1002-placed")
        #expect(try await house.store.waitingErrands().allSatisfy { $0.count == 0 })
    }
}
