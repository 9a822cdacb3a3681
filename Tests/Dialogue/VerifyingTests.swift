// Who is calling, in talk: what the contract's table keeps for who has proved it, how it is proved, and what is never said.

import Commerce
import Dialogue
import Foundation
import Language
import Testing
import Understanding

@Suite("Who is calling, in talk")
struct VerifyingTests {
    private static let pin = "4829"
    private static let caller = "+380671234567"

    /// A call of a customer with orders, addresses and a PIN, to a shop whose policy opens nothing for a number.
    private func call(
        codes: Bool = false, caller: String? = caller, line: LineKind = .phone, byNumber: Bool = false
    ) throws -> TestCall {
        var owner = try GateTests.readBack()
        owner.says("yes", .yes)
        let (demo, catalog) = try TestShop.demo()
        let strict = Shop(
            name: demo.name, currency: demo.currency, languages: ["en"], timeZone: demo.timeZone,
            pricesIncludeTax: true, hours: nil, operator: nil, delivery: demo.delivery, payment: demo.payment,
            limits: demo.limits, streets: demo.streets, faq: demo.faq, prompts: [:], repeatOrderByNumber: byNumber)
        var call = try TestCall((strict, catalog), caller: caller, line: line)
        call.desk = owner.desk
        call.desk.orders[0].waybill = "20450000000001"
        call.desk.orders[0].parcel = .underway
        call.desk.orders[0].paymentStatus = .failed
        call.desk.customer = KnownCustomer(
            orders: [], addresses: ["5 Lake Street", "7 Mill Lane"], hasSavedMethod: true)
        call.desk.pin = SecretDigits(Self.pin)
        call.desk.code = SecretDigits("000042")
        call.context.proofs = codes ? [.pin, .code] : [.pin]
        return call
    }

    /// What each wish opens, and words that only the opened answer has.
    private static let opened: [(act: Act, words: String)] = [
        (Act(.orderHistory), "That was one margherita and one cola"),
        (Act(.myAddresses), "5 Lake Street and 7 Mill Lane"), (Act(.repeatOrder), "One margherita and one cola"),
        (Act(.refundStatus), "Its payment did not go through."), (Act(.resumeCart), "You have three cans of cola"),
    ]

    /// Three colas as the catalogue has them.
    private static var cart: Cart {
        get throws { Cart(lines: [try TestShop.demo().catalog.line(for: "cola", quantity: 3).get()]) }
    }

    @Test("Each of them asks for the PIN, and goes on by itself when it was right", arguments: opened.indices)
    func opens(index: Int) throws {
        let (act, words) = Self.opened[index]
        var call = try call()
        call.context.welcome = Welcome(cart: try Self.cart)
        call.feed(.started)
        call.context.welcome = nil
        #expect(call.text.contains("There is a cart from your last call.") && !call.text.contains("cola"))
        let asked = call.says("…", act)
        #expect(call.state.name == "verifying" && call.state.listening == .digits, "\(call.text)")
        #expect(call.text.contains("Please key in your PIN") && !asked.contains(words))
        call.presses(Self.pin + "#")
        #expect(call.text.contains("Thank you."))
        #expect(call.text.contains(words), "\(call.text)")
        // Proved once is enough for this call.
        #expect(call.says("…", Act(.myAddresses)).contains("Mill Lane"))
    }

    @Test("An order placed after the proof is among those that are told, once, and the first of them")
    func placedSince() throws {
        var call = try call()
        call.feed(.started)
        call.proves()
        call.says("four pizzas", .add("margherita", 4))
        for act in [Act.delivery("pickup"), .done, .yes] { call.says("…", act) }
        #expect(call.state.orders.count == 1, "\(call.text)")
        call.forgetTranscript()
        call.says("my orders", Act(.orderHistory))
        let told = call.text.components(separatedBy: "That was ").dropFirst()
        #expect(told.count == 2 && told.first?.hasPrefix("four margheritas") == true, "\(call.text)")
    }

    @Test("Where the cart of the last call is offered, a yes leads to the PIN and then to the cart")
    func cart() throws {
        var call = try call()
        call.context.welcome = Welcome(cart: try Self.cart)
        call.feed(.started)
        call.context.welcome = nil
        #expect(call.says("yes", .yes).contains("PIN"))
        call.presses(Self.pin)
        #expect(call.state.cart.lines.map(\.quantity) == [3])
        #expect(call.reply.contains("three cans of cola"))
        var other = try self.call()
        other.context.welcome = Welcome(cart: try Self.cart)
        other.feed(.started)
        other.says("no", .no)
        #expect(other.state.cart.lines.isEmpty && other.state.name == "open")
    }

    @Test("The number alone opens the status of an order, and neither waybill nor payment")
    func statusOnly() throws {
        for byNumber in [false, true] {
            var call = try call(byNumber: byNumber)
            call.context.welcome = Welcome(news: call.desk.orders)
            call.feed(.started)
            call.context.welcome = nil
            call.says("where is my order", Act(.trackOrder))
            call.says("where is 1042", Act(.trackOrder, slots: [.orderNumber: "1042"]))
            #expect(call.text.contains("Order 1042 is on its way."))
            #expect(!call.text.contains("20450000000001") && !call.text.contains("payment"))
            #expect(call.last?.order?.isWhole == false)
            call.proves()
            call.says("where is my order", Act(.trackOrder))
            #expect(call.text.contains("20450000000001") && call.text.contains("did not go through"))
        }
    }

    @Test("Spoken figures will do, but not those that were not heard well: they cost no try")
    func spoken() throws {
        var call = try call()
        call.feed(.started)
        call.says("my orders", Act(.orderHistory))
        for _ in 0..<2 { call.says("four eight …", .digits("4821"), sure: 0.7) }
        #expect(call.effects.isEmpty && call.state.name == "verifying")
        call.says("four eight two nine", .digits(Self.pin))
        #expect(call.text.contains("That was one margherita"))
    }

    @Test("Three wrong ones end it for this call, also after starting over, and nothing was said of it")
    func wrong() throws {
        var call = try call()
        call.feed(.started)
        call.says("my addresses", Act(.myAddresses))
        for _ in 0..<2 { #expect(call.presses("9090").isEmpty == false && call.state.name == "verifying") }
        call.says("start over", Act(.startOver))
        call.says("my addresses", Act(.myAddresses))
        call.presses("9090")
        #expect(call.text.hasSuffix("I cannot open that for you now. Shall I have somebody call you back?"))
        call.says("no", .no)
        call.says("my pin is …", Act(.givePIN, slots: [.digits: Self.pin]))
        #expect(call.effects.count == 3 && call.state.customer == nil, "the right one comes too late")
        #expect(!call.text.contains("Lake"))
    }

    @Test("No PIN, no such customer, a locked one: the desk says no, and the words are the same")
    func noOracle() throws {
        var texts: Set<String> = []
        for hasOrders in [true, false] {
            var call = try call()
            call.desk.pin = nil
            if !hasOrders { call.desk.orders = [] }
            call.feed(.started)
            call.forgetTranscript()
            call.says("my orders", Act(.orderHistory))
            for _ in 0..<3 { call.presses("7777") }
            texts.insert(call.text)
        }
        #expect(texts.count == 1)
    }

    @Test("A code instead of a PIN; with it a PIN is chosen by keys, given twice, and not one that anybody would try")
    func choosesPIN() throws {
        var call = try call(codes: true)
        call.desk.pin = nil
        call.feed(.started)
        #expect(call.says("set a pin", Act(.setPIN)) != "" && call.effects == [.sendCode])
        #expect(call.reply.contains("Please key in the code"))
        call.presses("000042#")
        #expect(call.reply.contains("Please key in a new PIN"))
        #expect(call.says("seven three five one", .digits("7351")).contains("has to be keyed in"))
        for easy in ["1111", "1234", "9876", "1984", "0671"] {
            #expect(call.presses(easy).contains("too easy"), "\(easy)")
        }
        #expect(call.presses("123").contains("four to eight"))
        #expect(call.presses("7351").contains("Once more"))
        #expect(call.presses("7352").contains("two different ones"))
        call.presses("7351")
        #expect(call.presses("7351").contains("Your PIN is set."))
        #expect(call.desk.pin == SecretDigits("7351"))
        #expect(call.says("forget my pin", Act(.forgetPIN)).contains("Your PIN is gone."))
        #expect(call.desk.pin == nil)
    }

    @Test("Where no messages are sent a new PIN comes from the counter; who has no number proves nothing")
    func without() throws {
        var call = try call()
        call.feed(.started)
        #expect(call.says("set a pin", Act(.setPIN)).contains("at the counter"))
        #expect(call.says("send me a code", Act(.sendCode)).contains("cannot open that"))
        var nobody = try self.call(caller: nil)
        nobody.feed(.started)
        #expect(nobody.says("my orders", Act(.orderHistory)).contains("cannot open that"))
        #expect(nobody.effects.isEmpty)
    }

    @Test("Something else may be said instead: the question is let go of, and the order in hand is kept")
    func letGo() throws {
        var call = try call()
        call.feed(.started)
        call.says("a cola", .add("cola"))
        call.says("my orders", Act(.orderHistory))
        #expect(call.says("never mind", .no).contains("All right."))
        #expect(call.state.name == "ordering")
        call.says("my orders", Act(.orderHistory))
        call.says("a cola", .add("cola"))
        #expect(call.state.name == "ordering" && total(call) == 2)
        call.says("my orders", Act(.orderHistory))
        call.silent()
        #expect(call.state.name == "verifying")
        call.presses("0")
        #expect(call.state.name != "verifying", "a person")
    }

    private func total(_ call: TestCall) -> Int {
        call.state.cart.lines.reduce(0) { $0 + $1.quantity.thousandths } / 1_000
    }

    @Test("A desk that fails opens nothing")
    func fails() throws {
        var call = try call()
        call.feed(.started)
        call.says("my orders", Act(.orderHistory))
        call.desk.failures = 1
        #expect(call.presses(Self.pin).contains("cannot open that") || call.text.contains("cannot open that"))
        #expect(call.state.customer == nil)
    }

    @Test("Secrets show in no description, of a value or of the whole state")
    func descriptions() throws {
        var call = try call()
        call.feed(.started)
        call.proves()
        call.says("set a pin", Act(.setPIN))
        call.presses("7351")
        #expect(call.reply.contains("Once more"))
        let secret = SecretDigits("7351")
        for text in ["\(secret)", String(reflecting: call.state), "\(call.effects)", "\(Effect.checkPIN(secret))"] {
            #expect(!text.contains("7351"), "\(text)")
        }
    }
}
