// The one key from outside. In: a systemd credential, or a file of mode 0600 that is made where there is none.
// Out: wrapped keys of customers, and look-up hashes that tell nothing.

import Foundation

/// The key under which every other key lies.
///
/// It seals nothing itself: wrapping and looking up have keys of their own, derived from it.
public struct MasterKey: Sendable {
    /// Name of the credential, and of the file in the data folder.
    public static let name = "rozmova-key"

    private let wrapping: SealingKey
    /// The key of look-up hashes. It outlives the master key: see `Vault`.
    public let index: SealingKey
    /// 16 bytes that are the same for the same key and tell nothing of it: a database keeps them to know its own key.
    public let fingerprint: [UInt8]

    /// Derives what is needed from a key.
    public init(_ key: SealingKey) {
        // The numbers must never change: what was sealed would not open again.
        wrapping = key.derived(1)
        index = key.derived(2)
        fingerprint = Array(key.derived(3).keyedHash(Array("fingerprint".utf8)).prefix(16))
    }

    /// Seals the key of one customer or one order. `context` says whose it is.
    public func wrap(_ key: SealingKey, context: String) -> [UInt8] { wrapping.wrap(key, context: context) }

    /// Opens the key of one customer or one order.
    public func unwrap(_ wrapped: [UInt8], context: String) throws(SealingError) -> SealingKey {
        try wrapping.unwrap(wrapped, context: context)
    }

    /// Finds the key, or makes one.
    /// - Parameters:
    ///   - credentialsDirectory: what systemd names in `CREDENTIALS_DIRECTORY`; there the key has to be, if anywhere is.
    ///   - dataDirectory: where the key is kept otherwise; it is made, for its owner only, where it is missing.
    public static func load(
        credentialsDirectory: String?, dataDirectory: String
    ) throws(SealingError) -> MasterKey {
        if let folder = credentialsDirectory, !folder.isEmpty {
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path) else { throw .credentialMissing(path: path) }
            // systemd guards its folder itself, and its access lists show up as rights of the group.
            return MasterKey(try KeyFile.read(path, isGuarded: true))
        }
        let path = dataDirectory + "/" + name
        if !FileManager.default.fileExists(atPath: path) { try KeyFile.create(path, in: dataDirectory) }
        return MasterKey(try KeyFile.read(path, isGuarded: false))
    }

    /// Reads the key of a file, which is made where it is missing.
    public static func load(file path: String) throws(SealingError) -> MasterKey {
        if !FileManager.default.fileExists(atPath: path) {
            try KeyFile.create(path, in: URL(filePath: path).deletingLastPathComponent().path)
        }
        return MasterKey(try KeyFile.read(path, isGuarded: false))
    }

    /// Puts a file in the place of another, whose key is overwritten, as far as the disk lets itself be.
    public static func replace(_ path: String, with draft: String) throws(SealingError) {
        let old = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        defer { if old >= 0 { close(old) } }
        guard unsafe rename(draft, path) == 0 else {
            throw .keyFileUnusable(path: path, reason: unsafe String(cString: strerror(errno)))
        }
        KeyFile.sync(folder: URL(filePath: path).deletingLastPathComponent().path)
        let digits = [UInt8](repeating: UInt8(ascii: "0"), count: 2 * SealingKey.length)
        if old >= 0, unsafe write(old, digits, digits.count) == digits.count { fsync(old) }
    }
}

/// 64 hexadecimal digits in a file.
private enum KeyFile {
    static func read(_ path: String, isGuarded: Bool) throws(SealingError) -> SealingKey {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .keyFileUnusable(path: path, reason: systemReason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .keyFileUnusable(path: path, reason: systemReason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .keyFileUnusable(path: path, reason: "it is not a file")
        }
        let mode = Int(status.st_mode & 0o7777)
        guard isGuarded || mode & 0o177 == 0 else { throw .keyFileOpenToOthers(path: path, mode: mode) }
        // Read without a detour: what the digits pass through is wiped.
        var text = [UInt8](repeating: 0, count: 256)
        defer { wipe(&text) }
        let count = unsafe text.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .keyFileUnusable(path: path, reason: systemReason(errno)) }
        guard var bytes = parse(text[..<count]) else { throw .keyFileMalformed(path: path) }
        defer { wipe(&bytes) }
        return try SealingKey(bytes: bytes)
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { memory in
            if let start = memory.baseAddress { unsafe explicit_bzero(start, memory.count) }
        }
    }

    /// Makes the file with its content in one step: of two processes that start at once, one wins and both read its key.
    static func create(_ path: String, in folder: String) throws(SealingError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .keyFileUnusable(path: folder, reason: error.localizedDescription)
        }
        let draft = "\(path).\(Digest.hexadecimal(SecureRandom.bytes(8)))"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .keyFileUnusable(path: path, reason: systemReason(errno)) }
        defer { unsafe unlink(draft) }
        defer { close(descriptor) }
        var text = Array((Digest.hexadecimal(SecureRandom.bytes(SealingKey.length)) + "\n").utf8)
        defer { wipe(&text) }
        guard unsafe write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            throw .keyFileUnusable(path: path, reason: systemReason(errno))
        }
        // A link fails where the name is taken; a renaming would replace the key that another process already uses.
        guard unsafe link(draft, path) == 0 || errno == EEXIST else {
            throw .keyFileUnusable(path: path, reason: systemReason(errno))
        }
        sync(folder: folder)
    }

    /// The name must outlive a power cut as the sealed data will: the folder is written too.
    static func sync(folder: String) {
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    private static func parse(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let blank = Array(" \t\r\n".utf8)
        let digits = text.drop { blank.contains($0) }
        guard let end = digits.lastIndex(where: { !blank.contains($0) }),
            end - digits.startIndex + 1 == 2 * SealingKey.length
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: SealingKey.length)
        for place in bytes.indices {
            let index = digits.startIndex + 2 * place
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes[place] = high << 4 | low
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func systemReason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
