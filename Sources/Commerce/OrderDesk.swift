// The seam to whatever keeps orders. Behind it an act happens once under its key.

/// Asks for an order.
public struct OrderRequest: Sendable, Hashable {
    /// Made before the caller said yes.
    public let key: RequestKey
    /// What the caller said yes to.
    public let quote: Quote
    /// E.164, from a trusted line or as the caller said it; nil where nobody is known.
    public let phone: String?
    /// Whether a trusted line reported the number. One that was only said is a way to reach somebody, not who it is.
    public let isPhoneTrusted: Bool
    /// Whether the caller has proved to be the customer of that number: only then a saved method is charged.
    public let isProved: Bool
    /// The conversation it came from.
    public let conversation: String

    /// Makes a request.
    public init(
        key: RequestKey, quote: Quote, phone: String?, isPhoneTrusted: Bool, isProved: Bool = false,
        conversation: String
    ) {
        self.key = key
        self.quote = quote
        self.phone = phone
        self.isPhoneTrusted = isPhoneTrusted
        self.isProved = isProved
        self.conversation = conversation
    }
}

/// Why a shop says no: an ordinary outcome, with words to say.
public enum Refusal: Error, Sendable, Hashable {
    /// Nothing to order.
    case emptyCart
    /// No longer sold.
    case unknownProduct(sku: String)
    /// Less there than wanted; `available` may be nothing.
    case outOfStock(sku: String, available: Quantity)
    /// More than one line may have.
    case tooMany(sku: String, maximum: Quantity)
    /// Not a whole number of steps.
    case notAStep(sku: String, step: Quantity)
    /// The product has no such modifier, not in that amount, or it cannot be left out.
    case modifierUnavailable(sku: String, group: String, id: String)
    /// Fewer or more of a modifier group than it takes.
    case modifierCount(sku: String, group: String, min: Int, max: Int)
    /// Goods cost less than the minimum.
    case belowMinimum(Money)
    /// The total is more than the maximum.
    case aboveMaximum(Money)
    /// Not a delivery method of the shop, or not now.
    case deliveryUnavailable(id: String)
    /// The address is not served by this method.
    case outsideArea(id: String)
    /// An address is needed.
    case addressMissing
    /// Not a payment method of the shop, or not with this delivery.
    case paymentUnavailable(id: String)
    /// What was read back is no longer so; the new quote.
    case changed(Quote)
    /// Its status does not allow it any more.
    case tooLate(OrderStatus)
    /// It is not paid, and does not leave before it is.
    case unpaid(PaymentStatus)
    /// No such order, or not this caller's: they sound alike.
    case notFound
}

/// The desk itself failed; nothing was changed, and the same key may be tried again.
public enum OrderDeskError: Error, Sendable, Equatable {
    /// The store cannot be written or read: what, and what to do.
    case store(String)
}

/// What became of a request: an order, or the shop's reasons.
public typealias OrderOutcome = Result<Order, Refusal>

/// Keeps orders. Every act is durable when it answers.
public protocol OrderDesk: Sendable {
    /// Places an order once under its key; a key seen before gives the outcome it had.
    func place(_ request: OrderRequest) async throws(OrderDeskError) -> OrderOutcome
    /// Cancels an order that has not left, for the one who placed it: the same conversation, or the same trusted number.
    func cancel(number: String, phone: String?, conversation: String) async throws(OrderDeskError) -> OrderOutcome
    /// An order by its number; `isOwner` says whether the conversation or the trusted number is the one that placed it.
    func find(number: String, phone: String?, conversation: String) async throws(OrderDeskError)
        -> (order: Order, isOwner: Bool)?
    /// The latest order of a trusted number, cancelled ones left out.
    func latest(phone: String) async throws(OrderDeskError) -> Order?
    /// Stock left of each product that has been moved since the catalogue was imported, by SKU.
    func stock() async throws(OrderDeskError) -> [String: Quantity]
    /// What all orders say about what goes with what: never so little that it tells of one customer.
    func boughtTogether() async throws(OrderDeskError) -> BoughtTogether
    /// Keeps a caller's wish to be called back, once under its key.
    func requestCallback(_ request: CallbackRequest) async throws(OrderDeskError)
    /// What to tell a trusted number that calls: a cart that was broken off, parcels that went on since it last heard.
    func welcome(phone: String) async throws(OrderDeskError) -> Welcome
    /// Keeps the cart of a trusted number while it is filled, so that it can be gone on with; an empty one is forgotten.
    func keep(cart: Cart, phone: String) async throws(OrderDeskError)
}

extension OrderDesk {
    /// A desk that knows nobody.
    public func welcome(phone: String) async throws(OrderDeskError) -> Welcome { Welcome() }
    /// A desk that counts nothing.
    public func boughtTogether() async throws(OrderDeskError) -> BoughtTogether { BoughtTogether() }
    /// A desk that keeps nothing.
    public func keep(cart: Cart, phone: String) async throws(OrderDeskError) {}
}

/// What there is to tell a customer who calls again.
public struct Welcome: Sendable, Hashable {
    /// A cart that was broken off.
    public let cart: Cart?
    /// Orders whose parcels are elsewhere than when the customer last heard of them.
    public let news: [Order]

    /// Nothing, or something.
    public init(cart: Cart? = nil, news: [Order] = []) {
        self.cart = cart
        self.news = news
    }
}

/// A wish to be called back by a person.
public struct CallbackRequest: Sendable, Hashable {
    /// Made before the act.
    public let key: RequestKey
    /// E.164; nil where the caller gave none, as at a stand.
    public let phone: String?
    /// The conversation it came from.
    public let conversation: String
    /// What it is about: the intent or the step where things went wrong.
    public let reason: String

    /// Makes a request.
    public init(key: RequestKey, phone: String?, conversation: String, reason: String) {
        self.key = key
        self.phone = phone
        self.conversation = conversation
        self.reason = reason
    }
}
