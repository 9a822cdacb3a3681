// A copy of the database while it is in use. In: where to. Out: one whole file, as it was at one moment, on the disk.

public import Foundation

extension Store {
    /// Copies the database into a new file, readable for its owner only; orders go on being placed meanwhile. The key is
    /// not in it.
    public func backUp(to file: URL) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw .cannotOpen(path: file.path, reason: "there is a file already")
        }
        // Under another name until it is whole: half a backup must not look like one.
        let draft = file.path + ".part"
        unsafe unlink(draft)
        defer { unsafe unlink(draft) }
        let descriptor = unsafe open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: draft, reason: unsafe String(cString: strerror(errno))) }
        defer { close(descriptor) }
        try database.run("VACUUM INTO ?", [.text(draft)])
        guard fsync(descriptor) == 0, unsafe rename(draft, file.path) == 0 else {
            throw .cannotOpen(path: file.path, reason: unsafe String(cString: strerror(errno)))
        }
        let folder = unsafe open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}
