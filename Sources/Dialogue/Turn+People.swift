// People and talk: a person's callback, what this assistant cannot do, and the small words of a conversation.

import Commerce
import Language
import Understanding

extension Turn {
    // MARK: A person

    /// Puts the caller through where somebody is there; else notes a wish to be called back.
    mutating func callback(reason: String) {
        guard let address = personNow(for: reason) else { return noteCallback(reason: reason) }
        say(.connecting)
        wait(
            for: .transferring(reason: reason),
            sending: .transfer(to: address, summary: summary(reason: reason).speech))
    }

    /// Who takes calls at the moment; for what will be known later nobody has to.
    private func personNow(for reason: String) -> String? {
        guard context.canTransfer, !state.isPersonBusy, !reason.hasPrefix(Intent.notifyWhenAvailable.rawValue),
            let person = context.shop.operator
        else { return nil }
        let isThere =
            person.hours?.isOpen(at: context.now, timeZone: context.shop.zone) ?? context.shop.isOpen(at: context.now)
        return isThere ? person.transferTo : nil
    }

    /// What the person should know before the caller is there: who, why, the cart, what went wrong.
    private func summary(reason: String) -> Spoken {
        var parts = [wording.render(.summaryCaller, ["shop": .text(context.shop.name)])]
        if let phone = context.caller ?? state.checkout.phone {
            parts.append(wording.render(.summaryNumber, ["phone": .phone(phone)]))
        }
        switch Intent(rawValue: reason) {
        case .complaint: parts.append(wording.render(.summaryComplaint))
        case .paymentIssue: parts.append(wording.render(.summaryPayment))
        default: parts.append(wording.render(state.misses > 0 ? .summaryMisses : .summaryPerson))
        }
        for order in state.orders {
            parts.append(wording.render(.summaryOrder, ["number": .orderNumber(order.number)]))
        }
        if !state.cart.lines.isEmpty {
            parts.append(
                wording.render(
                    .summaryCart, ["items": wording.items(state.cart.lines), "total": wording.money(goods)]))
        }
        return Spoken.joined(parts) ?? Spoken(text: "", speech: "")
    }

    mutating func transferred(_ isDone: Bool, reason: String) {
        if isDone { return end(.transferred) }
        state.phase = .idle
        state.isPersonBusy = true
        say(.personBusy)
        noteCallback(reason: reason)
    }

    /// Notes a wish to be called back; asks for the number where there has to be one.
    private mutating func noteCallback(reason: String) {
        let phone = context.caller ?? state.checkout.phone
        guard phone != nil || context.line == .kiosk else { return ask(.phone(reason: reason)) }
        let key = context.freshKey
        wait(
            for: .callback(key, phone: phone, reason: reason),
            sending: .requestCallback(key, phone: phone, reason: reason))
    }

    mutating func calledBack(_ attempt: EffectOutcome.Attempt<Bool>, phone: String?, reason: String) {
        switch (attempt, phone) {
        case (.done(true), let phone?) where reason.hasPrefix(Intent.notifyWhenAvailable.rawValue):
            say(.noticeNoted, ["phone": .phone(phone)])
        case (.done(true), let phone?): say(.callbackNoted, ["phone": .phone(phone)])
        case (.done(true), nil): say(.callbackNotedHere)
        case (.done(false), _), (.failed, _): say(.callbackFailed)
        }
    }

    /// What only a person can do. Where the shop has an answer of its own, that comes first.
    mutating func handOver(_ intent: Intent) {
        if intent == .changeOrder, state.orders.isEmpty, !state.cart.lines.isEmpty {
            // Nothing is ordered yet: it can be changed here and now.
            _ = revise()
            return
        }
        let topic = intent == .returnOrder ? "refund_policy" : intent.rawValue
        if let known = context.shop.faq.first(where: { $0.topic == topic }) {
            say(.faqAnswer, ["answer": .text(known.answer)])
        } else {
            switch intent {
            case .complaint: say(.complaint)
            case .paymentIssue: say(.paymentIssue)
            default: say(.notYet)
            }
        }
        offerPerson(intent.rawValue)
    }

    // MARK: Yes and no to nothing

    /// A yes to "Anything else?".
    mutating func affirmNothing() {
        switch state.phase {
        case .greeting, .idle: if remaining == 0 { ask(.whatWouldYouLike) }
        default: break
        }
    }

    /// A no to "Anything else?": the caller is done.
    mutating func denyNothing() {
        guard state.phase == .idle || state.phase == .greeting, !state.checkout.isUnderway else { return }
        if toldBefore > 0 { return ask(.sayWhen) }
        if !state.cart.lines.isEmpty {
            decide(Act(.checkout))
        } else if !state.orders.isEmpty {
            sayGoodbye()
        } else {
            say(.allRight)
            ask(.sayWhen)
        }
    }

    // MARK: Talk

    mutating func greetBack() {
        say(.greetBack)
        let isBeginning = state.cart.lines.isEmpty && (state.phase == .greeting || state.phase == .idle)
        if isBeginning, !state.checkout.isUnderway { ask(.whatWouldYouLike) }
    }

    mutating func sayGoodbye() {
        say(state.cart.lines.isEmpty ? .goodbye : .goodbyeCart)
        end(.callerGoodbye)
    }

    mutating func repeatLast() {
        if case .confirmingOrder(let quote, _) = state.phase { return askReadBack(quote) }
        guard let last = state.lastReply else { return }
        say(last)
        hasAsked = true
    }

    mutating func help() {
        tellExamples()
        if case .idle = state.phase, !state.checkout.isUnderway { hasAsked = true }
        if case .greeting = state.phase { hasAsked = true }
    }

    /// What one can say now; to order, something that this shop has.
    mutating func tellExamples() {
        guard examples == .examplesOpen else { return say(examples) }
        let example = context.catalog.products.first { $0.isCounted && isInStock($0) } ?? context.catalog.products.first
        guard let sku = example?.sku else { return say(.notUnderstood) }
        say(.examplesOpen, ["item": wording.item(ItemPhrase(candidates: [sku], quantity: 2))])
    }

    private var examples: PromptKey {
        switch state.phase {
        case .greeting: .examplesOpen
        case .idle, .revising, .waiting, .ended: state.cart.lines.isEmpty ? .examplesOpen : .examplesOrdering
        case .choosing: .examplesChoosing
        case .asking(.address): .examplesAddress
        case .asking(.deliveryMethod), .doubting(.delivery): .examplesDelivery
        case .asking(.paymentMethod): .examplesPayment
        case .asking(.phone), .asking(.orderNumber): .examplesDigits
        case .verifying: context.proofs.contains(.code) ? .examplesPINOrCode : .examplesPIN
        case .asking(.quantity): .examplesQuantity
        case .asking(.modifier), .asking(.meaning): .examplesModifier
        case .asking(.product): .examplesOpen
        case .doubting: .examplesYesNo
        case .confirmingOrder: .examplesConfirming
        }
    }

    /// Asks whether an act was heard rightly that would change the cart.
    mutating func askWhetherHeard(_ act: Act) {
        let items = act.items.map { item in
            let sku = item.candidates.first ?? state.lastLine?.sku
            return wording.item(sku.map { fitted(item, to: $0) } ?? item)
        }
        switch act.intent {
        case .addToCart where !items.isEmpty: ask(.doubtAdd, ["items": .list(items)])
        case .removeFromCart where !items.isEmpty: ask(.doubtRemove, ["items": .list(items)])
        case .changeQuantity, .changeModifiers:
            if let quantity = act.quantity, act.items.allSatisfy(\.candidates.isEmpty) {
                ask(.doubtChange, ["items": .count(thousandths: quantity.thousandths)])
            } else {
                ask(.doubtChange, ["items": .list(items)])
            }
        case .clearCart where act.slots[.except] != nil:
            let others = state.cart.lines.filter { $0.sku != act.slots[.except] }
            ask(.doubtRemove, ["items": wording.items(others)])
        case .clearCart, .removeFromCart: ask(act.intent == .clearCart ? .doubtClear : .doubtRemoveLast)
        case .startOver: ask(.doubtStartOver)
        case .repeatOrder: ask(.doubtRepeat)
        default: ask(.doubtSomething)
        }
    }
}
