// What SQLite alone needs to write the same rows: the baseline that the store's own speed stands beside; and a great many orders
// at once, to measure with. In: a store with orders. Out: seconds; rows.

public import Foundation
import Platform

/// The raw engine: prepared statements, the same tables, indices and durability, one transaction for each order, and nothing
/// that Rozmova does before it: no checks, no sealing, no JSON.
public struct RawCommits: ~Copyable {
    private var target: Database

    /// An empty database in a new file.
    public init(at file: URL) throws(StoreError) {
        var database = try Database(path: file.path)
        try Schema.migrate(&database)
        target = database
    }

    /// The tables that an order is written to, with the column that has its number.
    private static let tables = [
        ("orders", "number"), ("order_lines", "order_number"), ("order_fees", "order_number"),
        ("stock_movements", "order_number"), ("requests", "order_number"), ("order_events", "order_number"),
        ("payments", "order_number"), ("outbox", "order_number"),
    ]

    /// Writes the latest `count` orders of `file` again, each in a transaction of its own, and gives the seconds of that.
    public mutating func copy(latest count: Int, of file: URL) throws(StoreError) -> Double {
        var source = try Database(path: file.path)
        let numbers = try source.run(
            "SELECT number, subject FROM orders ORDER BY number DESC LIMIT ?", [.integer(count)])
        var orders: [[(sql: String, values: [Value])]] = []
        for row in numbers.reversed() {
            var writes: [(sql: String, values: [Value])] = []
            for (table, column) in Self.tables {
                for found in try source.run("SELECT * FROM \(table) WHERE \(column) = ?", [row.values[0]]) {
                    let places = repeatElement("?", count: found.values.count).joined(separator: ", ")
                    writes.append(("INSERT INTO \(table) VALUES (\(places))", found.values))
                }
            }
            // The customer's row changes with every order.
            for found in try source.run("SELECT * FROM profiles WHERE subject = ?", [row.values[1]]) {
                let places = repeatElement("?", count: found.values.count).joined(separator: ", ")
                writes.append(("INSERT OR REPLACE INTO profiles VALUES (\(places))", found.values))
            }
            orders.append(writes)
            try target.run(
                """
                INSERT INTO subjects (id, handle, wrapped_key, created_at)
                VALUES (?1, CAST(?1 AS BLOB), CAST(?1 AS BLOB), 0) ON CONFLICT DO NOTHING
                """, [row.values[1]])
        }
        let watch = Stopwatch()
        for writes in orders {
            try target.transaction { (database: inout Database) throws(StoreError) in
                for write in writes { try database.run(write.sql, write.values) }
            }
        }
        return watch.seconds
    }
}

extension Store {
    /// The database's file.
    public var file: URL { URL(filePath: database.path) }

    /// Copies the latest order `count` times, for as many customers as a quarter of that: rows as the table has them, their
    /// sealed columns too, which open for nobody. For measurements only; it is one transaction.
    public func multiplyLatestOrder(by count: Int) throws(StoreError) {
        // SQLite keeps the rows of one statement that reads the table it fills in memory: all at once took 830 MB.
        let portion = 10_000
        try database.transaction { (database: inout Database) throws(StoreError) in
            let latest = try database.run("SELECT max(number), max(id) FROM orders, subjects")
            guard let row = latest.first else { return }
            let customers = max(1, count / 4)
            try database.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
                INSERT INTO subjects (id, handle, wrapped_key, created_at)
                SELECT ?1 + i, randomblob(32), randomblob(73), 0 FROM n
                """, [row.values[1], .integer(customers)])
            for first in stride(from: 1, through: count, by: portion) {
                try Self.copy(
                    order: row.values[0], to: first...min(count, first + portion - 1), after: row.integer(1),
                    customers: customers, in: &database)
            }
        }
    }

    /// Copies an order to the numbers `copies` after its own, for the customers that follow `subject` in turn.
    private static func copy(
        order: Value, to copies: ClosedRange<Int>, after subject: Int64, customers: Int, in database: inout Database
    ) throws(StoreError) {
        let values: [Value] = [order, .integer(copies.upperBound), .integer(copies.lowerBound)]
        let numbers = "WITH RECURSIVE n (i) AS (SELECT ?3 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
        try database.run(
            """
            \(numbers) INSERT INTO orders
            SELECT number + i, request_key || '+' || i, sealed_digest, \(subject) + 1 + i % \(customers), conversation,
                status, payment_status, delivery, payment, currency, goods, total, sealed_address, sealed_phone, waybill,
                placed_at, expires_at, carrier, phone_trusted, said_handle, forget_when_done
            FROM orders, n WHERE number = ?1
            """, values)
        for (table, columns) in [
            ("order_lines", "position, sku, title, quantity, modifiers, unit_price, total, variant"),
            ("order_fees", "position, name, amount"), ("order_events", "status, at, by"),
        ] {
            try database.run(
                """
                \(numbers) INSERT INTO \(table) (order_number, \(columns))
                SELECT order_number + i, \(columns) FROM \(table), n WHERE order_number = ?1
                """, values)
        }
        try database.run(
            """
            \(numbers) INSERT INTO requests (key, order_number, at, expires_at)
            SELECT key || '+' || i, order_number + i, at, expires_at FROM requests, n WHERE order_number = ?1
            """, values)
        try database.run(
            """
            \(numbers) INSERT INTO outbox (event_id, kind, channel, subject, order_number, sealed_payload, created_at,
                delivered_at, expires_at)
            SELECT event_id || '+' || i, kind, channel, subject, order_number + i, sealed_payload, created_at, created_at,
                expires_at
            FROM outbox, n WHERE order_number = ?1 AND channel = 'event'
            """, values)
    }

    /// Copies the latest turn `count` times within its conversation; half of the copies are a hundred days younger. For
    /// measurements only; it is one transaction.
    public func multiplyLatestTurn(by count: Int) throws(StoreError) {
        try database.transaction { (database: inout Database) throws(StoreError) in
            _ = try database.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                INSERT INTO turns
                SELECT conversation, turn + i, at + (i % 2) * 8640000, accepted, intents, sealed_transcript,
                    transcript_expires_at + (i % 2) * 8640000, sealed_acts, acts_expires_at + (i % 2) * 8640000
                FROM (SELECT * FROM turns ORDER BY at DESC, turn DESC LIMIT 1), n
                """, [.integer(count)])
        }
    }
}
