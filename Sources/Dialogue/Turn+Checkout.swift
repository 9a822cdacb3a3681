// From a cart to a quote: only what is missing is asked for, and what the caller says in between is taken as it comes.

import Commerce
import Language
import Understanding

extension Turn {
    /// Takes what an act decides about delivery, address and payment, and goes on if the caller wants to finish.
    mutating func decide(_ act: Act) {
        let isFinishing = act.intent == .checkout || act.intent == .placeOrder
        if isFinishing, case .doubting(.delivery(let id)) = state.phase { return ask(.delivery(id: id)) }
        let wasUnderway = state.checkout.isUnderway || state.phase == .revising
        leaveQuestion()
        if let phone = act.slots[.phone] { state.checkout.phone = phone }
        if let said = act.slots[.deliveryMethod] { chooseDelivery(said) }
        if let address = act.slots[.address] {
            takeAddress(address)
        } else if act.intent == .setAddress {
            // "Change the address": to what is asked.
            state.checkout.address = nil
            if let id = state.checkout.delivery, context.shop.deliveryMethod(id)?.needsAddress == false {
                state.checkout.delivery = nil
            }
            if !wasUnderway, !hasAsked { ask(.address) }
        }
        // Who says where it is to be brought has chosen.
        let isBrought = act.slots[.address] != nil && !state.cart.lines.isEmpty
        if wasUnderway || isBrought { state.checkout.isUnderway = true }
        if let said = act.slots[.paymentMethod] { choosePayment(said, act) }
        guard !hasAsked else { return }
        if isFinishing { state.checkout.isUnderway = true }
        if !state.checkout.isUnderway { decided.append(act) }
        if isFinishing, state.cart.lines.isEmpty { finishWithoutCart(act) }
    }

    private mutating func chooseDelivery(_ said: String) {
        guard let method = deliveryMethod(said) else { return say(.deliveryUnknown) }
        state.checkout.delivery = method.id
    }

    /// A shop's own identifier or name; the standing names of the language packs fit the first method of their kind.
    private func deliveryMethod(_ said: String) -> DeliveryMethod? {
        let methods = context.shop.delivery
        if let method = context.shop.deliveryMethod(said) { return method }
        let wanted = said.lowercased()
        if let named = methods.first(where: { $0.naming.all.contains { $0.lowercased() == wanted } }) { return named }
        guard said == Self.anyCourier || said == Self.anyPickup else { return nil }
        return methods.first { $0.needsAddress == (said == Self.anyCourier) }
    }

    private static let anyCourier = "courier"
    private static let anyPickup = "pickup"

    /// An address means that it is to be brought there.
    private mutating func takeAddress(_ address: String) {
        state.checkout.address = address
        if let id = state.checkout.delivery, context.shop.deliveryMethod(id)?.needsAddress == true { return }
        let brought = availableDelivery.filter(\.needsAddress)
        if let method = brought.first(where: { $0.serves(address) }) ?? brought.first {
            state.checkout.delivery = method.id
        }
    }

    private mutating func choosePayment(_ said: String, _ act: Act) {
        let wanted = said.lowercased()
        let method = context.shop.payment.first {
            $0.id == said || $0.naming.all.contains { $0.lowercased() == wanted }
        }
        guard let method, context.payments.contains(method.id) else {
            return say(.paymentUnavailable, ["payment": wording.payment(method?.id ?? said)])
        }
        if method.id == PaymentMethod.saved {
            guard isProved(for: act) else { return }
            guard state.customer?.hasSavedMethod == true else { return say(.noSavedCard) }
        }
        state.checkout.payment = method.id
    }

    mutating func tellDecided(_ act: Act) {
        if let address = state.checkout.address, act.slots[.address] != nil {
            say(.notedAddress, ["address": .text(address)])
        } else if act.slots[.deliveryMethod] != nil, let id = state.checkout.delivery,
            let method = context.shop.deliveryMethod(id)
        {
            say(.notedDelivery, ["option": wording.delivery(method, goods: goods)])
        }
        if act.slots[.paymentMethod] != nil, let id = state.checkout.payment {
            say(.notedPayment, ["payment": wording.payment(id)])
        }
    }

    /// "That's all" with nothing to order is a goodbye once something was done in this call.
    private mutating func finishWithoutCart(_ act: Act) {
        state.checkout.isUnderway = false
        if act.intent == .checkout, !state.orders.isEmpty { return sayGoodbye() }
        ask(.cartEmptyAsk)
    }

    /// "No, it is 067 …": whether an act says anew where the link goes that was read back.
    func correctsPhone(_ act: Act) -> Bool {
        let payment = state.checkout.payment ?? possiblePayments.first?.id
        guard act.intent == .inform, payment == Self.link, context.caller == nil else { return false }
        return Self.phoneLength.contains(act.slots[.digits]?.count ?? 0)
    }

    mutating func takePhone(_ act: Act) -> Bool {
        state.checkout.phone = act.slots[.digits]
        state.checkout.isUnderway = true
        state.phase = .idle
        return true
    }

    // MARK: What is missing

    /// Asks for the first thing that the order lacks, or reads it back.
    mutating func advanceCheckout() {
        state.checkout.isUnderway = true
        // What is still to be chosen of a wish is no less wanted.
        performPending()
        tellAdded()
        guard !hasAsked else { return }
        guard !state.cart.lines.isEmpty else { return explain([.emptyCart]) }
        if let least = context.shop.limits.minimumOrder, goods.minorUnits < least.minorUnits {
            return explain([.belowMinimum(least)])
        }
        guard let method = settledDelivery() else { return }
        if method.needsAddress {
            guard let address = state.checkout.address else { return ask(.address) }
            guard method.serves(address) else { return sayOutsideArea(method.id) }
        }
        guard let payment = settledPayment(with: method) else { return }
        if payment == Self.link, context.caller == nil, state.checkout.phone == nil {
            return ask(.phone(reason: Self.forLink))
        }
        switch quote(delivery: method.id, payment: payment) {
        case .failure(let refusals): explain(refusals.reasons)
        case .success(let quote): confirm(quote)
        }
    }

    func quote(delivery: String, payment: String) -> Result<Quote, Refusals> {
        context.shop.quote(
            state.cart, catalog: context.catalog, stock: context.stock, delivery: delivery,
            address: state.checkout.address, payment: payment, at: context.now)
    }

    /// The delivery, if there is one that works now; else it is asked for or it is said why there is none.
    private mutating func settledDelivery() -> DeliveryMethod? {
        let available = availableDelivery
        if let method = state.checkout.delivery.flatMap(context.shop.deliveryMethod) {
            if available.contains(method) { return method }
            sayDeliveryClosed(method.id)
            return nil
        }
        if context.shop.delivery.count == 1, let only = available.first {
            state.checkout.delivery = only.id
            return only
        }
        switch available.count {
        case 0: sayDeliveryClosed(nil)
        case 1:
            if let shut = context.shop.delivery.first(where: { !available.contains($0) }) {
                say(
                    .deliveryClosed,
                    ["method": wording.delivery(shut), "hours": wording.hours(context.shop.hours(of: shut))])
            }
            ask(.delivery(id: available[0].id))
        default: ask(.deliveryMethod)
        }
        return nil
    }

    private mutating func settledPayment(with method: DeliveryMethod) -> String? {
        let possible = possiblePayments
        if let wanted = state.checkout.payment {
            if possible.contains(where: { $0.id == wanted }) { return wanted }
            say(
                .paymentNotWith,
                ["payment": wording.payment(wanted), "method": wording.delivery(method)])
            state.checkout.payment = nil
        }
        switch possible.count {
        case 0:
            state.checkout.isUnderway = false
            say(.noPayment)
            offerPerson(Intent.paymentIssue.rawValue)
            return nil
        case 1: return possible[0].id
        default:
            ask(.paymentMethod)
            return nil
        }
    }

    /// Says that a delivery (nil: none at all) does not work now, and offers another.
    mutating func sayDeliveryClosed(_ id: String?) {
        state.checkout.delivery = nil
        let method = id.flatMap(context.shop.deliveryMethod)
        let others = availableDelivery.filter { $0.id != id }
        guard let other = others.first else {
            // Nothing can be ordered now: the cart stays for as long as the call does.
            state.checkout.isUnderway = false
            state.phase = .idle
            return ask(
                .closedNow, ["hours": wording.hours(context.shop.hours ?? method.flatMap(context.shop.hours(of:)))])
        }
        if let method {
            say(
                .deliveryClosed,
                ["method": wording.delivery(method), "hours": wording.hours(context.shop.hours(of: method))])
        }
        if others.count == 1 { ask(.delivery(id: other.id)) } else { ask(.deliveryMethod) }
    }

    /// Says that an address is not served, and offers to do without one.
    mutating func sayOutsideArea(_ id: String) {
        say(.outsideArea, ["address": .text(state.checkout.address ?? "")])
        let address = state.checkout.address
        state.checkout.address = nil
        state.checkout.isUnderway = true
        let others = availableDelivery.filter { $0.id != id && (!$0.needsAddress || $0.serves(address ?? "")) }
        guard let other = others.first else { return ask(.address) }
        ask(.delivery(id: other.id))
    }

    // MARK: What is possible

    /// The delivery methods that work now.
    var availableDelivery: [DeliveryMethod] {
        context.shop.delivery.filter { context.shop.isAvailable($0, at: context.now) }
    }

    /// The payments that go with the chosen delivery.
    var possiblePayments: [PaymentMethod] {
        let method = state.checkout.delivery.flatMap(context.shop.deliveryMethod)
        return context.shop.payment.filter { payment in
            context.payments.contains(payment.id) && method?.takes(payment: payment.id) != false
                && (payment.id != PaymentMethod.saved || state.customer?.hasSavedMethod == true)
        }
    }
}
