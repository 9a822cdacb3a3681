// What is bought together, counted from the orders. In: order lines. Out: pairs of products that say nothing about any one customer.

public import Commerce
import Foundation

/// What a count was made from, and when.
struct CountedPairs {
    let pairs: BoughtTogether
    let at: Date
}

extension Store {
    /// So many customers have bought both: what one of them, or one household, likes is nobody else's business.
    private static let leastCustomers: Int64 = 5
    /// More orders than these make no better figures, and taste changes.
    private static let recentOrders: Int64 = 10_000
    /// A count is good for so many seconds: it follows weeks, not minutes.
    private static let countLifetime: TimeInterval = 3_600

    /// Which products were bought together more often than chance would have it, in the latest orders. Counted once an hour.
    public func boughtTogether() async throws(OrderDeskError) -> BoughtTogether {
        let now = clock()
        if let counted = countedPairs, abs(now.timeIntervalSince(counted.at)) < Self.countLifetime {
            return counted.pairs
        }
        do throws(StoreError) {
            let pairs = BoughtTogether(try countPairs())
            countedPairs = CountedPairs(pairs: pairs, at: now)
            return pairs
        } catch {
            throw .store(error.description)
        }
    }

    /// The lift of a pair is P(both) / (P(first) · P(second)), over orders that were not given up.
    private func countPairs() throws(StoreError) -> [BoughtTogether.Pair] {
        let rows = try database.run(
            """
            WITH recent AS MATERIALIZED (
                SELECT number, subject FROM orders WHERE status NOT IN ('cancelled', 'returned')
                ORDER BY number DESC LIMIT ?1),
            baskets AS MATERIALIZED (
                SELECT DISTINCT number, subject, sku FROM recent JOIN order_lines ON order_number = number),
            single AS MATERIALIZED (SELECT sku, count(*) AS orders FROM baskets GROUP BY sku),
            pairs AS (
                SELECT a.sku AS first, b.sku AS second, count(*) AS orders FROM baskets a
                JOIN baskets b ON b.number = a.number AND b.sku > a.sku
                GROUP BY a.sku, b.sku HAVING count(DISTINCT a.subject) >= ?2)
            SELECT first, second, pairs.orders, one.orders, other.orders, (SELECT count(*) FROM recent)
            FROM pairs JOIN single one ON one.sku = first JOIN single other ON other.sku = second
            """, [.integer(Self.recentOrders), .integer(Self.leastCustomers)])
        var pairs: [BoughtTogether.Pair] = []
        for row in rows {
            let (both, first) = (Double(try row.integer(2)), Double(try row.integer(3)))
            let (second, all) = (Double(try row.integer(4)), Double(try row.integer(5)))
            let lift = both * all / (first * second)
            if lift > 1 { pairs.append(.init(try row.text(0), try row.text(1), lift: lift)) }
        }
        return pairs
    }
}
