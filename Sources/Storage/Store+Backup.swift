// A copy of the database while it is in use. In: where to. Out: one whole file, as it was at one moment, on the disk, without the
// customers' keys; and those beside it, in the one file of keys that all backups of a folder share.

public import Foundation

extension Store {
    /// Copies the database into a new file, readable for its owner only; orders go on being placed meanwhile. Neither the
    /// master key nor the customers' keys are in it: those are in `rozmova-keys` of the same folder, sealed.
    public func backUp(to file: URL) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw .cannotOpen(path: file.path, reason: "there is a file already")
        }
        // Under another name until it is whole: half a backup must not look like one.
        let draft = file.path + ".part"
        unsafe unlink(draft)
        defer { unsafe unlink(draft) }
        let descriptor = try PrivateFile.open(draft, O_CREAT | O_EXCL | O_RDWR)
        defer { close(descriptor) }
        let folder = file.deletingLastPathComponent()
        try database.remember(ringIn: folder)
        try database.run("VACUUM INTO ?", [.text(draft)])
        try Self.removeKeys(from: draft)
        // Whoever calls between the two has a key too many, which opens nothing.
        try KeyRing.write(&database, to: folder)
        guard fsync(descriptor) == 0, unsafe rename(draft, file.path) == 0 else { throw PrivateFile.failure(file.path) }
        PrivateFile.sync(folderOf: file.path)
    }

    private static func removeKeys(from draft: String) throws(StoreError) {
        var copy = try Database(path: draft)
        try copy.giveUpKeys()
    }
}
