// The template language of `sentences.json5`: text comes in, a tree goes out.
//
//   word            itself                     [x]       x or nothing
//   (a | b)         either                     x*  x+    any number of times, at least once
//   <rule>          a named template           {class}   something of the shop: a product, a number …
//   {class:slot}    the same, kept as that slot of the act
//   (/3/ a | b)     a is three times as likely as b       [/0.1/ x]   x in a tenth of the cases, otherwise in half of them

/// A sentence with alternatives, options and places for what the shop sells.
indirect enum Template: Equatable, Sendable {
    case word(String)
    case sequence([Template])
    case choice([Template])
    case optional(Template)
    case repeated(Template)
    /// A branch of a choice, or what is optional, with its likelihood: beside the others, or by itself.
    case weighted(Double, Template)
    case rule(String)
    case place(PlaceClass, Slot?)
}

/// What can stand in a place of a template.
enum PlaceClass: String, Sendable, CaseIterable, Hashable {
    /// A product by any of its names, one or several.
    case product
    /// A category by any of its names.
    case category
    /// A modifier, with an amount before it perhaps.
    case modifier
    /// A modifier that can be left out.
    case exclusion
    /// A number of things.
    case number
    /// A weight or a volume with its unit.
    case measure
    /// An amount of money.
    case price
    /// A row of digits.
    case digits
    /// A place in an offered list.
    case ordinal
    /// A delivery method of the shop.
    case delivery
    /// A payment method of the shop.
    case payment
    /// A house and a street.
    case address
    /// A property that the shop's products are tagged with; only in typed text.
    case tag
    /// A group of modifiers by its name: "sizes"; only in typed text.
    case group
    /// Whatever can be on a product: "everything".
    case everything
    /// Each of the things that were named: "both large"; only in typed text.
    case every
    /// Any words at all; only in typed text.
    case anything
}

extension PlaceClass {
    /// Whether it names what can be bought, or how.
    var isGoods: Bool {
        switch self {
        case .product, .category, .modifier, .exclusion: true
        default: false
        }
    }
}

/// A mistake in a template: which, where, what.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The template as written.
    public let template: String
    /// Characters before the mistake.
    public let offset: Int
    /// What is wrong and what to do.
    public let reason: String

    /// One line for a person.
    public var description: String { "in the sentence “\(template)”, after \(offset) characters: \(reason)" }
}

extension Template {
    /// Parses `text`.
    init(parsing text: String) throws(TemplateError) {
        var parser = TemplateParser(text: text)
        self = try parser.choice()
        guard parser.atEnd else { throw parser.mistake("a closing bracket without its opening one") }
    }
}

private struct TemplateParser {
    private let text: String
    private let characters: [Character]
    private var position = 0

    init(text: String) {
        self.text = text
        characters = Array(text)
    }

    var atEnd: Bool { position == characters.count }

    func mistake(_ reason: String) -> TemplateError {
        TemplateError(template: text, offset: position, reason: reason)
    }

    mutating func choice() throws(TemplateError) -> Template {
        var branches = [try branch()]
        while take("|") { branches.append(try branch()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func branch() throws(TemplateError) -> Template {
        guard take("/") else { return try sequence() }
        let start = position
        while !atEnd, characters[position] != "/" { position += 1 }
        guard let weight = Double(String(characters[start..<position])), weight > 0, take("/") else {
            throw mistake("a weight is a number above 0 between two slashes")
        }
        return .weighted(weight, try sequence())
    }

    private mutating func sequence() throws(TemplateError) -> Template {
        var parts: [Template] = []
        while let part = try element() {
            if take("*") {
                parts.append(.optional(.repeated(part)))
            } else if take("+") {
                parts.append(.repeated(part))
            } else {
                parts.append(part)
            }
        }
        guard let first = parts.first else { throw mistake("nothing stands here; use [ ] for what may be left out") }
        return parts.count == 1 ? first : .sequence(parts)
    }

    private mutating func element() throws(TemplateError) -> Template? {
        while !atEnd, characters[position].isWhitespace { position += 1 }
        guard !atEnd else { return nil }
        switch characters[position] {
        case "(": return try bracketed(by: ")") { $0 }
        case "[":
            let start = position
            let part = try bracketed(by: "]") { .optional($0) }
            if case .optional(.weighted(let likelihood, _)) = part, likelihood >= 1 {
                position = start
                throw mistake("what may be left out has a likelihood below 1")
            }
            return part
        case "<":
            let name = try enclosed(by: ">")
            return .rule(name)
        case "{": return try place()
        case "|", ")", "]": return nil
        case let character where Self.isWord(character):
            let start = position
            while !atEnd, Self.isWord(characters[position]) { position += 1 }
            return .word(String(characters[start..<position]).lowercased())
        case let character: throw mistake("“\(character)” means nothing in a template")
        }
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "'"
    }

    private mutating func bracketed(by close: Character, _ wrap: (Template) -> Template) throws(TemplateError)
        -> Template
    {
        position += 1
        let inner = try choice()
        guard take(close) else { throw mistake("“\(close)” is missing") }
        return wrap(inner)
    }

    private mutating func enclosed(by close: Character) throws(TemplateError) -> String {
        let start = position + 1
        guard let end = characters[start...].firstIndex(of: close) else { throw mistake("“\(close)” is missing") }
        position = end + 1
        return String(characters[start..<end])
    }

    private mutating func place() throws(TemplateError) -> Template {
        let parts = try enclosed(by: "}").split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first, let kind = PlaceClass(rawValue: name) else {
            let known = PlaceClass.allCases.map(\.rawValue).joined(separator: ", ")
            throw mistake("a place is one of \(known)")
        }
        guard parts.count == 2 else { return .place(kind, nil) }
        guard let slot = Slot(rawValue: parts[1]) else {
            let known = Slot.allCases.map(\.rawValue).joined(separator: ", ")
            throw mistake("“\(parts[1])” is no slot; slots are \(known)")
        }
        return .place(kind, slot)
    }

    private mutating func take(_ character: Character) -> Bool {
        while !atEnd, characters[position].isWhitespace { position += 1 }
        guard !atEnd, characters[position] == character else { return false }
        position += 1
        return true
    }
}
