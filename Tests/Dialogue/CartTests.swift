// The cart by voice: what was meant, what is refused and what is offered instead.

import Commerce
import Dialogue
import Testing
import Understanding

@Suite("The cart")
struct CartTests {
    @Test("Refusals have words and a way out")
    func refusals() throws {
        var call = try TestCall.begun(TestShop.hardware())
        let rows: [(Act, String)] = [
            (.add("saw"), "I am sorry, the saw sold out."),
            (.add("hammer", 6), "There are only four hammers left. Shall I add four hammers?"),
            (.add("ladder", 25), "I can take at most twenty ladders."),
            (.add("hammer", Quantity(thousandths: 1_500)), "I can only sell hammer in whole numbers."),
            (.add("screw", 15), "I can only sell screw in steps of ten."),
            (.add("gone"), "I am sorry, we do not have that."),
            (
                .add("hammer", with: [.of("color", "red")]),
                "I am sorry, you cannot have the hammer with red. Shall I add one hammer?"
            ),
            (
                .add("paint", with: [.of("color", "red"), .of("color", "white")]),
                "That is too much for the can of paint"
            ),
            (.about(.removeFromCart, "hammer"), "Your cart is empty."),
            (.about(.changeQuantity, "hammer", quantity: 2), "Shall I add two hammers?"),
            (Act(.clearCart), "Your cart is empty."),
        ]
        for (act, words) in rows {
            #expect(call.says("…", act).hasPrefix(words), "\(act)")
            #expect(call.state.cart.lines.isEmpty, "\(act)")
        }
    }

    @Test("A yes to fewer takes them; what is in the cart already counts")
    func fewer() throws {
        var call = try TestCall.begun(TestShop.hardware(), line: .text)
        call.says("two hammers", .add("hammer", 2))
        #expect(call.says("three more", .add("hammer", 3)).hasSuffix("Shall I add two hammers?"))
        call.says("yes", .yes)
        #expect(call.state.cart.lines.map(\.quantity) == [4])
        #expect(call.says("make it nine", Act(.changeQuantity, slots: [.quantity: "9"])).contains("only four"))
        call.says("one then", .number("1"))
        #expect(call.state.cart.lines.map(\.quantity) == [1])
    }

    @Test("A quantity that is no step is asked for again")
    func steps() throws {
        var call = try TestCall.begun(TestShop.hardware())
        call.says("fifteen screws", .add("screw", 15))
        #expect(call.state.asking == "quantity")
        call.says("twenty", .number("20"))
        #expect(call.state.cart.lines.map(\.quantity) == [20])
    }

    @Test("What a choice lacks is asked for, and kept with what was said")
    func modifier() throws {
        var call = try TestCall.begun(TestShop.hardware())
        call.says("two glossy cans of paint", .add("paint", 2, with: [.of("finish", "glossy")]))
        #expect(call.state.asking == "modifier")
        #expect(call.says("the second", Act(.inform, slots: [.ordinal: "2"])).hasPrefix("Two red glossy cans of paint"))
        call.says("another, but white", .add("paint", 1, with: [.of("color", "white")]))
        #expect(call.state.cart.lines.count == 2)
        #expect(call.says("make it glossy", Self.change(.of("finish", "glossy"))).hasPrefix("One white glossy"))
    }

    @Test("A word for modifiers of several groups means the one that the product has")
    func ambiguousModifier() throws {
        var call = try TestCall.begun(TestShop.demo())
        let small = ["size", "portion", "cup"].map { ChosenModifier.of($0, "small") } + [.of("container", "can")]
        call.says("a large pizza", .add("pizza", with: [.of("size", "large")]))
        call.says("a latte", .add("latte"))
        let change = { (candidates: [String]) in
            var said = ItemPhrase(candidates: candidates, modifiers: small)
            said.unclear = [small]
            return Act(.changeModifiers, items: [said])
        }
        #expect(call.says("make it small", change([])).hasPrefix("One small latte now"))
        #expect(call.says("make the pizza small", change(["pizza"])).hasPrefix("One small pizza now"))
        call.says("a lemon", .add("lemon"))
        #expect(call.says("make it small", change([])).hasPrefix("One small latte now"), "a lemon comes in one size")
        #expect(
            call.says("a small lemon", .add("lemon", with: small)).hasPrefix("I am sorry, you cannot have the lemon"))
    }

    @Test("A word that names two modifiers is asked about, and nothing is done before")
    func unclear() throws {
        var call = try TestCall.begun(TestShop.hardware())
        var bright = ItemPhrase(candidates: ["paint"])
        bright.unclear = [[.of("color", "white"), .of("finish", "glossy")]]
        let question = call.says("a bright can of paint", Act(.addToCart, items: [bright]))
        #expect(question == "One can of paint: there is white and glossy. Which one do you mean?")
        #expect(call.state.cart.lines.isEmpty && call.state.asking == "modifier")
        #expect(call.says("when do you open", Act(.faq, slots: [.topic: "hours"])).hasSuffix("Which one do you mean?"))
        #expect(call.says("white", Self.change(.of("color", "white"))).hasPrefix("One white can of paint"))
        bright.unclear = [[.of("color", "red"), .of("finish", "glossy")]]
        bright.candidates = []
        call.says("make it bright", Act(.changeModifiers, items: [bright]))
        #expect(
            call.says("the second", Act(.inform, slots: [.ordinal: "2"])).hasPrefix("One white glossy can of paint now")
        )
    }

    @Test("Parts of what is asked about do not wait for something else")
    func partsDoNotWait() throws {
        var call = try TestCall.begun(TestShop.hardware())
        let part = { (id: String) in ItemPhrase(candidates: [], quantity: 1, modifiers: [.of("finish", id)]) }
        call.says("one glossy, one matte", Act(.addToCart, items: [part("glossy"), part("matte")]))
        #expect(call.state.asking == "product")
        let reply = call.says("a hammer", .add("hammer"))
        #expect(!reply.contains("matte"), "\(reply)")
    }

    @Test("What is only guessed is offered, and what sold out is not")
    func guess() throws {
        var call = try TestCall.begun(TestShop.hardware())
        var phrase = ItemPhrase(candidates: ["hammer"], quantity: 2)
        phrase.isGuess = true
        #expect(call.says("two sledges", Act(.addToCart, items: [phrase])) == "Shall I add two hammers?")
        #expect(call.state.cart.lines.isEmpty)
        call.says("yes", .yes)
        #expect(call.state.cart.lines.map(\.quantity) == [2])
        call.context.stock["hammer"] = 0
        #expect(call.says("two sledges", Act(.addToCart, items: [phrase])).contains("sold out"))
    }

    static func change(_ choice: ChosenModifier) -> Act {
        Act(.changeModifiers, items: [ItemPhrase(candidates: [], modifiers: [choice])])
    }

    @Test("Of several that are meant one is chosen, and what was said with it waits")
    func choice() throws {
        let batteries = Act(
            .addToCart,
            items: [
                ItemPhrase(candidates: ["aa-batteries", "aaa-batteries"], quantity: 2),
                ItemPhrase(candidates: ["cola"], quantity: 1),
            ])
        for answer in [Act.ordinal(2), .number("2"), .add("aaa-batteries"), .ordinal(-1)] {
            var call = try TestCall.begun(TestShop.demo())
            call.says("two packs of batteries and a cola", batteries)
            #expect(call.state.name == "choosing")
            #expect(call.state.listening == .choosing)
            call.says("the second", answer)
            #expect(call.state.cart.lines.map(\.sku) == ["aaa-batteries", "cola"], "\(call.text)")
            #expect(call.state.cart.lines.first?.quantity == 2)
        }
        var call = try TestCall.begun(TestShop.demo())
        call.says("batteries and a cola", batteries)
        call.says("neither", .no)
        #expect(call.state.cart.lines.map(\.sku) == ["cola"])
        var keys = try TestCall.begun(TestShop.demo())
        keys.says("batteries and a cola", batteries)
        keys.presses("1#")
        #expect(keys.state.cart.lines.map(\.sku) == ["aa-batteries", "cola"])
    }

    @Test("It, that and the last one are the line spoken of last")
    func lastLine() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("three cheeseburgers", .add("cheeseburger", 3))
        call.says("a cola", .add("cola"))
        call.says("make that two", Act(.changeQuantity, items: [], slots: [.quantity: "2"]))
        #expect(call.state.cart.lines.map(\.quantity) == [3, 2])
        call.says("two cheeseburgers less", .about(.removeFromCart, "cheeseburger", quantity: 2))
        #expect(call.state.cart.lines.map(\.quantity) == [1, 2])
        call.says(
            "no onions on it",
            Act(.changeModifiers, items: [ItemPhrase(candidates: [], without: [.of("burger_filling", "onions")])]))
        #expect(call.reply.hasPrefix("One cheeseburger without onions now"))
        call.says("remove it", Act(.removeFromCart))
        #expect(call.state.cart.lines.map(\.sku) == ["cola"])
        call.says("remove it", Act(.removeFromCart))
        #expect(call.state.cart.lines.isEmpty)
    }

    @Test("Search, details, stock, comparison and recommendation look and offer, and change nothing")
    func looking() throws {
        var call = try TestCall.begun(TestShop.hardware())
        call.says("what do you have", Act(.searchProducts))
        #expect(call.reply == "We have tools and paint. What would you like?")
        call.says("what tools", Act(.searchProducts, slots: [.category: "tools"]))
        #expect(call.reply.hasSuffix("and others. Which one would you like? Say more to hear more."))
        call.says("more", Act(.searchProducts))
        #expect(call.reply.contains("ladder") && !call.reply.contains("others"))
        call.says("tools under 300", Act(.searchProducts, slots: [.category: "tools", .priceMax: "300"]))
        #expect(!call.reply.contains("hammer"))
        #expect(call.says("the paint?", .about(.productDetails, "paint")).contains("five hundred hryvnias"))
        #expect(call.reply.contains("The color can be white and red."))
        #expect(
            call.says("nails?", .about(.productDetails, "nails")).hasPrefix("Nails: one hundred twenty hryvnias for"))
        #expect(call.says("saws?", .about(.checkAvailability, "saw")).contains("sold out"))
        #expect(
            call.says("hammers?", .about(.checkAvailability, "hammer")).hasPrefix("There are only four hammers left."))
        call.says("hammer or mallet", .about(.compareProducts, "hammer", "mallet"))
        #expect(call.reply.contains("Cheaper by seventy hryvnias: the rubber mallet."))
        #expect(call.reply.contains("Only the hammer is steel."))
        #expect(call.total == "0.00")
        call.says("a hammer", .add("hammer"))
        #expect(call.says("what goes with it", Act(.recommend)).contains("nails"))
        call.says("yes", .yes)
        #expect(call.state.cart.lines.map(\.sku) == ["hammer", "nails"])
    }
}
