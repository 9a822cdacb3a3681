// What is left of each product: the count that a catalogue brought, and what has moved since. A count begins anew when
// a catalogue is imported, or when a shop is taken up whose counts this database has never seen.

import Commerce
import Foundation
private import Sealing

extension Database {
    /// Begins to count from a catalogue. Unless `always`, a count that is known goes on: a catalogue edited by hand in
    /// its prices, or a process that starts with the same file, must not bring back what was sold.
    mutating func takeCount(of catalog: Catalog, always: Bool, desk: Desk) throws(StoreError) {
        var counts: [String: Int] = [:]
        for product in catalog.products {
            if let stock = product.stock { counts[product.sku] = max(0, stock.thousandths) }
        }
        let listing = counts.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)\n" }.joined()
        let digest = Value.blob(Digest.of(Array(listing.utf8)))
        if !always {
            let known = try run(
                "SELECT max(id), (SELECT max(id) FROM stock_counts) FROM stock_counts WHERE digest = ?", [digest])
            if let row = known.first, let id = try row.optionalInteger(0) {
                // An older file came back: what the newer count did not have is counted at least.
                if try id != row.integer(1) { try insert(counts) }
                return
            }
        }
        let sold = try run("SELECT sku FROM stock WHERE counted + moved <= 0")
        try run("INSERT INTO stock_counts (digest, at) VALUES (?, ?)", [digest, .integer(desk.now.seconds)])
        let count = lastRowID
        for row in sold {
            let sku = try row.text(0)
            guard counts[sku] ?? 0 > 0 else { continue }
            let subject = try desk.vault.subject(.shop, in: &self, now: desk.now)
            try post(.backInStock(sku: sku, count: count), to: subject, order: nil, desk: desk)
        }
        try run("DELETE FROM stock")
        try insert(counts)
    }

    private mutating func insert(_ counts: [String: Int]) throws(StoreError) {
        for (sku, count) in counts {
            try run(
                """
                INSERT INTO stock (sku, count_id, counted) VALUES (?, (SELECT max(id) FROM stock_counts), ?)
                ON CONFLICT (sku) DO NOTHING
                """, [.text(sku), .integer(count)])
        }
    }

    /// What is left of the products of an order, and the first one of which that is too little. The catalogue in use
    /// may be older than the last count: what counts is what stands here.
    mutating func stock(
        for lines: [PricedLine]
    ) throws(StoreError) -> (left: [String: Quantity], shortage: Refusal?) {
        var left: [String: Quantity] = [:]
        var shortage: Refusal?
        for (sku, want) in Self.totals(of: lines) {
            let rows = try run("SELECT counted + moved FROM stock WHERE sku = ?", [.text(sku)])
            guard let row = rows.first else { continue }
            let available = Quantity(thousandths: Int(try row.integer(0)))
            left[sku] = available
            if want > available, shortage == nil { shortage = .outOfStock(sku: sku, available: available) }
        }
        return (left, shortage)
    }

    /// How much of each product is in an order: two lines may be the same product with different modifiers.
    private static func totals(of lines: [PricedLine]) -> [(sku: String, quantity: Quantity)] {
        var totals: [(sku: String, quantity: Quantity)] = []
        for line in lines {
            if let index = totals.firstIndex(where: { $0.sku == line.item.sku }) {
                totals[index].quantity = totals[index].quantity + line.item.quantity
            } else {
                totals.append((line.item.sku, line.item.quantity))
            }
        }
        return totals
    }

    /// What is left of every product that has moved.
    mutating func moved() throws(StoreError) -> [String: Quantity] {
        var left: [String: Quantity] = [:]
        for row in try run("SELECT sku, counted + moved FROM stock WHERE moved <> 0") {
            left[try row.text(0)] = Quantity(thousandths: Int(try row.integer(1)))
        }
        return left
    }

    /// Takes the goods of an order off the stock.
    mutating func sell(_ lines: [PricedLine], order number: Int64, now: Date) throws(StoreError) {
        for (sku, total) in Self.totals(of: lines) {
            let quantity = Int64(total.thousandths)
            try run("UPDATE stock SET moved = moved - ? WHERE sku = ?", [.integer(quantity), .text(sku)])
            guard changes > 0 else { continue }
            try run(
                """
                INSERT INTO stock_movements (order_number, sku, reason, count_id, quantity, at)
                SELECT ?, sku, 'sold', count_id, ?, ? FROM stock WHERE sku = ?
                """, [.integer(number), .integer(-quantity), .integer(now.seconds), .text(sku)])
        }
    }

    /// Puts the goods of a cancelled order back, once. What was counted anew since then was counted with them or
    /// without: nobody knows, so it is not put back. Too little on offer is put right by the next count, too much is
    /// sold twice.
    mutating func putBack(order number: Int64, now: Date) throws(StoreError) {
        let rows = try run(
            """
            SELECT movement.sku, movement.quantity FROM stock_movements movement JOIN stock USING (sku, count_id)
            WHERE movement.order_number = ?1 AND movement.reason = 'sold' AND NOT EXISTS (
                SELECT 1 FROM stock_movements WHERE order_number = ?1 AND sku = movement.sku AND reason = 'cancelled')
            """, [.integer(number)])
        for row in rows {
            let (sku, quantity) = (Value.text(try row.text(0)), Value.integer(-(try row.integer(1))))
            try run("UPDATE stock SET moved = moved + ? WHERE sku = ?", [quantity, sku])
            try run(
                """
                INSERT INTO stock_movements (order_number, sku, reason, count_id, quantity, at)
                SELECT ?, sku, 'cancelled', count_id, ?, ? FROM stock WHERE sku = ?
                """, [.integer(number), quantity, .integer(now.seconds), sku])
        }
    }
}
