// Numbers, ordinals and runs of figures among tokens.
// In: tokens and a place among them. Out: all readings that begin there, longest first.

extension EnglishRules {
    /// A whole number found: where it ends and its value.
    typealias Whole = (end: Int, value: Int)

    static let articles: Set<String> = ["a", "an"]
    static let largest = 999_999_999

    // MARK: Numbers

    /// See `LanguageRules`.
    public func numbers(in tokens: [String], at start: Int) -> [NumberMatch] {
        guard tokens.indices.contains(start) else { return [] }
        var found: [Int: Int] = [:]  // end → thousandths; of two readings of the same tokens the first stays
        func add(_ end: Int, _ thousandths: Int) { if found[end] == nil { found[end] = thousandths } }
        func addBehindOf(_ end: Int, _ thousandths: Int, of words: [[String]]) {
            add(end, thousandths)
            for words in words where tokens.starts(words, at: end) { add(end + words.count, thousandths) }
        }

        let dozen = dozens(tokens, start)
        for (end, thousandths) in dozen { addBehindOf(end, thousandths, of: [["of"]]) }
        if let (end, value) = couple(tokens, start) { addBehindOf(end, value, of: [["of"]]) }
        if let (end, value) = part(tokens, start) {
            addBehindOf(end, value, of: [["of", "a"], ["of", "an"], ["a"], ["an"]])
        }
        if let (end, value) = plainFigures(tokens, start) { add(end, value) }
        if let (end, value) = pointDecimals(tokens, start) { add(end, value) }
        for (end, value) in wholes(tokens, start) {
            add(end, value * 1000)
            if let (behind, decimals) = pointDecimals(tokens, end) { add(behind, value * 1000 + decimals) }
            if tokens.at(end) == "and", let (behind, more) = part(tokens, end + 1) { add(behind, value * 1000 + more) }
        }
        if Self.articles.contains(tokens[start]) {
            add(start + (tokens.at(start + 1) == "single" ? 2 : 1), 1000)
            add(start + 1, 1000)
        }
        return found.map { NumberMatch(length: $0.key - start, thousandths: $0.value) }.sorted { $0.length > $1.length }
    }

    /// "half", "a half", "a quarter", "three quarters".
    func part(_ tokens: [String], _ start: Int) -> (end: Int, thousandths: Int)? {
        let at = Self.articles.contains(tokens.at(start)) || tokens.at(start) == "one" ? start + 1 : start
        switch tokens.at(at) {
        case "half": return (at + 1, 500)
        case "quarter": return (at + 1, 250)
        case "three" where at == start && tokens.at(at + 1).hasPrefix("quarter"): return (at + 2, 750)
        default: return nil
        }
    }

    /// "a couple".
    private func couple(_ tokens: [String], _ start: Int) -> (end: Int, thousandths: Int)? {
        let at = tokens.at(start) == "a" ? start + 1 : start
        return tokens.at(at) == "couple" ? (at + 1, 2000) : nil
    }

    /// "a dozen", "two dozen", "half a dozen", "a dozen and a half".
    private func dozens(_ tokens: [String], _ start: Int) -> [(end: Int, thousandths: Int)] {
        func isDozen(_ at: Int) -> Bool { tokens.at(at) == "dozen" || tokens.at(at) == "dozens" }
        var found: [(Int, Int)] = []
        let article: [Whole] = Self.articles.contains(tokens.at(start)) ? [(start + 1, 1)] : []
        for (end, value) in [(start, 1)] + article + wholes(tokens, start)
        where isDozen(end) && (1...10_000).contains(value) {
            found.append((end + 1, value * 12_000))
            if tokens.at(end + 1) == "and", let (behind, more) = part(tokens, end + 2) {
                found.append((behind, value * 12_000 + more * 12))
            }
        }
        if let (end, more) = part(tokens, start) {
            let at = Self.articles.contains(tokens.at(end)) ? end + 1 : end
            if isDozen(at) { found.append((at + 1, more * 12)) }
        }
        if let (end, value) = plainFigures(tokens, start), isDozen(end), value < 10_000_000, value % 1000 != 0 {
            found.append((end + 1, value * 12))
        }
        for (end, value) in wholes(tokens, start) where value <= 10_000 && tokens.at(end) == "and" {
            if let (behind, more) = part(tokens, end + 1), isDozen(behind) {
                found.append((behind + 1, (value * 1000 + more) * 12))
            }
        }
        return found
    }

    /// One token of figures, with or without a decimal point; more decimals than three are cut off.
    func plainFigures(_ tokens: [String], _ at: Int) -> (end: Int, thousandths: Int)? {
        let parts = tokens.at(at).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else { return nil }
        guard let whole = Int(parts[0]), whole <= Self.largest else { return nil }
        guard parts.count == 2 else { return (at + 1, whole * 1000) }
        let decimals = (parts[1] + "00").prefix(3)
        return Int(decimals).map { (at + 1, whole * 1000 + $0) }
    }

    /// "point five", "point three three"; the value in thousandths.
    private func pointDecimals(_ tokens: [String], _ start: Int) -> (end: Int, thousandths: Int)? {
        guard tokens.at(start) == "point" else { return nil }
        var figures = ""
        var at = start + 1
        while let digits = digit(tokens.at(at)) {
            figures += digits.map(String.init).joined()
            at += 1
        }
        if figures.isEmpty {  // "point twenty five"
            guard let pair = underHundred(tokens, at).last else { return nil }
            figures = String(pair.value)
            at = pair.end
        }
        return Int((figures + "00").prefix(3)).map { (at, $0) }
    }

    // MARK: Whole numbers

    /// Every whole number that begins at `start`, shortest first; articles only before a scale ("a hundred").
    func wholes(_ tokens: [String], _ start: Int) -> [Whole] {
        var found = underThousand(tokens, start)
        var open = found
        for (scale, factor) in [("million", 1_000_000), ("thousand", 1000)] {
            let one: [Whole] =
                Self.articles.contains(tokens.at(start)) && tokens.at(start + 1) == scale ? [(start + 1, 1)] : []
            let heads = (open + one).filter { $0.value > 0 && $0.value < factor && tokens.at($0.end) == scale }
            for head in heads where head.value * factor <= Self.largest {
                let upper: Whole = (head.end + 1, head.value * factor)
                found.append(upper)
                for lower in behind(upper.end, tokens, under: factor) {
                    found.append((lower.end, upper.value + lower.value))
                }
            }
            open = underThousand(tokens, start)
        }
        var seen: Set<Int> = []
        return found.filter { seen.insert($0.end).inserted }.sorted { $0.end < $1.end }
    }

    /// What may follow a scale: a smaller number, with or without "and".
    private func behind(_ start: Int, _ tokens: [String], under limit: Int) -> [Whole] {
        let at = tokens.at(start) == "and" ? start + 1 : start
        guard tokens.at(at).first?.isASCIIDigit != true else { return [] }
        var lower = underThousand(tokens, at)
        if limit > 1000 {
            for head in underThousand(tokens, at) where head.value > 0 && tokens.at(head.end) == "thousand" {
                lower.append((head.end + 1, head.value * 1000))
                for last in behind(head.end + 1, tokens, under: 1000) {
                    lower.append((last.end, head.value * 1000 + last.value))
                }
            }
        }
        return lower.filter { $0.value > 0 }
    }

    /// 0–999, and hundreds from eleven hundred to ninety-nine hundred.
    func underThousand(_ tokens: [String], _ start: Int) -> [Whole] {
        var found = underHundred(tokens, start)
        if let figures = Int(tokens.at(start)), (0...Self.largest).contains(figures),
            tokens.at(start).first?.isASCIIDigit == true
        {
            found.append((start + 1, figures))
        }
        let article: [Whole] = Self.articles.contains(tokens.at(start)) ? [(start + 1, 1)] : []
        for head in found + article where (1...99).contains(head.value) && tokens.at(head.end) == "hundred" {
            found.append((head.end + 1, head.value * 100))
            let at = tokens.at(head.end + 1) == "and" ? head.end + 2 : head.end + 1
            for rest in underHundred(tokens, at) where rest.value > 0 {
                found.append((rest.end, head.value * 100 + rest.value))
            }
        }
        return found
    }

    /// 0–99 in words.
    func underHundred(_ tokens: [String], _ start: Int) -> [Whole] {
        let word = tokens.at(start)
        if let value = Self.smallValues[word] { return [(start + 1, value)] }
        guard let ten = Self.tensValues[word] else { return [] }
        guard let unit = Self.smallValues[tokens.at(start + 1)], (1...9).contains(unit) else {
            return [(start + 1, ten)]
        }
        return [(start + 1, ten), (start + 2, ten + unit)]
    }

    // MARK: Figures one by one

    /// See `LanguageRules`.
    public func digit(_ token: String) -> [Int]? {
        if Self.zeroWords.contains(token) { return [0] }
        if let value = Self.smallValues[token], value < 10 { return [value] }
        guard !token.isEmpty, token.allSatisfy(\.isASCIIDigit) else { return nil }
        return token.compactMap(\.wholeNumberValue)
    }

    /// See `LanguageRules`.
    public func digits(in tokens: [String], at start: Int) -> (length: Int, digits: String)? {
        guard tokens.indices.contains(start) else { return nil }
        var at = start
        var figures = ""
        while at < tokens.count {
            let times = tokens[at] == "double" ? 2 : tokens[at] == "triple" ? 3 : 1
            if times > 1 {
                guard let digits = digit(tokens.at(at + 1)), digits.count == 1 else { break }
                figures += String(repeating: String(digits[0]), count: times)
                at += 2
            } else if let long = wholes(tokens, at).last, long.value >= 100,
                Self.smallValues[tokens[at]] != nil
                    || Self.tensValues[tokens[at]] != nil || Self.articles.contains(tokens[at])
            {
                figures += String(long.value)
                at = long.end
            } else if let digits = digit(tokens[at]) {
                figures += digits.map(String.init).joined()
                at += 1
            } else if let pair = underHundred(tokens, at).last {
                figures += String(pair.value)
                at = pair.end
            } else {
                break
            }
        }
        return at > start ? (at - start, figures) : nil
    }

    // MARK: Ordinals

    /// See `LanguageRules`.
    public func ordinals(in tokens: [String], at start: Int) -> (length: Int, index: Int)? {
        var at = tokens.at(start) == "the" ? start + 1 : start
        if ["number", "option"].contains(tokens.at(at)) {
            guard let whole = wholes(tokens, at + 1).last, whole.value > 0 else { return nil }
            return (whole.end - start, whole.value)
        }
        let word = tokens.at(at)
        let figures = word.prefix { $0.isASCIIDigit }
        let index: Int
        if let place = Self.ordinals.firstIndex(of: word), place > 0 {
            index = place
        } else if word == "last" || word == "final" {
            index = -1
        } else if let place = Int(figures), (1...9999).contains(place),
            ["st", "nd", "rd", "th"].contains(word.dropFirst(figures.count))
        {
            index = place
        } else {
            return nil
        }
        at += 1
        if tokens.at(at) == "one" { at += 1 }
        return (at - start, index)
    }
}

extension [String] {
    /// The token at a place, or nothing beyond the ends.
    func at(_ index: Int) -> String { indices.contains(index) ? self[index] : "" }
    /// Whether `words` stand at a place.
    func starts(_ words: [String], at index: Int) -> Bool {
        index >= 0 && index + words.count <= count && self[index..<(index + words.count)].elementsEqual(words)
    }
}

extension Sequence where Element: Hashable {
    /// The elements in order, each once.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
