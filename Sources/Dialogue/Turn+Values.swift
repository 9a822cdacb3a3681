// Answers to questions for one value: a number, a product, a modifier, a way to pay. Each function says whether the act was an answer.

import Commerce
import Language
import Understanding

extension Turn {
    // MARK: A value

    mutating func answer(_ act: Act, to question: Question) -> Bool {
        if act.intent == .deny {
            state.phase = .idle
            state.pending.removeAll(where: \.isLoose)
            dropQuestion(question)
            return true
        }
        // "Cancel it" says so of what is being asked, not of the cart.
        if act.intent == .removeFromCart, act.items.isEmpty {
            switch question {
            case .phone, .orderNumber, .quantity, .product, .modifier, .meaning:
                state.phase = .idle
                dropQuestion(question)
                return true
            case .address, .deliveryMethod, .paymentMethod: break
            }
        }
        let place = self.place(act)
        switch question {
        case .address: return false
        case .deliveryMethod:
            guard let place, let method = availableDelivery.at(ordinal: place) else { return false }
            decide(Act(.chooseDelivery, confidence: act.confidence, slots: [.deliveryMethod: method.id]))
        case .paymentMethod:
            guard let place, let method = possiblePayments.at(ordinal: place) else { return false }
            decide(Act(.choosePayment, confidence: act.confidence, slots: [.paymentMethod: method.id]))
        case .phone(let reason):
            guard let said = act.slots[.phone] ?? act.slots[.digits] ?? act.slots[.orderNumber] else { return false }
            guard Self.phoneLength.contains(said.filter(\.isNumber).count) else {
                ask(.phoneUnclear)
                return true
            }
            state.checkout.phone = said
            state.phase = .idle
            if reason == Self.forLink { advanceCheckout() } else { callback(reason: reason) }
        case .orderNumber(let purpose):
            guard let number = act.orderNumber else { return false }
            state.phase = .idle
            look(for: number, purpose: purpose)
        case .quantity(let wanted):
            guard act.slots[.category] == nil, act.slots[.ordinal] == nil,
                let quantity = act.quantity ?? act.slots[.digits].flatMap(Quantity.init(decimal:)),
                act.items.allSatisfy({ item in wanted.items.allSatisfy { item.means($0) && canSay(item, of: $0) } })
            else { return false }
            state.phase = .idle
            var items = wanted.items.isEmpty ? [ItemPhrase(candidates: [])] : wanted.items
            if let said = act.items.first, said.hasModifiers, let sku = items[0].sku {
                items[0] = items[0].refined(by: fitted(said, to: sku), in: context.catalog)
            }
            items[0].quantity = quantity
            perform(wanted.with(items: items, confidence: 1))
        case .product(let wanted):
            guard let item = act.items.first, !item.candidates.isEmpty, act.slots[.insteadOf] == nil,
                act.intent == .addToCart || act.intent == wanted.intent || act.intent == .inform
            else { return false }
            state.phase = .idle
            var phrase = wanted.items.first ?? item
            phrase.candidates = item.candidates
            // What was said of nothing is said of this, as far as it can be.
            if let sku = item.sku, !canTake(phrase, sku: sku) { phrase = item }
            perform(wanted.with(items: [phrase.refined(by: item, in: context.catalog)] + act.items.dropFirst()))
        case .modifier(let wanted, let sku, let group):
            return answer(act, place: place, wanted: wanted, sku: sku, group: group)
        case .meaning(let wanted, let sku): return answer(act, place: place, wanted: wanted, sku: sku)
        }
        return true
    }

    /// Which modifier a word meant that several are called by.
    private mutating func answer(_ act: Act, place: Int?, wanted: Act, sku: String) -> Bool {
        guard var phrase = wanted.items.first, let meanings = phrase.unclear.first else { return false }
        let isOfOther = act.items.first.map { !$0.candidates.isEmpty && !$0.candidates.contains(sku) } ?? false
        guard !isOfOther else { return false }
        let said = act.items.first.map { fitted($0, to: sku).modifiers } ?? []
        let meant =
            place.flatMap { meanings.at(ordinal: $0) }
            ?? meanings.first { meaning in said.contains { $0.group == meaning.group && $0.id == meaning.id } }
        guard let meant else { return false }
        state.phase = .idle
        phrase.unclear.removeFirst()
        phrase.modifiers.append(meant)
        perform(wanted.with(items: [phrase], confidence: 1))
        return true
    }

    private mutating func answer(_ act: Act, place: Int?, wanted: Act, sku: String, group: String) -> Bool {
        var said = act.items.first ?? ItemPhrase(candidates: [])
        if let place, let choice = choice(numbered: place, in: group) {
            said.modifiers = [choice]
        } else if let choice = choice(namedLike: said, besides: sku, in: group) {
            // "The Nova", to which telephone the case is for.
            said = ItemPhrase(candidates: [], modifiers: [choice])
        } else if said.candidates.isEmpty {
            said = fitted(said, to: sku)
        }
        let unwanted = act.slots[.preference] == Act.off ? said.without : said.modifiers
        if act.intent == .removeFromCart || act.slots[.preference] == Act.off, var left = wanted.items.first,
            left.modifiers.contains(where: unwanted.contains)
        {
            // "Remove the coarse one", of two grits that were said.
            left.modifiers.removeAll(where: unwanted.contains)
            state.phase = .idle
            perform(wanted.with(items: [left], confidence: 1))
            return true
        }
        if act.slots[.preference] == Act.unsure, said.modifiers.contains(where: { $0.group == group }),
            var left = wanted.items.first
        {
            // "No rabbit", to which flavor.
            left.without += said.modifiers.filter { $0.group == group }
            state.phase = .idle
            perform(wanted.with(items: [left], confidence: 1))
            return true
        }
        if let share = said.quantity, share < 1 {
            // "Half pork, half chicken": whether it can be had so is the shop's to say.
            said.quantity = nil
            said.modifiers = said.modifiers.map {
                ChosenModifier(group: $0.group, id: $0.id, amount: ChosenModifier.half)
            }
        }
        guard said.candidates.isEmpty || said.candidates.contains(sku), var phrase = wanted.items.first else {
            return false
        }
        guard said.modifiers.contains(where: { $0.group == group }) else {
            // Something else is said of it: how many, or another modifier.
            let isMore = act.intent == .addToCart && said.sku == sku && said.quantity == nil
            guard
                act.slots[.told] == nil,
                act.intent == .changeModifiers && said.hasModifiers || act.intent == .changeQuantity && !act.isMeasured
                    || place != nil
                    || isMore && said.hasModifiers,
                act.slots[.category] == nil, canTake(said, sku: sku)
            else { return false }
            said.quantity = act.quantity
            ask(
                .modifier(
                    wanted.with(items: [phrase.refined(by: fitted(said, to: sku), in: context.catalog)]), sku: sku,
                    group: group))
            return true
        }
        state.phase = .idle
        phrase.modifiers.removeAll { $0.group == group }
        let wish = phrase.refined(by: fitted(said, to: sku), in: context.catalog)
        perform(wanted.with(items: [wish], confidence: 1))
        return true
    }

    /// What a number means among the choices of a group: "28" the one of 28 inches, "2" the second.
    private func choice(numbered number: Int, in id: String) -> ChosenModifier? {
        guard let group = context.catalog.group(id) else { return nil }
        let named = group.choices { context.pack.rules.tokens(of: $0).contains(String(number)) }
        return named.only ?? group.modifiers.at(ordinal: number).map { ChosenModifier(group: id, id: $0.id) }
    }

    /// The one choice of a product whose name has this number.
    func choice(numbered number: Quantity, of phrase: ItemPhrase) -> ChosenModifier? {
        guard number.thousandths % 1_000 == 0, let product = phrase.sku.flatMap(context.catalog.product) else {
            return nil
        }
        let said = String(number.thousandths / 1_000)
        let named = context.catalog.groups(of: product).flatMap { group in
            group.choices { context.pack.rules.tokens(of: $0).contains(said) }
        }
        return named.only
    }

    /// Whether what was said of how many can be said of what was asked: "two large".
    private func canSay(_ said: ItemPhrase, of wanted: ItemPhrase) -> Bool {
        !said.hasModifiers || wanted.sku.map { canTake(said, sku: $0) } ?? false
    }

    /// What stands for what was spoken of last.
    static let spokenOf = "spoken_of"

    /// The caller does not want to answer.
    private mutating func dropQuestion(_ question: Question) {
        switch question {
        case .address, .deliveryMethod, .paymentMethod:
            state.checkout.isUnderway = false
            say(.cartStays)
        case .phone, .orderNumber, .quantity, .product, .modifier, .meaning: say(.allRight)
        }
    }
}
