// Answers to what was asked last. Each function says whether the act was an answer; what was none is a wish of its own.

import Commerce
import Language
import Understanding

extension Turn {
    mutating func answer(_ act: Act) -> Bool {
        switch state.phase {
        case .doubting(let doubt): answer(act, to: doubt)
        case .choosing(let choice): answer(act, to: choice)
        case .asking(let question): answer(act, to: question)
        case .verifying(let proof): answer(act, to: proof)
        case .confirmingOrder where act.intent == .deny: revise()
        case .confirmingOrder where correctsPhone(act), .revising where correctsPhone(act): takePhone(act)
        case .revising where act.intent == .addToCart: doubtOrdered(act)
        case .revising where act.intent == .deny: keepCartForLater()
        case .revising where act.intent == .affirm: askAgainWhatToChange()
        default: false
        }
    }

    /// "The hammer", to "what shall I change?": what is in the cart already is hardly wanted twice.
    private mutating func doubtOrdered(_ act: Act) -> Bool {
        guard let item = act.items.first, item.quantity == nil, !item.hasModifiers, act.slots.isEmpty,
            state.cart.lines.contains(where: { $0.sku == item.sku })
        else { return false }
        ask(.heard(Act(.removeFromCart, items: [item])))
        return true
    }

    // MARK: Yes or no

    private mutating func answer(_ act: Act, to doubt: Doubt) -> Bool {
        switch act.intent {
        case .affirm:
            if case .cancelOrder(let number) = doubt, act.confidence < Assurance.order {
                ask(.cancelUnsure, ["number": .orderNumber(number)])
                return true
            }
            if doubt == .eraseData, act.confidence < Assurance.order {
                ask(.eraseUnsure)
                return true
            }
            if case .heard = doubt {
                // Who has not heard the question out says yes to something else.
                guard !mayBeNobody && !mayBeRadio || act.confidence >= Assurance.order && !context.isInterrupted else {
                    missAgain()
                    return true
                }
                if act.confidence >= Assurance.order { state.clarity.confirmed() }
                sureness = 1
            }
            state.phase = .idle
            accept(doubt)
        case .deny:
            state.phase = .idle
            state.pending.removeAll(where: \.isLoose)
            refuse(doubt)
        case .removeFromCart where act.items.isEmpty && act.slots.isEmpty:
            // "Forget it": what is offered, unless that is recommended beside something.
            guard case .offer(let phrase) = doubt, !isRecommended(phrase) else { return false }
            return answer(Act(.deny, confidence: act.confidence), to: doubt)
        case .addToCart:
            // "Add it", "I'll take that one" and "add the large one" take what is offered.
            guard case .offer(let phrase) = doubt, act.items.allSatisfy({ $0.means(phrase) }),
                !act.items.isEmpty || act.slots.isEmpty || act.slots[.preference] == Self.spokenOf
            else { return false }
            state.phase = .idle
            let wish = act.items.first.map { phrase.refined(by: $0, in: context.catalog) } ?? phrase
            // "The golden one, please", of one that there is in black and white: that is to be asked.
            guard missed.isEmpty else { return ask(again: wish) }
            perform(act.with(items: [wish], confidence: 1))
        case .inform, .changeQuantity:
            guard case .offer(var phrase) = doubt, let quantity = act.quantity else { return false }
            if act.items.contains(where: { !$0.means(phrase) }) {
                // "No, just the one feta", where olive oil is offered.
                state.phase = .idle
                return false
            }
            // "Make that three" is of what was put into the cart, not of what is recommended with it.
            if act.intent == .changeQuantity, isRecommended(phrase), state.lastLine != nil { return false }
            state.phase = .idle
            if act.intent == .changeQuantity, !act.items.isEmpty,
                state.cart.lines.contains(where: { $0.sku == phrase.sku })
            {
                // "Make it a kilo of salmon", of which there is some.
                return false
            }
            if act.slots[.unit] == nil, let choice = choice(numbered: quantity, of: phrase) {
                // "400", where there are 200 and 400 milligrams.
                phrase.modifiers = phrase.modifiers.filter { $0.group != choice.group } + [choice]
            } else {
                phrase.quantity = quantity
            }
            perform(Act(.addToCart, confidence: act.confidence, items: [phrase]))
        case .changeModifiers:
            // "Rose", where hand cream is offered; not where it can be said of what was just put into the cart.
            guard case .offer(let phrase) = doubt, let sku = phrase.sku, let said = act.items.first,
                said.candidates.isEmpty || said.sku == sku, act.slots[.insteadOf] == nil
            else { return false }
            let isOfLast = state.lastLine.map { canTake(said, $0) } ?? false
            guard canTake(said, sku: sku) else {
                // "Black", of a telephone that there is in one color: of that, and of nothing that was spoken of before.
                guard !isOfLast, !isRecommended(phrase), let choice = said.modifiers.first,
                    product(namedLike: said) == nil
                else { return false }
                say(.notWith, ["product": wording.name(sku), "modifier": wording.modifier(choice)])
                ask(doubt)
                return true
            }
            guard !isRecommended(phrase) || !isOfLast else { return false }
            state.phase = .idle
            let wish = phrase.refined(by: fitted(said, to: sku), in: context.catalog)
            guard missed.isEmpty else { return ask(again: wish) }
            perform(act.with(intent: .addToCart, items: [wish], confidence: 1))
        default: return false
        }
        return true
    }

    private mutating func ask(again wish: ItemPhrase) -> Bool {
        ask(.offer(wish))
        return true
    }

    private func isRecommended(_ phrase: ItemPhrase) -> Bool {
        phrase.sku != nil && state.advice.given.last == phrase.sku
    }

    private mutating func accept(_ doubt: Doubt) {
        switch doubt {
        case .heard(let act): perform(act.with(confidence: 1))
        case .offer(let phrase): perform(Act(.addToCart, items: [phrase]))
        case .fewer(let sku, let quantity):
            perform(Act(.changeQuantity, items: [ItemPhrase(candidates: [sku], quantity: quantity)]))
        case .delivery(let id):
            state.checkout.delivery = id
            state.checkout.isUnderway = true
        case .cancelOrder(let number):
            state.phase = .waiting(.cancelling(number: number))
            send(.cancelOrder(number: number))
        case .goOn(let cart): goOn(cart)
        case .openCart: perform(Act(.resumeCart))
        case .eraseData: wait(for: .erasingData, sending: .eraseData)
        case .notify(let sku): notify(of: sku)
        case .person(let reason): callback(reason: reason)
        }
    }

    private mutating func refuse(_ doubt: Doubt) {
        switch doubt {
        case .heard:
            if remaining == 0 { ask(.heardWrong) }
        case .offer(let phrase):
            say(.allRight)
            offerNotice(besides: phrase.candidates)
        case .notify, .person, .goOn, .openCart: say(.allRight)
        case .fewer(let sku, _):
            perform(Act(.removeFromCart, items: [ItemPhrase(candidates: [sku])]))
        case .delivery:
            state.checkout.isUnderway = false
            say(.cartStays)
        case .eraseData: say(.eraseNot)
        case .cancelOrder(let number): say(.cancelKept, ["number": .orderNumber(number)])
        }
    }

    // MARK: One of several

    private mutating func answer(_ act: Act, to choice: Choice) -> Bool {
        // "Forget it" is none of them, and nothing of the cart.
        if act.intent == .deny || act.intent == .removeFromCart && act.items.isEmpty && act.slots.isEmpty {
            state.phase = .idle
            state.pending.removeAll { $0.isLoose || $0.isAllAmong(choice.options) }
            say(.allRight)
            offerNotice(besides: choice.options)
            return true
        }
        if narrow(choice, by: act) { return true }
        let unwanted = act.items.flatMap(\.candidates)
        if act.intent == .removeFromCart, choice.act.intent != .removeFromCart,
            choice.options.contains(where: unwanted.contains)
        {
            // "No mint", of herbs that are offered.
            ask(Choice(options: choice.options.filter { !unwanted.contains($0) }, act: choice.act))
            return true
        }
        if act.slots[.insteadOf] == Self.lastOne, !act.items.isEmpty, choice.act.intent == .addToCart {
            // "How about a ribeye instead?", of the fillet that is sold out: nothing goes for it.
            state.phase = .idle
            perform(act.with(slots: act.slots.filter { $0.key != .insteadOf }))
            return true
        }
        if act.isPointing, act.items.isEmpty, choice.act.slots[.preference] != nil,
            let sku = preferred(by: act, among: choice.options).only
        {
            // "Your dearest lock?" – "And the cheapest?": still asked, not ordered.
            state.phase = .idle
            say(.foundOne, ["product": context.catalog.product(sku).map(wording.priced) ?? wording.name(sku)])
            ask(.offer(ItemPhrase(candidates: [sku])))
            return true
        }
        // "More" after a list that has more.
        if act.intent == .searchProducts, act.items.isEmpty, act.slots.isEmpty {
            showMore(of: choice)
            return true
        }
        let isCount = act.intent == .inform && act.slots[.unit] != nil
        if let number = act.quantity, isCount || act.intent == .changeQuantity, !act.isMeasured, act.items.isEmpty {
            // "Two packs", "two of them": how many, not which.
            var wish = choice.act
            if wish.items.isEmpty { wish.items = [ItemPhrase(candidates: choice.options)] }
            wish.items[0].quantity = number
            if wish.intent.looksAtGoods { wish.intent = .addToCart }
            ask(Choice(options: choice.options, offset: choice.offset, act: wish))
            return true
        }
        if act.intent == .addToCart, act.slots[.preference] == Self.all, choice.options == choice.page {
            state.phase = .idle
            let wish = choice.act.intent.looksAtGoods ? Act(.addToCart) : choice.act
            for sku in choice.options where !hasAsked { take(sku, said: nil, for: wish) }
            return true
        }
        guard let sku = chosen(act, from: choice) else {
            if act.intent == .inform, act.items.isEmpty, act.slots[.address] == nil {
                // A number that is none of them says nothing about the cart.
                missAgain()
                return true
            }
            // Something else was named: the choice is off.
            if act.intent == .addToCart || act.intent == .searchProducts { state.phase = .idle }
            return false
        }
        state.phase = .idle
        // "Two thyme", of which one waited behind the mint that is sold out: those are the two.
        state.pending.removeAll { $0.intent == .addToCart && $0.items.map(\.sku) == [sku] && !$0.items[0].hasModifiers }
        take(sku, said: act.items.first, for: choice.act)
        return true
    }

    /// "The black one", "large": what only some of the options can have. One is taken so, of several it is asked again.
    private mutating func narrow(_ choice: Choice, by act: Act) -> Bool {
        guard act.intent == .changeModifiers, let said = act.items.first, said.candidates.isEmpty else { return false }
        let fitting = choice.options.filter { canTake(said, sku: $0) }
        guard let only = fitting.first else { return false }
        var wish = choice.act
        if wish.items.isEmpty { wish.items = [ItemPhrase(candidates: fitting)] }
        wish.items[0] = wish.items[0].refined(by: said, in: context.catalog)
        guard fitting.count > 1 else {
            state.phase = .idle
            take(only, said: said, for: choice.act)
            return true
        }
        if wish.intent == .searchProducts { wish.intent = .addToCart }
        ask(Choice(options: fitting, act: wish))
        return true
    }

    private func chosen(_ act: Act, from choice: Choice) -> String? {
        if let place = place(act), !act.intent.looksAtGoods || act.intent == choice.act.intent {
            return (act.isMeasured ? nil : choice.page.at(ordinal: place)) ?? named(place, in: choice)
        }
        if act.slots[.preference] != nil {
            return act.intent != .addToCart ? nil : preferred(by: act, among: choice.page).only
        }
        if act.intent == .affirm { return choice.options.count == 1 ? choice.options.first : nil }
        // "How much is the other?" is a question of its own, unless it is what was asked in the first place.
        let isAnswer = !act.intent.looksAtGoods || act.intent == choice.act.intent && act.intent != .searchProducts
        guard isAnswer, let item = act.items.first else { return nil }
        let meant = item.candidates.filter(choice.options.contains)
        return meant.count == 1 ? meant.first : nil
    }

    /// "400", of two that differ in that: the only one whose name has the number.
    private func named(_ number: Int, in choice: Choice) -> String? {
        let fitting = choice.options.filter { sku in
            let names = context.catalog.product(sku)?.naming(in: context.pack.code).all ?? []
            return names.contains { context.pack.rules.tokens(of: $0).contains(String(number)) }
        }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// A place in a list: an ordinal, or a bare number or key.
    func place(_ act: Act) -> Int? {
        if let ordinal = act.slots[.ordinal].flatMap(Int.init) { return ordinal }
        guard act.intent == .inform, act.items.isEmpty else { return nil }
        return (act.slots[.quantity] ?? act.slots[.digits]).flatMap(Int.init)
    }

    /// Carries out what was wanted of a product, now that it is known which; `said` may add to it.
    private mutating func take(_ sku: String, said: ItemPhrase?, for act: Act) {
        var phrase = act.items.first ?? ItemPhrase(candidates: [sku])
        phrase.candidates = [sku]
        phrase.isGuess = false
        if let said { phrase = phrase.refined(by: said, in: context.catalog) }
        let intent = act.intent == .searchProducts || act.intent == .recommend ? Intent.addToCart : act.intent
        var items = act.items
        if items.isEmpty { items = [phrase] } else { items[0] = phrase }
        // The answer has confirmed what may not have been heard well.
        perform(act.with(intent: intent, items: items, confidence: 1))
    }

    /// Figures in a telephone number, from short local ones to the longest of E.164.
    static let phoneLength = 5...15
}

extension Act {
    /// Whether it wants nothing but some of `skus`.
    fileprivate func isAllAmong(_ skus: [String]) -> Bool {
        let named = items.flatMap(\.candidates)
        return !named.isEmpty && named.allSatisfy(skus.contains)
    }

    /// The number of an order, or the digits that stand for one.
    var orderNumber: String? { slots[.orderNumber] ?? slots[.digits] ?? slots[.quantity] }
}

extension ItemPhrase {
    /// Whether this is another way to name the same product, or names none.
    func means(_ other: ItemPhrase) -> Bool {
        candidates.isEmpty || other.candidates.isEmpty || candidates.contains(where: other.candidates.contains)
    }

    /// The same of one product, of those that it may be.
    func of(_ sku: String) -> ItemPhrase {
        var only = self
        only.candidates = [sku]
        return only
    }

    /// The same with what `said` adds; what it says anew replaces what was said before, all of it in a group that takes one.
    func refined(by said: ItemPhrase, in catalog: Catalog) -> ItemPhrase {
        var result = self
        result.quantity = said.quantity ?? quantity
        result.modifiers.removeAll { old in
            said.modifiers.contains { new in
                new.group == old.group && (new.id == old.id || catalog.group(new.group)?.max == 1)
            }
        }
        result.modifiers += said.modifiers
        result.unclear += said.unclear
        result.without += said.without.filter { !result.without.contains($0) }
        return result
    }
}
