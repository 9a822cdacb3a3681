// Everything that a decision may look at beside the state, and what a decision gives. Time, keys and chance come in as values.

public import Commerce
public import Foundation
public import Language
public import Privacy
public import Understanding

/// What kind of line the caller is on.
public enum LineKind: String, Sendable, Hashable {
    /// A telephone: there may be a number to call back.
    case phone
    /// A microphone at a stand: nobody to call back.
    case kiosk
    /// Typed.
    case text
}

/// The world as one step sees it.
public struct DialogueContext: Sendable {
    /// Whose assistant it is.
    public var shop: Shop
    /// What it sells.
    public var catalog: Catalog
    /// What it says.
    public var pack: LanguagePack
    /// What is left, by SKU, where movements are known; a product that is not here has what the catalogue says.
    public var stock: [String: Quantity]
    /// The moment of the step.
    public var now: Date
    /// Never given to a step before: an order or a callback that this step begins bears it.
    public var freshKey: RequestKey
    /// Which variants of the prompts this call hears.
    public var variant: UInt64
    /// E.164, where a trusted line reports it.
    public var caller: String?
    /// The kind of line.
    public var line: LineKind
    /// What is kept of the conversation, for those who ask.
    public var retention: RetentionPolicy
    /// Payment methods that somebody is there for.
    public var payments: Set<String>
    /// What a caller who is known should hear first; only in the step that begins the call.
    public var welcome: Welcome?
    /// Whether the line can put a caller through to a person.
    public var canTransfer: Bool
    /// How a caller can prove who is calling.
    public var proofs: ProofWays
    /// Whether anybody's speech may have begun the conversation: at a stand that any speech wakes.
    public var isUnbidden: Bool
    /// Whether what is heard in this step began long before the assistant had finished.
    public var isInterrupted: Bool
    /// What goes with what, as all orders tell.
    public var together: BoughtTogether

    /// Makes a context.
    public init(
        shop: Shop, catalog: Catalog, pack: LanguagePack, stock: [String: Quantity] = [:], now: Date,
        freshKey: RequestKey, variant: UInt64 = 0, caller: String? = nil, line: LineKind,
        retention: RetentionPolicy = .standard, payments: Set<String> = PaymentMethod.withoutGateway,
        welcome: Welcome? = nil, canTransfer: Bool = false, proofs: ProofWays = [],
        isUnbidden: Bool = false, isInterrupted: Bool = false, together: BoughtTogether = BoughtTogether()
    ) {
        self.shop = shop
        self.catalog = catalog
        self.pack = pack
        self.stock = stock
        self.now = now
        self.freshKey = freshKey
        self.variant = variant
        self.caller = caller
        self.line = line
        self.retention = retention
        self.payments = payments
        self.welcome = welcome
        self.canTransfer = canTransfer
        self.proofs = proofs
        self.isUnbidden = isUnbidden
        self.isInterrupted = isInterrupted
        self.together = together
    }
}

/// How callers can prove who they are.
public struct ProofWays: OptionSet, Sendable {
    /// By a PIN.
    public static let pin = ProofWays(rawValue: 1)
    /// By a code that a text message brings.
    public static let code = ProofWays(rawValue: 2)

    /// Each way has a bit.
    public let rawValue: Int

    /// Makes a set of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
}

/// What a step decided.
public struct Step: Sendable, Equatable {
    /// The conversation after it.
    public let state: DialogueState
    /// To be said; nil is nothing.
    public let reply: Spoken?
    /// To be done, in this order; `end` after the reply has been spoken.
    public let effects: [Effect]
    /// The grammar for what the caller says next.
    public let listening: Expectation
    /// The order that this turn placed or spoke about.
    public let order: ToldOrder?
}

/// An order that was spoken about, with how much of it the caller may know: who placed it in this call or has proved to be its
/// owner all of it, others that there is one and where it is.
public struct ToldOrder: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// Whether the caller may know more than the status.
    public let isWhole: Bool
    /// What it is called.
    public var number: String { order.number }
    /// Where it is.
    public var status: OrderStatus { order.status }

    /// Makes one.
    public init(_ order: Order, isWhole: Bool) {
        self.order = order
        self.isWhole = isWhole
    }
}
