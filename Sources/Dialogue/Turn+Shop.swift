// The shop's goods and what it answers: search, details, stock, comparison, questions. Looks, changes nothing.

import Commerce
import Language
import Understanding

extension Turn {
    // MARK: Search

    mutating func search(_ act: Act) {
        let items = act.items.flatMap(\.candidates)
        switch act.slots[.preference] {
        case Self.cheaper: return tellCheaper(than: items.first, act)
        case Self.offered:
            let before = state.offered
            offer(ofOffered(act), for: Act(.searchProducts))
            // "And the other one" is still of these.
            if before.contains(where: state.offered.contains) { state.offered = before }
            return
        case Self.dearest?,
            Self.cheapest? where act.slots[.category] == nil && items.isEmpty:
            let rising = byPrice(state.offered, act)
            if !rising.isEmpty { return offer(Array(rising.prefix(1)), for: Act(.searchProducts)) }
        default: break
        }
        let isOpen = items.isEmpty && act.slots[.category] == nil && act.slots[.query] == nil
        if isOpen, act.slots[.priceMax] == nil { return tellCategories() }
        let found = items.isEmpty ? find(act) : items
        offer(act.slots[.preference] == nil ? found : byPrice(found, act), for: act)
    }

    /// "Your cheapest laptop": the cheapest first, or the dearest.
    private func byPrice(_ found: [String], _ act: Act) -> [String] {
        let rising = found.compactMap(context.catalog.product).sorted {
            wording.standardPrice($0).minorUnits < wording.standardPrice($1).minorUnits
        }.map(\.sku)
        return act.slots[.preference] == Self.dearest ? rising.reversed() : rising
    }

    /// "Which one is vegan?", of what was offered just now; of all goods where none of those is.
    private func ofOffered(_ act: Act) -> [String] {
        guard let wanted = act.slots[.query] else { return [] }
        func having(_ products: [Product]) -> [String] {
            products.filter { $0.isTagged(wanted) && isInStock($0) }.map(\.sku)
        }
        let offered = having(state.offered.compactMap(context.catalog.product))
        return offered.isEmpty ? having(context.catalog.products) : offered
    }

    /// "Is there anything cheaper?": of the same kind, the dearest of the cheaper ones first, as it is the nearest.
    private mutating func tellCheaper(than named: String?, _ act: Act) {
        let spokenOf = named ?? askedAbout ?? state.offered.last ?? state.lastLine?.sku
        guard let product = spokenOf.flatMap(context.catalog.product) else { return say(.foundNothing) }
        let price = wording.standardPrice(product).minorUnits
        let kind = act.slots[.category] ?? product.category
        let cheaper = context.catalog.products.filter { other in
            other.category == kind && other.unit == product.unit && isInStock(other)
                && wording.standardPrice(other).minorUnits < price
        }.sorted { wording.standardPrice($1).minorUnits < wording.standardPrice($0).minorUnits }.map(\.sku)
        guard !cheaper.isEmpty else { return say(.nothingCheaper, ["product": wording.name(product.sku)]) }
        offer(cheaper, for: Act(.searchProducts))
    }

    private static let cheapest = "cheapest"
    private static let cheaper = "cheaper"
    private static let offered = "offered"

    private mutating func offer(_ found: [String], for act: Act) {
        guard let first = found.first.flatMap(context.catalog.product) else { return say(.foundNothing) }
        state.offered = Array(found.prefix(Choice.pageSize))
        guard found.count == 1 else { return ask(Choice(options: found, act: act)) }
        say(.foundOne, ["product": wording.priced(first)])
        offerItem(first.sku)
    }

    /// What a search finds in stock, the nearest first.
    func find(_ act: Act) -> [String] {
        let limit = act.slots[.priceMax].flatMap { Money(decimal: $0, currency: context.catalog.currency) }
        let category = act.slots[.category].flatMap(category)
        if act.slots[.category] != nil, category == nil { return [] }
        // Small words stand in every description.
        let small = context.pack.smallWords
        let words = (act.slots[.query].map(context.pack.rules.tokens) ?? []).filter {
            !small.contains($0) && $0.count > 2
        }
        if act.slots[.query] != nil, words.isEmpty { return [] }
        return context.catalog.search(words, limit: Self.searchLimit, category: category?.id, priceMax: limit)
            .filter { isInStock($0) && isAbout($0, words) }.map(\.sku)
    }

    /// Whether a product has more to do with the words than one of many: "keep my bike from being stolen" is no bike cleaner.
    private func isAbout(_ product: Product, _ words: [String]) -> Bool {
        guard words.count > 1 else { return true }
        let kind = product.category.flatMap(context.catalog.category)?.naming.all ?? []
        let own =
            product.naming(in: context.pack.code).all + product.tags
            + [product.brand, product.description].compactMap { $0 }
        func known(_ texts: [String]) -> Int {
            let known = texts.flatMap { context.pack.rules.tokens(of: $0.replacing("_", with: " ")) }
            return words.count { word in known.contains { $0.hasPrefix(word) || word.hasPrefix($0) } }
        }
        // A kind of goods alone says little: "against fruit flies" is no lemon.
        return known(own + kind) > 1 || words.count <= Self.fewWords && known(own) > 0
    }

    /// Of so few each may be all that the product is known by.
    private static let fewWords = 2

    /// More than anybody listens to.
    private static let searchLimit = 60

    private func category(_ said: String) -> Commerce.Category? {
        if let category = context.catalog.category(said) { return category }
        let wanted = said.lowercased()
        return context.catalog.categories.first { $0.naming.all.contains { $0.lowercased() == wanted } }
    }

    mutating func showMore(of choice: Choice) {
        var next = choice
        next.offset += choice.page.count
        guard !next.page.isEmpty else {
            say(.noMore)
            return ask(choice)
        }
        ask(next)
    }

    /// What there is at all.
    private mutating func tellCategories() {
        let stocked = context.catalog.categories.filter { category in
            context.catalog.products.contains { $0.category == category.id }
        }
        guard !stocked.isEmpty else {
            return offer(context.catalog.products.map(\.sku), for: Act(.searchProducts))
        }
        // Enough to get an idea, the next ones for "more"; more at once nobody remembers.
        let rest = toldBefore < stocked.count ? stocked.dropFirst(toldBefore) : stocked[...]
        let named = rest.prefix(Self.categoriesAtOnce).map { PromptValue.text($0.naming.title) }
        state.toldCategories = stocked.count - rest.count + named.count
        ask(named.count < rest.count ? .someCategories : .categories, ["categories": .list(Array(named))])
    }

    private static let categoriesAtOnce = 5

    // MARK: One product

    /// The product that an act is about; asks which where it could be several, and is nil then.
    private mutating func product(of act: Act) -> Product? {
        let ordinal = act.slots[.ordinal].flatMap(Int.init).flatMap { state.offered.at(ordinal: $0) }
        let last = askedAbout ?? state.offered.only
        let isUnnamed = act.items.allSatisfy(\.candidates.isEmpty)
        let spokenOf = ordinal ?? (isUnnamed ? last ?? state.lastLine?.sku : nil)
        if let product = spokenOf.flatMap(context.catalog.product) { return product }
        let isNothing = act.items.isEmpty && act.slots[.query] == nil && act.slots[.category] == nil
        let candidates = isNothing ? [] : act.items.first?.candidates ?? find(act)
        switch candidates.count {
        case 1: return context.catalog.product(candidates[0])
        case 0 where act.slots[.query] != nil || act.slots[.category] != nil: say(.foundNothing)
        case 0: ask(.product(act))
        default: choose(among: candidates, for: act)
        }
        return nil
    }

    /// "Which toppings do you have": of the product that is named, of the last one, else of any that takes them.
    private mutating func tellChoices(of id: String, _ act: Act) {
        guard let group = context.catalog.group(id) else { return say(.foundNothing) }
        let name = group.naming.title
        let named = act.items.first?.sku ?? state.lastLine?.sku
        let alike = context.catalog.modifierGroups.filter { $0.naming.title == name }
        let own = named.flatMap(context.catalog.product).flatMap { product in
            alike.first { product.modifierGroups.contains($0.id) }
        }
        let names = (own ?? group).modifiers.map { PromptValue.text($0.naming.title) }
        say(.choices, ["group": .text(name), "options": .list(names)])
    }

    mutating func details(_ act: Act) {
        if let group = act.slots[.group] { return tellChoices(of: group, act) }
        let isSpokenOf = askedAbout != nil || !state.offered.isEmpty || state.lastLine != nil
        if let property = act.slots[.query], !act.items.isEmpty || isSpokenOf {
            // "Does the drill have a warranty?", of which there are several; "can my dog eat that?", which is no hot dog.
            if let item = act.items.first, item.candidates.count > 1 || item.isGuess { return say(.questionUnknown) }
            guard let product = product(of: act) else { return }
            state.offered = [product.sku]
            let isTagged = product.isTagged(property)
            let group = context.catalog.groups(of: product).first { group in
                group.modifiers.contains { $0.naming.all.contains { $0.lowercased() == property } }
            }
            // "Is there mint in the tea?"
            if !isTagged, let group { return tellChoices(of: group.id, act) }
            say(
                isTagged ? .propertyYes : .propertyNo,
                ["product": wording.name(product.sku), "property": .text(property)])
            guard !isTagged else { return }
            if let description = product.description { say(.description, ["text": .text(description)]) }
            return tellChoices(of: product)
        }
        guard let product = product(of: act) else { return }
        state.offered = [product.sku]
        var said = act.items.first.map { fitted($0, to: product.sku) }
        if let other = said?.modifiers.first(where: { !product.modifierGroups.contains($0.group) }) {
            // "Is that for small breeds", where small is a size of something else.
            guard missed.isEmpty else { return say(.questionUnknown) }
            say(.notWith, ["product": wording.name(product.sku), "modifier": wording.modifier(other)])
            said?.modifiers.removeAll { !product.modifierGroups.contains($0.group) }
        }
        tellPrice(of: product, modifiers: said?.modifiers ?? [], without: said?.without ?? [])
        if let description = product.description { say(.description, ["text": .text(description)]) }
        tellChoices(of: product)
        guard isInStock(product) else { return sayingSoldOut(product.sku) }
        // "How heavy is it?", of what is in the cart.
        let isHad = act.items.isEmpty && state.cart.lines.contains { $0.sku == product.sku }
        if !isHad { offerItem(product.sku, like: said) }
    }

    /// What one has to choose of a product.
    private mutating func tellChoices(of product: Product) {
        // What is being asked is not told twice.
        let asked: String? = if case .asking(.modifier(_, _, let group)) = state.phase { group } else { nil }
        for group in context.catalog.groups(of: product)
        where group.min > 0 && group.modifiers.count > 1 && group.id != asked {
            let names = group.modifiers.prefix(Self.modifiersAtOnce).map { PromptValue.text($0.naming.title) }
            let isAll = names.count == group.modifiers.count
            say(isAll ? .choices : .choicesMore, ["group": .text(group.naming.title), "options": .list(names)])
        }
    }

    private static let modifiersAtOnce = 5

    /// The price of exactly what was asked about, modifiers included.
    private mutating func tellPrice(of product: Product, modifiers: [ChosenModifier], without: [ChosenModifier]) {
        let line = context.catalog.line(for: product.sku, quantity: 1, modifiers: modifiers, without: without)
        guard product.isCounted, !modifiers.isEmpty, case .success(let item) = line,
            let price = context.catalog.unitPrice(of: item)
        else {
            return say(.productPrice, ["product": wording.name(product.sku), "price": wording.price(product)])
        }
        let kind = wording.kind(product.sku, modifiers: modifiers, without: without)
        say(.productPrice, ["product": kind, "price": wording.money(price)])
    }

    func isInStock(_ product: Product) -> Bool {
        context.catalog.available(product, stock: context.stock) ?? 1 > 0
    }

    /// Offers one, unless something else is being settled.
    mutating func offerItem(_ sku: String, like said: ItemPhrase? = nil) {
        // Nor what is being asked about.
        if askedAbout == sku, case .asking = state.phase { return }
        guard !state.checkout.isUnderway else { return }
        ask(.offer(ItemPhrase(candidates: [sku], quantity: said?.quantity, modifiers: said?.modifiers ?? [])))
    }

    mutating func availability(_ act: Act) {
        guard let product = product(of: act) else { return }
        state.offered = [product.sku]
        let said = act.items.first.map { fitted($0, to: product.sku) }
        if let other = said?.modifiers.first(where: { !product.modifierGroups.contains($0.group) }) {
            // "Gluten free bread", where only the pizza is.
            say(.notWith, ["product": wording.name(product.sku), "modifier": wording.modifier(other)])
            return offerItem(product.sku)
        }
        let stock = context.catalog.available(product, stock: context.stock)
        guard let stock, stock < Self.fewLeft else { return sayAvailable(product, like: said) }
        if stock <= 0 { return sayingSoldOut(product.sku) }
        let left = wording.item(ItemPhrase(candidates: [product.sku], quantity: stock))
        say(.onlyLeft, ["item": left, "count": .measure(thousandths: stock.thousandths, unit: product.unit)])
        offerItem(product.sku, like: said)
    }

    private mutating func sayAvailable(_ product: Product, like said: ItemPhrase? = nil) {
        // "A smaller ball", of one that there is in one size: no yes to that.
        if said?.isGuess == true || !missed.isEmpty {
            say(.foundOne, ["product": wording.priced(product)])
        } else {
            say(.available, ["product": wording.name(product.sku), "price": wording.price(product)])
        }
        offerItem(product.sku, like: said)
    }

    /// Fewer than these are worth a word.
    private static let fewLeft: Quantity = 6

    // MARK: Several products

    mutating func compare(_ act: Act) {
        let named = act.items.compactMap { $0.candidates.first }
        let asked: String? = if case .asking(.modifier(_, let sku, _)) = state.phase { sku } else { nil }
        let last = asked ?? (state.offered.isEmpty ? state.lastLine?.sku : nil)
        let spokenOf = last.map { [$0] } ?? state.offered
        let pair = named.count >= 2 ? named : named + spokenOf
        let products = pair.reduce(into: [Product]()) { known, sku in
            if let product = context.catalog.product(sku), !known.contains(product) { known.append(product) }
        }
        guard products.count >= 2 else { return ask(.compareNeedsTwo) }
        let (first, second) = (products[0], products[1])
        state.offered = [first.sku, second.sku]
        say(.compared, ["first": wording.priced(first), "second": wording.priced(second)])
        tellCheaper(first, second)
        let isTold = [tellProperties(first, second), tellProperties(second, first)].contains(true)
        guard !isTold else { return }
        tellDifference(first, second)
        tellDifference(second, first)
    }

    private mutating func tellCheaper(_ first: Product, _ second: Product) {
        guard first.unit == second.unit else { return }
        let prices = (wording.standardPrice(first), wording.standardPrice(second))
        let difference = prices.0.minorUnits - prices.1.minorUnits
        guard difference != 0 else { return say(.samePrice) }
        say(
            .cheaper,
            [
                "product": wording.name(difference < 0 ? first.sku : second.sku),
                "difference": wording.money(Money(minorUnits: abs(difference), currency: context.catalog.currency)),
            ])
    }

    /// What only one of them is, where there is something.
    private mutating func tellProperties(_ product: Product, _ other: Product) -> Bool {
        let own = product.tags.filter { !other.tags.contains($0) }.map { $0.replacing("_", with: " ") }
        guard !own.isEmpty else { return false }
        say(.onlyThis, ["product": wording.name(product.sku), "properties": .list(own.map { .text($0) })])
        return true
    }

    /// What the shop says of it, or its maker.
    private mutating func tellDifference(_ product: Product, _ other: Product) {
        if let description = product.description {
            say(.description, ["text": .text(description)])
        } else if let brand = product.brand, brand != other.brand {
            say(.brandIs, ["product": wording.name(product.sku), "brand": .text(brand)])
        }
    }

    /// What is nearest to a product and in stock.
    func alternatives(to sku: String) -> [String] {
        context.catalog.alternatives(to: sku, stock: context.stock, limit: Choice.pageSize).map(\.sku)
    }

    // MARK: When it is back

    /// "Tell me when it is back": of the product that was named, or that sold out last.
    mutating func notifyWhenBack(_ act: Act) {
        let named = act.items.first?.sku ?? state.soldOut ?? state.offered.first
        guard let product = named.flatMap(context.catalog.product) else {
            guard let several = act.items.first?.candidates, several.count > 1 else { return ask(.product(act)) }
            return choose(among: several, for: act)
        }
        guard !isInStock(product) else { return sayAvailable(product) }
        notify(of: product.sku)
    }

    mutating func notify(of sku: String) {
        state.soldOut = nil
        callback(reason: "\(Intent.notifyWhenAvailable.rawValue) \(sku)")
    }

    /// Offers a word when what sold out is back, to whom nothing else would do; once for each.
    mutating func offerNotice(besides offered: [String]) {
        guard remaining == 0, let sku = state.soldOut, !offered.contains(sku) else { return }
        state.soldOut = nil
        ask(.notify(sku: sku))
    }

    // MARK: Questions

    /// What the shop's files answer, or what follows from them; else it is said that nobody told.
    mutating func answerQuestion(_ topic: String) {
        if let known = context.shop.faq.first(where: { $0.topic == topic }) {
            return say(.faqAnswer, ["answer": .text(known.answer)])
        }
        switch topic {
        case "hours": say(.faqHours, ["hours": wording.hours(context.shop.hours)])
        case "delivery_options":
            say(.faqDelivery, ["options": .list(context.shop.delivery.map { wording.delivery($0, goods: goods) })])
        case "payment_methods":
            say(.faqPayment, ["options": .list(context.shop.payment.map { wording.payment($0) })])
        default:
            say(.faqUnknown)
            offerPerson(topic.isEmpty ? Intent.faq.rawValue : topic)
        }
    }
}

extension Product {
    /// Whether it has the property, as it is said: "gluten free".
    fileprivate func isTagged(_ property: String) -> Bool {
        tags.contains { $0.replacing("_", with: " ") == property }
    }
}
