// When callers are not understood or say nothing: a little more help each time, then a person, then a polite end.

import Commerce
import Dialogue
import Testing
import Understanding

@Suite("Repair")
struct RepairTests {
    @Test("Each failure in a row gets more help, a person, and in the end a goodbye")
    func escalation() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita", .add("margherita"))
        call.forgetTranscript()
        for _ in 1...6 { call.mumbles() }
        #expect(
            call.text == """
                        | not understood
                shop:   Sorry, I did not understand that. Anything else?
                        | not understood
                shop:   I am sorry, I still did not understand. You can name something to add or to remove, say what is \
                in my cart, or say checkout. For a person, say operator.
                        | not understood
                shop:   Shall I have somebody call you back?
                        | not understood
                shop:   Shall I have somebody call you back?
                        | not understood
                shop:   Shall I have somebody call you back?
                        | not understood
                shop:   I am sorry that I could not understand you. Nothing more was ordered. Please try again later. Goodbye!
                """)
        #expect(call.effects == [.end(.silence)])
    }

    @Test("Silence is asked after, helped, offered a person, and then the call ends")
    func silence() throws {
        var call = try TestCall.begun(TestShop.demo())
        for _ in 1...4 { call.silent() }
        #expect(
            call.text == """
                        | silence
                shop:   Are you still there? What would you like?
                        | silence
                shop:   I am still here. You can say, for example: two pizzas; what do you have; or: where is my \
                order. For a person, say operator.
                        | silence
                shop:   Shall I have somebody call you back?
                        | silence
                shop:   I cannot hear anybody, so I will close now. Goodbye!
                """)
        #expect(call.effects == [.end(.silence)])
    }

    @Test("At a kiosk the third silence is somebody who has walked away")
    func silenceAtStand() throws {
        var call = try TestCall.begun(TestShop.demo(), line: .kiosk)
        call.says("a margherita", .add("margherita"))
        call.silent()
        call.silent()
        #expect(call.effects.isEmpty)
        call.silent()
        #expect(call.effects == [.end(.silence)])
    }

    @Test("Where any speech begins a conversation, the first thing for the cart is asked about; what follows is not")
    func unbidden() throws {
        var call = try TestCall.begun(TestShop.demo(), line: .kiosk)
        call.context.isUnbidden = true
        call.says("a margherita", .add("margherita"))
        #expect(call.state.cart.lines.isEmpty)
        call.says("the weather", Act(.deny))
        #expect(call.state.cart.lines.isEmpty)
        call.says("a margherita", .add("margherita"))
        call.says("yes", Act(.affirm))
        #expect(call.state.cart.lines.count == 1)
        call.says("a cola", .add("cola"))
        #expect(call.state.cart.lines.count == 2)
    }

    @Test("Where any speech begins a conversation, it takes a plain yes, and three misunderstandings end it")
    func nobody() throws {
        var call = try TestCall.begun(TestShop.demo(), line: .kiosk)
        call.context.isUnbidden = true
        call.says("a margherita", .add("margherita"))
        call.says("yesterday", Act(.affirm, confidence: 0.7))
        #expect(call.state.cart.lines.isEmpty)
        #expect(call.text.hasSuffix("Sorry, I did not understand that. Did you say one margherita?"), "\(call.text)")
        call.mumbles()
        #expect(call.effects.isEmpty)
        call.mumbles()
        #expect(call.effects == [.end(.silence)])
    }

    @Test("A number alone, heard and not typed, changes nothing before it is asked about")
    func bareNumber() throws {
        for line in [LineKind.phone, .kiosk, .text] {
            var call = try TestCall.begun(TestShop.demo(), line: line)
            call.says("a margherita", .add("margherita"))
            call.says("three", Act(.inform, slots: [.quantity: "3"]))
            #expect(call.state.cart.lines.first?.quantity == (line == .text ? 3 : 1))
            call.says("yes", Act(.affirm))
            #expect(call.state.cart.lines.first?.quantity == 3)
        }
    }

    @Test("By telephone, behind what was not understood, a change of the cart is asked about unless it is sure")
    func radio() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita", .add("margherita"), sure: 0.7)
        #expect(call.state.cart.lines.count == 1, "a clear call")
        call.mumbles()
        call.says("earphones", .add("earphones"), sure: 0.7)
        #expect(call.state.cart.lines.count == 2, "one cough is no radio")
        call.mumbles()
        call.says("a cola", .add("cola"), sure: 0.7)
        #expect(call.reply.contains("Did you say one cola") && call.state.cart.lines.count == 2)
        call.says("yes", Act(.affirm), sure: 0.7)
        #expect(call.state.cart.lines.count == 2, "a yes like that may be a radio's too")
        call.says("yes", Act(.affirm), sure: 0.85)
        #expect(call.state.cart.lines.count == 3)
        call.says("a latte", .add("latte"), sure: 0.7)
        #expect(call.state.cart.lines.count == 4, "heard surely in between: asked no more")
    }

    @Test("Three questions without a yes leave the cart alone until something is sure")
    func nobodysWishes() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.mumbles()
        call.mumbles()
        for _ in 0..<3 {
            call.says("salt", .add("cola"), sure: 0.7)
            #expect(call.reply.contains("Did you say one cola"))
            call.says("the weather", .no, sure: 0.6)
        }
        call.says("salt", .add("cola"), sure: 0.7)
        #expect(!call.reply.contains("Did you say") && call.state.cart.lines.isEmpty, "\(call.text)")
        call.says("a cola", .add("cola"), sure: 0.9)
        #expect(call.reply.contains("Did you say one cola") && call.state.cart.lines.isEmpty, "\(call.text)")
        call.says("yes", .yes)
        #expect(call.state.cart.lines.count == 1)
    }

    @Test(
        "By telephone a first wish is asked about unless it was heard well, and behind much that was not understood however sure it is; later ones are not",
        arguments: [(0, "tea and the iced tea", 0.6), (2, "cola", 0.97)])
    func stranger(misses: Int, words: String, sureness: Double) throws {
        var call = try TestCall.begun(TestShop.demo())
        for _ in 0..<misses { call.mumbles() }
        call.says(words, .add("cola"), sure: sureness)
        #expect(call.reply.contains("Did you say one cola") && call.state.cart.lines.isEmpty, "\(call.text)")
        call.says("yes", .yes)
        call.says("a latte", .add("latte"), sure: sureness)
        #expect(call.state.cart.lines.count == 2)
    }

    @Test("Where it may be a radio that answers, what it takes from a list is asked about too")
    func radiosAnswers() throws {
        for isDoubtful in [false, true] {
            var call = try TestCall.begun(TestShop.demo())
            if isDoubtful { for _ in 0..<2 { call.mumbles() } }
            call.says(
                "any drinks", Act(.searchProducts, items: [ItemPhrase(candidates: ["cola", "latte"])]), sure: 0.7)
            call.says("the first", Act(.inform, slots: [.ordinal: "1"]), sure: 0.7)
            #expect(call.state.cart.lines.isEmpty == isDoubtful, "\(call.text)")
            #expect(call.reply.contains("Did you say") == isDoubtful, "\(call.text)")
            call.says("yes", .yes)
            #expect(call.state.cart.lines.count == 1)
        }
    }

    @Test("Who talks over the assistant before anybody was heard surely is asked, and has to hear the question out")
    func interrupting() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.context.isInterrupted = true
        call.says("a cola", .add("cola"))
        #expect(call.reply.contains("Did you say one cola") && call.state.cart.lines.isEmpty, "\(call.text)")
        call.says("yes", .yes)
        #expect(call.state.cart.lines.isEmpty, "nobody knows yet what was asked")
        call.context.isInterrupted = false
        call.says("yes", .yes, sure: 0.7)
        #expect(call.state.cart.lines.isEmpty, "nor is this yes sure")
        call.says("yes", .yes)
        #expect(call.state.cart.lines.count == 1)
        call.context.isInterrupted = true
        call.says("a latte", .add("latte"), sure: 0.7)
        #expect(call.state.cart.lines.count == 2, "a customer is known by now")
        for _ in 0..<2 { call.feed(.overheard) }
        #expect(call.last?.reply == nil)
        call.says("salt", .add("earphones"), sure: 0.7)
        #expect(call.state.cart.lines.count == 2, "much talk that is not understood: somebody else may be on")
    }

    @Test("A number that fits nothing is no customer's, however surely it was heard")
    func numbers() throws {
        var call = try TestCall.begun(TestShop.demo())
        for _ in 0..<2 { call.says("seven", Act(.inform, slots: [.quantity: "7"]), sure: 0.99) }
        call.says("hawaiian", .add("hawaiian"), sure: 0.7)
        #expect(call.state.cart.lines.isEmpty, "\(call.text)")
    }

    @Test("Progress starts the count anew")
    func progress() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.mumbles()
        call.mumbles()
        call.says("a margherita", .add("margherita"))
        #expect(call.mumbles().hasPrefix("Sorry, I did not understand"))
        call.silent()
        call.says("thanks", Act(.thanks))
        #expect(call.silent().hasPrefix("Are you still there?"))
    }

    @Test("The help fits what was asked")
    func examples() throws {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita", .add("margherita"))
        call.says("deliver it", .delivery("courier"))
        call.says("checkout", .done)
        call.mumbles()
        #expect(call.mumbles().contains("street and the number"))
        call.says("5 Lake Street", .address("5 Lake Street"))
        #expect(call.state.name == "confirming_order")
        #expect(call.mumbles() == "I did not hear that well. To place the order, say \"place the order\".")
        #expect(call.mumbles().contains("nothing is ordered yet"))
    }

    @Test("A person offered at the read-back voids it: the yes is for the person, and a no reads back anew")
    func personAtReadBack() throws {
        var call = try TestCall.begun(TestShop.demo(), line: .kiosk)
        call.says("a margherita", .add("margherita"))
        call.says("that's all, pickup", .done, .delivery("pickup"))
        let key = call.key
        for _ in 1...3 { call.says("(tv) yes", .yes, sure: 0.6) }
        #expect(call.reply == "Shall I call somebody for you?")
        var other = call
        call.says("(tv) yes", .yes)
        #expect(call.ordersSent.isEmpty)
        #expect(call.desk.callbacks.count == 1)
        other.says("no", .no)
        #expect(other.quote != nil)
        #expect(other.key != key)
    }

    @Test("A doubtful change is asked about, one hardly heard is not understood", arguments: [0.4, 0.49])
    func doubtful(sure: Double) throws {
        var call = try TestCall.begun(TestShop.demo())
        #expect(call.says("two colas", .add("cola", 2), sure: sure) == "Did you say two colas?")
        #expect(call.total == "0.00")
        #expect(call.state.listening == .yesNo)
        var other = call
        #expect(call.says("yes", .yes).hasPrefix("Two colas, three dollars."))
        #expect(other.says("no", .no) == "Sorry, I heard you wrong. What would you like?")
        #expect(other.total == "0.00")
        other.says("no, two lemonades", .add("lemonade", 2), sure: 0.39)
        #expect(other.reply.hasPrefix("Sorry, I did not"))
        #expect(other.total == "0.00")
        #expect(
            other.says("hours?", .faq("hours"), sure: 0.4).hasPrefix("We are open"), "looking up needs no certainty")
    }

    @Test("An unrelated sentence changes nothing, in any state")
    func unrelated() throws {
        var call = try TestCall.begun(TestShop.demo())
        #expect(call.says("who won the match", Act(.outOfScope)).contains("You can say"))
        call.says("a margherita", .add("margherita"))
        call.says("that's all, pickup", .done, .delivery("pickup"))
        let cart = call.state.cart
        call.says("who won the match", Act(.outOfScope))
        #expect(call.state.cart == cart)
        #expect(call.ordersSent.isEmpty)
        #expect(call.state.name == "confirming_order")
    }
}
