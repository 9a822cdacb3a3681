// From a cart to an order: lines, the quote that is read back, its digest, and what became of it.

/// A modifier taken on a line, perhaps in an amount such as `extra`.
public struct ChosenModifier: Sendable, Hashable {
    /// The group's identifier.
    public let group: String
    /// The modifier's identifier in the group.
    public let id: String
    /// One of the group's amounts, or nil for as it comes.
    public let amount: String?

    /// The amount of what is wanted twice, as shops name it.
    public static let extra = "extra"
    /// The amount of what is wanted on one half only.
    public static let half = "half"

    /// Makes a choice.
    public init(group: String, id: String, amount: String? = nil) {
        self.group = group
        self.id = id
        self.amount = amount
    }
}

/// A line of the cart: a product with its modifiers, so many times.
public struct LineItem: Sendable, Hashable {
    /// The product.
    public let sku: String
    /// In the product's unit; more than nothing.
    public var quantity: Quantity
    /// Defaults included, in the order of the product's groups.
    public var modifiers: [ChosenModifier]
    /// What is to be left out ("no onions"); `amount` there means only that amount is not wanted.
    public var without: [ChosenModifier]

    /// Makes a line.
    public init(
        sku: String, quantity: Quantity, modifiers: [ChosenModifier] = [], without: [ChosenModifier] = []
    ) {
        self.sku = sku
        self.quantity = quantity
        self.modifiers = modifiers
        self.without = without
    }
}

/// A line with what it costs.
public struct PricedLine: Sendable, Hashable {
    /// What the maker calls this combination of modifiers, where it has a name: what is on the box.
    public let variant: String?
    /// What is bought.
    public let item: LineItem
    /// The product's title on that day.
    public let title: String
    /// Of one, modifiers included.
    public let unitPrice: Money
    /// Of all.
    public let total: Money

    /// Makes a priced line.
    public init(item: LineItem, title: String, unitPrice: Money, total: Money, variant: String? = nil) {
        self.variant = variant
        self.item = item
        self.title = title
        self.unitPrice = unitPrice
        self.total = total
    }
}

/// A charge beside the goods.
public struct Fee: Sendable, Hashable {
    /// `delivery`.
    public let name: String
    /// How much.
    public let amount: Money

    /// Makes a fee.
    public init(name: String, amount: Money) {
        self.name = name
        self.amount = amount
    }
}

/// Exactly what is read back to the caller: cart, total, address and payment.
public struct Quote: Sendable, Hashable {
    /// The goods.
    public let lines: [PricedLine]
    /// What they cost.
    public let goods: Money
    /// What comes on top.
    public let fees: [Fee]
    /// Goods and fees.
    public let total: Money
    /// The delivery method's identifier.
    public let delivery: String
    /// Where it goes; nil for a pickup.
    public let address: String?
    /// The payment method's identifier.
    public let payment: String

    /// Makes a quote of parts that add up.
    public init(
        lines: [PricedLine], goods: Money, fees: [Fee], total: Money, delivery: String, address: String?,
        payment: String
    ) {
        self.lines = lines
        self.goods = goods
        self.fees = fees
        self.total = total
        self.delivery = delivery
        self.address = address
        self.payment = payment
    }
}

/// The key of one request, made before the act; whatever is repeated under it happens once.
public struct RequestKey: Sendable, Hashable {
    /// Up to 64 characters, unique.
    public let value: String

    /// Makes a key.
    public init(_ value: String) { self.value = value }
}

/// Where an order stands.
public enum OrderStatus: String, Sendable, CaseIterable {
    /// The shop has it.
    case placed
    /// Ready to go.
    case packed
    /// With the carrier.
    case handedOver = "handed_over"
    /// With the customer.
    case delivered
    /// Given up before it left.
    case cancelled
    /// Came back.
    case returned
}

/// Where its payment stands.
public enum PaymentStatus: String, Sendable, CaseIterable {
    /// To be paid when it arrives or at the counter.
    case onDelivery = "on_delivery"
    /// Asked for, not answered.
    case pending
    /// Reserved.
    case authorized
    /// Done.
    case paid
    /// Refused.
    case failed
    /// Given back.
    case refunded
}

/// An order as it was placed.
public struct Order: Sendable, Hashable {
    /// What the caller hears: digits.
    public let number: String
    /// Where it stands.
    public var status: OrderStatus
    /// Where its payment stands.
    public var paymentStatus: PaymentStatus
    /// What was agreed.
    public let quote: Quote
    /// The carrier's number.
    public var waybill: String?
    /// Where the parcel was when the carrier was last asked; nil where there is none.
    public var parcel: ParcelStatus?
    /// Why the last payment was declined.
    public var decline: Decline?
    /// A payment link was sent, or is about to be.
    public var isLinkSent: Bool
    /// The page where it can be paid, where that was made just now: for who stands before a display. It is kept nowhere.
    public var paymentPage: String?

    /// Makes an order.
    public init(
        number: String, status: OrderStatus, paymentStatus: PaymentStatus, quote: Quote, waybill: String?,
        parcel: ParcelStatus? = nil, decline: Decline? = nil, isLinkSent: Bool = false
    ) {
        self.number = number
        self.status = status
        self.paymentStatus = paymentStatus
        self.quote = quote
        self.waybill = waybill
        self.parcel = parcel
        self.decline = decline
        self.isLinkSent = isLinkSent
    }
}
