// Values of the shop in the words of the language pack: lines of the cart, prices, hours, methods. Knows no language itself.

import Commerce
import Foundation
import Language
import Understanding

/// Words for one step: a context and what is said with it.
struct Wording {
    let context: DialogueContext

    func render(_ key: PromptKey, _ values: [String: PromptValue] = [:], isFragment: Bool = false) -> Spoken {
        assert(Set(values.keys) == key.placeholders, "\(key) is not filled with what it declares")
        return context.pack.prompts.render(
            key.rawValue, values, variant: context.variant, overrides: context.shop.prompts,
            isFragment: isFragment, rules: context.pack.rules)
    }

    /// A fragment, to be a part of a sentence.
    func value(_ key: PromptKey, _ values: [String: PromptValue] = [:]) -> PromptValue {
        .spoken(render(key, values, isFragment: true))
    }

    func money(_ money: Money) -> PromptValue {
        .money(minorUnits: money.minorUnits, digits: money.currency.digits, currency: money.currency.code)
    }

    // MARK: Goods

    func title(_ product: Product) -> String { product.naming(in: context.pack.code).title }

    /// One of a product by its name; the SKU where it is not sold any more.
    func name(_ sku: String) -> PromptValue {
        .name(context.catalog.product(sku).map(title) ?? sku, forms: [:])
    }

    /// A product's name as several of it are called.
    func several(_ sku: String) -> PromptValue {
        let title = context.catalog.product(sku).map(title) ?? sku
        return .name(context.pack.rules.counted(title, thousandths: 2_000), forms: [:])
    }

    /// "two large pepperoni pizzas with extra cheese". Modifiers that are the standard are named only where `full`, and
    /// only of groups that a line has to take one of.
    func item(_ line: LineItem, full: Bool = false) -> PromptValue {
        guard let product = context.catalog.product(line.sku) else { return name(line.sku) }
        let spoken = line.modifiers.filter { choice in
            guard let group = context.catalog.group(choice.group) else { return false }
            let isStandard = choice.id == group.defaultModifier && choice.amount == nil
            return !isStandard || full && group.min > 0 && group.modifiers.count > 1
        }
        if product.isCounted, let (unit, container) = container(among: spoken) {
            let content = describe(
                title(product), modifiers: spoken.filter { $0 != container }, without: line.without)
            return value(
                .itemWeighed,
                ["amount": .measure(thousandths: line.quantity.thousandths, unit: unit), "item": content])
        }
        let described = describe(
            counted(title(product), line.quantity, product), modifiers: spoken, without: line.without)
        return product.isCounted
            ? value(.itemCounted, ["quantity": .count(thousandths: line.quantity.thousandths), "item": described])
            : value(
                .itemWeighed,
                [
                    "amount": .measure(thousandths: line.quantity.thousandths, unit: product.unit),
                    "item": described,
                ])
    }

    /// What it comes in, where a modifier says so, and the unit that is counted then: "two cans of cola".
    private func container(among modifiers: [ChosenModifier]) -> (unit: String, choice: ChosenModifier)? {
        for choice in modifiers where isRequired(choice) {
            let words = context.pack.rules.tokens(of: "2 " + modifierTitle(choice))
            guard let measure = context.pack.rules.measures(in: words, at: 0).first, measure.length == words.count,
                measure.thousandths == 2_000, !Act.isWeight(measure.unit)
            else { continue }
            return (measure.unit, choice)
        }
        return nil
    }

    /// An item as it was said, of which the product may not be sure.
    func item(_ phrase: ItemPhrase) -> PromptValue {
        guard let sku = phrase.candidates.first else {
            return .list((phrase.modifiers + phrase.without).map(modifier))
        }
        return item(
            LineItem(
                sku: sku, quantity: phrase.quantity ?? 1, modifiers: phrase.modifiers, without: phrase.without))
    }

    /// A product with modifiers but without a number: "large pepperoni pizza".
    func kind(_ sku: String, modifiers: [ChosenModifier], without: [ChosenModifier]) -> PromptValue {
        guard let product = context.catalog.product(sku) else { return name(sku) }
        return describe(title(product), modifiers: modifiers, without: without)
    }

    func items(_ lines: [LineItem], full: Bool = false) -> PromptValue { .list(lines.map { item($0, full: full) }) }

    private func counted(_ title: String, _ quantity: Quantity, _ product: Product) -> String {
        // Weighed goods are named as they are: half a kilo of tomatoes.
        product.isCounted ? context.pack.rules.counted(title, thousandths: quantity.thousandths) : title
    }

    private func describe(_ noun: String, modifiers: [ChosenModifier], without: [ChosenModifier]) -> PromptValue {
        let before = modifiers.filter { choice in
            standsBefore(choice, among: modifiers.filter { $0.group == choice.group })
        }
        let behind = modifiers.filter { !before.contains($0) }
        var words = PromptValue.name(noun, forms: [:])
        if !before.isEmpty {
            // Of a thin large pepperoni pizza the size comes first whatever the order of the groups.
            let sorted = before.filter { isRequired($0) } + before.filter { !isRequired($0) }
            let adjectives = sorted.map { modifierTitle($0) }.joined(separator: " ")
            words = value(.itemBefore, ["modifiers": .text(adjectives), "item": words])
        }
        if !behind.isEmpty {
            let named = gathered(behind) { group in
                value(.allOfGroup, ["group": .text(context.pack.rules.counted(group.naming.title, thousandths: 2_000))])
            }
            words = value(.itemWith, ["item": words, "modifiers": .list(named)])
        }
        if !without.isEmpty {
            let named = gathered(without, besides: modifiers) { group in
                let several = PromptValue.text(context.pack.rules.counted(group.naming.title, thousandths: 2_000))
                let isRest = modifiers.contains { $0.group == group.id }
                return isRest ? value(.otherOfGroup, ["group": several]) : several
            }
            words = value(.itemWithout, ["item": words, "modifiers": .list(named)])
        }
        return words
    }

    /// Modifiers by their names; those that are all there is of a group by the group's name, as `whole` puts it.
    /// Those that are all but what is `besides` them are the others of the group.
    private func gathered(
        _ choices: [ChosenModifier], besides others: [ChosenModifier] = [], _ whole: (ModifierGroup) -> PromptValue
    ) -> [PromptValue] {
        var told: Set<String> = []
        return choices.compactMap { choice in
            let ofGroup = choices.filter { $0.group == choice.group && $0.amount == nil }
            let besides = others.count { $0.group == choice.group }
            guard ofGroup.count > 1, let group = context.catalog.group(choice.group),
                ofGroup.count + besides == group.modifiers.count
            else { return modifier(choice) }
            return told.insert(group.id).inserted ? whole(group) : nil
        }
    }

    /// What makes a kind of its own stands before the noun ("large", a single topping), what is put in or on behind it.
    private func standsBefore(_ choice: ChosenModifier, among ofGroup: [ChosenModifier]) -> Bool {
        guard choice.amount == nil, ofGroup.count == 1, let group = context.catalog.group(choice.group) else {
            return false
        }
        let words = context.pack.rules.tokens(of: modifierTitle(choice))
        let isCounted =
            !context.pack.rules.numbers(in: words, at: 0).isEmpty && !context.pack.rules.singulars(of: words).isEmpty
        // Nor does what is several: "a bouquet with daisies".
        let isSeveral = group.min == 0 && !context.pack.rules.singulars(of: words).isEmpty
        // "With 50 tablets", but "a 17 inch rim".
        return !isSeveral && (group.max == 1 && !group.removable && !isCounted || !group.amounts.isEmpty)
    }

    private func isRequired(_ choice: ChosenModifier) -> Bool {
        (context.catalog.group(choice.group)?.min ?? 0) > 0
    }

    func modifierTitle(_ choice: ChosenModifier) -> String {
        context.catalog.group(choice.group)?.modifier(choice.id)?.naming.title ?? choice.id
    }

    /// A modifier with what its group is called, where another one has the same name.
    func modifierOfGroup(_ choice: ChosenModifier) -> PromptValue {
        let group = context.catalog.group(choice.group)?.naming.title ?? choice.group
        return value(.modifierOfGroup, ["modifier": .text(modifierTitle(choice)), "group": .text(group)])
    }

    func modifier(_ choice: ChosenModifier) -> PromptValue {
        let title = PromptValue.text(modifierTitle(choice))
        guard let amount = choice.amount else { return title }
        // An amount of the shop's own that the pack does not know stands as the shop wrote it.
        let word = PromptKey(rawValue: "amount_\(amount)").map { value($0) } ?? .text(amount)
        return value(.modifierAmount, ["amount": word, "modifier": title])
    }

    // MARK: Prices

    /// "cola for two dollars", by weight "tomatoes for three dollars a kilo".
    func priced(_ product: Product) -> PromptValue {
        value(.priced, ["product": name(product.sku), "price": price(product)])
    }

    /// What one costs, of weighed goods with its unit, of goods with a required choice as they come.
    func price(_ product: Product) -> PromptValue {
        guard !product.isCounted else { return money(standardPrice(product)) }
        return value(
            .pricePerUnit,
            ["price": money(product.priceToday), "unit": .measure(thousandths: 1_000, unit: product.unit)])
    }

    /// One as it comes, with the standard modifiers.
    func standardPrice(_ product: Product) -> Money {
        let line = context.catalog.line(for: product.sku, quantity: 1)
        guard case .success(let item) = line, let price = context.catalog.unitPrice(of: item) else {
            return product.priceToday
        }
        return price
    }

    // MARK: The shop

    func delivery(_ method: DeliveryMethod) -> PromptValue {
        if !method.naming.title.isEmpty { return .text(method.naming.title) }
        return value(method.needsAddress ? .deliveryName : .pickupName)
    }

    func delivery(_ method: DeliveryMethod, goods: Money) -> PromptValue {
        let fee = method.fee(for: goods)
        return fee.minorUnits == 0
            ? value(.deliveryOptionFree, ["method": delivery(method)])
            : value(.deliveryOption, ["method": delivery(method), "fee": money(fee)])
    }

    func payment(_ method: PaymentMethod) -> PromptValue {
        if !method.naming.title.isEmpty { return .text(method.naming.title) }
        return PromptKey(rawValue: "payment_\(method.id)").map { value($0) } ?? .text(method.id)
    }

    func payment(_ id: String) -> PromptValue {
        // Also one that the shop has not: what it has not is to be named as well.
        payment(context.shop.paymentMethod(id) ?? PaymentMethod(id: id, naming: Naming(title: "")))
    }

    func hours(_ hours: OpeningHours?) -> PromptValue {
        guard let hours, !hours.spans.isEmpty else { return value(.hoursAlways) }
        return .list(
            hours.spans.map { span in
                value(
                    .hoursSpan,
                    [
                        "days": .weekdays(span.days.map(\.rawValue)), "open": .time(minutes: span.open),
                        "close": .time(minutes: span.close),
                    ])
            })
    }
}

extension Spoken {
    /// Several sentences, one after the other; nil where there is nothing.
    static func joined(_ parts: [Spoken]) -> Spoken? {
        let heard = parts.filter { !$0.text.isEmpty }
        guard !heard.isEmpty else { return nil }
        return Spoken(
            text: heard.map(\.text).joined(separator: " "), speech: heard.map(\.speech).joined(separator: " "))
    }
}
