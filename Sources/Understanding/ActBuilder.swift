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

    enum Whole {
        case groups([String])
        case everything
    }

    let vocabulary: ShopVocabulary
    let meanings: [Meaning]
    let utterance: Utterance
    let rules: any LanguageRules
    let leads: Leads

    private var acts: [Act] = []
    private var act: Act?
    private var item: ItemPhrase?
    private var itemFamily: Int32 = -1
    /// A number and a measure that were said last: they belong to the item behind them.
    private var number: Int32?
    private var measure: (thousandths: Int32, unit: String)?
    /// Modifiers that were said without a product.
    private var loose = ItemPhrase(candidates: [])
    /// Behind the last word of a guess that was all that was said of its item.
    private var endOfGuess: Int?
    /// The modifier that was said last of an item that had one of its group already, and where its words end: "large fries,
    /// large …" says it of what comes next.
    private var trailing: (choice: ChosenModifier, end: Int)?
    /// The modifier that was said last, and its words.
    private var lastModifier: (choice: ChosenModifier, range: Range<Int>)?
    /// Behind the last word of the product that was named last.
    private var endOfProduct: Int?
    /// Groups of which the item is to have all: by their identifiers, or whatever can be had.
    private var wholes: [Whole] = []
    /// How often the modifier is wanted that comes next: "two sugars".
    private var times: Quantity?
    /// Where the words of an address end, so that a flat behind it can be joined.
    private var addressEnd: Int?
    /// Where the words of the item begin, and those of its product.
    private var itemStart: Int?
    private var productRange: Range<Int>?
    /// Words that fit nothing, by their places.
    private var skipped: Set<Int> = []

    init(
        vocabulary: ShopVocabulary, meanings: [Meaning], utterance: Utterance, rules: any LanguageRules,
        leads: Leads
    ) {
        self.vocabulary = vocabulary
        self.meanings = meanings
        self.utterance = utterance
        self.rules = rules
        self.leads = leads
    }

    /// The acts of a parse, each with the parse's coverage as its confidence.
    mutating func acts(of parse: Parse) -> [Act] {
        skipped = Set(parse.skipped)
        for note in parse.notes {
            switch note {
            case .act(let sentence):
                finishAct()
                act = Act(
                    meanings[Int(sentence)].intent, confidence: parse.coverage, slots: meanings[Int(sentence)].slots)
            case .itemBegins(let family):
                item = ItemPhrase(candidates: [])
                itemFamily = family
                (itemStart, productRange) = (nil, nil)
            case .itemEnds: finishItem()
            case .capture(let capture): take(capture)
            }
        }
        finishAct()
        return isShared(besides: parse) ? acts.map(\.shared) : acts
    }

    private mutating func finishItem() {
        if var finished = item {
            if let itemStart, let productRange, number == nil, measure == nil {
                mark(&finished, from: itemStart, named: productRange, skipped: skipped)
            }
            if let measure {
                let product = finished.candidates.first.flatMap(vocabulary.catalog.product)
                finished.quantity = quantity(of: measure, product)
                // "300 grams of cheese", where there are only cheeseburgers.
                if finished.quantity == nil { finished.isGuess = true }
            } else if let number {
                finished.quantity = Quantity(thousandths: Int(number))
            }
            let spokenOf = finished.sku ?? act?.items.last { $0.sku != nil }?.sku
            if let product = spokenOf.flatMap(vocabulary.catalog.product) {
                if finished.sku != nil { finished = fitted(finished, to: product) }
                for whole in wholes { finished.modifiers += all(of: whole, on: product, besides: finished) }
            }
            // "Camomile tea", where herbal tea is all that there can be camomile in, is no guess.
            if finished.isGuess, measure == nil, vocabulary.hasOwnModifier(finished) { finished.isGuess = false }
            trailing = lastModifier.flatMap {
                isAgain($0.choice, in: finished) ? ($0.choice, $0.range.upperBound) : nil
            }
            lastModifier = nil
            finished.modifiers = lastOfEach(finished.modifiers)
            let isHad = act?.items.isEmpty == false && isPurpose(finished, from: itemStart ?? 0)
            if !isImpossible(finished), !isHad { act?.items.append(finished) }
        }
        item = nil
        number = nil
        measure = nil
        wholes = []
        times = nil
    }

    /// "Large fries, large cola", "a large cola and a small one": what was said right before the next thing is of that.
    private mutating func takeTrailing(before capture: Capture) {
        defer { trailing = nil }
        guard let trailing, trailing.end == capture.range.lowerBound, item?.hasModifiers == false,
            let last = act?.items.indices.last
        else { return }
        if capture.kind == .product {
            let product = products(of: capture).first.flatMap(vocabulary.catalog.product)
            guard number == nil, product?.modifierGroups.contains(trailing.choice.group) == true else { return }
        } else if capture.kind != .number {
            return
        }
        let isOther = act?.items[last].modifiers.dropLast().contains { $0.group == trailing.choice.group } ?? false
        if isOther { act?.items[last].modifiers.removeLast() }
        item?.modifiers.append(trailing.choice)
    }

    /// Of what was said beside a product what the product can have, where it can have any of it.
    private func fitted(_ phrase: ItemPhrase, to product: Product) -> ItemPhrase {
        guard itemFamily < 0, phrase.hasModifiers else { return phrase }
        return phrase.fitted(to: product)
    }

    private mutating func finishAct() {
        if let left = number ?? measure?.thousandths, act != nil {
            note(Quantity(thousandths: Int(left)).decimal, in: .quantity)
        }
        number = nil
        measure = nil
        if var finished = act {
            if loose.hasModifiers {
                if finished.items.count == 1 {
                    // "Make the pizza large": of all that "large" can be, what a pizza can be.
                    let product = finished.items[0].sku.flatMap(vocabulary.catalog.product)
                    let fitting = product.map(loose.fitted) ?? loose
                    finished.items[0].modifiers += fitting.modifiers
                    finished.items[0].without += fitting.without
                    finished.items[0].unclear += fitting.unclear
                } else {
                    finished.items.append(loose)
                }
            }
            // "Make it two large": nothing can be large twice, so there are two.
            if let times {
                acts.append(Act(.changeQuantity, confidence: finished.confidence, slots: [.quantity: times.decimal]))
            }
            // "For four people" informs of nothing.
            let isEmpty = finished.items.isEmpty && finished.slots.isEmpty
            if finished.intent != .inform || !isEmpty { acts.append(finished) }
        }
        act = nil
        times = nil
        loose = ItemPhrase(candidates: [])
        addressEnd = nil
    }

    private mutating func take(_ capture: Capture) {
        let first = capture.values.first ?? 0
        if itemStart == nil { itemStart = capture.range.lowerBound }
        if item != nil, trailing != nil { takeTrailing(before: capture) }
        switch capture.kind {
        case .product where capture.slot != nil:
            if let slot = capture.slot { note(products(of: capture).first ?? "", in: slot) }
            // "Instead of the ham pizza": what was said of the old thing is none of the new.
            loose = ItemPhrase(candidates: [])
        case .modifier where capture.slot == .told:
            note(told(modifiers(of: capture), behind: act?.slots[.told]), in: .told)
        case .modifier where capture.slot == .insteadOf:
            // What is taken back can be left out, or goes by itself as another of its group is taken.
            let old = modifiers(of: capture)
            loose.without += old.filter { vocabulary.catalog.group($0.group)?.removable == true }
            if let first = old.first { note(first.id, in: .insteadOf) }
        case .modifier where capture.slot == .except && item != nil:
            // "Oat milk instead of whole milk": what it replaces goes by itself, or can be left out.
            let old = modifiers(of: capture).filter {
                vocabulary.catalog.group($0.group).map { $0.removable && $0.max > 1 } ?? false
            }
            item?.without += old
        case .group where capture.slot == .except:
            let unwanted = capture.values.flatMap { all(of: vocabulary.catalog.modifierGroups[Int($0)]) }
            if item != nil { item?.without += unwanted } else { loose.without += unwanted }
        case .group where item != nil && capture.slot == .unit: takeOne(of: capture.values, saidIn: capture.range)
        case .group where item != nil:
            wholes.append(.groups(capture.values.map { vocabulary.catalog.modifierGroups[Int($0)].id }))
        case .everything: wholes.append(.everything)
        case .every where item != nil && capture.slot == .unit: item?.isOfEach = true
        case .every where item != nil && act?.intent == .addToCart:
            if let before = item, !before.candidates.isEmpty || before.hasModifiers { finishItem() }
            item = ItemPhrase(candidates: [])
            item?.isOfEach = true
        case .every: break
        case .group: note(vocabulary.catalog.modifierGroups[Int(first)].id, in: .group)
        case .tag:
            note(vocabulary.tagNames[Int(first)].replacing("_", with: " "), in: capture.slot ?? .query)
        case .product:
            if let number, number > 1_000, let lastModifier, item?.candidates.isEmpty == true,
                isOfList(lastModifier, before: capture)
            {
                finishItem()
                item = ItemPhrase(candidates: [])
            }
            let named = products(of: capture)
            let isPlain = number == nil && measure == nil && item?.hasModifiers == false
            if isPlain, capture.range.lowerBound == endOfProduct, let before = act?.items.last,
                before.candidates == named,
                !before.hasModifiers
            {
                // "English breakfast tea", where it is called "english breakfast", or "tea".
                number = before.quantity.map { Int32($0.thousandths) }
                act?.items.removeLast()
            }
            endOfProduct = capture.range.upperBound
            if isPlain, capture.range.lowerBound == endOfGuess, act?.items.last?.isGuess == true {
                // "Garden gloves" are not a spade, some hose and gloves.
                act?.items.removeLast()
            }
            item?.candidates = named
            productRange = capture.range
            if capture.isPart { guess(capture) }
            endOfGuess = capture.isPart && item?.isGuess == true ? capture.range.upperBound : nil
            if !capture.inner.isEmpty { take(capture.inner, saidIn: capture.range) }
        // "Not green": of what is of one kind another is wanted.
        // "Hold the cream, extra cherries", where nothing is called cream: no cherries are held.
        case .exclusion where skipped.contains(capture.range.lowerBound - 1): break
        case .exclusion,
            .modifier where capture.slot == .unit:
            let said = modifiers(of: capture)
            if item != nil { item?.without += said } else { loose.without += said }
        case .modifier: take(capture.values, saidIn: capture.range)
        case .number where isOfOther(capture.range): break
        case .number:
            if addressEnd != nil {
                joinFlat(capture, String(Int(first) / 1_000))
            } else if capture.slot == .unit, let named = modifier(numbered: capture) {
                take([named], saidIn: capture.range)
            } else if capture.slot == .unit {
                times = Quantity(thousandths: Int(first))
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
        // "The pizza", where there is one of that name among the pizzas.
        case .category where act.map({ Self.ofCart.contains($0.intent) }) == true:
            let named = vocabulary.all.products.matches(in: utterance, at: capture.range.lowerBound).filter {
                $0.length == capture.range.count && $0.cost == 0
            }.flatMap(\.values)
            if named.isEmpty { fallthrough }
            let skus = named.map { vocabulary.catalog.products[Int($0)].sku }
            act?.items.append(ItemPhrase(candidates: skus))
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

    /// What speaks of goods that are in the cart.
    private static let ofCart: Set<Intent> = [.removeFromCart, .changeModifiers]
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
            let start = capture.range.lowerBound
            let all =
                capture.isPart
                ? vocabulary.parts.matches(in: utterance, at: start)
                : vocabulary.all.products.matches(in: utterance, at: start)
            indices += all.filter { $0.length == capture.range.count }.flatMap(\.values).filter {
                !indices.contains($0)
            }
        }
        return indices.map { vocabulary.catalog.products[Int($0)].sku }
    }

    /// What a word means: what is called so itself before what is so in the plural or in part. Where that is one modifier it is
    /// taken, else it is left open.
    private mutating func take(_ values: [Int32], saidIn range: Range<Int>) {
        let spoken = values.map { vocabulary.spokenModifiers[Int($0)] }
        let own = spoken.count > 1 ? spoken.filter { isOwnName($0, range) } : []
        var meant: [ChosenModifier] = []
        for one in own.isEmpty ? spoken : own where !meant.contains(where: { $0.group == one.group && $0.id == one.id })
        {
            meant.append(ChosenModifier(group: one.group, id: one.id, amount: one.amount))
        }
        // A name that only sounds like several means the first.
        if own.isEmpty, item != nil, itemFamily >= 0 { meant = Array(meant.prefix(1)) }
        if let counted = times {
            let several = meant.filter { vocabulary.catalog.group($0.group)?.amounts.isEmpty == false }
            if !several.isEmpty { meant = several.map { vocabulary.catalog.taking($0, times: counted) } }
            if !several.isEmpty || item != nil { times = nil }
        }
        guard let first = meant.first else { return }
        if item != nil {
            if meant.count == 1 { item?.modifiers.append(first) } else { item?.unclear.append(meant) }
            lastModifier = meant.count == 1 ? (first, range) : nil
        } else {
            loose.modifiers += meant
            if meant.count > 1 { loose.unclear.append(meant) }
        }
    }

    /// "With cheese", of which there are several: any of them can be meant.
    private mutating func takeOne(of groups: [Int32], saidIn range: Range<Int>) {
        let named = groups.map { vocabulary.catalog.modifierGroups[Int($0)] }
        let own = named.filter { itemFamily < 0 || vocabulary.families[Int(itemFamily)].groups.contains($0.id) }
        let choices = (own.isEmpty ? named : own).flatMap(all)
        // "With milk", where one of the milks is called just so.
        let called = choices.filter { isOwnName(.init(group: $0.group, id: $0.id, amount: nil), range) }
        let meant = called.isEmpty ? choices : called
        if meant.count == 1 { item?.modifiers += meant } else { item?.unclear.append(meant) }
    }

    /// "An inner tube, 29, with …": the one modifier of this product that is called by the number.
    private func modifier(numbered capture: Capture) -> Int32? {
        guard itemFamily >= 0, item != nil else { return nil }
        let parts = vocabulary.modifierParts.matches(in: utterance, at: capture.range.lowerBound).filter {
            $0.length == capture.range.count && $0.cost == 0
        }.flatMap(\.values)
        let own = parts.filter { vocabulary.takes(itemFamily, modifier: $0) }
        return own.count == 1 ? own[0] : nil
    }

    /// What is left out is everything that is called so: "no beans" are neither the black nor the brown ones.
    private func modifiers(of capture: Capture) -> [ChosenModifier] {
        let spoken = capture.values.map { vocabulary.spokenModifiers[Int($0)] }
        let isKnown = itemFamily >= 0 && item != nil
        return spoken.filter { !isKnown || $0.group == spoken[0].group }.map {
            ChosenModifier(group: $0.group, id: $0.id, amount: $0.amount)
        }
    }

    /// Of products known by a part of their name those of which nothing is missing but figures, units, brand or category.
    private mutating func guess(_ capture: Capture) {
        guard var guessed = item else { return }
        let isOnly = guessed.candidates.count == 1
        let sure = guessed.candidates.filter { isSure($0, saidIn: capture.range, isOnly: isOnly) }
        if !sure.isEmpty { guessed.candidates = sure }
        guessed.isGuess = sure.isEmpty
        item = guessed
    }
}
