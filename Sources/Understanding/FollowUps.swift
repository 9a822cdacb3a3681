// What is said of an item later in the same breath belongs to the item: "two pizzas, one with ham", "a cola, actually make
// that two". Acts as they were parsed come in; acts whose items carry all that was said of them go out.

import Commerce

struct FollowUps {
    let catalog: Catalog

    /// Joins acts to the order before them, and parts of items to the items they are of.
    func joined(_ acts: [Act]) -> [Act] {
        var result: [Act] = []
        for act in acts {
            guard let last = result.indices.last, result[last].intent == .addToCart, !result[last].items.isEmpty,
                let grown = grown(result[last], by: act)
            else {
                result.append(act)
                continue
            }
            result[last] = grown
        }
        return result.map { act in
            guard act.intent == .addToCart else { return act }
            var act = act
            act.items = parted(act.items)
            return act
        }
    }

    /// `order` with what `act` says of its last item; nil where it says something else.
    private func grown(_ order: Act, by act: Act) -> Act? {
        guard let last = order.items.indices.last, order.items[last].sku != nil else { return nil }
        var order = order
        switch act.intent {
        case .addToCart where act.items.contains { !$0.candidates.isEmpty }:
            order.items += act.items
            order.slots.merge(act.slots) { $1 }
            return order
        case .changeModifiers:
            guard act.items.count == 1, let said = act.items.first,
                said.candidates.isEmpty || said.candidates == order.items[last].candidates,
                let fitting = fitting(said, order.items[last])
            else { return nil }
            order.items[last].modifiers += fitting.modifiers.filter { !order.items[last].modifiers.contains($0) }
            order.items[last].without += fitting.without.filter { !order.items[last].without.contains($0) }
            return order
        case .changeQuantity:
            guard act.items.isEmpty, let number = act.slots[.quantity].flatMap(Quantity.init(decimal:)) else {
                return nil
            }
            order.items[last].quantity = number
            return order
        default: return nil
        }
    }

    /// What of `said` the product can have, in the one group of its own that knows the word; nil where something is left.
    private func fitting(_ said: ItemPhrase, _ item: ItemPhrase) -> ItemPhrase? {
        guard let groups = item.sku.flatMap(catalog.product)?.modifierGroups else { return nil }
        var result = said
        result.modifiers = said.modifiers.filter { groups.contains($0.group) }
        result.without = said.without.filter { groups.contains($0.group) }
        let isAll =
            (said.modifiers.isEmpty || !result.modifiers.isEmpty) && (said.without.isEmpty || !result.without.isEmpty)
        return isAll ? result : nil
    }

    /// "Two large pies, one with ham and the other with onions" are one large pie with ham and one with onions.
    private func parted(_ items: [ItemPhrase]) -> [ItemPhrase] {
        var result: [ItemPhrase] = []
        /// The item that is being taken apart, how many of it are left, and its place.
        var whole: (item: ItemPhrase, left: Quantity)?
        for item in items {
            guard item.candidates.isEmpty, let last = result.indices.last else {
                result.append(item)
                whole = nil
                continue
            }
            let known = whole ?? (result[last], result[last].quantity ?? 1)
            guard let fitting = fitting(item, known.item), known.left > 0 else {
                result.append(item)
                continue
            }
            let taken = min(item.quantity ?? known.left, known.left)
            if whole == nil { result.removeLast() } else if result[last] == known.item { result.removeLast() }
            var part = known.item
            part.quantity = taken
            part.modifiers += fitting.modifiers.filter { !part.modifiers.contains($0) }
            part.without += fitting.without.filter { !part.without.contains($0) }
            result.append(part)
            let left = known.left - taken
            var rest = known.item
            rest.quantity = left
            whole = (rest, left)
            if left > 0 { result.append(rest) }
        }
        return result
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

    /// Whether `act` can have been meant beside what is left over. What changes something has to name it: "skip this" in
    /// a sentence about something else is not about the cart.
    func allows(_ act: Act) -> Bool {
        guard skipped > 0 || isSearch else { return true }
        switch act.intent {
        case .addToCart, .removeFromCart, .changeQuantity, .repeatOrder, .clearCart, .changeModifiers:
            if isQuestion && skipped > 0 || isSearch { return false }
            if act.items.contains(where: { !$0.candidates.isEmpty }) { return true }
            return skipped * 6 <= words && !act.items.isEmpty
        case .affirm, .deny, .inform, .repeat, .wait, .placeOrder, .thanks, .greet, .startOver, .checkout:
            return skipped * 4 <= words && !isSearch
        default: return true
        }
    }
}
