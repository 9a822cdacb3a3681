// Removes what has been kept long enough: by expiry, a batch a transaction, so that orders are placed in between and a sweep that
// is killed goes on with the next one.

public import Foundation
import Privacy

/// What a sweep removed.
public struct SweepReport: Sendable, Hashable {
    /// Transcripts of turns.
    public internal(set) var transcripts = 0
    /// Acts of turns.
    public internal(set) var acts = 0
    /// Conversations of which nothing was left to keep.
    public internal(set) var conversations = 0
    /// Recordings, and files that no row knows of.
    public internal(set) var recordings = 0
    /// Files of recordings that could not be removed; they are tried again by the next sweep.
    public internal(set) var undeletable: [String] = []
    /// Orders.
    public internal(set) var orders = 0
    /// Orders that were done and have lost address and telephone number.
    public internal(set) var anonymized = 0
    /// Wishes to be called back.
    public internal(set) var callbacks = 0
    /// Events of the outbox.
    public internal(set) var events = 0
    /// Profiles of customers who did not come again.
    public internal(set) var profiles = 0
    /// Keys of persons of whom nothing is left.
    public internal(set) var subjects = 0
    /// Lines of the audit trail that were closed.
    public internal(set) var audit = 0
    /// Copies of keys beside backups that could not be brought up to date.
    public internal(set) var unreached: [String] = []
}

extension Store {
    /// Rows of one transaction: short enough that a caller's order does not wait for long.
    private static let batch = 500
    /// Tries of numbers that nobody is known by are forgotten after so many seconds, long after any lock is over.
    private static let memoryOfGuesses = 7 * 86_400
    private static let done = "status IN ('delivered', 'cancelled', 'returned')"

    /// Removes everything whose time is over. A policy that was shortened counts for what is there already; one that
    /// was prolonged does not: what was promised when it was written holds.
    public func sweep(now: Date) async throws(StoreError) -> SweepReport {
        var report = SweepReport()
        let time = Value.integer(try beginSweep(now: now))
        try database.run("DELETE FROM recordings WHERE expires_at <= ?", [time])
        (report.recordings, report.undeletable) = try removeStrayRecordings()
        try await sweepTurns(time, &report)
        report.conversations = try await removing(
            """
            DELETE FROM conversations WHERE id IN (SELECT id FROM conversations WHERE expires_at <= ?
                AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.id)
                AND NOT EXISTS (SELECT 1 FROM recordings WHERE conversation = conversations.id) LIMIT ?)
            RETURNING subject
            """, time, &report)
        try await sweepOrders(time, &report)
        try database.run("DELETE FROM requests WHERE order_number IS NULL AND expires_at <= ?", [time])
        report.callbacks = try await removing(
            "DELETE FROM callbacks WHERE key IN (SELECT key FROM callbacks WHERE expires_at <= ? LIMIT ?) RETURNING subject",
            time, &report)
        report.events = try await removing(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE expires_at <= ? LIMIT ?) RETURNING subject",
            time, &report)
        report.profiles = try await removing(
            """
            DELETE FROM profiles WHERE subject IN (SELECT subject FROM profiles WHERE expires_at <= ? LIMIT ?)
            RETURNING subject
            """, time, &report)
        // Of a number that was only tried: nobody behind it is known.
        _ = try await removing(
            """
            DELETE FROM guesses WHERE subject IN (SELECT subject FROM guesses WHERE seen_at <= ? - \(Self.memoryOfGuesses)
                AND NOT EXISTS (SELECT 1 FROM profiles WHERE subject = guesses.subject) LIMIT ?) RETURNING subject
            """, time, &report)
        // By the clock itself: what it was set back by must not shorten how long it can be proved who looked.
        report.audit = try closeAudit(olderThan: policy[.audit].seconds, now: now)
        if try database.areRingsStale() { report.unreached = try refreshKeyRings() }
        // Always: a sweep or an erasure may have been killed before it came so far.
        try database.forgetDeleted()
        return report
    }

    /// Turns the clock on, and shortens what a policy that was shortened says.
    private func beginSweep(now: Date) throws(StoreError) -> Int64 {
        let policy = policy
        var time: Int64 = 0
        setBack = try database.transaction { (database: inout Database) throws(StoreError) in
            var clock = try RetentionClock(in: &database)
            time = clock.time(now)
            try clock.save(in: &database)
            let text = Array("\(policy.fingerprint)".utf8)
            if try database.setting("retention_policy") != text {
                try database.shorten(to: policy)
                try database.set("retention_policy", text)
            }
            return clock.setBack
        }
        return time
    }

    private func sweepTurns(_ time: Value, _ report: inout SweepReport) async throws(StoreError) {
        // Found by expiry and removed by key: to do both in one statement SQLite looks at every turn there is.
        _ = try await batches { (database: inout Database, limit) throws(StoreError) in
            let rows = try database.run(
                """
                SELECT conversation, turn, acts_expires_at IS NULL OR acts_expires_at <= ?1, acts_expires_at IS NOT NULL
                FROM turns WHERE transcript_expires_at <= ?1 LIMIT ?2
                """, [time, limit])
            for row in rows {
                let isOver = try row.integer(2) == 1
                let change =
                    isOver ? Self.deletion : "UPDATE turns SET sealed_transcript = NULL, transcript_expires_at = NULL"
                try database.run("\(change) WHERE conversation = ? AND turn = ?", Array(row.values.prefix(2)))
                report.transcripts += 1
                report.acts += isOver ? Int(try row.integer(3)) : 0
            }
            return rows.count
        }
        _ = try await batches { (database: inout Database, limit) throws(StoreError) in
            let rows = try database.run(
                "SELECT conversation, turn, transcript_expires_at IS NULL FROM turns WHERE acts_expires_at <= ? LIMIT ?",
                [time, limit])
            for row in rows {
                let isOver = try row.integer(2) == 1
                let change =
                    isOver
                    ? Self.deletion : "UPDATE turns SET sealed_acts = NULL, intents = NULL, acts_expires_at = NULL"
                try database.run("\(change) WHERE conversation = ? AND turn = ?", Array(row.values.prefix(2)))
                report.acts += 1
            }
            return rows.count
        }
    }

    private static let deletion = "DELETE FROM turns"

    private func sweepOrders(_ time: Value, _ report: inout SweepReport) async throws(StoreError) {
        // What a count has sold can be added up only while all of it stands. An order on its way is never removed.
        let over = "SELECT number FROM orders WHERE \(Self.done) AND expires_at <= ? LIMIT ?"
        report.orders = try await batches { (database: inout Database, limit) throws(StoreError) in
            try database.run(
                """
                UPDATE stock_counts SET swept = 1 WHERE id IN (
                    SELECT count_id FROM stock_movements WHERE order_number IN (\(over)))
                """, [time, limit])
            let rows = try database.run(
                "DELETE FROM orders WHERE number IN (\(over)) RETURNING subject", [time, limit])
            report.subjects += try database.removeLoose(rows)
            return rows.count
        }
        if policy[.order].form != .off, policy[.order].form != .full {
            report.anonymized = try await batches { (database: inout Database, limit) throws(StoreError) in
                try database.count(
                    """
                    UPDATE orders SET sealed_address = NULL, sealed_phone = NULL, sealed_digest = NULL, said_handle = NULL
                    WHERE number IN (
                        SELECT number FROM orders WHERE \(Self.done) AND sealed_digest IS NOT NULL LIMIT ?)
                    """, [limit])
            }
        }
        // What was left of somebody who was erased while an order was on its way.
        report.anonymized += try await batches { (database: inout Database, limit) throws(StoreError) in
            let rows = try database.run(
                """
                SELECT subject FROM orders WHERE forget_when_done = 1 AND \(Self.done)
                    AND NOT EXISTS (SELECT 1 FROM outbox WHERE order_number = number AND channel IN ('event', 'message')
                        AND delivered_at IS NULL AND dead_at IS NULL) LIMIT ?
                """, [limit])
            for row in rows { try database.forget(subject: row.integer(0), time: time) }
            report.subjects += rows.count
            return rows.count
        }
    }

    /// Deletes in batches by a statement that gives the subjects of what it deleted; their keys go with the last row.
    private func removing(
        _ sql: String, _ time: Value, _ report: inout SweepReport
    ) async throws(StoreError) -> Int {
        try await batches { (database: inout Database, limit) throws(StoreError) in
            let rows = try database.run(sql, [time, limit])
            report.subjects += try database.removeLoose(rows)
            return rows.count
        }
    }

    /// Repeats a transaction until it found less than a batch. Others may use the store in between.
    private func batches(
        _ body: (inout Database, Value) throws(StoreError) -> Int
    ) async throws(StoreError) -> Int {
        var total = 0
        while true {
            let count = try database.transaction { (database: inout Database) throws(StoreError) in
                try body(&database, .integer(Self.batch))
            }
            total += count
            if count < Self.batch { return total }
            await Task.yield()
        }
    }
}

extension Database {
    /// How many rows a statement changed.
    mutating func count(_ sql: String, _ values: [Value]) throws(StoreError) -> Int {
        try run(sql, values)
        return changes
    }

    /// Empties the write-ahead log, where deleted rows would otherwise stand until it is written over. Another process
    /// that reads at this moment may keep part of it for now; its next checkpoint does the rest.
    mutating func forgetDeleted() throws(StoreError) {
        try run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Destroys the keys of those of whom nothing is left; each row begins with a subject. Gives how many.
    fileprivate mutating func removeLoose(_ rows: [Row]) throws(StoreError) -> Int {
        var removed = 0
        for row in rows {
            removed += try count(
                """
                DELETE FROM subjects WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM conversations WHERE subject = ?1)
                    AND NOT EXISTS (SELECT 1 FROM orders WHERE subject = ?1)
                    AND NOT EXISTS (SELECT 1 FROM callbacks WHERE subject = ?1)
                    AND NOT EXISTS (SELECT 1 FROM outbox WHERE subject = ?1)
                    AND NOT EXISTS (SELECT 1 FROM profiles WHERE subject = ?1)
                    AND NOT EXISTS (SELECT 1 FROM guesses WHERE subject = ?1)
                """, [row.values[0]])
        }
        if removed > 0 { try markRingsStale() }
        return removed
    }

    /// Brings expiries forward where the policy keeps less than it did; never back.
    fileprivate mutating func shorten(to policy: RetentionPolicy) throws(StoreError) {
        for row in try run("SELECT DISTINCT line, language FROM conversations") {
            let (line, language) = (try row.text(0), try row.text(1))
            let rules = policy.of(line: line, language: language)
            let calls = "conversation IN (SELECT id FROM conversations WHERE line = ?1 AND language = ?2)"
            let names: [Value] = [.text(line), .text(language)]
            for (column, kind) in [("transcript_expires_at", DataKind.transcript), ("acts_expires_at", .acts)] {
                try run(
                    "UPDATE turns SET \(column) = at + ?3 WHERE \(column) > at + ?3 AND \(calls)",
                    names + [.integer(rules[kind].seconds)])
            }
            try run(
                "UPDATE recordings SET expires_at = created_at + ?3 WHERE expires_at > created_at + ?3 AND \(calls)",
                names + [.integer(rules[.audio].seconds)])
        }
        for (table, from, kind) in [
            ("conversations", "started_at", DataKind.event), ("orders", "placed_at", .order),
            ("outbox", "delivered_at", .event), ("profiles", "changed_at", .profile),
        ] {
            try run(
                "UPDATE \(table) SET expires_at = \(from) + ?1 WHERE expires_at > \(from) + ?1",
                [.integer(policy[kind].seconds)])
        }
    }
}
