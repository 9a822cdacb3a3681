// The books: whether orders, money, goods and parcels add up, table against table. Reads only. In: nothing. Out: every
// finding, each a sentence with the order that it is about.

import Commerce
import Foundation
import Privacy

extension Store {
    /// Everything in the database that cannot be, the first fifty of each kind; none where the books are right.
    public func checkBooks() throws(StoreError) -> [String] {
        var findings: [String] = []
        for row in try database.run("PRAGMA integrity_check(10)") where try row.text(0) != "ok" {
            findings.append("the file is damaged: \(try row.text(0))")
        }
        for row in try database.run("PRAGMA foreign_key_check") {
            findings.append("a row of \(try row.text(0)) belongs to nothing in \(try row.text(2))")
        }
        for rule in Self.rules {
            for row in try database.run("\(rule.sql) LIMIT 50") {
                let what = try row.optionalInteger(0).map(String.init) ?? "?"
                findings.append(rule.finding.replacing("#", with: what))
            }
        }
        for row in try database.run("\(Self.strayStock) LIMIT 50") {
            findings.append("of \(try row.text(0)) another quantity is gone than the orders took")
        }
        findings += try forbiddenMoves()
        return findings
    }

    private struct Rule {
        /// `#` stands for the number that `sql` gives.
        let finding: String
        let sql: String
    }

    private static let rules = [
        Rule(
            finding: "order # does not add up: goods and fees are not its total",
            sql: """
                SELECT number FROM orders WHERE total <> goods
                    + (SELECT coalesce(sum(amount), 0) FROM order_fees WHERE order_number = number)
                """),
        Rule(
            finding: "order # does not add up: its lines are not its goods",
            sql: """
                SELECT number FROM orders WHERE goods <>
                    (SELECT coalesce(sum(total), -1) FROM order_lines WHERE order_number = number)
                """),
        Rule(
            finding: "order # belongs to no request, so that it could be placed again",
            sql:
                "SELECT number FROM orders WHERE request_key NOT IN (SELECT key FROM requests WHERE order_number = number)"
        ),
        Rule(
            finding: "order # stands elsewhere than its history says",
            sql: """
                SELECT number FROM orders WHERE status IS NOT (
                    SELECT status FROM order_events WHERE order_number = number ORDER BY id DESC LIMIT 1)
                """),
        Rule(
            finding: "order # took another quantity of the stock than it sold",
            sql: """
                SELECT DISTINCT order_number FROM stock_movements movement WHERE reason = 'sold' AND -quantity <> (
                    SELECT coalesce(sum(line.quantity), 0) FROM order_lines line
                    WHERE line.order_number = movement.order_number AND line.sku = movement.sku)
                """),
        Rule(
            finding: "order # sold what is counted and took nothing of the stock",
            sql: """
                SELECT DISTINCT number FROM orders JOIN order_lines line ON line.order_number = number
                JOIN stock USING (sku) JOIN stock_counts ON stock_counts.id = stock.count_id
                WHERE placed_at > at AND NOT EXISTS (
                    SELECT 1 FROM stock_movements WHERE order_number = number AND sku = line.sku AND reason = 'sold')
                """),
        Rule(
            finding: "order # was not cancelled and has put something back",
            sql: """
                SELECT DISTINCT number FROM orders JOIN stock_movements ON order_number = number
                WHERE reason = 'cancelled' AND status <> 'cancelled'
                """),
        Rule(
            finding: "order # was cancelled and keeps its goods",
            sql: """
                SELECT DISTINCT number FROM orders JOIN stock_movements sold ON sold.order_number = number
                JOIN stock USING (sku, count_id)
                WHERE sold.reason = 'sold' AND status = 'cancelled' AND NOT EXISTS (
                    SELECT 1 FROM stock_movements back WHERE back.order_number = number AND back.sku = sold.sku
                        AND back.reason = 'cancelled' AND back.quantity = -sold.quantity)
                """),
        Rule(
            finding: "order # was paid more than once, or not its total",
            sql: """
                SELECT number FROM orders JOIN payments ON order_number = number
                WHERE kind <> 'refund' AND state IN ('paid', 'authorized')
                GROUP BY number HAVING count(*) > 1 OR sum(amount) <> total
                """),
        Rule(
            finding: "order # is called paid, and no payment is",
            sql: """
                SELECT number FROM orders WHERE payment_status IN ('paid', 'refunded') AND total > 0 AND NOT EXISTS (
                    SELECT 1 FROM payments WHERE order_number = number AND kind <> 'refund' AND state = 'paid')
                """),
        Rule(
            finding: "order # has a payment, and is not called paid",
            sql: """
                SELECT number FROM orders WHERE payment_status IN ('on_delivery', 'pending', 'failed') AND EXISTS (
                    SELECT 1 FROM payments WHERE order_number = number AND kind <> 'refund' AND state = 'paid')
                """),
        Rule(
            finding: "order # gave back more than was paid",
            sql: "SELECT order_number FROM payments GROUP BY order_number HAVING \(PaymentRow.balance) < 0"),
        Rule(
            finding: "order # was cancelled, and keeps the money",
            sql: """
                SELECT number FROM orders WHERE status = 'cancelled' AND 0 < (
                    SELECT \(PaymentRow.balance) FROM payments WHERE order_number = number)
                """),
        Rule(
            finding: "order # was paid in another currency than it was agreed in",
            sql: """
                SELECT number FROM orders JOIN payments ON order_number = number
                WHERE payments.currency <> orders.currency
                """),
        Rule(
            finding: "order # waits to be paid, and nothing is underway that could pay it",
            sql: """
                SELECT number FROM orders WHERE payment_status = 'pending' AND status <> 'cancelled' AND NOT EXISTS (
                    SELECT 1 FROM payments JOIN outbox ON outbox.payment = payments.id
                    WHERE payments.order_number = number AND delivered_at IS NULL)
                """),
        Rule(
            finding: "order # has another waybill than its parcel",
            sql: """
                SELECT number FROM orders LEFT JOIN parcels ON order_number = number
                WHERE orders.waybill IS NOT parcels.waybill
                """),
        Rule(
            finding: "order # went to a carrier without having been packed",
            sql: """
                SELECT order_number FROM parcels WHERE NOT EXISTS (
                    SELECT 1 FROM order_events WHERE order_events.order_number = parcels.order_number
                        AND status = 'packed')
                """),
        Rule(
            finding: "more orders were numbered than were counted, up to #",
            sql: """
                SELECT max(number) FROM orders
                HAVING max(number) > (SELECT seq FROM sqlite_sequence WHERE name = 'orders')
                """),
    ]

    private static let strayStock = """
        SELECT sku FROM stock JOIN stock_counts ON stock_counts.id = count_id
        WHERE swept = 0 AND moved <> (
            SELECT coalesce(sum(quantity), 0) FROM stock_movements
            WHERE stock_movements.sku = stock.sku AND stock_movements.count_id = stock.count_id)
        """

    /// Every step that an order has made has to be one that leads from the step before.
    private func forbiddenMoves() throws(StoreError) -> [String] {
        // Grouped by kind of step, so that a million orders are a dozen rows.
        let steps = try database.run(
            """
            SELECT before, status, min(order_number) FROM (
                SELECT lag(status) OVER (PARTITION BY order_number ORDER BY id) AS before, status, order_number
                FROM order_events)
            GROUP BY before, status
            """)
        var findings: [String] = []
        for step in steps {
            guard let status = OrderStatus(rawValue: try step.text(1)) else { throw step.unexpected(1) }
            let before = try step.optionalText(0).flatMap(OrderStatus.init)
            let isAllowed = before.map { $0.next.contains(status) } ?? (status == .placed)
            guard !isAllowed else { continue }
            findings.append(
                "order \(try step.integer(2)) went from \(before?.rawValue ?? "nothing") to \(status.rawValue)")
        }
        return findings
    }
}
