// What was heard becomes acts that are carried out one by one: first as answers to what was asked, else as wishes of their own.

import Commerce
import Language
import Privacy
import Understanding

extension Turn {
    mutating func greet() {
        state.phase = .greeting
        say(.greeting, ["shop": .text(context.shop.name)])
        tellNotice()
        if availableDelivery.isEmpty { say(.closedNotice, ["hours": wording.hours(context.shop.hours)]) }
        if let welcome = context.welcome { self.welcome(welcome) }
        if !hasAsked { ask(.whatWouldYouLike) }
    }

    mutating func hear(_ interpretation: Interpretation) {
        if case .waiting = state.phase { return say(.oneMoment) }
        let acts = interpretation.acts.map { act in
            var act = act
            act.confidence = min(act.confidence, interpretation.confidence)
            return act
        }
        if case .confirmingOrder(let quote, let key) = state.phase,
            answerReadBack(acts, quote: quote, key: key)
        {
            return
        }
        // Looked up with effects at the end: what is said about them comes when their outcome is there.
        let heard = correcting(acts.filter { $0.confidence >= $0.intent.assurance && !$0.isBareYes(in: state.phase) })
        let ordered = heard.filter { !$0.intent.isErrand } + heard.filter(\.intent.isErrand)
        guard !ordered.isEmpty else { return miss() }
        state.repair = Repair()
        sureness = ordered.map(\.confidence).min() ?? 1
        let isSure = sureness >= Assurance.order
        missed = interpretation.missed
        carryOut(severalAnswers(ordered) ?? ordered)
        // A word that fits nothing here is nobody's, however surely it was heard; nor is what had to be asked about anybody's yet.
        let isDoubted = if case .doubting(.heard) = state.phase { true } else { false }
        if isSure, !isDoubted, state.repair.misses == 0 { state.clarity.heard(over: context.isInterrupted) }
        settle()
    }

    /// "No, make it small" corrects, where no alone would say that this was all; "four of those, large" is one answer to an offer.
    private func correcting(_ heard: [Act]) -> [Act] {
        // "Wait, how much is it?" does not want to wait, nor "hello, two colas" a greeting.
        var acts = heard.count > 1 ? heard.filter { $0.intent != .wait && $0.intent != .greet } : heard
        if case .choosing = state.phase {
        } else if acts.contains(where: { $0.intent == .addToCart && !$0.isPointing }) {
            // "Add fries first": of no list.
            acts.removeAll { $0.isPointing && $0.slots[.ordinal] != nil && $0.items.isEmpty }
        }
        // "One. No, two" is two.
        acts = acts.indices.filter { place in
            !acts[place].isBareNumber || !(acts.dropFirst(place + 1).first?.isBareNumber ?? false)
        }.map { acts[$0] }
        if acts.count == 2, acts[0].isBareNumber, acts[1].intent == .changeModifiers, let said = acts[1].items.first,
            said.candidates.isEmpty, said.without.isEmpty,
            let line = state.cart.lines.last(where: { $0.has(said.modifiers) })
        {
            // "Make it 20 black", of some black ones and some red ones.
            return [acts[0].with(items: [ItemPhrase(line, quantity: acts[0].quantity)], slots: [:])]
        }
        switch state.phase {
        case .greeting, .idle, .revising, .confirmingOrder, .asking:
            return acts.indices.filter { place in
                acts[place].intent != .deny || !(acts.dropFirst(place + 1).first?.intent.saysWhatInstead ?? false)
            }.map { acts[$0] }
        case .doubting(.offer):
            // "Four of those, large", "300 grams of that, sliced".
            guard acts.count > 1, acts[0].intent == .changeQuantity || acts[0].intent == .inform, acts[0].items.isEmpty,
                let number = acts[0].quantity,
                acts[1].intent == .changeModifiers, var said = acts[1].items.first, said.candidates.isEmpty
            else { return acts }
            said.quantity = number
            return [acts[1].with(intent: .addToCart, items: [said])] + acts.dropFirst(2)
        default: return acts
        }
    }

    /// Carries out acts in a row. Once one of them had to ask, the others wait for the answer.
    mutating func carryOut(_ acts: [Act]) {
        var rest = acts.flatMap(\.itemByItem)[...]
        while let act = rest.popFirst() {
            remaining = rest.count
            if !answer(act) {
                // What waits may be about what is no longer spoken of.
                if act.intent.changesCart { state.pending.removeAll(where: \.isLoose) }
                perform(act)
            }
            if case .ended = state.phase { return }
            if case .waiting = state.phase { break }
            if hasAsked { break }
        }
        remaining = 0
        state.pending += rest.filter(\.canWait)
    }

    /// Carries out what has waited for a question to be answered.
    mutating func performPending() {
        guard !hasAsked, !state.pending.isEmpty, state.phase == .idle else { return }
        let acts = state.pending
        state.pending = []
        var rest = acts[...]
        while !hasAsked, let act = rest.popFirst() {
            // What was said of nothing yet, and cannot be said of this.
            let said = act.items.first
            if act.isLoose, let said, said.hasModifiers, let line = state.lastLine, !canTake(said, line) { continue }
            perform(act)
        }
        state.pending = Array(rest)
    }

    /// Does what an act wants, whatever was asked before.
    mutating func perform(_ act: Act) {
        // What may be a radio's first wish is asked about, however surely it was heard.
        let isFirst = mayBeNobody && act.intent == .addToCart
        // An answer too is then no surer than it was heard.
        let sureness = isFirst || mayBeRadio ? min(act.confidence, sureness) : act.confidence
        if act.intent.changesCart, sureness < (isFirst ? 1 : cartAssurance) { return doubt(act, sureness) }
        // "One of the phillys without onions", where nobody knows what a philly is: of what else it may be said is asked.
        if act.intent.changesCart, act.isUnnamed, !missed.isEmpty, !state.cart.lines.isEmpty { return ask(.heard(act)) }
        // "Which sizes are there?" is about what is on offer.
        if act.intent.looksAtGoods, act.slots[.group] == nil { leaveOffer() }
        switch act.intent {
        case .searchProducts: search(act)
        case .productDetails: details(act)
        case .checkAvailability: availability(act)
        case .compareProducts: compare(act)
        case .recommend: recommend()
        case .addToCart: add(act)
        case .removeFromCart: remove(act)
        case .changeQuantity: changeQuantity(act)
        case .changeModifiers: changeModifiers(act)
        case .showCart: showCart()
        case .clearCart: clearCart(act)
        case .repeatOrder: repeatOrder(act)
        case .checkout, .placeOrder, .setAddress, .chooseDelivery, .choosePayment: decide(act)
        case .trackOrder, .refundStatus: track(act)
        case .cancelOrder: cancel(act)
        case .faq: answerQuestion(act.slots[.topic] ?? "")
        case .talkToOperator: callback(reason: act.intent.rawValue)
        case .notifyWhenAvailable: notifyWhenBack(act)
        case .complaint, .paymentIssue, .changeOrder, .returnOrder, .invoice:
            handOver(act.intent)
        case .stopRecording: refuseRecording()
        case .exportMyData: tellData(act)
        case .deleteMyData: eraseData(act)
        case .privacyInfo: tellPrivacy()
        case .affirm: affirmNothing()
        case .deny: denyNothing()
        case .repeat: repeatLast()
        case .help: help()
        case .startOver: startOver()
        case .goodbye: sayGoodbye()
        case .greet: greetBack()
        case .thanks: say(.thanks)
        case .wait: ask(.takeYourTime)
        case .switchLanguage: say(.onlyLanguage, ["language": .text(context.pack.name)])
        case .inform: inform(act)
        case .givePIN, .setPIN, .forgetPIN, .sendCode: performProof(act)
        case .orderHistory: tellHistory(act)
        case .myAddresses: tellAddresses(act)
        case .resumeCart: resumeCart(act)
        case .outOfScope where act.slots[.query] != nil: missAgain(isQuestion: true)
        case .outOfScope:
            say(.outOfScope)
            help()
        }
    }

    /// How sure one has to be of a change of the cart that is not asked about. Single words that are no customer's are heard
    /// surely now and then: behind much that was not understood each is asked about, until one was confirmed.
    private var cartAssurance: Double {
        guard mayBeRadio else {
            let isStranger = context.line == .phone && !state.clarity.hasCustomer
            return isStranger ? Assurance.ofStranger : Assurance.cartChangeUnasked
        }
        return context.isInterrupted || state.clarity.misses >= Assurance.missesOfRadio ? 1 : Assurance.ofRadio
    }

    /// Whether what is heard may be a radio: it is understood now and then, between much that is not, and does not care
    /// whether the assistant is speaking.
    var mayBeRadio: Bool {
        let isKnown = state.clarity.hasCustomer && state.clarity.misses == 0
        return hearsRadios
            && (state.clarity.misses >= Assurance.missesOfRadio || state.clarity.questions > 0
                || context.isInterrupted && !isKnown)
    }

    /// By telephone, and where any speech begins a conversation; not at a stand that a customer has woken.
    private var hearsRadios: Bool { context.line == .phone || context.isUnbidden }

    /// Asks whether a change of the cart was heard rightly; after too many that got no yes nobody means them.
    private mutating func doubt(_ act: Act, _ sureness: Double = 0) {
        guard !hearsRadios || state.clarity.questions < Assurance.questionsToNobody || sureness >= Assurance.ofRadio
        else {
            return missAgain()
        }
        state.clarity.questions += 1
        ask(.heard(act))
    }

    /// Whether the conversation was begun by anybody's speech, and nothing has come of it yet that a person must have said.
    var mayBeNobody: Bool { context.isUnbidden && state.cart.lines.isEmpty }

    /// A bare value that nothing had asked for.
    private mutating func inform(_ act: Act) {
        if act.slots[.address] != nil || act.slots[.deliveryMethod] != nil || act.slots[.paymentMethod] != nil {
            return decide(act)
        }
        if let phone = act.slots[.phone] { state.checkout.phone = phone }
        if !act.items.isEmpty { return perform(act.with(intent: .addToCart)) }
        if let ordinal = act.slots[.ordinal].flatMap(Int.init), let sku = state.offered.at(ordinal: ordinal) {
            return perform(act.with(intent: .addToCart, items: [ItemPhrase(candidates: [sku])]))
        }
        let most = context.shop.limits.maximumQuantity ?? .mostOfOneLine
        if let quantity = act.quantity, quantity <= most, state.lastLine != nil {
            let change = act.with(intent: .changeQuantity)
            // A number that is heard may be a word of somebody else's, or a cough; one that is typed was typed.
            return context.line == .text ? perform(change) : doubt(change)
        }
        if act.slots[.phone] == nil { missAgain() }
    }

    // MARK: Keys

    /// Keys answer what digits can answer, and 1 and 2 what a yes or a no can; they never place an order.
    mutating func hear(keys: String) {
        let digits = keys.filter(\.isNumber)
        if case .waiting = state.phase { return say(.oneMoment) }
        let act = Act(.inform, slots: [.digits: digits])
        switch state.phase {
        case .doubting where digits == Self.yesKey || digits == Self.noKey:
            guard answer(Act(digits == Self.yesKey ? .affirm : .deny)) else { return miss() }
        case .choosing, .asking:
            guard !digits.isEmpty, answer(act) else { return miss() }
        case .verifying(let proof) where digits.count > 1:
            take(SecretDigits(digits), isKeyed: true, for: proof)
        default:
            guard digits == Self.operatorKey else { return miss() }
            callback(reason: Intent.talkToOperator.rawValue)
        }
        state.repair = Repair()
        settle()
    }

    /// The key that calls for a person in most telephone systems.
    private static let operatorKey = "0"
    private static let yesKey = "1"
    private static let noKey = "2"
}

extension Act {
    /// An act for each of its items.
    var itemByItem: [Act] {
        guard items.count > 1, intent.changesCart else { return [self] }
        return items.map { with(items: [$0]) }
    }

    func with(
        intent: Intent? = nil, items: [ItemPhrase]? = nil, slots: [Slot: String]? = nil, confidence: Double? = nil
    ) -> Act {
        Act(
            intent ?? self.intent, confidence: confidence ?? self.confidence, items: items ?? self.items,
            slots: slots ?? self.slots)
    }

    /// Whether it is a plain yes to a read-back that waits: said together with something else it counts for nothing.
    func isBareYes(in phase: Phase) -> Bool {
        guard case .confirmingOrder = phase else { return false }
        return (intent == .affirm || intent == .placeOrder) && items.isEmpty && slots.isEmpty
    }

    /// The quantity that was said, in the item or alone.
    var quantity: Quantity? { items.first?.quantity ?? slots[.quantity].flatMap(Quantity.init(decimal:)) }
}

extension Act {
    /// Whether it means nothing without what was spoken of just before: "and large", or a guess at a product.
    var isLoose: Bool {
        switch intent {
        case .changeModifiers, .changeQuantity, .removeFromCart:
            items.allSatisfy(\.candidates.isEmpty) && slots[.category] == nil
        case .addToCart: items.contains(where: \.isGuess)
        default: false
        }
    }

    /// Whether it says nothing but how many.
    fileprivate var isBareNumber: Bool {
        (intent == .changeQuantity || intent == .inform) && items.isEmpty && Set(slots.keys) == [.quantity]
    }

    /// Whether it says of no product, place or kind what it is about.
    fileprivate var isUnnamed: Bool {
        items.allSatisfy(\.candidates.isEmpty) && slots.keys.allSatisfy { $0 != .category && $0 != .ordinal }
    }

    /// Whether it makes sense later, when an earlier question has been answered. Parts of what is being asked about do not:
    /// "one with ham, the other with mushrooms".
    fileprivate var canWait: Bool {
        intent.canWait && !(intent == .addToCart && !items.isEmpty && items.allSatisfy(\.candidates.isEmpty))
    }
}

extension Intent {
    /// How sure one has to be of it.
    var assurance: Double {
        switch self {
        case .searchProducts, .productDetails, .checkAvailability, .compareProducts, .recommend, .showCart, .faq,
            .repeat, .help, .greet, .thanks, .privacyInfo, .outOfScope, .wait:
            Assurance.understanding
        default: Assurance.cartChange
        }
    }

    /// Whether a no before it is none to what was asked: "no, make it small", "no wait, I want it delivered".
    fileprivate var saysWhatInstead: Bool {
        switch self {
        case .chooseDelivery, .choosePayment, .setAddress: true
        default: changesCart
        }
    }

    /// Whether it looks at goods, and so passes over what was offered before.
    var looksAtGoods: Bool {
        switch self {
        case .searchProducts, .productDetails, .checkAvailability, .compareProducts, .recommend: true
        default: false
        }
    }

    /// Whether it ends in an effect whose outcome is told later.
    var isErrand: Bool {
        switch self {
        case .trackOrder, .refundStatus, .cancelOrder, .repeatOrder, .talkToOperator, .goodbye, .stopRecording,
            .exportMyData,
            .deleteMyData, .setPIN, .forgetPIN,
            .givePIN, .sendCode:
            true
        default: false
        }
    }

    /// Whether it makes sense later.
    fileprivate var canWait: Bool {
        switch self {
        case .addToCart, .removeFromCart, .changeQuantity, .changeModifiers, .checkout, .placeOrder, .setAddress,
            .chooseDelivery, .choosePayment:
            true
        default: false
        }
    }
}

extension Array {
    /// Its element, where there is one only.
    var only: Element? { count == 1 ? first : nil }

    /// The element at a spoken place: 1 is the first, -1 the last.
    func at(ordinal: Int) -> Element? {
        let index = ordinal > 0 ? ordinal - 1 : count + ordinal
        return ordinal != 0 && indices.contains(index) ? self[index] : nil
    }
}

extension LineItem {
    /// Whether it has all of these, as they were said.
    fileprivate func has(_ choices: [ChosenModifier]) -> Bool {
        !choices.isEmpty && choices.allSatisfy(modifiers.contains)
    }
}
