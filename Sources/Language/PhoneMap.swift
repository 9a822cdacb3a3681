// How sounds written in the International Phonetic Alphabet are said with the phones of an acoustic model.
// In: a language's `phones.json5` and the IPA of a word. Out: pronunciations as lists of phones, likeliest first.

public import Foundation

/// Why a phone map or a transcription cannot be used.
public enum PhoneMapError: Error, Sendable, Equatable {
    /// The file is not a phone map; what is wrong with it.
    case unreadable(String)
    /// The map has no entry for this symbol of that transcription.
    case unknownSymbol(String, in: String)
}

/// A table from IPA symbols to phones, read from a language's folder: data, so that a language needs no code.
public struct PhoneMap: Sendable {
    private struct File: Decodable {
        let version: Int
        let phones: [String: [String]]
        /// Rows of phones that are easily taken for one another.
        let alike: [String]?
    }

    /// Every phone that a pronunciation can hold.
    public let phones: Set<String>
    /// Readings of a symbol, each a list of phones, under its scalars in decomposed form.
    private let readings: [[Unicode.Scalar]: [[String]]]
    private let longestSymbol: Int
    /// The row of `alike` that a phone stands in.
    private let families: [String: Int]

    /// Reads a `phones.json5`.
    public init(json5 data: Data) throws(PhoneMapError) {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let file: File
        do {
            file = try decoder.decode(File.self, from: data)
        } catch {
            throw .unreadable("\(error)")
        }
        guard file.version == 1 else { throw .unreadable("version \(file.version) is not known") }
        var readings: [[Unicode.Scalar]: [[String]]] = [:]
        for (symbol, spoken) in file.phones {
            guard !symbol.isEmpty, !spoken.isEmpty else { throw .unreadable("“\(symbol)” has no readings") }
            readings[Self.scalars(symbol)] = spoken.map { $0.split(separator: " ").map(String.init) }
        }
        self.readings = readings
        phones = Set(readings.values.joined().joined())
        longestSymbol = readings.keys.map(\.count).max() ?? 0
        var families: [String: Int] = [:]
        for (number, row) in (file.alike ?? []).enumerated() {
            for phone in row.split(separator: " ") { families[String(phone)] = number }
        }
        self.families = families
    }

    /// Whether one phone is easily taken for the other.
    public func areAlike(_ one: String, _ other: String) -> Bool {
        guard let family = families[one] else { return one == other }
        return family == families[other]
    }

    /// At most `limit` pronunciations of a transcription: those that depart least from the first readings.
    public func pronunciations(of ipa: String, limit: Int = 4) throws(PhoneMapError) -> [[String]] {
        var rest = Self.scalars(ipa)[...]
        var partial: [(departures: Int, phones: [String])] = [(0, [])]
        while let first = rest.first {
            var found: [[String]]?
            for length in stride(from: min(longestSymbol, rest.count), to: 0, by: -1) {
                found = readings[Array(rest.prefix(length))]
                if found != nil {
                    rest = rest.dropFirst(length)
                    break
                }
            }
            guard let found else { throw .unknownSymbol(String(first), in: ipa) }
            let longer = partial.flatMap { start in
                found.enumerated().map { rank, reading in (start.departures + rank, start.phones + reading) }
            }
            // Sorting has to be stable, so that of equal ones those that depart late come first.
            partial = longer.enumerated()
                .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
                .prefix(max(1, limit)).map(\.element)
        }
        var unique: [[String]] = []
        for (_, phones) in partial where !phones.isEmpty && !unique.contains(phones) { unique.append(phones) }
        return unique
    }

    private static func scalars(_ text: String) -> [Unicode.Scalar] {
        Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
    }
}
