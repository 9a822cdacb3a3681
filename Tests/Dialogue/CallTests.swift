// Whole calls as a person would read them.

import Commerce
import Dialogue
import Testing
import Understanding

@Suite("Calls")
struct CallTests {
    @Test("Two pizzas, delivered, while a television says yes")
    func television() throws {
        var call = try TestCall(TestShop.demo(), caller: "+380671234567")
        call.feed(.started)
        call.says(
            "two large pepperoni pizzas please",
            .add("pizza", 2, with: [.of("size", "large"), .of("topping", "pepperoni")]))
        call.says("and a cola", .add("cola"))
        call.says("that's all", .done)
        call.says("delivery please", .delivery("courier"))
        call.says("five lake street", .address("5 Lake Street"))
        call.says("(television) yes", .yes, sure: 0.41)
        call.says("yes please", .yes)
        call.says("no", .no)
        #expect(
            call.text == """
                shop:   Corner Kitchen, hello! I am an automated assistant. What would you like?
                caller: two large pepperoni pizzas please
                shop:   Two large pepperoni pizzas, nineteen dollars. Anything else?
                caller: and a cola
                shop:   One cola, one dollar and fifty cents. Anything else?
                caller: that's all
                shop:   How would you like to get it? There is courier for two dollars and pickup free of charge.
                caller: delivery please
                shop:   Where shall we deliver to?
                caller: five lake street
                shop:   So: two large pepperoni pizzas and one can of cola, twenty dollars and fifty cents, courier to 5 Lake \
                Street, two dollars, cash on delivery: twenty two dollars and fifty cents in all. Shall I place the order?
                caller: (television) yes
                        | confidence 0.41
                shop:   I did not hear that well. To place the order, say "place the order".
                caller: yes please
                shop:   Thank you! Your order number is 1042. Anything else?
                caller: no
                shop:   Thank you for calling. Goodbye!
                """)
        #expect(call.desk.orders.count == 1)
        #expect(call.state.name == "ended")
    }

    @Test("A hardware shop in hryvnias: a choice to be made, weighed goods, a way that is shut off by the address")
    func hardware() throws {
        var call = try TestCall(TestShop.hardware())
        call.feed(.started)
        call.says("two cans of paint", .add("paint", 2))
        call.says("red", Act(.changeModifiers, items: [ItemPhrase(candidates: [], modifiers: [.of("color", "red")])]))
        call.says("half a kilo of nails", .add("nails", Quantity(thousandths: 500)))
        call.says("deliver it to obolon avenue 3", .address("Obolon Avenue 3"))
        call.says("that's it", .done)
        call.says("yes", .yes)
        call.says("place the order", .placeIt)
        #expect(
            call.text == """
                shop:   Hello, this is Iron and Sons. I am an automated assistant. What would you like?
                caller: two cans of paint
                shop:   Two cans of paint: which color would you like? There is white and red.
                caller: red
                shop:   Two red cans of paint, one thousand eighty hryvnias. Anything else?
                caller: half a kilo of nails
                shop:   Half a kilo of nails, sixty hryvnias. Anything else?
                caller: deliver it to obolon avenue 3
                shop:   I am sorry, we do not deliver to Obolon Avenue 3. Shall I make it collection free of charge?
                caller: that's it
                shop:   Shall I make it collection free of charge?
                caller: yes
                shop:   How would you like to pay? There is cash on delivery and payment at the counter.
                caller: place the order
                shop:   How would you like to pay? There is cash on delivery and payment at the counter.
                """)
        call.forgetTranscript()
        call.says("at the counter", .payment("counter"))
        call.says("place the order", .placeIt)
        #expect(
            call.text == """
                caller: at the counter
                shop:   So: two red matte cans of paint and half a kilo of nails, collection, payment at the counter: \
                one thousand one hundred forty hryvnias in all. Shall I place the order?
                caller: place the order
                shop:   Thank you! Your order number is 1042. Anything else?
                """)
    }

    @Test("Everything in one breath and in any order, with a correction in the end")
    func oneBreath() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says(
            "deliver a margherita and two lemonades to 7 maple avenue, cash, that's all", .address("7 Maple Avenue"),
            .add("margherita"), .add("lemonade", 2), .payment("on_delivery"), .done)
        #expect(call.quote?.address == "7 Maple Avenue")
        #expect(call.reply.hasPrefix("One margherita and two lemonades, eleven dollars and ten cents. So: one"))
        let key = call.key
        call.says("no, to 9 maple avenue", .no, .address("9 Maple Avenue"))
        #expect(call.quote?.address == "9 Maple Avenue")
        #expect(call.key != key)
        call.says("make it pickup", .delivery("pickup"))
        #expect(call.quote?.address == nil)
        #expect(call.reply.contains("payment at the counter"))
        #expect(call.ordersSent.isEmpty)
    }

    @Test("A no at the read-back keeps the cart, and what was said next is added")
    func revise() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita", .add("margherita"))
        call.says("that's all, pickup", .done, .delivery("pickup"))
        #expect(call.says("no", .no) == "What shall I change?")
        #expect(call.total == "7.50")
        #expect(call.says("when do you close", .faq("hours")).hasSuffix("What shall I change?"))
        #expect(call.says("a 7up", .add("seven-up")).hasSuffix("Anything else?"))
        call.says("that's all", .done)
        #expect(call.quote?.total.decimal == "9.10")
        call.says("no", .no)
        #expect(call.says("nothing", .no).hasPrefix("All right, nothing is ordered yet."))
        #expect(call.state.name == "ordering")
    }

    @Test("Questions in the middle of checkout are answered, and the open question is asked again")
    func questions() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a cheesecake and a cappuccino", .add("cheesecake", 2), .add("cappuccino"))
        call.says("deliver it", .delivery("courier"))
        call.says("checkout", .done)
        #expect(call.state.asking == "address")
        for question in [Act.faq("delivery_time"), Act(.showCart), Act(.help), Act(.thanks), Act(.greet)] {
            #expect(call.says("a question", question).hasSuffix("Where shall we deliver to?"))
            #expect(call.state.asking == "address")
        }
        call.says("5 Lake Street", .address("5 Lake Street"))
        let key = call.key
        #expect(key != nil)
        #expect(call.says("do you take cards", .faq("payment_methods")).hasSuffix("?"))
        #expect(call.key == key, "an answered question changes nothing about the order")
        call.says("yes", .yes)
        #expect(call.desk.orders.count == 1)
    }

    @Test("Someone who says no to everything is not held up")
    func nothingWanted() throws {
        var call = try TestCall.begun(TestShop.demo())
        #expect(call.says("no", .no).hasPrefix("All right."))
        call.says("goodbye", Act(.goodbye))
        #expect(call.effects == [.end(.callerGoodbye)])
    }

    @Test("Goodbye with a full cart says that nothing is ordered")
    func goodbyeWithCart() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita", .add("margherita"))
        #expect(call.says("bye", Act(.goodbye)).hasPrefix("Your cart was not ordered."))
        #expect(call.effects == [.end(.callerGoodbye)])
        #expect(call.says("yes", .yes) == "", "after the end nothing is said or done")
    }

    @Test("Repeat says the same again; start over forgets the cart")
    func repeatAndStartOver() throws {
        var call = try TestCall.begun(TestShop.demo())
        let reply = call.says("a margherita", .add("margherita"))
        #expect(call.says("what?", Act(.repeat)) == reply)
        call.says("that's all, pickup", .done, .delivery("pickup"))
        let readBack = call.reply
        call.says("(tv) yes", .yes, sure: 0.48)
        #expect(call.says("sorry?", Act(.repeat)) == readBack)
        call.says("start over", Act(.startOver))
        #expect(call.total == "0.00")
        #expect(call.state.name == "open")
    }
}
