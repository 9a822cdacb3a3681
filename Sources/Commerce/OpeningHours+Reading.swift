// Reads opening hours: `[{days: "mon-sat", open: "08:00", close: "21:00"}]`, or "same" for those of the shop.

enum HoursReader {
    /// nil where they are left out and, where `allowsSame`, for "same": whoever asks then looks at the shop's.
    static func read(_ name: String, of fields: FileFields, allowsSame: Bool) -> OpeningHours? {
        if allowsSame, case .text("same") = fields[name] { return nil }
        guard let tree = fields[name] else { return nil }
        guard case .list(let items) = tree else {
            fields.wrongType(name, tree, wanted: "a list of spans" + (allowsSame ? " or \"same\"" : ""))
            return nil
        }
        if items.isEmpty { fields.mistakes.add(fields.at(name), "is empty; left out it means always open") }
        return OpeningHours(spans: fields.list(name) { span($0, path: $1, mistakes: fields.mistakes) })
    }

    private static func span(_ tree: JSON5Tree, path: String, mistakes: MistakeList) -> OpeningSpan? {
        let known = ["days", "open", "close"]
        guard let fields = FileFields(tree, path: path, known: known, mistakes: mistakes) else { return nil }
        var days = Weekday.allCases
        if let text = fields.text("days") {
            if let read = Weekday.days(text) {
                days = read
            } else {
                mistakes.add(
                    fields.at("days"), "\"\(text)\" is not understood: \"mon-sat\", \"mon,wed-fri\" or \"daily\"")
            }
        }
        guard let open = minutes("open", of: fields, latest: 1_439),
            let close = minutes("close", of: fields, latest: 1_440)
        else { return nil }
        return OpeningSpan(days: days, open: open, close: close)
    }

    private static func minutes(_ name: String, of fields: FileFields, latest: Int) -> Int? {
        guard let text = fields.requiredText(name) else { return nil }
        guard let minutes = OpeningSpan.minutes(text), minutes <= latest else {
            fields.mistakes.add(
                fields.at(name), "\"\(text)\" is no time of day: 00:00 to \(latest == 1_440 ? "24:00" : "23:59")")
            return nil
        }
        return minutes
    }
}

extension Weekday {
    /// The days of `mon-sat`, `mon,wed-fri`, `fri-mon` (over the week's end) or `daily`, each once, Monday first; nil for
    /// anything else. Days are their first three letters or more of their English names, whatever the shop's language:
    /// they are words of the file's format.
    static func days(_ text: String) -> [Weekday]? {
        if ["daily", "every day"].contains(text.lowercased()) { return allCases }
        var found: Set<Weekday> = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(day)
            guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil else {
                return nil
            }
            let length = (last.rawValue - first.rawValue + 7) % 7
            found.formUnion((0...length).map { first.advanced(by: $0) })
        }
        return allCases.filter(found.contains)
    }

    /// The day so many days later.
    func advanced(by days: Int) -> Weekday {
        Weekday.allCases[(rawValue - 1 + days % 7 + 7) % 7]
    }

    private static func day(_ text: Substring) -> Weekday? {
        let name = text.filter { !$0.isWhitespace }
        return name.count < 3 ? nil : allCases.first { "\($0)".hasPrefix(name) }
    }
}

extension OpeningSpan {
    /// Minutes after midnight of `8:00`, `08:00` or `24:00`; nil for anything else.
    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 1_440
        else { return nil }
        return hours * 60 + minutes
    }
}
