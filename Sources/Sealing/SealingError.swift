// Why something stays sealed, or cannot be sealed. Closed; the words are for the operator.

public import Foundation

/// What is wrong with a key or with what it should open.
public enum SealingError: Error, Sendable, Equatable {
    /// Not opened: altered, sealed under another key, or for another place. Trying again does not help.
    case notOpened
    /// What should be opened is no sealed value: too short, or of a version that is not known.
    case notSealed
    /// A key has 32 bytes; this one has so many.
    case keyLength(Int)
    /// There is a folder of credentials and no `rozmova-key` in it.
    case credentialMissing(path: String)
    /// Others than its owner may read or write the key file, which has this mode.
    case keyFileOpenToOthers(path: String, mode: Int)
    /// The file holds no key.
    case keyFileMalformed(path: String)
    /// The system failed: its reason.
    case keyFileUnusable(path: String, reason: String)
}

extension SealingError: CustomStringConvertible, LocalizedError {
    /// What, where, and what to do: one line.
    public var description: String {
        switch self {
        case .notOpened:
            "a sealed value does not open: it was altered, or sealed under another key. "
                + "Check that this is the key with which the database was made."
        case .notSealed: "a value that should be sealed is not. The database is damaged: restore it from a backup."
        case .keyLength(let count): "a key has 32 bytes, not \(count)."
        case .credentialMissing(let path):
            "\(path): is missing among the credentials. Add it to the unit "
                + "(LoadCredentialEncrypted=rozmova-key:…), 64 hexadecimal digits as of: openssl rand -hex 32"
        case .keyFileOpenToOthers(let path, let mode):
            "\(path): has mode \(String(mode, radix: 8)), so others than its owner can use the key. Run: chmod 600 \(path)"
        case .keyFileMalformed(let path):
            "\(path): does not hold 64 hexadecimal digits. Restore the key from a backup: without it personal data stays "
                + "sealed. Only where nothing was sealed yet, remove the file, and a new key is made."
        case .keyFileUnusable(let path, let reason):
            "\(path): \(reason). Check the folder, its owner and its permissions."
        }
    }

    /// The same, as Foundation asks for it.
    public var errorDescription: String? { description }
}
