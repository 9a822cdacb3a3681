// The order desk: places, cancels and finds orders, each act in one transaction, once under its key.
// In: requests of conversations, and the shop's own changes of status. Out: orders or the shop's refusals.

public import Commerce
public import Foundation

/// An order with what only the shop needs to know of it.
public struct StoredOrder: Sendable, Hashable {
    /// As it was agreed, address included.
    public let order: Order
    /// When.
    public let placedAt: Date
    /// E.164; nil where nobody was known, or the customer was erased.
    public let phone: String?
    /// Each status it has had, the first one first.
    public let history: [StatusChange]
}

/// One step of an order.
public struct StatusChange: Sendable, Hashable {
    /// What it became.
    public let status: OrderStatus
    /// When.
    public let at: Date
    /// Who did it: `caller`, or what the operator's command gave.
    public let by: String
}

extension Store {
    /// Places an order: its key is known, and the first outcome is given again; or prices, stock and limits still allow
    /// exactly what the caller agreed to, and everything is written at once.
    ///
    /// A refusal is the outcome of its key too. `Refusal.changed` is not: the caller agreed to something that is no
    /// longer so, the key has bought nothing, and is void because the new quote gets a new one.
    public func place(_ request: OrderRequest, now: Date) throws(StoreError) -> OrderOutcome {
        let (vault, shop) = (vault, shop)
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            if let outcome = try database.outcome(of: request.key, vault: vault) { return outcome }
            guard let shop else { throw .noShop }
            let (stock, shortage) = try database.stock(for: request.quote.lines)
            let refusal: Refusal
            switch shop.shop.requote(request.quote, catalog: shop.catalog, stock: stock, at: now) {
            case .success(let quote) where quote != request.quote: return .failure(.changed(quote))
            case .success where request.quote.payment == PaymentMethod.saved && !request.isProved:
                refusal = .paymentUnavailable(id: request.quote.payment)
            case .success where shortage == nil:
                let carrier = shop.shop.deliveryMethod(request.quote.delivery)?.carrier
                return .success(try database.write(request, carrier: carrier, desk: desk))
            case .success: refusal = shortage ?? .emptyCart
            case .failure(let refusals): refusal = refusals.reasons.first ?? .emptyCart
            }
            try database.note(refusal, of: request.key, desk: desk)
            return .failure(refusal)
        }
    }

    /// Cancels an order that has not left, for its owner; a second time it is simply cancelled already.
    public func cancel(
        number: String, phone: String?, conversation: String, now: Date
    ) throws(StoreError) -> OrderOutcome {
        let vault = vault
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            guard let found = try database.order(number: number, vault: vault),
                try found.isOwned(by: phone, conversation: conversation, vault: vault, in: &database)
            else { return .failure(.notFound) }
            return try database.move(found, to: .cancelled, by: "caller", desk: desk)
        }
    }

    /// Moves an order to another status, for the shop. Refused with `tooLate` and its present status where that one
    /// does not lead there.
    public func setStatus(
        number: String, _ status: OrderStatus, by: String, now: Date
    ) throws(StoreError) -> OrderOutcome {
        let vault = vault
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            guard let found = try database.order(number: number, vault: vault) else { return .failure(.notFound) }
            return try database.move(found, to: status, by: by, desk: desk)
        }
    }

    /// The newest orders first, at most `limit`, of one status or of all.
    public func orders(limit: Int, status: OrderStatus? = nil) throws(StoreError) -> [StoredOrder] {
        let rows = try database.run(
            "SELECT number FROM orders WHERE ?1 IS NULL OR status = ?1 ORDER BY number DESC LIMIT ?2",
            [.text(orNull: status?.rawValue), .integer(limit)])
        var orders: [StoredOrder] = []
        for row in rows {
            if let order = try order(number: String(row.integer(0))) { orders.append(order) }
        }
        return orders
    }

    /// Everything about one order.
    public func order(number: String) throws(StoreError) -> StoredOrder? {
        guard let found = try database.order(number: number, vault: vault) else { return nil }
        var history: [StatusChange] = []
        let events = try database.run(
            "SELECT status, at, by FROM order_events WHERE order_number = ? ORDER BY id", [.integer(found.number)])
        for event in events {
            guard let status = OrderStatus(rawValue: try event.text(0)) else { throw event.unexpected(0) }
            history.append(
                StatusChange(status: status, at: Date(seconds: try event.integer(1)), by: try event.text(2)))
        }
        return StoredOrder(order: found.order, placedAt: found.placedAt, phone: found.phone, history: history)
    }
}

extension Store: OrderDesk {
    /// Places an order once under its key; a key seen before gives the outcome it had.
    public func place(_ request: OrderRequest) async throws(OrderDeskError) -> OrderOutcome {
        do { return try place(request, now: clock()) } catch { throw .store(error.description) }
    }

    /// Cancels an order that has not left, for the one who placed it.
    public func cancel(
        number: String, phone: String?, conversation: String
    ) async throws(OrderDeskError) -> OrderOutcome {
        do {
            return try cancel(number: number, phone: phone, conversation: conversation, now: clock())
        } catch {
            throw .store(error.description)
        }
    }

    /// An order by its number. Who is not its owner does not get its address, whatever is made of the answer.
    public func find(
        number: String, phone: String?, conversation: String
    ) async throws(OrderDeskError) -> (order: Order, isOwner: Bool)? {
        do throws(StoreError) {
            guard let found = try database.order(number: number, vault: vault) else { return nil }
            let isOwner = try found.isOwned(by: phone, conversation: conversation, vault: vault, in: &database)
            return (isOwner ? found.order : found.order.withoutAddress, isOwner)
        } catch {
            throw .store(error.description)
        }
    }

    /// The latest order of a trusted number, cancelled ones left out.
    public func latest(phone: String) async throws(OrderDeskError) -> Order? {
        do throws(StoreError) {
            guard let subject = try vault.knownSubject(.customer(phone), in: &database) else { return nil }
            let rows = try database.run(
                "SELECT max(number) FROM orders WHERE subject = ? AND status <> 'cancelled'", [.integer(subject)])
            guard let number = try rows.first?.optionalInteger(0) else { return nil }
            return try database.order(number: String(number), vault: vault)?.order
        } catch {
            throw .store(error.description)
        }
    }

    /// Stock left of each product that has been moved since the catalogue was imported, by SKU.
    public func stock() async throws(OrderDeskError) -> [String: Quantity] {
        do { return try database.moved() } catch { throw .store(error.description) }
    }

    /// What to tell a trusted number that calls. What is told once is not told again.
    public func welcome(phone: String) async throws(OrderDeskError) -> Welcome {
        do { return try welcome(phone: phone, now: clock()) } catch { throw .store(error.description) }
    }

    /// Keeps the cart of a trusted number while it is filled.
    public func keep(cart: Cart, phone: String) async throws(OrderDeskError) {
        do { _ = try keep(cart: cart, phone: phone, now: clock()) } catch { throw .store(error.description) }
    }

    /// Keeps a caller's wish to be called back, once under its key.
    public func requestCallback(_ request: CallbackRequest) async throws(OrderDeskError) {
        do { try requestCallback(request, now: clock()) } catch { throw .store(error.description) }
    }
}

extension Order {
    /// The same order for the ears of someone else.
    var withoutAddress: Order {
        Order(
            number: number, status: status, paymentStatus: paymentStatus,
            quote: Quote(
                lines: quote.lines, goods: quote.goods, fees: quote.fees, total: quote.total, delivery: quote.delivery,
                address: nil, payment: quote.payment),
            waybill: waybill)
    }
}
