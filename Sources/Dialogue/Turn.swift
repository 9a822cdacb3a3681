// One event being worked off: the state as it changes, what is said so far, what is to be done, and whether a question was asked.
// Rule of the house: a turn asks one question, the last thing it says.

import Commerce
import Language
import Understanding

struct Turn {
    var state: DialogueState
    let context: DialogueContext
    let wording: Wording
    private var parts: [Spoken] = []
    private(set) var effects: [Effect] = []
    /// The order that this turn placed or spoke about.
    var order: ToldOrder?
    /// A question was asked, or a pause agreed on: nothing is asked on top of it.
    var hasAsked = false
    /// Lines put into the cart in this turn, as they were asked for; told together.
    var added: [LineItem] = []
    /// Whether something went into the cart in this turn.
    private(set) var hasAdded = false
    /// Whether a line of the cart was changed in this turn.
    var hasChanged = false
    /// Acts that decided about delivery, address or payment; told unless the read-back tells them.
    var decided: [Act] = []
    /// How surely was heard what is carried out; keys are sure, and what was confirmed.
    var sureness = 1.0
    /// Acts of the utterance that are still to come.
    var remaining = 0
    /// Words of the utterance that may have been goods, and fit nothing.
    var missed: [String] = []
    /// Failures in a row until now.
    let missesBefore: Int
    /// Categories that had been named when the caller spoke.
    let toldBefore: Int
    /// The product that was being asked about then.
    let askedAbout: String?

    init(_ state: DialogueState, _ context: DialogueContext) {
        self.state = state
        self.context = context
        wording = Wording(context: context)
        missesBefore = state.repair.misses
        toldBefore = state.toldCategories
        askedAbout = state.phase.sku
        self.state.toldCategories = 0
    }

    // MARK: Saying and asking

    mutating func say(_ key: PromptKey, _ values: [String: PromptValue] = [:]) {
        say(wording.render(key, values))
    }

    /// Nothing is said twice in a turn.
    mutating func say(_ spoken: Spoken) {
        if !parts.contains(where: { $0.text == spoken.text }) { parts.append(spoken) }
    }

    /// Says something that an answer is expected to.
    mutating func ask(_ key: PromptKey, _ values: [String: PromptValue] = [:]) {
        say(key, values)
        hasAsked = true
    }

    mutating func send(_ effect: Effect) { effects.append(effect) }

    var hasSaidSomething: Bool { !parts.isEmpty || !added.isEmpty }

    /// Tells of the lines added in this turn, before anything else is said.
    mutating func tellAdded() {
        guard !added.isEmpty else { return }
        let prices = added.compactMap(context.catalog.priced)
        let total = prices.reduce(.zero(context.catalog.currency)) { $0 + $1.total }
        parts.insert(
            wording.render(.added, ["items": wording.items(added), "total": wording.money(total)]), at: 0)
        added = []
        hasAdded = true
    }

    mutating func end(_ reason: CallEnd) {
        state.phase = .ended(reason)
        send(.end(reason))
        hasAsked = true
    }

    // MARK: Finishing

    func finished() -> Step {
        var state = state
        let reply = Spoken.joined(parts)
        if let reply { state.lastReply = reply }
        return Step(state: state, reply: reply, effects: effects, listening: state.listening, order: order)
    }

    /// Ends a turn in which something was understood: puts in what has waited, and asks what is open.
    mutating func settle() {
        if !state.checkout.isUnderway { decided.forEach { tellDecided($0) } }
        performPending()
        tellAdded()
        if hasAdded || hasChanged || !decided.isEmpty, !missed.isEmpty {
            say(.restUnclear, ["words": .list(missed.map { .text($0) })])
        }
        guard !hasAsked else { return }
        switch state.phase {
        case .waiting, .ended: return
        // Who asks for something else has left these behind.
        case .asking(.product) where hasSaidSomething, .doubting(.notify) where hasSaidSomething: resume()
        case .asking(let question): ask(question)
        case .doubting(.person): resume()
        case .doubting(let doubt): ask(doubt)
        case .verifying(let proof): ask(proof)
        case .choosing(let choice):
            // A list that was only shown may be passed over.
            if choice.act.intent == .searchProducts { resume() } else { ask(choice) }
        case .revising: ask(.whatToChange)
        case .greeting, .idle, .confirmingOrder: resume()
        }
    }

    /// Goes on where the conversation was: with what the order still lacks, or with whatever the caller wants.
    mutating func resume() {
        if state.checkout.isUnderway { return advanceCheckout() }
        state.phase = .idle
        recommendUnasked()
        guard !hasAsked else { return }
        ask(hasSaidSomething ? .anythingElse : .whatWouldYouLike)
    }

    /// Leaves an open question, as the caller went on to something else. A read-back stays until its quote is made anew.
    mutating func leaveQuestion() {
        setAside()
        switch state.phase {
        case .greeting, .choosing, .asking, .doubting, .revising, .verifying: state.phase = .idle
        case .idle, .confirmingOrder, .waiting, .ended: break
        }
    }

    /// Leaves goods that were offered, as others are looked at.
    mutating func leaveOffer() {
        switch state.phase {
        case .choosing, .doubting(.offer): state.phase = .idle
        default: break
        }
    }

    // MARK: Questions

    mutating func ask(_ question: Question) {
        if case .product = question { setAside() }
        state.phase = .asking(question)
        switch question {
        case .address: ask(.askAddress)
        case .deliveryMethod:
            ask(.askDelivery, ["options": .list(availableDelivery.map { wording.delivery($0, goods: goods) })])
        case .paymentMethod:
            ask(.askPayment, ["options": .list(possiblePayments.map { wording.payment($0) })])
        case .phone(let reason): ask(reason == Self.forLink ? .askPhoneLink : .askPhone)
        case .quantity(let act):
            let sku = act.items.first?.candidates.first ?? state.lastLine?.sku ?? ""
            let isCounted = context.catalog.product(sku)?.isCounted == true
            ask(
                isCounted ? .askHowMany : .askQuantity,
                ["product": isCounted ? wording.several(sku) : wording.name(sku)])
        case .product: ask(.askProduct)
        case .modifier(let act, let sku, let group): askModifier(of: act, sku: sku, group: group)
        case .meaning(let act, let sku): askMeaning(of: act, sku: sku)
        case .orderNumber: ask(.askOrderNumber)
        }
    }

    mutating func ask(_ doubt: Doubt) {
        setAside()
        state.phase = .doubting(doubt)
        switch doubt {
        case .heard(let act): askWhetherHeard(act)
        case .offer(let phrase): ask(.offerItem, ["item": wording.item(phrase)])
        case .fewer(let sku, let left):
            ask(.offerFewer, ["item": wording.item(ItemPhrase(candidates: [sku], quantity: left))])
        case .delivery(let id):
            guard let method = context.shop.deliveryMethod(id) else { return ask(.deliveryMethod) }
            ask(.offerDelivery, ["option": wording.delivery(method, goods: goods)])
        case .cancelOrder(let number): ask(.cancelQuestion, ["number": .orderNumber(number)])
        case .goOn(let cart): ask(.goOn, ["items": wording.items(cart.lines)])
        case .eraseData: ask(.eraseQuestion)
        case .openCart: ask(.offerCart)
        case .notify(let sku): ask(.offerNotice, ["product": wording.name(sku)])
        case .person: ask(context.line == .kiosk ? .offerPersonHere : .offerPerson)
        }
    }

    mutating func ask(_ choice: Choice) {
        setAside()
        state.phase = .choosing(choice)
        let page = choice.page
        state.offered = page
        let products = page.compactMap(context.catalog.product)
        let isLast = choice.offset + page.count >= choice.options.count
        ask(
            isLast ? .whichOf : .whichOfMore,
            ["options": .list(products.map { wording.priced($0) })])
    }

    // MARK: What is often looked at

    /// What the goods in the cart cost.
    var goods: Money { state.cart.priced(context.catalog).goods }

    /// Offers a person because of `reason`: an intent's name or a state's.
    mutating func offerPerson(_ reason: String) { ask(.person(reason: reason)) }
}

extension Choice {
    /// More than these at a time nobody remembers.
    static let pageSize = 3

    var page: [String] { Array(options.dropFirst(offset).prefix(Self.pageSize)) }
}
