// What a caller means, as data: intents, the items spoken of, slots. Names and JSON are those of the public contract.

public import Commerce

/// What a caller wants with one part of an utterance.
public enum Intent: String, Sendable, CaseIterable, Hashable {
    // The shop.
    case searchProducts = "search_products"
    case productDetails = "product_details"
    case checkAvailability = "check_availability"
    case compareProducts = "compare_products"
    case recommend
    case notifyWhenAvailable = "notify_when_available"
    // The cart.
    case addToCart = "add_to_cart"
    case removeFromCart = "remove_from_cart"
    case changeQuantity = "change_quantity"
    case changeModifiers = "change_modifiers"
    case showCart = "show_cart"
    case clearCart = "clear_cart"
    case repeatOrder = "repeat_order"
    // Checkout.
    case checkout
    case setAddress = "set_address"
    case chooseDelivery = "choose_delivery"
    case choosePayment = "choose_payment"
    case placeOrder = "place_order"
    // Orders.
    case trackOrder = "track_order"
    case cancelOrder = "cancel_order"
    case changeOrder = "change_order"
    case returnOrder = "return_order"
    case refundStatus = "refund_status"
    case invoice
    // Questions.
    case faq
    // Privacy.
    case privacyInfo = "privacy_info"
    case stopRecording = "stop_recording"
    case exportMyData = "export_my_data"
    case deleteMyData = "delete_my_data"
    // Who is calling, and what only that opens.
    /// A PIN or a code that nothing had asked for.
    case givePIN = "give_pin"
    case setPIN = "set_pin"
    case forgetPIN = "forget_pin"
    case sendCode = "send_code"
    case orderHistory = "order_history"
    case myAddresses = "my_addresses"
    /// To go on with the cart of the last call.
    case resumeCart = "resume_cart"
    // People.
    case talkToOperator = "talk_to_operator"
    case complaint
    case paymentIssue = "payment_issue"
    // Talk.
    case affirm
    case deny
    case `repeat`
    case help
    case startOver = "start_over"
    case goodbye
    case greet
    case thanks
    case wait
    case switchLanguage = "switch_language"
    /// A bare value that answers a question: digits, a number.
    case inform
    /// Not for this shop.
    case outOfScope = "out_of_scope"
}

/// A value that an utterance names.
public enum Slot: String, Sendable, CaseIterable, Hashable {
    case query
    case category
    case priceMax = "price_max"
    case quantity
    case orderNumber = "order_number"
    case address
    case phone
    case paymentMethod = "payment_method"
    case deliveryMethod = "delivery_method"
    case topic
    case digits
    case language
    /// The place in an offered list: `1` is the first, `-1` the last.
    case ordinal
    /// A group of modifiers, "which toppings do you have".
    case group
    /// The unit of a weight or a volume that is said alone.
    case unit
    /// What is to be exchanged: the SKU of "the cola", of a modifier its identifier, or `last` for what was spoken of last.
    case insteadOf = "instead_of"
    /// The SKU of what is left out of everything, "everything except the cola".
    case except
    /// What the thing already is that is spoken of, "the large one": of each word the identifiers of the modifiers that it can
    /// mean, between bars; the words between spaces.
    case told
    /// Which of several by comparison: `cheapest`, `dearest`, `all` or, of two, the `other`.
    case preference
}

/// One item as it was spoken of: only what was said.
public struct ItemPhrase: Sendable, Hashable {
    /// What the words can mean, most likely first: one SKU mostly, several where two products share a name,
    /// none where only modifiers were said ("no onions").
    public var candidates: [String]
    /// nil where none was said.
    public var quantity: Quantity?
    /// What was asked for.
    public var modifiers: [ChosenModifier]
    /// What was asked to be left out.
    public var without: [ChosenModifier]
    /// For each word that names several modifiers those that it can mean: which one is to be found out. Where no product
    /// is known they are among `modifiers` too.
    public var unclear: [[ChosenModifier]] = []
    /// Whether only some words of the product's name were said, and those that were not say what it is: "butter" where
    /// there is peanut butter.
    public var isGuess = false
    /// Whether it was spoken of as something known: "the coffee", of which there may be one in the cart.
    public var isKnown = false
    /// Whether several were named without a number: "the eclairs".
    public var isSeveral = false
    /// Whether it was said for whom it is, and not how much of it: "stewing beef for 4 people".
    public var isShared = false
    /// Whether it is of each of the things that were named beside it: "both large". Joined to them before anybody sees it.
    var isOfEach = false

    /// Whether anything was said beside the product and the number.
    public var hasModifiers: Bool { !(modifiers.isEmpty && without.isEmpty && unclear.isEmpty) }

    /// The product, where the words mean exactly one.
    public var sku: String? { candidates.count == 1 ? candidates[0] : nil }

    /// Whether it asks for the same, in whatever words: one thing is meant where no number was said.
    func asksFor(the other: ItemPhrase) -> Bool {
        var (one, another) = (self, other)
        one.quantity = quantity ?? 1
        another.quantity = other.quantity ?? 1
        return one == another
    }

    /// Makes an item phrase.
    public init(
        candidates: [String], quantity: Quantity? = nil, modifiers: [ChosenModifier] = [],
        without: [ChosenModifier] = []
    ) {
        self.candidates = candidates
        self.quantity = quantity
        self.modifiers = modifiers
        self.without = without
    }
}

extension ItemPhrase {
    /// The same of one product: a word that can mean several modifiers means those that the product can have. What it cannot
    /// have under any of its names stays, to be refused.
    public func fitted(to product: Product) -> ItemPhrase {
        var result = self
        result.unclear = []
        for meanings in unclear {
            for meaning in meanings {
                if let place = result.modifiers.firstIndex(of: meaning) { result.modifiers.remove(at: place) }
            }
            let fitting = meanings.filter { product.modifierGroups.contains($0.group) }
            if fitting.count > 1 {
                result.unclear.append(fitting)
            } else if let only = fitting.first ?? meanings.first {
                result.modifiers.append(only)
            }
        }
        let excluded = without.filter { product.modifierGroups.contains($0.group) }
        result.without = excluded.isEmpty ? Array(without.prefix(1)) : excluded
        return result
    }
}

/// One thing that the caller wants.
public struct Act: Sendable, Hashable {
    /// What.
    public var intent: Intent
    /// From 0 to 1.
    public var confidence: Double
    /// In the order spoken.
    public var items: [ItemPhrase]
    /// Values by name, as decimal text, identifiers or words.
    public var slots: [Slot: String]

    /// Makes an act.
    public init(
        _ intent: Intent, confidence: Double = 1, items: [ItemPhrase] = [], slots: [Slot: String] = [:]
    ) {
        self.intent = intent
        self.confidence = confidence
        self.items = items
        self.slots = slots
    }
}

extension Act {
    /// Whether its number is a weight, a volume or a length, and no number of packages or things.
    public var isMeasured: Bool { slots[.unit].map(Self.isWeight) ?? false }

    /// Whether a unit says how much something is, not how many.
    public static func isWeight(_ unit: String) -> Bool { ActBuilder.weights.contains(unit) }
}

/// What an utterance means. Without acts it was not understood.
public struct Interpretation: Sendable, Hashable {
    /// In the order spoken.
    public var acts: [Act]
    /// From 0 to 1: how sure, words and meaning together.
    public var confidence: Double
    /// Words that stand where a product could and are none: "shampoo, butter and milk" in a shop without butter.
    public var missed: [String]

    /// Makes an interpretation.
    public init(acts: [Act], confidence: Double, missed: [String] = []) {
        self.acts = acts
        self.confidence = confidence
        self.missed = missed
    }

    /// Whether it means the same, however sure it is.
    public func means(the same: Interpretation) -> Bool {
        acts.count == same.acts.count
            && zip(acts, same.acts).allSatisfy { one, other in
                one.intent == other.intent && one.slots == other.slots && one.items.count == other.items.count
                    && zip(one.items, other.items).allSatisfy { $0.asksFor(the: $1) }
            }
    }
}

/// What the assistant listens for: the grammar of a dialogue state.
public enum Expectation: String, Sendable, CaseIterable, Hashable {
    /// Anything that a shop can be asked.
    case open
    /// A yes or a no, or what one says instead.
    case yesNo = "yes_no"
    /// An order number, a telephone number.
    case digits
    /// One of the things just offered.
    case choosing
    /// Where to deliver to.
    case address
}
