// The templates of prompts: a subset of ICU MessageFormat, and two arguments of our own for inflected names.
//
//     {name}                                               a value
//     {n, plural, =0 {none} one {# item} other {# items}}  by number; # is the number in words
//     {kind, select, pickup {…} other {…}}                 by text
//     {product, case, accusative}                          a name, number or amount in a grammatical case
//     {product, count, n}  {product, count, n, accusative} a name that agrees with the number n
//     {n, agree, product}  {n, agree, product, accusative} a number in words that agrees with a name's gender
//
// An apostrophe before { } or # quotes up to the next one; two are one apostrophe.

/// A parsed template.
struct MessageTemplate: Sendable, Equatable {
    indirect enum Part: Sendable, Equatable {
        case text(String)
        case value(String)
        /// The number of the plural around it.
        case number
        case plural(String, exact: [Int: [Part]], categories: [PluralCategory: [Part]])
        case select(String, cases: [String: [Part]])
        case inCase(String, grammaticalCase: String)
        case counted(String, by: String, grammaticalCase: String?)
        case agreeing(String, with: String, grammaticalCase: String?)
    }

    let parts: [Part]

    /// Where a template is not one, counted in characters from 1.
    struct Mistake: Error, Equatable {
        let position: Int
        let reason: String
    }

    init(_ text: String) throws(Mistake) {
        var parser = Parser(text: Array(text))
        parts = try parser.message(inPlural: false, nested: false)
    }

    /// The names of all values it asks for.
    var placeholders: Set<String> {
        func names(_ parts: [Part]) -> [String] {
            parts.flatMap { part -> [String] in
                switch part {
                case .text, .number: []
                case .value(let name), .inCase(let name, _): [name]
                case .counted(let name, let other, _), .agreeing(let name, let other, _): [name, other]
                case .plural(let name, let exact, let categories):
                    [name] + exact.values.flatMap(names) + categories.values.flatMap(names)
                case .select(let name, let cases): [name] + cases.values.flatMap(names)
                }
            }
        }
        return Set(names(parts))
    }
}

private struct Parser {
    typealias Part = MessageTemplate.Part
    typealias Mistake = MessageTemplate.Mistake

    let text: [Character]
    var at = 0

    init(text: [Character]) { self.text = text }

    private var next: Character? { at < text.count ? text[at] : nil }
    private func mistake(_ reason: String, at place: Int? = nil) -> Mistake {
        Mistake(position: (place ?? at) + 1, reason: reason)
    }

    mutating func message(inPlural: Bool, nested: Bool) throws(Mistake) -> [Part] {
        let start = at
        var parts: [Part] = []
        var literal = ""
        func flushed() -> [Part] { literal.isEmpty ? parts : parts + [.text(literal)] }
        while let character = next {
            switch character {
            case "'": literal += quoted(inPlural: inPlural)
            case "{":
                parts = flushed()
                literal = ""
                parts.append(try argument(inPlural: inPlural))
            case "}":
                guard nested else { throw mistake("'}' without '{'") }
                return flushed()
            case "#" where inPlural:
                parts = flushed() + [.number]
                literal = ""
                at += 1
            default:
                literal.append(character)
                at += 1
            }
        }
        guard !nested else { throw mistake("'{' is not closed", at: start - 1) }
        return flushed()
    }

    /// An apostrophe and what it quotes.
    private mutating func quoted(inPlural: Bool) -> String {
        at += 1
        guard let first = next else { return "'" }
        if first == "'" {
            at += 1
            return "'"
        }
        guard first == "{" || first == "}" || (inPlural && first == "#") else { return "'" }
        var literal = ""
        while let character = next {
            at += 1
            guard character == "'" else {
                literal.append(character)
                continue
            }
            guard next == "'" else { break }
            literal.append("'")
            at += 1
        }
        return literal
    }

    private mutating func argument(inPlural: Bool) throws(Mistake) -> Part {
        let start = at
        at += 1
        let name = try word("the name of a value")
        if try ends() { return .value(name) }
        skipSpace()
        let place = at
        switch try word("a kind of argument") {
        case "plural":
            try comma()
            return try plural(name)
        case "select":
            try comma()
            let cases = try branches(inPlural: inPlural)
            guard cases.contains(where: { $0.key == "other" }) else {
                throw mistake("select without 'other'", at: start)
            }
            return .select(name, cases: Dictionary(cases) { first, _ in first })
        case "case":
            try comma()
            let grammaticalCase = try words("a case")
            guard try ends() else { throw mistake("'}' expected") }
            return .inCase(name, grammaticalCase: grammaticalCase)
        case "count":
            let (other, grammaticalCase) = try other("the name of a number")
            return .counted(name, by: other, grammaticalCase: grammaticalCase)
        case "agree":
            let (other, grammaticalCase) = try other("the name of what is counted")
            return .agreeing(name, with: other, grammaticalCase: grammaticalCase)
        case let kind: throw mistake("'\(kind)' is not plural, select, case, count or agree", at: place)
        }
    }

    private mutating func other(_ what: String) throws(Mistake) -> (String, String?) {
        try comma()
        let name = try word(what)
        if try ends() { return (name, nil) }
        let grammaticalCase = try words("a case")
        guard try ends() else { throw mistake("'}' expected") }
        return (name, grammaticalCase)
    }

    private mutating func plural(_ name: String) throws(Mistake) -> Part {
        skipSpace()
        let start = at
        var exact: [Int: [Part]] = [:]
        var categories: [PluralCategory: [Part]] = [:]
        for (key, parts) in try branches(inPlural: true) {
            if let category = PluralCategory(rawValue: key) {
                categories[category] = parts
            } else if key.hasPrefix("="), let number = Int(key.dropFirst()) {
                exact[number] = parts
            } else {
                let known = PluralCategory.allCases.map(\.rawValue).joined(separator: ", ")
                throw mistake("'\(key)' is not a plural category (\(known)) and not =N", at: start)
            }
        }
        guard categories[.other] != nil else { throw mistake("plural without 'other'", at: start) }
        return .plural(name, exact: exact, categories: categories)
    }

    /// `key {message} key {message} … }`.
    private mutating func branches(inPlural: Bool) throws(Mistake) -> [(key: String, value: [Part])] {
        var branches: [(key: String, value: [Part])] = []
        while true {
            skipSpace()
            if next == "}" {
                at += 1
                return branches
            }
            let place = at
            let key = try word("a branch such as other {…}")
            guard !branches.contains(where: { $0.key == key }) else {
                throw mistake("'\(key)' stands twice", at: place)
            }
            skipSpace()
            guard next == "{" else { throw mistake("'{' expected behind '\(key)'") }
            at += 1
            branches.append((key, try message(inPlural: inPlural, nested: true)))
            at += 1
        }
    }

    private mutating func skipSpace() { while next?.isWhitespace ?? false { at += 1 } }

    private mutating func word(_ what: String) throws(Mistake) -> String {
        skipSpace()
        let start = at
        while let character = next, character.isLetter || character.isNumber || "_-=".contains(character) { at += 1 }
        guard at > start else {
            throw mistake(next == nil ? "\(what) expected, but the text ends" : "\(what) expected")
        }
        return String(text[start..<at])
    }

    /// Several words up to the closing brace.
    private mutating func words(_ what: String) throws(Mistake) -> String {
        var words = [try word(what)]
        skipSpace()
        while let character = next, character.isLetter {
            words.append(try word(what))
            skipSpace()
        }
        return words.joined(separator: " ")
    }

    /// Takes the closing brace, or the comma before more.
    private mutating func ends() throws(Mistake) -> Bool {
        skipSpace()
        guard let character = next else { throw mistake("'}' expected, but the text ends") }
        guard character == "}" || character == "," else { throw mistake("',' or '}' expected") }
        at += 1
        return character == "}"
    }

    private mutating func comma() throws(Mistake) {
        skipSpace()
        guard next == "," else { throw mistake("',' expected") }
        at += 1
    }
}
