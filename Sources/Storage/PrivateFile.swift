// Small files beside the database that nobody else may read, written so that a power cut leaves the old or the new one.

import Foundation

/// Files of mode 0600 whose names are taken by nothing else, such as a link to somewhere.
enum PrivateFile {
    /// Opens or makes one; the caller closes it.
    static func open(_ path: String, _ flags: Int32) throws(StoreError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        return descriptor
    }

    /// Puts `bytes` in the place of the whole file. What stood there is overwritten, as far as the disk lets itself be.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
        let draft = path + ".part"
        unsafe unlink(draft)
        let file = try open(draft, O_CREAT | O_EXCL | O_WRONLY)
        defer { close(file) }
        try write(bytes, to: file, path: draft)
        let old = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        defer { if old >= 0 { close(old) } }
        guard unsafe rename(draft, path) == 0 else { throw failure(path) }
        sync(folderOf: path)
        if old >= 0 {
            let length = Int(lseek(old, 0, SEEK_END))
            lseek(old, 0, SEEK_SET)
            try write([UInt8](repeating: 0, count: max(0, length)), to: old, path: path)
        }
    }

    /// Writes all of it, onto the disk.
    static func write(_ bytes: [UInt8], to file: Int32, path: String) throws(StoreError) {
        try append(bytes, to: file, path: path)
        guard fsync(file) == 0 else { throw failure(path) }
    }

    /// Writes all of it; when it reaches the disk is the system's choice.
    static func append(_ bytes: [UInt8], to file: Int32, path: String) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.write(file, all.baseAddress.map { unsafe $0 + done }, all.count - done)
            }
            guard count >= 0 || errno == EINTR else { throw failure(path) }
            done += max(0, count)
        }
    }

    /// A new name must outlive a power cut too.
    static func sync(folderOf path: String) {
        let folder = unsafe Glibc.open(
            URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// What `errno` says of a path.
    static func failure(_ path: String) -> StoreError {
        let code = errno
        return code == ENOSPC
            ? .diskFull(path: path) : .cannotOpen(path: path, reason: unsafe String(cString: strerror(code)))
    }
}
