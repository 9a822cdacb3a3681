// Text as people compare it: without case, accents and punctuation, as words.

private import Foundation

enum Folding {
    /// `"Łódź, Złota 5"` → `["łodz", "złota", "5"]`. Apostrophes are part of their word and vanish, all else splits.
    static func words(_ text: String) -> [String] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return plainWords(text) }
        let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
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

    /// The same for ASCII, by bytes: a catalogue of 50,000 products has millions of letters.
    private static func plainWords(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            if (0x61...0x7A).contains(byte | 0x20) {
                word.append(byte | 0x20)
            } else if (0x30...0x39).contains(byte) {
                word.append(byte)
            } else if byte != UInt8(ascii: "'"), !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// Whether `part` stands in `whole`, word for word and without a gap.
    static func contains(_ whole: [String], _ part: [String]) -> Bool {
        guard !part.isEmpty, part.count <= whole.count else { return false }
        return (0...(whole.count - part.count)).contains { whole[$0...].starts(with: part) }
    }
}
