// The sound of calls, as far as the policy lets it be kept: a file for each call, sealed piece by piece as it comes, under a key of
// its own that lies under its person's. In: samples. Out: a file that is noise once its row is gone.

public import Foundation
import Privacy
import Sealing

/// Writes one recording. Its owner calls it in turn.
///
/// `@unchecked Sendable`: the descriptor is used by one owner at a time, and closed with the last one.
public final class RecordingFile: @unchecked Sendable {
    private let path: String
    private let name: String
    private let key: SealingKey
    private let descriptor: Int32
    private var pieces = 0

    fileprivate init(folder: URL, name: String, key: SealingKey) throws(StoreError) {
        path = folder.appending(path: name).path
        self.name = name
        self.key = key
        descriptor = try PrivateFile.open(path, O_CREAT | O_EXCL | O_WRONLY)
    }

    deinit { close(descriptor) }

    /// Seals a piece behind what is there. One that was cut short is noticed by whoever reads it.
    public func append(_ bytes: [UInt8]) throws(StoreError) {
        let sealed = key.seal(bytes, context: RecordingForm.place(name, pieces))
        pieces += 1
        try PrivateFile.append(RecordingForm.length(of: sealed) + sealed, to: descriptor, path: path)
    }

    /// Says that nothing comes any more, by an empty piece, and waits for the disk.
    public func finish() throws(StoreError) {
        try append([])
        guard fsync(descriptor) == 0 else { throw PrivateFile.failure(path) }
    }
}

/// The bytes of a file: pieces, each with its length before it; the last one is empty.
private enum RecordingForm {
    static let folder = "recordings"

    static func place(_ file: String, _ piece: Int) -> String { "recordings/\(file)/\(piece)" }

    static func length(of piece: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: piece.count >> (8 * $0)) }
    }
}

extension Store {
    private var recordings: URL { folder.appending(path: RecordingForm.folder) }

    /// Begins the recording of a conversation; nil where the policy allows none, or the caller refused it.
    public func beginRecording(conversation: String, now: Date) throws(StoreError) -> RecordingFile? {
        guard policy.kept(of: .audio) >= .redacted else { return nil }
        let (desk, folder) = (desk(now), recordings)
        // Also a name: nobody sees from it whose it is.
        let name = Hexadecimal.text(SecureRandom.bytes(16))
        let key = SealingKey.random()
        let isWanted = try database.transaction { (database: inout Database) throws(StoreError) in
            let (subject, desk) = try database.conversation(conversation, desk: desk)
            guard desk.policy[.audio].form >= .redacted else { return false }
            try database.run(
                """
                INSERT INTO recordings (file, conversation, sealed_key, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (conversation) DO NOTHING
                """,
                [
                    .text(name), .text(conversation),
                    .blob(subject.key.wrap(key, context: "recordings/sealed_key/\(name)")), .integer(now.seconds),
                    .integer(desk.expiry(.audio)),
                ])
            return database.changes > 0
        }
        guard isWanted else { return nil }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: folder.path, reason: error.localizedDescription)
        }
        return try RecordingFile(folder: folder, name: name, key: key)
    }

    /// Opens the recording of a conversation piece by piece.
    /// - Returns: whether it is whole; nil where there is none. A call that is going on, or was cut off, is not whole.
    public func readRecording(
        of conversation: String, _ take: (_ piece: [UInt8]) throws -> Void
    ) throws -> Bool? {
        let rows = try database.run(
            """
            SELECT file, sealed_key, subject FROM recordings JOIN conversations ON id = conversation
            WHERE conversation = ?
            """, [.text(conversation)])
        guard let row = rows.first, let subject = try vault.subject(id: row.integer(2), in: &database) else {
            return nil
        }
        let name = try row.text(0)
        let path = recordings.appending(path: name).path
        guard let key = try? subject.key.unwrap(row.blob(1), context: "recordings/sealed_key/\(name)"),
            let file = FileHandle(forReadingAtPath: path)
        else { throw StoreError.corrupt(path: path, reason: "the recording cannot be opened") }
        defer { try? file.close() }
        for piece in 0... {
            guard let head = try file.read(upToCount: 4), head.count == 4 else { return false }
            let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
            guard let sealed = try file.read(upToCount: length), sealed.count == length else { return false }
            guard let plain = try? key.open(Array(sealed), context: RecordingForm.place(name, piece)) else {
                throw StoreError.corrupt(path: path, reason: "piece \(piece) of the recording does not open")
            }
            if plain.isEmpty { return true }
            try take(plain)
        }
        return false
    }

    /// Removes the files of recordings that no row knows: their time is over, their caller refused or was erased.
    func removeStrayRecordings() throws(StoreError) -> (removed: Int, failed: [String]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: recordings.path)) ?? []
        var removed = 0
        var failed: [String] = []
        for name in names.sorted()
        where try database.run("SELECT 1 FROM recordings WHERE file = ?", [.text(name)]).isEmpty {
            let path = recordings.appending(path: name).path
            if unsafe unlink(path) == 0 { removed += 1 } else { failed.append(path) }
        }
        return (removed, failed)
    }
}
