// Paying by link, cards that nobody wants to hear, parcels in words, and the cart that the last call left.

import Commerce
import Dialogue
import Foundation
import Language
import Testing
import Understanding

@Suite struct PaymentTests {
    /// A call that has come to the question of how to pay, for two pizzas to be picked up.
    private func checkout(caller: String?, line: LineKind = .phone) throws -> TestCall {
        var call = try TestCall.begun(try paidShop(), caller: caller, line: line)
        call.context.payments = ["on_delivery", "counter", "link"]
        call.says("two margherita", Act(.addToCart, items: [ItemPhrase(candidates: ["margherita"], quantity: 2)]))
        call.says("pickup", Act(.chooseDelivery, slots: [.deliveryMethod: "pickup"]))
        call.says("checkout", Act(.checkout))
        return call
    }

    /// The demo shop with a payment link.
    private func paidShop() throws -> (shop: Shop, catalog: Catalog) {
        let (demo, catalog) = try TestShop.demo()
        let payment = ["on_delivery", "counter", "link", "saved"].map {
            PaymentMethod(id: $0, naming: Naming(title: ""))
        }
        let delivery = [
            DeliveryMethod(
                id: "pickup", naming: Naming(title: "pickup"), fee: .zero(demo.currency), needsAddress: false)
        ]
        return (
            Shop(
                name: demo.name, currency: demo.currency, languages: demo.languages, timeZone: demo.timeZone,
                pricesIncludeTax: true, hours: nil, operator: nil, delivery: delivery, payment: payment,
                limits: OrderLimits(), streets: [], faq: [], prompts: [:], repeatOrderByNumber: true), catalog
        )
    }

    @Test func aSavedCardIsNotForWhoeverHoldsTheTelephone() throws {
        for (hasCard, payment) in [(true, "saved"), (false, nil)] {
            var call = try checkout(caller: "+380671234567")
            call.context.payments.insert("saved")
            call.context.proofs = .pin
            call.desk.pin = SecretDigits("4829")
            call.desk.customer = KnownCustomer(orders: [], addresses: [], hasSavedMethod: hasCard)
            #expect(
                !call.transcript.joined().contains("saved card"), "not offered before it is known whether there is one")
            call.says("my card", Act(.choosePayment, slots: [.paymentMethod: "saved"]))
            #expect(call.state.name == "verifying" && call.state.checkout.payment == nil)
            let reply = call.presses("4829#")
            #expect(call.quote?.payment == payment)
            #expect(reply.contains(hasCard ? "your saved card" : "There is no saved card."))
        }
        // Where nothing can be proved there is no such card to pay with.
        var unknown = try checkout(caller: "+380671234567")
        unknown.context.payments.insert("saved")
        let reply = unknown.says("my card", Act(.choosePayment, slots: [.paymentMethod: "saved"]))
        #expect(reply.contains("cannot open that") && unknown.state.checkout.payment == nil)
    }

    @Test func aLinkGoesToTheNumberThatIsKnown() throws {
        var call = try checkout(caller: "+380671234567")
        call.says("by link", Act(.choosePayment, slots: [.paymentMethod: "link"]))
        #expect(call.quote?.payment == "link")
        // The desk says what became of it; the caller hears that and nothing else.
        for (status, isLinkSent, decline, words) in [
            (PaymentStatus.pending, true, nil, "payment link to +380671234567"), (.paid, false, nil, "is paid"),
            (.failed, false, Decline.insufficientFunds, "not enough money"), (.failed, false, nil, "declined"),
            (.pending, false, nil, "looked at"),
        ] {
            var open = call
            open.answersEffects = false
            open.says("yes", Act(.affirm))
            guard case .placeOrder(_, let quote, let key)? = open.ordersSent.last else {
                Issue.record("no order")
                return
            }
            let order = Order(
                number: "1001", status: .placed, paymentStatus: status, quote: quote, waybill: nil, decline: decline,
                isLinkSent: isLinkSent)
            let reply = open.feed(.outcome(.placed(key, .done(.success(order)))))
            #expect(reply.contains("1001"))
            #expect(reply.contains(words), "\(reply)")
        }
    }

    @Test func whoIsNotKnownIsAskedWhereToSendTheLink() throws {
        var call = try checkout(caller: nil)
        #expect(call.says("by link", Act(.choosePayment, slots: [.paymentMethod: "link"])).contains("number"))
        #expect(call.state.asking == "phone")
        call.presses("380671234567")
        #expect(call.quote?.payment == "link")
        #expect(call.state.checkout.phone == "380671234567")
        #expect(call.last?.reply?.text.contains("a payment link to 380671234567") == true, "the number is read back")
        let before = call.state.phase
        let again = call.says("no, 380671234568", .no, Act(.inform, slots: [.digits: "380671234568"]))
        #expect(again.contains("a payment link to 380671234568"), "another number is read back anew")
        #expect(call.state.phase != before && call.state.name == "confirming_order" && call.ordersSent.isEmpty)
    }

    @Test func aCardIsNotTakenAndTheQuestionStays() throws {
        var call = try checkout(caller: "+380671234567")
        let before = call.state.phase
        let reply = call.feed(.cardSaid)
        #expect(reply.contains("card numbers"))
        #expect(call.state.phase == before)
        #expect(call.ordersSent.isEmpty)
    }

    @Test func aParcelIsToldToItsOwnerWithItsWaybill() throws {
        // The contract's table: who is proved to have placed it hears all of it, who only calls from that number the status.
        for (isOwner, isProved, told) in [(true, true, true), (true, false, false), (false, true, false)] {
            var call = try TestCall.begun(try paidShop(), caller: "+380671234567")
            if isProved { call.proves() }
            call.answersEffects = false
            call.says("where is order 1001", Act(.trackOrder, slots: [.orderNumber: "1001"]))
            let quote = Quote(
                lines: [], goods: .zero(call.context.shop.currency), fees: [], total: .zero(call.context.shop.currency),
                delivery: "pickup", address: nil, payment: "link")
            let order = Order(
                number: "1001", status: .handedOver, paymentStatus: .paid, quote: quote, waybill: "20450000000001",
                parcel: .ready)
            let reply = call.feed(
                .outcome(.found(number: "1001", .done(FoundOrder(order: order, isOwner: isOwner)))))
            #expect(reply.contains("picked up at the branch"))
            #expect(reply.contains("20450000000001") == told)
            #expect(call.last?.order?.isWhole == told)
            if told { #expect(call.last?.reply?.speech.contains("two zero four, five") == true) }
        }
    }

    @Test func aBrokenOffCartIsOfferedAgain() throws {
        let shop = try paidShop()
        let cart = Cart(lines: [
            try shop.catalog.line(for: "margherita", quantity: 2).get()
        ])
        for (answer, count) in [(Act(.affirm), 1), (Act(.deny), 0)] {
            var call = try TestCall(shop, caller: "+380671234567")
            call.context.welcome = Welcome(cart: cart)
            #expect(call.feed(.started).contains("Shall we go on?"))
            call.context.welcome = nil
            call.says("…", answer)
            #expect(call.state.cart.lines.count == count)
            #expect(call.ordersSent.isEmpty)
        }
        // Where the shop's policy wants more than a number, only that there is one is said.
        let (demo, catalog) = try TestShop.demo()
        let strict = Shop(
            name: demo.name, currency: demo.currency, languages: ["en"], timeZone: "UTC", pricesIncludeTax: true,
            hours: nil, operator: nil, delivery: shop.shop.delivery, payment: shop.shop.payment, limits: OrderLimits(),
            streets: [], faq: [], prompts: [:], repeatOrderByNumber: false)
        var call = try TestCall((strict, catalog), caller: "+380671234567")
        call.context.welcome = Welcome(cart: cart)
        let reply = call.feed(.started)
        #expect(reply.contains("a cart") && !reply.contains("argherita"))
    }
}
