// What of a text may be kept: tables of what goes, what has to stay readable, and what must never survive.

import Foundation
import Language
import Testing

@testable import Privacy

@Suite struct RedactorTests {
    private let redactor: Redactor

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        redactor = Redactor(rules: try EnglishRules.load(from: root.appending(path: "Models/en")))
    }

    @Test(arguments: [
        "two large pepperoni pizzas and one cola", "half a kilo of cheese", "a couple of coffees",
        "change the second one to three", "I would like twenty five of them", "", "is that a 1.5 l bottle",
    ])
    func shoppingStaysReadable(text: String) {
        #expect(redactor.text(text, asked: .nothing, form: .redacted) == text)
        #expect(redactor.text(text, asked: .nothing, form: .full) == text)
    }

    @Test(arguments: [
        ("my number is +380 67 123-45-67 thanks", "my number is +••• thanks"),
        ("call oh six seven one two three four five six seven please", "call ••• please"),
        ("call 0671234567", "call •••"),
        ("where is order one zero four two", "where is order •••"),
        ("it is ten forty two", "it is •••"),
        ("my code is 1234.", "my code is •••."),
        ("double five double two and nothing else", "••• and nothing else"),
        ("write to anna.k@example.com, please", "write to ••• please"),
        ("(067) 123 45 67", "(•••"),
    ])
    func runsOfFiguresGo(text: String, kept: String) {
        #expect(redactor.text(text, asked: .nothing, form: .redacted) == kept)
        // Where all is to be kept they stay: they are no card.
        #expect(redactor.text(text, asked: .nothing, form: .full) == text)
    }

    @Test(arguments: [
        "4242 4242 4242 4242", "4242424242424242", "4242-4242-4242-4242", "42 42 42 42 42 42 42 42", "4222222222222",
        "6304 0000 0000 0000 000", "4242.4242.4242.4242 12/29 123", "4242 4242, uh, 4242 and then 4242",
        "four two four two four two four two four two four two four two four two",
        "forty two forty two forty two forty two forty two forty two forty two forty two",
        "four two four two four two four two uh four two four two then four two four two",
        "four two 4 2 four two 42 four two four two 4242", "４２４２ ４２４２ ４２４２ ４２４２",
        "double four double two double four double two double four double two double four double two",
        "4242/4242x4242_4242",
    ])
    func cardsNeverSurvive(card: String) throws {
        for form in [RetentionForm.redacted, .full] {
            for text in ["\(card)", "one cola please and my card is \(card) thanks"] {
                let kept = try #require(redactor.text(text, asked: .nothing, form: form))
                #expect(!kept.contains { $0.isNumber }, "\(kept)")
                for word in ["four", "forty", "two"] { #expect(!kept.contains(word), "\(kept)") }
            }
        }
    }

    @Test func aReadBackWithManyNumbersIsNoCard() {
        let text = """
            So: two large pepperoni pizzas, nineteen dollars, three small colas, four dollars fifty, one kilo of cheese, twelve \
            dollars, and five packs of napkins, ten dollars. Together forty five dollars and fifty cents, to the counter.
            """
        #expect(redactor.text(text, asked: .nothing, form: .full) == text)
    }

    @Test(arguments: RetentionForm.allCases) func whatIsSaidToAPINIsKeptInNoForm(form: RetentionForm) {
        let kept = redactor.text("one two it's four I think", asked: .secret, form: form)
        #expect(kept == (form >= .redacted ? Redactor.mark : nil))
        let slots = redactor.slots(["digits": "1234", "topic": "12"], asked: .secret, form: form)
        #expect(slots.values.allSatisfy { $0 == Redactor.mark })
    }

    @Test func offAndStatisticsKeepNoText() {
        for form in [RetentionForm.off, .statistics] {
            #expect(redactor.text("two colas", asked: .nothing, form: form) == nil)
            #expect(redactor.slots(["query": "cola"], asked: .nothing, form: form).isEmpty)
        }
    }

    @Test func addressesGoAsAWholeAndWhereTheyAreRepeated() {
        let said = "five lake street near the pharmacy"
        #expect(redactor.text(said, asked: .personal, form: .redacted) == Redactor.mark)
        #expect(redactor.text(said, asked: .personal, form: .full) == said)
        let reply = "Two pizzas, to Five Lake Street. Shall I place the order?"
        #expect(
            redactor.text(reply, asked: .nothing, form: .redacted, known: ["five lake street", ""])
                == "Two pizzas, to •••. Shall I place the order?")
    }

    @Test func slotsByTheirNames() {
        let slots = [
            "address": "five lake street", "phone": "+380671234567", "order_number": "1042", "query": "cola",
            "digits": "77",
        ]
        #expect(
            redactor.slots(slots, asked: .nothing, form: .redacted) == [
                "address": "•••", "phone": "•••", "order_number": "•••", "query": "cola", "digits": "•••",
            ])
        #expect(redactor.slots(slots, asked: .nothing, form: .full) == slots)
        #expect(
            redactor.slots(["digits": "4242424242424242"], asked: .nothing, form: .full) == ["digits": Redactor.mark])
    }

    @Test func anyTextIsWorkInProportion() {
        let text = String(repeating: "1 two, ", count: 20_000) + String(repeating: "\u{0}\u{FFFD}@é", count: 5_000)
        #expect(redactor.text(text, asked: .nothing, form: .redacted) != nil)
    }
}

/// Private details that have no figures to be known by.
@Suite struct PersonalPlacesTests {
    private let rules: EnglishRules
    private let redactor: Redactor

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        rules = try EnglishRules.load(from: root.appending(path: "Models/en"))
        redactor = Redactor(rules: rules)
    }

    @Test(arguments: [
        ("deliver to five lake street please", "deliver to ••• please"),
        ("bring it to Lake Street 5, flat 12", "bring it to •••, •••"),
        ("thirty one b old mill lane", "•••"), ("we are at 7 green hill square", "we are at •••"),
        ("on khreshchatyk street", "on •••"), ("apartment twelve please", "••• please"),
        ("my name is zlata and i want a pizza", "my name is ••• and i want a pizza"),
        ("this is Anna Kovalenko calling", "this is ••• calling"),
        ("tell oksana that it is late", "tell ••• that it is late"),
        ("anna dot k at gmail dot com please", "••• please"), ("my mail is a n n a at ukr dot net", "my mail is •••"),
        ("write to anna @ example.com", "write to •••"), ("it is z at mail dot example dot org", "it is •••"),
        ("a cake for myroslava please", "a cake for ••• please"), ("it's wojciech speaking", "it's ••• speaking"),
        ("for grace", "for •••"), ("this is mark young", "this is •••"), ("rose here", "••• here"),
        ("bondarenko", "•••"), ("aisha miller wants two colas", "••• wants two colas"),
        ("hi noor i would like a pizza", "hi ••• i would like a pizza"),
    ])
    func theyGo(text: String, kept: String) {
        #expect(redactor.text(text, asked: .nothing, form: .redacted) == kept)
        #expect(redactor.text(text, asked: .nothing, form: .full) == text)
    }

    @Test(arguments: [
        "this is too expensive", "i am hungry", "it's for tomorrow", "on which street are you", "no way",
        "go down the road",
        "is there a place to park", "at nine point five", "i am at home", "meet me at the office",
        "a margherita and a caesar salad",
        "call me when it is ready", "the cheaper one at the top",
        // Unknown words where things are spoken of, and names that are plain words where no name stands.
        "do you have khachapuri", "a shakshuka and two quesadillas please", "mark that",
        "a rose and a bottle of frascati",
        "without jalapenos", "i didn't say that", "it's here", "for two", "this is it",
    ])
    func talkStays(text: String) {
        #expect(redactor.text(text, asked: .nothing, form: .redacted) == text)
    }

    @Test func whatTheShopSpeaksOfIsNobodysName() {
        let shop = Redactor(rules: rules) { ["borjomi", "klara"].contains($0) }
        #expect(shop.text("borjomi and klara bulbs", asked: .nothing, form: .redacted) == "borjomi and klara bulbs")
        #expect(redactor.text("borjomi", asked: .nothing, form: .redacted) == "•••")
    }

    @Test func groupsOfACardAreKnownHoweverTheyAreSaid() {
        #expect(redactor.isMadeOfFigures("four two four two") && redactor.isMadeOfFigures("4242"))
        #expect(!redactor.isMadeOfFigures("where is order 1042") && !redactor.isMadeOfFigures("two colas"))
    }
}
