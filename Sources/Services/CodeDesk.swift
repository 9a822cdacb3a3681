// The desk that knows callers apart, with a clerk beside it: a code that somebody waits for goes out at once.
// In: secrets of conversations. Out: the desk's answers.

public import Commerce

/// An identity desk whose messages do not wait for the next look into the book.
public struct CodeDesk: IdentityDesk {
    private let desk: any IdentityDesk & ErrandBook
    private let clerk: Clerk

    /// Puts a clerk beside a desk; both work on the same book.
    public init(desk: any IdentityDesk & ErrandBook, clerk: Clerk) {
        self.desk = desk
        self.clerk = clerk
    }

    /// The customer of a number, if this is the PIN.
    public func check(pin: SecretDigits, phone: String) async throws(OrderDeskError) -> KnownCustomer? {
        try await desk.check(pin: pin, phone: phone)
    }

    /// Sends a one-time code.
    public func sendCode(phone: String, conversation: String) async throws(OrderDeskError) -> Bool {
        guard try await desk.sendCode(phone: phone, conversation: conversation) else { return false }
        // What fails here is in the book, and is tried again.
        try? await clerk.sendMessages()
        return true
    }

    /// The customer of a number, if this is the code.
    public func check(
        code: SecretDigits, phone: String, conversation: String
    ) async throws(OrderDeskError) -> KnownCustomer? {
        try await desk.check(code: code, phone: phone, conversation: conversation)
    }

    /// Keeps a new PIN, or none.
    public func choose(pin: SecretDigits?, phone: String) async throws(OrderDeskError) -> Bool {
        try await desk.choose(pin: pin, phone: phone)
    }
}
