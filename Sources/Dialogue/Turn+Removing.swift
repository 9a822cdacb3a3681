// The cart: taking out one thing, a kind of things, all but one, everything.

import Commerce
import Language
import Understanding

extension Turn {
    mutating func remove(_ act: Act) {
        let phrase = act.items.first ?? ItemPhrase(candidates: [], quantity: act.quantity)
        if act.slots[.preference] == Self.such { return removeSuch(phrase, act) }
        let isAboutModifiers = phrase.candidates.isEmpty && phrase.hasModifiers
        if isAboutModifiers {
            // "Take the onions off."
            let less = ItemPhrase(candidates: [], without: phrase.without + phrase.modifiers)
            return changeModifiers(act.with(intent: .changeModifiers, items: [less]))
        }
        if act.items.isEmpty, act.slots[.category] != nil { return removeAll(inCart(of: act)) }
        guard let index = line(meant: phrase, ordinal: act.slots[.ordinal].flatMap(Int.init)) else {
            if let sku = phrase.sku, state.phase.wish == sku {
                // "Forget the danish", of which it was being asked which fruit.
                state.phase = .idle
                return say(.allRight)
            }
            // "Shampoo, but no mouthwash": there need not be any.
            if !added.isEmpty { return phrase.isGuess ? sayNotInCart(phrase) : () }
            // "Cancel it", behind a question about an order.
            if act.items.isEmpty, state.cart.lines.isEmpty, !state.orders.isEmpty { return cancel(act) }
            return sayNotInCart(phrase)
        }
        let line = state.cart.lines[index]
        let said = fitted(phrase, to: line.sku).modifiers
        if !said.isEmpty, !said.contains(where: line.modifiers.contains), act.slots.isEmpty {
            // "Cancel the curly shampoo", where there is one for oily hair.
            return ask(.heard(act.with(items: [ItemPhrase(line)])))
        }
        leaveQuestion()
        let last = state.lastAdded.flatMap { phrase.candidates.isEmpty && $0.sku == line.sku ? $0.quantity : nil }
        state.lastAdded = nil
        if let quantity = phrase.quantity ?? last, quantity < line.quantity, quantity > 0 {
            state.cart.changeQuantity(at: index, to: line.quantity - quantity)
            state.lastLine = state.cart.lines[index]
            return say(.reduced, ["items": wording.item(state.cart.lines[index])])
        }
        let alike = state.cart.lines.filter { $0.sku == line.sku }
        if phrase.sku != nil, !phrase.hasModifiers, alike.count > 1 {
            // "The tulips", of which there are five yellow and five white.
            if phrase.isSeveral || alike.contains(where: { $0.quantity > 1 }) { return removeAll([line.sku]) }
            if state.lastLine?.sku != line.sku {
                return ask(.heard(act.with(items: [ItemPhrase(line, quantity: nil)])))
            }
        }
        state.cart.remove(at: index)
        state.lastLine = state.cart.lines.last
        say(.removed, ["items": wording.item(line)])
        if state.cart.lines.isEmpty { finishEmptied() }
    }

    /// "I don't want the plain one": the line that is so.
    private mutating func removeSuch(_ phrase: ItemPhrase, _ act: Act) {
        let lines = state.cart.lines
        let such = lines.filter { line in
            let said = fitted(phrase, to: line.sku)
            return !said.modifiers.isEmpty && said.modifiers.allSatisfy(line.modifiers.contains)
        }
        guard let line = such.last(where: { $0 == state.lastLine }) ?? such.last else {
            return say(state.cart.lines.isEmpty ? .cartEmpty : .foundNothing)
        }
        state.lastLine = line
        remove(Act(.removeFromCart, items: [ItemPhrase(line, quantity: act.quantity)]))
    }

    private static let such = "such"

    /// "Get rid of the drinks."
    private mutating func removeAll(_ skus: [String]) {
        guard !skus.isEmpty else { return say(state.cart.lines.isEmpty ? .cartEmpty : .foundNothing) }
        leaveQuestion()
        let gone = state.cart.lines.filter { skus.contains($0.sku) }
        state.cart.lines.removeAll { skus.contains($0.sku) }
        state.lastAdded = nil
        state.lastLine = state.cart.lines.last
        say(.removed, ["items": wording.items(gone)])
        if state.cart.lines.isEmpty { finishEmptied() }
    }

    mutating func clearCart(_ act: Act) {
        if act.slots[.preference] == Self.just, let kept = act.slots[.except] { return haveOnly(kept) }
        guard !state.cart.lines.isEmpty else { return say(.cartEmpty) }
        if let kept = act.slots[.except] { return keepOnly(kept) }
        leaveQuestion()
        state.cart = Cart()
        state.lastLine = nil
        state.pending = []
        finishEmptied()
    }

    private mutating func finishEmptied() {
        state.checkout.isUnderway = false
        if case .confirmingOrder = state.phase { state.phase = .idle }
        say(.cartEmptied)
    }

    mutating func startOver() {
        let before = state
        state = DialogueState()
        state.orders = before.orders
        state.checkout.phone = before.checkout.phone
        // Who is calling stays proved, and tries that failed stay counted.
        state.customer = before.customer
        state.failedProofs = before.failedProofs
        state.advice = before.advice
        state.phase = .idle
        ask(.startedOver)
    }

    /// "No, just the ball": nothing else, or the ball after all; what is there beside it goes only if that is meant.
    private mutating func haveOnly(_ sku: String) {
        leaveQuestion()
        guard state.cart.lines.contains(where: { $0.sku == sku }) else {
            return perform(Act(.addToCart, items: [ItemPhrase(candidates: [sku])]))
        }
        guard state.cart.lines.contains(where: { $0.sku != sku }) else { return denyNothing() }
        ask(.heard(Act(.clearCart, slots: [.except: sku])))
    }

    static let just = "just"

    /// "Everything except the cola", of a cart: the rest of it stays, or goes.
    private mutating func keepOnly(_ sku: String) {
        guard state.cart.lines.contains(where: { $0.sku == sku }) else {
            return sayNotInCart(ItemPhrase(candidates: [sku]))
        }
        leaveQuestion()
        let gone = state.cart.lines.filter { $0.sku != sku }
        state.cart.lines.removeAll { $0.sku != sku }
        state.lastLine = state.cart.lines.last
        guard !gone.isEmpty else { return showCart() }
        say(.removed, ["items": wording.items(gone)])
    }
}
