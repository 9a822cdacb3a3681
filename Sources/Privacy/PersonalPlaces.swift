// Where a sentence names somebody, a place or an e-mail address, by the words beside it. In: tokens, and which of them are numbers.
// Out: ranges of tokens. It looks from each word a few words to either side, so the work grows with the text.

import Language

/// Looks for private details that have no figures of their own to be known by.
struct PersonalPlaces {
    let words: PersonalWords
    let tokens: [String]
    /// For each token whether it belongs to a number.
    let isNumber: [Bool]
    /// Whether a word is known to be no name, beside the plain ones of the language.
    let isPlain: (String) -> Bool

    /// A street has no more words before its kind, a name no more behind its introduction.
    private static let longestName = 3
    /// A spelled e-mail address has no more words before its middle, and between that and the next dot.
    private static let longestMail = 24
    private static let longestHost = 4

    /// Every place, in no order; some may overlap.
    func all() -> [Range<Int>] {
        tokens.indices.flatMap { index in
            [
                street(at: index), part(at: index), mail(at: index), name(behind: index), givenName(at: index),
                likelyName(at: index),
            ].compactMap(\.self)
        }
    }

    /// "five lake street flat twelve", "lake street 5", "on the main street": the kind of street stands at `index`.
    private func street(at index: Int) -> Range<Int>? {
        let isSure = words.streets.contains(tokens[index])
        guard isSure || words.ways.contains(tokens[index]) else { return nil }
        var start = index
        var named = 0
        while start > 0, named < Self.longestName, !isNumber[start - 1], !isEnd(start - 1) {
            start -= 1
            named += 1
        }
        let first = start
        while start > 0, isNumber[start - 1] { start -= 1 }
        let end = numbers(behind: index)
        let hasNumber = start < first || end > index + 1
        guard hasNumber || (isSure && named > 0) else { return nil }
        return start..<end
    }

    /// "flat 12", "apartment twelve b".
    private func part(at index: Int) -> Range<Int>? {
        guard words.parts.contains(tokens[index]) else { return nil }
        let end = numbers(behind: index)
        return end > index + 1 ? index..<end : nil
    }

    /// Behind a word the number that follows, and a letter behind that.
    private func numbers(behind index: Int) -> Int {
        var end = index + 1
        while end < tokens.count, isNumber[end] { end += 1 }
        if end > index + 1, end < tokens.count, tokens[end].count == 1, !isEnd(end) { end += 1 }
        return end
    }

    /// "anna dot k at example dot com", or letter by letter: its middle stands at `index`.
    private func mail(at index: Int) -> Range<Int>? {
        guard words.at.contains(tokens[index]), index > 0 else { return nil }
        let host = tokens[index...].prefix(Self.longestHost + 2)
        guard let dot = host.firstIndex(where: words.dots.contains), dot > index + 1, dot + 1 < tokens.count else {
            return nil
        }
        var end = dot + 2
        while end + 1 < tokens.count, words.dots.contains(tokens[end]) { end += 2 }
        var start = index
        while start > 0, index - start < Self.longestMail, !isEnd(start - 1) || tokens[start - 1].count == 1 {
            start -= 1
        }
        return start < index ? start..<min(end, tokens.count) : nil
    }

    /// "my name is …": what is behind a phrase that ends before `index`.
    private func name(behind index: Int) -> Range<Int>? {
        let isIntroduced = words.introductions.contains { phrase in
            index >= phrase.count && tokens[index - phrase.count..<index].elementsEqual(phrase)
        }
        guard isIntroduced else { return nil }
        return name(from: index)
    }

    /// A name that is known as one, with the one behind it.
    private func givenName(at index: Int) -> Range<Int>? {
        words.names.contains(tokens[index]) ? name(from: index) : nil
    }

    private func name(from index: Int) -> Range<Int>? {
        var end = index
        while end < tokens.count, end - index < Self.longestName, !isNumber[end], !isEnd(end) { end += 1 }
        return end > index ? index..<end : nil
    }

    /// A word that is not known at all, unless it is one of the things that are talked of; and a word that people are called by
    /// too, where a name may stand. What may be the rest of a name goes along.
    private func likelyName(at index: Int) -> Range<Int>? {
        guard !words.plain.isEmpty, !isNumber[index], !isEnd(index) else { return nil }
        let isName =
            isUnknown(index) ? !isThing(index) : words.alsoGiven.contains(tokens[index]) && mayBeIntroduced(index)
        guard isName else { return nil }
        var end = index + 1
        while end < tokens.count, end - index < Self.longestName, !isEnd(end),
            isUnknown(end) || words.alsoSurnames.contains(tokens[end])
        {
            end += 1
        }
        return index..<end
    }

    private func isUnknown(_ index: Int) -> Bool {
        let word = tokens[index]
        return word.count > 1 && !isNumber[index] && !words.plain.contains(word) && !isPlain(word)
    }

    /// "a khachapuri", "two khachapuri", "a shrimp khachapuri".
    private func isThing(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = index - 1
        return isNumber[before] || words.spares.contains(tokens[before]) || (isUnknown(before) && isThing(before))
    }

    /// "for …", "… speaking".
    private func mayBeIntroduced(_ index: Int) -> Bool {
        if index + 1 < tokens.count, words.followers.contains(tokens[index + 1]) { return true }
        return words.maybeIntroductions.contains { phrase in
            index >= phrase.count && tokens[index - phrase.count..<index].elementsEqual(phrase)
        }
    }

    private func isEnd(_ index: Int) -> Bool { words.ends.contains(tokens[index]) }
}
