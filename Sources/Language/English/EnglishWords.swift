// The word lists of English that no rule gives, as `words.json5` of the pack has them, with indexes to look them up by.

import Foundation

/// `words.json5` and what follows from it.
struct EnglishWords: Sendable {
    /// A unit of measure.
    struct Unit: Sendable, Decodable {
        let one: String
        let other: String
        let also: [String]?
        let symbols: [String]?
        /// The unit to prefer for small values, and how many of it make one.
        let smaller: String?
        let times: Int?

        /// Words that are pronounced, in all numbers.
        var spoken: [String] { [one, other] + (also ?? []) }
    }

    /// A currency with its hundredth.
    struct CurrencyName: Sendable, Decodable {
        let one: String
        let other: String
        let cent: String
        let cents: String
        let also: [String]?
        let alsoCents: [String]?
        let signs: [String]?

        var major: [String] { [one, other] + (also ?? []) }
        var minor: [String] { [cent, cents] + (alsoCents ?? []) }
    }

    /// Words for money, and the currencies that they may mean: "cents" are of many.
    struct CurrencyPhrase: Sendable {
        let words: [String]
        let codes: Set<String>
        let isMinor: Bool
    }

    private struct Personal: Decodable {
        let streets: [String]
        let ways: [String]
        let parts: [String]
        let at: [String]
        let dots: [String]
        let introductions: [String]
        let names: [String]
        let ends: [String]
        let maybeIntroductions: [String]
        let followers: [String]
        let spares: [String]
    }

    private struct File: Decodable {
        let irregularPlurals: [String: String]
        let uncountable: [String]
        let pluralOnly: [String]
        let singularInS: [String]
        let units: [String: Unit]
        let currencies: [String: CurrencyName]
        let said: [String: [String]]
        let personal: Personal
    }

    let irregularPlurals: [String: String]
    let uncountable: Set<String>
    let plurals: Set<String>
    let singularInS: Set<String>
    let units: [String: Unit]
    let currencies: [String: CurrencyName]
    let said: [String: [String]]
    let personal: PersonalWords

    /// Unit codes by every word and symbol, in lower case; of two with one word the first code in order has it.
    let unitCodes: [String: String]
    /// Currency codes by their signs, as they are written.
    let signCodes: [String: String]
    /// What words for money mean, the longest phrases first.
    let currencyPhrases: [CurrencyPhrase]

    /// Reads `words.json5` in `folder`.
    static func load(from folder: URL) throws(LanguagePackError) -> EnglishWords {
        let file = try PackFile.read(File.self, "words.json5", in: folder)
        let lists = file.personal
        return EnglishWords(
            file,
            personal: PersonalWords(
                streets: lists.streets, ways: lists.ways, parts: lists.parts, at: lists.at, dots: lists.dots,
                introductions: lists.introductions, maybeIntroductions: lists.maybeIntroductions,
                followers: lists.followers, names: lists.names, ends: lists.ends, spares: lists.spares,
                plain: try WordList.load("plain-words.txt", in: folder),
                alsoGiven: try WordList.load("given-words.txt", in: folder),
                alsoSurnames: try WordList.load("surname-words.txt", in: folder)))
    }

    private init(_ file: File, personal: PersonalWords) {
        irregularPlurals = file.irregularPlurals
        uncountable = Set(file.uncountable)
        plurals = Set(file.pluralOnly).union(file.irregularPlurals.filter { $0.key != $0.value }.values)
        singularInS = Set(file.singularInS)
        units = file.units
        currencies = file.currencies
        said = file.said
        self.personal = personal

        var codes: [String: String] = [:]
        for (code, unit) in file.units.sorted(by: { $0.key < $1.key }) {
            for word in unit.spoken + (unit.symbols ?? []) where codes[word.lowercased()] == nil {
                codes[word.lowercased()] = code
            }
        }
        unitCodes = codes

        var signs: [String: String] = [:]
        var major: [[String]: Set<String>] = [:]
        var minor: [[String]: Set<String>] = [:]
        for (code, currency) in file.currencies {
            for sign in currency.signs ?? [] { signs[sign] = code }
            for word in currency.major + [code] { major[Self.split(word), default: []].insert(code) }
            for word in currency.minor { minor[Self.split(word), default: []].insert(code) }
        }
        signCodes = signs
        currencyPhrases =
            (major.map { CurrencyPhrase(words: $0.key, codes: $0.value, isMinor: false) }
            + minor.map { CurrencyPhrase(words: $0.key, codes: $0.value, isMinor: true) })
            .sorted { $0.words.count > $1.words.count }
    }

    private static func split(_ phrase: String) -> [String] {
        phrase.lowercased().split(separator: " ").map(String.init)
    }
}
