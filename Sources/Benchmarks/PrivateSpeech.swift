// Sentences with private details that are known, made of lists by a seed. In: `private.json5`. Out: sentences, each with what has to
// be blacked out of it.

import Foundation
import Language

/// A sentence and its private details.
struct PrivateSentence {
    let text: String
    /// What kind of detail, and its words; none in a plain sentence.
    let secrets: [(kind: String, words: [String])]
    /// All other words.
    let plain: [String]
}

/// Makes sentences.
struct PrivateSpeech: Decodable {
    private let secret: [String]
    private let plain: [String]
    private let tuning: People
    private let judging: People
    private let streets: [String]
    private let hosts: [String]
    private let domains: [String]

    /// Names of persons.
    private struct People: Decodable {
        let names: [String]
        let surnames: [String]
    }

    static func read(_ folder: URL) throws -> PrivateSpeech {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try decoder.decode(Self.self, from: Data(contentsOf: folder.appending(path: "private.json5")))
    }

    /// So many sentences, two of five without any detail; with names that redaction was made with, or others.
    func sentences(_ count: Int, isJudging: Bool, rules: any LanguageRules, seed: UInt64) -> [PrivateSentence] {
        let people = isJudging ? judging : tuning
        var chance = SeededChance(seed)
        return (0..<count).map { _ in
            if chance.next() < 0.4 {
                let text = chance.pick(plain)
                return PrivateSentence(text: text, secrets: [], plain: Self.words(text))
            }
            return fill(chance.pick(secret), people, rules, &chance)
        }
    }

    private func fill(
        _ template: String, _ people: People, _ rules: any LanguageRules, _ chance: inout SeededChance
    ) -> PrivateSentence {
        var text = ""
        var secrets: [(kind: String, words: [String])] = []
        var plain: [String] = []
        for (index, part) in template.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            let pieces =
                index == 0 ? ["", part] : part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            if index > 0 {
                let kind = String(pieces[0])
                let value = value(of: kind, people, rules, &chance)
                text += value
                secrets.append((kind, Self.words(value)))
            }
            let rest = pieces.count > 1 ? String(pieces[1]) : ""
            text += rest
            plain += Self.words(rest)
        }
        return PrivateSentence(text: text, secrets: secrets, plain: plain)
    }

    private func value(
        of kind: String, _ people: People, _ rules: any LanguageRules, _ chance: inout SeededChance
    ) -> String {
        switch kind {
        case "name": chance.pick(people.names)
        case "surname": chance.pick(people.surnames)
        case "street": chance.pick(streets)
        case "house", "flat": chance.number(below: 120, from: 1, rules)
        case "phone": chance.figures(of: [9, 10, 12], rules)
        case "card": chance.figures(of: [13, 15, 16, 16, 16, 19], rules)
        case "pin": chance.figures(of: [4, 4, 5, 6], rules)
        case "mail":
            "\(chance.pick(people.names)).\(chance.pick(people.surnames))@\(chance.pick(hosts)).\(chance.pick(domains))"
        default: spelled(people, &chance)
        }
    }

    /// In words, its first part by letters now and then.
    private func spelled(_ people: People, _ chance: inout SeededChance) -> String {
        let name = chance.pick(people.names)
        let first = chance.next() < 0.5 ? name : name.map(String.init).joined(separator: " ")
        let second = chance.next() < 0.5 ? " dot \(chance.pick(people.surnames))" : ""
        return "\(first)\(second) at \(chance.pick(hosts)) dot \(chance.pick(domains))"
    }

    /// Runs of letters and figures.
    static func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    }
}

extension SeededChance {
    fileprivate mutating func pick<Element>(_ list: [Element]) -> Element { list[Int(next() * Double(list.count))] }

    /// In figures or in words.
    fileprivate mutating func number(below end: Int, from start: Int, _ rules: any LanguageRules) -> String {
        let number = start + Int(next() * Double(end - start))
        return next() < 0.5 ? String(number) : rules.cardinal(number)
    }

    /// As many figures as one of `lengths`, in groups as people say them: written, one by one in words, or as numbers.
    fileprivate mutating func figures(of lengths: [Int], _ rules: any LanguageRules) -> String {
        var left = pick(lengths)
        let way = Int(next() * 3)
        var groups: [String] = []
        while left > 0 {
            let size = min(left, 1 + Int(next() * 4))
            let digits = (0..<size).map { _ in Int(next() * 10) }
            left -= size
            switch way {
            case 0: groups.append(digits.map(String.init).joined())
            case 1: groups += digits.map { rules.cardinal($0) }
            default:
                // "forty two" for 42; what begins with a zero is read figure by figure.
                let value = digits.reduce(0) { $0 * 10 + $1 }
                groups += size <= 2 && digits[0] > 0 ? [rules.cardinal(value)] : digits.map { rules.cardinal($0) }
            }
        }
        return groups.joined(separator: " ")
    }
}
