// What a mistyped word can have been meant to be.

import Commerce

/// Finds vocabulary words near a word that is not one.
struct Spelling: Sendable {
    private let byLength: [[(letters: [UInt8], word: Int32)]]

    /// Words with figures in them are left out: a number is never a misspelling.
    init(_ words: WordTable) {
        var byLength = [[(letters: [UInt8], word: Int32)]](repeating: [], count: 32)
        for (number, word) in words.words.enumerated() {
            let letters = Array(word.utf8)
            guard letters.count < byLength.count, !letters.contains(where: { (0x30...0x39).contains($0) }) else {
                continue
            }
            byLength[letters.count].append((letters, Int32(number)))
        }
        self.byLength = byLength
    }

    /// One slip in a word of four letters or more, two in one of eight or more; the first letter is mostly right.
    func readings(of word: String) -> [Utterance.Reading] {
        let letters = Array(word.utf8)
        let slips = letters.count >= 8 ? 2 : letters.count >= 4 ? 1 : 0
        guard slips > 0, !letters.contains(where: { (0x30...0x39).contains($0) }) else { return [] }
        var found: [Utterance.Reading] = []
        for length in max(3, letters.count - slips)...(letters.count + slips) where length < byLength.count {
            for (candidate, number) in byLength[length] where candidate.first == letters.first {
                // In a short word one letter for another is mostly a different word: "wine" is no "wing".
                if letters.count == 4, candidate.count == 4, letters.sorted() != candidate.sorted() { continue }
                let distance = editDistance(letters, candidate, limit: slips)
                if distance <= slips { found.append(.init(word: number, cost: 0.3 + 0.3 * Double(distance))) }
            }
        }
        return found
    }
}
