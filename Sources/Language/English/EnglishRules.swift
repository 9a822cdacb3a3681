// The grammar of English: the type, and the closed classes of words that its extensions work with.
// Tokens, numbers heard, wording, plurals, titles and free text are in EnglishRules+….swift beside this file.

public import Foundation

/// English as callers speak and type it, and as the assistant says it.
public struct EnglishRules: LanguageRules {
    let words: EnglishWords

    /// Reads the word lists of the pack in `folder`.
    public static func load(from folder: URL) throws(LanguagePackError) -> EnglishRules {
        EnglishRules(words: try EnglishWords.load(from: folder))
    }

    /// The pack's lists.
    public var personalWords: PersonalWords { words.personal }

    static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    static let ordinals = [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
        "nineteenth",
    ]
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// 0–19 by their words.
    static let smallValues = Dictionary(uniqueKeysWithValues: zip(small, small.indices))
    /// 20, 30 … 90 by their words, a frequent misspelling included.
    static let tensValues = {
        var values = Dictionary(uniqueKeysWithValues: zip(tens.dropFirst(2), (2...9).map { $0 * 10 }))
        values["fourty"] = 40
        return values
    }()
    /// Words for the figure 0 where figures are read one by one.
    static let zeroWords = ["zero", "oh", "o", "nought"]

    /// For each figure 0–9 the words that mean it.
    public let digitWords = [["zero", "oh"]] + small[1...9].map { [$0] }
    /// First to fifth and last.
    public let ordinalWords =
        ordinals[1...5].map { [$0] } + [["last"]] + ["one", "two", "three", "four", "five"].map { ["number", $0] }

    /// One and everything else, but a number with a fraction is always plural in English: "one point zero liters".
    public func pluralCategory(thousandths: Int) -> PluralCategory { thousandths == 1000 ? .one : .other }
}
