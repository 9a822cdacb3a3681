// Text that was heard or typed, as tokens: one plain spelling for everything that means the same.
// In: any text. Out: words in lower case, figures in plain form.

import Foundation

extension EnglishRules {
    private static let spelledOut: [Character: String] = [
        "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'",
        "‘": "'",
        "`": "'", "´": "'", "×": "x",
    ]

    /// Lower case without accents, Latin letters only: "Jalapeño" → "jalapeno", "Ø" → "o". Other scripts keep their marks,
    /// which there make other letters.
    static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var result = ""
        for character in text.lowercased() {
            if let plain = spelledOut[character] {
                result += plain
            } else if let first = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first,
                first.isASCII, first.properties.isAlphabetic
            {
                result.unicodeScalars.append(first)
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// See `LanguageRules`.
    public func tokens(of text: String) -> [String] {
        let atoms = Atom.atoms(of: Self.folded(text))
        var tokens: [String] = []
        var pendingSign: [String] = []
        var lastIsNumber: Bool { tokens.last?.first?.isASCIIDigit ?? false }
        for (index, atom) in atoms.enumerated() {
            let next = atoms.atom(atoms.pastSpace(index + 1))
            switch atom.kind {
            case .space: break
            case .word where atom.value == "x" && (tokens.isEmpty || lastIsNumber || atoms.kind(index + 1) == .number):
                // A mark of multiplication: "2 x", "x2"; between two numbers it is one of dimensions.
                if lastIsNumber, next?.kind == .number { tokens.append("by") }
            // "The 60s": of that number.
            case .word where atom.value == "s" && lastIsNumber && atoms.kind(index - 1) == .number: break
            case .word:
                if lastIsNumber, let currency = currencyWords(sign: atom.value) {
                    tokens += currency
                } else {
                    tokens.append(atom.value)
                }
            case .ordinal: tokens.append(atom.raw)
            case .number:
                if atom.value.hasPrefix("0."), Atom.fractions[atom.raw] != nil, let whole = tokens.last,
                    whole.count < 7,
                    whole.allSatisfy(\.isASCIIDigit)
                {
                    tokens[tokens.count - 1] = whole + atom.value.dropFirst()
                } else {
                    tokens.append(atom.value)
                }
                tokens += pendingSign
                pendingSign = []
            case .mark:
                switch atom.raw {
                case "&": tokens.append("and")
                case "+" where next?.kind != .number: tokens.append("and")
                case "%": tokens.append("percent")
                case "°": tokens.append("degrees")
                case "-" where atoms.kind(index + 1) == .number && (index == 0 || atoms.kind(index - 1) == .space):
                    tokens.append("minus")
                default:
                    guard let currency = currencyWords(sign: atom.raw) else { break }
                    if lastIsNumber, next?.kind != .number { tokens += currency } else { pendingSign = currency }
                }
            }
        }
        return tokens
    }

    private func currencyWords(sign: String) -> [String]? {
        guard let code = words.signCodes[sign], let name = words.currencies[code] else { return nil }
        return name.other.lowercased().split(separator: " ").map(String.init)
    }
}
