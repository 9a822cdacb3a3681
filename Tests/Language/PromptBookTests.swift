// Prompts: what templates can say, in English and in a language with cases and three plurals, and what is wrong with bad ones.

import Foundation
import Testing

@testable import Language

@Suite("Prompts")
struct PromptBookTests {
    let rules: EnglishRules
    init() throws { rules = try Support.english() }

    private func render(_ template: String, _ values: [String: PromptValue] = [:]) throws -> Spoken {
        try PromptBook(["key": [template]], file: "test").render("key", values, variant: 0, rules: rules)
    }

    @Test("The reply of the contract")
    func contract() throws {
        let reply = try render(
            "{count} {size} {product, count, count}, {total}. Anything else?",
            [
                "count": .count(thousandths: 2000), "size": .text("large"),
                "product": .name("pepperoni pizza", forms: [:]),
                "total": .money(minorUnits: 1900, digits: 2, currency: "USD"),
            ])
        #expect(reply.text == "Two large pepperoni pizzas, nineteen dollars. Anything else?")
        #expect(reply.speech == reply.text)
    }

    @Test("One reply for the eye and one for the ear")
    func eyeAndEar() throws {
        let number = try render("your order number is {number}.", ["number": .orderNumber("1042")])
        #expect(number.text == "Your order number is 1042.")
        #expect(number.speech == "Your order number is one zero, four two.")
        let phone = try render("we call {phone}", ["phone": .phone("+15551234567")])
        #expect(phone.text == "We call +15551234567")
        #expect(phone.speech.hasSuffix("four five six seven"))
        let title = try render("{what}?", ["what": .text("7UP 0.5 l")])
        #expect(title.text == "7UP 0.5 l?")
        #expect(title.speech == "Seven up half a liter?")
        let list = try render("{items}", ["items": .list([.text("WD-40"), .text("cola"), .count(thousandths: 3000)])])
        #expect(list.text == "WD-40, cola and three")
        #expect(list.speech == "W D forty, cola and three")
        let literal = try render("open 24/7, {when}", ["when": .time(minutes: 540)])
        #expect(literal.text == "Open 24/7, nine in the morning")
        #expect(literal.speech == "Open twenty four seven, nine in the morning")
    }

    @Test("Plural, exact numbers, select and quotes")
    func choices() throws {
        let template =
            "{n, plural, =0 {nothing} one {# item} other {# items}} {how, select, pickup {at the counter} other {by {how}}}"
        func text(_ n: Int, _ how: String) throws -> String {
            try render(template, ["n": .count(thousandths: n), "how": .text(how)]).text
        }
        #expect(try text(0, "pickup") == "Nothing at the counter")
        #expect(try text(1000, "pickup") == "One item at the counter")
        #expect(try text(2500, "courier") == "Two and a half items by courier")
        #expect(
            try render("{list, plural, one {one thing} other {# things}}", ["list": .list([.text("a"), .text("b")])])
                .text == "Two things")
        #expect(try render("it's '{'quoted'}' and '' too").text == "It's {quoted} and ' too")
        #expect(try render("{n, plural, other {'#' #}}", ["n": .count(thousandths: 1000)]).text == "# one")
    }

    @Test("Sentences begin with capitals, spaces and points are tidied")
    func tidied() throws {
        #expect(try render("{a}  . {b} , ok?", ["a": .text("done."), "b": .text("so")]).text == "Done. So, ok?")
        #expect(try render("{a}. next", ["a": .text("really?")]).text == "Really? Next")
        #expect(try render("{a} is here", ["a": .text("iPhone 15")]).text == "iPhone 15 is here")
        #expect(try render("see {a}, yes", ["a": .text("e.g. this")]).text == "See e.g. this, yes")
        #expect(try render("{missing} hello").text == "Hello")
        #expect(try render("{a}{b}", ["a": .text(""), "b": .text("")]).text == "")
        #expect(try render("так. {a}", ["a": .text("ні")]).text == "Так. Ні")
    }

    @Test("Variants go round, a shop's own go first")
    func variants() throws {
        let book = try PromptBook(["greeting": ["one", "two"], "bye": ["bye"]], file: "test")
        func text(_ variant: UInt64, _ own: [String: [String]] = [:]) -> String {
            book.render("greeting", [:], variant: variant, overrides: own, rules: rules).text
        }
        #expect([text(0), text(1), text(2), text(.max)] == ["One", "Two", "One", "Two"])
        #expect(text(1, ["greeting": ["ours"]]) == "Ours")
        #expect(text(0, ["greeting": ["{broken"]]) == "One")
        #expect(book.render("no_such_key", [:], variant: 0, rules: rules).text == "no such key")
        #expect(book.keys == ["greeting", "bye"])
    }

    @Test("What a template asks for is known")
    func placeholders() throws {
        let book = try PromptBook(
            [
                "key": [
                    "{a} {n, plural, one {{b}} other {{c, count, n}}}",
                    "{d, select, x {{e, case, dative}} other {}} {f, agree, g}",
                ]
            ],
            file: "test")
        #expect(book.placeholders(of: "key") == ["a", "n", "b", "c", "d", "e", "f", "g"])
        #expect(book.placeholders(of: "none").isEmpty)
        #expect(book.problems(ofOverrides: ["key": ["{a} ok"]]).isEmpty)
        #expect(book.problems(ofOverrides: ["key": ["{zip}"], "kez": ["hi"], "empty": []]).count == 4)
    }

    @Test(
        "Mistakes are named with their place",
        arguments: [
            ("hello {name", 12, "ends"), ("hello }", 7, "without"), ("{}", 2, "name of a value"),
            ("{n, plural, one {x}}", 13, "'other'"),
            ("{n, plural, two {x} other {", 27, "not closed"), ("{n, plural, lots {x} other {y}}", 13, "'lots'"),
            ("{n, date}", 5, "'date'"),
            ("{k, select, a {x}}", 1, "'other'"), ("{k, select, a x}", 15, "'{'"), ("{n, count}", 10, "','"),
            ("{a b}", 4, "','"),
            ("{n, plural, other {a} other {b}}", 23, "twice"), ("{p, case, }", 11, "a case"),
            ("{p, count, n", 13, "ends"),
        ])
    func mistakes(template: String, position: Int, reason: String) {
        let mistakes = PromptBook.mistakes(in: ["some.key": ["fine", template]])
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("some.key[1], character \(position): ") == true, "\(mistakes)")
        #expect(mistakes.first?.contains(reason) == true, "\(mistakes)")
    }

    @Test("Text of any kind is a template or a mistake, never a crash")
    func anything() {
        var random = SystemRandomNumberGenerator()
        let pieces = ["{", "}", "'", "#", "n", ", ", "plural", "other", "select", "case", "=1", " ", "é", "🍕"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            if let template = try? MessageTemplate(text) {
                let reply = PromptRenderer(values: ["n": .count(thousandths: 1000)], rules: rules).render(template)
                #expect(reply.text.count < 500)
            }
        }
    }

    // MARK: A language with cases and three plurals

    @Test("Three plurals and a case")
    func cases() throws {
        let tongue = Tongue()
        let pizza = PromptValue.name(
            "піца", forms: ["gender": "f", "accusative": "піцу", "few": "піци", "many": "піц"])
        let book = try PromptBook(
            [
                "added": ["Додала {n, agree, product, accusative} {product, count, n, accusative}."],
                "only": ["Беремо {product, case, accusative}"],
            ],
            file: "test")
        func added(_ n: Int) -> String {
            book.render("added", ["n": .count(thousandths: n * 1000), "product": pizza], variant: 0, rules: tongue).text
        }
        #expect(added(1) == "Додала одну піцу.")
        #expect(added(2) == "Додала дві піци.")
        #expect(added(5) == "Додала 5 піц.")
        #expect(added(21) == "Додала 21 піцу.")
        #expect(book.render("only", ["product": pizza], variant: 0, rules: tongue).text == "Беремо піцу")
        let plural = try PromptBook(
            ["n": ["{n, plural, one {# товар} few {# товари} many {# товарів} other {# товару}}"]], file: "test")
        #expect(
            [1, 3, 11].map { plural.render("n", ["n": .count(thousandths: $0 * 1000)], variant: 0, rules: tongue).text }
                == ["Один товар", "3 товари", "11 товарів"])
    }
}
