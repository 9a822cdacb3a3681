// What typed sentences mean, and what means nothing.

import Testing
import Understanding

@Suite("Meaning")
struct MeaningTests {
    let shop: Understander
    let florist: Understander

    init() throws {
        shop = try Bench.demo()
        florist = try Bench.florist()
    }

    @Test(
        "An order carries what was said and nothing else",
        arguments: [
            ("two large pepperoni pizzas please", "add_to_cart 2×pizza +large +pepperoni"),
            ("a cheeseburger without onions", "add_to_cart 1×cheeseburger -onions"),
            ("a medium pizza with extra cheese and no onions", "add_to_cart 1×pizza +medium +extra cheese -onions"),
            ("one margherita and two lemonades", "add_to_cart 1×margherita 2×lemonade"),
            ("i need milk, butter and a dozen eggs", "add_to_cart milk butter 12×egg"),
            ("half a kilo of apples", "add_to_cart 0.5×apples"),
            ("500 g of apples", "add_to_cart 0.5×apples"),
            ("2x diet cola", "add_to_cart 2×diet-cola"),
            ("a can of WD-40", "add_to_cart 1×wd-40"),
            ("i need batteries", "add_to_cart aa-batteries|aaa-batteries"),
            ("make that three", "change_quantity [quantity=3]"),
            ("change the fries to two", "change_quantity fries [quantity=2]"),
            ("remove the fries", "remove_from_cart fries"),
            ("take off the diet cola please", "remove_from_cart diet-cola"),
            ("compare the headphones and the earphones", "compare_products headphones earphones"),
            ("what soups do you have", "search_products [category=soup]"),
            ("do you have eggs", "check_availability egg"),
            ("how much is the margherita", "product_details margherita"),
            ("five lake street", "set_address [address=5 Lake Street]"),
            ("deliver it to 17 chestnut avenue apartment 4", "set_address [address=17 Chestnut Avenue, apartment 4]"),
            ("i'll pay cash", "choose_payment [payment_method=on_delivery]"),
            ("track order one zero four two", "track_order [order_number=1042]"),
            ("when do you close", "faq [topic=hours]"),
            ("is there parking", "faq [topic=parking]"),
            ("that's all", "checkout"), ("as usual please", "repeat_order"), ("operator please", "talk_to_operator"),
            ("i want to set a pin", "set_pin"), ("set my pin code please", "set_pin"), ("forget my pin", "forget_pin"),
            ("i forgot my pin", "send_code"), ("my pin is four eight two nine", "give_pin [digits=4829]"),
            ("er it could be that the pin is 4829 or so", "give_pin"), ("show me my orders", "order_history"),
            ("what's my address", "my_addresses"),
            ("go on with my last cart", "resume_cart"),
        ])
    func orders(text: String, meaning: String) {
        #expect(notation(shop.interpret(typed: text, expecting: .open).acts) == meaning)
    }

    @Test(
        "What is expected decides between readings",
        arguments: [
            (Listening.yesNo, "yes please", "affirm"), (.yesNo, "no", "deny"),
            (.yesNo, "place the order", "place_order"),
            (.choosing, "the second one please", "add_to_cart [ordinal=2]"),
            (.digits, "one zero four two", "inform [digits=1042]"),
            (.digits, "ten forty two", "inform [digits=1042]"), (.digits, "never mind", "deny"),
            (.digits, "no", "deny"), (.digits, "send me a code", "send_code"),
            (.address, "the blue house by the lighthouse", "set_address [address=the blue house by the lighthouse]"),
        ])
    func expected(expectation: Listening, text: String, meaning: String) {
        #expect(notation(shop.interpret(typed: text, expecting: expectation).acts) == meaning)
    }

    @Test(
        "Slips of the pen are borne, at a price",
        arguments: [
            ("two large peperoni pizas plz", "add_to_cart 2×pizza +large +pepperoni"),
            ("gimme a cheesburger w/o onions", "add_to_cart 1×cheeseburger -onions"),
            ("cancel my ordr", "cancel_order"),
        ])
    func slips(text: String, meaning: String) {
        #expect(notation(shop.interpret(typed: text, expecting: .open).acts) == meaning)
    }

    @Test(
        "What is not for this shop touches neither cart nor order",
        arguments: [
            "who has the best record in the league", "what was the name of the thirteenth president",
            "i parked behind the library",
            "how do i find the area of a circle", "my grandmother used to play the piano",
            "the train leaves from platform nine",
            "remind me to water the plants on friday", "how many onions do i have on hand",
            "play some music in the kitchen",
            "сьогодні ввечері буде дощ", "", "…", "🍕",
        ])
    func outside(text: String) {
        let acts = shop.interpret(typed: text, expecting: .open).acts
        let harmless: Set<Intent> = [.searchProducts, .productDetails, .checkAvailability, .faq, .help, .outOfScope]
        #expect(acts.allSatisfy { harmless.contains($0.intent) }, "\(notation(acts))")
    }

    @Test(
        "Another shop sells other things, with the same sentences",
        arguments: [
            ("ten tulips with a ribbon please", "add_to_cart 10×tulip +ribbon"),
            ("a rose without brown paper", "add_to_cart 1×rose -paper"),
            ("two kilos of potting soil", "add_to_cart 2×soil"),
            ("what cut flowers do you have", "search_products [category=cut]"),
        ])
    func florist(text: String, meaning: String) {
        #expect(notation(florist.interpret(typed: text, expecting: .open).acts) == meaning)
        #expect(
            florist.interpret(typed: "two large pepperoni pizzas", expecting: .open).acts.allSatisfy {
                $0.items.isEmpty
            })
    }

    @Test("The less of an utterance is understood, the less sure it is")
    func confidence() {
        let clear = shop.interpret(typed: "two diet colas please", expecting: .open)
        let blurred = shop.interpret(typed: "two wobbly diet colas gleaming please", expecting: .open)
        #expect(clear.confidence > 0.95)
        #expect(blurred.confidence < clear.confidence)
        #expect(notation(blurred.acts) == "add_to_cart 2×diet-cola")
    }

    @Test("An utterance of any length and any bytes is answered")
    func rubbish() {
        var dice = Dice(state: 7)
        let alphabet = Array("abc 12'\u{0}\u{1F}\u{301}їß½€$%,.-—\u{FFFD}")
        for length in [1, 10, 100, 3_000] {
            for _ in 0..<20 {
                let text = String((0..<length).map { _ in alphabet.randomElement(using: &dice) ?? " " })
                let meaning = shop.interpret(typed: text, expecting: .open)
                #expect((0...1).contains(meaning.confidence))
            }
        }
    }
}
