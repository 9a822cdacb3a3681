// Who is calling: PINs and codes are opened by the right figures only, a few tries at a time, across calls, restarts and clocks
// that are set back; and nobody learns from an answer whether there is anything to open.

import Commerce
import Foundation
import Privacy
import Sealing
import Synchronization
import Testing

@testable import Storage

@Suite("Who is calling")
struct IdentityTests {
    /// A thousand guesses have to end some time.
    static let cheap = SecretHash.Cost(passes: 1, memory: 8_192)
    static let pin = "482915"

    /// A store whose clock the test sets.
    private final class House: Sendable {
        let folder: Folder
        let time = Mutex(noon)

        init() throws { folder = try Folder() }

        func open(policy: RetentionPolicy = .standard) async throws -> Store {
            let store = try Store(
                at: folder.database, masterKey: masterKey, policy: policy,
                clock: { [self] in time.withLock { $0 } }, secretCost: IdentityTests.cheap)
            try await store.use(shop: shop, catalog: catalog(), now: noon)
            return store
        }

        func pass(seconds: Double) { time.withLock { $0 += seconds } }
    }

    private func check(_ pin: String, _ store: Store, phone: String = alice) async throws -> KnownCustomer? {
        try await store.check(pin: SecretDigits(pin), phone: phone)
    }

    /// The code in the message that waits to be sent.
    private func sentCode(_ store: Store) async throws -> String? {
        for errand in try await store.take([.message], limit: 9) {
            try await store.settle(errand, .done)
            if case .message(.code(let code, _), to: alice) = errand.task { return code }
        }
        return nil
    }

    @Test("The right PIN opens what is the customer's, and only that")
    func opens() async throws {
        let house = try House()
        let store = try await house.open()
        _ = try await store.place(request("k", try quote([colas(2)])), now: noon).get()
        _ = try await store.place(request("other", try quote([largePizzas]), phone: bob), now: noon).get()
        #expect(try await store.choose(pin: SecretDigits(Self.pin), phone: alice))
        let customer = try #require(try await check(Self.pin, store))
        #expect(customer.orders.map(\.number) == ["1001"])
        #expect(customer.addresses == [address] && !customer.hasSavedMethod)
        #expect(try await check(Self.pin, store, phone: bob) == nil, "another number's PIN")
        #expect(try await store.choose(pin: nil, phone: alice))
        #expect(try await check(Self.pin, store) == nil, "a PIN that was given up")
    }

    @Test("A thousand guesses over a year open nothing, and ten of them were looked at")
    func thousandGuesses() async throws {
        let house = try House()
        var store = try await house.open()
        _ = try await store.choose(pin: SecretDigits("7351"), phone: alice)
        for guess in 0..<1_000 {
            // The right one is among them from the eleventh on.
            let pin = guess > 10 && guess.isMultiple(of: 3) ? "7351" : String(1_000 + guess)
            #expect(try await check(pin, store) == nil, "guess \(guess)")
            house.pass(seconds: 8 * 3_600)
            // Every call may be by another process.
            if guess.isMultiple(of: 100) { store = try await house.open() }
        }
        #expect(try await store.number("SELECT failures FROM guesses") == GuessLimits.mostFailures)
        // The owner comes by a code, and the PIN is good again.
        #expect(try await store.sendCode(phone: alice, conversation: "c"))
        let code = try #require(try await sentCode(store))
        #expect(try await store.check(code: SecretDigits(code), phone: alice, conversation: "c") != nil)
        #expect(try await check("7351", store) != nil)
    }

    @Test("Two tries are free, then the lock grows, and the right PIN does not open it sooner")
    func lock() async throws {
        let house = try House()
        let store = try await house.open()
        _ = try await store.choose(pin: SecretDigits(Self.pin), phone: alice)
        for _ in 0..<3 { #expect(try await check("9090", store) == nil) }
        #expect(try await check(Self.pin, store) == nil, "locked")
        house.pass(seconds: 899)
        #expect(try await check(Self.pin, store) == nil, "still locked")
        house.pass(seconds: 1)
        #expect(try await check(Self.pin, store) != nil)
        for _ in 0..<2 { #expect(try await check("9090", store) == nil) }
        #expect(try await check(Self.pin, store) != nil, "what was right forgives what was wrong")
        let locks = (1...10).map(GuessLimits.lock)
        #expect(locks == [0, 0, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400])
    }

    @Test(
        "A clock that is set back ends no lock and makes none longer", arguments: [60, 86_400, 946_080_000] as [Double])
    func clockSetBack(by seconds: Double) async throws {
        let house = try House()
        let store = try await house.open()
        _ = try await store.choose(pin: SecretDigits(Self.pin), phone: alice)
        for _ in 0..<3 { #expect(try await check("9090", store) == nil) }
        house.pass(seconds: -seconds)
        #expect(try await check(Self.pin, store) == nil)
        house.pass(seconds: 899)
        #expect(try await check(Self.pin, store) == nil)
        house.pass(seconds: 1)
        #expect(try await check(Self.pin, store) != nil)
        // Codes of a day stay counted, and one whose time is over does not get it back.
        #expect(try await store.sendCode(phone: alice, conversation: "a"))
        let code = try #require(try await sentCode(store))
        house.pass(seconds: -seconds)
        #expect(try await store.check(code: SecretDigits(code), phone: alice, conversation: "a") == nil)
        #expect(try await store.sendCode(phone: alice, conversation: "b"))
        #expect(try await store.sendCode(phone: alice, conversation: "c"))
        #expect(try await !store.sendCode(phone: alice, conversation: "d"), "the fourth in a day")
        house.pass(seconds: 86_400)
        #expect(try await store.sendCode(phone: alice, conversation: "d"))
    }

    @Test("Processes that try at once share the tries")
    func atOnce() async throws {
        let house = try House()
        let stores = [try await house.open(), try await house.open(), try await house.open()]
        _ = try await stores[0].choose(pin: SecretDigits(Self.pin), phone: alice)
        await withTaskGroup(of: Void.self) { group in
            for guess in 0..<30 {
                group.addTask { _ = try? await stores[guess % 3].check(pin: SecretDigits("90\(guess)0"), phone: alice) }
            }
        }
        #expect(try await stores[1].number("SELECT failures FROM guesses") == 3)
    }

    @Test("A code opens once, in the call that it was sent for, within ten minutes and three tries")
    func code() async throws {
        let house = try House()
        let store = try await house.open()
        #expect(try await store.sendCode(phone: alice, conversation: "c"))
        let first = try #require(try await sentCode(store))
        #expect(first.count == SecretDigits.codeLength)
        #expect(try await store.check(code: SecretDigits(first), phone: alice, conversation: "other") == nil)
        #expect(try await store.check(code: SecretDigits(first), phone: bob, conversation: "c") == nil)
        #expect(try await store.check(code: SecretDigits(first), phone: alice, conversation: "c") != nil)
        #expect(try await store.check(code: SecretDigits(first), phone: alice, conversation: "c") == nil, "once")

        #expect(try await store.sendCode(phone: alice, conversation: "d"))
        let second = try #require(try await sentCode(store))
        let wrong = second == "000000" ? "111111" : "000000"
        for _ in 0..<3 { _ = try await store.check(code: SecretDigits(wrong), phone: alice, conversation: "d") }
        #expect(
            try await store.check(code: SecretDigits(second), phone: alice, conversation: "d") == nil, "three tries")

        #expect(try await store.sendCode(phone: alice, conversation: "e"))
        let third = try #require(try await sentCode(store))
        house.pass(seconds: 601)
        #expect(try await store.check(code: SecretDigits(third), phone: alice, conversation: "e") == nil, "too late")
    }

    @Test("A code that could not be sent in time is not sent any more")
    func lateCode() async throws {
        let house = try House()
        let store = try await house.open()
        #expect(try await store.sendCode(phone: alice, conversation: "c"))
        house.pass(seconds: 601)
        #expect(try await sentCode(store) == nil)
        #expect(try await store.waitingErrands().allSatisfy { $0.count == 0 })
    }

    @Test("No PIN, no such number and a wrong PIN leave the same rows behind, and wait the same")
    func noOracle() async throws {
        let house = try House()
        let store = try await house.open()
        let carol = "+380931112233"
        _ = try await store.choose(pin: SecretDigits(Self.pin), phone: alice)
        _ = try await store.place(request("k", try quote([colas(1)]), phone: bob), now: noon).get()
        let seen = Mutex<[String]>([])
        var work: [[String]] = []
        for phone in [alice, bob, carol] {
            _ = try await check("9090", store, phone: phone)
            seen.withLock { $0 = [] }
            await store.observe { sql throws(StoreError) in seen.withLock { $0.append(sql) } }
            #expect(try await check("9090", store, phone: phone) == nil)
            await store.observe { _ throws(StoreError) in }
            work.append(seen.withLock { $0 })
        }
        #expect(work[0] == work[1] && work[1] == work[2], "the same statements")
        #expect(try await store.number("SELECT count(DISTINCT failures || '/' || locked_until) FROM guesses") == 1)
    }

    @Test("No byte on the disk is a PIN or a code, set, wrong or sent")
    func nothingWritten() async throws {
        let house = try House()
        let store = try await house.open()
        var chance = SystemRandomNumberGenerator()
        var secrets: [String] = []
        for round in 0..<20 {
            let pin = String(Int.random(in: 10_000_000...99_999_999, using: &chance))
            secrets.append(pin)
            _ = try await store.choose(pin: SecretDigits(pin), phone: alice)
            _ = try await check(String(pin.reversed()), store)
            if try await store.sendCode(phone: bob, conversation: "c\(round)") { house.pass(seconds: 86_400) }
            secrets.append(String(pin.reversed()))
        }
        let bytes = house.folder.bytes
        for secret in secrets {
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
        #expect(bytes.range(of: Data("argon2id".utf8)) == nil, "the hashes are sealed too")
    }

    @Test("Where the policy keeps no profiles it keeps no PIN, and an erased customer has none")
    func policy() async throws {
        let house = try House()
        let off = RetentionPolicy(replacing: [.profile: Retention(form: .off, days: 0, purpose: "")])
        #expect(try await !house.open(policy: off).choose(pin: SecretDigits(Self.pin), phone: alice))
        let store = try await house.open()
        #expect(try await store.choose(pin: SecretDigits(Self.pin), phone: alice))
        #expect(try await store.erase(phone: alice, now: noon) != nil)
        #expect(try await check(Self.pin, store) == nil)
    }

    @Test("A saved card is charged only for who has proved to be the customer")
    func savedCard() async throws {
        let store = try await House().open()
        let paid = Shop(
            name: shop.name, currency: usd, languages: ["en"], timeZone: "UTC", pricesIncludeTax: true, hours: nil,
            operator: nil, delivery: shop.delivery,
            payment: [PaymentMethod(id: PaymentMethod.saved, naming: Naming(title: ""))], limits: OrderLimits(),
            streets: [], faq: [], prompts: [:], repeatOrderByNumber: false)
        try await store.use(shop: paid, catalog: catalog(), now: noon)
        let wanted = try paid.quote(
            Cart(lines: [colas(1)]), catalog: catalog(), stock: [:], delivery: "pickup", address: nil,
            payment: PaymentMethod.saved, at: noon
        ).get()
        expect(
            try await store.place(request("k", wanted, isProved: false), now: noon),
            refused: .paymentUnavailable(id: PaymentMethod.saved))
        #expect(try await store.place(request("l", wanted), now: noon).get().paymentStatus == .pending)
    }
}
