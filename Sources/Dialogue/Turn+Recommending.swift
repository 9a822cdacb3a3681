// Recommendations: one at a time, none twice, and unasked one in a conversation at most, where the shop wants that. In: what this
// customer had before, what is bought together, what the shop says goes together. Out: an offer.

import Commerce
import Language
import Understanding

extension Turn {
    /// To who asked. Where nothing is known that goes with anything, what is cheaper today, then anything.
    mutating func recommend() {
        guard context.shop.recommendations != .never else { return say(.recommendNothing) }
        let goods = context.catalog.products
        let rest = (goods.filter { $0.salePrice != nil } + goods).map(\.sku)
        if let found = suggestion() { return suggest(found.sku, found.words) }
        guard let sku = rest.first(where: isNew) else { return say(.recommendNothing) }
        suggest(sku, .recommended)
    }

    /// Unasked: after something went into the cart, before the next wish, if nothing was recommended in this conversation yet.
    mutating func recommendUnasked() {
        guard context.shop.recommendations == .once, hasAdded, state.advice.given.isEmpty, let found = suggestion()
        else { return }
        suggest(found.sku, found.words)
    }

    private mutating func suggest(_ sku: String, _ words: PromptKey) {
        guard let product = context.catalog.product(sku) else { return }
        state.advice.given.append(sku)
        state.offered = [sku]
        say(words, ["product": wording.priced(product)])
        offerItem(sku)
    }

    /// The best reason first.
    private func suggestion() -> (words: PromptKey, sku: String)? {
        let spokenOf = state.cart.lines.map(\.sku).reversed() + state.offered
        let sources: [(PromptKey, [String])] = [
            (.recommendedBefore, hadBefore),
            (.recommendedTogether, spokenOf.flatMap(context.together.companions)),
            (.recommended, spokenOf.compactMap(context.catalog.product).flatMap(\.related)),
        ]
        for (words, skus) in sources {
            if let sku = skus.first(where: isNew) { return (words, sku) }
        }
        return nil
    }

    /// What the customer had in earlier orders, the most frequent first: only for who has proved to be that customer, as a
    /// number alone opens no history.
    private var hadBefore: [String] {
        let orders =
            state.customer?.orders.filter { order in !state.orders.contains { $0.number == order.number } } ?? []
        let had = orders.flatMap { Set($0.quote.lines.map(\.item.sku)) }
        let times = Dictionary(had.map { ($0, 1) }, uniquingKeysWith: +)
        return times.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// Whether it can be had, and was neither chosen nor spoken of just now, nor recommended before.
    private func isNew(_ sku: String) -> Bool {
        guard let product = context.catalog.product(sku), isInStock(product) else { return false }
        return !state.advice.given.contains(sku) && !state.offered.contains(sku)
            && !state.cart.lines.contains { $0.sku == sku }
    }
}
