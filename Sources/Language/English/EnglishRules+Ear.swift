// Any text worded for the ear: answers of the shop's FAQ, product titles, and what `rozmova say` is given.
// In: written text. Out: words and punctuation; every figure and sign that is pronounced is a word.

import Foundation

extension EnglishRules {
    /// Words behind which figures are the name of something and not a number of things.
    private static let numberNouns: Set<String> = [
        "order", "number", "no", "nr", "waybill", "invoice", "code", "pin", "parcel", "tracking", "extension",
    ]
    private static let beforeYears: Set<String> = ["in", "since", "until", "till", "by", "of", "from"]

    /// See `LanguageRules`.
    public func forEar(_ text: String) -> String {
        if text.utf8.allSatisfy(Self.isPlain), text.first?.isLetter == true,
            text.split(separator: " ").allSatisfy({
                words.said[$0.lowercased()] == nil && !isSpelled(String($0), shouts: false)
            })
        {
            return text
        }
        let atoms = Atom.atoms(of: text.precomposedStringWithCanonicalMapping)
        var ear = Ear()
        var at = 0
        while at < atoms.count { at = hear(atoms, at, &ear) }
        return ear.finished
    }

    /// Letters, spaces and the punctuation that is a pause or nothing: most prompts need no wording.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || [0x20, 0x2C, 0x27, 0x3F, 0x21].contains(byte)
    }

    /// What has been worded so far.
    private struct Ear {
        var text = ""
        /// The last written word, in lower case.
        var lastWord = ""

        /// Adds words with a space before them.
        mutating func say(_ words: String) {
            if let last = text.last, !last.isWhitespace { text += " " }
            text += words
        }

        /// Adds words that the next written atom may follow directly.
        mutating func append(_ words: String) { text += words }

        mutating func pause() {
            guard let last = text.last(where: { !$0.isWhitespace }), !",.;:?!".contains(last) else { return }
            while text.last?.isWhitespace ?? false { text.removeLast() }
            text += ","
        }

        var finished: String {
            var result = ""
            for character in text {
                if character == " ", result.isEmpty || result.last == " " { continue }
                if ",.;:?!".contains(character) {
                    while result.last == " " { result.removeLast() }
                    if character == "," || character == ".", let last = result.last, ",.?!;:".contains(last) {
                        if character == ".", last == "," { result.removeLast() } else { continue }
                    }
                    if result.isEmpty { continue }
                }
                if let last = result.last, ",.;:?!".contains(last), character.isLetter { result.append(" ") }
                result.append(character)
            }
            while let last = result.last, last == " " || last == "," { result.removeLast() }
            return result
        }
    }

    /// Words what stands at `at` and gives the place behind it.
    private func hear(_ atoms: [Atom], _ at: Int, _ ear: inout Ear) -> Int {
        let atom = atoms[at]
        switch atom.kind {
        case .space:
            if atom.raw.contains(where: \.isNewline) { ear.pause() }
            ear.append(" ")
            return at + 1
        case .word:
            ear.lastWord = Self.folded(atom.value)
            if let (days, end) = days(atoms, at) {
                ear.say(days)
                return end
            }
            if ear.lastWord == "no", atoms.atom(at + 1)?.raw == ".", atoms.kind(at + 2) == .space,
                atoms.kind(at + 3) == .number
            {
                ear.say("number")  // "No. 5"
                return at + 2
            }
            if atom.raw == "Ø", atoms.kind(atoms.pastSpace(at + 1)) == .number {
                ear.say("diameter")
                return at + 1
            }
            ear.say(aloud(atom))
            if atoms.atom(at + 1)?.raw == ".", words.said[ear.lastWord] != nil, ear.lastWord.count < 7,
                atoms.kind(at + 2) == .space
            {
                return at + 2  // "Dr. Pepper": no end of a sentence
            }
            return at + 1
        case .ordinal:
            ear.say(ordinalWord(Int(atom.value.prefix(9)) ?? 0))
            return at + 1
        case .number:
            defer { ear.lastWord = "" }
            let (words, next) = aloud(number: at, atoms, after: ear.lastWord)
            ear.say(words)
            return next
        case .mark: return hear(mark: at, atoms, &ear)
        }
    }

    private func aloud(_ atom: Atom) -> String {
        let word = atom.value
        let plain = Self.folded(word)
        if atom.raw.contains(".") {  // "U.S.", "a.m."
            return Self.abbreviations[plain] ?? word.uppercased().map(String.init).joined(separator: " ")
        }
        if let said = words.said[plain]?.first { return said }
        if isSpelled(word, shouts: false) { return word.map(String.init).joined(separator: " ") }
        // Capitals would be spelled by a voice that takes them for an abbreviation.
        return word.count > 1 && word == word.uppercased() ? word.lowercased() : word
    }

    private static let abbreviations = ["eg": "for example", "ie": "that is"]

    /// "Mon-Sat" → "Monday to Saturday".
    private func days(_ atoms: [Atom], _ at: Int) -> (String, Int)? {
        func day(_ index: Int) -> String? {
            guard let atom = atoms.atom(index), atom.kind == .word, atom.value.count == 3 else { return nil }
            return Self.days.first { $0.lowercased().hasPrefix(atom.value.lowercased()) }
        }
        guard let first = day(at), let dash = atoms.atom(at + 1)?.raw, Atom.dashes.contains(dash),
            let last = day(at + 2)
        else { return nil }
        return ("\(first) to \(last)", at + 3)
    }

    // MARK: Figures

    private func aloud(number at: Int, _ atoms: [Atom], after lastWord: String) -> (words: String, next: Int) {
        let value = atoms[at].value
        func raw(_ index: Int) -> String { atoms.atom(index)?.raw ?? "" }
        func whole(_ index: Int) -> Int? { atoms.kind(index) == .number ? Int(raw(index)) : nil }

        if value == "24", raw(at + 1) == "/", whole(at + 2) == 7 { return ("twenty four seven", at + 3) }
        if let hour = Int(value), raw(at + 1) == ":", let minute = whole(at + 2), hour < 24, minute < 60,
            raw(at + 2).count == 2
        {
            let (words, end) = time(hour: hour, minute: minute, atoms, at + 3)
            let (dash, other) = (atoms.pastSpace(end), atoms.pastSpace(atoms.pastSpace(end) + 1))
            return Atom.dashes.contains(raw(dash)) && atoms.kind(other) == .number
                ? ("\(words) to", other) : (words, end)
        }
        if let date = date(atoms, at) { return date }
        if let hour = Int(value), (1...12).contains(hour), let half = halfOfDay(atoms, at + 1) {
            return (timeOfDay(minutes: (hour % 12 + half.hours) * 60), half.end)
        }
        let next = atoms.pastSpace(at + 1)
        if let (code, end) = currency(atoms, next), let amount = Self.minorUnits(value) {
            return (money(minorUnits: amount, digits: 2, currency: code), end)
        }
        if let (code, end) = unit(atoms, behind: at), let thousandths = Self.thousandths(value) {
            return (measured(thousandths: thousandths, unit: code), end)
        }
        if Atom.dashes.contains(raw(at + 1)) || (Atom.dashes.contains(raw(next)) && atoms.kind(next + 1) == .space),
            atoms.kind(atoms.pastSpace(next + 1)) == .number, Self.thousandths(value) != nil
        {
            return ("\(cardinal(figures: value)) to", atoms.pastSpace(next + 1))
        }
        if raw(next).lowercased() == "x" || raw(next) == "×", atoms.kind(atoms.pastSpace(next + 1)) == .number {
            return ("\(cardinal(figures: value)) by", next + 1)
        }
        let isName = Self.numberNouns.contains(lastWord)
        if !value.contains("."),
            value.count > 6 && raw(at) == value || value.hasPrefix("0") && value.count > 1 || isName && value.count > 2
        {
            return (digitsAloud(value), at + 1)
        }
        if Self.beforeYears.contains(lastWord), let year = Int(value), value.count == 4, (1900...2099).contains(year),
            raw(at) == value
        {
            return (Self.year(year), at + 1)
        }
        return (cardinal(figures: value), at + 1)
    }

    /// "3.14" → "three point one four".
    private func cardinal(figures: String) -> String {
        let parts = figures.split(separator: ".")
        guard let whole = Int(parts[0]) else { return digitsAloud(String(parts[0])) }
        if parts.count > 1, figures == "0.5" { return "half" }
        return Self.cardinalWords(whole) + (parts.count > 1 ? " point \(Self.figures(parts[1]))" : "")
    }

    private static func year(_ year: Int) -> String {
        if (2000...2009).contains(year) { return cardinalWords(year) }
        let rest = year % 100
        return
            "\(cardinalWords(year / 100)) \(rest == 0 ? "hundred" : rest < 10 ? "oh \(small[rest])" : cardinalWords(rest))"
    }

    private func time(hour: Int, minute: Int, _ atoms: [Atom], _ next: Int) -> (String, Int) {
        if (1...12).contains(hour), let half = halfOfDay(atoms, next) {
            return (timeOfDay(minutes: (hour % 12 + half.hours) * 60 + minute), half.end)
        }
        return (timeOfDay(minutes: hour * 60 + minute), next)
    }

    private func halfOfDay(_ atoms: [Atom], _ at: Int) -> (hours: Int, end: Int)? {
        let next = atoms.pastSpace(at)
        switch atoms.atom(next)?.value.lowercased() {
        case "am": return (0, next + 1)
        case "pm": return (12, next + 1)
        default: return nil
        }
    }

    /// "2026-03-02" and "02.03.2026", the day before the month.
    private func date(_ atoms: [Atom], _ at: Int) -> (String, Int)? {
        guard at + 4 < atoms.count, atoms[at + 1].raw == atoms[at + 3].raw, atoms[at + 2].kind == .number,
            atoms[at + 4].kind == .number, let first = Int(atoms[at].raw), let second = Int(atoms[at + 2].raw),
            let third = Int(atoms[at + 4].raw)
        else { return nil }
        let (year, month, day): (Int, Int, Int)
        switch atoms[at + 1].raw {
        case "-": (year, month, day) = (first, second, third)
        case ".": (day, month, year) = (first, second, third)
        default: return nil
        }
        guard (1...12).contains(month), (1...31).contains(day), (1900...2099).contains(year) else { return nil }
        return ("\(Self.months[month - 1]) \(ordinalWord(day)), \(Self.year(year))", at + 5)
    }

    // MARK: Money

    /// Hundredths of plain figures with up to two decimals.
    private static func minorUnits(_ figures: String) -> Int64? {
        guard let thousandths = thousandths(figures), thousandths % 10 == 0 else { return nil }
        return Int64(thousandths / 10)
    }

    private func currency(_ atoms: [Atom], _ at: Int) -> (code: String, end: Int)? {
        guard let atom = atoms.atom(at) else { return nil }
        if let code = words.signCodes[atom.value] {
            return (
                code, atom.kind == .word && atoms.atom(at + 1)?.raw == "." && at + 2 < atoms.count ? at + 2 : at + 1
            )
        }
        return words.currencies[atom.value] == nil ? nil : (atom.value, at + 1)
    }

    // MARK: Marks

    private func hear(mark at: Int, _ atoms: [Atom], _ ear: inout Ear) -> Int {
        let raw = atoms[at].raw
        let next = atoms.pastSpace(at + 1)
        let betweenLetters = atoms.kind(at - 1) == .word && atoms.kind(at + 1) == .word
        if let code = words.signCodes[raw] {
            if atoms.kind(next) == .number, let amount = Self.minorUnits(atoms[next].value) {
                ear.say(money(minorUnits: amount, digits: 2, currency: code))
                return next + 1
            }
            ear.say(words.currencies[code]?.other ?? "")
            return at + 1
        }
        if raw == "+", atoms.kind(at + 1) == .number, let (number, end) = phone(atoms, at + 1) {
            ear.say(phoneAloud(number))
            return end
        }
        switch raw {
        case ".", ",", ";", ":", "?", "!":
            if raw == ".", betweenLetters {
                ear.say("dot")
            } else if raw == ":", betweenLetters {
                ear.pause()
            } else {
                ear.append(raw)
            }
        case "…": ear.append(".")
        case "&": ear.say("and")
        case "+": ear.say("plus")
        case "%": ear.say("percent")
        case "=": ear.say("equals")
        case "@": ear.say("at")
        case "°": ear.say("degrees")
        case "№":
            ear.say("number")
            ear.lastWord = "number"
            return at + 1
        case "#" where atoms.kind(at + 1) == .number:
            ear.lastWord = "number"
            if !ear.text.hasSuffix("number ") && !ear.text.hasSuffix("order ") { ear.say("number") }
            return at + 1
        case "/" where betweenLetters:
            let isSaid = ["or", "and"].contains { $0 == ear.lastWord || $0 == atoms[at + 1].value.lowercased() }
            ear.say(isSaid ? "" : "or")
        case "(", ")", "[", "]", "—", "–", "•": ear.pause()
        case let dash where Atom.dashes.contains(dash):
            if atoms.kind(at - 1) != .space, at > 0 {
                ear.append(" ")
            } else if atoms.kind(at + 1) == .number {
                ear.say("minus")
            } else {
                ear.pause()
            }
        case "'", "’", "\"", "“", "”", "«", "»": break
        default: ear.append(" ")
        }
        if raw != ":", raw != "." { ear.lastWord = "" }  // "order: 1042", "tel. no. 5"
        return at + 1
    }

    /// A telephone number behind its plus sign: seven figures at least, perhaps with spaces, hyphens and brackets between.
    private func phone(_ atoms: [Atom], _ start: Int) -> (number: String, end: Int)? {
        var number = "+"
        var end = start
        var at = start
        while at < atoms.count, number.count < 16 {
            if atoms[at].kind == .number, atoms[at].raw.allSatisfy(\.isASCIIDigit) {
                number += atoms[at].raw
                end = at + 1
            } else if atoms[at].raw != " ", !["(", ")", "-"].contains(atoms[at].raw) {
                break
            }
            at += 1
        }
        return (8...16).contains(number.count) ? (number, end) : nil
    }
}
