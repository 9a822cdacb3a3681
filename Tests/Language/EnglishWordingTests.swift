// What the assistant says in English: numbers, money, times, lists, and any text for the ear.

import Testing

@testable import Language

@Suite("English for the ear")
struct EnglishWordingTests {
    let rules: EnglishRules
    init() throws { rules = try Support.english() }

    @Test(
        "Numbers",
        arguments: [
            (0, "zero"), (1000, "one"), (500, "half"), (1500, "one and a half"), (2300, "two point three"),
            (250, "a quarter"),
            (2750, "two and three quarters"), (-1000, "minus one"), (330, "zero point three three"),
            (21_000, "twenty one"),
            (105_000, "one hundred five"), (1_042_000, "one thousand forty two"),
        ])
    func quantity(thousandths: Int, expected: String) {
        #expect(rules.quantity(thousandths: thousandths) == expected)
    }

    @Test(
        "Measures",
        arguments: [
            (500, "kg", "half a kilo"), (1000, "kg", "one kilo"), (1500, "kg", "one and a half kilos"),
            (250, "kg", "two hundred fifty grams"),
            (300, "kg", "three hundred grams"), (500_000, "g", "five hundred grams"), (2000, "l", "two liters"),
            (330, "l", "three hundred thirty milliliters"),
            (3000, "pack", "three packs"), (2000, "each", "two"), (500, "h", "half an hour"),
            (2000, "furlong", "two furlong"),
        ])
    func measured(thousandths: Int, unit: String, expected: String) {
        #expect(rules.measured(thousandths: thousandths, unit: unit) == expected)
    }

    @Test(
        "Money",
        arguments: [
            (1900, 2, "USD", "nineteen dollars"), (1950, 2, "USD", "nineteen dollars and fifty cents"),
            (101, 2, "USD", "one dollar and one cent"),
            (100, 2, "UAH", "one hryvnia"), (50, 2, "GBP", "fifty pence"), (0, 2, "EUR", "zero euros"),
            (500, 0, "JPY", "five hundred yen"),
            (-250, 2, "USD", "minus two dollars and fifty cents"), (1205, 2, "XTS", "twelve point zero five X T S"),
            (1250, 3, "KWD", "one point two five zero K W D"),
        ])
    func money(units: Int, digits: Int, currency: String, expected: String) {
        #expect(rules.money(minorUnits: Int64(units), digits: digits, currency: currency) == expected)
    }

    @Test("The largest and the smallest values have words")
    func extremes() {
        for units in [Int64.min, .max] {
            #expect(!rules.money(minorUnits: units, digits: 2, currency: "USD").isEmpty)
            #expect(!rules.quantity(thousandths: Int(units)).isEmpty)
            #expect(!rules.ordinalWord(Int(units)).isEmpty)
            #expect(!rules.timeOfDay(minutes: Int(units)).isEmpty)
        }
    }

    @Test("Figures in groups")
    func figures() {
        #expect(rules.digitsAloud("1042") == "one zero, four two")
        #expect(rules.digitsAloud("10427") == "one zero, four two seven")
        #expect(rules.digitsAloud("A-104") == "A one, zero four")
        #expect(rules.digitsAloud("") == "")
        #expect(rules.digitsAloud("20450012345678").split(separator: ", ").count == 5)
        #expect(
            rules.phoneAloud("+380671234567") == "plus three eight zero, six seven, one two three, four five, six seven"
        )
        #expect(rules.phoneAloud("+15551234567") == "plus one, five five five, one two three, four five six seven")
        #expect(rules.phoneAloud("112") == "one one two")
        for count in 1...20 {
            let figures = String(repeating: "7", count: count)
            #expect(rules.digitsAloud(figures).replacing(",", with: "").words.count == count)
        }
    }

    @Test("Times, days, lists, ordinals")
    func others() {
        #expect(
            [0, 720, 540, 1260, 545, 1350, 870].map(rules.timeOfDay) == [
                "midnight", "noon", "nine in the morning", "nine in the evening", "nine oh five in the morning",
                "ten thirty at night",
                "two thirty in the afternoon",
            ])
        #expect(rules.weekdays([1, 2, 3, 4, 5, 6]) == "Monday to Saturday")
        #expect(rules.weekdays([3, 1]) == "Monday and Wednesday")
        #expect(rules.weekdays([1, 2, 3, 6, 7]) == "Monday to Wednesday, Saturday and Sunday")
        #expect(rules.weekdays([1, 2, 3, 4, 5, 6, 7]) == "every day")
        #expect(rules.weekdays([0, 8]) == "")
        #expect(rules.list(["a"]) == "a" && rules.list(["a", "b", "c"]) == "a, b and c" && rules.list([]) == "")
        #expect(
            [1, 3, 12, 20, 21, 100, 112, -1].map(rules.ordinalWord) == [
                "first", "third", "twelfth", "twentieth", "twenty first", "one hundredth", "one hundred twelfth",
                "last",
            ])
    }

    static let texts = [
        ("$19.00", "nineteen dollars"),
        ("It is ₴120.50 now.", "It is one hundred twenty hryvnias and fifty kopiykas now."),
        ("Call +380 67 123-45-67!", "Call plus three eight zero, six seven, one two three, four five, six seven!"),
        ("Your order 1042 is ready.", "Your order one zero, four two is ready."),
        ("order #1042", "order one zero, four two"),
        ("1.5 l", "one and a half liters"), ("500 g of flour", "five hundred grams of flour"),
        ("50% off", "fifty percent off"),
        ("Open 24/7", "Open twenty four seven"), ("until 21:00", "until nine in the evening"),
        ("at 9 p.m. today", "at nine in the evening today"),
        ("Mon-Sat 9:00–21:00", "Monday to Saturday nine in the morning to nine in the evening"),
        ("30-60 min", "thirty to sixty minutes"), ("7UP", "seven up"), ("WD-40", "W D forty"),
        ("AA batteries", "double A batteries"),
        ("M&M's", "M and M's"), ("19.50 USD", "nineteen dollars and fifty cents"),
        ("120 грн", "one hundred twenty hryvnias"), ("5€", "five euros"),
        ("since 2012", "since twenty twelve"), ("2026-03-02", "March second, twenty twenty six"),
        ("No. 5", "number five"),
        ("Dr. Pepper (0.5 l)", "doctor Pepper, half a liter"), ("shop@example.com", "shop at example dot com"),
        ("and/or", "and or"),
        ("1,000,000 items", "one million items"), ("12345678", "one two three, four five six, seven eight"),
        ("3.14 — really…", "three point one four, really."),
        ("-5°", "minus five degrees"), ("<speak>Hi &amp; bye</speak>", "speak Hi and amp; bye speak"),
        ("🍕 \u{7}pizza\u{0}", "pizza"), ("", ""), ("!?", ""),
        ("first\nsecond", "first, second"), ("Yes. No? Maybe!", "Yes. No? Maybe!"),
        ("e.g. cheese", "for example cheese"), ("Плата 5 грн.", "Плата five hryvnias."),
    ]

    @Test("Any text", arguments: texts)
    func forEar(text: String, expected: String) {
        #expect(rules.forEar(text) == expected)
    }

    @Test("What is worded stays as it is")
    func idempotent() {
        for (text, _) in Self.texts {
            let once = rules.forEar(text)
            #expect(rules.forEar(once) == once)
            #expect(!once.contains { $0.isNumber || $0.isSymbol })
        }
    }

    @Test("A long text is worded in time that grows with its length")
    func long() {
        let text = String(repeating: "Order 1042: 2 × 1.5 l for $19.50 (№ 5), 9:00-21:00. ", count: 500)
        let expected = rules.forEar("Order 1042: 2 × 1.5 l for $19.50 (№ 5), 9:00-21:00.")
        #expect(rules.forEar(text).hasPrefix(expected))
        #expect(rules.forEar(text).count >= expected.count * 500)
    }
}
