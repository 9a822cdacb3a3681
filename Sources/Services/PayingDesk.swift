// The order desk of a shop that takes payments: an order that is to be paid now is paid before the caller hears of it.
// In: requests of conversations. Out: the desk's outcomes, with what the gateway said by then.

public import Commerce

/// A desk with a clerk beside it.
public struct PayingDesk: OrderDesk {
    private let desk: any OrderDesk & ErrandBook
    private let clerk: Clerk

    /// Puts a clerk beside a desk; both work on the same book.
    public init(desk: any OrderDesk & ErrandBook, clerk: Clerk) {
        self.desk = desk
        self.clerk = clerk
    }

    /// Places an order, and then has it paid. Whatever becomes of the payment, the order is placed: an answer that does not
    /// come in time is taken by the clerk who works the book off.
    public func place(_ request: OrderRequest) async throws(OrderDeskError) -> OrderOutcome {
        let outcome = try await desk.place(request)
        guard case .success(let order) = outcome, order.paymentStatus == .pending else { return outcome }
        // What fails here is in the book, and is tried again.
        let page = (try? await clerk.pay(order: order.number)) ?? nil
        let now = try? await desk.find(
            number: order.number, phone: request.isPhoneTrusted ? request.phone : nil,
            conversation: request.conversation)
        var paid = now?.order ?? order
        paid.paymentPage = page
        return .success(paid)
    }

    /// Cancels an order that has not left, for the one who placed it.
    public func cancel(
        number: String, phone: String?, conversation: String
    ) async throws(OrderDeskError) -> OrderOutcome {
        try await desk.cancel(number: number, phone: phone, conversation: conversation)
    }

    /// An order by its number.
    public func find(
        number: String, phone: String?, conversation: String
    ) async throws(OrderDeskError) -> (order: Order, isOwner: Bool)? {
        try await desk.find(number: number, phone: phone, conversation: conversation)
    }

    /// The latest order of a trusted number.
    public func latest(phone: String) async throws(OrderDeskError) -> Order? { try await desk.latest(phone: phone) }

    /// Stock left.
    public func stock() async throws(OrderDeskError) -> [String: Quantity] { try await desk.stock() }

    /// What goes with what.
    public func boughtTogether() async throws(OrderDeskError) -> BoughtTogether { try await desk.boughtTogether() }

    /// Keeps a caller's wish to be called back.
    public func requestCallback(_ request: CallbackRequest) async throws(OrderDeskError) {
        try await desk.requestCallback(request)
    }

    /// What to tell a trusted number that calls.
    public func welcome(phone: String) async throws(OrderDeskError) -> Welcome {
        try await desk.welcome(phone: phone)
    }

    /// Keeps the cart of a trusted number.
    public func keep(cart: Cart, phone: String) async throws(OrderDeskError) {
        try await desk.keep(cart: cart, phone: phone)
    }
}
