// Checkout's obstacles, orders already placed, and what only a person can do.

import Commerce
import Dialogue
import Foundation
import Testing
import Understanding

@Suite("Checkout and orders")
struct OrderTests {
    @Test("Minimum, maximum, hours and payments stand in the way with words")
    func obstacles() throws {
        var call = try TestCall.begun(TestShop.hardware())
        call.says("ten screws", .add("screw", 10))
        #expect(call.says("that's all", .done).hasPrefix("Orders start at one hundred hryvnias"))
        #expect(call.state.name == "ordering")
        call.says("three ladders", .add("ladder", 3))
        call.says("i'll collect it", .delivery("collect"))
        call.says("at the counter", .payment("counter"))
        #expect(call.says("that's all", .done).hasPrefix("I can only take orders up to five thousand hryvnias."))
        call.says("two less", .about(.removeFromCart, "ladder", quantity: 2))
        call.says("by saved card", .payment("saved"))
        #expect(call.reply.hasPrefix("I am sorry, your saved card is not possible here."))
        call.says("that's all", .done)
        #expect(call.quote?.payment == "counter")
        #expect(call.says("deliver it to podil 5", .address("Podil 5")).contains("does not go with van"))
        #expect(call.quote?.payment == "on_delivery")
        #expect(call.quote?.fees.isEmpty == true, "free from two thousand on")

        var late = try TestCall.begun(TestShop.hardware(), now: TestShop.night)
        late.says("a hammer", .add("hammer"))
        #expect(late.says("that's all", .done).contains("we are closed right now"))
        #expect(late.state.cart.lines.count == 1)
    }

    @Test("A shop that takes no orders ahead says when a delivery does not work, and offers the other")
    func vanClosed() throws {
        // Monday 17:00 in Kyiv: the shop is open, its van is not.
        var call = try TestCall.begun(TestShop.hardware(), now: TestShop.mondayNoon.addingTimeInterval(3 * 3_600))
        call.says("a ladder", .add("ladder"))
        let answer = call.says("deliver it to podil 5", .address("Podil 5"), .delivery("van"))
        #expect(answer.contains("van is not possible right now"))
        #expect(call.says("that's all", .done) == "Shall I make it collection free of charge?", "it is asked again")
        #expect(call.state.asking == "delivery_method")
        call.says("yes", .yes)
        #expect(call.state.checkout.delivery == "collect")
    }

    @Test("Otherwise an order waits until the delivery works, and the read-back says so")
    func waits() throws {
        // Monday 20:45 in Kyiv: the shop is open, its courier is not.
        var call = try TestCall.begun(TestShop.demo(), now: TestShop.mondayNoon.addingTimeInterval(6.75 * 3_600))
        call.says("a margherita", .add("margherita"))
        let answer = call.says("deliver it to 5 lake street", .address("5 Lake Street"), .delivery("courier"))
        #expect(answer.contains("from Tuesday at nine in the morning on"))
        #expect(call.quote?.delivery == "courier")
        call.says("yes", .yes)
        #expect(call.state.orders.count == 1)
    }

    @Test("By its number anybody hears the status and nothing else; a wrong number sounds like a stranger's")
    func numbers() throws {
        var owner = try GateTests.readBack()
        owner.says("yes", .yes)
        var stranger = try TestCall.begun(TestShop.demo())
        stranger.desk = owner.desk
        stranger.desk.strangers = ["1042"]
        stranger.says("where is my order", Act(.trackOrder))
        #expect(stranger.state.asking == "order_number")
        #expect(stranger.presses("1042#") == "Order 1042 is placed and waiting to be packed. Anything else?")
        let cancel = { (number: String) in Act(.cancelOrder, slots: [.orderNumber: number]) }
        stranger.says("cancel 1042", cancel("1042"))
        #expect(stranger.reply == "Shall I cancel order 1042?")
        let refused = stranger.says("yes", .yes)
        stranger.says("cancel 9999", cancel("9999"))
        #expect(stranger.says("yes", .yes) == refused.replacing("1042", with: "9999"))
        #expect(
            stranger.says("where is 9999", Act(.trackOrder, slots: [.orderNumber: "9999"])).hasPrefix("I cannot find"))
    }

    @Test("Cancelling needs a sure yes, and is told when it is too late")
    func cancelling() throws {
        var call = try GateTests.readBack()
        call.says("yes", .yes)
        call.says("cancel my order", Act(.cancelOrder))
        #expect(call.says("(tv) yes", .yes, sure: 0.74).hasPrefix("I did not hear that well."))
        #expect(call.effects.contains(.cancelOrder(number: "1042")) == false)
        var late = call
        #expect(call.says("yes", .yes).hasPrefix("Order 1042 is cancelled."))
        late.desk.orders[0].status = .handedOver
        #expect(late.says("yes", .yes).hasSuffix("Order 1042 is on its way. Shall I have somebody call you back?"))
        var kept = try GateTests.readBack()
        kept.says("yes", .yes)
        kept.says("cancel my order", Act(.cancelOrder))
        #expect(kept.says("no", .no).hasPrefix("All right, order 1042 stays."))
    }

    @Test("Cancelling before anything is ordered means the cart")
    func cancelCart() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a cola", .add("cola"))
        #expect(call.says("cancel my order", Act(.cancelOrder)) == "Shall I empty your cart?")
        call.says("yes", .yes)
        #expect(call.state.cart.lines.isEmpty)
    }

    @Test("As usual: not for strangers, at today's prices for a known number, by a person where the shop wants it")
    func asUsual() throws {
        var owner = try GateTests.readBack()
        owner.says("yes", .yes)
        #expect(owner.says("the same again", Act(.repeatOrder)).hasPrefix("One margherita and one cola, nine dollars."))

        var stranger = try TestCall.begun(TestShop.demo())
        stranger.desk = owner.desk
        #expect(stranger.says("as usual", Act(.repeatOrder)).hasPrefix("I do not know your earlier orders"))
        #expect(stranger.effects.isEmpty)

        var known = try TestCall.begun(TestShop.demo(), caller: "+380671234567")
        known.desk = owner.desk
        known.context.catalog = GateTests.dearer(known.context.catalog)
        #expect(known.says("as usual", Act(.repeatOrder)).hasPrefix("One margherita and one cola, eleven dollars."))

        var careful = try TestCall.begun(TestShop.hardware(), caller: "+380671234567")
        careful.desk = owner.desk
        #expect(careful.says("as usual", Act(.repeatOrder)).hasPrefix("There is an earlier order, but only a person"))
        #expect(careful.state.cart.lines.isEmpty)
        careful.desk.orders = []
        careful.says("no", .no)
        #expect(careful.says("as usual", Act(.repeatOrder)).hasPrefix("I found no earlier order."))
    }

    @Test("A callback: asked for the number where there is none, not at a stand")
    func callback() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("operator", Act(.talkToOperator))
        #expect(call.state.asking == "phone")
        #expect(call.state.listening == .digits)
        #expect(call.says("one two", .digits("12")).hasPrefix("That was not a whole telephone number."))
        #expect(call.says("…", .digits("0671234567")).contains("0671234567"))
        #expect(Array(call.desk.callbacks.values) == ["0671234567"])

        var known = try TestCall.begun(TestShop.demo(), caller: "+380671234567")
        known.presses("0")
        #expect(Array(known.desk.callbacks.values) == ["+380671234567"])

        var stand = try TestCall.begun(TestShop.demo(), line: .kiosk)
        #expect(stand.says("operator", Act(.talkToOperator)).hasPrefix("I have let our people know."))
        #expect(stand.desk.callbacks.count == 1)

        var broken = try TestCall.begun(TestShop.demo(), line: .kiosk)
        broken.desk.failures = 1
        #expect(broken.says("operator", Act(.talkToOperator)).hasPrefix("I am sorry, I could not note that."))
    }

    @Test(
        "What cannot be done here is said, and a person is offered",
        arguments: [
            Intent.returnOrder, .invoice, .changeOrder, .exportMyData,
            .deleteMyData, .complaint, .paymentIssue,
        ])
    func handedOver(intent: Intent) throws {
        var call = try TestCall.begun(TestShop.demo(), caller: "+380671234567")
        #expect(call.says("…", Act(intent)).hasSuffix("Shall I have somebody call you back?"))
        call.says("yes", .yes)
        #expect(call.effects.contains { if case .requestCallback(_, _, intent.rawValue) = $0 { true } else { false } })
    }

    @Test("The shop's own questions, what follows from its files, and what nobody told")
    func questions() throws {
        var call = try TestCall.begun(TestShop.hardware())
        #expect(call.says("keys?", .faq("cutting")).hasPrefix("We cut keys while you wait"))
        #expect(call.says("hours?", .faq("hours")).hasPrefix("We are open Monday to Friday from"))
        #expect(call.says("delivery?", .faq("delivery_options")).contains("van for ninety hryvnias"))
        #expect(call.says("payment?", .faq("payment_methods")).contains("cash on delivery"))
        #expect(call.says("returns?", .faq("refund_policy")).hasPrefix("I am sorry, I do not know that. Shall I"))
        #expect(call.says("what do you keep", Act(.privacyInfo)).contains("thirty days"))
        #expect(call.says("ukrainian?", Act(.switchLanguage)).contains("English"))
    }

    @Test(
        "A desk that fails is said, and nothing is claimed",
        arguments: [
            Act(.trackOrder, slots: [.orderNumber: "1042"]), Act(.repeatOrder),
        ])
    func deskFails(act: Act) throws {
        var call = try TestCall.begun(TestShop.demo(), caller: "+380671234567")
        call.desk.failures = 1
        #expect(call.says("…", act).hasPrefix("I am sorry, I cannot look at the orders just now."))
    }

    @Test("An outcome of something else is passed over")
    func strayOutcome() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.answersEffects = false
        call.says("where is 1042", Act(.trackOrder, slots: [.orderNumber: "1042"]))
        #expect(call.feed(.outcome(.found(number: "1043", .done(nil)))) == "")
        #expect(call.feed(.outcome(.found(number: "1042", .done(nil)))).hasPrefix("I cannot find"))
    }
}
