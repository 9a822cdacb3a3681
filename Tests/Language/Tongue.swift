// A made-up language in the manner of Ukrainian, just large enough to show that nothing presupposes English.

import Language

struct Tongue: LanguageRules {
    func tokens(of text: String) -> [String] { text.lowercased().split(separator: " ").map(String.init) }
    func numbers(in tokens: [String], at start: Int) -> [NumberMatch] { [] }
    func measures(in tokens: [String], at start: Int) -> [MeasureMatch] { [] }
    func amounts(in tokens: [String], at start: Int, digits: Int) -> [AmountMatch] { [] }
    func ordinals(in tokens: [String], at start: Int) -> (length: Int, index: Int)? { nil }
    func digit(_ token: String) -> [Int]? { nil }
    func digits(in tokens: [String], at start: Int) -> (length: Int, digits: String)? { nil }
    func waysToSay(thousandths: Int) -> [[String]] { [] }
    var ordinalWords: [[String]] { [] }
    var digitWords: [[String]] { [] }
    func unitWords(_ unit: String) -> [[String]] { [] }
    func currencyWords(_ currency: String) -> [[String]] { [] }
    func spokenForms(of written: String) -> [[String]] { [tokens(of: written)] }
    func withoutMeasures(_ written: String) -> String { written }
    func plurals(of phrase: [String]) -> [[String]] { [] }
    func singulars(of phrase: [String]) -> [[String]] { [] }
    func counted(_ noun: String, thousandths: Int) -> String { noun }
    /// One and two have genders, one has an accusative.
    func quantity(thousandths: Int, form: WordForm) -> String {
        switch (thousandths, form.gender, form.grammaticalCase) {
        case (1000, "f", "accusative"): "одну"
        case (1000, "f", _): "одна"
        case (1000, _, _): "один"
        case (2000, "f", _): "дві"
        case (2000, _, _): "два"
        default: String(thousandths / 1000)
        }
    }
    func measured(thousandths: Int, unit: String, form: WordForm) -> String { "\(thousandths / 1000) \(unit)" }
    func money(minorUnits: Int64, digits: Int, currency: String, form: WordForm) -> String {
        "\(minorUnits) \(currency)"
    }
    func digitsAloud(_ digits: String) -> String { digits }
    func phoneAloud(_ e164: String) -> String { e164 }
    func timeOfDay(minutes: Int) -> String { "\(minutes)" }
    func weekdays(_ days: [Int]) -> String { "\(days)" }
    /// CLDR for Ukrainian.
    func pluralCategory(thousandths: Int) -> PluralCategory {
        guard thousandths % 1000 == 0 else { return .other }
        let (tens, ones) = (thousandths / 1000 % 100, thousandths / 1000 % 10)
        if ones == 1, tens != 11 { return .one }
        return (2...4).contains(ones) && !(12...14).contains(tens) ? .few : .many
    }
    func list(_ items: [String]) -> String { items.joined(separator: " і ") }
    func ordinalWord(_ n: Int) -> String { "\(n)-й" }
    func forEar(_ text: String) -> String { text }
}
