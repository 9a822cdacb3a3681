// The template language: what it reads and what it refuses.

import Commerce
import Testing

@testable import Understanding

@Suite("Templates")
struct TemplateTests {
    @Test("A template is a tree of words, alternatives, options, repetitions, rules and places")
    func tree() throws {
        let template = try Template(parsing: "[please] (add|buy) <item>+ {digits:order_number}")
        #expect(
            template
                == .sequence([
                    .optional(.word("please")), .choice([.word("add"), .word("buy")]), .repeated(.rule("item")),
                    .place(.digits, .orderNumber),
                ]))
    }

    @Test("Branches and options can say how likely they are")
    func weights() throws {
        let template = try Template(parsing: "(/3/ a|one) [/0.1/ please]")
        #expect(
            template
                == .sequence([
                    .choice([.weighted(3, .word("a")), .word("one")]), .optional(.weighted(0.1, .word("please"))),
                ]))
    }

    @Test(
        "A mistake is named with its place",
        arguments: [
            ("(add", "“)” is missing"), ("add)", "a closing bracket"), ("[]", "nothing stands here"),
            ("", "nothing stands here"),
            ("{pizza}", "a place is one of product, category"), ("{digits:color}", "is no slot"),
            ("<item", "“>” is missing"),
            ("a || b", "nothing stands here"), ("50% off", "“%” means nothing"),
            ("(/x/ a|b)", "a weight is a number above 0"), ("(/0/ a|b)", "a weight is"), ("(/2 a|b)", "a weight is"),
            ("[/1/ a]", "a likelihood below 1"),
        ])
    func mistakes(text: String, reason: String) {
        let error = #expect(throws: TemplateError.self) { try Template(parsing: text) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.template == text)
    }

    @Test(
        "Slips between words are counted",
        arguments: [
            ("pizza", "piza", 1), ("pizza", "pizza", 0), ("margherita", "magrherita", 1), ("cola", "soda", 2),
            ("", "ab", 2),
        ])
    func distance(left: String, right: String, slips: Int) {
        #expect(editDistance(Array(left.utf8), Array(right.utf8), limit: 2) == slips)
    }
}
