// Cuts written text into words, numbers, spaces and marks that together are the whole text.
// In: text. Out: atoms, from which tokens, spoken titles and text for the ear are made.

import Foundation

/// A piece of written text.
struct Atom: Equatable {
    enum Kind { case word, number, ordinal, space, mark }

    let kind: Kind
    /// As it is written.
    let raw: String
    /// A number in plain form ("1,000" → "1000", "½" → "0.5", "2nd" → "2"); else as written.
    let value: String

    /// Cuts `text`; the raw texts of the result, joined, are `text`.
    static func atoms(of text: String) -> [Atom] {
        var lexer = Lexer(text: Array(text))
        var atoms: [Atom] = []
        while let atom = lexer.next() { atoms.append(atom) }
        return atoms
    }

    static let fractions: [String: String] = [
        "½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "1/4": "0.25", "3/4": "0.75",
    ]
    static let apostrophes: Set<Character> = ["'", "’", "‘"]
    /// Hyphens and dashes of all lengths, and the minus sign.
    static let dashes: Set<String> = ["-", "–", "—", "−", "\u{2010}", "\u{2011}"]
}

private struct Lexer {
    let text: [Character]
    var at = 0

    init(text: [Character]) { self.text = text }

    private func character(_ index: Int) -> Character? { text.indices.contains(index) ? text[index] : nil }
    private func isDigit(_ index: Int) -> Bool { character(index)?.isASCIIDigit ?? false }
    private func isLetter(_ index: Int) -> Bool { character(index)?.isLetter ?? false }

    mutating func next() -> Atom? {
        guard let first = character(at) else { return nil }
        let start = at
        if first.isASCIIDigit { return number() }
        if first.isLetter { return word() }
        at += 1
        if first.isWhitespace {
            while character(at)?.isWhitespace ?? false { at += 1 }
            return Atom(kind: .space, raw: String(text[start..<at]), value: " ")
        }
        let raw = String(first)
        if let fraction = Atom.fractions[raw] { return Atom(kind: .number, raw: raw, value: fraction) }
        return Atom(kind: .mark, raw: raw, value: raw)
    }

    /// A run of letters with apostrophes inside; single letters with points between them are one word ("a.m.").
    private mutating func word() -> Atom {
        let start = at
        var value = ""
        while let next = character(at) {
            if next.isLetter {
                value.append(next)
            } else if Atom.apostrophes.contains(next), isLetter(at + 1) {
                value.append("'")
            } else if next == ".", isLetter(at + 1), !isLetter(at + 2), !isLetter(at - 2) {
                // Between two single letters: leave the point out.
            } else {
                break
            }
            at += 1
        }
        // The point behind the last letter of "a.m." belongs to it, unless the text ends there.
        if value.count > 1, value.count * 2 - 1 == at - start, character(at) == ".", at + 1 < text.count { at += 1 }
        return Atom(kind: .word, raw: String(text[start..<at]), value: value)
    }

    private mutating func figures() -> String {
        let start = at
        while isDigit(at) { at += 1 }
        return String(text[start..<at])
    }

    private mutating func number() -> Atom {
        let start = at
        var value = figures()
        let first = at
        if character(at) == "/", isDigit(at + 1) {
            at += 1
            if let fraction = Atom.fractions["\(value)/\(figures())"], character(at) != "/" {
                return Atom(kind: .number, raw: String(text[start..<at]), value: fraction)
            }
            at = first
        }
        var parts = [value]
        var points: [Character] = []
        let isLaterPart = character(start - 1) == "." && isDigit(start - 2)
        while !isLaterPart, let point = character(at), point == "." || point == ",", isDigit(at + 1) {
            at += 1
            points.append(point)
            parts.append(figures())
        }
        let groups = parts[0].count <= 3 && parts[0] != "0" && parts.dropFirst().dropLast().allSatisfy { $0.count == 3 }
        if points.isEmpty {
            // Whole.
        } else if groups, points.allSatisfy({ $0 == "," }), parts[parts.count - 1].count == 3 {
            value = parts.joined()
        } else if points.count == 1 {
            value = "\(parts[0]).\(parts[1])"
        } else if groups, points.dropLast().allSatisfy({ $0 == "," }), points[points.count - 1] == "." {
            value = "\(parts.dropLast().joined()).\(parts[parts.count - 1])"
        } else {
            at = first  // a date or a version: one part at a time
        }
        if isLetter(at), isLetter(at + 1), !isLetter(at + 2),
            ["st", "nd", "rd", "th"].contains(String(text[at...(at + 1)]).lowercased())
        {
            at += 2
            return Atom(kind: .ordinal, raw: String(text[start..<at]), value: value)
        }
        return Atom(kind: .number, raw: String(text[start..<at]), value: value)
    }
}

extension Character {
    /// Whether it is one of 0–9.
    var isASCIIDigit: Bool { asciiValue.map { (0x30...0x39).contains($0) } ?? false }
}

extension [Atom] {
    /// The atom at a place; nil beyond the ends.
    func atom(_ index: Int) -> Atom? { indices.contains(index) ? self[index] : nil }
    /// The kind of the atom at a place; nil beyond the ends.
    func kind(_ index: Int) -> Atom.Kind? { atom(index)?.kind }
    /// The place of the next atom from `index` on that is no space.
    func pastSpace(_ index: Int) -> Int { kind(index) == .space ? index + 1 : index }
}
