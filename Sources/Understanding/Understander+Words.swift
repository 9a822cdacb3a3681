// Typed text as words: shorthand, words run together or apart, and counts are brought into the one form that sentences have. Text
// comes in; tokens go out.

import Language

extension Understander {
    /// The words of typed text, with what is meant by shorthand.
    func tokens(typed text: String) -> [String] {
        // Before the text is taken apart, for "w/o", and behind it, for what stood beside a comma.
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let bare = words.map(\.bare)
        let plain = words.indices.map { place in
            let word = words[place].lowercased()
            // "Bulbs x10, cold": so many of what stands before it, and not of what comes.
            if place > 0, let count = times(bare[place].lowercased()) { return "\(count) \(pack.writing.counted)" }
            // "Sea bass x 3."
            if place > 0, place + 1 < words.count, Self.timesMarks.contains(word), isCount(bare[place + 1]) {
                return ""
            }
            if place > 1, Self.timesMarks.contains(words[place - 1].lowercased()), isCount(bare[place]) {
                return "\(bare[place]) \(pack.writing.counted)"
            }
            let isNamed = vocabulary.isName(word, before: place + 1 < words.count ? bare[place + 1] : nil)
            return isNamed ? words[place] : pack.sentences.shorthand[word] ?? words[place]
        }
        let alone = Set(plain.map(\.bare))
        let tokens = joined(rules.tokens(of: plain.joined(separator: " ")))
        return tokens.indices.flatMap { place in
            let token = tokens[place]
            let isNamed = vocabulary.isName(token, before: place + 1 < tokens.count ? tokens[place + 1] : nil)
            // A letter inside of something is none that stands for a word: "5W30".
            return isNamed || token.count == 1 && !alone.contains(token)
                ? [token] : shorthand[token] ?? compound(token) ?? [token]
        }
    }

    /// Whether a no stands by itself: "no, rabbit".
    func corrects(_ text: String) -> Bool {
        text.split(whereSeparator: \.isWhitespace).contains { word in
            word.last?.isPunctuation == true && pack.writing.denying.contains(String(word).bare.lowercased())
        }
    }

    /// "10" of "x10".
    private func times(_ word: String) -> Substring? {
        guard let mark = word.first, Self.timesMarks.contains(String(mark)), isCount(String(word.dropFirst())) else {
            return nil
        }
        return word.dropFirst()
    }

    private static let timesMarks: Set = ["x", "×"]

    private func isCount(_ word: String) -> Bool { !word.isEmpty && word.allSatisfy(\.isNumber) }

    /// "Handsaw" where it is called "hand saw": two words of the shop that were typed as one; nil where it is no such.
    private func compound(_ token: String) -> [String]? {
        guard token.count >= 2 * Self.shortestOfCompound, !knows(token), token.allSatisfy(\.isLetter) else {
            return nil
        }
        for length in Self.shortestOfCompound...(token.count - Self.shortestOfCompound) {
            let words = [String(token.prefix(length)), String(token.dropFirst(length))]
            if vocabulary.isNamed(words) { return words }
        }
        return nil
    }

    /// "Screw driver" where it is called "screwdriver": one word of the shop that was typed as two.
    private func joined(_ tokens: [String]) -> [String] {
        var result: [String] = []
        for token in tokens {
            if let last = result.last, min(last.count, token.count) >= Self.shortestOfCompound,
                !vocabulary.isNamed([last, token]), vocabulary.isName(last + token, before: nil)
            {
                result[result.count - 1] = last + token
            } else {
                result.append(token)
            }
        }
        return result
    }

    /// Shorter words stand in too many others by chance.
    private static let shortestOfCompound = 3
}
