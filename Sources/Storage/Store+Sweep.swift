// Removes what has been kept long enough, and whole persons on their wish.

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
    /// Recordings, their files included.
    public internal(set) var recordings = 0
    /// Recordings whose files could not be removed; they are tried again by the next sweep.
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
}

extension Store {
    /// Removes everything whose time is over. A policy that was shortened counts for what is there already; one that
    /// was prolonged does not: what was promised when it was written holds.
    public func sweep(now: Date) throws(StoreError) -> SweepReport {
        var report = SweepReport()
        // A file first and its row afterwards: whatever stops us between the two, nothing is left that no row knows of.
        let time = Value.integer(now.seconds)
        let (paths, undeletable) = removeFiles(
            of: try database.run(
                "SELECT path FROM recordings WHERE min(expires_at, created_at + ?) <= ?",
                [.integer(policy[.audio].seconds), time]))
        report.recordings = paths.count
        report.undeletable = undeletable
        let policy = policy
        try database.transaction { (database: inout Database) throws(StoreError) in
            for path in paths { try database.run("DELETE FROM recordings WHERE path = ?", [.text(path)]) }
            let done = "status IN ('delivered', 'cancelled', 'returned')"
            let keepsOrders = policy[.order].form != .off
            report.transcripts = try database.count(
                """
                UPDATE turns SET sealed_transcript = NULL, transcript_expires_at = NULL
                WHERE min(transcript_expires_at, at + ?) <= ?
                """, [.integer(policy[.transcript].seconds), time])
            report.acts = try database.count(
                """
                UPDATE turns SET sealed_acts = NULL, intents = NULL, acts_expires_at = NULL
                WHERE min(acts_expires_at, at + ?) <= ?
                """, [.integer(policy[.acts].seconds), time])
            try database.run("DELETE FROM turns WHERE transcript_expires_at IS NULL AND acts_expires_at IS NULL")
            // What its turns and recordings hang on stays until they are gone.
            report.conversations = try database.count(
                """
                DELETE FROM conversations WHERE min(expires_at, started_at + ?) <= ?
                    AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = conversations.id)
                    AND NOT EXISTS (SELECT 1 FROM recordings WHERE conversation = conversations.id)
                """, [.integer(policy[.event].seconds), time])
            // What a count has sold can be added up only while all of it stands.
            try database.run(
                """
                UPDATE stock_counts SET swept = 1 WHERE id IN (SELECT count_id FROM stock_movements
                    WHERE order_number IN (SELECT number FROM orders WHERE \(done) AND min(expires_at, placed_at + ?) <= ?))
                """, [.integer(policy[.order].seconds), time])
            // An order that is still on its way is never removed.
            report.orders = try database.count(
                "DELETE FROM orders WHERE \(done) AND min(expires_at, placed_at + ?) <= ?",
                [.integer(policy[.order].seconds), time])
            if keepsOrders, policy[.order].form != .full {
                report.anonymized = try database.count(
                    """
                    UPDATE orders SET sealed_address = NULL, sealed_phone = NULL, sealed_digest = NULL
                    WHERE \(done) AND sealed_digest IS NOT NULL
                    """, [])
            }
            try database.run("DELETE FROM requests WHERE order_number IS NULL AND expires_at <= ?", [time])
            report.callbacks = try database.count("DELETE FROM callbacks WHERE expires_at <= ?", [time])
            report.events = try database.count(
                "DELETE FROM outbox WHERE min(expires_at, coalesce(delivered_at + ?, expires_at)) <= ?",
                [.integer(policy[.event].seconds), time])
            report.profiles = try database.count(
                "DELETE FROM profiles WHERE min(expires_at, changed_at + ?) <= ?",
                [.integer(policy[.profile].seconds), time])
            report.subjects = try database.count(
                """
                DELETE FROM subjects WHERE NOT EXISTS (SELECT 1 FROM conversations WHERE subject = subjects.id)
                    AND NOT EXISTS (SELECT 1 FROM orders WHERE subject = subjects.id)
                    AND NOT EXISTS (SELECT 1 FROM callbacks WHERE subject = subjects.id)
                    AND NOT EXISTS (SELECT 1 FROM outbox WHERE subject = subjects.id)
                    AND NOT EXISTS (SELECT 1 FROM profiles WHERE subject = subjects.id)
                """, [])
        }
        if report != SweepReport() { try database.forgetDeleted() }
        return report
    }

    /// Erases a customer: conversations, recordings, callbacks and events are removed, and the key is destroyed, so
    /// that whatever was sealed under it is lost wherever it may still stand. Orders stay for the accounts: what was
    /// sold, with nobody's name on it, on its way or not. False where nobody is known by this number.
    public func erase(phone: String, now: Date) throws(StoreError) -> Bool {
        guard let subject = try vault.knownSubject(.customer(phone), in: &database) else { return false }
        let id = Value.integer(subject)
        let files = try database.run(
            "SELECT path FROM recordings JOIN conversations ON conversation = id WHERE subject = ?", [id])
        let (_, undeletable) = removeFiles(of: files)
        if let path = undeletable.first { throw .recordingStays(path: path) }
        try database.transaction { (database: inout Database) throws(StoreError) in
            try database.run(
                "DELETE FROM recordings WHERE conversation IN (SELECT id FROM conversations WHERE subject = ?)", [id])
            try database.run("DELETE FROM conversations WHERE subject = ?", [id])
            try database.run("DELETE FROM callbacks WHERE subject = ?", [id])
            // What has to be paid back or carried is done all the same.
            try database.run("DELETE FROM outbox WHERE subject = ? AND channel IN ('event', 'message')", [id])
            try database.run("DELETE FROM profiles WHERE subject = ?", [id])
            try database.run(
                "UPDATE orders SET sealed_address = NULL, sealed_phone = NULL, sealed_digest = NULL WHERE subject = ?",
                [id])
            try database.run(
                "UPDATE subjects SET handle = NULL, wrapped_key = NULL, erased_at = ? WHERE id = ?",
                [.integer(now.seconds), id])
        }
        try database.forgetDeleted()
        return true
    }

    /// Removes the files of recordings. One that is gone already is as good as removed.
    private func removeFiles(of rows: [Row]) -> (removed: [String], failed: [String]) {
        var result: (removed: [String], failed: [String]) = ([], [])
        for case .text(let path)? in rows.map(\.values.first) {
            try? FileManager.default.removeItem(atPath: path)
            if FileManager.default.fileExists(atPath: path) {
                result.failed.append(path)
            } else {
                result.removed.append(path)
            }
        }
        return result
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
}
