// The gate: nothing but `place`, at the end of this file's `answerReadBack`, sends an order, and only for a plain, confident yes to
// exactly the quote that was read back.

import Commerce
import Foundation
import Language
import Understanding

extension Turn {
    // MARK: The read-back

    /// Reads a quote back, or asks again if it is the one that was read back already.
    mutating func confirm(_ quote: Quote) {
        if case .confirmingOrder(let known, _) = state.phase {
            if known.digest == quote.digest {
                return ask(.shallIPlace, ["total": wording.money(quote.total)])
            }
            if !hasSaidSomething { say(.readBackAnew) }
        }
        readBack(quote, saying: nil)
    }

    /// Reads a quote back under a key of its own: a yes to an earlier one says nothing about it.
    mutating func readBack(_ quote: Quote, saying reason: PromptKey?) {
        if let reason { say(reason, ["total": wording.money(quote.total)]) }
        state.phase = .confirmingOrder(quote, context.freshKey)
        askReadBack(quote)
    }

    /// The whole quote: cart, total, address, payment; before it when it will be, where that is not today's usual time.
    mutating func askReadBack(_ quote: Quote) {
        sayIfLater(quote)
        let fees = quote.fees.reduce(.zero(quote.total.currency)) { $0 + $1.amount }
        var values: [String: PromptValue] = [
            "items": wording.items(quote.lines.map(\.item), full: true),
            "delivery": deliveryWords(quote), "payment": paymentWords(quote),
            "total": wording.money(quote.total),
        ]
        guard fees.minorUnits > 0 else { return ask(.readBack, values) }
        values["goods"] = wording.money(quote.goods)
        values["fee"] = wording.money(fees)
        ask(.readBackFee, values)
    }

    /// An order that waits until the shop opens says so before it is agreed to.
    private mutating func sayIfLater(_ quote: Quote) {
        guard let method = context.shop.deliveryMethod(quote.delivery),
            let opening = context.shop.nextTime(for: method, after: context.now), opening > context.now
        else { return }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = context.shop.zone
        let clock = calendar.dateComponents([.weekday, .hour, .minute], from: opening)
        // Foundation counts days from Sunday, 1; the language pack from Monday, 1.
        let day = ((clock.weekday ?? 1) + 5) % 7 + 1
        say(
            .readyLater,
            [
                "method": wording.delivery(method), "day": .weekdays([day]),
                "time": .time(minutes: (clock.hour ?? 0) * 60 + (clock.minute ?? 0)),
            ])
    }

    /// A link goes to a number: one that the caller said may have been understood wrongly.
    private func paymentWords(_ quote: Quote) -> PromptValue {
        let payment = wording.payment(quote.payment)
        guard quote.payment == Self.link, context.caller == nil, let phone = state.checkout.phone else {
            return payment
        }
        return wording.value(.paymentTo, ["payment": payment, "phone": .phone(phone)])
    }

    private func deliveryWords(_ quote: Quote) -> PromptValue {
        guard let method = context.shop.deliveryMethod(quote.delivery) else { return .text(quote.delivery) }
        guard let address = quote.address else { return wording.delivery(method) }
        return wording.value(.toAddress, ["method": wording.delivery(method), "address": .text(address)])
    }

    // MARK: The answer

    /// A yes to the read-back, if it is one: plain, alone in its utterance. Gives whether there is nothing more to do.
    mutating func answerReadBack(_ acts: [Act], quote: Quote, key: RequestKey) -> Bool {
        guard acts.contains(where: { $0.isBareYes(in: state.phase) }), let act = acts.first else { return false }
        guard acts.count == 1 else {
            // "Yes, and a cola": what else was said is done, the yes counts for nothing.
            let isNothingElse = acts.allSatisfy { $0.isBareYes(in: state.phase) }
            if isNothingElse { miss() }
            return isNothingElse
        }
        guard act.confidence >= Assurance.order else {
            miss()
            return true
        }
        state.repair = Repair()
        // What is decided now, which may be other than what was read back.
        let now = self.quote(
            delivery: state.checkout.delivery ?? quote.delivery, payment: state.checkout.payment ?? quote.payment)
        switch now {
        case .failure(let refusals): explain(refusals.reasons)
        case .success(let now) where now.digest != quote.digest:
            readBack(now, saying: .confirmChanged)
        case .success: place(quote, key)
        }
        tellAdded()
        return true
    }

    private mutating func place(_ quote: Quote, _ key: RequestKey) {
        state.phase = .waiting(.placing(quote, key))
        send(.placeOrder(quote.digest, quote, key))
    }

    // MARK: The outcome

    mutating func placed(_ attempt: EffectOutcome.Attempt<OrderOutcome>, _ quote: Quote, _ key: RequestKey) {
        switch attempt {
        case .done(.success(let order)):
            note(order)
            state.cart = Cart()
            state.lastLine = nil
            state.checkout.isUnderway = false
            state.checkout.delivery = nil
            state.checkout.payment = nil
            state.phase = .idle
            say(.placed, ["number": .orderNumber(order.number)])
            tellPayment(of: order)
            ask(.anythingElse)
        case .done(.failure(let refusal)):
            // Not ordered: the reason is said, and what can be had instead is read back under a new key.
            state.phase = .idle
            say(.notPlaced)
            explain([refusal])
            if !hasAsked { resume() }
        case .failed:
            // Nothing was changed, so the same key may be tried again: if it got through after all, it is found again.
            state.phase = .confirmingOrder(quote, key)
            ask(.placeFailed)
        }
    }

    // MARK: A no

    mutating func revise() -> Bool {
        state.phase = .revising
        state.checkout.isUnderway = false
        if remaining == 0 { ask(.whatToChange) }
        return true
    }

    mutating func keepCartForLater() -> Bool {
        state.phase = .idle
        if remaining == 0 { ask(.cartKept) }
        return true
    }

    mutating func askAgainWhatToChange() -> Bool {
        ask(.whatToChange)
        return true
    }
}
