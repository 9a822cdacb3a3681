// Sound that was not heard for sure is heard again: when, and what the hearings say together.

import Audio
@testable import Hearing
import Testing

@Suite struct RehearingTests {
    private func heard(_ words: String, _ confidence: Double) -> Hypothesis {
        Hypothesis(words: words.split(separator: " ").map(String.init), confidence: confidence)
    }

    @Test func hearingsThatAgreeAreBelievedAndOneAloneIsNot() throws {
        let agreeing = Rehearing.together([heard("a tea", 0.4), heard("a tea", 0.5), heard("a tea", 0.3)], of: 3)
        #expect(agreeing.map(\.text) == ["a tea"])
        #expect(try #require(agreeing.first).confidence > 0.5)
        let divided = Rehearing.together([heard("a tea", 0.89), heard("eighty", 0.4), heard("a pea", 0.4)], of: 3)
        #expect(divided.map(\.text) == ["a tea", "eighty", "a pea"])
        #expect(try #require(divided.first).confidence < 0.34)
    }

    @Test func twoOfThreeOutvoteTheOneThatWasSurer() {
        let hearings = [heard("five jam", 0.7), heard("I'm done", 0.6), heard("I'm done", 0.6)]
        #expect(Rehearing.together(hearings, of: 3).map(\.text) == ["I'm done", "five jam"])
    }

    @Test func aHearingWithoutWordsCountsAgainstTheOthers() throws {
        let alone = try #require(Rehearing.together([heard("yes", 0.8), heard("yes", 0.8)], of: 3).first)
        #expect(alone.confidence < 0.65)
        #expect(try #require(Rehearing.together([heard("yes", 0.8), heard("yes", 0.8)], of: 2).first).confidence > 0.9)
    }

    @Test func twoSureHearingsOfTheSameWordsNeedNoThird() {
        #expect(Rehearing.isSettled([heard("yes", 0.7), heard("yes", 0.6)]))
        #expect(!Rehearing.isSettled([heard("yes", 0.7), heard("yet", 0.6)]))
        #expect(!Rehearing.isSettled([heard("yes", 0.4), heard("yes", 0.3)]))
        #expect(!Rehearing.isSettled([heard("yes", 0.7)]))
    }
}
