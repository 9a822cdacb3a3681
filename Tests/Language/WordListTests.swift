// Words looked up in a sorted file: those that are in it are found, and no other.

import Foundation
import Language
import Testing

@Suite struct WordListTests {
    @Test func everyWordIsFoundAndNoOther() {
        let words = ["a", "ab", "abc", "b", "don't", "zz", "ü"]
        for end in ["\n", ""] {
            let list = WordList(sorted: Array((words.joined(separator: "\n") + end).utf8))
            for word in words { #expect(list.contains(word), "\(word)") }
            for word in ["", "aa", "abcd", "c", "don", "z", "zzz", "A", "a\nab"] {
                #expect(!list.contains(word), "\(word)")
            }
        }
        #expect(!WordList(sorted: []).contains("a") && WordList(sorted: []).isEmpty)
    }

    @Test func aWordOfAnyFileIsFound() throws {
        let file = Support.models.appending(path: "en/plain-words.txt")
        let list = WordList(sorted: Array(try Data(contentsOf: file)))
        let words = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(words.count > 40_000 && words == words.sorted())
        #expect(words.allSatisfy { list.contains($0) })
    }
}
