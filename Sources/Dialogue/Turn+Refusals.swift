// Why the shop says no, in words, with a way out wherever there is one: fewer, something else, the missing choice.

import Commerce
import Language
import Understanding

extension Turn {
    /// Explains why one item cannot be had as it was wanted by `act`, of which `inCart` is in the cart already.
    mutating func explain(_ refusal: Refusal, for act: Act, inCart: Quantity = 0) {
        if state.phase.wish == act.items.first?.sku { state.phase = .idle }
        leaveQuestion()
        let phrase = act.items.first ?? ItemPhrase(candidates: [])
        switch refusal {
        case .outOfStock(let sku, let available):
            explainStock(of: sku, available: available, inCart: inCart, phrase: phrase, act: act)
        case .tooMany(let sku, let most):
            let maximum = context.shop.limits.maximumQuantity.map { min($0, most) } ?? most
            say(.atMost, ["item": wording.item(ItemPhrase(candidates: [sku], quantity: maximum))])
            // Far too many are a slip or a joke: nobody who says eighteen thousand wants the most there can be.
            if let said = phrase.quantity, said.thousandths > Self.farTooMany * maximum.thousandths {
                return ask(.quantity(act))
            }
            offer(maximum - inCart, of: phrase, for: act)
        case .notAStep(let sku, let step):
            explainStep(of: sku, step: step)
            ask(.quantity(act))
        case .modifierCount(let sku, let group, _, let most):
            let halves = phrase.modifiers.count { $0.group == group && $0.amount == ChosenModifier.half }
            let count = phrase.modifiers.count { $0.group == group } - halves / 2
            if count > most {
                say(.tooManyModifiers, ["product": wording.name(sku), "maximum": .count(thousandths: most * 1_000)])
                if most == 0 { return }
            }
            ask(.modifier(act, sku: sku, group: group))
        case .modifierUnavailable where explainAmounts(phrase, for: act): return
        case .modifierUnavailable(let sku, let group, let id):
            let choice = ChosenModifier(group: group, id: id)
            let isLeftOut = phrase.without.contains { $0.group == group && $0.id == id }
            say(
                isLeftOut ? .notWithout : .notWith,
                ["product": wording.name(sku), "modifier": wording.modifier(choice)])
            offerWithout(choice, phrase: phrase, for: act)
        case .unknownProduct: say(.unknownProduct)
        case .emptyCart, .belowMinimum, .aboveMaximum, .deliveryUnavailable, .outsideArea, .addressMissing,
            .paymentUnavailable, .changed, .tooLate, .unpaid, .notFound:
            explain([refusal])
        }
    }

    private static let farTooMany = 3

    private mutating func explainStock(
        of sku: String, available: Quantity, inCart: Quantity, phrase: ItemPhrase, act: Act
    ) {
        guard available > 0 else { return sayingSoldOut(sku) }
        let unit = context.catalog.product(sku)?.unit ?? ""
        let left = wording.item(ItemPhrase(candidates: [sku], quantity: available))
        say(.onlyLeft, ["item": left, "count": .measure(thousandths: available.thousandths, unit: unit)])
        offer(available - inCart, of: phrase, for: act)
    }

    /// Offers as much as there is of what was wanted.
    private mutating func offer(_ quantity: Quantity, of phrase: ItemPhrase, for act: Act) {
        let step = phrase.sku.flatMap(context.catalog.product)?.step ?? 1
        let whole = Quantity(thousandths: quantity.thousandths / step.thousandths * step.thousandths)
        guard whole > 0, let sku = phrase.sku else { return }
        if act.intent == .changeQuantity { return ask(.fewer(sku: sku, whole)) }
        var less = phrase
        less.quantity = whole
        ask(.offer(less))
    }

    private mutating func explainStep(of sku: String, step: Quantity) {
        guard let product = context.catalog.product(sku) else { return say(.unknownProduct) }
        if product.isCounted, step == 1 { return say(.onlyWhole, ["product": wording.name(sku)]) }
        let amount = PromptValue.measure(thousandths: step.thousandths, unit: product.isCounted ? "" : product.unit)
        let plain = PromptValue.count(thousandths: step.thousandths)
        say(.onlySteps, ["product": wording.name(sku), "step": product.isCounted ? plain : amount])
    }

    /// "Half ham, half olives" and "three sugars", where a modifier is not to be had so: whether as it comes would do.
    mutating func explainAmounts(_ phrase: ItemPhrase, for act: Act) -> Bool {
        guard let product = phrase.sku.flatMap(context.catalog.product) else { return false }
        var possible = phrase
        var refused: ChosenModifier?
        for (place, choice) in phrase.modifiers.enumerated() {
            guard let amount = choice.amount, product.modifierGroups.contains(choice.group),
                let group = context.catalog.group(choice.group), !group.amounts.contains(amount)
            else { continue }
            refused = refused ?? choice
            let most = amount == ChosenModifier.half ? nil : group.amounts.first { $0 == ChosenModifier.extra }
            possible.modifiers[place] = ChosenModifier(group: choice.group, id: choice.id, amount: most)
        }
        guard let refused else { return false }
        let values = [
            "product": wording.name(product.sku), "modifier": PromptValue.text(wording.modifierTitle(refused)),
        ]
        refused.amount == ChosenModifier.half ? say(.noHalves, values) : say(.notInAmount, values)
        ask(act.intent == .addToCart ? .offer(possible) : .heard(act.with(items: [possible])))
        return true
    }

    /// An item that cannot have a modifier is offered without it.
    private mutating func offerWithout(_ choice: ChosenModifier, phrase: ItemPhrase, for act: Act) {
        guard act.intent == .addToCart else { return }
        var less = phrase
        less.modifiers.removeAll { $0.group == choice.group && $0.id == choice.id }
        less.without.removeAll { $0.group == choice.group && $0.id == choice.id }
        ask(.offer(less))
    }

    /// Sold out: offers what is nearest to it.
    mutating func sayingSoldOut(_ sku: String) {
        say(.soldOut, ["product": wording.name(sku)])
        let nearest = alternatives(to: sku)
        state.soldOut = sku
        guard let first = nearest.first else { return ask(.notify(sku: sku)) }
        state.offered = nearest
        if nearest.count == 1 {
            ask(.offer(ItemPhrase(candidates: [first])))
        } else {
            ask(Choice(options: nearest, act: Act(.addToCart, items: [ItemPhrase(candidates: nearest)])))
        }
    }

    mutating func askModifier(of act: Act, sku: String, group id: String) {
        guard let group = context.catalog.group(id) else { return ask(.product(act)) }
        ask(
            .askModifier,
            [
                "group": .text(group.naming.title),
                "item": wording.item(act.items.first.map { $0.of(sku) } ?? ItemPhrase(candidates: [sku])),
                "options": .list(group.modifiers.map { .text($0.naming.title) }),
            ])
    }

    /// Of several modifiers that a word of the act's item can mean, which one.
    mutating func askMeaning(of act: Act, sku: String) {
        guard let phrase = act.items.first, let meanings = phrase.unclear.first else { return ask(.product(act)) }
        let isToldApart = Set(meanings.map(wording.modifierTitle)).count == meanings.count
        ask(
            .askMeaning,
            [
                "item": wording.item(phrase.of(sku)),
                "options": .list(
                    meanings.map { isToldApart ? .text(wording.modifierTitle($0)) : wording.modifierOfGroup($0) }),
            ])
    }

    /// Explains why there is no quote. What stands in the way most comes first; the rest is met when that is settled.
    mutating func explain(_ reasons: [Refusal]) {
        guard let reason = reasons.first else { return }
        state.checkout.isUnderway = false
        state.phase = .idle
        switch reason {
        case .emptyCart: ask(.cartEmptyAsk)
        case .unknownProduct(let sku), .modifierUnavailable(let sku, _, _), .modifierCount(let sku, _, _, _),
            .notAStep(let sku, _):
            say(.noLongerSold, ["product": wording.name(sku)])
            takeOut(sku)
        case .outOfStock(let sku, let available):
            guard available > 0 else {
                takeOut(sku)
                return sayingSoldOut(sku)
            }
            let unit = context.catalog.product(sku)?.unit ?? ""
            let left = wording.item(ItemPhrase(candidates: [sku], quantity: available))
            say(.onlyLeft, ["item": left, "count": .measure(thousandths: available.thousandths, unit: unit)])
            state.checkout.isUnderway = true
            ask(.fewer(sku: sku, available))
        case .tooMany(let sku, let maximum):
            say(.atMost, ["item": wording.item(ItemPhrase(candidates: [sku], quantity: maximum))])
            state.checkout.isUnderway = true
            ask(.fewer(sku: sku, maximum))
        case .belowMinimum(let least):
            ask(.belowMinimum, ["minimum": wording.money(least), "goods": wording.money(goods)])
        case .aboveMaximum(let most): ask(.aboveMaximum, ["maximum": wording.money(most)])
        case .deliveryUnavailable(let id): sayDeliveryClosed(id)
        case .outsideArea(let id): sayOutsideArea(id)
        case .addressMissing:
            state.checkout.isUnderway = true
            ask(.address)
        case .paymentUnavailable:
            state.checkout.payment = nil
            state.checkout.isUnderway = true
            ask(.paymentMethod)
        case .changed(let quote):
            state.checkout.isUnderway = true
            readBack(quote, saying: .confirmChanged)
        case .tooLate, .unpaid, .notFound: offerPerson(state.name)
        }
    }

    private mutating func takeOut(_ sku: String) {
        state.cart.lines.removeAll { $0.sku == sku }
        if state.lastLine?.sku == sku { state.lastLine = state.cart.lines.last }
    }
}

extension Refusal {
    /// Whether only a choice is missing.
    var isChoice: Bool { if case .modifierCount = self { true } else { false } }

    /// The product that it is about.
    var sku: String? {
        switch self {
        case .unknownProduct(let sku), .outOfStock(let sku, _), .tooMany(let sku, _), .notAStep(let sku, _),
            .modifierUnavailable(let sku, _, _), .modifierCount(let sku, _, _, _):
            sku
        case .emptyCart, .belowMinimum, .aboveMaximum, .deliveryUnavailable, .outsideArea, .addressMissing,
            .paymentUnavailable, .changed, .tooLate, .unpaid, .notFound:
            nil
        }
    }
}
