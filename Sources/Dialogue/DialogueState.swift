// Where a conversation stands: a value that `step` takes and gives back. Phases carry their data, so that no phase can miss any.

public import Commerce
public import Language
public import Understanding

/// What is going on in a conversation.
public enum Phase: Sendable, Hashable {
    /// The greeting is being said, or has just been.
    case greeting
    /// The caller may ask for anything.
    case idle
    /// A list was offered.
    case choosing(Choice)
    /// A value is wanted.
    case asking(Question)
    /// A yes or a no is wanted, to anything but an order.
    case doubting(Doubt)
    /// A PIN or a code is wanted.
    case verifying(Verification)
    /// The quote was read back and waits for an explicit yes; the key is the order's from now on.
    case confirmingOrder(Quote, RequestKey)
    /// The caller said no to the read-back and is about to say what to change.
    case revising
    /// An effect was sent; its outcome decides what is said.
    case waiting(Errand)
    /// Over.
    case ended(CallEnd)
}

extension Phase {
    /// The one product that the question is about.
    var sku: String? {
        switch self {
        case .asking(.modifier), .asking(.meaning): wish
        case .doubting(.notify(let sku)): sku
        case .asking(.quantity(let act)): act.items.first?.sku
        case .doubting(.offer(let phrase)): phrase.sku
        default: nil
        }
    }

    /// The product of a wish that lacks a choice, which is asked for.
    var wish: String? {
        switch self {
        case .asking(.modifier(_, let sku, _)), .asking(.meaning(_, let sku)): sku
        default: nil
        }
    }
}

/// A list of products to choose from, and what is to happen with the chosen one.
public struct Choice: Sendable, Hashable {
    /// SKUs, the likeliest first.
    public let options: [String]
    /// How many of them were named before the page that is on offer.
    public var offset = 0
    /// What was wanted of the product: carried out for the chosen one.
    public let act: Act
}

/// A value that is wanted.
public enum Question: Sendable, Hashable {
    /// Where to deliver to.
    case address
    /// Which delivery.
    case deliveryMethod
    /// How to pay.
    case paymentMethod
    /// A telephone number to call back, and about what.
    case phone(reason: String)
    /// How much of the act's product.
    case quantity(Act)
    /// Which product the act is about.
    case product(Act)
    /// A modifier of a group without a default, to finish the item.
    case modifier(Act, sku: String, group: String)
    /// Which of several modifiers a word of the act's item means.
    case meaning(Act, sku: String)
    /// The number of an order, and what it is for.
    case orderNumber(LatestPurpose)

    /// The public contract's name of it.
    public var name: String {
        switch self {
        case .address: "address"
        case .deliveryMethod: "delivery_method"
        case .paymentMethod: "payment_method"
        case .phone: "phone"
        case .quantity: "quantity"
        case .product: "product"
        case .modifier, .meaning: "modifier"
        case .orderNumber: "order_number"
        }
    }
}

/// Something to say yes or no to that is not an order.
public enum Doubt: Sendable, Hashable {
    /// Was this act heard rightly? Carried out at a yes.
    case heard(Act)
    /// Shall this be put into the cart?
    case offer(ItemPhrase)
    /// Shall a line of the cart become this many, as there are no more? A no takes it out.
    case fewer(sku: String, Quantity)
    /// Shall it go by this delivery method instead?
    case delivery(id: String)
    /// Shall this order be cancelled?
    case cancelOrder(number: String)
    /// Shall this cart, which was broken off, be gone on with?
    case goOn(Cart)
    /// Shall the PIN be asked for that opens it?
    case openCart
    /// Shall everything that is kept of the caller be erased?
    case eraseData
    /// Shall the caller be told when this is there again?
    case notify(sku: String)
    /// Shall a person call back?
    case person(reason: String)
}

/// An effect whose outcome is awaited.
public enum Errand: Sendable, Hashable {
    /// `placeOrder`.
    case placing(Quote, RequestKey)
    /// `cancelOrder`.
    case cancelling(number: String)
    /// `findOrder`.
    case finding(number: String)
    /// `findLatestOrder`.
    case latest(LatestPurpose)
    /// `requestCallback`.
    case callback(RequestKey, phone: String?, reason: String)
    /// `transfer`.
    case transferring(reason: String)
    /// `tellData`.
    case tellingData
    /// `eraseData`.
    case erasingData
    /// `checkPIN`, `checkCode`, `sendCode` or `choosePIN`.
    case verifying(Verification)
}

/// A caller who is to prove who is calling, or who chooses how to do so from now on.
public struct Verification: Sendable, Hashable {
    /// What is wanted of the caller.
    public enum Stage: Sendable, Hashable {
        /// The PIN.
        case pin
        /// The code that was sent.
        case code
        /// A PIN for the next time.
        case newPIN
        /// The same once more.
        case newPINAgain(SecretDigits)
    }

    /// What is wanted now.
    public let stage: Stage
    /// Carried out once the caller is known; nil where that was all.
    public let act: Act?
}

/// What the caller has decided about getting and paying for the goods.
public struct CheckoutDraft: Sendable, Hashable {
    /// Whether the caller wants to finish: what is missing is asked for.
    public internal(set) var isUnderway = false
    /// A delivery method's identifier.
    public internal(set) var delivery: String?
    /// As the caller said it.
    public internal(set) var address: String?
    /// A payment method's identifier.
    public internal(set) var payment: String?
    /// A telephone number as the caller said it: digits, with a plus sign where it was said.
    public internal(set) var phone: String?
}

/// What was recommended in a conversation.
public struct Advice: Sendable, Hashable {
    /// SKUs that were recommended: none is recommended twice.
    public internal(set) var given: [String] = []
    /// Those of them that went into the cart afterwards.
    public internal(set) var taken: Set<String> = []
}

/// How often in a row it went wrong. Any progress sets it back.
struct Repair: Sendable, Hashable {
    var misses = 0
}

/// Whether it is a customer who is heard. Progress that is not sure leaves it.
struct Clarity: Sendable, Hashable {
    /// How often speech was not understood, less how often it was, surely: of a customer's speech most is understood, of a
    /// radio's hardly any.
    private(set) var misses = 0
    /// Questions whether something was heard rightly, since something was sure.
    var questions = 0
    /// Whether somebody was heard surely who had let the assistant finish.
    private(set) var hasCustomer = false

    /// More is not counted: whoever takes the telephone from the radio is not to pay for all of it.
    private static let most = 2 * Assurance.missesOfRadio

    mutating func missed() { misses = min(Self.most, misses + 1) }

    /// Something that fits was heard as surely as an order has to be.
    mutating func heard(over assistant: Bool) {
        misses = max(0, misses - 1)
        questions = 0
        if !assistant { hasCustomer = true }
    }

    /// What was asked about was confirmed, surely.
    mutating func confirmed() { self = Clarity(hasCustomer: true) }

    init(hasCustomer: Bool = false) { self.hasCustomer = hasCustomer }
}

/// A conversation at rest between two events.
public struct DialogueState: Sendable, Equatable {
    /// What is going on.
    public internal(set) var phase = Phase.greeting
    /// What the caller wants so far.
    public internal(set) var cart = Cart()
    /// How it gets to the caller.
    public internal(set) var checkout = CheckoutDraft()
    /// Orders placed in this call, the latest last, as the desk last told of them.
    public internal(set) var orders: [Order] = []
    /// What was said last, for "repeat".
    public internal(set) var lastReply: Spoken?
    /// SKUs that were named last, for "the second one" and "how much is it".
    var offered: [String] = []
    /// The line of the cart that was spoken of last, for "make that three" and "remove it".
    var lastLine: LineItem?
    /// What was added last, while nothing else was changed: "scrap that" takes back only that much.
    var lastAdded: LineItem?
    /// Acts of an utterance that wait until the question about an earlier one is answered.
    var pending: [Act] = []
    /// The SKU that sold out and was asked for last: who wants nothing instead may want to hear when it is back.
    var soldOut: String?
    /// Categories that were named in the last turn, for "more".
    var toldCategories = 0
    /// The SKU that is not wanted when an order is repeated.
    var leftOut: String?
    var repair = Repair()
    var clarity = Clarity()
    /// Nobody came to the telephone in this call: it is not tried again.
    var isPersonBusy = false
    /// Who is calling, once that is proved; for this call only.
    public internal(set) var customer: KnownCustomer?
    /// PINs and codes of this call that were wrong.
    var failedProofs = 0
    /// The cart of the last call, not told yet.
    var brokenOff: Cart?
    /// What was recommended.
    public internal(set) var advice = Advice()
    /// How many turns in a row came to nothing: silence, and speech that was not sure enough to be acted on.
    public var misses: Int { repair.misses }

    /// A call that has not begun.
    public init() {}

    /// The public contract's name of the state.
    public var name: String {
        switch phase {
        case .greeting: "greeting"
        case .doubting(.delivery), .asking: "asking"
        case .choosing: "choosing"
        case .idle, .doubting: calm
        case .confirmingOrder, .waiting(.placing): "confirming_order"
        case .revising: "ordering"
        case .verifying, .waiting(.verifying): "verifying"
        case .waiting(.transferring): "transferring"
        case .waiting: calm
        case .ended: "ended"
        }
    }

    /// The public contract's name of what is asked for.
    public var asking: String? {
        switch phase {
        case .asking(let question): question.name
        case .doubting(.delivery): Question.deliveryMethod.name
        default: nil
        }
    }

    /// What the recogniser should expect next.
    public var listening: Expectation {
        switch phase {
        case .asking(.address): .address
        case .asking(.phone), .asking(.orderNumber), .verifying: .digits
        case .choosing: .choosing
        // An offer is often answered with what is wanted instead.
        case .doubting(.offer), .doubting(.fewer): .open
        case .doubting, .confirmingOrder: .yesNo
        case .greeting, .idle, .asking, .revising, .waiting, .ended: .open
        }
    }

    /// Whether what the caller says or keys now may be a PIN or a code: not kept in any form.
    public var hearsSecret: Bool { name == "verifying" }

    private var calm: String { cart.lines.isEmpty ? "open" : "ordering" }
}
