// The cart: adding and showing. Every refusal of the shop gets words and, where there is one, a way out.

import Commerce
import Language
import Understanding

extension Turn {
    // MARK: Adding

    mutating func add(_ act: Act) {
        if let other = act.slots[.insteadOf] { return exchange(other, for: act) }
        guard var phrase = act.items.first else { return addUnnamed(act) }
        if act.isPointing { return addUnnamed(act) }
        guard !phrase.candidates.isEmpty else {
            if act.slots[.category] != nil { return addOfKind(phrase, act) }
            // "And extra cheese", "and two more": about the line that was spoken of last.
            if state.lastLine == nil { return ask(.product(act)) }
            guard phrase.hasModifiers else {
                // "Two of them without": without what, of so many as there are?
                let isPart =
                    phrase.quantity ?? 1 <= state.lastLine?.quantity ?? 0 && state.lastLine?.modifiers.isEmpty == false
                return isPart ? ask(.whatToChange) : addMore(phrase.quantity ?? 1)
            }
            if let number = phrase.quantity, number.thousandths >= Self.leastOfSizes,
                let choice = choice(numbered: number, of: state.lastLine.map { ItemPhrase($0) } ?? phrase)
            {
                // "500, as a syrup": milligrams, and no packages.
                phrase.quantity = nil
                phrase.modifiers.append(choice)
                return changeModifiers(act.with(intent: .changeModifiers, items: [phrase]))
            }
            return phrase.quantity == nil ? changeModifiers(act) : changeSome(phrase, act)
        }
        guard let sku = phrase.sku else { return choose(among: phrase.candidates, for: act) }
        if state.phase.wish == sku { state.phase = .idle }
        setAside()
        phrase = fitted(phrase, to: sku)
        // "42, for the boots": what was just said of them.
        if phrase.isKnown, phrase.quantity == nil, !phrase.hasModifiers, added.contains(where: { $0.sku == sku }) {
            return
        }
        if phrase.isShared, phrase.quantity == nil, !phrase.isGuess {
            // "Stewing beef for 4 people": how much that is they know better.
            phrase.isShared = false
            return ask(.quantity(act.with(items: [phrase])))
        }
        if act.slots[.preference] == Act.asMuch, phrase.quantity == nil {
            // "And the same of salami."
            guard let line = state.lastLine, isMeasuredAlike(line.sku, sku) else {
                return ask(.quantity(act.with(items: [phrase], slots: [:])))
            }
            phrase.quantity = line.quantity
        }
        if phrase.isKnown, phrase.quantity == nil, !phrase.isGuess, state.cart.lines.contains(where: { $0.sku == sku })
        {
            // "The coffee with milk", "just the candles", which are there: nobody is given them twice unasked.
            phrase.isKnown = false
            guard phrase.hasModifiers else { return ask(.heard(act.with(items: [phrase]))) }
            return changeModifiers(act.with(intent: .changeModifiers, items: [phrase]))
        }
        if phrase.isGuess {
            phrase.isGuess = false
            leaveQuestion()
            if let product = context.catalog.product(sku), !isInStock(product) { return sayingSoldOut(sku) }
            return ask(.offer(phrase))
        }
        guard phrase.unclear.isEmpty else { return ask(.meaning(act.with(items: [phrase]), sku: sku)) }
        phrase.without.removeAll(where: isNeverThere)
        if let group = settleKinds(&phrase, besides: []) {
            return ask(.modifier(act.with(items: [phrase]), sku: sku, group: group))
        }
        let made = context.catalog.line(
            for: sku, quantity: phrase.quantity ?? 1, modifiers: phrase.modifiers, without: phrase.without)
        let most = context.shop.limits.maximumQuantity ?? .mostOfOneLine
        switch made {
        // Nobody is asked what color ten thousand of them should have.
        case .failure(.modifierCount) where phrase.quantity ?? 1 > most:
            explain(.tooMany(sku: sku, maximum: most), for: act.with(items: [phrase]))
        case .failure(let refusal): explain(refusal, for: act.with(items: [phrase]))
        case .success(let line): put(line, for: act.with(items: [phrase]))
        }
    }

    /// What is being asked of a wish is asked again when something else is settled.
    mutating func setAside() {
        switch state.phase {
        case .asking(.modifier(let wish, _, _)), .asking(.meaning(let wish, _)):
            state.phase = .idle
            state.pending.insert(wish, at: 0)
        default: break
        }
    }

    /// "Not green", of what is of one color: what it comes in else, where that is plain, as it has `chosen` or the standard; the group
    /// to ask about where it is not.
    mutating func settleKinds(_ phrase: inout ItemPhrase, besides chosen: [ChosenModifier]) -> String? {
        for choice in phrase.without {
            guard let group = context.catalog.group(choice.group), group.max == 1, !group.removable, group.min > 0
            else {
                continue
            }
            let unwanted = phrase.without.filter { $0.group == group.id }.map(\.id)
            phrase.without.removeAll { $0.group == group.id }
            let had = (phrase.modifiers + chosen).first { $0.group == group.id }?.id ?? group.defaultModifier
            if let had, !unwanted.contains(had) { continue }
            let left = group.modifiers.map(\.id).filter { !unwanted.contains($0) }
            guard let other = left.only ?? group.defaultModifier.flatMap({ left.contains($0) ? $0 : nil }) else {
                return group.id
            }
            phrase.modifiers.removeAll { $0.group == group.id }
            phrase.modifiers.append(ChosenModifier(group: group.id, id: other))
        }
        return nil
    }

    /// Whether a choice is only there if it is asked for, so that there is nothing to leave out: "without any scent".
    private func isNeverThere(_ choice: ChosenModifier) -> Bool {
        guard let group = context.catalog.group(choice.group) else { return false }
        return group.min == 0 && !group.removable && group.defaultModifier == nil
    }

    /// "The second one", "two drinks", or nothing that names a product.
    private mutating func addUnnamed(_ act: Act) {
        if act.slots[.preference] == Self.all {
            guard state.offered.count == 2 else { return ask(.product(act)) }
            // "Both", of two that were compared.
            for sku in state.offered where !hasAsked { add(Act(.addToCart, items: [ItemPhrase(candidates: [sku])])) }
            return
        }
        if act.slots[.preference] == Act.another || act.slots[.preference] == Act.moreSuch { return addAnother(act) }
        if act.slots[.preference] == Self.spokenOf {
            guard let sku = askedAbout ?? state.offered.only else {
                // Nothing was looked at: what was taken last is hardly meant again.
                return state.lastLine.map { ask(.offer(ItemPhrase($0, quantity: nil))) } ?? ask(.product(act))
            }
            return add(Act(.addToCart, confidence: act.confidence, items: [pointed(sku, by: act)]))
        }
        if act.slots[.preference] != nil {
            let meant = preferred(by: act, among: state.offered)
            guard let sku = meant.first else { return ask(.product(act)) }
            let wish = Act(.addToCart, confidence: act.confidence, items: [pointed(sku, by: act)])
            return meant.count == 1 ? add(wish) : choose(among: meant, for: wish)
        }
        if let more = act.quantity, let line = state.lastLine, Set(act.slots.keys).isSubset(of: [.quantity, .unit]) {
            // "Half a kilo more", of what is counted: how many that is nobody knows.
            let isOfOther = act.isMeasured && context.catalog.product(line.sku)?.isCounted == true
            return isOfOther ? ask(.quantity(Act(.addToCart, items: [ItemPhrase(line, quantity: nil)]))) : addMore(more)
        }
        if let ordinal = act.slots[.ordinal].flatMap(Int.init) {
            guard let sku = state.offered.at(ordinal: ordinal) else { return ask(.product(act)) }
            return add(Act(.addToCart, confidence: act.confidence, items: [pointed(sku, by: act)]))
        }
        guard act.slots[.category] != nil || act.slots[.query] != nil else { return ask(.product(act)) }
        let found = find(act)
        guard !found.isEmpty else { return say(.foundNothing) }
        choose(among: found, for: act.with(items: [ItemPhrase(candidates: found, quantity: act.quantity)]))
    }

    /// "Three packs of paper, 100 g", "a clear case": of a kind of goods what can be so.
    private mutating func addOfKind(_ phrase: ItemPhrase, _ act: Act) {
        let found = find(act).filter { canTake(phrase, sku: $0) }
        guard !found.isEmpty else { return say(.foundNothing) }
        var wish = phrase
        wish.candidates = found
        wish.quantity = phrase.quantity ?? act.quantity
        let order = Act(.addToCart, confidence: act.confidence, items: [wish])
        found.count == 1 ? add(order) : choose(among: found, for: order)
    }

    /// "And a white one", "the same in large": what was spoken of last, but for what is said of it.
    private mutating func addAnother(_ act: Act) {
        let said = act.items.first ?? ItemPhrase(candidates: [])
        let lines = state.cart.lines
        // "Two more blacks", of those that are black.
        let such = act.slots[.preference] == Act.moreSuch ? lines.filter { canTake(said, $0) && isSuch($0, said) } : []
        let meant =
            such.last { $0 == state.lastLine } ?? such.last
            ?? state.lastLine.flatMap { canTake(said, $0) ? $0 : nil } ?? lines.last { canTake(said, $0) }
        guard let line = meant ?? state.lastLine else { return ask(.product(act)) }
        let change = fitted(said, to: line.sku)
        guard change.unclear.isEmpty else { return ask(.meaning(act.with(items: [change]), sku: line.sku)) }
        // "And a double, chocolate and strawberry": of the flavors of the one before it has none.
        let anew = Set(change.modifiers.map(\.group))
        let other = LineItem(
            sku: line.sku, quantity: act.quantity ?? 1, modifiers: line.modifiers.filter { !anew.contains($0.group) },
            without: line.without.filter { !anew.contains($0.group) })
        switch context.catalog.line(changing: other, taking: change.modifiers, without: change.without) {
        case .success(let item): put(item, for: Act(.addToCart, items: [ItemPhrase(item)]))
        case .failure(let refusal): explain(refusal, for: act.with(items: [change.of(line.sku)]))
        }
    }

    /// "The second one, large."
    private func pointed(_ sku: String, by act: Act) -> ItemPhrase {
        let said = act.items.first ?? ItemPhrase(candidates: [], quantity: act.quantity)
        return ItemPhrase(candidates: [sku]).refined(by: said, in: context.catalog)
    }

    mutating func choose(among candidates: [String], for act: Act) {
        leaveQuestion()
        // What sold out is no choice, while there are others.
        let there = candidates.filter { context.catalog.product($0).map(isInStock) ?? false }
        ask(Choice(options: there.count > 1 ? there : candidates, act: act))
    }

    mutating func addMore(_ quantity: Quantity) {
        guard let line = state.lastLine else { return ask(.whatWouldYouLike) }
        put(
            LineItem(sku: line.sku, quantity: quantity, modifiers: line.modifiers, without: line.without),
            for: Act(.addToCart, items: [ItemPhrase(line)]))
    }

    mutating func put(_ line: LineItem, for act: Act) {
        var cart = state.cart
        let index = cart.add(line)
        if let refusal = newRefusal(of: cart, about: line.sku) {
            return explain(refusal, for: act, inCart: quantity(of: line.sku))
        }
        leaveQuestion()
        state.cart = cart
        state.lastLine = cart.lines[index]
        // "The second one" and "the cheaper one" are of what was offered last, until something else is spoken of.
        if !state.offered.contains(line.sku) { state.offered = [] }
        state.lastAdded = line
        if state.advice.given.contains(line.sku) { state.advice.taken.insert(line.sku) }
        added.append(line)
    }

    /// Why a changed cart cannot be had because of one product.
    func newRefusal(of cart: Cart, about sku: String) -> Refusal? {
        context.shop.refusals(of: cart, catalog: context.catalog, stock: context.stock).first { $0.sku == sku }
    }

    private func quantity(of sku: String) -> Quantity {
        state.cart.lines.filter { $0.sku == sku }.reduce(0) { $0 + $1.quantity }
    }

    // MARK: Showing

    mutating func sayNotInCart(_ phrase: ItemPhrase) {
        guard let sku = phrase.candidates.first, !state.cart.lines.isEmpty else { return say(.cartEmpty) }
        say(.notInCart, ["product": wording.name(sku)])
    }

    mutating func sayNoneInCart(of category: String) {
        guard !state.cart.lines.isEmpty else { return say(.cartEmpty) }
        let title = context.catalog.category(category)?.naming.title ?? category
        let one = context.pack.rules.singulars(of: context.pack.rules.tokens(of: title)).first?.joined(separator: " ")
        say(.notInCart, ["product": .text(one ?? title)])
    }

    mutating func showCart() {
        guard !state.cart.lines.isEmpty else { return say(.cartEmpty) }
        say(
            .cartShown,
            ["items": wording.items(state.cart.lines, full: true), "total": wording.money(goods)])
    }
}

extension ItemPhrase {
    /// A line as if it had been said.
    init(_ line: LineItem) { self.init(line, quantity: line.quantity) }

    init(_ line: LineItem, quantity: Quantity?) {
        self.init(
            candidates: [line.sku], quantity: quantity, modifiers: line.modifiers, without: line.without)
    }
}
