// Orders in free speech, requests in any words, and sentences that are about something else.

import Testing
import Understanding

@Suite("Free speech")
struct FreeOrderTests {
    let shop: Understander
    let florist: Understander

    init() throws {
        shop = try Bench.demo()
        florist = try Bench.florist()
    }

    private func meaning(_ text: String) -> String { notation(shop.interpret(typed: text, expecting: .open).acts) }

    @Test(
        "Everything said in one breath belongs where it was said",
        arguments: [
            (
                "i'd like a large onion and olive pizza with extra cheese and a small cola",
                "add_to_cart 1×pizza +large +onions +olives +extra cheese 1×cola +can"
            ),
            (
                "yeah can i get two large pies, one with extra cheese no onions and the other just ham",
                "add_to_cart 1×pizza +large +extra cheese -onions 1×pizza +large +ham"
            ),
            ("a diet coke, actually make that two", "add_to_cart 2×diet-cola"),
            (
                "i'll have one pie along with ham and olives but avoid the onions",
                "add_to_cart 1×pizza +ham +olives -onions"
            ),
            ("we wanted to have a thin crust pizza, hold the ham please", "add_to_cart 1×pizza +thin_crust -ham"),
            (
                "let me get a hamburger with just a little bit of mayo and please skip the pickles",
                "add_to_cart 1×hamburger +light mayonnaise -pickles"
            ),
            ("fries on the side and a lemonade to drink", "add_to_cart fries 1×lemonade"),
            ("two pizzas with ham can i get some extra cheese on them", "add_to_cart 2×pizza +ham +extra cheese"),
            ("three pizzas, one with bacon", "add_to_cart 1×pizza +bacon 2×pizza"),
            ("a pizza with ham and a large lemonade", "add_to_cart 1×pizza +ham 1×lemonade +bottle"),
        ])
    func orders(text: String, meaning: String) { #expect(self.meaning(text) == meaning) }

    @Test("A part of a name is enough where nothing else is called so, and only in writing")
    func parts() {
        #expect(meaning("a pizza with green") == "add_to_cart 1×pizza +peppers")
        #expect(meaning("a stuffed pizza with olive") == "add_to_cart 1×pizza +stuffed_crust +olives")
        #expect(!meaning("a crust pizza").contains("+"))
    }

    @Test(
        "Requests are known by their words",
        arguments: [
            ("i really do not know what i have to do to get rid of purchase, cancel it, number 113542", "cancel_order"),
            ("what happens with the money if i want to be reimbursed, which conditions are there", "faq"),
            ("where could i possibly see the bill from last may", "invoice"),
            ("there were some errors with your online payment thing", "payment_issue"),
            ("somebody of your customer support has to reach out to me", "talk_to_operator"),
            ("i would really like to swap some article of my last purchase", "change_order"),
            ("i lost the password of my account", "out_of_scope"),
        ])
    func requests(text: String, intent: String) {
        #expect(shop.interpret(typed: text, expecting: .open).acts.first?.intent.rawValue == intent)
    }

    @Test(
        "What is about something else changes nothing",
        arguments: [
            "please skip this song for me", "please roll a 10 sided die and tell me what number it is",
            "do you have any dogs or cats", "can you find some instructions on how to change my oil",
            "cancel my reservation for two at the steak house", "are good habits closely related with addictions",
            "remove this event from my calendar", "i need the minimum payment on my car bill",
            "how do i unsubscribe from the newsletter", "when is the flight expected to arrive",
        ])
    func outside(text: String) {
        let touching: Set<Intent> = [
            .addToCart, .removeFromCart, .changeQuantity, .changeModifiers, .clearCart, .repeatOrder, .placeOrder,
            .cancelOrder, .changeOrder, .returnOrder,
        ]
        let acts = shop.interpret(typed: text, expecting: .open).acts
        #expect(!acts.contains { touching.contains($0.intent) }, "\(notation(acts))")
    }

    @Test("Holding on is not a number")
    func holdOn() {
        for text in ["hold on a moment", "just hold on one second please", "give me a minute"] {
            #expect(meaning(text) == "wait")
        }
    }
}
