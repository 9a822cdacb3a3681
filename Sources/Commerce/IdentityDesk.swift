// The seam to whoever knows callers apart: by a PIN, or by a code that is sent to the number that they claim to call from.
// In: secrets. Out: the customer, or nothing: a number that is not known, one without a PIN and a wrong PIN cannot be told apart.

/// What a caller may hear who has proved who is calling.
public struct KnownCustomer: Sendable, Hashable {
    /// The latest orders, the last one first; given up ones left out.
    public let orders: [Order]
    /// Where orders went, the latest first.
    public let addresses: [String]
    /// Whether a method of payment is left with the gateway.
    public let hasSavedMethod: Bool

    /// Describes a customer.
    public init(orders: [Order], addresses: [String], hasSavedMethod: Bool) {
        self.orders = orders
        self.addresses = addresses
        self.hasSavedMethod = hasSavedMethod
    }
}

/// Knows customers apart. Every try is counted before it is looked at, however the process ends.
public protocol IdentityDesk: Sendable {
    /// The customer of a number, if this is the PIN.
    func check(pin: SecretDigits, phone: String) async throws(OrderDeskError) -> KnownCustomer?
    /// Sends a one-time code to a number, good for one conversation; false where too many were sent already.
    func sendCode(phone: String, conversation: String) async throws(OrderDeskError) -> Bool
    /// The customer of a number, if this is the code that was sent to it in this conversation.
    func check(
        code: SecretDigits, phone: String, conversation: String
    ) async throws(OrderDeskError) -> KnownCustomer?
    /// Keeps a new PIN, or none; false where the policy keeps nothing of customers.
    func choose(pin: SecretDigits?, phone: String) async throws(OrderDeskError) -> Bool
}
