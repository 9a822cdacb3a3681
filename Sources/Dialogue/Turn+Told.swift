// Which of the things in the cart is meant by what it is: "the large ones", "cancel the red", "rose as well". Acts come in; lines of the
// cart are changed, or it is asked which.

import Commerce
import Understanding

extension Turn {
    // MARK: The large ones

    /// The lines that are what was told of them.
    func lines(told: String) -> [LineItem] {
        let words = told.split(separator: " ").map { $0.split(separator: "|").map(String.init) }
        return state.cart.lines.filter { line in
            words.allSatisfy { meanings in line.modifiers.contains { meanings.contains($0.id.asTold) } }
        }
    }

    /// The only one of several lines, or the one spoken of last; where none is meant more than others it is asked which.
    mutating func theOne(among lines: [LineItem]) -> LineItem? {
        if let line = lines.only ?? lines.last(where: { $0 == state.lastLine }) { return line }
        lines.isEmpty ? say(.foundNothing) : ask(.whatToChange)
        return nil
    }

    /// "Add hazelnut to the large ones", "make the ham one sesame".
    mutating func changeTold(_ told: String, _ phrase: ItemPhrase, _ act: Act) {
        let such = lines(told: told).filter { phrase.candidates.isEmpty || phrase.candidates.contains($0.sku) }
        if such.isEmpty, !phrase.candidates.isEmpty {
            // "Make the large latte a small one", where it is not large.
            return changeModifiers(act.with(slots: act.slots.filter { $0.key != .told }))
        }
        let able = such.filter { canTake(phrase, $0) }
        var meant = able.isEmpty ? such : able
        if act.slots[.preference] != Self.all || meant.isEmpty {
            guard let line = theOne(among: meant) else { return }
            meant = [line]
        }
        if let some = act.slots[.quantity].flatMap(Quantity.init(decimal:)), let line = meant.first {
            // "One of the rose ones unscented."
            state.lastLine = line
            var part = phrase.of(line.sku)
            part.quantity = some
            return changeSome(part, act.with(items: [phrase.of(line.sku)], slots: [:]))
        }
        for line in meant where !hasAsked && state.cart.lines.contains(line) {
            state.lastLine = line
            changeModifiers(act.with(items: [phrase.of(line.sku)], slots: [:]))
        }
    }

    // MARK: Cancel the red

    /// The line that is meant by what is not wanted: something else of the same product is not so, or that is what it is.
    func lineToldBy(without phrase: ItemPhrase) -> LineItem? {
        let such = state.cart.lines.filter { line in
            let unwanted = ItemPhrase(candidates: [], modifiers: phrase.without)
            guard isSuch(line, unwanted) else { return false }
            return kinds(of: unwanted, in: line).allSatisfy { choice in
                let group = context.catalog.group(choice.group)
                guard group?.removable == false, group?.max == 1 else { return false }
                return group?.defaultModifier == nil
                    || state.cart.lines.contains { $0.sku == line.sku && !$0.modifiers.contains(choice) }
            }
        }
        return such.last { $0 == state.lastLine } ?? such.last
    }

    /// Takes a line out, of which it was said what it is.
    mutating func removeTold(_ line: LineItem) {
        state.lastLine = line
        remove(Act(.removeFromCart, items: [ItemPhrase(line, quantity: nil)]))
    }

    /// Whether a line has something of each word that was said.
    func isSuch(_ line: LineItem, _ phrase: ItemPhrase) -> Bool { !kinds(of: phrase, in: line).isEmpty }

    /// What a line has of what was said.
    private func kinds(of phrase: ItemPhrase, in line: LineItem) -> [ChosenModifier] {
        phrase.modifiers.filter { choice in line.modifiers.contains { $0.group == choice.group && $0.id == choice.id } }
    }

    // MARK: Rose as well, no rabbit

    /// "Rose as well", behind a lavender soap, is another soap; "oat milk as well" is of the same coffee.
    mutating func changeAlso(_ phrase: ItemPhrase, _ act: Act) {
        let plain = act.with(slots: [:])
        guard let line = state.lastLine, canTake(phrase, line) else { return changeModifiers(plain) }
        let isOther = fitted(phrase, to: line.sku).modifiers.contains { choice in
            guard let group = context.catalog.group(choice.group), group.max == 1 else { return false }
            return line.modifiers.contains {
                $0.group == group.id && $0.id != choice.id && $0.id != group.defaultModifier
            }
        }
        guard isOther else { return changeModifiers(plain) }
        perform(act.with(intent: .addToCart, slots: [.preference: Act.another]))
    }

    /// "No rabbit": what is there goes; what is not may be wanted instead, and that is asked.
    mutating func changeUnsurely(_ phrase: ItemPhrase, _ act: Act) {
        // "Five red, five pink, no yellow": there are none.
        if added.contains(where: { canTake(phrase, $0) }) { return }
        let less = ItemPhrase(candidates: [], without: phrase.modifiers)
        if let line = lineToldBy(without: less),
            line != state.lastLine || state.cart.lines.contains(where: { $0.sku == line.sku && $0 != line })
        {
            leaveQuestion()
            return ask(.heard(Act(.removeFromCart, items: [ItemPhrase(line)])))
        }
        let isThere = state.cart.lines.contains { isSuch($0, phrase) }
        let canBeLeftOut = phrase.modifiers.contains { context.catalog.group($0.group)?.removable == true }
        guard !isThere, !canBeLeftOut else {
            return changeModifiers(act.with(items: [less], slots: [:]))
        }
        guard let line = state.lastLine, canTake(phrase, line) else { return changeModifiers(act.with(slots: [:])) }
        leaveQuestion()
        ask(.heard(act.with(items: [fitted(phrase, to: line.sku).of(line.sku)], slots: [:])))
    }

    // MARK: Six tuna and six salmon

    /// "Six tuna and six salmon", to which flavor twelve cans should have: a wish for each; nil where it is no such answer.
    mutating func severalAnswers(_ acts: [Act]) -> [Act]? {
        guard case .asking(.modifier(let wanted, let sku, let id)) = state.phase, let wish = wanted.items.first,
            context.catalog.group(id)?.max == 1,
            acts.allSatisfy({ act in
                (act.intent == .addToCart || act.intent == .changeModifiers) && act.slots.isEmpty
                    && act.items.allSatisfy { $0.candidates.isEmpty && !$0.hasHalf }
            })
        else { return nil }
        let parts = acts.flatMap(\.items).flatMap { item -> [ItemPhrase] in
            let said = fitted(item, to: sku)
            return said.modifiers.filter { $0.group == id }.map { kind in
                var part = said
                part.modifiers = said.modifiers.filter { $0.group != id } + [kind]
                return part
            }
        }
        guard parts.count > 1 else { return nil }
        let all = wish.quantity.map(\.thousandths) ?? 0
        let each = all <= 1_000 ? 1 : Quantity(thousandths: all / parts.count)
        let isCounted = parts.allSatisfy { $0.quantity != nil }
        guard isCounted || parts.allSatisfy({ $0.quantity == nil }) && each.thousandths % 1_000 == 0 else { return nil }
        state.phase = .idle
        return parts.map { part in
            var one = wish.refined(by: part, in: context.catalog)
            one.quantity = part.quantity ?? each
            return wanted.with(items: [one], confidence: acts.map(\.confidence).min() ?? 1)
        }
    }

    // MARK: Two of each

    /// "Two of each": of the kinds of what was spoken of last, or of the two things that there are.
    mutating func changeEach(_ quantity: Quantity, _ act: Act) {
        let alike = state.cart.lines.filter { $0.sku == state.lastLine?.sku }
        let meant = alike.count > 1 ? alike : state.cart.lines
        guard meant.count <= Self.mostOfEach else { return ask(.whatToChange) }
        guard !meant.isEmpty else { return changeQuantity(act.with(slots: [.quantity: quantity.decimal])) }
        for line in meant where !hasAsked {
            state.lastLine = line
            changeQuantity(
                Act(.changeQuantity, confidence: act.confidence, items: [ItemPhrase(line, quantity: quantity)]))
        }
    }

    static let each = "each"
    /// Of more things it is not plain which are meant.
    private static let mostOfEach = 2

    /// Whether a quantity of one product can be one of the other.
    func isMeasuredAlike(_ one: String, _ other: String) -> Bool {
        guard let one = context.catalog.product(one), let other = context.catalog.product(other) else { return false }
        return one.unit == other.unit || one.isCounted && other.isCounted
    }
}

extension ItemPhrase {
    fileprivate var hasHalf: Bool { quantity.map { $0 < 1 } ?? false }
}
