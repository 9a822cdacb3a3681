// From what a parse noted to the acts of the contract.

import Commerce
import Language

/// Puts notes together to acts.
struct ActBuilder {
    /// A sentence of the book, or a question of the shop.
    struct Meaning: Sendable {
        let intent: Intent
        let slots: [Slot: String]
    }

    let vocabulary: ShopVocabulary
    let meanings: [Meaning]
    let utterance: Utterance

    private var acts: [Act] = []
    private var act: Act?
    private var item: ItemPhrase?
    private var itemFamily: Int32 = -1
    /// A number and a measure that were said last: they belong to the item behind them.
    private var number: Int32?
    private var measure: (thousandths: Int32, unit: String)?
    /// Modifiers that were said without a product.
    private var loose = ItemPhrase(candidates: [])
    /// Where the words of an address end, so that a flat behind it can be joined.
    private var addressEnd: Int?

    init(vocabulary: ShopVocabulary, meanings: [Meaning], utterance: Utterance) {
        self.vocabulary = vocabulary
        self.meanings = meanings
        self.utterance = utterance
    }

    /// The acts of a parse, each with the parse's coverage as its confidence.
    mutating func acts(of parse: Parse) -> [Act] {
        for note in parse.notes {
            switch note {
            case .act(let sentence):
                finishAct()
                act = Act(
                    meanings[Int(sentence)].intent, confidence: parse.coverage, slots: meanings[Int(sentence)].slots)
            case .itemBegins(let family):
                item = ItemPhrase(candidates: [])
                itemFamily = family
            case .itemEnds: finishItem()
            case .capture(let capture): take(capture)
            }
        }
        finishAct()
        return acts
    }

    private mutating func finishItem() {
        if var finished = item {
            if let measure {
                finished.quantity = quantity(of: measure, sku: finished.candidates.first)
            } else if let number {
                finished.quantity = Quantity(thousandths: Int(number))
            }
            act?.items.append(finished)
        }
        item = nil
        number = nil
        measure = nil
    }

    private mutating func finishAct() {
        if let left = number ?? measure?.thousandths, act != nil {
            note(Quantity(thousandths: Int(left)).decimal, in: .quantity)
        }
        number = nil
        measure = nil
        if var finished = act {
            if !loose.modifiers.isEmpty || !loose.without.isEmpty {
                if finished.items.count == 1 {
                    // "Make the pizza large": of all that "large" can be, what a pizza can be.
                    let groups = finished.items[0].sku.flatMap(vocabulary.catalog.product)?.modifierGroups
                    finished.items[0].modifiers += loose.modifiers.filter { groups?.contains($0.group) ?? true }
                    finished.items[0].without += loose.without.filter { groups?.contains($0.group) ?? true }
                } else {
                    finished.items.append(loose)
                }
            }
            acts.append(finished)
        }
        act = nil
        loose = ItemPhrase(candidates: [])
        addressEnd = nil
    }

    private mutating func take(_ capture: Capture) {
        let first = capture.values.first ?? 0
        switch capture.kind {
        case .product where capture.slot != nil:
            if let slot = capture.slot { note(products(of: capture).first ?? "", in: slot) }
        case .modifier where capture.slot == .insteadOf:
            // What is taken back can be left out, or goes by itself as another of its group is taken.
            loose.without += modifiers(of: capture).filter {
                vocabulary.catalog.group($0.group)?.removable == true
            }
        case .group: note(vocabulary.catalog.modifierGroups[Int(first)].id, in: .group)
        case .tag:
            note(vocabulary.tagNames[Int(first)].replacing("_", with: " "), in: capture.slot ?? .query)
        case .product:
            let named = products(of: capture)
            item?.candidates = named
        case .modifier:
            let said = modifiers(of: capture)
            if item != nil { item?.modifiers += said } else { loose.modifiers += said }
        case .exclusion:
            let said = modifiers(of: capture)
            if item != nil { item?.without += said } else { loose.without += said }
        case .number:
            if addressEnd != nil {
                joinFlat(capture, String(Int(first) / 1_000))
            } else if let slot = capture.slot {
                note(Quantity(thousandths: Int(first)).decimal, in: slot)
            } else {
                number = first
            }
        case .measure:
            if let slot = capture.slot {
                let unit = capture.text ?? ""
                let isSoldBy = vocabulary.catalog.products.contains { $0.unit == unit }
                let value = isSoldBy ? Quantity(thousandths: Int(first)) : inLargerUnit(Int(first), unit)
                note(value.decimal, in: slot)
                note(unit, in: .unit)
            } else {
                measure = (first, capture.text ?? "")
            }
        case .price:
            note(
                Money(minorUnits: Int64(first), currency: vocabulary.shop.currency).decimal,
                in: capture.slot ?? .priceMax)
        case .digits:
            if addressEnd != nil {
                joinFlat(capture, capture.text ?? "")
            } else {
                note(capture.text ?? "", in: capture.slot ?? .digits)
            }
        case .ordinal: note(String(first), in: capture.slot ?? .ordinal)
        case .category: note(vocabulary.catalog.categories[Int(first)].id, in: capture.slot ?? .category)
        case .delivery: note(vocabulary.shop.delivery[Int(first)].id, in: capture.slot ?? .deliveryMethod)
        case .payment: note(vocabulary.shop.payment[Int(first)].id, in: capture.slot ?? .paymentMethod)
        case .address:
            let parts = capture.values.map { $0 < 0 ? vocabulary.streetNames[Int(~$0)] : String($0) }
            note(parts.joined(separator: " "), in: .address)
            addressEnd = capture.range.upperBound
        case .anything: note(words(capture.range), in: capture.slot ?? .query)
        }
    }

    private mutating func note(_ value: String, in slot: Slot) { act?.slots[slot] = value }

    private func words(_ range: Range<Int>) -> String { utterance.tokens[range].joined(separator: " ") }

    /// "5 Lake Street" and "apartment twelve" make one address.
    private mutating func joinFlat(_ capture: Capture, _ number: String) {
        guard let end = addressEnd, let street = act?.slots[.address] else { return }
        let between = end < capture.range.lowerBound ? words(end..<capture.range.lowerBound) + " " : ""
        note("\(street), \(between)\(number)", in: .address)
        addressEnd = nil
    }

    /// Of a family only its products; where nothing narrows it, every product that bears the name.
    private func products(of capture: Capture) -> [String] {
        var indices = capture.values
        if itemFamily >= 0, item?.modifiers.isEmpty ?? true, item?.without.isEmpty ?? true {
            let all = vocabulary.all.products.matches(in: utterance, at: capture.range.lowerBound)
            indices += all.filter { $0.length == capture.range.count }.flatMap(\.values).filter {
                !indices.contains($0)
            }
        }
        return indices.map { vocabulary.catalog.products[Int($0)].sku }
    }

    /// Where a product is known, one; else one for each group that knows the word, for the dialogue to choose by its line.
    /// What is left out is everything that is called so: "no beans" are neither the black nor the brown ones.
    private func modifiers(of capture: Capture) -> [ChosenModifier] {
        let spoken = capture.values.map { vocabulary.spokenModifiers[Int($0)] }
        let meant =
            itemFamily < 0 || item == nil
            ? spoken[...]
            : capture.kind == .exclusion ? spoken.filter { $0.group == spoken[0].group }[...] : spoken.prefix(1)
        return meant.map { ChosenModifier(group: $0.group, id: $0.id, amount: $0.amount) }
    }

    private func inLargerUnit(_ thousandths: Int, _ unit: String) -> Quantity {
        Quantity(thousandths: ["g", "ml"].contains(unit) ? thousandths / 1_000 : thousandths)
    }

    /// A measure in the unit that the product is sold by; another kind of unit counts as it is.
    private func quantity(of measure: (thousandths: Int32, unit: String), sku: String?) -> Quantity {
        let thousandths = Int(measure.thousandths)
        switch (measure.unit, sku.flatMap { vocabulary.catalog.product($0)?.unit } ?? "") {
        case ("g", "kg"), ("ml", "l"): return Quantity(thousandths: thousandths / 1_000)
        case ("kg", "g"), ("l", "ml"): return Quantity(thousandths: thousandths * 1_000)
        default: return Quantity(thousandths: thousandths)
        }
    }
}
