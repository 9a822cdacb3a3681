// The customers' keys beside backups. A backup holds no keys: they are in the file `rozmova-keys` of its folder, which every backup,
// erasure and sweep brings up to date. So whoever is erased, or over, is noise in all backups of that folder.

import Foundation
public import Sealing

/// Wrapped keys by the rows of their subjects, as a file.
struct KeyRing {
    static let file = "rozmova-keys"
    /// Under this name a database keeps the folders that have a ring.
    fileprivate static let folders = "key_rings"
    /// Under this name a database says that keys are gone which a ring may still have.
    fileprivate static let stale = "key_rings_stale"
    /// Under this name a backup says that it is one.
    static let mark = "is_backup"
    private static let header = "rozmova-keys 1"

    private let keys: [Int64: (handle: [UInt8], wrapped: [UInt8])]

    /// The key of a subject; only for the person that it was made for.
    func wrappedKey(of subject: Int64, handle: [UInt8]) -> [UInt8]? {
        keys[subject].flatMap { $0.handle == handle ? $0.wrapped : nil }
    }

    /// Reads the ring of a folder.
    init(in folder: URL) throws(StoreError) {
        let path = folder.appending(path: Self.file).path
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw .keysMissing(path: path) }
        let lines = text.split(separator: "\n")
        guard lines.first ?? "" == Self.header else { throw .corrupt(path: path, reason: "it is no file of keys") }
        var keys: [Int64: (handle: [UInt8], wrapped: [UInt8])] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let id = Int64(fields[0]), let handle = Hexadecimal.bytes(fields[1]),
                let wrapped = Hexadecimal.bytes(fields[2])
            else { throw .corrupt(path: path, reason: "a line of it is none") }
            keys[id] = (handle, wrapped)
        }
        self.keys = keys
    }

    /// Writes the keys of a database as they are now.
    static func write(_ database: inout Database, to folder: URL) throws(StoreError) {
        var text = header + "\n"
        for row in try database.run("SELECT id, handle, wrapped_key FROM subjects WHERE handle IS NOT NULL ORDER BY id")
        {
            let (handle, wrapped) = (Hexadecimal.text(try row.blob(1)), Hexadecimal.text(try row.blob(2)))
            text += "\(try row.integer(0)) \(handle) \(wrapped)\n"
        }
        try PrivateFile.replace(folder.appending(path: file).path, with: Array(text.utf8))
    }
}

extension Database {
    /// Remembers that a folder has a ring.
    mutating func remember(ringIn folder: URL) throws(StoreError) {
        let known = try ringFolders()
        let path = folder.standardizedFileURL.path
        if !known.contains(path) { try set(KeyRing.folders, Array((known + [path]).joined(separator: "\n").utf8)) }
    }

    fileprivate mutating func ringFolders() throws(StoreError) -> [String] {
        String(decoding: try setting(KeyRing.folders) ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Makes a copy of the database one without keys. Its pages are overwritten in place.
    mutating func giveUpKeys() throws(StoreError) {
        // No journal on the disk: it would hold what is being removed.
        try run("PRAGMA journal_mode = MEMORY")
        try run("PRAGMA secure_delete = ON")
        try transaction { (database: inout Database) throws(StoreError) in
            try database.run("UPDATE subjects SET wrapped_key = x'' WHERE wrapped_key IS NOT NULL")
            try database.set(KeyRing.mark, [1])
        }
    }

    /// Gives a restored backup its keys back, and erases whose key is gone; then follows what was erased since.
    mutating func takeKeys(_ desk: Desk) throws(StoreError) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        if try setting(KeyRing.mark) != nil {
            let ring = try KeyRing(in: folder)
            try transaction { (database: inout Database) throws(StoreError) in
                let rows = try database.run(
                    "SELECT id, handle FROM subjects WHERE handle IS NOT NULL AND length(wrapped_key) = 0")
                for row in rows {
                    let (id, handle) = (try row.integer(0), try row.blob(1))
                    if let key = ring.wrappedKey(of: id, handle: handle) {
                        try database.run(
                            "UPDATE subjects SET wrapped_key = ? WHERE id = ?", [.blob(key), .integer(id)])
                    } else {
                        try database.eraseWithoutKey(id, desk: desk)
                    }
                }
                try database.set(KeyRing.mark, nil)
                // The ring stays where it is, and so has to be kept up to date.
                try database.remember(ringIn: folder)
            }
        }
        try followErasures(ErasureNotes(folder: folder), desk: desk)
    }

    /// Notes that keys go in this transaction: killed behind it, the next sweep brings the rings up to date.
    mutating func markRingsStale() throws(StoreError) { try set(KeyRing.stale, [1]) }

    /// Whether a ring may have keys that are gone.
    mutating func areRingsStale() throws(StoreError) -> Bool { try setting(KeyRing.stale) != nil }

    /// Writes all rings anew; gives those that cannot be reached, which are tried again. One that somebody removed is forgotten.
    mutating func refreshKeyRings() throws(StoreError) -> [String] {
        let folders = try ringFolders()
        var unreached: [String] = []
        var kept: [String] = []
        for folder in folders {
            let url = URL(filePath: folder)
            let file = url.appending(path: KeyRing.file).path
            let isMounted = FileManager.default.fileExists(atPath: folder)
            if isMounted, !FileManager.default.fileExists(atPath: file) { continue }
            kept.append(folder)
            do throws(StoreError) {
                guard isMounted else { throw .cannotOpen(path: file, reason: "the folder is not there") }
                try KeyRing.write(&self, to: url)
            } catch {
                unreached.append(file)
            }
        }
        if kept != folders { try set(KeyRing.folders, Array(kept.joined(separator: "\n").utf8)) }
        if unreached.isEmpty { try set(KeyRing.stale, nil) }
        return unreached
    }
}

extension Store {
    /// Brings the keys beside backups up to date.
    func refreshKeyRings() throws(StoreError) -> [String] { try database.refreshKeyRings() }

    /// Seals every key under another master key, beside backups too; the store is of no use afterwards.
    public func rotate(to next: MasterKey) throws(StoreError) -> (keys: Int, unreached: [String]) {
        let vault = vault
        let count = try database.transaction { (database: inout Database) throws(StoreError) in
            try vault.rotate(to: next, in: &database)
        }
        // Keys under the old one stand in the log until it is written over.
        try database.forgetDeleted()
        return (count, try database.refreshKeyRings())
    }
}

/// Bytes as text.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String { Digest.hexadecimal(bytes) }

    /// nil for what is no even number of hexadecimal digits.
    static func bytes(_ text: Substring) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
