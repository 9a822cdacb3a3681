// The cart: what is in it becomes another product, more or fewer, of another kind, all of it or some.

import Commerce
import Language
import Understanding

extension Turn {
    /// One product for another, as many of it as there were. Where the new one cannot be had the old one stays.
    mutating func exchange(_ other: String, for act: Act) {
        var act = act
        var sku = other
        if act.items.isEmpty, act.slots[.preference] == Self.spokenOf {
            // "That one instead of the roll": what was looked at last.
            guard let shown = askedAbout ?? state.offered.only else { return ask(.product(Act(.addToCart))) }
            act.items = [ItemPhrase(candidates: [shown])]
        }
        if other == Self.lastOne, let wanted = act.items.first, !wanted.candidates.isEmpty {
            // "Make it a lemonade"; where there is nothing yet, it is a wish like others.
            act.slots[.insteadOf] = nil
            if case .asking(.modifier) = state.phase {
                // "No, make it an eclair", while the fruit of a danish is asked for: there is none yet.
                state.phase = .idle
                let isMore = wanted.quantity != nil && state.cart.lines.contains { $0.sku == wanted.sku }
                return isMore ? changeQuantity(act.with(intent: .changeQuantity)) : add(act)
            }
            guard let last = state.lastLine else { return add(act) }
            if let sku = wanted.sku, wanted.quantity != nil, !wanted.hasModifiers, last.sku != sku,
                state.cart.lines.contains(where: { $0.sku == sku })
            {
                // "Make it two toothbrushes", of which there is one: the toothpaste stays.
                return changeQuantity(Act(.changeQuantity, confidence: act.confidence, items: [wanted]))
            }
            // "Then rather the U lock": instead of the other lock, if there is one.
            let kind = wanted.sku.flatMap(context.catalog.product)?.category
            let ofKind = state.cart.lines.filter { kind != nil && context.catalog.product($0.sku)?.category == kind }
            sku = act.slots[.unit] == nil && !ofKind.contains(last) ? ofKind.only?.sku ?? last.sku : last.sku
            if let category = act.slots[.category] {
                // "The bouquet for a cactus": of what is in the cart.
                guard let own = inCart(of: act).last else { return sayNoneInCart(of: category) }
                sku = own
            }
            if wanted.candidates.contains(sku) {
                act.items = [wanted.of(sku)]
                act.items[0].isGuess = false
            }
            act.slots[.insteadOf] = sku
        } else if other == Self.lastOne {
            // "No, the first one", "no, the other one": of the list that the last line was chosen from.
            guard let last = state.lastLine, state.offered.contains(last.sku),
                let wanted = act.slots[.ordinal].flatMap(Int.init).flatMap({ state.offered.at(ordinal: $0) })
                    ?? preferred(by: act, among: state.offered).only
            else { return ask(.product(Act(.addToCart))) }
            sku = last.sku
            act.items = [ItemPhrase(candidates: [wanted])]
        }
        guard let index = line(meant: ItemPhrase(candidates: [sku]), ordinal: nil) else {
            sayNotInCart(ItemPhrase(candidates: [sku]))
            // "No duck, make that three chicken", where there are several.
            if let several = act.items.first?.candidates, several.count > 1 {
                return choose(among: several, for: Act(.addToCart, confidence: act.confidence, items: act.items))
            }
            return act.items.first.map { offerNotInCart($0) } ?? ()
        }
        if let wanted = act.items.first, wanted.sku != sku, wanted.quantity == nil,
            state.cart.lines.contains(where: { $0.sku == wanted.sku }), !wanted.hasModifiers
        {
            // "Not the gift box, crackers", of which there are some: more of them, or only no box?
            return ask(.heard(Act(.removeFromCart, items: [ItemPhrase(candidates: [sku])])))
        }
        var wish = Act(.addToCart, confidence: act.confidence, items: act.items)
        guard var phrase = act.items.first, let wanted = phrase.sku else {
            guard let candidates = act.items.first?.candidates, !candidates.isEmpty else { return ask(.whatToChange) }
            return choose(among: candidates, for: act)
        }
        phrase.quantity = phrase.quantity ?? state.cart.lines[index].quantity
        phrase = fitted(phrase, to: wanted)
        if phrase.isGuess {
            phrase.isGuess = false
            return ask(.heard(act.with(items: [phrase])))
        }
        guard phrase.unclear.isEmpty else { return ask(.meaning(act.with(items: [phrase]), sku: wanted)) }
        wish.items = [phrase]
        let before = state.cart.lines[index]
        let made =
            wanted == before.sku
            ? context.catalog.line(
                changing: LineItem(
                    sku: wanted, quantity: phrase.quantity ?? 1, modifiers: before.modifiers, without: before.without),
                taking: phrase.modifiers, without: phrase.without)
            : context.catalog.line(
                for: wanted, quantity: phrase.quantity ?? 1, modifiers: phrase.modifiers, without: phrase.without)
        guard case .success(let line) = made else {
            // Whatever is to be chosen of the new one, it is still instead of the old.
            act.items = [phrase]
            act.slots[.insteadOf] = sku
            if case .failure(let refusal) = made { explain(refusal, for: refusal.isChoice ? act : wish) }
            return
        }
        var cart = state.cart
        cart.remove(at: index)
        let place = cart.add(line)
        if let refusal = newRefusal(of: cart, about: wanted) { return explain(refusal, for: wish) }
        leaveQuestion()
        state.cart = cart
        if before.sku != wanted { say(.exchanged, ["old": wording.name(before.sku)]) }
        tellChanged(at: place)
    }

    static let lastOne = "last"
    static let all = "all"
    private static let plain = "plain"
    static let dearest = "dearest"

    mutating func changeQuantity(_ act: Act) {
        guard let quantity = act.quantity else { return ask(.quantity(act)) }
        if act.slots[.unit] == Self.each, act.items.isEmpty { return changeEach(quantity, act) }
        var phrase = act.items.first ?? ItemPhrase(candidates: [])
        if let told = act.slots[.told] {
            guard let line = theOne(among: lines(told: told)) else { return }
            phrase = ItemPhrase(line, quantity: nil)
        }
        if act.items.isEmpty, let category = act.slots[.category] {
            phrase.candidates = context.catalog.products.filter { $0.category == category }.map(\.sku)
        }
        guard let meant = line(meant: phrase, ordinal: nil) else {
            guard let sku = phrase.sku else { return sayNotInCart(phrase) }
            // "No, two colas", of which there are none: they are wanted, perhaps; "just two colas" are, as the first thing.
            if act.slots[.preference] == Self.just, !phrase.isGuess {
                return add(act.with(intent: .addToCart))
            }
            leaveQuestion()
            return ask(.offer(fitted(phrase, to: sku)))
        }
        if act.items.isEmpty, act.slots[.unit] == nil, quantity.thousandths >= Self.leastOfSizes,
            let choice = choice(numbered: quantity, of: ItemPhrase(state.cart.lines[meant]))
        {
            // "No, 28": inches, not tubes.
            return changeModifiers(Act(.changeModifiers, items: [ItemPhrase(candidates: [], modifiers: [choice])]))
        }
        // "Make it a kilo" is about what is weighed.
        let weighed = state.cart.lines.lastIndex { context.catalog.product($0.sku)?.isCounted == false }
        let index = act.isMeasured && phrase.candidates.isEmpty ? weighed ?? meant : meant
        let line = state.cart.lines[index]
        guard quantity > 0 else {
            return remove(Act(.removeFromCart, items: [ItemPhrase(line, quantity: nil)]))
        }
        let wanted = Act(.changeQuantity, items: [ItemPhrase(line, quantity: quantity)])
        if let product = context.catalog.product(line.sku),
            let refusal = context.catalog.refusal(of: quantity, for: product)
        {
            return explain(refusal, for: wanted)
        }
        var cart = state.cart
        cart.changeQuantity(at: index, to: quantity)
        if let refusal = newRefusal(of: cart, about: line.sku) { return explain(refusal, for: wanted) }
        leaveQuestion()
        state.cart = cart
        tellChanged(at: index, before: line.quantity)
    }

    /// Smaller numbers count things, whatever is called by them too; in thousandths.
    static let leastOfSizes = 10_000

    mutating func changeModifiers(_ act: Act) {
        var phrase = act.items.first ?? ItemPhrase(candidates: [])
        guard phrase.hasModifiers else { return ask(.whatToChange) }
        if state.cart.lines.isEmpty, phrase.candidates.isEmpty {
            return ask(.product(act.with(intent: .addToCart)))
        }
        if let told = act.slots[.told] { return changeTold(told, phrase, act) }
        switch act.slots[.preference] {
        case Self.all: return changeAll(phrase, act)
        case Act.also: return changeAlso(phrase, act)
        case Act.unsure: return changeUnsurely(phrase, act)
        case Act.off: if let such = lineToldBy(without: phrase) { return removeTold(such) }
        default: break
        }
        if act.slots[.preference] == Self.plain {
            // "Make the plain one large": the one with the least on it.
            let able = state.cart.lines.filter { canTake(phrase, $0) }
            let least = able.map(\.modifiers.count).min()
            guard let line = able.filter({ $0.modifiers.count == least }).only else { return ask(.whatToChange) }
            state.lastLine = line
            phrase.candidates = [line.sku]
            return changeModifiers(act.with(items: [phrase], slots: [:]))
        }
        // Modifiers are what is to change, so they do not tell which line is meant.
        let product = ItemPhrase(candidates: phrase.candidates.isEmpty ? inCart(of: act) : phrase.candidates)
        let meant = line(
            meant: product, ordinal: act.slots[.ordinal].flatMap(Int.init), for: phrase,
            insteadOf: act.slots[.insteadOf])
        guard let index = meant else { return offerNotInCart(phrase) }
        if var some = act.slots[.quantity].flatMap(Quantity.init(decimal:)), act.items.count == 1 {
            // "No studs on two of them", "half of the rolls without seeds".
            state.lastLine = state.cart.lines[index]
            if some < 1, context.catalog.product(state.cart.lines[index].sku)?.isCounted == true {
                some = Quantity(thousandths: some.thousandths * state.cart.lines[index].quantity.thousandths / 1_000)
            }
            var part = phrase
            part.quantity = some
            return changeSome(part, Act(.changeModifiers, confidence: act.confidence, items: [phrase]))
        }
        if let old = act.slots[.insteadOf], !state.cart.lines[index].modifiers.contains(where: { $0.id == old }) {
            // "The bacon, not the ham", where there is no ham.
            return ask(
                .heard(Act(.changeModifiers, items: [ItemPhrase(state.cart.lines[index].sku, changedBy: phrase)])))
        }
        let isOfLast = state.lastLine.map { canTake(phrase, $0) } ?? false
        if phrase.candidates.isEmpty, !canTake(phrase, state.cart.lines[index]) || !isOfLast,
            let named = line(namedIn: phrase)
        {
            // "Without the tomatoes", which are goods of their own here.
            return remove(Act(.removeFromCart, confidence: act.confidence, items: [ItemPhrase(candidates: [named])]))
        }
        var line = state.cart.lines[index]
        if let old = act.slots[.insteadOf] {
            line.modifiers.removeAll { $0.id == old }
            // "Chicken, not tofu": the tofu that can be left out of soups is another one.
            let groups = line.modifiers.filter { $0.id == old }.map(\.group)
            phrase.without.removeAll { $0.id == old && !groups.contains($0.group) }
        }
        if phrase.candidates.isEmpty, !canTake(phrase, line), let sku = self.product(namedLike: phrase) {
            // "Strawberries?", behind onions: the fruit, and no yogurt.
            return add(Act(.addToCart, confidence: act.confidence, items: [ItemPhrase(candidates: [sku])]))
        }
        var change = fitted(phrase, to: line.sku)
        guard change.unclear.isEmpty else { return ask(.meaning(act.with(items: [change]), sku: line.sku)) }
        if let group = settleKinds(&change, besides: line.modifiers) {
            return ask(.modifier(act.with(items: [change.of(line.sku)]), sku: line.sku, group: group))
        }
        let changed = context.catalog.line(changing: line, taking: change.modifiers, without: change.without)
        switch changed {
        case .failure(let refusal):
            leaveQuestion()
            guard !explainAmounts(change.of(line.sku), for: act) else { return }
            explain(refusal, for: act.with(items: [ItemPhrase(line, quantity: nil)]))
        case .success(let item):
            leaveQuestion()
            tellChanged(at: state.cart.replace(at: index, with: item))
        }
    }

    /// "Make all of them white": what was spoken of last and is like it, else all that can be so.
    private mutating func changeAll(_ phrase: ItemPhrase, _ act: Act) {
        let able = state.cart.lines.filter { canTake(phrase, $0) }
        let alike = able.filter { $0.sku == state.lastLine?.sku }
        // One alone is not all: "both in blue", of a collar and a leash.
        let isSeveral = alike.reduce(0) { $0 + $1.quantity.thousandths } > 1_000
        let meant = isSeveral ? alike : able
        guard let first = meant.first else { return changeModifiers(act.with(slots: [:])) }
        let change = fitted(phrase, to: first.sku)
        guard change.unclear.isEmpty else { return ask(.meaning(act.with(items: [change]), sku: first.sku)) }
        leaveQuestion()
        var changed: [LineItem] = []
        for line in meant {
            let made = context.catalog.line(changing: line, taking: change.modifiers, without: change.without)
            guard let index = state.cart.lines.firstIndex(of: line), case .success(let item) = made else { continue }
            let place = state.cart.replace(at: index, with: item)
            // Lines that have become alike are one, and told as one.
            changed.removeAll { $0.isAlike(state.cart.lines[place]) }
            changed.append(state.cart.lines[place])
        }
        for line in changed { if let index = state.cart.lines.firstIndex(of: line) { tellChanged(at: index) } }
    }

    /// What is to be changed and is not there is wanted so, perhaps: "can I get the secret sauce with my fries".
    private mutating func offerNotInCart(_ phrase: ItemPhrase) {
        guard let sku = phrase.sku, canTake(phrase, sku: sku) else { return sayNotInCart(phrase) }
        leaveQuestion()
        ask(.offer(fitted(phrase, to: sku)))
    }

    /// - Parameter before: how many of it there were, where that was changed.
    mutating func tellChanged(at index: Int, before: Quantity? = nil) {
        state.lastAdded = nil
        hasChanged = true
        let line = state.cart.lines[index]
        state.lastLine = line
        if let new = added.lastIndex(where: { $0.sku == line.sku && $0.quantity == before ?? line.quantity }) {
            // Added and changed in one breath: told once.
            added[new] = line
            return
        }
        sayChanged(line)
    }

    private mutating func sayChanged(_ line: LineItem) {
        let total = context.catalog.priced(line)?.total ?? .zero(context.catalog.currency)
        say(.changed, ["items": wording.item(line), "total": wording.money(total)])
    }

    /// "One chocolate, one vanilla", of two that are there; "two with cheese", where there are fewer, are new ones.
    mutating func changeSome(_ phrase: ItemPhrase, _ act: Act) {
        guard let line = state.lastLine, let index = state.cart.lines.lastIndex(of: line), let some = phrase.quantity,
            some != line.quantity
        else { return changeModifiers(act) }
        let change = fitted(phrase, to: line.sku)
        guard change.unclear.isEmpty else { return ask(.meaning(act.with(items: [change]), sku: line.sku)) }
        let part = LineItem(sku: line.sku, quantity: some, modifiers: line.modifiers, without: line.without)
        // What was ordered in the same breath is not taken apart again.
        let isPart = some < line.quantity && !added.contains { $0.sku == line.sku }
        let made =
            isPart
            ? context.catalog.line(changing: part, taking: change.modifiers, without: change.without)
            : context.catalog.line(for: line.sku, quantity: some, modifiers: change.modifiers, without: change.without)
        guard case .success(let item) = made else {
            if case .failure(let refusal) = made { explain(refusal, for: act.with(items: [change.of(line.sku)])) }
            return
        }
        guard isPart else {
            // "Two sugars", behind one coffee, may be no two coffees.
            guard added.isEmpty else { return put(item, for: act.with(items: [change.of(line.sku)])) }
            leaveQuestion()
            return ask(.offer(change.of(line.sku)))
        }
        leaveQuestion()
        if item.modifiers == line.modifiers, item.without == line.without {
            // "One black, two white", of three that are black already.
            return sayChanged(item)
        }
        state.cart.changeQuantity(at: index, to: line.quantity - some)
        let rest = state.cart.lines[index]
        tellChanged(at: state.cart.add(item))
        state.lastLine = rest
    }
}

extension ItemPhrase {
    /// What is to be changed of a product.
    fileprivate init(_ sku: String, changedBy phrase: ItemPhrase) {
        self = phrase.of(sku)
        quantity = nil
    }
}
