// Addresses in typed text: any words may make one, so they are told by what stands around them. Text comes in; what it decides
// and asks for beside the address goes out.

import Foundation
import Language

extension Understander {
    /// The whole of what was typed where an address is wanted, unless it means something else to the letter: a street that
    /// nobody listed has a name like anything.
    func address(in text: String, _ tokens: [String]) -> Interpretation? {
        guard tokens.count > 1, tokens.contains(where: { $0.first?.isNumber == true }) else { return nil }
        let plain = interpret(
            exactly: tokens,
            readings: tokens.map { token in
                vocabulary.words.knownNumber(of: token).map { [.init(word: $0, cost: 0)] } ?? []
            })
        // "I have cash, 100" is no place.
        let isPaid = plain.acts.contains { $0.intent == .choosePayment }
        if plain.confidence > Self.certainCoverage || isPaid { return nil }
        if let announced = announcedAddress(in: text) { return announced }
        return (led(text, by: pack.sentences.addressLeads) ?? led(text, by: [""])).map { setting($0) }
    }

    /// An address that nobody asked for: it has to be said that it is one, and to have a number.
    func announcedAddress(in text: String) -> Interpretation? {
        if let found = brought(in: text) { return found }
        let leads = pack.sentences.addressLeads.filter { $0.split(separator: " ").count > 2 }
        guard let address = led(text, by: leads), address.contains(where: \.isNumber), address.contains(" ") else {
            return nil
        }
        return setting(address)
    }

    private func setting(_ address: String) -> Interpretation {
        Interpretation(acts: [Act(.setAddress, slots: [.address: address])], confidence: 1)
    }

    /// What stands in `text` behind the first of `leads` that it begins with.
    private func led(_ text: String, by leads: [String]) -> String? {
        var text = Substring(text).trimmingPrefix { $0.isWhitespace }
        // "No, the address is …".
        while let end = text.firstIndex(of: " "),
            pack.writing.calling.contains(text[..<end].bare)
        {
            text = text[end...].drop { $0 == " " }
        }
        guard let lead = leads.first(where: { $0.isEmpty || text.lowercased().hasPrefix($0 + " ") }) else { return nil }
        let rest = lead.isEmpty ? text : text.dropFirst(lead.count + 1)
        return String(rest.reversed().drop { $0.isWhitespace || $0 == "." }.reversed())
    }

    // MARK: - Behind a word for bringing

    /// "Two tulips, delivered to 9 High Street please, and a card": the address, and what is wanted before and behind it.
    private func brought(in text: String) -> Interpretation? {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let plain = words.map(\.bare)
        guard let verb = plain.firstIndex(where: pack.writing.bringing.contains), !isQuestion(plain[..<verb]) else {
            return nil
        }
        let leads = plain.indices.filter { $0 > verb && pack.writing.before.contains(plain[$0]) }
        // The nearest to the number: "to my mother at 12 Oak Street".
        guard let lead = leads.last(where: { isPlace(plain[($0 + 1)...]) }) else { return nil }
        var (address, more) = parted(Array(words[(lead + 1)...]))
        while let last = address.last?.bare, pack.writing.behind.contains(last) { address.removeLast() }
        guard !address.isEmpty else { return nil }
        let before = interpret(tokens(typed: words[..<verb].joined(separator: " ")), expecting: .open, typed: true)
        let wanted = before.acts.filter { $0.items.contains { !$0.candidates.isEmpty } }
        let place = address.joined(separator: " ").trimmingCharacters(in: .init(charactersIn: " ,.;!?"))
        return Interpretation(
            acts: wanted + [Act(.setAddress, slots: [.address: place])] + more,
            confidence: wanted.isEmpty ? 1 : before.confidence, missed: before.missed)
    }

    private func isQuestion(_ words: ArraySlice<String>) -> Bool {
        guard let first = words.first(where: { !pack.sentences.fillers.contains($0) }) else { return false }
        return asking.contains(first) || pack.writing.whether.contains(first)
    }

    /// Whether a house stands at the beginning of `words`, and no time of day.
    private func isPlace(_ words: ArraySlice<String>) -> Bool {
        let near = words.prefix(Self.wordsBeforeNumber)
        guard words.count > 1, let number = near.firstIndex(where: { $0.contains(where: \.isNumber) }) else {
            return false
        }
        if number + 1 < words.endIndex, pack.writing.hours.contains(words[number + 1]) { return false }
        return words.contains { word in
            word.count > 2 && word.allSatisfy(\.isLetter) && !pack.writing.behind.contains(word)
        }
    }

    /// A name, a house's and a street's name may stand before a number.
    private static let wordsBeforeNumber = 6

    /// An address, and what is plainly something else behind it: "9 High Street, and a cola".
    private func parted(_ words: [String]) -> (address: [String], more: [Act]) {
        var words = words
        // "To my mother, 7 Rose Street": who is told by a name may be written on a parcel.
        if let comma = words.firstIndex(where: { $0.hasSuffix(",") }), words[0].first?.isLowercase == true,
            !words[...comma].contains(where: { $0.contains(where: \.isNumber) }), comma + 1 < words.count
        {
            words.removeFirst(comma + 1)
        }
        guard let number = words.firstIndex(where: { $0.contains(where: \.isNumber) }) else { return (words, []) }
        for place in words.indices where place > number {
            let rest = interpret(
                tokens(typed: words[place...].joined(separator: " ")), expecting: .open, typed: true)
            let isOther = rest.acts.allSatisfy { $0.namesGoodsToHave || $0.slots[.paymentMethod] != nil }
            if !rest.acts.isEmpty, isOther, rest.confidence >= Self.certainCoverage {
                return (Array(words[..<place]), rest.acts)
            }
        }
        return (words, [])
    }
}

extension StringProtocol {
    /// A word as it was typed without what stood beside it: "Street," is "street".
    var bare: String { lowercased().trimmingCharacters(in: .punctuationCharacters) }
}
