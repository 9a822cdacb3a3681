// Written titles as callers say them: brands, abbreviations, figures, units and signs.
// In: a title as a catalogue writes it. Out: its spoken forms, the likeliest first.

import Foundation

extension EnglishRules {
    /// More forms than these are not asked of a recogniser.
    private static let mostForms = 24
    /// Two capitals that are a word all the same.
    private static let shortWords: Set<String> = [
        "up", "go", "on", "in", "of", "to", "my", "we", "no", "ok", "it", "is", "at", "by", "or", "so", "hi", "an",
        "be", "do", "oh",
        "me", "as", "us",
    ]
    /// Units that say how much is in the package rather than what the thing is; those of others ("9 V") stay in a title.
    private static let packageUnits: Set<String> = [
        "kg", "g", "l", "ml", "cl", "lb", "oz", "m", "cm", "mm", "each", "pcs", "pack", "box", "bottle", "can", "bag",
        "bunch", "roll",
        "slice", "set", "pair",
    ]

    /// See `LanguageRules`.
    public func spokenForms(of written: String) -> [[String]] {
        let atoms = Atom.atoms(of: written.precomposedStringWithCanonicalMapping)
        var forms = spokenForms(of: atoms)
        let bare = Self.withoutBrackets(atoms)
        if bare.count < atoms.count { forms += spokenForms(of: bare) }
        return Array(forms.filter { !$0.isEmpty }.uniqued().prefix(Self.mostForms))
    }

    private func spokenForms(of atoms: [Atom]) -> [[String]] {
        // A title all in capitals tells nothing about abbreviations.
        let long = atoms.filter { $0.kind == .word && $0.value.count > 3 }
        let shouts = long.count > 1 && long.allSatisfy { $0.value == $0.value.uppercased() }
        var parts: [[[String]]] = []
        var at = 0
        while at < atoms.count {
            let (ways, next) = ways(atoms, at, shouts: shouts)
            if !ways.isEmpty { parts.append(ways) }
            at = next
        }
        return Self.combinations(parts)
    }

    /// All ways through the parts, those with the fewest second choices first.
    private static func combinations(_ parts: [[[String]]]) -> [[String]] {
        var open: [(rank: Int, words: [String])] = [(0, [])]
        for ways in parts {
            let longer = open.flatMap { form in
                ways.enumerated().map { (rank: form.rank + $0.offset, words: form.words + $0.element) }
            }
            // Swift's sort is stable, so equals stay in the order of their parts.
            open = Array(longer.sorted { $0.rank < $1.rank }.prefix(mostForms))
        }
        return open.map(\.words)
    }

    private static func withoutBrackets(_ atoms: [Atom]) -> [Atom] {
        var depth = 0
        return atoms.filter { atom in
            if atom.raw == "(" || atom.raw == "[" { depth += 1 }
            defer { if depth > 0, atom.raw == ")" || atom.raw == "]" { depth -= 1 } }
            return depth == 0
        }
    }

    /// The ways to say what stands at `at`, and the place behind it.
    private func ways(_ atoms: [Atom], _ at: Int, shouts: Bool) -> (ways: [[String]], next: Int) {
        let atom = atoms[at]
        switch atom.kind {
        case .space: return ([], at + 1)
        case .word where atom.value == "Ø" && atoms.kind(atoms.pastSpace(at + 1)) == .number: return ([[]], at + 1)
        case .word
        where atom.value.lowercased() == "x" && atoms.kind(atoms.pastSpace(at + 1)) == .number && at > 0
            && atoms.kind(atoms.kind(at - 1) == .space ? at - 2 : at - 1) == .number:
            return ([["by"], ["times"], []], at + 1)
        case .word: return (waysToSay(word: atom.value, shouts: shouts), at + 1)
        case .ordinal:
            return ([ordinalWord(Int(atom.value.prefix(9)) ?? 0).split(separator: " ").map(String.init)], at + 1)
        case .number:
            if let (unit, end) = unit(atoms, behind: at), let thousandths = Self.thousandths(atom.value) {
                let isAlone = !Atom.dashes.contains(atoms[end - 2].raw)
                let isLast = isAlone && atoms[end...].allSatisfy { $0.kind == .space || $0.kind == .mark }
                return (waysToSay(measure: thousandths, figures: atom.value, unit: unit, isLast: isLast), end)
            }
            return (waysToRead(atom.value), at + 1)
        case .mark:
            if let code = words.signCodes[atom.raw], let name = words.currencies[code], atoms.kind(at + 1) == .number {
                let numbers = waysToRead(atoms[at + 1].value).prefix(2)
                return (numbers.flatMap { number in [number + [name.one], number + [name.other]] }, at + 2)
            }
            switch atom.raw {
            case "&": return ([["and"]], at + 1)
            case "+": return ([["plus"], ["and"]], at + 1)
            case "%": return ([["percent"]], at + 1)
            case "°": return ([["degrees"], ["degree"]], at + 1)
            case "№", "#": return ([["number"], []], at + 1)
            case "@": return ([["at"]], at + 1)
            case let dash
            where Atom.dashes.contains(dash) && atoms.kind(at - 1) == .number && atoms.kind(at + 1) == .number:
                return ([["to"], []], at + 1)
            default: return ([], at + 1)
            }
        }
    }

    // MARK: Words

    /// "usb" → `u s b`, "PlayStation" → `playstation`, `play station`.
    private func waysToSay(word: String, shouts: Bool) -> [[String]] {
        let plain = Self.folded(word)
        if let said = words.said[plain] { return said.map { Self.folded($0).split(separator: " ").map(String.init) } }
        guard plain.count > 1 else { return [[plain]] }
        if isSpelled(word, shouts: shouts) {
            let letters = plain.filter(\.isLetter).map(String.init)
            return Self.hasVowel(plain) && plain.count > 2 ? [letters, [plain]] : [letters]
        }
        let humps = Self.humps(word)
        let capitals = word.count == 3 && word == word.uppercased() && !shouts
        return [[plain]] + (humps.count > 1 ? [humps.map(Self.folded)] : [])
            + (capitals ? [plain.map(String.init)] : [])
    }

    /// Whether a word is read letter by letter: capitals that make no syllable.
    func isSpelled(_ word: String, shouts: Bool) -> Bool {
        let letters = Array(word)
        guard letters.count > 1, letters.allSatisfy({ $0.isLetter && $0.isUppercase }), letters.allSatisfy(\.isASCII)
        else {
            return false
        }
        let plain = word.lowercased()
        if Self.shortWords.contains(plain) { return false }
        if !Self.hasVowel(plain) { return letters.count < 6 }
        if shouts || letters.count > 5 { return false }
        if letters.count == 2 { return true }
        let vowels = plain.map { "aeiouy".contains($0) }
        if letters.count == 3 { return vowels != [false, true, false] }
        // Three consonants in a row are no syllable, "oled" and "ikea" are.
        return zip(vowels, zip(vowels.dropFirst(), vowels.dropFirst(2))).contains { !$0 && !$1.0 && !$1.1 }
    }

    private static func hasVowel(_ word: String) -> Bool { word.contains { "aeiouy".contains($0) || !$0.isASCII } }

    /// "PlayStation" → "Play", "Station".
    private static func humps(_ word: String) -> [String] {
        var humps: [String] = []
        var last: Character?
        for letter in word {
            if letter.isUppercase, let last, last.isLowercase || humps.isEmpty { humps.append("") }
            if humps.isEmpty { humps.append("") }
            humps[humps.count - 1].append(letter)
            last = letter
        }
        return humps.contains { $0.count < 2 } ? [word] : humps
    }

    // MARK: Figures

    /// The value of plain figures in thousandths; nil for too many of them.
    static func thousandths(_ figures: String) -> Int? {
        let parts = figures.split(separator: ".")
        guard let first = parts.first, let whole = Int(first), whole < 1_000_000_000 else { return nil }
        guard parts.count > 1 else { return whole * 1000 }
        guard parts[1].count <= 3, let decimals = Int((parts[1] + "00").prefix(3)) else { return nil }
        return whole * 1000 + decimals
    }

    /// The ways to read figures in a title: as a number, in pairs, one by one.
    private func waysToRead(_ figures: String) -> [[String]] {
        func one(_ zero: String) -> String {
            figures.map { $0 == "." ? "point" : $0 == "0" ? zero : Self.small[$0.wholeNumberValue ?? 0] }.joined(
                separator: " ")
        }
        var ways: [String] = []
        if figures.contains(".") {
            let parts = figures.split(separator: ".")
            let decimals = Self.figures(parts[1])
            if let whole = Int(parts[0]), whole < 1_000_000 {
                ways = ["\(Self.cardinalWords(whole)) point \(decimals)"]
                if whole == 0 { ways.append("point \(decimals)") }
                if parts[1] == "5" || parts[1] == "50", whole > 0 {
                    ways.append("\(Self.cardinalWords(whole)) and a half")
                }
            } else {
                ways = [one("zero")]
            }
        } else if figures.count > 1, figures.hasPrefix("0") {
            ways = [one("oh"), one("zero")]
        } else if let n = Int(figures), n < 1_000_000 {
            ways = Self.cardinals(n)
            if (1000...9999).contains(n), n % 100 >= 10 {
                ways.insert("\(Self.cardinalWords(n / 100)) \(Self.cardinalWords(n % 100))", at: 0)
            } else if (1000...9999).contains(n), n % 100 > 0, n / 100 % 10 > 0 {
                ways.insert("\(Self.cardinalWords(n / 100)) oh \(Self.small[n % 100])", at: 0)
            } else if (1000...9999).contains(n), n % 100 == 0, n % 1000 > 0 {
                ways.append("\(Self.cardinalWords(n / 100)) hundred")
            } else if (100...999).contains(n), n % 100 > 0 {
                ways.append("\(Self.small[n / 100]) \(n % 100 < 10 ? "oh " : "")\(Self.cardinalWords(n % 100))")
            }
            if n >= 100, n % 100 != 0 { ways.append(one("oh")) }
        } else {
            ways = [one("zero"), one("oh")]
        }
        return ways.uniqued().map { $0.split(separator: " ").map(String.init) }
    }

    /// The ways to say a number with its unit; in front of other words ("two liter bottle") the unit is singular too.
    private func waysToSay(measure thousandths: Int, figures: String, unit: String, isLast: Bool) -> [[String]] {
        guard let name = words.units[unit] else { return [] }
        var ways: [String] = []
        if thousandths == 500 { ways = ["half a \(name.one)", "half \(name.one)"] }
        var numbers = waysToRead(figures).map { $0.joined(separator: " ") }
        if let half = numbers.firstIndex(where: { $0.hasSuffix("and a half") }) { numbers.swapAt(0, half) }
        let units = (thousandths == 1000 ? [name.one] : isLast ? [name.other, name.one] : [name.one, name.other])
        for unit in units { ways += numbers.map { "\($0) \(unit)" } }
        if thousandths == 1000 { ways.append("a \(name.one)") }
        return ways.uniqued().map { $0.split(separator: " ").map(String.init) }
    }

    // MARK: Measures in titles

    /// The unit behind the number at `at` and the place behind the unit. Capitals that mean something else ("5G") are none.
    func unit(_ atoms: [Atom], behind at: Int) -> (code: String, end: Int)? {
        var next = atoms.pastSpace(at + 1)
        let glued = next == at + 1
        if atoms.atom(next).map({ Atom.dashes.contains($0.raw) }) == true, glued { next += 1 }
        guard let atom = atoms.atom(next), atom.kind == .word || atom.kind == .mark else { return nil }
        let word = Self.folded(atom.value)
        if ["G", "M", "H"].contains(atom.value)
            || (word == "in" && (!glued || atoms.kind(atoms.pastSpace(next + 1)) == .number))
        {
            return nil
        }
        // One letter behind a hyphen is part of a name: "A-4 L".
        if word.count == 1, next != atoms.pastSpace(at + 1) { return nil }
        guard let code = words.unitCodes[word] else { return nil }
        let end = next + 1
        return (code, atoms.atom(end)?.raw == "." && word.count < 4 && end + 1 < atoms.count ? end + 1 : end)
    }

    /// See `LanguageRules`.
    public func withoutMeasures(_ written: String) -> String {
        let atoms = Self.withoutBrackets(Atom.atoms(of: written))
        var rest = ""
        var at = 0
        while at < atoms.count {
            let before = atoms.atom(at - 1)
            if atoms[at].kind == .number, before?.kind != .word || before?.value.lowercased() == "x" {
                if let (code, end) = unit(atoms, behind: at), Self.packageUnits.contains(code) {
                    at = end
                    continue
                }
                let times = atoms.pastSpace(at + 1)
                let measure = atoms.pastSpace(times + 1)
                if let mark = atoms.atom(times)?.value.lowercased(), mark == "x" || mark == "×",
                    atoms.kind(measure) == .number, let (code, end) = unit(atoms, behind: measure),
                    Self.packageUnits.contains(code)
                {
                    at = end  // "6 x 0.5 l"
                    continue
                }
            }
            rest += atoms[at].raw
            at += 1
        }
        let words = rest.split(separator: " ").filter {
            $0.contains { $0.isLetter || $0.isNumber } || $0 == "&" || $0 == "+"
        }
        let title = words.joined(separator: " ").trimmingCharacters(in: CharacterSet(charactersIn: " ,;:-–—/."))
        return title.contains { $0.isLetter } ? title : written
    }
}
