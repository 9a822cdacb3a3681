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
}

/// A person with the key that seals what is known of them.
struct Subject {
    let id: Int64
    let key: SealingKey
}

/// All that the master key is used for.
struct Vault {
    private let masterKey: MasterKey

    init(masterKey: MasterKey) { self.masterKey = masterKey }

    /// Whether this key is the one that the database was made with; a new database takes it.
    func checkKey(in database: inout Database) throws(StoreError) {
        let read = "SELECT value FROM settings WHERE name = 'key_fingerprint'"
        var known = try database.run(read).first
        if known == nil {
            try database.run(
                "INSERT INTO settings (name, value) VALUES ('key_fingerprint', ?) ON CONFLICT (name) DO NOTHING",
                [.blob(masterKey.fingerprint)])
            known = try database.run(read).first
        }
        guard try known?.blob(0) == masterKey.fingerprint else { throw .wrongKey(path: database.path) }
    }

    /// The person, made where it is the first time.
    func subject(_ party: Party, in database: inout Database, now: Date) throws(StoreError) -> Subject {
        if let id = try knownSubject(party, in: &database), let subject = try subject(id: id, in: &database) {
            return subject
        }
        let key = SealingKey.random()
        let handle = handle(of: party)
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
        do {
            return Subject(id: id, key: try masterKey.unwrap(wrapped, context: Self.place(of: handle)))
        } catch {
            throw .corrupt(path: database.path, reason: "the key of subject \(id) does not open")
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
        guard let sealed, let subject else { return nil }
        do {
            return try subject.key.openText(sealed, context: place)
        } catch {
            throw .corrupt(path: path, reason: "\(place) does not open with its key")
        }
    }

    /// Finds a person without naming one: numbers cannot be tried out on the file without the key.
    private func handle(of party: Party) -> [UInt8] {
        switch party {
        case .customer(let number): masterKey.lookUp(number, column: "subjects/customer")
        case .conversation(let id): masterKey.lookUp(id, column: "subjects/conversation")
        case .shop: masterKey.lookUp("", column: "subjects/shop")
        }
    }

    /// The wrapped key opens only beside the handle that it was made for.
    private static func place(of handle: [UInt8]) -> String { "subjects/wrapped_key/\(Digest.hexadecimal(handle))" }
}
