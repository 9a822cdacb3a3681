// Why the store could not do its work: a closed set, each with what happened, where, and what to do.

/// The store failed; whatever was being written is not there, not even in part.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or its folder cannot be opened or made.
    case cannotOpen(path: String, reason: String)
    /// The file or its folder does not take writes.
    case readOnly(path: String)
    /// No room is left.
    case diskFull(path: String)
    /// Another process held the database longer than we wait.
    case locked(path: String)
    /// The file is damaged.
    case corrupt(path: String, reason: String)
    /// The file is no SQLite database, or one of another program.
    case notOurs(path: String)
    /// A newer Rozmova wrote it; it was not touched.
    case newerVersion(path: String, found: Int, known: Int)
    /// The key file is not the one that the database was made with.
    case wrongKey(path: String)
    /// An order was to be placed before a shop was given.
    case noShop
    /// A turn or a recording of a conversation that was not begun.
    case unknownConversation(String)
    /// A backup without the file of keys that belongs to it.
    case keysMissing(path: String)
    /// Anything else that SQLite reports.
    case failed(path: String, code: Int, reason: String)

    /// Whether the same call may succeed a little later with nothing changed by a person.
    public var retryHelps: Bool {
        if case .locked = self { return true }
        return false
    }

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open the database \(path): \(reason). Check that its folder exists and that this user may write there."
        case .readOnly(let path):
            "the database \(path) is read-only. Make the file and its folder writable for this user, or choose another with --data."
        case .diskFull(let path):
            "no room left for the database \(path). Free some space on that disk; nothing was changed."
        case .locked(let path):
            "the database \(path) is held by another process. Nothing was changed: try again."
        case .corrupt(let path, let reason):
            "the database \(path) is damaged (\(reason)). Put a copy of it aside, then restore a backup."
        case .notOurs(let path):
            "\(path) is not a database of Rozmova. Move it away, or choose another folder with --data."
        case .newerVersion(let path, let found, let known):
            "the database \(path) has version \(found), this program knows \(known) at most. Use the newer program; nothing was changed."
        case .wrongKey(let path):
            "the key does not belong to the database \(path). Put back the key file that it was made with; without it personal data stays unreadable."
        case .noShop:
            "no shop is loaded, so nothing can be ordered. Check the shop folder with `rozmova check`."
        case .unknownConversation(let id):
            "the conversation \(id) was never begun in this database."
        case .keysMissing(let path):
            "the database beside \(path) is a backup, and its keys are missing. Copy rozmova-keys from the backup's folder there."
        case .failed(let path, let code, let reason):
            "the database \(path) reports error \(code): \(reason). Check the disk and the folder's permissions."
        }
    }
}
