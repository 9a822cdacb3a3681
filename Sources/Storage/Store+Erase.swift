// Removes a person on their wish, everywhere: rows, the key, recordings, what waits to be told, the copies of keys beside backups.
// In: a telephone number. Out: what had to stay, and without the person.

public import Foundation
import Privacy

/// What came of erasing somebody.
public struct ErasureReport: Sendable, Hashable {
    /// Conversations that were removed, with what was said in them.
    public internal(set) var conversations = 0
    /// Orders that stay for the accounts, with nobody's name on them.
    public internal(set) var orders = 0
    /// Of them those that are still on their way: address and number stay with them until they are done.
    public internal(set) var underway: [String] = []
    /// Copies of keys beside backups that could not be brought up to date, so that those backups still know the person.
    public internal(set) var unreached: [String] = []
    /// Files of recordings that could not be removed; without their keys they are noise.
    public internal(set) var undeletable: [String] = []
}

extension Store {
    /// Erases a customer, and whoever ordered under this number without being known by it; nil where nobody did.
    ///
    /// Conversations, recordings, callbacks, events and the profile are removed, and the key is destroyed, so that whatever
    /// was sealed under it is lost wherever it may still stand. Orders stay for the accounts; one that is on its way keeps
    /// what its delivery needs, under a key of its own, until it is done.
    public func erase(phone: String, now: Date) throws(StoreError) -> ErasureReport? {
        let desk = desk(now)
        let notes = ErasureNotes(folder: folder)
        var handles: [[UInt8]] = []
        let found = try database.transaction { (database: inout Database) throws(StoreError) -> ErasureReport? in
            let persons = try database.persons(phone: phone, vault: desk.vault)
            if persons.isEmpty { return nil }
            // Noted outside of the database first: a restored one, or one that we are killed over, does it from the note.
            handles = persons.map(\.handle)
            let size = try notes.add(handles.map { .init(isDone: false, handle: $0) })
            var report = ErasureReport()
            for person in persons {
                try database.erase(person.subject, keepsOpenOrders: true, desk: desk, into: &report)
            }
            try database.set(ErasureNotes.name, ErasureNotes.bytes(of: size))
            return report
        }
        guard var report = found else { return nil }
        // Who restores an older database from now on keeps nothing for deliveries.
        try database.transaction { (database: inout Database) throws(StoreError) in
            let size = try notes.add(handles.map { .init(isDone: true, handle: $0) })
            try database.set(ErasureNotes.name, ErasureNotes.bytes(of: size))
        }
        (_, report.undeletable) = try removeStrayRecordings()
        report.unreached = try refreshKeyRings()
        try database.forgetDeleted()
        return report
    }
}

extension Database {
    fileprivate struct Person {
        let subject: Int64
        let handle: [UInt8]
    }

    /// The customer of a number, and the callers who gave it for an order.
    fileprivate mutating func persons(phone: String, vault: Vault) throws(StoreError) -> [Person] {
        let rows = try run(
            """
            SELECT id, handle FROM subjects WHERE handle = ?1
            UNION SELECT id, handle FROM subjects JOIN orders ON subject = id
                WHERE said_handle = ?2 AND handle IS NOT NULL
            """, [.blob(vault.handle(of: .customer(phone))), .blob(vault.saidHandle(phone))])
        var persons: [Person] = []
        for row in rows { persons.append(Person(subject: try row.integer(0), handle: try row.blob(1))) }
        return persons
    }

    /// Removes all of a person but what accounts need. Called inside a transaction.
    fileprivate mutating func erase(
        _ subject: Int64, keepsOpenOrders: Bool, desk: Desk, into report: inout ErasureReport
    ) throws(StoreError) {
        let id = Value.integer(subject)
        report.orders += Int(try run("SELECT count(*) FROM orders WHERE subject = ?", [id]).first?.integer(0) ?? 0)
        if keepsOpenOrders { report.underway += try keepOpenOrders(of: subject, desk: desk) }
        // Turns, outcomes and recordings go with them.
        report.conversations += try count("DELETE FROM conversations WHERE subject = ?", [id])
        try run("DELETE FROM callbacks WHERE subject = ?", [id])
        // What has to be paid back or carried is done all the same. What a service said of it may name somebody.
        try run("DELETE FROM outbox WHERE subject = ? AND channel IN ('event', 'message')", [id])
        try run("UPDATE outbox SET error = NULL WHERE subject = ?", [id])
        try run("DELETE FROM profiles WHERE subject = ?", [id])
        try run("DELETE FROM guesses WHERE subject = ?", [id])
        try run("DELETE FROM codes WHERE subject = ?", [id])
        try forget(subject: subject, time: .integer(desk.now.seconds))
    }

    /// Takes a person's name off the orders and destroys the key.
    mutating func forget(subject: Int64, time: Value) throws(StoreError) {
        try run(
            """
            UPDATE orders SET sealed_address = NULL, sealed_phone = NULL, sealed_digest = NULL, said_handle = NULL,
                forget_when_done = 0 WHERE subject = ?
            """, [.integer(subject)])
        try run(
            "UPDATE subjects SET handle = NULL, wrapped_key = NULL, erased_at = ? WHERE id = ?",
            [time, .integer(subject)])
        try markRingsStale()
    }

    /// Gives each order that is not done a key of its own, with what its delivery and its payment need; gives their numbers.
    private mutating func keepOpenOrders(of subject: Int64, desk: Desk) throws(StoreError) -> [String] {
        guard let person = try desk.vault.subject(id: subject, in: &self) else { return [] }
        let vault = desk.vault
        let orders = try run(
            """
            SELECT number, request_key, sealed_address, sealed_phone FROM orders
            WHERE subject = ? AND status NOT IN ('delivered', 'cancelled', 'returned') ORDER BY number
            """, [.integer(subject)])
        for row in orders {
            let (number, key) = (try row.integer(0), try row.text(1))
            let own = try vault.subject(.order(number), in: &self, now: desk.now)
            var resealed: [Value] = []
            for (column, name) in [(2, "address"), (3, "phone")] {
                let place = "orders/\(name)/\(key)"
                let text = try vault.open(row.optionalBlob(column), for: person, at: place, in: path)
                resealed.append(.blob(orNull: text.map { vault.seal($0, for: own, at: place) }))
            }
            try run(
                """
                UPDATE orders SET subject = ?, sealed_address = ?, sealed_phone = ?, sealed_digest = NULL,
                    said_handle = NULL, forget_when_done = 1 WHERE number = ?
                """, [.integer(own.id)] + resealed + [.integer(number)])
            for errand in try run(
                "SELECT id, event_id, sealed_payload FROM outbox WHERE order_number = ? AND delivered_at IS NULL",
                [.integer(number)])
            {
                let place = "outbox/payload/\(try errand.text(1))"
                let sealed = try errand.blob(2)
                // Payments and parcels carry nothing: all is with the order.
                let text = sealed.isEmpty ? nil : try vault.open(sealed, for: person, at: place, in: path)
                try run(
                    "UPDATE outbox SET subject = ?, sealed_payload = ? WHERE id = ?",
                    [
                        .integer(own.id), .blob(text.map { vault.seal($0, for: own, at: place) } ?? []),
                        .integer(try errand.integer(0)),
                    ])
            }
        }
        return try orders.map { (row) throws(StoreError) in String(try row.integer(0)) }
    }

    /// Erases those whose notes this database has not followed yet: it was restored, or somebody was killed over it.
    mutating func followErasures(_ notes: ErasureNotes, desk: Desk) throws(StoreError) {
        // Looked at first without a lock: most of the time there is nothing.
        guard try notes.size() != ErasureNotes.size(of: setting(ErasureNotes.name)) else { return }
        try transaction { (database: inout Database) throws(StoreError) in
            let followed = ErasureNotes.size(of: try database.setting(ErasureNotes.name))
            let (open, size) = try notes.all(from: followed)
            for (index, note) in open.enumerated() where !note.isDone {
                let rows = try database.run("SELECT id FROM subjects WHERE handle = ?", [.blob(note.handle)])
                guard let subject = try rows.first?.integer(0) else { continue }
                // What was on its way when a backup was made is not any more; what we are killed over is.
                let wasDone = open[index...].contains { $0.isDone && $0.handle == note.handle }
                var report = ErasureReport()
                try database.erase(subject, keepsOpenOrders: !wasDone, desk: desk, into: &report)
            }
            try database.set(ErasureNotes.name, ErasureNotes.bytes(of: size))
        }
        try forgetDeleted()
    }

    /// Erases a subject whose key is gone with the backup that it came from.
    mutating func eraseWithoutKey(_ subject: Int64, desk: Desk) throws(StoreError) {
        var report = ErasureReport()
        try erase(subject, keepsOpenOrders: false, desk: desk, into: &report)
    }
}
