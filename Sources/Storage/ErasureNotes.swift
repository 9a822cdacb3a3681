// Who was erased, outside of the database: a backup that is restored does not bring anybody back. In and out: keyed hashes, which
// tell nothing without the key.

import Foundation

/// The file `rozmova-erased` beside the database: a line for each erasure that began and for each that was done.
struct ErasureNotes {
    struct Note: Equatable {
        let isDone: Bool
        let handle: [UInt8]
    }

    /// Under this name a database keeps how much of the file it has followed.
    static let name = "erasures_followed"
    /// A letter, 64 hexadecimal digits, the end of the line.
    private static let length = 66

    private let path: String

    init(folder: URL) { path = folder.appending(path: "rozmova-erased").path }

    static func bytes(of size: Int) -> [UInt8] { Array(String(size).utf8) }

    static func size(of bytes: [UInt8]?) -> Int { bytes.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0 }

    /// Bytes of whole lines; the last one may have been cut short by a power cut, and then nothing was erased yet.
    func size() throws(StoreError) -> Int {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return 0 }
            throw PrivateFile.failure(path)
        }
        return Int(status.st_size) / Self.length * Self.length
    }

    /// Adds lines, onto the disk; gives the size with them. Only under the database's write lock.
    func add(_ notes: [Note]) throws(StoreError) -> Int {
        let size = try size()
        let file = try PrivateFile.open(path, O_CREAT | O_WRONLY)
        defer { close(file) }
        guard ftruncate(file, size) == 0, lseek(file, 0, SEEK_END) == size else { throw PrivateFile.failure(path) }
        let text = notes.map { "\($0.isDone ? "d" : "e")\(Hexadecimal.text($0.handle))\n" }.joined()
        try PrivateFile.write(Array(text.utf8), to: file, path: path)
        if size == 0 { PrivateFile.sync(folderOf: path) }
        return size + text.utf8.count
    }

    /// The notes from a place on, and the size with them.
    func all(from start: Int) throws(StoreError) -> (notes: [Note], size: Int) {
        let size = try size()
        guard size > start else { return ([], size) }
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { throw PrivateFile.failure(path) }
        var notes: [Note] = []
        for line in String(decoding: bytes.prefix(size).dropFirst(start), as: UTF8.self).split(separator: "\n") {
            guard let first = line.first, "ed".contains(first), let handle = Hexadecimal.bytes(line.dropFirst()) else {
                throw .corrupt(path: path, reason: "a line of it is none")
            }
            notes.append(Note(isDone: first == "d", handle: handle))
        }
        return (notes, size)
    }
}
