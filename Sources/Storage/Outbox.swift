// What the outside is to learn: written in the transaction of the act, delivered later by whoever reads it.
// An event is a CloudEvents 1.0 object (https://github.com/cloudevents/spec), sealed for the customer whom it is about.

public import Commerce
public import Foundation
import Privacy

/// Something that happened, waiting to be told.
public struct OutboxEvent: Sendable, Hashable {
    /// The same however often it is delivered.
    public let id: String
    /// `order.placed`, `order.cancelled`, …, `callback.requested`.
    public let kind: String
    /// The whole CloudEvents object as JSON text.
    public let payload: String
    /// When it happened.
    public let createdAt: Date
}

extension Store {
    /// Events that have not been delivered, the oldest first.
    public func waitingEvents(limit: Int) throws(StoreError) -> [OutboxEvent] {
        let rows = try database.run(
            """
            SELECT event_id, kind, subject, sealed_payload, created_at FROM outbox
            WHERE delivered_at IS NULL ORDER BY id LIMIT ?
            """, [.integer(limit)])
        var events: [OutboxEvent] = []
        for row in rows {
            let id = try row.text(0)
            let subject = try vault.subject(id: row.integer(2), in: &database)
            let payload = try vault.open(row.blob(3), for: subject, at: "outbox/payload/\(id)", in: database.path)
            guard let payload else { continue }
            events.append(
                OutboxEvent(
                    id: id, kind: try row.text(1), payload: payload, createdAt: Date(seconds: try row.integer(4))))
        }
        return events
    }

    /// Notes that an event has arrived; from now on it is kept as the policy says for events.
    public func markDelivered(event id: String, now: Date) throws(StoreError) {
        let expiry = Value.integer(now.seconds + policy[.event].seconds)
        try database.run(
            """
            UPDATE outbox SET delivered_at = ?, expires_at = min(expires_at, ?)
            WHERE event_id = ? AND delivered_at IS NULL
            """, [.integer(now.seconds), expiry, .text(id)])
    }

    /// Keeps a caller's wish to be called back, once under its key. It is kept as long as events are, a week at least:
    /// it is to be heard.
    public func requestCallback(_ request: CallbackRequest, now: Date) throws(StoreError) {
        let (vault, policy) = (vault, policy)
        try database.transaction { (database: inout Database) throws(StoreError) in
            let key = request.key.value
            guard try database.run("SELECT 1 FROM callbacks WHERE key = ?", [.text(key)]).isEmpty else { return }
            let party = request.phone.map(Party.customer) ?? .conversation(request.conversation)
            let subject = try vault.subject(party, in: &database, now: now)
            let phone: Value =
                request.phone.map { .blob(vault.seal($0, for: subject, at: "callbacks/phone/\(key)")) } ?? .null
            try database.run(
                """
                INSERT INTO callbacks (key, subject, sealed_phone, conversation, reason, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(key), .integer(subject.id), phone, .text(request.conversation), .text(request.reason),
                    .integer(now.seconds), .integer(now.seconds + max(policy[.event].seconds, 7 * 86_400)),
                ])
            try database.post(.callback(request), to: subject, order: nil, vault: vault, policy: policy, now: now)
        }
    }

    /// Wishes to be called back, the newest first.
    public func callbacks(limit: Int) throws(StoreError) -> [(request: CallbackRequest, at: Date)] {
        let rows = try database.run(
            """
            SELECT key, subject, sealed_phone, conversation, reason, created_at FROM callbacks
            ORDER BY created_at DESC, key LIMIT ?
            """, [.integer(limit)])
        var callbacks: [(request: CallbackRequest, at: Date)] = []
        for row in rows {
            let key = try row.text(0)
            let subject = try vault.subject(id: row.integer(1), in: &database)
            let phone = try vault.open(
                row.optionalBlob(2), for: subject, at: "callbacks/phone/\(key)", in: database.path)
            let request = CallbackRequest(
                key: RequestKey(key), phone: phone, conversation: try row.text(3), reason: try row.text(4))
            callbacks.append((request, Date(seconds: try row.integer(5))))
        }
        return callbacks
    }
}

extension Database {
    /// Puts an event into the outbox. Until it is delivered it lives as long as an order does; afterwards as long as
    /// events do.
    mutating func post(
        _ event: Event, to subject: Subject, order number: Int64?, vault: Vault, policy: RetentionPolicy, now: Date
    ) throws(StoreError) {
        let payload = vault.seal(event.payload(at: now), for: subject, at: "outbox/payload/\(event.id)")
        try run(
            """
            INSERT INTO outbox (event_id, kind, subject, order_number, sealed_payload, created_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(event.id), .text(event.kind), .integer(subject.id), .integer(orNull: number), .blob(payload),
                .integer(now.seconds),
                .integer(now.seconds + max(policy[.order].seconds, policy[.event].seconds, 7 * 86_400)),
            ])
    }
}

/// What there is to tell.
enum Event {
    case order(Order, OrderStatus, phone: String?)
    case callback(CallbackRequest)

    var kind: String {
        switch self {
        case .order(_, let status, _): "order.\(status.rawValue)"
        case .callback: "callback.requested"
        }
    }

    /// Made of what happened, so that the same thing can never be told under two names.
    var id: String {
        switch self {
        case .order(let order, let status, _): "order-\(order.number)-\(status.rawValue)"
        case .callback(let request): "callback-\(request.key.value)"
        }
    }

    func payload(at now: Date) -> String {
        switch self {
        case .order(let order, _, let phone):
            json(Envelope(of: self, about: order.number, at: now, data: OrderData(of: order, phone: phone)))
        case .callback(let request):
            json(
                Envelope(
                    of: self, about: request.conversation, at: now,
                    data: CallbackData(phone: request.phone, reason: request.reason)))
        }
    }

    private struct Envelope<Content: Encodable>: Encodable {
        let specversion = "1.0"
        let id: String
        let source = "rozmova"
        let type: String
        let subject: String
        let time: String
        let datacontenttype = "application/json"
        let data: Content

        init(of event: Event, about subject: String, at time: Date, data: Content) {
            id = event.id
            type = event.kind
            self.subject = subject
            self.time = time.formatted(.iso8601)
            self.data = data
        }
    }

    private struct CallbackData: Encodable {
        let phone: String?
        let reason: String
    }

    /// The contract's order object, with what a shop needs to deliver.
    private struct OrderData: Encodable {
        struct Line: Encodable {
            let sku: String
            let title: String
            let quantity: Double
            let modifiers: [Choice]
            let without: [Choice]
            let unitPrice: String
            let total: String
        }
        struct Choice: Encodable {
            let group: String
            let id: String
            let amount: String?

            init(_ choice: ChosenModifier) { (group, id, amount) = (choice.group, choice.id, choice.amount) }
        }
        struct Charge: Encodable {
            let name: String
            let amount: String
        }

        let number: String
        let status: String
        let payment: String
        let paymentMethod: String
        let lines: [Line]
        let fees: [Charge]
        let total: String
        let currency: String
        let delivery: String
        let address: String?
        let phone: String?
        let waybill: String?

        init(of order: Order, phone: String?) {
            let quote = order.quote
            number = order.number
            status = order.status.rawValue
            payment = order.paymentStatus.rawValue
            paymentMethod = quote.payment
            lines = quote.lines.map { line in
                Line(
                    sku: line.item.sku, title: line.title, quantity: Double(line.item.quantity.thousandths) / 1_000,
                    modifiers: line.item.modifiers.map(Choice.init), without: line.item.without.map(Choice.init),
                    unitPrice: line.unitPrice.decimal, total: line.total.decimal)
            }
            fees = quote.fees.map { Charge(name: $0.name, amount: $0.amount.decimal) }
            total = quote.total.decimal
            currency = quote.total.currency.code
            delivery = quote.delivery
            address = quote.address
            self.phone = phone
            waybill = order.waybill
        }
    }
}
