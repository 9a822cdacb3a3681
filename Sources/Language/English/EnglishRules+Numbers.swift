// Numbers, measures, amounts, ordinals and runs of figures among tokens, and every way to say a number.
// In: tokens and a place among them. Out: all readings that begin there, longest first.

extension EnglishRules {
    /// A whole number found: where it ends and its value.
    private typealias Whole = (end: Int, value: Int)

    private static let articles: Set<String> = ["a", "an"]
    private static let largest = 999_999_999

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
    private func part(_ tokens: [String], _ start: Int) -> (end: Int, thousandths: Int)? {
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
        for (end, value) in [(start, 1)] + wholes(tokens, start) where isDozen(end) && (1...10_000).contains(value) {
            found.append((end + 1, value * 12_000))
            if tokens.at(end + 1) == "and", let (behind, more) = part(tokens, end + 2) {
                found.append((behind, value * 12_000 + more * 12))
            }
        }
        if Self.articles.contains(tokens.at(start)), isDozen(start + 1) { found.append((start + 2, 12_000)) }
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
    private func plainFigures(_ tokens: [String], _ at: Int) -> (end: Int, thousandths: Int)? {
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
    private func wholes(_ tokens: [String], _ start: Int) -> [Whole] {
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
    private func underThousand(_ tokens: [String], _ start: Int) -> [Whole] {
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
    private func underHundred(_ tokens: [String], _ start: Int) -> [Whole] {
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

    // MARK: Measures and money

    /// See `LanguageRules`.
    public func measures(in tokens: [String], at start: Int) -> [MeasureMatch] {
        var found: [Int: MeasureMatch] = [:]
        func add(_ end: Int, _ thousandths: Int, _ unit: String) {
            if found[end] == nil {
                found[end] = MeasureMatch(length: end - start, thousandths: thousandths, unit: unit)
            }
        }
        for number in numbers(in: tokens, at: start) {
            let at = start + number.length
            for length in [2, 1] where at + length <= tokens.count {
                let phrase = tokens[at..<(at + length)].joined(separator: " ")
                guard let unit = words.unitCodes[phrase] else { continue }
                add(at + length, number.thousandths, unit)
                if tokens.at(at + length) == "and", let (end, more) = part(tokens, at + length + 1) {
                    add(end, number.thousandths + more, unit)
                }
            }
        }
        return found.values.sorted { $0.length > $1.length }
    }

    /// See `LanguageRules`.
    public func amounts(in tokens: [String], at start: Int, digits: Int) -> [AmountMatch] {
        let perMajor = (0..<digits).reduce(1) { value, _ in value * 10 }
        var found: [Int: AmountMatch] = [:]
        func add(_ end: Int, _ units: Int, _ currency: String?) {
            if found[end] == nil {
                found[end] = AmountMatch(length: end - start, minorUnits: Int64(units), currency: currency)
            }
        }
        for number in numbers(in: tokens, at: start) {
            let end = start + number.length
            let units = number.thousandths * perMajor / 1000
            if let (behind, code, isMinor) = currency(tokens, end) {
                guard !isMinor else {
                    if digits > 0, number.thousandths % 1000 == 0 { add(behind, number.thousandths / 1000, code) }
                    continue
                }
                add(behind, units, code)
                let at = tokens.at(behind) == "and" ? behind + 1 : behind
                for cents in numbers(in: tokens, at: at)
                where cents.thousandths % 1000 == 0 && cents.thousandths / 1000 < perMajor {
                    // "five dollars fifty", but not "five dollars and a …": the word for cents may be missing only without "and".
                    if let (last, other, isMinor) = currency(tokens, at + cents.length), isMinor, other == code {
                        add(last, units + cents.thousandths / 1000, code)
                    } else if at == behind, cents.thousandths >= 10_000 {
                        add(at + cents.length, units + cents.thousandths / 1000, code)
                    }
                }
                if tokens.at(behind) == "and", let (last, more) = part(tokens, behind + 1) {
                    add(last, units + more * perMajor / 1000, code)
                }
            }
            add(end, units, nil)
            addPrice(tokens, number, end, perMajor, add)
        }
        return found.values.sorted { $0.length > $1.length }
    }

    /// "nineteen fifty", "nineteen oh five", "one twenty five": an amount and its cents without any word for money.
    private func addPrice(
        _ tokens: [String], _ number: NumberMatch, _ end: Int, _ perMajor: Int, _ add: (Int, Int, String?) -> Void
    ) {
        guard perMajor == 100, number.thousandths % 1000 == 0, number.thousandths > 0, end < tokens.count else {
            return
        }
        var cents: [Whole] = []
        if Self.zeroWords.contains(tokens[end]), let digits = digit(tokens.at(end + 1)), digits.count == 1 {
            cents = [(end + 2, digits[0])]
        } else if let pair = underHundred(tokens, end).last, pair.value >= 10 {
            cents = [pair]
        }
        for (last, value) in cents {
            let units = number.thousandths / 10 + value
            add(last, units, nil)
            if let (behind, code, isMinor) = currency(tokens, last), !isMinor { add(behind, units, code) }
        }
    }

    private func currency(_ tokens: [String], _ at: Int) -> (end: Int, code: String, isMinor: Bool)? {
        words.currencyPhrases.first { tokens.starts($0.words, at: at) }.map {
            (at + $0.words.count, $0.code, $0.isMinor)
        }
    }

    // MARK: Every way to say them

    /// See `LanguageRules`.
    public func unitWords(_ unit: String) -> [[String]] {
        (words.units[unit]?.spoken ?? []).uniqued().map { $0.split(separator: " ").map(String.init) }
    }

    /// See `LanguageRules`.
    public func currencyWords(_ currency: String) -> [[String]] {
        (words.currencies[currency]?.major ?? []).uniqued().map {
            $0.lowercased().split(separator: " ").map(String.init)
        }
    }

    /// See `LanguageRules`.
    public func waysToSay(thousandths: Int) -> [[String]] {
        guard thousandths >= 0, thousandths / 1000 <= Self.largest else { return [] }
        let whole = thousandths / 1000
        var ways: [String] = []
        switch thousandths % 1000 {
        case 0:
            ways = Self.cardinals(whole)
            switch whole {
            case 1: ways += ["a", "an", "a single"]
            case 2: ways += ["a couple of", "a couple"]
            case 6: ways += ["half a dozen", "a half dozen"]
            case 12: ways += ["a dozen"]
            case 24, 36, 48, 60: ways += ["\(Self.small[whole / 12]) dozen"]
            default: break
            }
        case 500 where whole == 0: ways = ["half a", "half", "a half", "half of a", "point five", "zero point five"]
        case 250 where whole == 0:
            ways = ["a quarter", "a quarter of a", "quarter", "point two five", "zero point two five"]
        case 750 where whole == 0:
            ways = ["three quarters", "three quarters of a", "point seven five", "zero point seven five"]
        case let rest:
            if rest == 500 { ways = Self.cardinals(whole).map { "\($0) and a half" } }
            if rest == 250 { ways = Self.cardinals(whole).map { "\($0) and a quarter" } }
            if rest == 750 { ways = Self.cardinals(whole).map { "\($0) and three quarters" } }
            let decimals = Self.figures(Self.decimals(rest))
            ways += Self.cardinals(whole).map { "\($0) point \(decimals)" }
            if whole == 0 { ways.append("point \(decimals)") }
        }
        return ways.uniqued().map { $0.split(separator: " ").map(String.init) }
    }

    /// The ways to say a whole number: with and without "and", "a hundred" and "one hundred".
    static func cardinals(_ n: Int) -> [String] {
        let plain = cardinalWords(n)
        var ways = [plain]
        if n > 100, n % 100 != 0, n % 1000 >= 100 || n % 1000 == n % 100 {
            ways.append(cardinalWords(n, joining: " and "))
        }
        return ways.flatMap { way in
            way.hasPrefix("one hundred") || way.hasPrefix("one thousand") ? [way, "a" + way.dropFirst(3)] : [way]
        }.uniqued()
    }

    /// A whole number in words, `joining` before its last two figures.
    static func cardinalWords(_ n: Int, joining: String = " ") -> String {
        if n < 0 { return "minus " + cardinalWords(n == .min ? .max : -n, joining: joining) }
        if n < 20 { return small[n] }
        if n < 100 { return n % 10 == 0 ? tens[n / 10] : "\(tens[n / 10]) \(small[n % 10])" }
        for (factor, scale) in [
            (1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand"),
            (100, "hundred"),
        ] where n >= factor {
            let head = "\(cardinalWords(n / factor)) \(scale)"
            let rest = n % factor
            guard rest > 0 else { return head }
            return head + (rest < 100 ? joining : " ") + cardinalWords(rest, joining: joining)
        }
        return String(n)
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
