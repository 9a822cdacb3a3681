// What is said of an item later in the same breath belongs to the item: "two pizzas, one with ham", "a cola, actually make
// that two". Acts as they were parsed come in; acts whose items carry all that was said of them go out.

import Commerce

struct FollowUps {
    let catalog: Catalog

    /// Joins acts to the order before them, and parts of items to the items they are of. What cannot belong to it is `torn` off.
    func joined(_ acts: [Act]) -> (acts: [Act], torn: [Act]) {
        var result: [Act] = []
        var torn: [Act] = []
        // "300 grams of ham", where ham is only put on something.
        let isTornUp = acts.contains(where: \.isMeasured) && acts.contains { $0.intent == .changeModifiers }
        for act in acts {
            // "Take the bell off again", "what have you got for a cold": nothing is to be said again.
            if act.intent == .repeat, acts.count > 1 { continue }
            // "Forget it, start again" is one wish.
            if act.intent == .startOver { result.removeAll { $0.intent.changesCart || $0.intent == .deny } }
            if let last = result.indices.last, let joined = joined(result[last], act) {
                result[last] = joined
                continue
            }
            guard torn.isEmpty || act.intent == .addToCart, let last = result.indices.last,
                result[last].intent == .addToCart, !result[last].items.isEmpty,
                result[last].slots[.insteadOf] == nil, let grown = grown(result[last], by: act)
            else {
                // "Tomatoes and 300 grams of cheese", where cheese is only put on something: no number for the tomatoes.
                let isTorn = act.intent == .inform && act.number != nil
                if isTorn && (isTornUp || result.last?.intent == .addToCart)
                    || !torn.isEmpty && act.intent == .changeModifiers
                {
                    torn.append(act)
                } else {
                    result.append(act)
                }
                continue
            }
            result[last] = grown
            if grown.items.isEmpty { result.removeLast() }
        }
        // "Is there a fee for delivery" chooses none.
        result = result.indices.filter { place in
            !result[place].intent.chooses || place == 0 || !result[place - 1].intent.asks
        }.map { result[$0] }
        let parted = result.enumerated().map { place, act in
            guard act.intent == .addToCart else { return act }
            var act = act
            // "Do I need a prescription for aspirin" is no wish for any.
            if place > 0, result[place - 1].intent.asks {
                for item in act.items.indices { act.items[item].isGuess = true }
            }
            act.items = self.parted(act.items, &torn)
            return act
        }
        return (parted, torn)
    }

    /// What is said of things that have no name: "the cheaper one, large, two of them", "two scoops of vanilla and one of
    /// chocolate".
    private func joined(_ before: Act, _ act: Act) -> Act? {
        guard act.items.allSatisfy(\.candidates.isEmpty), act.slots[.unit] == nil, before.slots[.unit] == nil else {
            return nil
        }
        let isLimit =
            act.intent == .searchProducts && act.items.isEmpty
            && act.slots.keys.allSatisfy { $0 == .priceMax || $0 == .preference }
        let isOfKind =
            before.intent == .searchProducts
            || before.intent == .addToCart && before.items.isEmpty && before.slots[.category] != nil
        if isLimit, isOfKind, !before.slots.isEmpty {
            // "Something for a cold, under 100", "I need flowers, nothing too expensive".
            let price = act.slots.filter { $0.key == .priceMax }
            return Act(.searchProducts, confidence: before.confidence, slots: before.slots.merging(price) { $1 })
        }
        // "What else do you have in bouquets", and "is there a guarantee on the lights".
        if before.intent == .searchProducts, before.slots.isEmpty, before.items.isEmpty, act.intent == .searchProducts {
            return act
        }
        if before.intent == .faq, act.intent == .searchProducts, Set(act.slots.keys) == [.category] { return before }
        let number = act.intent == .changeQuantity || act.intent == .inform ? act.number : nil
        let said = act.intent == .changeModifiers ? act.items.first : nil
        var joined = before
        if before.isPointing, said != nil || number != nil {
            var item = before.items.first ?? ItemPhrase(candidates: [], quantity: before.number)
            if let said { item.take(said, in: catalog) }
            item.quantity = number ?? item.quantity
            joined.items = [item]
            joined.slots[.quantity] = nil
            return joined
        }
        if before.intent == .inform, let number = before.number, var said {
            said.quantity = number
            return Act(.addToCart, confidence: before.confidence, items: [said])
        }
        guard before.intent == .addToCart, before.slots.isEmpty, let last = before.items.last,
            before.items.allSatisfy(\.candidates.isEmpty)
        else { return nil }
        if act.intent == .inform, let number {
            joined.items.append(ItemPhrase(candidates: [], quantity: number))
            return joined
        }
        guard let said, !last.hasModifiers else { return nil }
        joined.items[before.items.count - 1].take(said, in: catalog)
        return joined
    }

    /// `order` with what `act` says of its items, mostly the last; nil where it says something else.
    private func grown(_ order: Act, by act: Act) -> Act? {
        var order = order
        guard let last = order.items.indices.last else { return nil }
        switch act.intent {
        case .addToCart where act.items.contains { !$0.candidates.isEmpty }:
            if let other = act.slots[.insteadOf] {
                let old = other == Self.last ? last : order.items.lastIndex { $0.sku == other }
                guard act.items.count == 1, let old else { return nil }
                let quantity = act.items[0].quantity ?? order.items[old].quantity
                order.items[old] = act.items[0]
                order.items[old].quantity = quantity
                return order
            }
            order.items += act.items
            order.slots.merge(act.slots) { $1 }
            return order
        case .changeModifiers:
            guard order.items[last].sku != nil, act.items.count == 1, let said = act.items.first,
                said.candidates.isEmpty || said.candidates == order.items[last].candidates,
                let product = order.items[last].sku.flatMap(catalog.product)
            else { return nil }
            // What the thing cannot have stays with it, to be refused: it is not meant for another one.
            order.items[last].take(said.fitted(to: product), in: catalog)
            // "Tubes, three of them, 26 inch."
            order.items[last].quantity = order.items[last].quantity ?? act.number
            return order
        case .changeQuantity where act.slots[.unit] == Self.each:
            let open = order.items.indices.filter { order.items[$0].quantity == nil }
            guard !open.isEmpty, let number = act.number else { return nil }
            for item in open { order.items[item].quantity = number }
            return order
        case .changeQuantity:
            guard act.items.isEmpty, let number = act.number else { return nil }
            order.items[last].quantity = number
            return order
        case .inform:
            // "Batteries, two packs" and "batteries x 2".
            guard order.items[last].quantity == nil, let number = act.number, isCount(act.slots[.unit]) else {
                return nil
            }
            order.items[last].quantity = number
            return order
        case .removeFromCart where act.slots.isEmpty && act.items.count <= 1:
            // "A cola and a pizza, no, scrap the pizza."
            let said = act.items.first
            guard said?.quantity == nil, said?.hasModifiers != true else { return nil }
            let meant =
                said.map { wanted in order.items.lastIndex { $0.sku != nil && $0.sku == wanted.sku } } ?? last
            guard let meant else { return nil }
            order.items.remove(at: meant)
            return order
        default: return nil
        }
    }

    /// What stands for the thing that was named last.
    private static let last = "last"
    /// The unit of a number that is meant for each thing.
    private static let each = "each"

    private func isCount(_ unit: String?) -> Bool {
        guard let unit else { return true }
        return !catalog.products.contains { $0.unit == unit && !$0.isCounted } && !ActBuilder.weights.contains(unit)
    }

    /// What of `said` the product can have; nil where something is left.
    private func fitting(_ said: ItemPhrase, _ item: ItemPhrase) -> ItemPhrase? {
        guard let product = item.sku.flatMap(catalog.product) else { return nil }
        let result = said.fitted(to: product)
        let isAll = (result.modifiers + result.without).allSatisfy { product.modifierGroups.contains($0.group) }
        return isAll ? result : nil
    }

    /// "Two large pies, one with ham and the other with onions" are one large pie with ham and one with onions.
    /// What no such thing can have is torn off: "and a bottle of beer".
    private func parted(_ items: [ItemPhrase], _ torn: inout [Act]) -> [ItemPhrase] {
        var result: [ItemPhrase] = []
        /// The item that is being taken apart, how many of it are left, and its place.
        var whole: (item: ItemPhrase, all: Quantity, left: Quantity)?
        for (place, item) in items.enumerated() {
            // "She loves chocolate, so add a box of chocolates" are not two.
            let isBare = item.sku != nil && item.quantity == nil && !item.hasModifiers
            if isBare, items[(place + 1)...].contains(where: { $0.sku == item.sku }) { continue }
            guard item.candidates.isEmpty, let last = result.indices.last, !result[last].candidates.isEmpty else {
                result.append(item)
                whole = nil
                continue
            }
            let known = whole ?? (result[last], result[last].quantity ?? 1, result[last].quantity ?? 1)
            var item = item
            if let share = item.quantity, share < 1, let some = part(share, of: known.all, with: item) {
                // "Ten tulips, half yellow, half white."
                item.quantity = some
            }
            guard let fitting = fitting(item, known.item), known.left > 0 else {
                torn.append(Act(.changeModifiers, items: [item]))
                continue
            }
            if let share = item.quantity, share < 1 {
                // "Half ham, half onion": whether it can be had so is the shop's to say.
                var half = fitting
                half.modifiers = half.modifiers.map { $0.in(amount: ChosenModifier.half) }
                result[last].take(half, in: catalog)
                continue
            }
            if whole == nil, let times = item.quantity, times > known.left || times > 1 && times == known.left,
                fitting.modifiers.count == 1, fitting.without.isEmpty, let choice = fitting.modifiers.first,
                times > known.left || catalog.group(choice.group)?.amounts.isEmpty == false
            {
                // "A coffee with two sugars" is not two coffees.
                var several = fitting
                several.modifiers = [catalog.taking(choice, times: times)]
                result[last].take(several, in: catalog)
                continue
            }
            let taken = min(item.quantity ?? known.left, known.left)
            if whole == nil { result.removeLast() } else if result[last] == known.item { result.removeLast() }
            var part = known.item
            part.quantity = taken
            part.take(fitting, in: catalog)
            result.append(part)
            let left = known.left - taken
            var rest = known.item
            rest.quantity = left
            whole = (rest, known.all, left)
            if left > 0 { result.append(rest) }
        }
        return result
    }

    /// So many of several things, where they can be told apart; nil where half of each thing is meant.
    private func part(_ share: Quantity, of all: Quantity, with said: ItemPhrase) -> Quantity? {
        let isOfEach = said.modifiers.contains {
            catalog.group($0.group)?.amounts.contains(ChosenModifier.half) == true
        }
        let thousandths = all.thousandths * share.thousandths / 1_000
        return isOfEach || all <= 1 || thousandths % 1_000 != 0 ? nil : Quantity(thousandths: thousandths)
    }
}

/// How much of an utterance fits nothing, and what it is.
struct Leftover {
    /// Words that say something and fit nothing.
    let skipped: Int
    /// All words.
    let words: Int
    /// Whether it begins like a question.
    let isQuestion: Bool
    /// Whether some of its words are looked for, whatever they are.
    let isSearch: Bool
    /// Whether a word that turns a sentence round is among what fits nothing.
    let isContrary: Bool

    /// Beside so many words one may fit nothing, where something is taken out or changed.
    private static let wordsForOne = (taken: 8, changed: 6)

    /// What of `acts` can have been meant. A guess at a product stands alone: "large hot chocolate" is no chocolate muffin, and
    /// "some stuff for my garden" no garden hose.
    func allowed(of acts: [Act]) -> [Act] {
        let isGuess = acts.contains { $0.intent.changesCart && $0.items.contains(where: \.isGuess) }
        let isTorn =
            isGuess
            && acts.contains {
                $0.intent == .searchProducts
                    || $0.intent == .changeModifiers && $0.items.allSatisfy(\.candidates.isEmpty)
            }
        let meant = acts.filter { allows($0) && !(isTorn && $0.intent.changesCart) }
        // What was only said around it says nothing without it: "wait, is the cream …".
        return meant.count < acts.count && meant.allSatisfy(\.intent.isSmallTalk) ? [] : meant
    }

    /// Whether `act` can have been meant beside what is left over. What changes something has to name it: "skip this" in
    /// a sentence about something else is not about the cart.
    private func allows(_ act: Act) -> Bool {
        guard skipped > 0 || isSearch else { return true }
        switch act.intent {
        case .repeat: return skipped == 0
        // "More" and "what else" say nothing in the middle of something else.
        case .searchProducts where act.slots.isEmpty && act.items.isEmpty: return skipped * 4 <= words
        case .productDetails where act.slots[.query] != nil: return skipped == 0
        // "Is there a fee for delivery" takes none.
        case .chooseDelivery, .choosePayment: return !isSearch
        // "And the blue one", of no list.
        case .inform where act.slots[.quantity] != nil: return skipped == 0
        case .affirm, .deny, .inform, .wait, .placeOrder, .thanks, .greet, .startOver, .checkout:
            return skipped * 4 <= words && !isSearch
        case let intent where intent.changesCart:
            if isQuestion && skipped > 0 || isSearch || isContrary { return false }
            if act.items.contains(where: \.isGuess) { return skipped == 0 }
            // What is to go is less likely to be meant.
            if intent == .addToCart, act.items.contains(where: { !$0.candidates.isEmpty }) { return true }
            let least = intent == .removeFromCart ? Self.wordsForOne.taken : Self.wordsForOne.changed
            return skipped * least <= words && !(act.items.isEmpty && act.slots[.category] == nil)
        default: return true
        }
    }
}

extension Act {
    /// The number that was said alone.
    fileprivate var number: Quantity? { slots[.quantity].flatMap(Quantity.init(decimal:)) }

    /// Whether it names one of what was offered by its place or its price: "the second one", "the cheaper one".
    public var isPointing: Bool {
        intent == .addToCart && items.allSatisfy(\.candidates.isEmpty) && slots[.insteadOf] == nil
            && (slots[.ordinal] != nil || slots[.preference] != nil)
    }
}

extension Intent {
    fileprivate var isSmallTalk: Bool {
        switch self {
        case .affirm, .deny, .thanks, .greet, .wait: true
        default: false
        }
    }

    fileprivate var chooses: Bool { self == .chooseDelivery || self == .choosePayment }

    /// Whether it only wants to know something.
    fileprivate var asks: Bool {
        switch self {
        case .faq, .productDetails, .checkAvailability, .compareProducts, .recommend: true
        default: false
        }
    }
}

extension Catalog {
    /// A modifier that is wanted so often. Twice is what a shop calls extra; what it has no amount for is to be refused.
    func taking(_ choice: ChosenModifier, times: Quantity) -> ChosenModifier {
        if times <= 1 { return choice }
        let isExtra = times == 2 && group(choice.group)?.amounts.contains(ChosenModifier.extra) == true
        return choice.in(amount: isExtra ? ChosenModifier.extra : times.decimal)
    }
}

extension ChosenModifier {
    fileprivate func `in`(amount: String) -> ChosenModifier { ChosenModifier(group: group, id: id, amount: amount) }
}

extension ItemPhrase {
    /// Takes what is said of it later: in a group that has one, the new modifier replaces the old.
    fileprivate mutating func take(_ said: ItemPhrase, in catalog: Catalog) {
        modifiers.removeAll { old in
            said.modifiers.contains { $0.group == old.group && (catalog.group(old.group)?.max == 1 || $0.id == old.id) }
        }
        modifiers += said.modifiers
        without += said.without.filter { !without.contains($0) }
        unclear += said.unclear
    }
}
