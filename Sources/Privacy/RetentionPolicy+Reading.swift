// Reads the `retention` object. A mistake is refused with its path and, for a name, the nearest one that exists; all
// mistakes at once.

import Commerce

extension RetentionPolicy: Decodable {
    /// The most days that make sense: a hundred years.
    static let longestDays = 36_500

    /// Reads `{transcript: {form: "redacted", days: 30, purpose: "…"}, …}`; what is left out is as in the default
    /// policy. A kind that belongs to calls may have other rules `{lines: {kiosk: {…}}, languages: {uk: {…}}}`, whose
    /// fields are the kind's own where they are left out. Throws `DecodingError.dataCorrupted` with one line for each mistake.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        var mistakes: [String] = []
        var rules: [DataKind: Retention] = [:]
        var exceptions: [DataKind: [RetentionScope: Retention]] = [:]
        for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            let path = Self.path(decoder.codingPath + [key])
            guard let kind = DataKind(rawValue: key.stringValue) else {
                mistakes.append(
                    "\(path): no such kind of data" + Self.hint(key.stringValue, DataKind.allCases.map(\.rawValue)))
                continue
            }
            guard let rule = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: key) else {
                mistakes.append("\(path): has to be an object such as {form: \"redacted\", days: 30, purpose: \"…\"}")
                continue
            }
            let base = Self.read(
                rule, path: path, standard: RetentionPolicy.standard[kind], more: kind.isOfCalls ? Self.scopes : [],
                into: &mistakes)
            rules[kind] = base
            if kind.isOfCalls {
                exceptions[kind] = Self.exceptions(of: rule, path: path, base: base, into: &mistakes)
            }
        }
        guard mistakes.isEmpty else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: mistakes.joined(separator: "\n")))
        }
        self.init(replacing: rules, except: exceptions)
    }

    private static let scopes = ["lines", "languages"]
    private static let lines = ["phone", "kiosk", "text"]

    /// The rules of `lines` and `languages`.
    private static func exceptions(
        of rule: KeyedDecodingContainer<AnyKey>, path: String, base: Retention, into mistakes: inout [String]
    ) -> [RetentionScope: Retention] {
        var found: [RetentionScope: Retention] = [:]
        for scope in scopes where rule.contains(AnyKey(scope)) {
            guard let list = try? rule.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey(scope)) else {
                mistakes.append("\(path).\(scope): has to be an object of rules by name")
                continue
            }
            for key in list.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
                let name = key.stringValue
                let place = "\(path).\(scope).\(name)"
                if scope == "lines", !lines.contains(name) {
                    mistakes.append("\(place): no such kind of line" + hint(name, lines))
                } else if let inner = try? list.nestedContainer(keyedBy: AnyKey.self, forKey: key) {
                    let read = read(inner, path: place, standard: base, into: &mistakes)
                    found[scope == "lines" ? .line(name) : .language(name)] = read
                } else {
                    mistakes.append("\(place): has to be an object such as {form: \"off\"}")
                }
            }
        }
        return found
    }

    private static func read(
        _ rule: KeyedDecodingContainer<AnyKey>, path: String, standard: Retention, more: [String] = [],
        into mistakes: inout [String]
    ) -> Retention {
        let known = ["form", "days", "purpose"] + more
        for key in rule.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
            mistakes.append("\(path).\(key): no such setting" + hint(key, known))
        }
        var form = standard.form
        if rule.contains(AnyKey("form")) {
            let names = RetentionForm.allCases.map(\.rawValue)
            let name = try? rule.decode(String.self, forKey: AnyKey("form"))
            if let found = name.flatMap(RetentionForm.init) {
                form = found
            } else {
                mistakes.append(
                    "\(path).form: has to be one of \(names.joined(separator: ", "))" + hint(name ?? "", names))
            }
        }
        var days = standard.days
        if rule.contains(AnyKey("days")) {
            let number = try? rule.decode(Int.self, forKey: AnyKey("days"))
            if let number, (0...longestDays).contains(number) {
                days = number
            } else {
                mistakes.append("\(path).days: has to be a whole number from 0 to \(longestDays)")
            }
        }
        // What is kept without an end was most likely forgotten; what is kept for no time at all is `off`.
        if form != .off, days == 0, !mistakes.contains(where: { $0.hasPrefix("\(path).days") }) {
            mistakes.append("\(path).days: how many days is the form \"\(form.rawValue)\" to be kept? At least 1")
        }
        var purpose = standard.purpose
        if rule.contains(AnyKey("purpose")) {
            if let text = try? rule.decode(String.self, forKey: AnyKey("purpose")) {
                purpose = text
            } else {
                mistakes.append("\(path).purpose: has to be text")
            }
        }
        return Retention(form: form, days: days, purpose: purpose)
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }

    private static func hint(_ name: String, _ known: [String]) -> String {
        Spelling.suggestion(for: name, among: known)
    }
}

/// A key by whatever name the file has.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
