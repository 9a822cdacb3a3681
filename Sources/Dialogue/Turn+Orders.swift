// Orders already placed: where one is, giving one up, the same again. Who may hear what follows the contract's table: by its
// number anybody hears the status and nothing else, and a wrong number sounds like somebody else's.

import Commerce
import Language
import Understanding

extension Turn {
    // MARK: Wishes

    mutating func track(_ act: Act) {
        // Where an order is anybody may hear who has its number; where the money is, only who has proved to be its owner.
        if act.intent == .refundStatus, state.orders.isEmpty, canProve, !isProved(for: act) { return }
        find(.track, act)
    }

    mutating func cancel(_ act: Act) {
        // "Cancel my order" before there is one means the cart.
        if act.orderNumber == nil, state.orders.isEmpty, !state.cart.lines.isEmpty {
            return ask(.heard(Act(.clearCart, confidence: act.confidence)))
        }
        find(.cancel, act)
    }

    mutating func repeatOrder(_ act: Act) {
        if let sku = act.slots[.except], state.cart.lines.contains(where: { $0.sku == sku }) {
            // "Everything except the cola", of what is in the cart.
            return remove(Act(.removeFromCart, items: [ItemPhrase(candidates: [sku])]))
        }
        state.leftOut = act.slots[.except]
        if let own = state.orders.last { return putAgain(own) }
        if context.caller == nil, added.isEmpty, let last = state.lastLine {
            // "The same again", of who has no orders yet, and something in the cart.
            return ask(.offer(ItemPhrase(last)))
        }
        guard context.caller != nil else { return say(.repeatUnknown) }
        wait(for: .latest(.repeatOrder), sending: .findLatestOrder(purpose: .repeatOrder))
    }

    /// By the number that was said, else the last order of this call, else that of the trusted number, else by asking.
    private mutating func find(_ purpose: LatestPurpose, _ act: Act) {
        if let number = act.orderNumber ?? state.orders.last?.number { return look(for: number, purpose: purpose) }
        guard context.caller != nil else { return ask(.orderNumber(purpose)) }
        wait(for: .latest(purpose), sending: .findLatestOrder(purpose: purpose))
    }

    mutating func look(for number: String, purpose: LatestPurpose) {
        leaveQuestion()
        switch purpose {
        case .track: wait(for: .finding(number: number), sending: .findOrder(number: number))
        case .cancel: ask(.cancelOrder(number: number))
        case .repeatOrder: say(.repeatUnknown)
        }
    }

    mutating func wait(for errand: Errand, sending effect: Effect) {
        state.phase = .waiting(errand)
        send(effect)
        hasAsked = true
    }

    // MARK: Outcomes

    /// Takes an outcome that is waited for; one that is not is passed over.
    mutating func take(_ outcome: EffectOutcome) {
        // It was not waited for: whatever was asked before is still asked.
        if case .refused(let isDone) = outcome {
            refused(isDone)
            return settle()
        }
        guard case .waiting(let errand) = state.phase else { return }
        switch (errand, outcome) {
        case (.placing(let quote, let key), .placed(let answered, let attempt)) where key == answered:
            placed(attempt, quote, key)
        case (.cancelling(let number), .cancelled(let answered, let attempt)) where number == answered:
            state.phase = .idle
            cancelled(attempt, number)
        case (.finding(let number), .found(let answered, let attempt)) where number == answered:
            state.phase = .idle
            found(attempt, number)
        case (.latest(let purpose), .latest(let answered, let attempt)) where purpose == answered:
            state.phase = .idle
            latest(attempt, purpose)
        case (.callback(let key, let phone, let reason), .callback(let answered, let attempt)) where key == answered:
            state.phase = .idle
            calledBack(attempt, phone: phone, reason: reason)
        case (.tellingData, .dataTold(let attempt)):
            state.phase = .idle
            dataTold(attempt)
        case (.erasingData, .dataErased(let attempt)):
            state.phase = .idle
            dataErased(attempt)
        case (.transferring(let reason), .transferred(let isDone)): transferred(isDone, reason: reason)
        case (.verifying(let proof), .proved(let attempt)): proved(attempt, proof)
        case (.verifying(let proof), .codeSent(let attempt)): codeSent(attempt, proof)
        case (.verifying(let proof), .pinChosen(let attempt)): pinChosen(attempt, proof)
        default: return
        }
        settle()
    }

    /// After the end nobody hears anything, but an order is not forgotten.
    mutating func noteAfterEnd(_ outcome: EffectOutcome) {
        if case .placed(_, .done(.success(let order))) = outcome { note(order) }
    }

    mutating func note(_ order: Order) {
        self.order = ToldOrder(order, isWhole: true)
        state.orders.removeAll { $0.number == order.number }
        state.orders.append(order)
    }

    private mutating func cancelled(_ attempt: EffectOutcome.Attempt<OrderOutcome>, _ number: String) {
        let spoken: [String: PromptValue] = ["number": .orderNumber(number)]
        switch attempt {
        case .done(.success(let order)):
            self.order = ToldOrder(order, isWhole: isKnown(number))
            state.orders.removeAll { $0.number == number }
            say(.cancelled, spoken)
        case .done(.failure(.tooLate(let status))):
            if status == .cancelled { return say(.cancelledBefore, spoken) }
            say(.tooLate, spoken)
            tellStatus(status, number)
            offerPerson(Intent.cancelOrder.rawValue)
        case .done(.failure): say(.orderNotFound, spoken)
        case .failed: sayDeskFailed(.cancelOrder)
        }
    }

    private mutating func found(_ attempt: EffectOutcome.Attempt<FoundOrder?>, _ number: String) {
        switch attempt {
        case .done(let found?):
            tell(found.order, toOwner: found.isOwner && isKnown(number))
        case .done(nil): say(.orderNotFound, ["number": .orderNumber(number)])
        case .failed: sayDeskFailed(.trackOrder)
        }
    }

    private mutating func latest(_ attempt: EffectOutcome.Attempt<Order?>, _ purpose: LatestPurpose) {
        switch (attempt, purpose) {
        case (.done(let order?), .track):
            tell(order, toOwner: state.customer != nil)
        case (.done(let order?), .cancel): ask(.cancelOrder(number: order.number))
        case (.done(let order?), .repeatOrder):
            if context.shop.repeatOrderByNumber || state.customer != nil { return putAgain(order) }
            guard canProve else {
                say(.repeatNeedsPerson)
                return offerPerson(Intent.repeatOrder.rawValue)
            }
            say(.earlierOrder)
            prove(for: Act(.repeatOrder, slots: state.leftOut.map { [.except: $0] } ?? [:]))
        case (.done(nil), .repeatOrder): say(.noEarlierOrder)
        case (.done(nil), .track), (.done(nil), .cancel):
            say(.noEarlierOrder)
            ask(.orderNumber(purpose))
        case (.failed, _): sayDeskFailed(Intent(rawValue: purpose.rawValue) ?? .trackOrder)
        }
    }

    /// Whether the caller placed the order in this call, or has proved who is calling.
    private func isKnown(_ number: String) -> Bool {
        state.customer != nil || state.orders.contains { $0.number == number }
    }

    mutating func tellStatus(_ status: OrderStatus, _ number: String) {
        let key: PromptKey =
            switch status {
            case .placed: .statusPlaced
            case .packed: .statusPacked
            case .handedOver: .statusHandedOver
            case .delivered: .statusDelivered
            case .cancelled: .statusCancelled
            case .returned: .statusReturned
            }
        say(key, ["number": .orderNumber(number)])
    }

    mutating func sayDeskFailed(_ intent: Intent) {
        say(.deskFailed)
        offerPerson(intent.rawValue)
    }

    // MARK: The same again

    /// Puts what an order held into the cart, at today's prices and as far as it can be had.
    private mutating func putAgain(_ order: Order) {
        leaveQuestion()
        let before = added.count
        var missing: [PromptValue] = []
        for line in order.quote.lines.map(\.item) where line.sku != state.leftOut {
            let made = context.catalog.line(
                for: line.sku, quantity: line.quantity, modifiers: line.modifiers, without: line.without)
            guard case .success(let item) = made, canAdd(item) else {
                missing.append(wording.name(line.sku))
                continue
            }
            state.cart.add(item)
            state.lastLine = item
            added.append(item)
        }
        if !missing.isEmpty { say(.repeatWithout, ["products": .list(missing)]) }
        if added.count > before { tellAdded() }
    }

    private func canAdd(_ item: LineItem) -> Bool {
        var cart = state.cart
        cart.add(item)
        return !context.shop.refusals(of: cart, catalog: context.catalog, stock: context.stock)
            .contains { $0.sku == item.sku }
    }
}
