// Why a sound file cannot be read or written, in words for the person who gave it.

public import Foundation

/// What is wrong with a WAV file. Trying again does not help; `description` says what does.
public enum WaveFileError: Error, Sendable, Equatable {
    /// The file cannot be opened: the system's reason.
    case cannotOpen(path: String, reason: String)
    /// The file opened, and then the system failed to read it.
    case cannotRead(path: String, reason: String)
    /// Something else than a WAV: what it looks like.
    case notWave(path: String, found: String)
    /// It ends before the sound begins: in what.
    case truncated(path: String, inside: String)
    /// It is a WAV without a single sample.
    case noSound(path: String)
    /// It contradicts itself: how.
    case malformed(path: String, what: String)
    /// A codec, rate or number of channels that is not read: which.
    case unsupported(path: String, what: String)
    /// It lasts longer than it may.
    case tooLong(path: String, limitSeconds: Double)
    /// It cannot be created or written: the system's reason.
    case cannotWrite(path: String, reason: String)
}

extension WaveFileError: CustomStringConvertible, LocalizedError {
    /// What, where, and what to do: one line.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "\(path): cannot be opened: \(reason). Check the path and its permissions."
        case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason). Check the path and the disk."
        case .notWave(let path, let found):
            "\(path): is not a WAV file, but \(found). Give a WAV file; sox converts: sox INPUT OUTPUT.wav"
        case .truncated(let path, let inside):
            "\(path): ends in \(inside), before the sound begins. The file is cut off: copy or record it again."
        case .noSound(let path): "\(path): has no sound in it. Record it again."
        case .malformed(let path, let what): "\(path): is a damaged WAV file: \(what). Copy or record it again."
        case .unsupported(let path, let what):
            "\(path): \(what) cannot be read. Convert it to 16-bit PCM: sox INPUT -b 16 -e signed OUTPUT.wav"
        case .tooLong(let path, let limit):
            "\(path): lasts longer than \(WaveFileError.inWords(limit)). Cut it into shorter files."
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written: \(reason). Check the folder, its permissions and the space on the disk."
        }
    }

    /// The same, as Foundation asks for it.
    public var errorDescription: String? { description }

    private static func inWords(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole >= 3600 && whole % 3600 == 0 ? "\(whole / 3600) h" : "\(whole) s"
    }
}
