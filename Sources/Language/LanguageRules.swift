// What the grammar of a language decides: numbers, money, plurals and titles, from words and into words.
// In: tokens of what was heard or typed, or figures to be said. Out: values, or words in lower case.
// One conforming type a language (`EnglishRules`); what only word lists tell stands in the language's folder of Models.

/// A number found among tokens.
public struct NumberMatch: Sendable, Hashable {
    /// Tokens that it takes.
    public let length: Int
    /// Its value in thousandths: 1500 is one and a half.
    public let thousandths: Int

    /// Makes a match.
    public init(length: Int, thousandths: Int) {
        self.length = length
        self.thousandths = thousandths
    }
}

/// A number with a unit of weight, volume, length or pieces found among tokens.
public struct MeasureMatch: Sendable, Hashable {
    /// Tokens that it takes.
    public let length: Int
    /// Its value in thousandths of the unit.
    public let thousandths: Int
    /// The unit's code as catalogues write it: `kg`, `g`, `l`, `ml`, `pack`.
    public let unit: String

    /// Makes a match.
    public init(length: Int, thousandths: Int, unit: String) {
        self.length = length
        self.thousandths = thousandths
        self.unit = unit
    }
}

/// An amount of money found among tokens.
public struct AmountMatch: Sendable, Hashable {
    /// Tokens that it takes.
    public let length: Int
    /// In minor units: cents, kopiykas.
    public let minorUnits: Int64
    /// The currency that was said, as its ISO 4217 code; nil where none was.
    public let currency: String?

    /// Makes a match.
    public init(length: Int, minorUnits: Int64, currency: String?) {
        self.length = length
        self.minorUnits = minorUnits
        self.currency = currency
    }
}

/// The plural categories of CLDR; a language uses some of them, and always `other`.
public enum PluralCategory: String, Sendable, CaseIterable {
    case zero, one, two, few, many, other
}

/// The form in which a number is wanted, in the words of the language's own grammar: gender "feminine", case "accusative".
/// A language without them ignores it.
public struct WordForm: Sendable, Hashable {
    /// The gender of what is counted.
    public let gender: String?
    /// The case that the sentence asks for.
    public let grammaticalCase: String?

    /// Makes a form; nil is the dictionary's.
    public init(gender: String? = nil, grammaticalCase: String? = nil) {
        self.gender = gender
        self.grammaticalCase = grammaticalCase
    }

    /// As the dictionary has it.
    public static let plain = WordForm()
}

/// The grammar of one language. Tokens and words are in lower case and without punctuation.
public protocol LanguageRules: Sendable {
    // MARK: From words

    /// Tokens of heard or typed text: accents and case folded as the language does it, apostrophes kept inside words,
    /// hyphens split, letters parted from figures ("7up" → `7 up`), figures in plain form ("1,000" → `1000`, "½" →
    /// `0.5`), signs as words behind their number ("$5" → `5 dollars`), marks of multiplication dropped ("2x" → `2`).
    func tokens(of text: String) -> [String]

    /// Every number that begins at `start`, longest first: for "twenty five" 25 and 20. Articles count as one.
    func numbers(in tokens: [String], at start: Int) -> [NumberMatch]

    /// Every number with its unit that begins at `start`, longest first: "half a kilo", "a kilo and a half", "500 g".
    func measures(in tokens: [String], at start: Int) -> [MeasureMatch]

    /// Every amount of money that begins at `start`, longest first, in a currency with so many digits behind the point:
    /// "nineteen dollars and fifty cents", and where money is what was asked for also "nineteen fifty" and "twenty".
    func amounts(in tokens: [String], at start: Int, digits: Int) -> [AmountMatch]

    /// The longest ordinal at `start`, an article before and a pronoun behind it included ("the second one").
    /// `index` is 1 for the first and -1 for the last.
    func ordinals(in tokens: [String], at start: Int) -> (length: Int, index: Int)?

    /// The figures of one token: "oh" → 0, "1042" → 1, 0, 4, 2; nil where it is not a figure or several.
    func digit(_ token: String) -> [Int]?

    /// The longest run of figures at `start` however they are grouped: "one zero four two", "ten forty two", "double five".
    func digits(in tokens: [String], at start: Int) -> (length: Int, digits: String)?

    // MARK: What callers may say, for grammars

    /// Every way in which callers say a number, the plainest first: 1000 → `one`, `a`, `an`; 500 → `half a`, `half`, …
    func waysToSay(thousandths: Int) -> [[String]]

    /// Ways to name a place in a list: the first, the second, … the fifth, the last, number one, … number five.
    var ordinalWords: [[String]] { get }

    /// For each figure 0–9 the words that mean it.
    var digitWords: [[String]] { get }

    /// Every way to say a unit in any number: `kg` → `kilo`, `kilos`, …; empty for a unit that the pack does not know.
    func unitWords(_ unit: String) -> [[String]]

    /// Every way to say a currency's major unit, in any number; empty for one that the pack does not know.
    func currencyWords(_ currency: String) -> [[String]]

    /// A written title as callers say it, the likeliest first: "WD-40" → `w d forty`. At least one form where the title has
    /// a letter or a figure, at most 24. Typed titles match `tokens(of:)` of the title instead.
    func spokenForms(of written: String) -> [[String]]

    /// A title without what is in brackets and without measures and pack sizes: "Coca-Cola 0.5 L" → "Coca-Cola".
    func withoutMeasures(_ written: String) -> String

    /// The other forms of a noun phrase that callers use for several, or in other cases; empty where there are none.
    func plurals(of phrase: [String]) -> [[String]]

    /// For a noun phrase that names several, the forms that name one: "black olives" → "black olive"; empty for others.
    func singulars(of phrase: [String]) -> [[String]]

    /// By which words private details are known.
    var personalWords: PersonalWords { get }

    // MARK: Into words

    /// A title that agrees with a number, which is not part of the result: "pizza", 2000 → "pizzas".
    func counted(_ noun: String, thousandths: Int) -> String

    /// A number in words: 2000 → "two", 1500 → "one and a half", 2300 → "two point three".
    func quantity(thousandths: Int, form: WordForm) -> String

    /// A number with its unit: "half a kilo", "two hundred fifty grams". A unit that is not known stands as it is written.
    func measured(thousandths: Int, unit: String, form: WordForm) -> String

    /// An amount of money whose currency has `digits` digits behind the point: "nineteen dollars and fifty cents".
    func money(minorUnits: Int64, digits: Int, currency: String, form: WordForm) -> String

    /// Figures and letters one by one, in groups for the ear: "1042" → "one zero, four two".
    func digitsAloud(_ digits: String) -> String

    /// A telephone number in E.164, in the groups that are usual in its country.
    func phoneAloud(_ e164: String) -> String

    /// A time of the day, in minutes after midnight: "half past" and the like as the language has it.
    func timeOfDay(minutes: Int) -> String

    /// Days of the week, 1 for Monday to 7 for Sunday: "Monday to Saturday".
    func weekdays(_ days: [Int]) -> String

    /// The CLDR category that a number asks its noun to be in.
    func pluralCategory(thousandths: Int) -> PluralCategory

    /// An enumeration: "a, b and c".
    func list(_ items: [String]) -> String

    /// "first" for 1; -1 is "last".
    func ordinalWord(_ n: Int) -> String

    /// Any text worded for the ear: amounts, numbers, times, telephone and order numbers, units and abbreviations as words,
    /// and nothing that is not pronounced but punctuation.
    func forEar(_ text: String) -> String
}

extension LanguageRules {
    /// Whether a name is of several: "boots".
    public func isSeveral(_ name: String) -> Bool { !singulars(of: tokens(of: name)).isEmpty }
    /// A language whose pack has no such lists.
    public var personalWords: PersonalWords { .none }
    /// Every way in which callers say the whole number `n`.
    public func waysToSay(_ n: Int) -> [[String]] { waysToSay(thousandths: n * 1000) }
    /// A whole number in words: "nineteen".
    public func cardinal(_ n: Int) -> String { quantity(thousandths: n * 1000, form: .plain) }
    /// A number in words.
    public func quantity(thousandths: Int) -> String { quantity(thousandths: thousandths, form: .plain) }
    /// A number with its unit in words.
    public func measured(thousandths: Int, unit: String) -> String {
        measured(thousandths: thousandths, unit: unit, form: .plain)
    }
    /// An amount of money in words.
    public func money(minorUnits: Int64, digits: Int, currency: String) -> String {
        money(minorUnits: minorUnits, digits: digits, currency: currency, form: .plain)
    }
}
