// The seam to whoever moves money. In: an amount under a key. Out: what became of it, as the gateway says.
// No card number passes here: a method is a token of the gateway's, made on the gateway's own page.

public import Foundation

/// A method of payment that a customer has left with the gateway.
public struct SavedMethod: Sendable, Hashable, Codable {
    /// The gateway's name of the customer.
    public let customer: String
    /// The gateway's name of the method.
    public let method: String

    /// Names a method.
    public init(customer: String, method: String) {
        self.customer = customer
        self.method = method
    }
}

/// An amount to be paid for an order, once under its key.
public struct Charge: Sendable, Hashable {
    /// Made with the order.
    public let key: RequestKey
    /// What it is for.
    public let order: String
    /// More than nothing.
    public let amount: Money

    /// Asks for an amount.
    public init(key: RequestKey, order: String, amount: Money) {
        self.key = key
        self.order = order
        self.amount = amount
    }
}

/// Why a payment was declined, as far as it can be told to the customer.
public enum Decline: String, Sendable, CaseIterable {
    /// Not enough money there.
    case insufficientFunds = "insufficient_funds"
    /// The card is no longer valid.
    case expired
    /// The bank wants to see the customer first.
    case authenticationNeeded = "authentication_needed"
    /// The bank does not say why, or it is nobody's business.
    case refused
}

/// Where a payment stands at the gateway.
public enum PaymentProgress: Sendable, Hashable {
    /// The money is there.
    case paid
    /// Reserved, to be taken later.
    case authorized
    /// Neither paid nor refused yet.
    case waiting
    /// Refused by the bank.
    case declined(Decline)
    /// Will not be paid any more.
    case over
}

/// What a gateway says of a payment.
public struct PaymentReport: Sendable, Hashable {
    /// The gateway's name of the payment.
    public let reference: String
    /// Where it stands.
    public let progress: PaymentProgress
    /// What was paid, or is to be: a report about another amount than was asked for is not believed.
    public let amount: Money

    /// Makes a report.
    public init(reference: String, progress: PaymentProgress, amount: Money) {
        self.reference = reference
        self.progress = progress
        self.amount = amount
    }
}

/// A page of the gateway's where a customer pays, or leaves a method.
public struct PaymentLink: Sendable, Hashable {
    /// The gateway's name of the page.
    public let reference: String
    /// For the customer's browser.
    public let url: String
    /// The page is closed then.
    public let expiresAt: Date

    /// Makes a link.
    public init(reference: String, url: String, expiresAt: Date) {
        self.reference = reference
        self.url = url
        self.expiresAt = expiresAt
    }
}

/// Why a service did not do what it was asked.
public enum ServiceError: Error, Sendable, Equatable {
    /// No answer, or none that can be trusted to mean no: whether it took effect is not known. The same key may be tried again.
    case unreachable(String)
    /// It says no for good; nothing happened. A person has to look at the reason.
    case refused(String)
    /// Its answer does not fit the question. Nothing is believed; a person has to look.
    case nonsense(String)

    /// What happened, for the operator.
    public var reason: String {
        switch self {
        case .unreachable(let reason), .refused(let reason), .nonsense(let reason): reason
        }
    }
}

/// Moves money. Each act happens once under its key, however often it is asked for.
public protocol PaymentGateway: Sendable {
    /// How long the first outcome of a key is remembered: afterwards it must not be tried again.
    var keyLifetime: Duration { get }
    /// Takes the amount from a saved method, without the customer being there.
    func charge(_ charge: Charge, from method: SavedMethod) async throws(ServiceError) -> PaymentReport
    /// Takes what was only reserved, all of it.
    func capture(_ charge: Charge, of reference: String) async throws(ServiceError) -> PaymentReport
    /// Makes a page where the amount can be paid, however the customer likes.
    func link(for charge: Charge, until: Date) async throws(ServiceError) -> PaymentLink
    /// Where a payment stands: of a link, or one that was charged and not answered at once.
    func report(on reference: String) async throws(ServiceError) -> PaymentReport
    /// Closes a link, or lets a reservation go: what was not paid by now never will be. `over`, or `paid` where it came too late.
    func close(link reference: String) async throws(ServiceError) -> PaymentReport
    /// Gives money back, all of a payment or part of it.
    func refund(_ refund: Charge, of reference: String) async throws(ServiceError) -> PaymentReport
    /// Makes a page where a customer, by the name the shop has for them, leaves a method of payment.
    func setupLink(for customer: String, key: RequestKey) async throws(ServiceError) -> PaymentLink
    /// The method that was left on such a page; nil while none is.
    func savedMethod(onLink reference: String) async throws(ServiceError) -> SavedMethod?
}
