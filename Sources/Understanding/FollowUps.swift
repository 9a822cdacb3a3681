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
        let isTornUp =
            acts.contains { $0.isMeasured && !$0.isOfSpoken } && acts.contains { $0.intent == .changeModifiers }
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
                let isTorn = act.intent == .inform && act.number != nil && !act.isOfSpoken
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
        // "Any glue for wood?" asks about glue, and guesses at no wood screws.
        result = result.indices.filter { place in
            place == 0 || !result[place - 1].intent.asks || result[place].intent != .addToCart
                || !result[place].items.allSatisfy { $0.isGuess || $0.sku == nil && $0.quantity == nil }
                || result[place].items.isEmpty
        }.map { result[$0] }
        let parted = result.enumerated().map { place, act in
            guard act.intent == .addToCart else { return act }
            var act = act
            if act.items.count == 1, let said = act.items.first, said.isOfEach, said.candidates.isEmpty,
                said.hasModifiers
            {
                // "Both large", of what is there already.
                return Act(.changeModifiers, confidence: act.confidence, items: [said], slots: [.preference: Self.all])
            }
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
        let isCounted = before.intent == .inform && !before.isMeasured && act.intent == .searchProducts
        guard act.items.allSatisfy(\.candidates.isEmpty), act.slots[.unit] == nil,
            before.slots[.unit] == nil || isCounted
        else { return nil }
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
        // "Toothpaste, the cheapest", where there is one.
        if before.intent == .addToCart, before.items.last?.sku != nil, act.isPointing, act.items.isEmpty,
            act.slots[.ordinal] == nil
        {
            return before
        }
        let number = act.intent == .changeQuantity || act.intent == .inform ? act.number : nil
        let said = act.intent == .changeModifiers ? act.items.first : nil
        var joined = before
        if before.isPointing, said != nil || number != nil {
            var item = before.items.first ?? ItemPhrase(candidates: [], quantity: before.number)
            if let said { item.take(said, in: catalog) }
            item.quantity = number ?? item.quantity ?? before.number
            joined.items = [item]
            joined.slots[.quantity] = nil
            return joined
        }
        if before.intent == .inform, let number = before.number, !before.isMeasured, act.intent == .searchProducts,
            act.items.isEmpty, Set(act.slots.keys) == [.category]
        {
            // "Three packs of paper", of which there are several.
            let slots = act.slots.merging([.quantity: number.decimal]) { $1 }
            return Act(.addToCart, confidence: before.confidence, slots: slots)
        }
        if before.intent == .addToCart, before.items.isEmpty, before.slots[.category] != nil, let said {
            joined.items = [said]
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
            if act.slots[.preference] == Act.asMuch {
                order.items += act.items
                order.items[last + 1].quantity = order.items[last].quantity
                return order
            }
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
        case .addToCart where !act.items.isEmpty && act.slots.isEmpty:
            // "Socks, four pairs, two black two grey."
            let parts = act.items.compactMap(\.quantity)
            // "Kulfi, one mango, one rose", where no number was said, are as many as their kinds.
            let all = order.items[last].quantity ?? (order.items[last].sku != nil ? parts.reduce(0, { $0 + $1 }) : nil)
            guard parts.count == act.items.count, parts.reduce(0, { $0 + $1 }) == all else { return nil }
            order.items += act.items
            return order
        case .addToCart where act.slots[.preference] == Act.another:
            guard var said = act.items.first else { return nil }
            guard order.items[last].sku != nil else {
                // "3 naan, 2 garlic and a plain one": another part of them.
                said.quantity = act.number ?? 1
                if order.items[last].quantity != nil, order.items.contains(where: { $0.sku != nil }) {
                    order.items.append(said)
                    return order
                }
                return nil
            }
            var other = order.items[last]
            other.quantity = act.number ?? 1
            other.take(said, in: catalog)
            order.items.append(other)
            return order
        case .changeModifiers where act.slots[.told] != nil || act.slots[.preference] == Act.unsure: return nil
        case .changeModifiers:
            guard order.items[last].sku != nil, act.items.count == 1, let said = act.items.first,
                said.candidates.isEmpty || said.candidates == order.items[last].candidates,
                let product = order.items[last].sku.flatMap(catalog.product)
            else { return nil }
            if act.slots[.preference] == Self.all, order.items.count > 1 {
                // "400 grams of ham and the same of salami, both thin."
                order.items.append(said)
                order.items[last + 1].isOfEach = true
                return order
            }
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
            if let choice = choice(numbered: number, of: order.items[last]) {
                // "A ruler, 15 cm, no, 30" are no thirty rulers.
                order.items[last].take(ItemPhrase(candidates: [], modifiers: [choice]), in: catalog)
            } else {
                order.items[last].quantity = number
            }
            return order
        case .inform:
            // "Batteries, two packs" and "batteries x 2".
            if let shifted = shifted(order, by: act) { return shifted }
            let isWeighed = order.items[last].sku.flatMap(catalog.product)?.isCounted == false
            guard order.items[last].quantity == nil, let number = act.number,
                isCount(act.slots[.unit]) || isWeighed && act.isMeasured
            else { return nil }
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

    /// "Masking tape, 3 rolls, duct tape, one roll": each number is of what stands before it.
    private func shifted(_ order: Act, by act: Act) -> Act? {
        guard order.items.count > 1, order.items[0].quantity == nil, act.number != nil, isCount(act.slots[.unit]),
            order.items.dropFirst().allSatisfy({ $0.quantity != nil })
        else { return nil }
        var order = order
        let numbers = order.items.dropFirst().map(\.quantity) + [act.number]
        for (place, number) in numbers.enumerated() { order.items[place].quantity = number }
        return order
    }

    /// The one choice of a product that is called by a number, in a group of which one was said already.
    private func choice(numbered number: Quantity, of phrase: ItemPhrase) -> ChosenModifier? {
        guard let product = phrase.sku.flatMap(catalog.product) else { return nil }
        let figures = Substring(number.decimal)
        let named = catalog.groups(of: product).filter { group in
            phrase.modifiers.contains { $0.group == group.id }
        }.flatMap { $0.choices { $0.split(separator: " ").contains(figures) } }
        return named.count == 1 ? named[0] : nil
    }

    /// What stands for the thing that was named last.
    private static let last = "last"
    /// The preference of who means everything that was spoken of.
    private static let all = "all"
    /// The unit of a number that is meant for each thing.
    private static let each = "each"

    private func isCount(_ unit: String?) -> Bool {
        guard let unit else { return true }
        return !catalog.products.contains { $0.unit == unit && !$0.isCounted } && !ActBuilder.weights.contains(unit)
    }
}

extension Act {
    /// "300 grams of that."
    fileprivate var isOfSpoken: Bool { slots[.preference] != nil }

    /// The number that was said alone.
    fileprivate var number: Quantity? { slots[.quantity].flatMap(Quantity.init(decimal:)) }

    /// The preference of who wants one more of what was spoken of last, but for what is said of it: "and a white one".
    public static let another = "another"
    /// The same of one that is there already: "two more blacks".
    public static let moreSuch = "more_such"
    /// The preference of who wants as much as of what was spoken of last: "and the same of salami".
    public static let asMuch = "as_much"
    /// "Rose as well": another one, or that as well.
    public static let also = "also"
    /// "No rabbit": takes something away, or corrects.
    public static let unsure = "unsure"
    /// "Cancel the red": takes something off a thing, or the thing away.
    public static let off = "off"

    /// Whether it names one of what was offered by its place or its price: "the second one", "the cheaper one".
    public var isPointing: Bool {
        intent == .addToCart && items.allSatisfy(\.candidates.isEmpty) && slots[.insteadOf] == nil
            && (slots[.ordinal] != nil || slots[.preference] != nil)
    }
}

extension Intent {
    /// Whether it says how something is to be brought or paid.
    var chooses: Bool { self == .chooseDelivery || self == .choosePayment }

    /// Whether it only wants to know something.
    var asks: Bool {
        switch self {
        case .faq, .productDetails, .checkAvailability, .compareProducts, .recommend: true
        default: false
        }
    }
}

extension Act {
    /// The same of things of which was said for whom they are.
    var shared: Act {
        guard intent == .addToCart else { return self }
        var act = self
        for item in items.indices where items[item].quantity == nil && !items[item].candidates.isEmpty {
            act.items[item].isShared = true
        }
        return act
    }

    /// The same where a comma behind "no" says that it corrects.
    var corrected: Act {
        var act = self
        if slots[.preference] == Self.unsure { act.slots[.preference] = nil }
        return act
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
    func `in`(amount: String) -> ChosenModifier { ChosenModifier(group: group, id: id, amount: amount) }
}

extension ItemPhrase {
    /// Takes what is said of it later: in a group that has one, the new modifier replaces the old.
    mutating func take(_ said: ItemPhrase, in catalog: Catalog) {
        modifiers.removeAll { old in
            said.modifiers.contains { new in
                // "Half turkey, half ham" are one of a group.
                let isOther =
                    old.amount == ChosenModifier.half && new.amount == ChosenModifier.half && old.id != new.id
                    && catalog.group(old.group)?.amounts.contains(ChosenModifier.half) == true
                return new.group == old.group && !isOther && (catalog.group(old.group)?.max == 1 || new.id == old.id)
            }
        }
        modifiers += said.modifiers
        without += said.without.filter { !without.contains($0) }
        unclear += said.unclear
    }
}
