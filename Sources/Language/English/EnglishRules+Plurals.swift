// Nouns for one and for several: the head of a noun phrase, and its plural by rule and by list.
// In: a phrase or a written title. Out: the same for several, or nothing where English has no other form.

import Foundation

extension EnglishRules {
    /// Words that begin what is said about a noun behind it.
    private static let prepositions: Set<String> = [
        "of", "with", "without", "in", "for", "from", "on", "to", "by", "per", "no", "under", "at",
    ]

    /// See `LanguageRules`.
    public func plurals(of phrase: [String]) -> [[String]] {
        guard let head = head(of: phrase),
            let plural = plural(of: phrase[head], before: head > 0 ? phrase[head - 1] : "")
        else { return [] }
        var several = phrase
        several[head] = plural
        return [several]
    }

    /// See `LanguageRules`.
    public func singulars(of phrase: [String]) -> [[String]] {
        guard let head = head(of: phrase) else { return [] }
        let word = phrase[head]
        let before = head > 0 ? phrase[head - 1] : ""
        var candidates = words.irregularPlurals.filter { $0.value == word }.map(\.key).sorted()
        if word.hasSuffix("s") { candidates.append(String(word.dropLast())) }
        if word.hasSuffix("es") { candidates.append(String(word.dropLast(2))) }
        if word.hasSuffix("ies") { candidates.append(word.dropLast(3) + "y") }
        return candidates.filter { $0.count > 2 && plural(of: $0, before: before) == word }.map { one in
            var single = phrase
            single[head] = one
            return single
        }
    }

    /// See `LanguageRules`.
    public func counted(_ noun: String, thousandths: Int) -> String {
        if (1...1000).contains(thousandths) { return noun }
        let parts = noun.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let bare = parts.map { part in
            let trimmed = part.drop { "([\"'“".contains($0) }
            let end = trimmed.lastIndex { $0.isLetter || $0.isNumber }.map { trimmed.index(after: $0) }
            return String(trimmed[..<(end ?? trimmed.startIndex)])
        }
        // What stands in brackets or behind a comma belongs to the noun before it.
        let end =
            parts.indices.dropFirst().first { parts[$0].hasPrefix("(") || parts[$0 - 1].hasSuffix(",") } ?? parts.count
        let phrase = bare[..<end].map { Self.folded($0) }
        // "Two ibuprofen 400": a number at the end of a name is part of it.
        let stop = phrase.indices.dropFirst().first { Self.prepositions.contains(phrase[$0]) } ?? phrase.count
        if stop > 1, isNumber(phrase[stop - 1]) { return noun }
        guard let head = head(of: phrase), !phrase[head].contains(where: \.isNumber),
            let plural = plural(of: phrase[head], before: head > 0 ? phrase[head - 1] : ""),
            let range = parts[head].range(of: bare[head])
        else { return noun }
        var several = parts
        several[head].replaceSubrange(range, with: Self.recased(plural, like: bare[head], folded: phrase[head]))
        return several.joined(separator: " ")
    }

    /// The plural in the capitals and with the accents of the singular.
    private static func recased(_ plural: String, like written: String, folded: String) -> String {
        if plural.hasPrefix(folded) { return written + plural.dropFirst(folded.count) }
        if folded.hasSuffix("y"), plural.hasPrefix(folded.dropLast()) {
            return String(written.dropLast()) + plural.dropFirst(folded.count - 1)
        }
        return written.first?.isUppercase == true ? plural.prefix(1).uppercased() + plural.dropFirst() : plural
    }

    /// The place of the noun that takes the plural: the last word before a preposition and before a measure at the end.
    private func head(of phrase: [String]) -> Int? {
        guard !phrase.isEmpty else { return nil }
        var end = phrase.indices.dropFirst().first { Self.prepositions.contains(phrase[$0]) } ?? phrase.count
        var tail = end
        while tail > 1, isOfMeasure(phrase[tail - 1]) { tail -= 1 }
        while tail < end, !isNumber(phrase[tail]) { tail += 1 }  // a measure begins with its number
        end = tail
        return end - 1
    }

    private func isNumber(_ word: String) -> Bool {
        word.first?.isASCIIDigit == true || Self.smallValues[word] != nil || Self.tensValues[word] != nil
            || word == "half"
    }

    private func isOfMeasure(_ word: String) -> Bool {
        isNumber(word) || ["point", "and", "a", "hundred", "thousand", "percent", "%"].contains(word)
            || words.unitCodes[word] != nil
    }

    /// The plural of one word; nil where it has none or is one.
    private func plural(of word: String, before: String) -> String? {
        guard word.count > 1, word.last?.isLetter == true, !isNumber(word), !word.hasSuffix("'s") else { return nil }
        guard !words.uncountable.contains(word), !words.uncountable.contains("\(before) \(word)"),
            !words.plurals.contains(word)
        else { return nil }
        if let irregular = words.irregularPlurals[word] { return irregular == word ? nil : irregular }
        let last = word.split(separator: "-").last.map(String.init) ?? word
        if last != word, let irregular = words.irregularPlurals[last] { return word.dropLast(last.count) + irregular }
        if word.hasSuffix("s"), !words.singularInS.contains(word), !word.hasSuffix("ss") { return nil }
        if ["s", "x", "z", "ch", "sh"].contains(where: word.hasSuffix) { return word + "es" }
        if word.hasSuffix("y"), let before = word.dropLast().last, !"aeiou".contains(before) {
            return word.dropLast() + "ies"
        }
        return word + "s"
    }
}
