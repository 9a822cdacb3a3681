// Measures and amounts of money among tokens, and every way to say numbers, units and currencies.
// In: tokens and a place among them, or a value. Out: all readings that begin there, or all ways to say it.

extension EnglishRules {
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
            if let (behind, said) = currency(tokens, end) {
                let code = said.codes.count == 1 ? said.codes.first : nil
                guard !said.isMinor else {
                    if digits > 0, number.thousandths % 1000 == 0 { add(behind, number.thousandths / 1000, code) }
                    continue
                }
                add(behind, units, code)
                let at = tokens.at(behind) == "and" ? behind + 1 : behind
                for cents in numbers(in: tokens, at: at)
                where cents.thousandths % 1000 == 0 && cents.thousandths / 1000 < perMajor {
                    // "five dollars fifty", but not "five dollars and a …": the word for cents may be missing only without "and".
                    if let (last, other) = currency(tokens, at + cents.length), other.isMinor,
                        !other.codes.isDisjoint(with: said.codes)
                    {
                        add(last, units + cents.thousandths / 1000, code)
                    } else if at == behind, cents.thousandths >= 10_000 {
                        add(at + cents.length, units + cents.thousandths / 1000, code)
                    }
                }
                if tokens.at(behind) == "and", let (last, more) = part(tokens, behind + 1) {
                    add(last, units + more * perMajor / 1000, code)
                }
            }
            // "A" is one of something, and no amount.
            if number.length > 1 || !Self.articles.contains(tokens[start]) { add(end, units, nil) }
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
            if let (behind, said) = currency(tokens, last), !said.isMinor {
                add(behind, units, said.codes.count == 1 ? said.codes.first : nil)
            }
        }
    }

    private func currency(_ tokens: [String], _ at: Int) -> (end: Int, said: EnglishWords.CurrencyPhrase)? {
        words.currencyPhrases.first { tokens.starts($0.words, at: at) }.map { (at + $0.words.count, $0) }
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
