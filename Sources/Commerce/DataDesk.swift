// The seam to whoever keeps what is known of customers, for their rights: to hear of it, to have it, to have it gone. Who asks has
// proved who is calling before.

/// What is kept of a customer, as far as it is said and sent.
public struct KeptData: Sendable, Hashable {
    /// Numbers of orders, the latest first.
    public let orders: [String]
    /// Addresses, the latest first.
    public let addresses: [String]
    /// How many conversations.
    public let conversations: Int
    /// How many of them can be heard again.
    public let recordings: Int

    /// Describes it.
    public init(orders: [String], addresses: [String], conversations: Int, recordings: Int) {
        self.orders = orders
        self.addresses = addresses
        self.conversations = conversations
        self.recordings = recordings
    }
}

/// What had to stay of an erased customer, without the person.
public struct ErasedData: Sendable, Hashable {
    /// How many orders stay for the accounts.
    public let orders: Int
    /// Of them those on their way, whose address goes when they are done.
    public let underway: [String]

    /// Describes it.
    public init(orders: Int, underway: [String]) {
        self.orders = orders
        self.underway = underway
    }
}

/// Keeps data of customers.
public protocol DataDesk: Sendable {
    /// What is kept of a number, sent to it by message too where that is wanted; nil where nothing is.
    func tellData(phone: String, conversation: String, sends: Bool) async throws(OrderDeskError) -> KeptData?
    /// Erases whoever has a number.
    func eraseData(phone: String) async throws(OrderDeskError) -> ErasedData
}
