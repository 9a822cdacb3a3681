// Numbers, measures, amounts, ordinals and figures as callers say and type them.

import Testing

@testable import Language

@Suite("English numbers")
struct EnglishNumbersTests {
    let rules: EnglishRules
    init() throws { rules = try Support.english() }

    private func readings(_ text: String) -> String {
        let tokens = rules.tokens(of: text)
        return rules.numbers(in: tokens, at: 0).map { "\($0.length):\($0.thousandths)" }.joined(separator: " ")
    }

    @Test(
        "All readings, the longest first",
        arguments: [
            ("twenty five pizzas", "2:25000 1:20000"),
            ("twenty-five", "2:25000 1:20000"),
            ("a pizza", "1:1000"),
            ("an apple", "1:1000"),
            ("a single rose", "2:1000 1:1000"),
            ("a couple of pizzas", "3:2000 2:2000 1:1000"),
            ("half a dozen eggs", "3:6000 2:500 1:500"),
            ("a dozen and a half", "5:18000 2:12000 1:1000"),
            ("one and a half dozen", "5:18000 4:1500 1:1000"),
            ("two dozen of those", "3:24000 2:24000 1:2000"),
            ("one hundred and five", "4:105000 2:100000 1:1000"),
            ("a hundred", "2:100000 1:1000"),
            ("nineteen hundred", "2:1900000 1:19000"),
            ("two million three hundred thousand", "5:2300000000 4:2000300000 3:2000003000 2:2000000000 1:2000"),
            ("2.5", "1:2500"),
            ("2,5", "1:2500"),
            ("1,250", "1:1250000"),
            ("two point three three", "4:2330 1:2000"),
            ("point five", "2:500"),
            ("1 1/2", "1:1500"),
            ("2½", "1:2500"),
            ("three and three quarters", "4:3750 1:3000"),
            ("three quarters of a", "4:750 2:750 1:3000"),
            ("zero", "1:0"),
        ])
    func numbers(text: String, expected: String) {
        #expect(readings(text) == expected)
    }

    @Test(
        "No number where none was said",
        arguments: ["pizza", "", "and five", "oh", "hundred", "a.m.", "99999999999999999999", "-2 pizzas", "x", "to"])
    func none(text: String) {
        let found = readings(text)
        #expect(found.isEmpty, "\(text) → \(found)")
    }

    @Test("No place outside the tokens is read")
    func bounds() {
        for start in [-1, 1, 5] {
            #expect(rules.numbers(in: ["two"], at: start).isEmpty)
            #expect(rules.measures(in: ["two"], at: start).isEmpty)
            #expect(rules.amounts(in: ["two"], at: start, digits: 2).isEmpty)
            #expect(rules.digits(in: ["two"], at: start) == nil)
            #expect(rules.ordinals(in: ["first"], at: start) == nil)
        }
    }

    static let samples =
        Array(0...130) + [
            199, 200, 201, 999, 1000, 1001, 1042, 1100, 1999, 2026, 9999, 10_000, 12_345, 100_000, 100_001,
        ]
        + [999_999, 1_000_000, 1_000_001, 2_300_045, 98_765_432, 999_999_999]

    @Test("Every way to say a number is heard as that number")
    func roundTrip() {
        for n in Self.samples {
            for way in rules.waysToSay(n) + [rules.cardinal(n).words] {
                let whole = rules.numbers(in: way, at: 0).first { $0.length == way.count }
                #expect(whole?.thousandths == n * 1000, "\(n): \(way)")
            }
        }
        for thousandths in stride(from: 50, through: 5000, by: 50) {
            for way in rules.waysToSay(thousandths: thousandths) + [rules.quantity(thousandths: thousandths).words] {
                let whole = rules.numbers(in: way, at: 0).first { $0.length == way.count }
                #expect(whole?.thousandths == thousandths, "\(thousandths): \(way)")
            }
        }
    }

    @Test(
        "Weights, volumes and packs",
        arguments: [
            ("half a kilo of apples", "3:500kg"), ("half kilo", "2:500kg"), ("one and a half kilos", "5:1500kg"),
            ("a kilo and a half", "5:1500kg"), ("two and a half kilograms", "5:2500kg"), ("500g", "2:500000g"),
            ("0.5 L", "2:500l"), ("a quarter of a kilo", "5:250kg"), ("two hundred fifty grams", "4:250000g"),
            ("a litre", "2:1000l"), ("three packs", "2:3000pack"), ("250 ml", "2:250000ml"), ("two pizzas", ""),
        ])
    func measures(text: String, expected: String) {
        let found = rules.measures(in: rules.tokens(of: text), at: 0).first
        #expect(found.map { "\($0.length):\($0.thousandths)\($0.unit)" } ?? "" == expected)
    }

    @Test(
        "Amounts where money was asked for",
        arguments: [
            ("nineteen fifty", "2:1950"), ("nineteen dollars and fifty cents", "5:1950USD"),
            ("nineteen dollars fifty", "3:1950USD"), ("$19.50", "2:1950USD"), ("under", ""),
            ("ninety nine cents", "3:99"), ("a hundred hryvnias", "3:10000UAH"), ("120 грн", "2:12000UAH"),
            ("five and a half dollars", "5:550USD"), ("a dollar and a half", "5:150USD"), ("ten bucks", "2:1000USD"),
            ("five oh five", "3:505"), ("one twenty five", "3:125"), ("twenty five", "2:2500"), ("20 zł", "2:2000PLN"),
            ("two thousand euros", "3:200000EUR"), ("twenty euros and a coffee", "2:2000EUR"),
            ("ten dollars and two colas", "2:1000USD"), ("one hundred twenty", "3:12000"),
        ])
    func amounts(text: String, expected: String) {
        let found = rules.amounts(in: rules.tokens(of: text), at: 0, digits: 2).first
        #expect(found.map { "\($0.length):\($0.minorUnits)\($0.currency ?? "")" } ?? "" == expected)
    }

    @Test("An amount in words is heard as that amount")
    func moneyRoundTrip() {
        for units in [Int64(1), 50, 99, 100, 101, 1900, 1950, 1905, 100_000, 123_456] {
            for currency in ["USD", "EUR", "UAH", "GBP", "PLN"] {
                let said = rules.money(minorUnits: units, digits: 2, currency: currency).words
                let heard = rules.amounts(in: said, at: 0, digits: 2).first
                #expect(
                    heard?.length == said.count && heard?.minorUnits == units, "\(said) → \(String(describing: heard))")
            }
        }
    }

    @Test("A currency without hundredths has no cents")
    func wholeCurrency() {
        #expect(rules.amounts(in: "nineteen fifty".words, at: 0, digits: 0).first?.minorUnits == 19)
        #expect(rules.amounts(in: "two thousand yen".words, at: 0, digits: 0).first?.minorUnits == 2000)
    }

    @Test(
        "Figures one by one and in any groups",
        arguments: [
            ("one zero four two", "1042"), ("ten forty two", "1042"), ("1042", "1042"), ("10 42", "1042"),
            ("one thousand forty two", "1042"), ("one oh four two please", "1042"), ("double five", "55"),
            ("triple seven oh", "7770"), ("+38 (067) 123-45-67", "380671234567"), ("twenty five", "25"),
            ("double", ""), ("pizza", ""), ("five hundred twelve", "512"), ("forty double two", "4022"),
        ])
    func digits(text: String, expected: String) {
        #expect(rules.digits(in: rules.tokens(of: text), at: 0)?.digits ?? "" == expected)
    }

    @Test(
        "Places in a list",
        arguments: [
            ("the second one please", 3, 2), ("first", 1, 1), ("2nd", 1, 2), ("the last one", 3, -1),
            ("number two", 2, 2),
            ("option three", 2, 3), ("two", 0, 0), ("number", 0, 0), ("the pizza", 0, 0),
        ])
    func ordinals(text: String, length: Int, index: Int) {
        let found = rules.ordinals(in: rules.tokens(of: text), at: 0)
        #expect(found?.length ?? 0 == length)
        #expect(found?.index ?? 0 == index)
    }

    @Test("Words for grammars are the words that are understood")
    func grammarWords() {
        for (figure, words) in rules.digitWords.enumerated() {
            for word in words { #expect(rules.digit(word) == [figure]) }
        }
        let places = rules.ordinalWords.map { rules.ordinals(in: $0, at: 0)?.index }
        #expect(places == [1, 2, 3, 4, 5, -1, 1, 2, 3, 4, 5])
        #expect(rules.unitWords("kg").contains(["kilos"]) && rules.unitWords("furlong").isEmpty)
        #expect(rules.currencyWords("USD").contains(["bucks"]) && rules.currencyWords("XTS").isEmpty)
    }
}
