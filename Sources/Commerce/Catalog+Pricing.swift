// From what was said to a line of the cart, and from a line to its price.
// In: a SKU, a quantity, modifiers and exclusions as spoken. Out: a line in canonical form, or the shop's reason why not.

extension Catalog {
    /// Makes a line of what was said: defaults filled in, modifiers in the order of the catalogue, each at most once (the
    /// last amount said counts). An exclusion wins over a modifier and over a default; of a group that has to have one, the
    /// caller then has to say which. An excluded amount ("no extra cheese") only takes the amount back.
    public func line(
        for sku: String, quantity: Quantity, modifiers: [ChosenModifier] = [], without: [ChosenModifier] = []
    ) -> Result<LineItem, Refusal> {
        guard let product = product(sku) else { return .failure(.unknownProduct(sku: sku)) }
        if let refusal = refusal(of: quantity, for: product) { return .failure(refusal) }
        let groups = groups(of: product)
        for (choice, isExclusion) in modifiers.map({ ($0, false) }) + without.map({ ($0, true) })
        where !isKnown(choice, isExclusion: isExclusion, in: groups) {
            return .failure(.modifierUnavailable(sku: sku, group: choice.group, id: choice.id))
        }
        var taken: [ChosenModifier] = []
        var left: [ChosenModifier] = []
        for group in groups {
            let excluded = without.filter { $0.group == group.id }
            let isExcluded = { (id: String) in excluded.contains { $0.id == id && $0.amount == nil } }
            var choices = group.inOrder(modifiers).filter { !isExcluded($0.id) }.map { choice in
                excluded.contains(choice) ? ChosenModifier(group: choice.group, id: choice.id) : choice
            }
            if choices.isEmpty, let standard = group.defaultModifier, !isExcluded(standard) {
                choices = [ChosenModifier(group: group.id, id: standard)]
            }
            // "Half turkey, half ham" fill one place.
            let halves = choices.count { $0.amount == ChosenModifier.half }
            let places = choices.count - halves + (halves + 1) / 2
            guard (group.min...max(group.min, group.max)).contains(places) else {
                return .failure(.modifierCount(sku: sku, group: group.id, min: group.min, max: group.max))
            }
            taken += choices
            left += group.inOrder(excluded)
        }
        return .success(LineItem(sku: sku, quantity: quantity, modifiers: taken, without: left))
    }

    /// Changes a line by what was said: in a group that takes one, a new modifier replaces the old; in others it is added.
    /// An exclusion takes a modifier back.
    public func line(
        changing line: LineItem, taking modifiers: [ChosenModifier] = [], without: [ChosenModifier] = []
    ) -> Result<LineItem, Refusal> {
        guard let product = product(line.sku) else { return .failure(.unknownProduct(sku: line.sku)) }
        let groups = groups(of: product)
        var kept = line.modifiers
        var left = line.without
        for choice in modifiers {
            let isSingle = groups.first { $0.id == choice.group }?.max == 1
            kept.removeAll { $0.group == choice.group && (isSingle || $0.id == choice.id) }
            left.removeAll { $0.group == choice.group && $0.id == choice.id }
        }
        var excluded: [ChosenModifier] = []
        for choice in without {
            let isTaken = kept.contains { $0.group == choice.group && $0.id == choice.id }
            let group = groups.first { $0.id == choice.group }
            if choice.amount == nil { kept.removeAll { $0.group == choice.group && $0.id == choice.id } }
            // What was only an addition goes without a trace; what belongs to the product has to be named to the kitchen.
            let isAddition = isTaken && choice.amount == nil && group?.defaultModifier != choice.id
            if !isAddition || group?.removable == true { excluded.append(choice) }
        }
        return self.line(
            for: line.sku, quantity: line.quantity, modifiers: kept + modifiers, without: left + excluded)
    }

    /// Why a product cannot be had in this quantity, its stock aside; nil if it can.
    public func refusal(of quantity: Quantity, for product: Product) -> Refusal? {
        if quantity > .mostOfOneLine { return .tooMany(sku: product.sku, maximum: .mostOfOneLine) }
        guard quantity > 0, quantity.thousandths % product.step.thousandths == 0 else {
            return .notAStep(sku: product.sku, step: product.step)
        }
        return nil
    }

    /// What one unit of a line costs: the product's price of today and its modifiers. An amount such as `extra` costs the
    /// modifier's price once, as without it; a dearer double portion is a modifier of its own. An exclusion costs nothing and
    /// saves nothing. nil for a product or a modifier that is not sold any more.
    public func unitPrice(of line: LineItem) -> Money? {
        guard let product = product(line.sku) else { return nil }
        var price = product.priceToday
        for choice in line.modifiers {
            guard product.modifierGroups.contains(choice.group),
                let modifier = group(choice.group)?.modifier(choice.id)
            else { return nil }
            price = price + modifier.price
        }
        return price
    }

    /// A line with its price; nil for what is not sold any more.
    public func priced(_ line: LineItem) -> PricedLine? {
        guard let product = product(line.sku), let unitPrice = unitPrice(of: line) else { return nil }
        return PricedLine(
            item: line, title: product.naming.title, unitPrice: unitPrice, total: unitPrice.times(line.quantity),
            variant: product.variant(of: line))
    }

    private func isKnown(_ choice: ChosenModifier, isExclusion: Bool, in groups: [ModifierGroup]) -> Bool {
        guard let group = groups.first(where: { $0.id == choice.group }), group.modifier(choice.id) != nil else {
            return false
        }
        guard let amount = choice.amount else { return !isExclusion || group.removable }
        return group.amounts.contains(amount)
    }
}

extension Product {
    /// What the maker calls exactly this combination; nil where it has no name of its own.
    fileprivate func variant(of line: LineItem) -> String? {
        if variants.isEmpty { return nil }
        let chosen = modifierGroups.map { group in line.modifiers.first { $0.group == group }?.id }
        return variants.first { $0.modifiers == chosen }?.sku
    }
}

extension ModifierGroup {
    /// Those of `choices` that are this group's, in its order, each once: an exclusion of all of it beats one of an amount,
    /// else the last said counts.
    fileprivate func inOrder(_ choices: [ChosenModifier]) -> [ChosenModifier] {
        modifiers.compactMap { modifier in choices.last { $0.group == id && $0.id == modifier.id } }
    }
}
