// Where the models are. In: paths of the configuration. Out: checked paths, and the phones the acoustic model knows.

public import Audio
import Foundation

/// The files that hearing needs. They are Debian's unless the configuration says otherwise.
public struct ModelPaths: Sendable, Equatable {
    /// What telephone sound is heard with.
    public enum Telephone: Sendable, Equatable {
        /// The model as it is.
        case same
        /// The model with its means moved as the files `telephone.mllr` and `telephone.mean` of this folder say.
        case adapted(folder: String)
        /// A model made for 8,000 samples a second.
        case own(acousticModel: String)
    }

    /// Folder of the acoustic model for 16,000 samples a second: `mdef`, `means` and so on.
    public let acousticModel: String
    /// Pronunciations, a word and its phones on a line, in the format of the CMU dictionary.
    public let dictionary: String
    /// What telephone sound is heard with.
    public let telephone: Telephone

    /// The American English models of Debian's package `pocketsphinx-en-us`.
    public static let debian = ModelPaths(
        acousticModel: "/usr/share/pocketsphinx/model/en-us/en-us",
        dictionary: "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")

    /// Names the files; nothing is read yet.
    public init(acousticModel: String, dictionary: String, telephone: Telephone = .same) {
        self.acousticModel = acousticModel
        self.dictionary = dictionary
        self.telephone = telephone
    }

    /// Makes sure that every file is there and readable, with what to do where one is not.
    public func check() throws(RecognizingError) {
        try Self.checkModel(acousticModel, remedy: "install pocketsphinx-en-us")
        try Self.check(dictionary, remedy: "install pocketsphinx-en-us")
        _ = try acousticModel(for: .telephone)
    }

    /// What sound of `band` is heard with.
    func acousticModel(for band: Band) throws(RecognizingError) -> AcousticModel {
        guard band == .telephone else {
            return AcousticModel(
                folder: acousticModel, mean: .wideband, wordBeam: DecoderSettings.WordBeam.wideband)
        }
        switch telephone {
        case .same: return AcousticModel(folder: acousticModel, mean: .telephone)
        case .adapted(let folder):
            let (transform, mean) = ("\(folder)/telephone.mllr", "\(folder)/telephone.mean")
            try Self.check(transform, remedy: "install Rozmova again")
            return AcousticModel(
                folder: acousticModel, transform: transform, mean: CepstralMean(try Self.numbers(in: mean)))
        case .own(let folder):
            let remedy = "correct or remove the setting `models.telephone`"
            try Self.checkModel(folder, remedy: remedy)
            let settings = (try? String(contentsOfFile: "\(folder)/feat.params", encoding: .utf8)) ?? ""
            let words = settings.split(whereSeparator: \.isWhitespace)
            let mean = words.firstIndex(of: "-cmninit").map { words[($0 + 1)...].first ?? "" } ?? ""
            // A model that does not say what it is used to takes it from the utterance.
            let values = mean.split(separator: ",").compactMap { Float($0) }
            return AcousticModel(
                folder: folder, rate: band.rate,
                mean: values.isEmpty ? CepstralMean([], weight: 1) : CepstralMean(values))
        }
    }

    private static func numbers(in path: String) throws(RecognizingError) -> [Float] {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        let numbers = text?.split(whereSeparator: \.isWhitespace).map { Float($0) } ?? []
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 != nil }) else {
            throw .model("\(path) holds no cepstral mean; install Rozmova again")
        }
        return numbers.compactMap { $0 }
    }

    private static func checkModel(_ folder: String, remedy: String) throws(RecognizingError) {
        for name in ["mdef", "means", "variances", "transition_matrices", "feat.params"] {
            try check("\(folder)/\(name)", remedy: remedy)
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

/// A model, and what has to be known to hear with it.
struct AcousticModel: Equatable {
    let folder: String
    /// An MLLR file.
    var transform: String?
    /// Samples a second.
    var rate = Band.wideband.rate
    let mean: CepstralMean
    var wordBeam = DecoderSettings.WordBeam.telephone
}
