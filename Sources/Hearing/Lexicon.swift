// How words are pronounced. In: words, the dictionary file, else what `Pronouncing` says in IPA. Out: phones.
// The dictionary is never loaded as a whole: one pass over its mapped bytes finds all words that are asked for.

public import Audio
import Foundation
public import Language

/// Pronunciations of words: the dictionary's, else those that a synthesiser gives, mapped to the model's phones.
public actor Lexicon {
    /// Phones with spaces between, as the decoder takes them.
    public typealias Pronunciation = String

    /// How a word is pronounced, and who says so.
    public struct Entry: Sendable {
        /// At least one, the likeliest first.
        public let pronunciations: [Pronunciation]
        /// Else the voice says it, by its rules of spelling.
        public let isInDictionary: Bool
    }

    nonisolated let phoneMap: PhoneMap
    private let dictionary: Data
    private let dictionaryPath: String
    private let pronouncing: (any Pronouncing)?
    private let language: String
    private var known: [String: [Pronunciation]] = [:]

    /// Opens the dictionary at `path`; `pronouncing` speaks for the words that it lacks, in `language`.
    public init(
        dictionary path: String, phoneMap: PhoneMap, pronouncing: (any Pronouncing)?, language: String
    ) throws(RecognizingError) {
        do {
            dictionary = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        } catch {
            throw .model("\(path) not found or not readable; install pocketsphinx-en-us")
        }
        dictionaryPath = path
        self.phoneMap = phoneMap
        self.pronouncing = pronouncing
        self.language = language
    }

    /// Every pronunciation of each of `words`, at least one.
    func pronunciations(of words: Set<String>) async throws(RecognizingError) -> [String: [Pronunciation]] {
        var missing = words.filter { known[$0] == nil }
        if !missing.isEmpty {
            known.merge(Self.lookUp(missing, in: dictionary)) { _, new in new }
            missing = missing.filter { known[$0] == nil }
        }
        for word in missing.sorted() { known[word] = try await pronounce(word) }
        return known.filter { words.contains($0.key) }
    }

    /// The same with where each comes from.
    func entries(of words: Set<String>) async throws(RecognizingError) -> [String: Entry] {
        let listed = Self.lookUp(words, in: dictionary)
        return try await pronunciations(of: words).reduce(into: [:]) { entries, word in
            entries[word.key] = Entry(pronunciations: word.value, isInDictionary: listed[word.key] != nil)
        }
    }

    private func pronounce(_ word: String) async throws(RecognizingError) -> [Pronunciation] {
        guard let pronouncing else {
            throw .network("“\(word)” is not in \(dictionaryPath), and no voice is there to pronounce it")
        }
        let ipa: String
        do {
            ipa = try await pronouncing.ipa(of: word, language: language)
        } catch {
            throw .network("“\(word)” cannot be pronounced: \(error)")
        }
        do {
            let readings = try phoneMap.pronunciations(of: ipa)
            guard !readings.isEmpty else { throw RecognizingError.network("“\(word)” has no sound") }
            return readings.map { $0.joined(separator: " ") }
        } catch let error as RecognizingError {
            throw error
        } catch {
            throw .network("“\(word)” is pronounced [\(ipa)], which the phone map does not cover: \(error)")
        }
    }

    /// One pass over the lines `word phones…` and `word(2) phones…`. The file is nearly sorted, but not quite, so
    /// every line is looked at; a first filter by length and outer letters keeps that to a few milliseconds.
    private static func lookUp(_ words: Set<String>, in dictionary: Data) -> [String: [Pronunciation]] {
        var wanted: [Int: Set<String>] = [:]
        for word in words {
            var word = word
            let key = word.withUTF8 { unsafe filterKey($0[...]) }
            wanted[key, default: []].insert(word)
        }
        var found: [String: [Pronunciation]] = [:]
        unsafe dictionary.withUnsafeBytes { raw in
            let bytes = unsafe raw.assumingMemoryBound(to: UInt8.self)
            var start = 0
            while start < bytes.count {
                let end = unsafe index(of: UInt8(ascii: "\n"), in: bytes, from: start) ?? bytes.count
                defer { start = end + 1 }
                guard let space = unsafe index(of: UInt8(ascii: " "), in: bytes, from: start), space < end else {
                    continue
                }
                var wordEnd = space
                // "read(2)": the number of an alternative is no part of the word
                if space - start > 3, unsafe bytes[space - 1] == UInt8(ascii: ")") {
                    wordEnd = unsafe bytes[start..<space].lastIndex(of: UInt8(ascii: "(")) ?? space
                }
                let spelling = unsafe bytes[start..<wordEnd]
                guard let candidates = unsafe wanted[filterKey(spelling)] else { continue }
                let word = unsafe String(decoding: spelling, as: UTF8.self)
                guard candidates.contains(word) else { continue }
                let phones = unsafe String(decoding: bytes[(space + 1)..<end], as: UTF8.self)
                    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if !phones.isEmpty, found[word]?.contains(phones) != true { found[word, default: []].append(phones) }
            }
        }
        return found
    }

    private static func filterKey(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        guard let first = unsafe word.first, let last = unsafe word.last else { return 0 }
        return unsafe word.count << 16 | Int(first) << 8 | Int(last)
    }

    private static func index(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = unsafe memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
