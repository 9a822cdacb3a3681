// What a mistyped word can have been meant to be.

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
                let distance = Self.distance(letters, candidate, limit: slips)
                if distance <= slips { found.append(.init(word: number, cost: 0.3 + 0.3 * Double(distance))) }
            }
        }
        return found
    }

    /// Letters put in, left out, changed, or two swapped (Damerau–Levenshtein, optimal string alignment); `limit + 1`
    /// where it is more than `limit`.
    static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        var before = [Int](repeating: 0, count: right.count + 1)
        var above = Array(0...right.count)
        for row in 1...max(left.count, 1) where row <= left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...max(right.count, 1) where column <= right.count {
                let change = above[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var best = min(change, above[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, before[column - 2] + 1)
                }
                current[column] = best
            }
            guard (current.min() ?? 0) <= limit else { return limit + 1 }
            (before, above) = (above, current)
        }
        return above[right.count]
    }
}
