// Things to be done outside of the house, written in the transaction of the act that they follow from, and done by whoever
// takes them from the book: at least once, in order, until they are done or a person has to look.

public import Foundation

/// Where errands go.
public enum ErrandChannel: String, Sendable, CaseIterable {
    /// Events to the shop's other systems.
    case event
    /// Text messages to customers.
    case message
    /// The payment gateway.
    case payment
    /// The carrier.
    case parcel
}

/// Somebody who is told of events.
public struct EventReceiver: Sendable, Hashable {
    /// What it is called in the book; empty for the only one.
    public let name: String
    /// The kinds that it wants: `order.placed`, or `order` for all of its like; nil for all there are.
    public let kinds: Set<String>?

    /// Names a receiver.
    public init(name: String, kinds: Set<String>? = nil) { (self.name, self.kinds) = (name, kinds) }

    /// One that has no name beside it and wants everything.
    public static let only = EventReceiver(name: "")

    /// Whether it is told of events of a kind.
    public func wants(_ kind: String) -> Bool {
        guard let kinds else { return true }
        return kinds.contains(kind) || kinds.contains { kind.hasPrefix($0 + ".") }
    }
}

/// What a customer is told by a text message; the words are the language pack's.
public enum Notice: Sendable, Hashable {
    /// Where to pay.
    case paymentLink(order: String, amount: Money, url: String)
    /// The payment came to nothing, and the order with it.
    case paymentOver(order: String)
    /// The parcel has a number, or is elsewhere now.
    case parcel(order: String, waybill: String, ParcelStatus)
    /// What is kept of the customer.
    case data(KeptData)
    /// A one-time code, of no use after a while.
    case code(String, until: Date)
}

/// One thing to be done.
public struct Errand: Sendable, Hashable {
    /// What is to be done.
    public enum Task: Sendable, Hashable {
        /// Tell a system of the shop's, or the only one: a CloudEvents object as JSON text.
        case event(String, to: String?)
        /// Tell a customer, whose number is in E.164.
        case message(Notice, to: String)
        /// Charge a saved method; nil where it is gone by now.
        case charge(Charge, SavedMethod?)
        /// Take what was only reserved.
        case capture(Charge, of: String)
        /// Make a payment link.
        case link(Charge)
        /// Look whether a link was paid.
        case watch(reference: String, expiresAt: Date?)
        /// Close a link, or let a reservation go: its order is cancelled.
        case close(reference: String)
        /// Give money back.
        case refund(Charge, of: String)
        /// Have a parcel carried.
        case parcel(ParcelRequest)
        /// Look where a parcel is.
        case track(waybill: String, phone: String?)
        /// Take a parcel back that was not handed over.
        case withdraw(waybill: String)
    }

    /// The row in the book.
    public let id: Int64
    /// The same however often it is done.
    public let name: String
    /// What.
    public let task: Task
    /// How often it was tried before.
    public let attempts: Int
    /// When it was tried first, or now.
    public let firstTriedAt: Date

    /// Makes an errand.
    public init(id: Int64, name: String, task: Task, attempts: Int, firstTriedAt: Date) {
        self.id = id
        self.name = name
        self.task = task
        self.attempts = attempts
        self.firstTriedAt = firstTriedAt
    }
}

/// What came of an errand.
public enum ErrandOutcome: Sendable, Hashable {
    /// Done: told, closed, withdrawn.
    case done
    /// What the gateway says of the payment.
    case payment(PaymentReport)
    /// The link is there.
    case link(PaymentLink)
    /// The parcel is taken on.
    case waybill(String)
    /// Where the parcel is.
    case parcel(ParcelStatus)
    /// Not now: tried again after so long. Why is for the operator.
    case again(after: Duration, reason: String)
    /// A person has to look: it is not tried again by itself.
    case dead(reason: String)
}

/// The book of errands. Whoever takes one has it for a while; nobody else gets it meanwhile.
public protocol ErrandBook: Sendable {
    /// Takes errands that are due, the oldest first: of one customer's events and of one order's payments only the first.
    /// Several receivers of events get each their own: one that does not answer keeps nobody else waiting.
    func take(
        _ channels: Set<ErrandChannel>, receivers: [EventReceiver], limit: Int
    ) async throws(OrderDeskError) -> [Errand]
    /// Takes what is due of one order's payment, whoever else waits.
    func takePayment(ofOrder number: String) async throws(OrderDeskError) -> Errand?
    /// Writes down what came of one, with all that follows from it.
    func settle(_ errand: Errand, _ outcome: ErrandOutcome) async throws(OrderDeskError)
}

extension ErrandBook {
    /// The same with one receiver of events.
    public func take(_ channels: Set<ErrandChannel>, limit: Int) async throws(OrderDeskError) -> [Errand] {
        try await take(channels, receivers: [.only], limit: limit)
    }
}
