// Text as people compare it: without case, accents and punctuation, as words.

private import Foundation

enum Folding {
    /// `"Łódź, Złota 5"` → `["łodz", "złota", "5"]`. Apostrophes are part of their word and vanish, all else splits.
    static func words(_ text: String) -> [String] {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        let folded =
            isPlain
            ? text.lowercased()
            : text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        var words: [String] = []
        var word = ""
        for letter in folded {
            if letter.isLetter || letter.isNumber {
                word.append(letter)
            } else if !"'’ʼ".contains(letter), !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Whether `part` stands in `whole`, word for word and without a gap.
    static func contains(_ whole: [String], _ part: [String]) -> Bool {
        guard !part.isEmpty, part.count <= whole.count else { return false }
        return (0...(whole.count - part.count)).contains { whole[$0...].starts(with: part) }
    }
}
