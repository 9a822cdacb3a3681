// The book of errands: who takes one has it for two minutes, and what came of it is written with all that follows.
// In: channels that somebody serves. Out: errands, then their outcomes. Dead ones wait for a person.

public import Commerce
public import Foundation
import Privacy

/// An errand that is not tried again by itself.
public struct DeadErrand: Sendable, Hashable {
    /// The row in the book, by which it is retried.
    public let id: Int64
    /// The same however often it is done.
    public let name: String
    /// `payment.charge`, `order.placed`, …
    public let kind: String
    /// The order that it is about.
    public let order: String?
    /// How often it was tried.
    public let attempts: Int
    /// When it was given up.
    public let at: Date
    /// Why.
    public let reason: String
}

/// An amount that was moved, or is to be.
public struct StoredPayment: Sendable, Hashable {
    /// `charge`, `link` or `refund`.
    public let kind: String
    /// How much.
    public let amount: Money
    /// `wanted`, `waiting`, `authorized`, `paid`, `declined`, `over` or `unclear`.
    public let state: String
    /// The gateway's name of it.
    public let reference: String?
    /// Who or what asked for it.
    public let by: String
    /// When it was asked for.
    public let at: Date
    /// When it last changed.
    public let changedAt: Date
}

/// Why money is not given back.
public enum RefundRefusal: Error, Sendable, Hashable {
    /// No such order.
    case notFound
    /// Nothing is there that could be given back.
    case nothingPaid
    /// Less than nothing, nothing, or more than is left.
    case notThatMuch(left: Money)
    /// The order was paid in this currency.
    case otherCurrency(Currency)
}

extension Store: ErrandBook {
    /// Nobody else gets a taken errand for so long, in seconds: longer than any service may take to answer.
    private static let lease: Int64 = 120
    /// Nothing is put off for longer; what seems to be was written while the clock was wrong.
    fileprivate static let latest: Int64 = 7_200

    /// Takes errands that are due, the oldest first: of one customer's events and of one order's payments only the first.
    /// Several receivers of events get each their own: one that does not answer keeps nobody else waiting.
    public func take(
        _ channels: Set<ErrandChannel>, receivers: [EventReceiver], limit: Int
    ) async throws(OrderDeskError) -> [Errand] {
        do throws(StoreError) {
            if channels.contains(.event), receivers != [.only] { try spread(to: receivers, now: clock()) }
            var errands: [Errand] = []
            for channel in ErrandChannel.allCases where channels.contains(channel) {
                errands += try takeDue(channel, order: nil, limit: limit, now: clock())
            }
            return errands
        } catch {
            throw .store(error.description)
        }
    }

    /// Takes what is due of one order's payment, whoever else waits.
    public func takePayment(ofOrder number: String) async throws(OrderDeskError) -> Errand? {
        do { return try takeDue(.payment, order: Int64(number), limit: 1, now: clock()).first } catch {
            throw .store(error.description)
        }
    }

    /// Writes down what came of one, with all that follows from it.
    public func settle(_ errand: Errand, _ outcome: ErrandOutcome) async throws(OrderDeskError) {
        do { try settle(errand, outcome, now: clock()) } catch { throw .store(error.description) }
    }

    private func takeDue(
        _ channel: ErrandChannel, order: Int64?, limit: Int, now: Date
    ) throws(StoreError) -> [Errand] {
        // Looked at first without a lock: most of the time there is nothing.
        guard try !due(channel, order: order, limit: 1, now: now).isEmpty else { return [] }
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            var errands: [Errand] = []
            for row in try database.due(channel, order: order, limit: limit, now: now) {
                try database.run(
                    """
                    UPDATE outbox SET attempts = attempts + 1, next_at = ?, first_at = coalesce(first_at, ?)
                    WHERE id = ?
                    """, [.integer(now.seconds + Self.lease), .integer(now.seconds), .integer(try row.integer(0))])
                if let errand = try database.errand(row, desk: desk) { errands.append(errand) }
            }
            return errands
        }
    }

    private func due(
        _ channel: ErrandChannel, order: Int64?, limit: Int, now: Date
    ) throws(StoreError) -> [Row] { try database.due(channel, order: order, limit: limit, now: now) }

    /// The same at a given time. An errand that somebody else has settled meanwhile stays as it is.
    public func settle(_ errand: Errand, _ outcome: ErrandOutcome, now: Date) throws(StoreError) {
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            let rows = try database.run(
                "SELECT order_number, payment FROM outbox WHERE id = ? AND delivered_at IS NULL",
                [.integer(errand.id)])
            guard let row = rows.first else { return }
            var outcome = outcome
            if let problem = try database.follow(
                outcome, of: errand, order: row.optionalInteger(0), payment: row.optionalInteger(1), desk: desk)
            {
                outcome = .dead(reason: problem)
            }
            try database.close(errand, outcome, payment: row.optionalInteger(1), desk: desk)
        }
    }

    // MARK: - For the shop's people

    /// Errands that wait for a person, the oldest first.
    public func deadErrands(limit: Int) throws(StoreError) -> [DeadErrand] {
        let rows = try database.run(
            """
            SELECT id, event_id, kind, order_number, attempts, dead_at, error FROM outbox
            WHERE dead_at IS NOT NULL ORDER BY id LIMIT ?
            """, [.integer(limit)])
        var dead: [DeadErrand] = []
        for row in rows {
            dead.append(
                DeadErrand(
                    id: try row.integer(0), name: try row.text(1), kind: try row.text(2),
                    order: try row.optionalInteger(3).map(String.init), attempts: Int(try row.integer(4)),
                    at: Date(seconds: try row.integer(5)), reason: try row.optionalText(6) ?? ""))
        }
        return dead
    }

    /// Has a dead errand tried again from the beginning, or all of them; gives how many.
    public func retry(errand id: Int64?, now: Date) throws(StoreError) -> Int {
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            let rows = try database.run(
                "SELECT id, payment FROM outbox WHERE dead_at IS NOT NULL AND (?1 IS NULL OR id = ?1)",
                [.integer(orNull: id)])
            for row in rows {
                try database.run(
                    "UPDATE outbox SET dead_at = NULL, attempts = 0, first_at = NULL, next_at = 0 WHERE id = ?",
                    [.integer(row.integer(0))])
                if let payment = try row.optionalInteger(1), let found = try database.payments(id: payment).first {
                    try database.markWanted(found, desk: desk)
                }
            }
            return rows.count
        }
    }

    /// How many errands of each channel wait to be done.
    public func waitingErrands() throws(StoreError) -> [(channel: ErrandChannel, count: Int)] {
        var counts: [(channel: ErrandChannel, count: Int)] = []
        for channel in ErrandChannel.allCases {
            let rows = try database.run(
                "SELECT count(*) FROM outbox WHERE channel = ? AND delivered_at IS NULL AND dead_at IS NULL",
                [.text(channel.rawValue)])
            counts.append((channel, try Int(rows.first?.integer(0) ?? 0)))
        }
        return counts
    }

    /// An order's payments, the first one first.
    public func payments(ofOrder number: String) throws(StoreError) -> [StoredPayment] {
        guard let number = Int64(number) else { return [] }
        return try database.payments(ofOrder: number).map {
            StoredPayment(
                kind: $0.kind.rawValue, amount: $0.amount, state: $0.state.rawValue, reference: $0.reference, by: $0.by,
                at: $0.createdAt, changedAt: $0.changedAt)
        }
    }

    /// Gives money back: all that is left, or an amount of it, once under its key.
    public func refund(
        number: String, amount: Money?, key: RequestKey, by: String, now: Date
    ) throws(StoreError) -> Result<Money, RefundRefusal> {
        let desk = desk(now)
        return try database.transaction { (database: inout Database) throws(StoreError) in
            guard let found = try database.order(number: number, vault: desk.vault) else { return .failure(.notFound) }
            let payments = try database.payments(ofOrder: found.number)
            if let same = payments.first(where: { $0.key == key }) { return .success(same.amount) }
            guard let paid = payments.first(where: { $0.kind != .refund && $0.state == .paid }) else {
                return .failure(.nothingPaid)
            }
            let left = Money(minorUnits: try database.left(ofOrder: found.number), currency: paid.amount.currency)
            let wanted = amount ?? left
            guard wanted.currency == left.currency else { return .failure(.otherCurrency(left.currency)) }
            guard left.minorUnits > 0 else { return .failure(.nothingPaid) }
            guard (1...left.minorUnits).contains(wanted.minorUnits) else { return .failure(.notThatMuch(left: left)) }
            try database.ask(
                .refund, wanted, key: key.value, order: found.number, subject: found.subject, of: paid, by: by,
                desk: desk)
            return .success(wanted)
        }
    }
}

extension Database {
    /// Rows that are due. One customer's messages and one order's payments go one after the other; a dead one lets the
    /// next pass.
    fileprivate mutating func due(
        _ channel: ErrandChannel, order: Int64?, limit: Int, now: Date
    ) throws(StoreError) -> [Row] {
        let lane = [.payment, .parcel].contains(channel) ? "order_number" : "subject"
        return try run(
            """
            SELECT id, event_id, kind, subject, order_number, payment, sealed_payload, attempts, first_at, receiver
            FROM outbox waiting
            WHERE delivered_at IS NULL AND dead_at IS NULL AND channel = ?1 AND (next_at <= ?2 OR next_at > ?3)
                AND (?4 IS NULL OR order_number = ?4)
                AND NOT EXISTS (
                    SELECT 1 FROM outbox earlier WHERE earlier.delivered_at IS NULL AND earlier.dead_at IS NULL
                        AND earlier.channel = ?1 AND earlier.\(lane) = waiting.\(lane) AND earlier.id < waiting.id
                        AND earlier.receiver IS waiting.receiver)
            ORDER BY id LIMIT ?5
            """,
            [
                .text(channel.rawValue), .integer(now.seconds), .integer(now.seconds + Store.latest),
                .integer(orNull: order), .integer(limit),
            ])
    }

    /// A row as an errand. One that cannot be done any more, as its customer was erased or its payment is settled, is
    /// closed instead.
    fileprivate mutating func errand(_ row: Row, desk: Desk) throws(StoreError) -> Errand? {
        let (id, name, kind) = (try row.integer(0), try row.text(1), try row.text(2))
        let task = try task(row, name: name, kind: kind, desk: desk)
        guard let task else {
            try run("UPDATE outbox SET delivered_at = ? WHERE id = ?", [.integer(desk.now.seconds), .integer(id)])
            return nil
        }
        // Counted from the first try: until then nobody outside knows of it.
        let first = try row.optionalInteger(8)
        return Errand(
            id: id, name: name, task: task, attempts: Int(try row.integer(7)),
            firstTriedAt: Date(seconds: first ?? desk.now.seconds))
    }

    private mutating func task(
        _ row: Row, name: String, kind: String, desk: Desk
    ) throws(StoreError) -> Errand.Task? {
        let subject = try desk.vault.subject(id: row.integer(3), in: &self)
        let found = try orderRow(row.optionalInteger(4), desk)
        let payment = try paymentRow(row.optionalInteger(5))
        switch kind {
        case "payment.charge":
            guard let payment else { return nil }
            guard let subject else { return .charge(payment.charge, nil) }
            return .charge(payment.charge, try savedMethod(of: subject, vault: desk.vault))
        case "payment.capture":
            guard let payment, payment.state == .authorized, let reference = payment.reference else { return nil }
            return .capture(payment.charge, of: reference)
        case "payment.link": return payment.map { .link($0.charge) }
        case "payment.watch":
            return payment.flatMap { paid in
                paid.reference.map { .watch(reference: $0, expiresAt: paid.expiresAt) }
            }
        case "payment.close":
            return payment?.reference.map { .close(reference: $0) }
        case "payment.refund":
            guard let payment, let paid = payment.refundOf, let reference = try paymentRow(paid)?.reference
            else { return nil }
            return .refund(payment.charge, of: reference)
        case "parcel.send":
            guard let found, let address = found.order.quote.address, let phone = found.phone else { return nil }
            let quote = found.order.quote
            return .parcel(
                ParcelRequest(
                    order: found.order.number, address: address, phone: phone, value: quote.total,
                    cash: found.order.paymentStatus == .onDelivery ? quote.total : nil))
        case "parcel.track": return found?.order.waybill.map { .track(waybill: $0, phone: found?.phone) }
        case "parcel.withdraw": return found?.order.waybill.map { .withdraw(waybill: $0) }
        default:
            let payload = try desk.vault.open(row.blob(6), for: subject, at: "outbox/payload/\(name)", in: path)
            guard let payload else { return nil }
            guard kind == "message" else { return .event(payload, to: try row.optionalText(9)) }
            guard let stored = StoredNotice(text: payload), let notice = stored.notice else { throw row.unexpected(6) }
            if case .code(_, let until) = notice, until < desk.now { return nil }
            return .message(notice, to: stored.to)
        }
    }

    private mutating func orderRow(_ number: Int64?, _ desk: Desk) throws(StoreError) -> OrderRow? {
        guard let number else { return nil }
        return try order(number: String(number), vault: desk.vault)
    }

    private mutating func paymentRow(_ id: Int64?) throws(StoreError) -> PaymentRow? {
        guard let id else { return nil }
        return try payments(id: id).first
    }

    /// Does what follows from an outcome; gives why it cannot be believed, if it cannot.
    fileprivate mutating func follow(
        _ outcome: ErrandOutcome, of errand: Errand, order number: Int64?, payment id: Int64?, desk: Desk
    ) throws(StoreError) -> String? {
        let payment = try paymentRow(id)
        let found = try orderRow(number, desk)
        switch outcome {
        case .payment(let report):
            guard let payment, let found else { return nil }
            // A look that finds nothing new is tried again by `close`.
            if case .watch = errand.task, report.progress == .waiting { return nil }
            return try take(report, for: payment, order: found, desk: desk)
        case .link(let link):
            if let payment, let found { try take(link, for: payment, order: found, desk: desk) }
        case .waybill(let waybill):
            guard let found else { return nil }
            guard try run("SELECT 1 FROM parcels WHERE waybill = ?", [.text(waybill)]).isEmpty else {
                return "the carrier gave the waybill \(waybill) to another order already"
            }
            try take(waybill: waybill, order: found, desk: desk)
        case .parcel(let status):
            if let found { try take(status, order: found, desk: desk) }
        case .done, .again, .dead: break
        }
        return nil
    }

    /// Writes down that an errand is done, is to be tried again, or is dead.
    fileprivate mutating func close(
        _ errand: Errand, _ outcome: ErrandOutcome, payment: Int64?, desk: Desk
    ) throws(StoreError) {
        let now = desk.now.seconds
        // What is only looked at is looked at again, and no look is one try too many.
        var look: Int64?
        if case .watch = errand.task, case .payment(let report) = outcome, report.progress == .waiting { look = 30 }
        if case .track = errand.task, case .parcel(let status) = outcome, !status.isFinal { look = 1_800 }
        if let look {
            try run(
                "UPDATE outbox SET next_at = ?, attempts = 0, error = NULL WHERE id = ?",
                [.integer(now + look), .integer(errand.id)])
            return
        }
        switch outcome {
        case .again(let delay, let reason):
            try run(
                "UPDATE outbox SET next_at = ?, error = ? WHERE id = ?",
                [.integer(now + min(delay.components.seconds, 3_600)), .text(reason), .integer(errand.id)])
        case .dead(let reason):
            try run(
                "UPDATE outbox SET dead_at = ?, error = ? WHERE id = ?",
                [.integer(now), .text(reason), .integer(errand.id)])
            if let row = try paymentRow(payment), row.state == .wanted {
                try markUnclear(row, reason: reason, desk: desk)
            }
        default:
            // Once it is told nobody needs its words again, and a code nobody ever; that it was told is kept.
            let isCode = if case .message(.code, _) = errand.task { true } else { false }
            let isKept = desk.policy[.event].form == .full && !isCode
            try run(
                """
                UPDATE outbox SET delivered_at = ?, expires_at = min(expires_at, ?), error = NULL,
                    sealed_payload = CASE WHEN ? THEN sealed_payload ELSE x'' END
                WHERE id = ?
                """,
                [
                    .integer(now), .integer(desk.expiry(.event)), .integer(isKept ? 1 : 0), .integer(errand.id),
                ])
        }
    }
}
