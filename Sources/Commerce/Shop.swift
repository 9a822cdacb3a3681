// A shop's own rules, as values: hours, deliveries, payments, limits, questions. Reading them is `Shop+Reading.swift`.

/// One way to get the goods.
public struct DeliveryMethod: Sendable, Hashable {
    /// Unique in the shop.
    public let id: String
    /// The name and its aliases; an empty title is worded by the language pack.
    public let naming: Naming
    /// What it costs.
    public let fee: Money
    /// From this total of goods on it costs nothing.
    public let freeOver: Money?
    /// Streets, districts or towns that are served; empty means no limit. An address is served where it names one of them.
    public let areas: [String]
    /// Whether an address is needed.
    public let needsAddress: Bool
    /// When it works; nil means whenever the shop is open.
    public let hours: OpeningHours?
    /// Payment methods that go with it; empty means all, but `counter` only where no address is needed.
    public let payments: [String]
    /// Who carries it: `nova_poshta`, or nil for the shop itself.
    public let carrier: String?

    /// Makes a delivery method.
    public init(
        id: String, naming: Naming, fee: Money, freeOver: Money? = nil, areas: [String] = [], needsAddress: Bool,
        hours: OpeningHours? = nil, payments: [String] = [], carrier: String? = nil
    ) {
        self.id = id
        self.naming = naming
        self.fee = fee
        self.freeOver = freeOver
        self.areas = areas
        self.needsAddress = needsAddress
        self.hours = hours
        self.payments = payments
        self.carrier = carrier
    }

    /// The carriers that there are.
    public static let carriers = ["nova_poshta"]

    /// Whether this payment method goes with it.
    public func takes(payment id: String) -> Bool {
        payments.isEmpty ? id != "counter" || !needsAddress : payments.contains(id)
    }

    /// Whether an address names one of the areas: whole words, without regard to case and accents.
    public func serves(_ address: String) -> Bool {
        let words = Folding.words(address)
        return areas.isEmpty || areas.contains { Folding.contains(words, Folding.words($0)) }
    }

    /// The fee for goods of this total.
    public func fee(for goods: Money) -> Money {
        if let freeOver, goods.minorUnits >= freeOver.minorUnits { return .zero(fee.currency) }
        return fee
    }
}

/// One way to pay. `on_delivery` (cash to the courier) and `counter` (at the counter) need no gateway.
public struct PaymentMethod: Sendable, Hashable {
    /// `on_delivery`, `counter`, `saved` or `link`.
    public let id: String
    /// The name and its aliases; an empty title is worded by the language pack.
    public let naming: Naming

    /// Identifiers of those that need no gateway.
    public static let withoutGateway: Set = ["on_delivery", "counter"]
    /// The method that charges what a customer has left with the gateway: for those only who have proved who they are.
    public static let saved = "saved"

    /// Makes a payment method.
    public init(id: String, naming: Naming) {
        self.id = id
        self.naming = naming
    }
}

/// A question that the shop answers in its own words.
public struct FrequentQuestion: Sendable, Hashable {
    /// What it is about, such as `refund_policy`.
    public let topic: String
    /// Ways to ask it, beside those of the language pack.
    public let questions: [String]
    /// The answer, to be read aloud.
    public let answer: String

    /// Makes a question.
    public init(topic: String, questions: [String], answer: String) {
        self.topic = topic
        self.questions = questions
        self.answer = answer
    }
}

/// What one order may be at least and at most.
public struct OrderLimits: Sendable, Hashable {
    /// Goods have to cost at least this.
    public let minimumOrder: Money?
    /// The total may be at most this.
    public let maximumOrder: Money?
    /// Of one line, in its unit.
    public let maximumQuantity: Quantity?

    /// Makes limits; nil is no limit.
    public init(minimumOrder: Money? = nil, maximumOrder: Money? = nil, maximumQuantity: Quantity? = nil) {
        self.minimumOrder = minimumOrder
        self.maximumOrder = maximumOrder
        self.maximumQuantity = maximumQuantity
    }
}

/// A person to hand over to.
public struct Operator: Sendable, Hashable {
    /// A SIP address; nil where only callbacks are possible.
    public let transferTo: String?
    /// When somebody answers; nil means while the shop is open.
    public let hours: OpeningHours?

    /// Makes an operator.
    public init(transferTo: String?, hours: OpeningHours?) {
        self.transferTo = transferTo
        self.hours = hours
    }
}

/// When an assistant recommends something.
public enum Recommendations: String, Sendable, CaseIterable {
    /// Not even when asked.
    case never
    /// To who asks.
    case asked
    /// To who asks, and once in a conversation to who has put something into the cart.
    case once
}

/// Everything about a shop but its goods.
public struct Shop: Sendable, Hashable {
    /// As the assistant says it.
    public let name: String
    /// Of all its amounts.
    public let currency: Currency
    /// Language codes, the first one first.
    public let languages: [String]
    /// Its hours count in this zone, an IANA name.
    public let timeZone: String
    /// Whether prices include tax.
    public let pricesIncludeTax: Bool
    /// nil is always open.
    public let hours: OpeningHours?
    /// Who takes over from the assistant; nil means callbacks only.
    public let `operator`: Operator?
    /// At least one.
    public let delivery: [DeliveryMethod]
    /// At least one.
    public let payment: [PaymentMethod]
    /// Of one order.
    public let limits: OrderLimits
    /// Streets of the delivery area that callers may name in an address: a gazetteer for the recogniser.
    public let streets: [String]
    /// What it answers in its own words.
    public let faq: [FrequentQuestion]
    /// Prompts that replace the language pack's; several are variants.
    public let prompts: [String: [String]]
    /// Whether a number from a trusted line is enough to hear what was ordered before ("as usual").
    public let repeatOrderByNumber: Bool
    /// Whether orders are taken while the shop, or a delivery, is closed: they wait until it opens.
    public let ordersWhenClosed: Bool
    /// When the assistant recommends something.
    public let recommendations: Recommendations

    /// Makes a shop.
    public init(
        name: String, currency: Currency, languages: [String], timeZone: String, pricesIncludeTax: Bool,
        hours: OpeningHours?, operator: Operator?, delivery: [DeliveryMethod], payment: [PaymentMethod],
        limits: OrderLimits, streets: [String], faq: [FrequentQuestion], prompts: [String: [String]],
        repeatOrderByNumber: Bool, ordersWhenClosed: Bool = true, recommendations: Recommendations = .asked
    ) {
        self.name = name
        self.currency = currency
        self.languages = languages
        self.timeZone = timeZone
        self.pricesIncludeTax = pricesIncludeTax
        self.hours = hours
        self.operator = `operator`
        self.delivery = delivery
        self.payment = payment
        self.limits = limits
        self.streets = streets
        self.faq = faq
        self.prompts = prompts
        self.repeatOrderByNumber = repeatOrderByNumber
        self.ordersWhenClosed = ordersWhenClosed
        self.recommendations = recommendations
    }

    /// The delivery method with this identifier.
    public func deliveryMethod(_ id: String) -> DeliveryMethod? { delivery.first { $0.id == id } }
    /// The payment method with this identifier.
    public func paymentMethod(_ id: String) -> PaymentMethod? { payment.first { $0.id == id } }
}
