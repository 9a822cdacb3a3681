// What is paid, and what is given back: one row for each amount, and an errand until the gateway has answered.
// Called inside a transaction. In: orders as they go on, and what the gateway says. Out: rows; the order's own status.

import Commerce
import Foundation
import Privacy

/// What the functions of one transaction share.
struct Desk {
    let vault: Vault
    let policy: RetentionPolicy
    let now: Date
    /// By how much the clock was ever set back, in seconds: see `Store+Sweep.swift`.
    let setBack: Int64

    /// When something of a kind that is written now is over.
    func expiry(_ kind: DataKind, atLeast seconds: Int64 = 0) -> Int64 {
        now.seconds + setBack + max(policy[kind].seconds, seconds)
    }
}

/// A payment as the table has it.
struct PaymentRow {
    enum Kind: String { case charge, link, refund }
    enum State: String { case wanted, waiting, authorized, paid, declined, over, unclear }

    let id: Int64
    let key: RequestKey
    let order: Int64
    let kind: Kind
    let amount: Money
    let state: State
    let reference: String?
    let refundOf: Int64?
    let reason: String?
    let by: String
    let expiresAt: Date?
    let createdAt: Date
    let changedAt: Date

    /// In SQL, of a group of payments: what was paid and neither given back nor promised to be, in minor units.
    static let balance = """
        coalesce(sum(CASE WHEN kind <> 'refund' AND state = 'paid' THEN amount
            WHEN kind = 'refund' AND state NOT IN ('declined', 'over') THEN -amount ELSE 0 END), 0)
        """

    var charge: Charge { Charge(key: key, order: String(order), amount: amount) }
}

extension Database {
    /// All of an order's payments, or one by its row.
    mutating func payments(ofOrder number: Int64? = nil, id: Int64? = nil) throws(StoreError) -> [PaymentRow] {
        let rows = try run(
            """
            SELECT id, key, order_number, kind, amount, currency, state, reference, refund_of, reason, by, expires_at,
                created_at, changed_at
            FROM payments WHERE \(number == nil ? "id" : "order_number") = ? ORDER BY id
            """, [.integer(orNull: number ?? id)])
        var payments: [PaymentRow] = []
        for row in rows {
            guard let kind = PaymentRow.Kind(rawValue: try row.text(3)) else { throw row.unexpected(3) }
            guard let currency = Currency(code: try row.text(5)) else { throw row.unexpected(5) }
            guard let state = PaymentRow.State(rawValue: try row.text(6)) else { throw row.unexpected(6) }
            payments.append(
                PaymentRow(
                    id: try row.integer(0), key: RequestKey(try row.text(1)), order: try row.integer(2), kind: kind,
                    amount: Money(minorUnits: try row.integer(4), currency: currency), state: state,
                    reference: try row.optionalText(7), refundOf: try row.optionalInteger(8),
                    reason: try row.optionalText(9), by: try row.text(10),
                    expiresAt: try row.optionalInteger(11).map(Date.init),
                    createdAt: Date(seconds: try row.integer(12)),
                    changedAt: Date(seconds: try row.integer(13))))
        }
        return payments
    }

    /// Notes an amount that the gateway is to move, and the errand to ask for it.
    mutating func ask(
        _ kind: PaymentRow.Kind, _ amount: Money, key: String, order number: Int64, subject: Int64,
        of paid: PaymentRow? = nil, by: String, desk: Desk
    ) throws(StoreError) {
        try run(
            """
            INSERT INTO payments (key, order_number, kind, amount, currency, state, refund_of, by, created_at, changed_at)
            VALUES (?, ?, ?, ?, ?, 'wanted', ?, ?, ?, ?)
            """,
            [
                .text(key), .integer(number), .text(kind.rawValue), .integer(amount.minorUnits),
                .text(amount.currency.code), .integer(orNull: paid?.id), .text(by), .integer(desk.now.seconds),
                .integer(desk.now.seconds),
            ])
        let row = lastRowID
        try post(
            "payment-\(row)-\(kind.rawValue)", kind: "payment.\(kind.rawValue)", .payment, to: subject, order: number,
            payment: row, desk: desk)
    }

    /// Takes down what the gateway says, and lets the order follow. Gives why it cannot be believed, if it cannot.
    mutating func take(
        _ report: PaymentReport, for payment: PaymentRow, order found: OrderRow, desk: Desk
    ) throws(StoreError) -> String? {
        guard report.amount == payment.amount else {
            return "the gateway speaks of \(report.amount.decimal) \(report.amount.currency.code), not of "
                + "\(payment.amount.decimal) \(payment.amount.currency.code)"
        }
        var found = found
        let isRefund = payment.kind == .refund
        switch report.progress {
        case .paid where isRefund:
            try set(payment, .paid, report.reference, desk: desk)
            if try left(ofOrder: found.number) == 0 { try setPayment(.refunded, of: &found) }
            try tell("refunded", payment, found, desk: desk)
        case .paid, .authorized:
            if isRefund { return "the gateway calls a refund authorized" }
            let isPaid = report.progress == .paid
            try set(payment, isPaid ? .paid : .authorized, report.reference, desk: desk)
            try setPayment(isPaid ? .paid : .authorized, of: &found)
            try tell(isPaid ? "paid" : "authorized", payment, found, desk: desk)
            // Given up while the gateway was at it: what came too late goes back.
            if found.order.status == .cancelled { try giveBack(found, by: "cancellation", desk: desk) }
            if !isPaid, [.packed, .handedOver, .delivered].contains(found.order.status) {
                try capture(found, desk: desk)
            }
        case .waiting:
            if isRefund { return "the gateway lets a refund wait" }
            try set(payment, .waiting, report.reference, desk: desk)
            try watch(payment, found, after: 30, desk: desk)
        case .declined(let decline):
            try set(payment, .declined, report.reference, reason: decline.rawValue, desk: desk)
            if isRefund { return nil }
            if decline == .authenticationNeeded, payment.kind == .charge, found.phone != nil,
                found.order.status != .cancelled
            {
                // The bank wants to see the customer: a link lets it.
                try ask(
                    .link, payment.amount, key: payment.key.value + "/link", order: found.number,
                    subject: found.subject, by: "gateway", desk: desk)
            } else {
                try setPayment(.failed, of: &found)
                try tell("failed", payment, found, desk: desk)
            }
        case .over:
            if isRefund { return "the gateway calls a refund over" }
            try set(payment, .over, report.reference, desk: desk)
            if found.order.status == .cancelled {
                if payment.state == .authorized { try setPayment(.failed, of: &found) }
                return nil
            }
            try setPayment(.failed, of: &found)
            try tell("expired", payment, found, desk: desk)
            // Goods that nobody pays for are somebody else's.
            guard found.order.status == .placed else { return nil }
            _ = try move(found, to: .cancelled, by: "payment", desk: desk)
            try notice(.paymentOver(order: found.order.number), name: "payment-\(payment.id)-over", found, desk: desk)
        }
        return nil
    }

    /// Takes down a link that was made, has it sent, and watches it.
    mutating func take(_ link: PaymentLink, for payment: PaymentRow, order found: OrderRow, desk: Desk)
        throws(StoreError)
    {
        try set(payment, .waiting, link.reference, expiresAt: link.expiresAt, desk: desk)
        guard found.order.status != .cancelled else { return try close(payment, found, desk: desk) }
        try notice(
            .paymentLink(order: found.order.number, amount: payment.amount, url: link.url),
            name: "payment-\(payment.id)-sent", found, desk: desk)
        try watch(payment, found, after: 20, desk: desk)
    }

    /// Gives back what is left of what was paid, or keeps it from being paid: its order is cancelled.
    mutating func giveBack(_ found: OrderRow, by: String, desk: Desk) throws(StoreError) {
        for payment in try payments(ofOrder: found.number) where payment.kind != .refund {
            switch payment.state {
            case .wanted:
                // Never asked for: it will not be. If it was, the answer comes here, and goes back then.
                try run(
                    """
                    UPDATE outbox SET delivered_at = ? WHERE payment = ? AND attempts = 0 AND delivered_at IS NULL
                    """, [.integer(desk.now.seconds), .integer(payment.id)])
                if changes > 0 { try set(payment, .over, nil, desk: desk) }
            case .waiting:
                try run(
                    "UPDATE outbox SET delivered_at = ? WHERE payment = ? AND delivered_at IS NULL",
                    [.integer(desk.now.seconds), .integer(payment.id)])
                try close(payment, found, desk: desk)
            case .authorized:
                // Nothing was taken, so nothing is given back: the reservation is let go. Where it is being taken at this moment
                // the answer comes here, and goes back then.
                try run(
                    """
                    UPDATE outbox SET delivered_at = ? WHERE payment = ? AND kind = 'payment.capture' AND attempts = 0
                        AND delivered_at IS NULL
                    """, [.integer(desk.now.seconds), .integer(payment.id)])
                let taken = try run(
                    """
                    SELECT 1 FROM outbox WHERE payment = ? AND kind = 'payment.capture' AND delivered_at IS NULL
                        AND dead_at IS NULL
                    """, [.integer(payment.id)])
                if taken.isEmpty { try close(payment, found, desk: desk) }
            case .paid:
                let rest = try left(ofOrder: found.number)
                guard rest > 0 else { continue }
                let earlier = try payments(ofOrder: found.number).count
                try ask(
                    .refund, Money(minorUnits: rest, currency: payment.amount.currency),
                    key: "\(payment.key.value)/refund/\(earlier)", order: found.number, subject: found.subject,
                    of: payment, by: by, desk: desk)
            case .declined, .over, .unclear: continue
            }
        }
    }

    /// Has what was only reserved taken: the order is packed.
    mutating func capture(_ found: OrderRow, desk: Desk) throws(StoreError) {
        for payment in try payments(ofOrder: found.number) where payment.state == .authorized {
            try post(
                "payment-\(payment.id)-capture", kind: "payment.capture", .payment, to: found.subject,
                order: found.number, payment: payment.id, desk: desk)
        }
    }

    /// What of an order was paid and neither given back nor promised to be, in minor units.
    mutating func left(ofOrder number: Int64) throws(StoreError) -> Int64 {
        let rows = try run(
            "SELECT \(PaymentRow.balance) FROM payments WHERE order_number = ?", [.integer(number)])
        return try rows.first?.integer(0) ?? 0
    }

    /// Nobody knows what became of it: a person has to ask the gateway.
    mutating func markUnclear(_ payment: PaymentRow, reason: String, desk: Desk) throws(StoreError) {
        try set(payment, .unclear, nil, reason: reason, desk: desk)
    }

    /// It is asked for once more.
    mutating func markWanted(_ payment: PaymentRow, desk: Desk) throws(StoreError) {
        if payment.state == .unclear { try set(payment, .wanted, nil, desk: desk) }
    }

    private mutating func set(
        _ payment: PaymentRow, _ state: PaymentRow.State, _ reference: String?, reason: String? = nil,
        expiresAt: Date? = nil, desk: Desk
    ) throws(StoreError) {
        try run(
            """
            UPDATE payments SET state = ?, reference = coalesce(?, reference), reason = ?,
                expires_at = coalesce(?, expires_at), changed_at = ? WHERE id = ?
            """,
            [
                .text(state.rawValue), .text(orNull: reference), .text(orNull: reason),
                .integer(orNull: expiresAt?.seconds), .integer(desk.now.seconds), .integer(payment.id),
            ])
    }

    private mutating func setPayment(_ status: PaymentStatus, of found: inout OrderRow) throws(StoreError) {
        found.order.paymentStatus = status
        try run(
            "UPDATE orders SET payment_status = ? WHERE number = ?", [.text(status.rawValue), .integer(found.number)])
    }

    private mutating func watch(
        _ payment: PaymentRow, _ found: OrderRow, after seconds: Int64, desk: Desk
    ) throws(StoreError) {
        try post(
            "payment-\(payment.id)-watch", kind: "payment.watch", .payment, to: found.subject, order: found.number,
            payment: payment.id, at: desk.now.seconds + seconds, desk: desk)
    }

    private mutating func close(_ payment: PaymentRow, _ found: OrderRow, desk: Desk) throws(StoreError) {
        try post(
            "payment-\(payment.id)-close", kind: "payment.close", .payment, to: found.subject, order: found.number,
            payment: payment.id, desk: desk)
    }

    private mutating func tell(
        _ what: String, _ payment: PaymentRow, _ found: OrderRow, desk: Desk
    ) throws(StoreError) {
        guard let subject = try desk.vault.subject(id: found.subject, in: &self) else { return }
        try post(
            .payment(what, id: payment.id, order: found.order.number, amount: payment.amount), to: subject,
            order: found.number, desk: desk)
    }
}
