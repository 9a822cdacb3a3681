// Seals personal columns. In: text and the person it belongs to. Out: bytes that only that person's key opens, in their
// place only. The master key seals one key for each person and one for the index; destroying a person's key makes
// everything sealed under it noise.

import Foundation
import Sealing

/// Whom data is about.
enum Party {
    /// A telephone number in E.164.
    case customer(String)
    /// An unknown caller, known as long as the conversation and what came of it are kept.
    case conversation(String)
    /// Nobody: what is about the shop's goods.
    case shop
    /// Whoever gets an order that is still on its way to somebody who was erased.
    case order(Int64)
    /// Nobody: its key proves that the audit trail is whole.
    case auditTrail
}

/// A person with the key that seals what is known of them.
struct Subject {
    let id: Int64
    let key: SealingKey
}

/// All that the master key is used for.
struct Vault {
    private let masterKey: MasterKey
    /// Derived from the first master key; sealed under the present one since that changed, as look-up hashes cannot be
    /// computed anew without the numbers that they stand for.
    private let index: SealingKey

    /// Takes the key that the database was made with, which a new database learns; another one is refused.
    init(masterKey: MasterKey, in database: inout Database) throws(StoreError) {
        self.masterKey = masterKey
        try database.run(
            "INSERT INTO settings (name, value) VALUES ('key_fingerprint', ?) ON CONFLICT (name) DO NOTHING",
            [.blob(masterKey.fingerprint)])
        guard try database.setting("key_fingerprint") == masterKey.fingerprint else {
            throw .wrongKey(path: database.path)
        }
        guard let wrapped = try database.setting(Self.indexName) else {
            index = masterKey.index
            return
        }
        do {
            index = try masterKey.unwrap(wrapped, context: Self.indexName)
        } catch {
            throw .corrupt(path: database.path, reason: "the key of the index does not open")
        }
    }

    private static let indexName = "index_key"

    /// Seals every key under another master key. Called inside a transaction; this vault is of no use afterwards.
    func rotate(to next: MasterKey, in database: inout Database) throws(StoreError) -> Int {
        let rows = try database.run("SELECT id, handle FROM subjects WHERE handle IS NOT NULL")
        for row in rows {
            let (id, handle) = (try row.integer(0), try row.blob(1))
            guard let subject = try subject(id: id, in: &database) else { continue }
            try database.run(
                "UPDATE subjects SET wrapped_key = ? WHERE id = ?",
                [.blob(next.wrap(subject.key, context: Self.place(of: handle))), .integer(id)])
        }
        try database.set(Self.indexName, next.wrap(index, context: Self.indexName))
        try database.set("key_fingerprint", next.fingerprint)
        return rows.count
    }

    /// The person, made where it is the first time.
    func subject(_ party: Party, in database: inout Database, now: Date) throws(StoreError) -> Subject {
        let handle = handle(of: party)
        let known = try database.run("SELECT id, wrapped_key FROM subjects WHERE handle = ?", [.blob(handle)])
        if let row = known.first, let wrapped = try row.optionalBlob(1) {
            let id = try row.integer(0)
            return Subject(id: id, key: try key(wrapped, handle: handle, of: id, in: database.path))
        }
        // Another process may have changed the master key: what is sealed under the old one from now on would be lost.
        guard try database.setting("key_fingerprint") == masterKey.fingerprint else {
            throw .wrongKey(path: database.path)
        }
        let key = SealingKey.random()
        let wrapped = masterKey.wrap(key, context: Self.place(of: handle))
        try database.run(
            "INSERT INTO subjects (handle, wrapped_key, created_at) VALUES (?, ?, ?)",
            [.blob(handle), .blob(wrapped), .integer(now.seconds)])
        return Subject(id: database.lastRowID, key: key)
    }

    /// The person with this row; nil once erased.
    func subject(id: Int64, in database: inout Database) throws(StoreError) -> Subject? {
        let rows = try database.run("SELECT handle, wrapped_key FROM subjects WHERE id = ?", [.integer(id)])
        guard let row = rows.first, let handle = try row.optionalBlob(0), let wrapped = try row.optionalBlob(1) else {
            return nil
        }
        return Subject(id: id, key: try key(wrapped, handle: handle, of: id, in: database.path))
    }

    private func key(
        _ wrapped: [UInt8], handle: [UInt8], of id: Int64, in path: String
    ) throws(StoreError) -> SealingKey {
        do {
            return try masterKey.unwrap(wrapped, context: Self.place(of: handle))
        } catch {
            throw .corrupt(path: path, reason: "the key of subject \(id) does not open")
        }
    }

    /// The row of a person who is known already.
    func knownSubject(_ party: Party, in database: inout Database) throws(StoreError) -> Int64? {
        let rows = try database.run("SELECT id FROM subjects WHERE handle = ?", [.blob(handle(of: party))])
        return try rows.first?.integer(0)
    }

    /// Seals text for a person, in one place: bytes moved to another row or column do not open there.
    func seal(_ text: String, for subject: Subject, at place: String) -> [UInt8] {
        seal(Array(text.utf8), for: subject, at: place)
    }

    /// The same of bytes.
    func seal(_ bytes: [UInt8], for subject: Subject, at place: String) -> [UInt8] {
        subject.key.seal(bytes, context: place)
    }

    /// Opens what `seal` made; nil where there is nothing, or nobody any more.
    func open(
        _ sealed: [UInt8]?, for subject: Subject?, at place: String, in path: String
    ) throws(StoreError) -> String? {
        guard let bytes = try openBytes(sealed, for: subject, at: place, in: path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .corrupt(path: path, reason: "\(place) is no text")
        }
        return text
    }

    /// The same of bytes.
    func openBytes(
        _ sealed: [UInt8]?, for subject: Subject?, at place: String, in path: String
    ) throws(StoreError) -> [UInt8]? {
        guard let sealed, let subject else { return nil }
        do {
            return try subject.key.open(sealed, context: place)
        } catch {
            throw .corrupt(path: path, reason: "\(place) does not open with its key")
        }
    }

    /// Finds a person without naming one: numbers cannot be tried out on the file without the key.
    func handle(of party: Party) -> [UInt8] {
        switch party {
        case .customer(let number): index.lookUp(number, column: "subjects/customer")
        case .conversation(let id): index.lookUp(id, column: "subjects/conversation")
        case .shop: index.lookUp("", column: "subjects/shop")
        case .order(let number): index.lookUp(String(number), column: "subjects/order")
        case .auditTrail: index.lookUp("", column: "subjects/audit")
        }
    }

    /// Finds what bears a number that a caller only said, and so belongs to nobody who is known.
    func saidHandle(_ number: String) -> [UInt8] { index.lookUp(number, column: "orders/said") }

    /// The wrapped key opens only beside the handle that it was made for.
    private static func place(of handle: [UInt8]) -> String { "subjects/wrapped_key/\(Digest.hexadecimal(handle))" }
}
