// Which line of the cart is meant, and what of what was said can be said of it. Looks, changes nothing.

import Commerce
import Language
import Understanding

extension Turn {
    /// The line that is meant: by its place, by what was said of it, or the one spoken of last. Of several the last added.
    /// Without a product but with modifiers to change it has to be one that can have them.
    /// What is to have bacon instead of ham has ham.
    func line(
        meant phrase: ItemPhrase, ordinal: Int?, for change: ItemPhrase? = nil, insteadOf old: String? = nil
    ) -> Int? {
        let lines = state.cart.lines
        if let ordinal { return Array(lines.indices).at(ordinal: ordinal) }
        if let old, phrase.candidates.isEmpty {
            let having = lines.indices.filter { lines[$0].modifiers.contains { $0.id == old } }
            if let meant = having.last(where: { lines[$0] == state.lastLine }) ?? having.last { return meant }
        }
        if phrase.candidates.isEmpty {
            let last = state.lastLine.flatMap { lines.firstIndex(of: $0) } ?? lines.indices.last
            if let change, let told = line(toldBy: change, among: lines.indices) { return told }
            guard let change, let last, !canTake(change, lines[last]) else { return last }
            return lines.indices.last { canTake(change, lines[$0]) } ?? last
        }
        let ofProduct = lines.indices.filter { phrase.candidates.contains(lines[$0].sku) }
        // "Make the red collar small."
        if ordinal == nil, let change, let told = line(toldBy: change, among: ofProduct) { return told }
        let alike = ofProduct.filter { index in phrase.modifiers.allSatisfy(lines[index].modifiers.contains) }
        let near = alike.isEmpty ? ofProduct : alike
        return near.last { lines[$0] == state.lastLine } ?? near.last
    }

    /// "The small one with soy milk": of several modifiers one that a line has already says which line is meant.
    private func line(toldBy change: ItemPhrase, among places: some Sequence<Int>) -> Int? {
        let lines = state.cart.lines
        let told = places.compactMap { index -> (index: Int, known: Int)? in
            let said = fitted(change, to: lines[index].sku).modifiers
            let known = said.count { lines[index].modifiers.contains($0) }
            return known > 0 && said.count > 1 && canTake(change, lines[index]) ? (index, known) : nil
        }
        let most = told.map(\.known).max()
        let nearest = told.filter { $0.known == most }.map(\.index)
        return nearest.last { lines[$0] == state.lastLine } ?? nearest.last
    }

    /// A product of the cart that is called like a modifier that is not wanted.
    func line(namedIn phrase: ItemPhrase) -> String? {
        let unwanted = forms(of: phrase.without)
        return state.cart.lines.compactMap { context.catalog.product($0.sku) }.last { isCalled($0, unwanted) }?.sku
    }

    /// The product that is called like the only modifier of `phrase`.
    func product(namedLike phrase: ItemPhrase) -> String? {
        guard let choice = phrase.modifiers.only, choice.amount == nil, phrase.without.isEmpty else { return nil }
        let wanted = forms(of: [choice])
        return context.catalog.products.filter { isCalled($0, wanted) }.only?.sku
    }

    /// The choice of a group that is called like the only product of `phrase`, where that is another than what is asked about.
    func choice(namedLike phrase: ItemPhrase, besides sku: String, in group: String) -> ChosenModifier? {
        guard let named = phrase.sku, named != sku, !phrase.hasModifiers,
            let product = context.catalog.product(named)
        else { return nil }
        let choices = context.catalog.group(group)?.modifiers.map { ChosenModifier(group: group, id: $0.id) } ?? []
        return choices.filter { isCalled(product, forms(of: [$0])) }.only
    }

    private func isCalled(_ product: Product, _ forms: [[String]]) -> Bool {
        product.naming(in: context.pack.code).all.flatMap(self.forms).contains(where: forms.contains)
    }

    private func forms(of choices: [ChosenModifier]) -> [[String]] {
        choices.flatMap { context.catalog.group($0.group)?.modifier($0.id)?.naming.all ?? [] }.flatMap(forms)
    }

    /// A name as it is written, and its singulars.
    private func forms(of name: String) -> [[String]] {
        let tokens = context.pack.rules.tokens(of: name)
        return [tokens] + context.pack.rules.singulars(of: tokens)
    }

    func canTake(_ change: ItemPhrase, _ line: LineItem) -> Bool {
        canTake(change, sku: line.sku)
    }

    func canTake(_ change: ItemPhrase, sku: String) -> Bool {
        guard let groups = context.catalog.product(sku)?.modifierGroups else { return false }
        let change = fitted(change, to: sku)
        return (change.modifiers + change.without).allSatisfy { groups.contains($0.group) }
    }

    /// The same with what the product can have of what each word can mean.
    func fitted(_ phrase: ItemPhrase, to sku: String) -> ItemPhrase {
        context.catalog.product(sku).map(phrase.fitted) ?? phrase
    }

    /// The cheapest or the dearest of several products, all that cost so; none where all cost the same. Of two the other one.
    func preferred(by act: Act, among skus: [String]) -> [String] {
        if act.slots[.preference] == Self.other {
            return skus.count == 2 ? skus.filter { $0 != state.lastLine?.sku } : []
        }
        let prices = skus.compactMap(context.catalog.product).map { ($0.sku, $0.priceToday.minorUnits) }
        let rising = prices.map(\.1).sorted()
        guard let least = rising.first, let most = rising.last, least < most else { return [] }
        let wanted = act.slots[.preference] == Self.dearest ? most : least
        return prices.filter { $0.1 == wanted }.map(\.0)
    }

    /// What the cart has of the kind of goods that `act` speaks of: "the drinks".
    func inCart(of act: Act) -> [String] {
        guard let category = act.slots[.category] else { return [] }
        return state.cart.lines.map(\.sku).filter { context.catalog.product($0)?.category == category }
    }

    private static let other = "other"
}
