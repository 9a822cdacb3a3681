// Of many names those that sound like something in the utterance, however it was misheard.

import Audio
import Testing

@testable import Hearing

@Suite("Names that an utterance may hold") struct PhraseProposerTests {
    private let pronunciations = [
        "kettle": ["K EH T AH L"], "kettles": ["K EH T AH L Z"], "cattle": ["K AE T AH L"], "pizza": ["P IY T S AH"],
        "tea": ["T IY"], "green": ["G R IY N"], "lamp": ["L AE M P"], "battery": ["B AE T ER IY"],
    ]

    private func proposer(_ names: String...) throws -> PhraseProposer {
        let phrases = names.enumerated().map {
            Assortment.Phrase(words: $1.split(separator: " ").map(String.init), thing: $0, kind: 0)
        }
        return PhraseProposer(Assortment(phrases: phrases), pronunciations: pronunciations, map: try englishPhoneMap())
    }

    private func heard(_ phones: String) -> [String] { phones.split(separator: " ").map(String.init) }

    @Test(
        "The nearest come first",
        arguments: [
            ("K EH T AH L", "kettle"),
            // in a sentence: "a kettle please"
            ("AH K EH T AH L P L IY Z", "kettle"),
            // one phone for another of its family, one missing, one too many
            ("G R IY M T IY", "green tea"), ("P IY S AH", "pizza"), ("B AE T ER D IY", "battery"),
        ])
    func nearest(phones: String, name: String) throws {
        let proposer = try proposer("kettle", "pizza", "green tea", "lamp", "battery", "cattle")
        let best = proposer.propose(heard: heard(phones), most: 1)
        #expect(best.map { $0.words.joined(separator: " ") } == [name])
    }

    @Test("All ways to say a thing come together") func ways() throws {
        let assortment = Assortment(phrases: [
            .init(words: ["kettle"], thing: 7, kind: 0), .init(words: ["lamp"], thing: 8, kind: 0),
            .init(words: ["kettles"], thing: 7, kind: 0),
        ])
        let proposer = PhraseProposer(assortment, pronunciations: pronunciations, map: try englishPhoneMap())
        #expect(proposer.propose(heard: heard("K EH T AH L"), most: 1).map(\.words) == [["kettle"], ["kettles"]])
    }

    @Test("Nothing heard, nothing proposed; strange phones are passed over") func nothing() throws {
        let proposer = try proposer("kettle", "lamp")
        #expect(proposer.propose(heard: []).isEmpty)
        #expect(proposer.propose(heard: ["SIL", "?"]).isEmpty)
        #expect(proposer.propose(heard: heard("? L AE M P"), most: 1).map(\.words) == [["lamp"]])
    }
}
