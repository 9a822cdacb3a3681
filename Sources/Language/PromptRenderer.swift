// Fills one template with values, for the eye and for the ear at once.
// In: a parsed template, its values, the grammar. Out: both texts, spaces tidied and sentences capitalised.

import Foundation

struct PromptRenderer {
    let values: [String: PromptValue]
    let rules: any LanguageRules
    var isFragment = false

    func render(_ template: MessageTemplate) -> Spoken {
        let raw = render(template.parts, number: nil)
        return Spoken(
            text: Self.tidied(raw.text, isFragment: isFragment), speech: Self.tidied(raw.speech, isFragment: isFragment)
        )
    }

    private func render(_ parts: [MessageTemplate.Part], number: Int?) -> Spoken {
        parts.reduce(into: Spoken(text: "", speech: "")) { result, part in
            let piece = render(part, number: number)
            result.text += piece.text
            result.speech += piece.speech
        }
    }

    private func render(_ part: MessageTemplate.Part, number: Int?) -> Spoken {
        switch part {
        case .text(let text): return literal(text)
        case .value(let name): return values[name].map { spoken($0, form: .plain) } ?? .same("")
        case .number: return .same(number.map { rules.quantity(thousandths: $0, form: .plain) } ?? "")
        case .plural(let name, let exact, let categories):
            let thousandths = thousandths(of: name)
            let chosen =
                (thousandths % 1000 == 0 ? exact[thousandths / 1000] : nil)
                ?? categories[rules.pluralCategory(thousandths: thousandths)] ?? categories[.other] ?? []
            return render(chosen, number: thousandths)
        case .select(let name, let cases):
            let key = values[name].map { spoken($0, form: .plain).text } ?? ""
            return render(cases[key] ?? cases["other"] ?? [], number: number)
        case .inCase(let name, let grammaticalCase):
            return values[name].map { spoken($0, form: WordForm(grammaticalCase: grammaticalCase)) } ?? .same("")
        case .counted(let name, let other, let grammaticalCase):
            return counted(name, thousandths: thousandths(of: other), grammaticalCase: grammaticalCase)
        case .agreeing(let name, let other, let grammaticalCase):
            var gender: String?
            if case .name(_, let forms) = values[other] { gender = forms["gender"] }
            let form = WordForm(gender: gender, grammaticalCase: grammaticalCase)
            return values[name].map { spoken($0, form: form) } ?? .same("")
        }
    }

    /// The number that a value is, in thousandths; a list is as many as it has items, a name one or several.
    private func thousandths(of name: String) -> Int {
        switch values[name] {
        case .count(let thousandths), .measure(let thousandths, _): thousandths
        case .list(let items): items.count * 1000
        case .name(let name, _): rules.isSeveral(name) ? 2000 : 1000
        case .money(let minorUnits, let digits, _):
            Int(clamping: minorUnits) * 1000 / (0..<digits).reduce(1) { value, _ in value * 10 }
        case .text(let text):
            Int(text).map { $0.multipliedReportingOverflow(by: 1000) }.map { $0.overflow ? 0 : $0.partialValue } ?? 0
        default: 0
        }
    }

    private func counted(_ name: String, thousandths: Int, grammaticalCase: String?) -> Spoken {
        guard case .name(let base, let forms) = values[name] else {
            return values[name].map { spoken($0, form: .plain) } ?? .same("")
        }
        let category = rules.pluralCategory(thousandths: thousandths).rawValue
        let keys =
            grammaticalCase.map { ["\($0) \(category)", category] + (category == "one" ? [$0] : []) } ?? [category]
        let text = keys.lazy.compactMap { forms[$0] }.first ?? rules.counted(base, thousandths: thousandths)
        return Spoken(text: text, speech: rules.forEar(text))
    }

    private func spoken(_ value: PromptValue, form: WordForm) -> Spoken {
        switch value {
        case .text(let text): return Spoken(text: text, speech: rules.forEar(text))
        case .count(let thousandths): return .same(rules.quantity(thousandths: thousandths, form: form))
        case .measure(let thousandths, let unit):
            return .same(rules.measured(thousandths: thousandths, unit: unit, form: form))
        case .money(let minorUnits, let digits, let currency):
            return .same(rules.money(minorUnits: minorUnits, digits: digits, currency: currency, form: form))
        case .orderNumber(let number): return Spoken(text: number, speech: rules.digitsAloud(number))
        case .phone(let number): return Spoken(text: number, speech: rules.phoneAloud(number))
        case .name(let base, let forms):
            let text = form.grammaticalCase.flatMap { forms[$0] } ?? base
            return Spoken(text: text, speech: rules.forEar(text))
        case .time(let minutes): return .same(rules.timeOfDay(minutes: minutes))
        case .weekdays(let days): return .same(rules.weekdays(days))
        case .list(let items):
            let items = items.map { spoken($0, form: form) }
            return Spoken(text: rules.list(items.map(\.text)), speech: rules.list(items.map(\.speech)))
        case .spoken(let spoken): return spoken
        }
    }

    /// Text of the template: the wording for the ear must not take the spaces at its ends.
    private func literal(_ text: String) -> Spoken {
        guard let first = text.firstIndex(where: { !$0.isWhitespace && !Self.marks.contains($0) }),
            let last = text.lastIndex(where: { !$0.isWhitespace && !Self.marks.contains($0) })
        else { return .same(text) }
        let worded = rules.forEar(String(text[first...last]))
        return Spoken(text: text, speech: text[..<first] + worded + text[text.index(after: last)...])
    }

    private static let marks: Set<Character> = [",", ".", ";", ":", "?", "!"]

    /// One space between words, none before a mark, no mark twice where a value ended a sentence, capitals at beginnings.
    static func tidied(_ text: String, isFragment: Bool = false) -> String {
        var result = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let first = word.first, marks.contains(first), let last = result.last {
                let rest = marks.contains(last) && (first == "." || first == ",") ? word.dropFirst() : word
                result += rest.isEmpty || marks.contains(first) ? "" : " "
                result += rest
            } else {
                let begins = result.isEmpty ? !isFragment : Self.endsSentence(result)
                result += result.isEmpty ? "" : " "
                result += begins ? capitalised(word) : String(word)
            }
        }
        for (double, single) in [("?.", "?"), ("!.", "!"), (".,", ","), (",.", ".")] where result.contains(double) {
            result = result.replacing(double, with: single)
        }
        return result
    }

    /// A point behind a single letter is one of an abbreviation.
    private static func endsSentence(_ text: String) -> Bool {
        guard let last = text.last, ".?!…".contains(last) else { return false }
        guard last == "." else { return true }
        let word = text.dropLast().suffix(while: { !$0.isWhitespace })
        return !word.contains(".") && !(word.count == 1 && word.first?.isLetter == true)
    }

    private static func capitalised(_ word: Substring) -> String {
        guard let place = word.firstIndex(where: \.isLetter), word[..<place].allSatisfy({ !$0.isNumber }),
            !word[word.index(after: place)...].contains(where: \.isUppercase)
        else { return String(word) }
        return word[..<place] + word[place].uppercased() + word[word.index(after: place)...]
    }
}

extension Spoken {
    /// The same for the eye and the ear.
    static func same(_ text: String) -> Spoken { Spoken(text: text, speech: text) }
}

extension Substring {
    fileprivate func suffix(while predicate: (Character) -> Bool) -> Substring {
        guard let end = lastIndex(where: { !predicate($0) }) else { return self }
        return self[index(after: end)...]
    }
}
