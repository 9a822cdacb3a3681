// All that is kept of a customer, for the customer (GDPR, Article 15). In: a telephone number. Out: one JSON object, or its counts.

public import Commerce
public import Foundation
import Privacy

extension Store: DataDesk {
    /// What is kept of a number, sent to it by the book of errands too where that is wanted; nil where nothing is.
    public func tellData(
        phone: String, conversation: String, sends: Bool
    ) async throws(OrderDeskError) -> KeptData? {
        do throws(StoreError) {
            guard let kept = try kept(phone: phone) else { return nil }
            if sends { try send(kept, to: phone, conversation: conversation, now: clock()) }
            return kept
        } catch {
            throw .store(error.description)
        }
    }

    /// Erases whoever has a number.
    public func eraseData(phone: String) async throws(OrderDeskError) -> ErasedData {
        do throws(StoreError) {
            let report = try erase(phone: phone, now: clock())
            return ErasedData(orders: report?.orders ?? 0, underway: report?.underway ?? [])
        } catch {
            throw .store(error.description)
        }
    }

    /// Once a conversation: who asks again is told again, and has the message already.
    private func send(_ kept: KeptData, to phone: String, conversation: String, now: Date) throws(StoreError) {
        let desk = desk(now)
        let name = "data-\(conversation)"
        try database.transaction { (database: inout Database) throws(StoreError) in
            guard try database.run("SELECT 1 FROM outbox WHERE event_id = ?", [.text(name)]).isEmpty else { return }
            let subject = try desk.vault.subject(.customer(phone), in: &database, now: now)
            try database.notice(.data(kept), name: name, to: phone, subject, order: nil, desk: desk)
        }
    }

    /// What is kept of a customer, in short; nil where nobody is known by this number.
    public func kept(phone: String) throws(StoreError) -> KeptData? {
        guard let id = try vault.knownSubject(.customer(phone), in: &database) else { return nil }
        func count(_ what: String) throws(StoreError) -> Int {
            Int(try database.run("SELECT count(*) FROM \(what)", [.integer(id)]).first?.integer(0) ?? 0)
        }
        var orders: [String] = []
        for row in try database.run(
            "SELECT number FROM orders WHERE subject = ? ORDER BY number DESC", [.integer(id)])
        {
            orders.append(String(try row.integer(0)))
        }
        return KeptData(
            orders: orders, addresses: try customer(phone: phone)?.addresses ?? [],
            conversations: try count("conversations WHERE subject = ?"),
            recordings: try count("recordings JOIN conversations ON id = conversation WHERE subject = ?"))
    }
}

extension Store {
    /// Everything that is kept of a customer as JSON text; nil where nobody is known by this number.
    public func export(phone: String, now: Date) throws(StoreError) -> String? {
        guard let id = try vault.knownSubject(.customer(phone), in: &database) else { return nil }
        let customer = try customer(phone: phone)
        let profile: JSONText =
            customer.map { customer in
                .object([
                    ("addresses", .list(customer.addresses.map { .text($0) })),
                    ("savedCard", .flag(customer.hasSavedMethod)),
                    ("since", Self.time(customer.since)), ("changedAt", Self.time(customer.changedAt)),
                ])
            } ?? .null
        return JSONText.object([
            ("phone", .text(phone)), ("exportedAt", Self.time(now)), ("profile", profile),
            ("orders", .list(try orders(of: id))), ("conversations", .list(try conversations(of: id))),
            (
                "callbacks",
                .list(
                    try callbacks(limit: .max).filter { $0.request.phone == phone }.map { wish in
                        .object([("at", Self.time(wish.at)), ("reason", .text(wish.request.reason))])
                    })
            ), ("keptFor", .list(rules)),
        ]).compact
    }

    /// For what and for how long each kind of data is kept.
    private var rules: [JSONText] {
        DataKind.allCases.filter { policy[$0].form != .off }.map { kind in
            .object([
                ("what", .text(kind.rawValue)), ("form", .text(policy[kind].form.rawValue)),
                ("days", .count(policy[kind].days)), ("purpose", .text(policy[kind].purpose)),
            ])
        }
    }

    private func orders(of subject: Int64) throws(StoreError) -> [JSONText] {
        var orders: [JSONText] = []
        for row in try database.run("SELECT number FROM orders WHERE subject = ? ORDER BY number", [.integer(subject)])
        {
            guard let found = try database.order(number: String(row.integer(0)), vault: vault) else { continue }
            let quote = found.order.quote
            orders.append(
                .object([
                    ("number", .text(found.order.number)), ("placedAt", Self.time(found.placedAt)),
                    ("status", .text(found.order.status.rawValue)),
                    ("payment", .text(found.order.paymentStatus.rawValue)),
                    (
                        "lines",
                        .list(
                            quote.lines.map {
                                .object([
                                    ("title", .text($0.title)), ("quantity", .number($0.item.quantity.decimal)),
                                    ("total", .text($0.total.decimal)),
                                ])
                            })
                    ),
                    ("total", .text(quote.total.decimal)), ("currency", .text(quote.total.currency.code)),
                    ("delivery", .text(quote.delivery)), ("address", .optional(quote.address)),
                    ("phone", .optional(found.phone)), ("waybill", .optional(found.order.waybill)),
                ]))
        }
        return orders
    }

    private func conversations(of subject: Int64) throws(StoreError) -> [JSONText] {
        var conversations: [JSONText] = []
        let rows = try database.run(
            """
            SELECT id, (SELECT expires_at FROM recordings WHERE conversation = id) FROM conversations
            WHERE subject = ? ORDER BY started_at, id
            """, [.integer(subject)])
        for row in rows {
            guard let conversation = try conversation(try row.text(0)) else { continue }
            let turns = conversation.turns.map { turn in
                JSONText.object([
                    ("turn", .count(turn.turn)), ("heard", .optional(turn.heard)),
                    ("reply", .optional(turn.reply)), ("intents", .list(turn.intents.map { .text($0) })),
                    ("acts", turn.acts.map { .written($0) } ?? .null),
                ])
            }
            conversations.append(
                .object([
                    ("id", .text(conversation.id)), ("line", .text(conversation.line)),
                    ("startedAt", Self.time(conversation.startedAt)),
                    ("endedAt", conversation.endedAt.map { Self.time($0) } ?? .null), ("turns", .list(turns)),
                    ("recordedUntil", try row.optionalInteger(1).map { Self.time(Date(seconds: $0)) } ?? .null),
                ]))
        }
        return conversations
    }

    private static func time(_ date: Date) -> JSONText { .text(date.formatted(.iso8601)) }
}
