// Numbers, measures, money, times and lists in words.
// In: values. Out: lower-case words, with commas where the ear needs a pause.

extension EnglishRules {
    /// See `LanguageRules`; English numbers have one form.
    public func quantity(thousandths: Int, form: WordForm) -> String {
        if thousandths < 0 {
            return "minus " + quantity(thousandths: thousandths == .min ? .max : -thousandths, form: form)
        }
        let whole = Self.cardinalWords(thousandths / 1000)
        let rest = thousandths % 1000
        let part: String? = rest == 500 ? "half" : rest == 250 ? "quarter" : rest == 750 ? "three quarters" : nil
        if rest == 0 { return whole }
        guard let part else { return "\(whole) point \(Self.figures(Self.decimals(rest)))" }
        if thousandths < 1000 { return rest == 250 ? "a quarter" : part }
        return rest == 750 ? "\(whole) and three quarters" : "\(whole) and a \(part)"
    }

    /// The figures behind the point, without zeros at the end: 300 → "3".
    static func decimals(_ thousandths: Int) -> String {
        var text = String(String(1000 + thousandths).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }

    /// Figures one by one: "33" → "three three".
    static func figures(_ text: some StringProtocol) -> String {
        text.compactMap { $0.wholeNumberValue.map { small[$0] } }.joined(separator: " ")
    }

    /// See `LanguageRules`.
    public func measured(thousandths: Int, unit: String, form: WordForm) -> String {
        guard let name = words.units[unit] else { return "\(quantity(thousandths: thousandths)) \(unit)" }
        if unit == "each" { return quantity(thousandths: thousandths) }
        if thousandths == 500 { return "half \(Self.article(name.one)) \(name.one)" }
        if (1..<1000).contains(thousandths), let smaller = name.smaller, let times = name.times,
            thousandths * times % 1000 == 0
        {
            return measured(thousandths: thousandths * times, unit: smaller, form: form)
        }
        if thousandths == 250 { return "a quarter of \(Self.article(name.one)) \(name.one)" }
        if thousandths == 750 { return "three quarters of \(Self.article(name.one)) \(name.one)" }
        return "\(quantity(thousandths: thousandths)) \(thousandths == 1000 ? name.one : name.other)"
    }

    private static func article(_ noun: String) -> String {
        noun.hasPrefix("hour") || "aeiou".contains(noun.prefix(1)) ? "an" : "a"
    }

    /// See `LanguageRules`.
    public func money(minorUnits: Int64, digits: Int, currency: String, form: WordForm) -> String {
        let perMajor = (0..<max(0, digits)).reduce(UInt64(1)) { value, _ in value * 10 }
        let units = minorUnits.magnitude
        let major = Int(units / perMajor)
        let minor = Int(units % perMajor)
        let sign = minorUnits < 0 ? "minus " : ""
        guard let name = words.currencies[currency] else {
            let point = minor == 0 ? "" : " point \(Self.figures(Self.padded(minor, digits)))"
            return "\(sign)\(Self.cardinalWords(major))\(point) \(currency.map(String.init).joined(separator: " "))"
        }
        let majors = "\(Self.cardinalWords(major)) \(major == 1 ? name.one : name.other)"
        if minor == 0 { return sign + majors }
        guard digits == 2 else {
            return "\(sign)\(Self.cardinalWords(major)) point \(Self.figures(Self.padded(minor, digits))) \(name.other)"
        }
        let minors = "\(Self.cardinalWords(minor)) \(minor == 1 ? name.cent : name.cents)"
        return sign + (major == 0 ? minors : "\(majors) and \(minors)")
    }

    private static func padded(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    // MARK: Figures in groups

    /// See `LanguageRules`.
    public func digitsAloud(_ digits: String) -> String {
        let signs = digits.filter { $0.isLetter || $0.isASCIIDigit }.map(String.init)
        return Self.groups(of: signs, sizes: Self.groupSizes(signs.count))
    }

    /// Threes, and twos where threes would leave one over; four are two and two.
    private static func groupSizes(_ count: Int) -> [Int] {
        if count <= 3 { return [count] }
        let twos = count % 3 == 1 ? 2 : count % 3 == 2 ? 1 : 0
        let threes = Array(repeating: 3, count: (count - twos * 2) / 3)
        return count == 5 ? [2, 3] : threes + Array(repeating: 2, count: twos)
    }

    private static func groups(of signs: [String], sizes: [Int]) -> String {
        var rest = signs[...]
        let groups = sizes.map { size in
            defer { rest = rest.dropFirst(size) }
            return rest.prefix(size).map { Int($0).map { small[$0] } ?? $0.uppercased() }.joined(separator: " ")
        }
        return groups.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// Country codes of one and of two figures; all others have three (ITU-T E.164).
    private static let shortCountryCodes: Set<String> = [
        "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90", "91",
        "92", "93", "94", "95", "98",
    ]

    /// See `LanguageRules`.
    public func phoneAloud(_ e164: String) -> String {
        let figures = e164.filter(\.isASCIIDigit)
        guard e164.hasPrefix("+"), figures.count > 6 else { return digitsAloud(figures) }
        let country = [1, 2].map { String(figures.prefix($0)) }.first(where: Self.shortCountryCodes.contains)
        let code = country ?? String(figures.prefix(3))
        let national = figures.dropFirst(code.count).map(String.init)
        let sizes: [Int] =
            switch (code, national.count) {
            case ("380", 9): [2, 3, 2, 2]
            case ("1", 10): [3, 3, 4]
            case ("48", 9): [3, 3, 3]
            default: Self.groupSizes(national.count)
            }
        return "plus \(Self.figures(code)), \(Self.groups(of: national, sizes: sizes))"
    }

    // MARK: Times, lists, ordinals

    /// See `LanguageRules`.
    public func timeOfDay(minutes: Int) -> String {
        let minutes = (minutes % 1440 + 1440) % 1440
        let (hour, minute) = (minutes / 60, minutes % 60)
        if minute == 0, hour == 0 { return "midnight" }
        if minute == 0, hour == 12 { return "noon" }
        let name = Self.small[hour % 12 == 0 ? 12 : hour % 12]
        let past = minute == 0 ? "" : minute < 10 ? " oh \(Self.small[minute])" : " \(Self.cardinalWords(minute))"
        let part =
            hour < 12 ? "in the morning" : hour < 18 ? "in the afternoon" : hour < 22 ? "in the evening" : "at night"
        return "\(name)\(past) \(part)"
    }

    /// See `LanguageRules`.
    public func weekdays(_ days: [Int]) -> String {
        let days = Set(days.filter { (1...7).contains($0) }).sorted()
        if days.count == 7 { return "every day" }
        var runs: [[Int]] = []
        for day in days {
            if let last = runs.last?.last, last == day - 1 {
                runs[runs.count - 1].append(day)
            } else {
                runs.append([day])
            }
        }
        return list(
            runs.flatMap { run in
                run.count > 2
                    ? ["\(Self.days[run[0] - 1]) to \(Self.days[run[run.count - 1] - 1])"]
                    : run.map { Self.days[$0 - 1] }
            })
    }

    /// See `LanguageRules`.
    public func list(_ items: [String]) -> String {
        let items = items.filter { !$0.isEmpty }
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return "\(items.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// See `LanguageRules`.
    public func ordinalWord(_ n: Int) -> String {
        if n == -1 { return "last" }
        guard n >= 20 else { return n >= 0 ? Self.ordinals[n] : "minus " + ordinalWord(n == .min ? .max : -n) }
        if n < 100, n % 10 != 0 { return "\(Self.tens[n / 10]) \(Self.ordinals[n % 10])" }
        if n < 100 { return Self.tens[n / 10].dropLast() + "ieth" }
        let rest = n % 100
        let head = Self.cardinalWords(n - rest)
        return rest == 0 ? head + "th" : "\(head) \(ordinalWord(rest))"
    }
}
