// One object of a shop's file, read field by field: what is missing, mistyped, misspelt or out of range becomes a
// mistake with its path, and reading goes on.

private import Foundation

struct FileFields {
    let path: String
    let mistakes: MistakeList
    private let values: [String: JSON5Tree]

    /// nil, with a mistake, for what is no object. Fields that are not `known` are mistakes. A field that is null is
    /// taken as left out.
    init?(_ tree: JSON5Tree, path: String, known: [String], mistakes: MistakeList) {
        guard case .object(let values) = tree else {
            mistakes.add(path, "is \(tree.kind), not an object")
            return nil
        }
        self.path = path
        self.mistakes = mistakes
        self.values = values.filter { if case .null = $0.value { false } else { true } }
        if values.count == 0 { return }
        for name in values.keys.sorted() where !known.contains(name) {
            mistakes.add(at(name), "is not a field here" + Spelling.suggestion(for: name, among: known))
        }
    }

    func at(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    func has(_ name: String) -> Bool { values[name] != nil }
    subscript(_ name: String) -> JSON5Tree? { values[name] }

    func wrongType(_ name: String, _ tree: JSON5Tree, wanted: String) {
        mistakes.add(at(name), "is \(tree.kind), not \(wanted)")
    }

    /// A text that is not empty, trimmed; nil where it is left out or a mistake.
    func text(_ name: String) -> String? {
        guard let tree = values[name] else { return nil }
        return Self.text(tree, path: at(name), mistakes: mistakes)
    }

    static func text(_ tree: JSON5Tree, path: String, mistakes: MistakeList) -> String? {
        guard case .text(let raw) = tree else {
            mistakes.add(path, "is \(tree.kind), not a text")
            return nil
        }
        let text = raw.trimmed
        guard !text.isEmpty else {
            mistakes.add(path, "is empty")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" && $0 != "\t" }) else {
            mistakes.add(path, "has control characters in it")
            return nil
        }
        return text
    }

    func requiredText(_ name: String) -> String? {
        if !has(name) { mistakes.add(at(name), "is missing") }
        return text(name)
    }

    /// A text with something to say in it: at least one letter or digit.
    func spokenText(_ name: String) -> String? {
        guard let text = requiredText(name) else { return nil }
        if !text.contains(where: { $0.isLetter || $0.isNumber }) {
            mistakes.add(at(name), "has no letter or digit to say")
            return nil
        }
        return text
    }

    func naming(_ title: String) -> Naming {
        Naming(title: spokenText(title) ?? "", aliases: texts("aliases"))
    }

    func flag(_ name: String, default usual: Bool) -> Bool {
        switch values[name] {
        case nil: return usual
        case .flag(let flag): return flag
        case .some(let tree):
            wrongType(name, tree, wanted: "true or false")
            return usual
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let tree = values[name] else { return nil }
        guard case .number(let number) = tree, number.isFinite, let whole = Int("\(number)") else {
            if case .number = tree {
                mistakes.add(at(name), "is not a whole number")
            } else {
                wrongType(name, tree, wanted: "a whole number")
            }
            return nil
        }
        guard range.contains(whole) else {
            mistakes.add(at(name), "\(whole) is not between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return whole
    }

    /// A quantity: a number with up to three digits behind the point, not negative.
    func quantity(_ name: String) -> Quantity? {
        guard let tree = values[name] else { return nil }
        guard case .number(let number) = tree else {
            wrongType(name, tree, wanted: "a number")
            return nil
        }
        guard number.isFinite, let quantity = Quantity(decimal: "\(number)") else {
            mistakes.add(at(name), "\(number) is no quantity: at most three digits may stand behind the point")
            return nil
        }
        guard quantity >= 0 else {
            mistakes.add(at(name), "\(number) is negative")
            return nil
        }
        return quantity
    }

    /// Money is text, never a number: a number would be a price by way of floating point in most tools that write it.
    func money(_ name: String, _ currency: Currency, mayBeNegative: Bool = false) -> Money? {
        guard let tree = values[name] else { return nil }
        if case .number(let number) = tree {
            mistakes.add(at(name), "is a number; money is a text: \"\(number)\"")
            return nil
        }
        guard let text = text(name) else { return nil }
        guard let money = Money(decimal: text, currency: currency) else {
            let digits = text.split(separator: ".").last.map(\.count) ?? 0
            let isDecimal = Decimal(string: text) != nil && text.allSatisfy { "-.0123456789".contains($0) }
            mistakes.add(
                at(name),
                isDecimal && text.contains(".") && digits > currency.digits
                    ? "\"\(text)\" has more digits behind the point than the \(currency.digits) of \(currency.code)"
                    : "\"\(text)\" is no amount: a decimal such as \"\(Money(minorUnits: 1_900, currency: currency).decimal)\""
            )
            return nil
        }
        guard mayBeNegative || money.minorUnits >= 0 else {
            mistakes.add(at(name), "\"\(text)\" is negative")
            return nil
        }
        guard money.minorUnits.magnitude <= Money.greatestPrice else {
            mistakes.add(at(name), "\"\(text)\" is more than anything costs")
            return nil
        }
        return money
    }

    func currency(_ name: String) -> Currency? {
        guard let code = text(name) else { return nil }
        guard let currency = Currency(code: code) else {
            mistakes.add(at(name), "\"\(code)\" is no currency: three letters such as USD")
            return nil
        }
        return currency
    }

    /// A list; what is no list is a mistake and read as empty. `read` gets each item with its path.
    func list<Item>(_ name: String, _ read: (JSON5Tree, String) -> Item?) -> [Item] {
        guard let tree = values[name] else { return [] }
        guard case .list(let items) = tree else {
            wrongType(name, tree, wanted: "a list")
            return []
        }
        return items.enumerated().compactMap { read($1, "\(at(name))[\($0)]") }
    }

    func texts(_ name: String) -> [String] {
        list(name) { Self.text($0, path: $1, mistakes: mistakes) }
    }
}

/// Notes identifiers that stand twice.
struct UniqueNames {
    private var firstPath: [String: String] = [:]

    mutating func take(_ name: String, path: String, mistakes: MistakeList) {
        if let first = firstPath[name] {
            mistakes.add(path, "\"\(name)\" is already \(first)")
        } else {
            firstPath[name] = path
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character of ASCII or Latin-1.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension String {
    /// Without the blanks around it; by bytes first, since nearly all texts have none.
    var trimmed: String {
        let isPlain = { (byte: UInt8?) in byte.map { (0x21...0x7E).contains($0) } ?? true }
        return isPlain(utf8.first) && isPlain(utf8.last) ? self : trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
