// What can have been meant beside words that fit nothing. Acts and what was left over of the utterance come in; acts go out.

/// How much of an utterance fits nothing, and what it is.
struct Leftover {
    /// Words that say something and fit nothing.
    let skipped: Int
    /// All words.
    let words: Int
    /// Whether it begins like a question.
    let isQuestion: Bool
    /// Whether some of its words are looked for, whatever they are.
    let isSearch: Bool
    /// Whether a word that turns a sentence round is among what fits nothing.
    let isContrary: Bool

    /// Beside so many words one may fit nothing, where something is taken out or changed.
    private static let wordsForOne = (taken: 8, changed: 6)

    /// What of `acts` can have been meant. A guess at a product stands alone: "large hot chocolate" is no chocolate muffin, and
    /// "some stuff for my garden" no garden hose.
    func allowed(of acts: [Act]) -> [Act] {
        let isGuess = acts.contains { $0.intent.changesCart && $0.items.contains(where: \.isGuess) }
        let isTorn =
            isGuess
            && acts.contains {
                $0.intent == .searchProducts
                    || $0.intent == .changeModifiers && $0.items.allSatisfy(\.candidates.isEmpty)
            }
        let meant = acts.filter { allows($0) && !(isTorn && $0.intent.changesCart) }
        // What was only said around it says nothing without it: "wait, is the cream …".
        return meant.count < acts.count && meant.allSatisfy(\.intent.isSmallTalk) ? [] : meant
    }

    /// Whether `act` can have been meant beside what is left over. What changes something has to name it: "skip this" in
    /// a sentence about something else is not about the cart.
    private func allows(_ act: Act) -> Bool {
        guard skipped > 0 || isSearch else { return true }
        switch act.intent {
        case .repeat: return skipped == 0
        // "What is vegetarian that isn't a curry" looks for no curry.
        case .searchProducts where isContrary: return false
        // "More" and "what else" say nothing in the middle of something else.
        case .searchProducts where act.slots.isEmpty && act.items.isEmpty: return skipped * 4 <= words
        case .productDetails where act.slots[.query] != nil: return skipped == 0
        // "Is there a fee for delivery" takes none.
        case .chooseDelivery, .choosePayment:
            return !isSearch && skipped * 4 <= words && !(isQuestion && skipped > 0)
        // "Do you take cards at the door" is no way to the door.
        case .setAddress where act.slots[.address]?.contains(where: \.isNumber) == false: return skipped == 0
        // "And the blue one", of no list.
        case .inform where act.slots[.quantity] != nil: return skipped == 0
        case .affirm, .deny, .inform, .wait, .placeOrder, .thanks, .greet, .startOver, .checkout:
            return skipped * 4 <= words && !isSearch
        case let intent where intent.changesCart:
            if isQuestion && skipped > 0 || isSearch || isContrary { return false }
            if act.items.contains(where: \.isGuess) { return skipped == 0 }
            // What is to go is less likely to be meant.
            if intent == .addToCart, act.items.contains(where: { !$0.candidates.isEmpty }) { return true }
            let least = intent == .removeFromCart ? Self.wordsForOne.taken : Self.wordsForOne.changed
            return skipped * least <= words && !(act.items.isEmpty && act.slots[.category] == nil)
        default: return true
        }
    }
}

extension Intent {
    fileprivate var isSmallTalk: Bool {
        switch self {
        case .affirm, .deny, .thanks, .greet, .wait: true
        default: false
        }
    }
}
