// Which of the things named something is said of: some of several, each of them, what comes next. Items come in as they were
// spoken of; items with all that is said of them go out.

import Commerce

extension FollowUps {
    /// What of `said` the product can have; nil where something is left.
    private func fitting(_ said: ItemPhrase, _ item: ItemPhrase) -> ItemPhrase? {
        guard let product = item.sku.flatMap(catalog.product) else { return nil }
        let result = said.fitted(to: product)
        let isAll = (result.modifiers + result.without).allSatisfy { product.modifierGroups.contains($0.group) }
        return isAll ? result : nil
    }

    /// "Two large pies, one with ham and the other with onions" are one large pie with ham and one with onions.
    /// What no such thing can have is torn off: "and a bottle of beer".
    func parted(_ items: [ItemPhrase], _ torn: inout [Act]) -> [ItemPhrase] {
        var result: [ItemPhrase] = []
        /// The item that is being taken apart, how many of it are left, and its place.
        var whole: (item: ItemPhrase, all: Quantity, left: Quantity)?
        let items = summed(led(items)).flatMap(dealt)
        for (place, item) in items.enumerated() {
            if let each = told(apart: item, of: whole?.all ?? result.last?.quantity) {
                return parted(items[..<place] + each + items[(place + 1)...], &torn)
            }
            if item.isOfEach {
                if !take(item, into: &result) { torn.append(Act(.changeModifiers, items: [item])) }
                whole = nil
                continue
            }
            if let share = item.quantity, share < 1, isCounted(item), let before = result.last?.quantity, before > 1 {
                // "Twenty coffees, half black", where there is black tea: no half of one.
                torn.append(Act(.addToCart, items: [item]))
                continue
            }
            let isBare = item.quantity == nil && !item.hasModifiers
            // "Screws for wood", which are wood screws.
            if isBare, item.isGuess, let before = result.last?.sku, item.candidates.contains(before) { continue }
            // "She loves chocolate, so add a box of chocolates" are not two.
            if isBare, item.sku != nil, items[(place + 1)...].contains(where: { $0.sku == item.sku }) { continue }
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
            if whole == nil, isOther(fitting, than: known.item) {
                // "One burger rare, one well done", "two strawberry yogurts, two peach": those are others.
                var other = ItemPhrase(candidates: known.item.candidates, quantity: item.quantity ?? 1)
                other.take(fitting, in: catalog)
                result.append(other)
                continue
            }
            if let share = item.quantity, share < 1 {
                // "Half ham, half onion": whether it can be had so is the shop's to say.
                var half = fitting
                half.modifiers = half.modifiers.map { $0.in(amount: ChosenModifier.half) }
                result[last].take(half, in: catalog)
                continue
            }
            if whole == nil, let number = item.quantity, number > known.left, known.item.quantity == nil,
                fitting.modifiers.contains(where: isKind)
            {
                // "Bulbs, ten of them cold."
                result[last].take(fitting, in: catalog)
                result[last].quantity = number
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

    /// "Two mango and a sweet", of three: two of one kind and one of the other.
    private func told(apart item: ItemPhrase, of all: Quantity?) -> [ItemPhrase]? {
        guard item.candidates.isEmpty, let number = item.quantity, let all, let first = item.modifiers.first,
            item.modifiers.allSatisfy({ $0.group == first.group && isKind($0) }), item.modifiers.count > 1,
            number + Quantity(thousandths: 1_000 * (item.modifiers.count - 1)) == all
        else { return nil }
        return item.modifiers.enumerated().map { place, kind in
            var one = item
            one.modifiers = [kind]
            one.quantity = place == 0 ? number : 1
            return one
        }
    }

    private func isCounted(_ item: ItemPhrase) -> Bool {
        item.sku.flatMap(catalog.product)?.isCounted == true
    }

    /// "Green tea, two iced, one hot" are three teas: as many as its kinds are.
    private func summed(_ items: [ItemPhrase]) -> [ItemPhrase] {
        var items = items
        for place in items.indices where items[place].sku != nil && items[place].quantity == nil {
            let kinds = items[(place + 1)...].prefix { part in
                part.candidates.isEmpty && !part.isOfEach && part.quantity.map { $0 >= 1 } ?? false
                    && fitting(part, items[place]).map { $0.modifiers.contains(where: isKind) } ?? false
            }
            if kinds.count > 1 { items[place].quantity = kinds.reduce(0) { $0 + ($1.quantity ?? 0) } }
        }
        return items
    }

    /// "Two shakes: chocolate and vanilla" are one of each, as a shake has one flavor.
    private func dealt(_ item: ItemPhrase) -> [ItemPhrase] {
        guard item.sku != nil, let all = item.quantity, all > 1 else { return [item] }
        let kinds = item.modifiers.filter { choice in
            isKind(choice) && item.modifiers.count { $0.group == choice.group } > 1
        }
        guard Set(kinds.map(\.group)).count == 1, kinds.count * 1_000 == all.thousandths else { return [item] }
        return kinds.map { kind in
            var one = item
            one.quantity = 1
            one.modifiers.removeAll { $0.group == kind.group && $0 != kind }
            return one
        }
    }

    /// Whether a thing is of one such kind only, however often that is said: hot or iced, not sugar.
    private func isKind(_ choice: ChosenModifier) -> Bool {
        catalog.group(choice.group).map { $0.max == 1 && $0.amounts.isEmpty } ?? false
    }

    /// Whether `said` is of a kind that `item` is not: of a group that has one it has another.
    private func isOther(_ said: ItemPhrase, than item: ItemPhrase) -> Bool {
        // "Two, one of them iced" is a share, and "two large ones, one small" is not.
        let isShare = said.quantity.map { $0 < 1 } ?? (item.quantity ?? 1 > 1)
        return !isShare
            && said.modifiers.contains { new in
                catalog.group(new.group)?.max == 1 && new.amount == nil
                    && item.modifiers.contains { $0.group == new.group && $0.id != new.id }
            }
    }

    /// "Both with cheese": of each of the things before it that can have it. Whether there was one.
    private func take(_ said: ItemPhrase, into items: inout [ItemPhrase]) -> Bool {
        var isTaken = false
        for place in items.indices {
            guard let fitting = fitting(said, items[place]) else { continue }
            items[place].take(fitting, in: catalog)
            isTaken = true
        }
        return isTaken
    }

    /// What is said of things before they are named is put behind them: "four large, two colas and two lemonades", "both large,
    /// a cola and a lemonade", "half ham, half onion pizza".
    private func led(_ items: [ItemPhrase]) -> [ItemPhrase] {
        guard let first = items.first, first.candidates.isEmpty, first.hasModifiers,
            let named = items.firstIndex(where: { !$0.candidates.isEmpty })
        else { return items }
        var rest = Array(items[named...])
        if named == 1, rest.count == 1, !first.isOfEach, let number = first.quantity, rest[0].quantity == nil,
            !rest[0].isKnown,
            !rest[0].hasModifiers
        {
            // "A large cola", of which there is one size: it is said of the cola, to be refused.
            var whole = first
            (whole.candidates, whole.quantity) = (rest[0].candidates, number)
            rest[0] = whole
            return rest
        }
        if named == 1, first.isOfEach { return rest + [first] }
        let products = rest.filter { !$0.candidates.isEmpty }
        if named == 1, let all = first.quantity, all > 1, products.reduce(0, { $0 + ($1.quantity ?? 1) }) == all {
            var each = first
            each.isOfEach = true
            return rest + [each]
        }
        let shares = items[..<named]
        guard let share = rest[0].quantity, share < 1, shares.allSatisfy({ $0.quantity.map { $0 < 1 } ?? false }) else {
            return items
        }
        var halved = rest[0]
        halved.quantity = nil
        var last = rest[0]
        last.candidates = []
        // What both halves have is no half: the size of it.
        let isShared: (ChosenModifier) -> Bool = { choice in
            !first.modifiers.contains { $0.group == choice.group }
        }
        halved.modifiers = last.modifiers.filter(isShared)
        last.modifiers.removeAll(where: isShared)
        return [halved] + shares + [last] + rest.dropFirst()
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
