// The lines that people's scripts read, letter for letter.

import Commerce
import Dialogue
import Language
import Testing
import Understanding

@testable import Conversation

@Suite("The contract's JSON")
struct ContractTests {
    @Test("A spoken turn")
    func turn() throws {
        let floor = try TestFloor.demo()
        let two: Quantity = 2
        let modifiers = [ChosenModifier(group: "size", id: "large"), ChosenModifier(group: "topping", id: "pepperoni")]
        let cart = Cart(lines: [LineItem(sku: "pizza", quantity: two, modifiers: modifiers)]).priced(floor.catalog)
        let report = TurnReport(
            turn: 3, heard: "add two large pepperoni pizzas", confidence: 0.94, isAccepted: true,
            acts: [
                Act(
                    .addToCart, confidence: 0.94,
                    items: [ItemPhrase(candidates: ["pizza"], quantity: two, modifiers: modifiers)])
            ],
            reply: Spoken(text: "Two large pepperoni pizzas, $19.00.", speech: "two large pepperoni pizzas"),
            state: "ordering", asking: nil, cart: cart.lines, cartTotal: cart.goods, order: nil, hasOrdered: false,
            timing: TurnTiming(speechEnd: 2.41, decided: 2.78, firstAudio: 2.8123))
        #expect(
            report.json.line == """
                {"turn": 3, "heard": "add two large pepperoni pizzas", "confidence": 0.94, "accepted": true, \
                "acts": [{"intent": "add_to_cart", "confidence": 0.94, "items": [{"sku": "pizza", "quantity": 2, \
                "modifiers": [{"group": "size", "id": "large"}, {"group": "topping", "id": "pepperoni"}], \
                "without": []}], "slots": {}}], "reply": "Two large pepperoni pizzas, $19.00.", "state": "ordering", \
                "asking": null, "cart": {"lines": [{"sku": "pizza", "quantity": 2, "modifiers": [{"group": "size", \
                "id": "large"}, {"group": "topping", "id": "pepperoni"}], "without": [], "total": "19.00"}], \
                "total": "19.00", "currency": "USD"}, "order": null, "timing": {"speechEnd": 2.41, "decided": 2.78, \
                "firstAudio": 2.812}}
                """)
    }

    @Test("An act with slots and weighed goods; what several products bear has no SKU")
    func act() throws {
        let act = Act(
            .removeFromCart, confidence: 0.5,
            items: [
                ItemPhrase(candidates: ["cheddar"], quantity: Quantity(thousandths: 500)),
                ItemPhrase(
                    candidates: ["cola", "diet-cola"],
                    without: [ChosenModifier(group: "topping", id: "cheese", amount: "extra")]),
            ], slots: [.orderNumber: "1042", .query: "a \"red\" one"])
        #expect(
            act.json.line == """
                {"intent": "remove_from_cart", "confidence": 0.5, "items": [{"sku": "cheddar", "quantity": 0.5, \
                "modifiers": [], "without": []}, {"sku": null, "quantity": 1, "modifiers": [], "without": \
                [{"group": "topping", "id": "cheese", "amount": "extra"}], "candidates": ["cola", "diet-cola"]}], \
                "slots": {"query": "a \\"red\\" one", "order_number": "1042"}}
                """)
    }

    @Test("An order with a fee")
    func order() throws {
        let floor = try TestFloor.demo()
        let cart = Cart(lines: [LineItem(sku: "margherita", quantity: 1)])
        let priced = cart.priced(floor.catalog)
        let fee = try #require(Money(decimal: "2.00", currency: floor.shop.currency))
        let order = Order(
            number: "1042", status: .handedOver, paymentStatus: .onDelivery,
            quote: Quote(
                lines: priced.lines, goods: priced.goods, fees: [Fee(name: "delivery", amount: fee)],
                total: priced.goods + fee, delivery: "courier", address: "5 Lake Street", payment: "on_delivery"),
            waybill: nil)
        let line = order.json.line
        #expect(line.hasPrefix(#"{"number": "1042", "status": "handed_over", "lines": [{"sku": "margherita""#))
        #expect(
            line.hasSuffix(
                #""fees": [{"name": "delivery", "amount": "2.00"}], "total": "9.50", "currency": "USD", "#
                    + #""payment": "on_delivery", "waybill": null}"#))
        #expect(!line.contains("Lake"), "an address is nobody's business who reads along")
        #expect(ToldOrder(order, isWhole: true).json == order.json)
        #expect(
            ToldOrder(order, isWhole: false).json.line == """
                {"number": "1042", "status": "handed_over", "lines": [], "fees": [], "total": null, "currency": null, \
                "payment": null, "waybill": null}
                """, "strangers learn the status only")
    }

    @Test(
        "Text that would break a line does not",
        arguments: [("a\nb", #""a\nb""#), ("\u{2028}\u{7}", #""\u2028\u0007""#)])
    func escapes(text: String, json: String) {
        #expect(JSONText.text(text).line == json)
    }
}
