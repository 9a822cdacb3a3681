// What the outside is to learn or to do: written in the transaction of the act, taken from here by `Store+Errands.swift`.
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
            WHERE delivered_at IS NULL AND dead_at IS NULL AND channel = 'event' ORDER BY id LIMIT ?
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

    /// Keeps a caller's wish to be called back, once under its key. It is kept as long as events are, a week at least:
    /// it is to be heard.
    public func requestCallback(_ request: CallbackRequest, now: Date) throws(StoreError) {
        let desk = desk(now)
        let vault = vault
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
                    .integer(now.seconds), .integer(desk.expiry(.event, atLeast: Database.week)),
                ])
            try database.post(.callback(request), to: subject, order: nil, desk: desk)
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
    /// Puts an event into the outbox.
    mutating func post(_ event: Event, to subject: Subject, order number: Int64?, desk: Desk) throws(StoreError) {
        let payload = desk.vault.seal(event.payload(at: desk.now), for: subject, at: "outbox/payload/\(event.id)")
        try post(event.id, kind: event.kind, .event, payload, to: subject.id, order: number, desk: desk)
    }

    /// Has a customer told by a message, where there is a number to send it to.
    mutating func notice(_ notice: Notice, name: String, _ found: OrderRow, desk: Desk) throws(StoreError) {
        guard let phone = found.phone, let subject = try desk.vault.subject(id: found.subject, in: &self) else {
            return
        }
        try self.notice(notice, name: name, to: phone, subject, order: found.number, desk: desk)
    }

    /// Has a person told by a message to a number.
    mutating func notice(
        _ notice: Notice, name: String, to phone: String, _ subject: Subject, order: Int64?, desk: Desk
    ) throws(StoreError) {
        let stored = json(StoredNotice(notice, to: phone))
        try post(
            name, kind: "message", .message, desk.vault.seal(stored, for: subject, at: "outbox/payload/\(name)"),
            to: subject.id, order: order, desk: desk)
    }

    /// Puts an errand into the book. Until it is done it lives as long as an order does; afterwards as long as events do.
    mutating func post(
        _ name: String, kind: String, _ channel: ErrandChannel, _ payload: [UInt8] = [], to subject: Int64,
        order number: Int64?, payment: Int64? = nil, receiver: String? = nil, at next: Int64 = 0, desk: Desk
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO outbox (event_id, kind, channel, subject, order_number, payment, sealed_payload, created_at, next_at,
                expires_at, receiver)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(name), .text(kind), .text(channel.rawValue), .integer(subject), .integer(orNull: number),
                .integer(orNull: payment), .blob(payload), .integer(desk.now.seconds), .integer(next),
                .integer(max(desk.expiry(.order), desk.expiry(.event, atLeast: Self.week))), .text(orNull: receiver),
            ])
    }
}

/// What there is to tell.
enum Event {
    case order(Order, OrderStatus, phone: String?)
    case callback(CallbackRequest)
    case payment(String, id: Int64, order: String, amount: Money)
    case parcel(ParcelStatus, order: String, waybill: String, change: Int64)
    case conversation(String, line: String, outcome: String, turns: Int64, orders: [String])
    case backInStock(sku: String, count: Int64)

    var kind: String {
        switch self {
        case .order(_, let status, _): "order.\(status.rawValue)"
        case .callback: "callback.requested"
        case .payment(let what, _, _, _): "payment.\(what)"
        case .parcel(let status, _, _, _): "parcel.\(status.rawValue)"
        case .conversation: "conversation.ended"
        case .backInStock: "stock.back"
        }
    }

    /// Made of what happened, so that the same thing can never be told under two names.
    var id: String {
        switch self {
        case .order(let order, let status, _): "order-\(order.number)-\(status.rawValue)"
        case .callback(let request): "callback-\(request.key.value)"
        case .payment(let what, let id, _, _): "payment-\(id)-is-\(what)"
        case .parcel(_, let order, _, let change): "parcel-\(order)-is-\(change)"
        case .conversation(let id, _, _, _, _): "conversation-\(id)"
        case .backInStock(let sku, let count): "stock-\(count)-\(sku)"
        }
    }

    /// The whole CloudEvents object.
    func payload(at now: Date) -> String {
        let (about, data) = content
        return JSONText.object([
            ("specversion", .text("1.0")), ("id", .text(id)), ("source", .text("rozmova")), ("type", .text(kind)),
            ("subject", .text(about)), ("time", .text(now.timestamp)),
            ("datacontenttype", .text("application/json")), ("data", data),
        ]).compact
    }

    /// What it is about, and what there is to know of it.
    private var content: (about: String, data: JSONText) {
        switch self {
        case .order(let order, _, let phone): (order.number, Self.data(of: order, phone: phone))
        case .callback(let request):
            (
                request.conversation,
                .object([("phone", .optional(request.phone)), ("reason", .text(request.reason))])
            )
        case .payment(_, _, let order, let amount):
            (
                order,
                .object([
                    ("order", .text(order)), ("amount", .text(amount.decimal)),
                    ("currency", .text(amount.currency.code)),
                ])
            )
        case .parcel(let status, let order, let waybill, _):
            (
                order,
                .object([
                    ("order", .text(order)), ("waybill", .text(waybill)), ("status", .text(status.rawValue)),
                ])
            )
        case .conversation(let id, let line, let outcome, let turns, let orders):
            (
                id,
                .object([
                    ("line", .text(line)), ("outcome", .text(outcome)), ("turns", .number(String(turns))),
                    ("orders", .list(orders.map { .text($0) })),
                ])
            )
        case .backInStock(let sku, _): (sku, .object([("sku", .text(sku))]))
        }
    }

    /// The contract's order object, with what a shop needs to deliver.
    private static func data(of order: Order, phone: String?) -> JSONText {
        let quote = order.quote
        let lines = quote.lines.map { line in
            JSONText.object([
                ("sku", .text(line.item.sku)), ("variant", .optional(line.variant)), ("title", .text(line.title)),
                ("quantity", .number(line.item.quantity.decimal)),
                ("modifiers", StoredModifiers.list(line.item.modifiers)),
                ("without", StoredModifiers.list(line.item.without)), ("unitPrice", .text(line.unitPrice.decimal)),
                ("total", .text(line.total.decimal)),
            ])
        }
        let fees = quote.fees.map { fee in
            JSONText.object([("name", .text(fee.name)), ("amount", .text(fee.amount.decimal))])
        }
        return .object([
            ("number", .text(order.number)), ("status", .text(order.status.rawValue)),
            ("payment", .text(order.paymentStatus.rawValue)), ("paymentMethod", .text(quote.payment)),
            ("lines", .list(lines)), ("fees", .list(fees)), ("total", .text(quote.total.decimal)),
            ("currency", .text(quote.total.currency.code)), ("delivery", .text(quote.delivery)),
            ("address", .optional(quote.address)), ("phone", .optional(phone)), ("waybill", .optional(order.waybill)),
        ])
    }
}
