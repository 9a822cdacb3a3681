// Where the models are. In: paths of the configuration. Out: checked paths, and the phones the acoustic model knows.

public import Audio
import Foundation

/// The files that hearing needs. They are Debian's unless the configuration says otherwise.
public struct ModelPaths: Sendable, Equatable {
    /// Folder of the acoustic model: `mdef`, `means` and so on.
    public let acousticModel: String
    /// Pronunciations, a word and its phones on a line, in the format of the CMU dictionary.
    public let dictionary: String
    /// A linear transform of the model's means for telephone sound (an MLLR file), where there is one.
    public let telephoneTransform: String?

    /// The American English models of Debian's package `pocketsphinx-en-us`.
    public static let debian = ModelPaths(
        acousticModel: "/usr/share/pocketsphinx/model/en-us/en-us",
        dictionary: "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict", telephoneTransform: nil)

    /// Names the files; nothing is read yet.
    public init(acousticModel: String, dictionary: String, telephoneTransform: String? = nil) {
        self.acousticModel = acousticModel
        self.dictionary = dictionary
        self.telephoneTransform = telephoneTransform
    }

    /// Makes sure that every file is there and readable, with what to do where one is not.
    public func check() throws(RecognizingError) {
        for name in ["mdef", "means", "variances", "transition_matrices", "feat.params"] {
            try Self.check("\(acousticModel)/\(name)", remedy: "install pocketsphinx-en-us")
        }
        try Self.check(dictionary, remedy: "install pocketsphinx-en-us")
        if let telephoneTransform {
            try Self.check(telephoneTransform, remedy: "correct or remove the setting")
        }
    }

    private static func check(_ path: String, remedy: String) throws(RecognizingError) {
        guard FileManager.default.fileExists(atPath: path) else { throw .model("\(path) not found; \(remedy)") }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .model("\(path) cannot be read; check its permissions")
        }
    }

    /// The phones of the acoustic model, as its binary `mdef` lists them: after the magic `BMDF`, a version, and
    /// the length of a description to skip, ten 32-bit numbers (the first is how many), then names ended by zeros.
    public func phones() throws(RecognizingError) -> Set<String> {
        let path = "\(acousticModel)/mdef"
        guard let bytes = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
            throw .model("\(path) cannot be read; install pocketsphinx-en-us")
        }
        func word(at offset: Int) -> Int {
            guard bytes.count >= offset + 4 else { return 0 }
            return (0..<4).reduce(0) { $0 | Int(bytes[bytes.startIndex + offset + $1]) << (8 * $1) }
        }
        guard bytes.starts(with: Array("BMDF".utf8)) else {
            throw .model("\(path) is no binary model definition; install pocketsphinx-en-us")
        }
        let header = 12 + word(at: 8)
        let count = word(at: header)
        let names = bytes.dropFirst(header + 40).split(separator: 0, maxSplits: max(0, count)).prefix(count)
        guard count > 0, names.count == count else { throw .model("\(path) is damaged; reinstall it") }
        return Set(names.map { String(decoding: $0, as: UTF8.self) })
    }
}
