// Text on its way to the voice: sentences, signs that a voice must not see, respellings.

import Testing

@testable import Speaking

@Suite("Wording for the voice")
struct WordingTests {
    @Test(
        "Sentences",
        arguments: [
            ("Two pizzas, nineteen dollars. Anything else?", ["Two pizzas, nineteen dollars.", "Anything else?"]),
            ("Yes", ["Yes"]), ("Really?! Yes… no", ["Really?!", "Yes…", "no"]), ("", []), (" \n ", []), ("?!", []),
            ("🍕", []),
            ("one.two", ["one.two"]), ("Так. Ні!", ["Так.", "Ні!"]),
        ])
    func sentences(text: String, expected: [String]) {
        #expect(Wording.sentences(of: text) == expected)
    }

    @Test("No sentence is too long for its first sample to come soon, and no word is lost")
    func longText() {
        let words = (0..<5000).map { "word\($0)" }
        for separator in [" ", ", ", ". "] {
            let sentences = Wording.sentences(of: words.joined(separator: separator))
            #expect(sentences.allSatisfy { $0.count <= Wording.longestSentence })
            let all = sentences.joined(separator: " ").split { !$0.isLetter && !$0.isNumber }.map(String.init)
            #expect(all == words)
        }
        let endless = String(repeating: "a", count: 1000)
        #expect(Wording.sentences(of: endless).joined() == endless)
    }

    @Test("Commands of the engine, controls and pictures do not reach it")
    func plain() {
        #expect(Wording.plain("a\u{1}9Sb\u{0}\u{1B}c\r\n\u{202E}d\u{200B}e 🍕 f\u{2028}g") == "a 9Sb c de f g")
        #expect(Wording.plain("naïve «так» 5 € – ok") == "naïve «так» 5 € – ok")
    }

    @Test("Whole words are respelled, parts of words are not")
    func respelled() {
        let spellings = ["hryvnia": "hrivnia", "st": "saint"]
        #expect(Wording.respelled("One Hryvnia, st best!", spellings) == "One hrivnia, saint best!")
        #expect(Wording.respelled("hryvniax", spellings) == "hryvniax")
        #expect(Wording.respelled("", spellings) == "")
    }
}
