// What people take back, count and say by the way: by ear what a network can hold, in writing all of it.

import Commerce
import Testing
import Understanding

@Suite("Corrections, counts and asides")
struct CorrectionTests {
    let shop: Understander

    init() throws { shop = try Bench.demo() }

    @Test(
        "Corrections can be heard, and mean what they mean in writing",
        arguments: [
            (Listening.open, "make it a lemonade", "add_to_cart 1×lemonade [instead_of=last]"),
            (.open, "make the cola a lemonade", "add_to_cart lemonade [instead_of=cola]"),
            (.open, "not the hamburger the cheeseburger", "add_to_cart cheeseburger [instead_of=hamburger]"),
            (.open, "not the ham the bacon", "change_modifiers  +bacon +bacon -ham [instead_of=ham]"),
            (.open, "no two colas", "change_quantity 2×cola"), (.open, "no three", "change_quantity [quantity=3]"),
            (.open, "actually make that two", "change_quantity [quantity=2]"),
            (.open, "get rid of the fries", "remove_from_cart fries"), (.open, "scrap that", "remove_from_cart"),
            (.open, "another one please", "add_to_cart [quantity=1]"),
            (.choosing, "the cheaper one", "add_to_cart [preference=cheapest]"),
            (.open, "remove everything except the pizza", "clear_cart [except=pizza]"),
            (.yesNo, "no make it two", "change_quantity [quantity=2]"),
        ])
    func heard(expectation: Listening, text: String, meaning: String) {
        let words = text.split(separator: " ").map(String.init)
        #expect(Walker(shop.wordGraph(for: expectation)).accepts(words))
        #expect(notation(shop.interpret(heard: words, expecting: expectation).acts) == meaning)
    }

    @Test("With everything can be heard of what can have several things, and of nothing else")
    func everything() {
        let graph = Walker(shop.wordGraph(for: .open))
        #expect(graph.accepts("a hamburger with everything".split(separator: " ").map(String.init)))
        #expect(!graph.accepts("a kettle with everything".split(separator: " ").map(String.init)))
    }

    @Test(
        "In writing",
        arguments: [
            // How often a modifier is wanted is no number of things.
            ("a coffee with two sugars", "add_to_cart 1×coffee +extra sugar"),
            ("a coffee with three sugars", "add_to_cart 1×coffee +3 sugar"),
            ("two green teas with one sugar each", "add_to_cart 2×green-tea +sugar"),
            (
                "make it two large",
                "change_quantity [quantity=2]; change_modifiers  +large +large +large +bottle +liter_and_a_half"
            ),
            // Halves are the shop's to refuse.
            ("a large pizza half ham half mushrooms", "add_to_cart 1×pizza +large +half ham +half mushrooms"),
            // What is left out may be a whole group.
            (
                "fries without any sauce",
                "add_to_cart fries -ketchup -mayonnaise -mustard -garlic_sauce -barbecue_sauce"
            ),
            ("i'll have the cappuccino instead", "add_to_cart cappuccino [instead_of=last]"),
            ("no, the other one", "add_to_cart [instead_of=last] [preference=other]"),
            ("not three, two", "change_quantity [instead_of=3] [quantity=2]"),
            ("change the latte to a large one", "change_modifiers latte +large"),
            ("remove all the drinks", "remove_from_cart [category=drink]"),
            ("just the latte, forget the rest", "clear_cart [except=latte]"),
            ("the cheaper one, two of them", "add_to_cart 2× [preference=cheapest]"),
            // What is asked orders nothing.
            ("is there a fee for delivery", "faq [topic=delivery_options]"),
            ("deliver it to 12 rose street", "set_address [address=12 rose street]"),
            ("my brother comes tonight and loves spice, so i'd like two portions of fries", "add_to_cart 2×fries"),
            // "The large one" is told from others by what it is.
            ("make the small one 3", "change_quantity [quantity=3] [told=small|can|half_liter]"),
            (
                "add ketchup to the large ones",
                "change_modifiers  +ketchup [preference=all] [told=large|bottle|liter_and_a_half]"
            ),
            (
                "cancel the large",
                "change_modifiers  -large -large -large -bottle -liter_and_a_half [preference=off]"
            ),
            (
                "no large ones",
                "change_modifiers  +large +large +large +bottle +liter_and_a_half [preference=unsure]"
            ),
            ("no, large", "change_modifiers  +large +large +large +bottle +liter_and_a_half"),
            (
                "large as well",
                "change_modifiers  +large +large +large +bottle +liter_and_a_half [preference=also]"
            ),
            ("half a kilo more", "add_to_cart [quantity=0.5] [unit=kg]"),
            // A pound is no kilo.
            ("a pound of apples", "add_to_cart 0.454×apples"),
        ])
    func written(text: String, meaning: String) {
        #expect(notation(shop.interpret(typed: text, expecting: .open).acts) == meaning)
    }

    @Test("Goods that a question names are only asked about; a word that the shop has elsewhere is told")
    func asides() {
        let question = shop.interpret(typed: "how long does delivery take for a pizza", expecting: .open)
        #expect(question.acts.filter { $0.intent == .addToCart }.allSatisfy { $0.items.allSatisfy(\.isGuess) })
        #expect(shop.interpret(typed: "a cola and beer", expecting: .open).missed == ["beer"])
    }
}
