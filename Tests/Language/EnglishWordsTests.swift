// Tokens, titles and plurals of English.

import Testing

@testable import Language

@Suite("English words")
struct EnglishWordsTests {
    let rules: EnglishRules
    init() throws { rules = try Support.english() }

    @Test(
        "One spelling for what means the same",
        arguments: [
            ("Two PIZZAS, please!", "two pizzas please"), ("2x pizza", "2 pizza"), ("pizza x2", "pizza 2"),
            ("2 × cola", "2 cola"), ("8 x 10", "8 by 10"), ("7UP", "7 up"), ("WD-40", "wd 40"), ("wd40", "wd 40"),
            ("M&M’s", "m and m's"), ("Jalapeño & crème brûlée", "jalapeno and creme brulee"), ("Ø", "o"),
            ("$5", "5 dollars"), ("5€", "5 euros"), ("₴120", "120 hryvnias"), ("50%", "50 percent"),
            ("1,000.50", "1000.50"), ("½ kilo", "0.5 kilo"), ("1½ kg", "1.5 kg"), ("500g", "500 g"),
            ("2nd one", "2nd one"),
            ("-2 pizzas", "minus 2 pizzas"), ("9:30 a.m.", "9 30 am"), ("don't", "don't"),
            ("'tis the kids'", "tis the kids"),
            ("yes.no", "yes no"), ("піца йогурт", "піца йогурт"), ("🍕\u{0}\u{7}", ""), ("", ""),
            ("02.03.2026", "02 03 2026"),
            ("cheese+onion", "cheese and onion"), ("usb-c", "usb c"), ("flat 12b", "flat 12 b"),
        ])
    func tokens(text: String, expected: String) {
        #expect(rules.tokens(of: text).joined(separator: " ") == expected)
    }

    @Test("The atoms of any text are all of it")
    func atoms() {
        for text in ["a.m. 1,000½x2 «Ø» — 3/4/5 don’t\r\n\t🍕🇺🇦", "1.2.3,4", "'a'.b.c.", "１２ ٣", "\u{301}a"] {
            #expect(Atom.atoms(of: text).map(\.raw).joined() == text)
        }
    }

    @Test(
        "Titles as callers say them",
        arguments: [
            ("7UP", ["seven up"]), ("WD-40", ["w d forty"]), ("M&M's", ["m and m's"]), ("Café Crème", ["cafe creme"]),
            ("1.5 l", ["one and a half liters", "one point five liters"]),
            ("Coca-Cola 0.5L", ["coca cola half a liter", "coca cola zero point five liters"]),
            ("AA batteries 4-pack", ["double a batteries four pack"]), ("USB-C cable 2m", ["usb c cable two meters"]),
            ("2 l bottle", ["two liter bottle"]), ("BMW X5", ["b m w x five"]), ("MARS", ["mars"]),
            ("COCA COLA", ["coca cola"]),
            ("HDMI 2.1", ["h d m i two point one"]), ("PlayStation 5", ["playstation five", "play station five"]),
            ("Levi's 501", ["levi's five hundred one", "levi's five oh one"]), ("Ben & Jerry's", ["ben and jerry's"]),
            ("Dr. Pepper", ["doctor pepper"]), ("Milk 2.5% 1 l", ["milk two point five percent one liter"]),
            ("55\" TV", ["fifty five inch tv"]), ("Pizza (large)", ["pizza large", "pizza"]),
            ("3-in-1 coffee", ["three in one coffee"]),
            ("6x0.33 l beer", ["six by zero point three three liter beer"]), ("Model 2020", ["model twenty twenty"]),
            ("5G router", ["five g router"]), ("Plate Ø 20 cm", ["plate twenty centimeters"]),
            ("1st Aid Kit", ["first aid kit"]),
        ])
    func titles(title: String, expected: [String]) {
        let forms = rules.spokenForms(of: title).map { $0.joined(separator: " ") }
        #expect(forms.first == expected.first)
        for form in expected { #expect(forms.contains(form), "\(title): \(form) is not in \(forms)") }
    }

    @Test("A form has only what is pronounced, and there are never too many")
    func formsArePronounced() {
        let titles = [
            "6x0.33 l / 1,000 + 2020 & \"AAA\" (9.99 €) XXL USB 501 №7 — 2½", "¡!", "🍕", "", "007", "1 2 3 4 5 6 7 8 9",
            String(repeating: "XL 1.5 ", count: 40), "99999999999999999999 things", "Піца 2",
        ]
        for title in titles {
            let forms = rules.spokenForms(of: title)
            #expect(forms.count <= 24)
            #expect(Set(forms).count == forms.count)
            #expect(forms.isEmpty == !title.contains { $0.isLetter || $0.isNumber }, "\(title)")
            for word in forms.joined() {
                #expect(!word.isEmpty && word.allSatisfy { $0.isLetter || $0 == "'" }, "\(title): \(word)")
            }
        }
    }

    @Test(
        "A title without how much is in it",
        arguments: [
            ("Coca-Cola 0.5 L", "Coca-Cola"), ("AA batteries, 4-pack", "AA batteries"), ("6x0.33 l beer", "beer"),
            ("Pizza (large) 30 cm", "Pizza"), ("iPhone 15 128 GB", "iPhone 15 128 GB"), ("9 V battery", "9 V battery"),
            ("7UP 1.5 l", "7UP"), ("WD-40 200 ml", "WD-40"), ("0.5 l", "0.5 l"), ("Milk 2.5% 1 l", "Milk 2.5%"),
            ("3-in-1 coffee", "3-in-1 coffee"), ("Ben & Jerry's 465 ml", "Ben & Jerry's"),
        ])
    func withoutMeasures(title: String, expected: String) {
        #expect(rules.withoutMeasures(title) == expected)
    }

    @Test(
        "Several of a thing",
        arguments: [
            ("pizza", "pizzas"), ("bottle of water", "bottles of water"), ("box", "boxes"), ("cherry", "cherries"),
            ("toy", "toys"),
            ("loaf of bread", "loaves of bread"), ("knife", "knives"), ("tomato", "tomatoes"), ("photo", "photos"),
            ("pepperoni pizza with extra cheese", "pepperoni pizzas with extra cheese"), ("glass", "glasses"),
            ("t-shirt", "t-shirts"),
            ("cola one point five liters", "colas one point five liters"), ("cola half a liter", "colas half a liter"),
            ("toothbrush", "toothbrushes"), ("french fries", ""), ("rice", ""), ("white bread", "white breads"),
            ("sour cream", "sour creams"), ("grilled salmon", ""),
            ("ice cream", "ice creams"), ("m and m's", ""), ("w d forty", ""), ("children", ""), ("", ""),
            ("aa batteries four pack", ""),
        ])
    func plurals(phrase: String, expected: String) {
        #expect(
            rules.plurals(of: phrase.words).map { $0.joined(separator: " ") } == (expected.isEmpty ? [] : [expected]))
    }

    @Test(
        "One of what is named as several",
        arguments: [
            ("black olives", "black olive"), ("cherries", "cherry"), ("glasses", "glass"), ("bus", ""), ("cola", ""),
        ])
    func singulars(several: String, one: String) {
        let found = rules.singulars(of: several.split(separator: " ").map(String.init)).map {
            $0.joined(separator: " ")
        }
        #expect(one.isEmpty ? found.isEmpty : found.contains(one), "\(found)")
    }

    @Test(
        "A title agrees with its number",
        arguments: [
            ("pizza", 1000, "pizza"), ("pizza", 2000, "pizzas"), ("pizza", 500, "pizza"), ("pizza", 1500, "pizzas"),
            ("pizza", 0, "pizzas"),
            ("Coca-Cola 0.5 L", 2000, "Coca-Colas 0.5 L"), ("TV", 2000, "TVs"),
            ("Jalapeño burger", 3000, "Jalapeño burgers"),
            ("Knife", 2000, "Knives"), ("Cherry", 2000, "Cherries"), ("Cherry pie, small", 2000, "Cherry pies, small"),
            ("AA batteries (4-pack)", 2000, "AA batteries (4-pack)"), ("7UP", 2000, "7UP"),
            ("Rice 1 kg", 3000, "Rice 1 kg"),
            ("Pizza (large)", 2000, "Pizzas (large)"), ("Bottle of water", 2000, "Bottles of water"), ("", 2000, ""),
        ])
    func counted(title: String, thousandths: Int, expected: String) {
        #expect(rules.counted(title, thousandths: thousandths) == expected)
    }
}
