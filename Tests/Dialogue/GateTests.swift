// Rule one: no misrecognition can make an order. Each row is a way that must not, and one by one the ways that may.

import Commerce
import Dialogue
import Testing
import Understanding

@Suite("The confirmation gate")
struct GateTests {
    /// A call that waits for the yes to a read-back.
    static func readBack(second: String = "cola") throws -> TestCall {
        var call = try TestCall.begun(TestShop.demo())
        call.says("a margherita and something else", .add("margherita"), .add(second))
        call.says("that's all, pickup", .done, .delivery("pickup"))
        #expect(call.state.name == "confirming_order")
        return call
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let event: DialogueEvent
        /// The state that it leaves.
        var state = "confirming_order"

        init(_ name: String, _ acts: [Act], sure: Double = 0.95, state: String = "confirming_order") {
            self.name = name
            self.state = state
            let heard = acts.map { act in
                var act = act
                act.confidence = min(act.confidence, sure)
                return act
            }
            event = .heard(Interpretation(acts: heard, confidence: sure))
        }

        init(_ name: String, _ event: DialogueEvent, state: String = "confirming_order") {
            self.name = name
            self.event = event
            self.state = state
        }

        var testDescription: String { name }
    }

    static let waysThatMustNot: [Row] = [
        Row("an unsure yes", [.yes], sure: 0.79),
        Row("a very unsure yes", [.yes], sure: 0.1),
        Row("an unsure order", [.placeIt], sure: 0.79),
        Row("a yes whose act is unsure though the words are not", [unsure(.yes)]),
        Row("silence", .silence),
        Row("noise", .notUnderstood(confidence: 0.9)),
        Row("keys", .keys("1#")),
        Row("the operator key", .keys("0"), state: "asking"),
        Row("a hang-up", .hungUp, state: "ended"),
        Row("an utterance without acts", []),
        Row("yes, twice", [.yes, .yes]),
        Row("yes and thank you", [.yes, Act(.thanks)]),
        Row("yes with something to add", [.yes, .add("cola")]),
        Row("something to add with a yes", [.add("cola"), .yes]),
        Row("yes and no", [.yes, .no], state: "ordering"),
        Row("no", [.no], state: "ordering"),
        Row("place the order, with another payment", [payingOtherwise]),
        Row("yes, delivered", [.yes, .delivery("courier")], state: "asking"),
        Row("a yes with an item", [Act(.affirm, items: [ItemPhrase(candidates: ["cola"])])]),
        Row("checkout again", [.done]),
        Row("add", [.add("cola")]),
        Row("remove", [.about(.removeFromCart, "cola")]),
        Row("clear", [Act(.clearCart)], state: "open"),
        Row("start over", [Act(.startOver)], state: "open"),
        Row("a question", [.faq("hours")]),
        Row("show the cart", [Act(.showCart)]),
        Row("thanks", [Act(.thanks)]),
        Row("help", [Act(.help)]),
        Row("repeat", [Act(.repeat)]),
        Row("wait", [Act(.wait)]),
        Row("out of scope", [Act(.outOfScope)]),
        Row("bare digits", [.digits("1")]),
        Row("a goodbye", [Act(.goodbye)], state: "ended"),
        Row("a person", [Act(.talkToOperator)], state: "asking"),
        Row("an order that nobody asked for", .outcome(.placed(RequestKey("none"), .failed))),
        Row("starting again", .started, state: "greeting"),
    ]

    static let payingOtherwise = Act(.placeOrder, slots: [.paymentMethod: "link"])

    static func unsure(_ act: Act) -> Act {
        var act = act
        act.confidence = 0.5
        return act
    }

    @Test("What does not order", arguments: waysThatMustNot)
    func doesNotOrder(row: Row) throws {
        var call = try Self.readBack()
        call.feed(row.event)
        #expect(call.ordersSent.isEmpty, "\(call.text)")
        #expect(call.desk.orders.isEmpty)
        #expect(call.state.name == row.state, "\(call.text)")
    }

    @Test("Nothing orders without a read-back, however sure", arguments: [Act.yes, .placeIt, .done])
    func withoutReadBack(act: Act) throws {
        let places: [(inout TestCall) -> Void] = [
            { _ in },
            { $0.says("a cola", .add("cola")) },
            { $0.says("a pizza", .add("pizza")) },
            {
                $0.says("a pizza", .add("pizza"))
                $0.says("that's all", .done)
            },
            {
                $0.says("a pizza", .add("pizza"))
                $0.says("that's all", .done)
                $0.says("deliver it", .delivery("courier"))
            },
            { $0.says("how much is the pizza", .about(.productDetails, "pizza")) },
            {
                $0.says(
                    "batteries", Act(.addToCart, items: [ItemPhrase(candidates: ["aa-batteries", "aaa-batteries"])]))
            },
            { $0.says("cancel order 1000", Act(.cancelOrder, slots: [.orderNumber: "1000"])) },
        ]
        for place in places {
            var call = try TestCall.begun(TestShop.demo())
            place(&call)
            call.feed(.heard(Interpretation(acts: [act], confidence: 1)))
            #expect(call.ordersSent.isEmpty, "\(call.text)")
        }
    }

    @Test("A plain, confident yes orders what was read back, once", arguments: [Act.yes, .placeIt])
    func orders(act: Act) throws {
        var call = try Self.readBack()
        let (quote, key) = (try #require(call.quote), try #require(call.key))
        call.says("yes", act, sure: 0.8)
        #expect(call.ordersSent == [.placeOrder(quote.digest, quote, key)])
        #expect(call.reply.contains("1042"))
        call.says("yes", .yes)
        call.says("place the order", .placeIt)
        #expect(call.ordersSent.count == 1)
    }

    @Test("While the order is being placed speech neither stops nor repeats it")
    func duringPlacing() throws {
        var call = try Self.readBack()
        call.answersEffects = false
        call.says("yes", .yes)
        let sent = call.effects
        for act in [Act.yes, .placeIt, .no, .add("cola"), Act(.startOver), Act(.goodbye), Act(.cancelOrder)] {
            #expect(call.says("…", act) == "One moment, please.")
        }
        call.silent()
        call.mumbles()
        call.presses("1#")
        #expect(call.effects == sent)
        #expect(call.state.name == "confirming_order")
        let outcome = try call.desk.outcome(of: try #require(sent.last))
        #expect(call.feed(.outcome(outcome)).contains("1042"))
    }

    @Test("A change since the read-back voids it", arguments: ["price", "stock"])
    func changed(what: String) throws {
        var call = try Self.readBack(second: "earphones")
        let (quote, key) = (try #require(call.quote), try #require(call.key))
        if what == "price" {
            call.context.catalog = Self.dearer(call.context.catalog)
        } else {
            call.context.stock["earphones"] = 0
        }
        call.says("yes", .yes)
        #expect(call.ordersSent.isEmpty, "\(call.text)")
        if what == "price" {
            #expect(call.reply.hasPrefix("Something has changed"))
            #expect(call.quote != nil && call.quote != quote)
            #expect(call.key != key)
            call.says("yes", .yes)
            #expect(call.desk.orders.count == 1)
        } else {
            #expect(call.quote == nil)
        }
    }

    /// The same goods, each a dollar dearer.
    static func dearer(_ catalog: Catalog) -> Catalog {
        let products = catalog.products.map { product in
            Product(
                sku: product.sku, naming: product.naming, category: product.category,
                price: product.price + Money(minorUnits: 100, currency: catalog.currency), stock: product.stock,
                unit: product.unit, step: product.step, modifierGroups: product.modifierGroups)
        }
        return Catalog(
            currency: catalog.currency, categories: catalog.categories, products: products,
            modifierGroups: catalog.modifierGroups)
    }

    @Test("A desk that failed is asked again under the same key; a desk that refused gets a new one")
    func retries() throws {
        var call = try Self.readBack()
        let key = try #require(call.key)
        call.desk.failures = 1
        call.says("yes", .yes)
        #expect(call.reply.contains("not placed"))
        #expect(call.state.name == "confirming_order")
        #expect(call.key == key)
        call.says("yes", .yes)
        #expect(call.desk.orders.count == 1)
        #expect(Array(call.desk.keys.keys) == [key])

        var other = try Self.readBack()
        let oldKey = try #require(other.key)
        let dearer = try #require(other.quote)
        other.desk.refusal = .changed(
            Quote(
                lines: dearer.lines, goods: dearer.goods, fees: [],
                total: dearer.total + Money(minorUnits: 100, currency: dearer.total.currency),
                delivery: dearer.delivery, address: nil, payment: dearer.payment))
        other.says("yes", .yes)
        #expect(other.reply.contains("ten dollars"))
        #expect(other.key != nil && other.key != oldKey)
        #expect(other.desk.orders.isEmpty)
    }

    @Test("A hang-up after the yes does not undo the order; the trace still hears of it")
    func hangUpAfterYes() throws {
        var call = try Self.readBack()
        call.answersEffects = false
        call.says("yes", .yes)
        let effect = try #require(call.effects.last)
        call.feed(.hungUp)
        let outcome = try call.desk.outcome(of: effect)
        let step = step(call.state, .outcome(outcome), in: call.context)
        #expect(step.reply == nil && step.effects.isEmpty)
        #expect(step.order?.number == "1042")
    }
}
