// Text that is more than an order: "My brother is coming and can't stand onions, so a pizza with ham, and a cola." Typed text that
// as a whole fits nothing comes in; what its sentences and clauses plainly mean goes out.

import Commerce
import Foundation
import Language

extension Understander {
    /// What can be understood of the sentences of `text`, and of their clauses where a sentence fits nothing; nil where that is
    /// nothing, or less than `whole` explains.
    func piecemeal(_ text: String, expecting expectation: Expectation, besides whole: Interpretation) -> Interpretation?
    {
        var pieces = Pieces()
        let sentences = split(text, at: Self.isSentenceEnd).filter { $0.contains(where: \.isLetter) }
        for sentence in sentences {
            let tokens = tokens(typed: sentence)
            guard !tokens.isEmpty else { continue }
            let meaning = interpret(tokens, expecting: expectation, typed: true)
            pieces.isTurned = false
            if meaning.isPlain(Self.certainCoverage) {
                pieces.take(meaning, words: tokens.count)
                continue
            }
            let clauses = split(sentence, at: { character, _ in ",:".contains(character) }).flatMap { concluded($0) }
            guard clauses.count > 1 else {
                pass(tokens, meaning, &pieces)
                continue
            }
            take(clauses, into: &pieces, expecting: expectation)
        }
        guard pieces.isSeveral else { return nil }
        if text.contains("?") || pieces.hasQuestion { pieces.doubt() }
        let acts = FollowUps(catalog: vocabulary.catalog).joined(pieces.acts).acts
        let isDoubtful = whole.confidence < Self.plainClause && whole.acts.contains(where: \.namesGoodsToHave)
        if acts.isEmpty, sentences.count > 1, isDoubtful {
            // "My tulips died. What a pity." – no sentence of it orders anything.
            return Interpretation(acts: whole.acts.filter(\.intent.isOnlyAsking), confidence: whole.confidence)
        }
        // Where the clauses name as many goods, they say better what is wanted of them.
        let goods = acts.count(where: \.namesGoodsToHave)
        let isFound = goods > 0 && goods >= whole.acts.count(where: \.namesGoodsToHave)
        guard !acts.isEmpty, whole.isLost || isFound || pieces.share > whole.confidence else { return nil }
        return Interpretation(acts: acts, confidence: pieces.confidence, missed: pieces.missed)
    }

    /// The text without why it is wanted: "the soup too, because two of us eat no fish" asks for one. Where that is all it says,
    /// it stays.
    func withoutReasons(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.firstIndex(where: { reasons.contains($0.bare) }), first > 0 else { return text }
        let end = words[first...].firstIndex { $0.last.map(",.;!?".contains) ?? false } ?? words.count - 1
        return (words[..<first] + words[(end + 1)...]).joined(separator: " ")
    }

    /// "No. The large watch": a no that is a sentence of its own takes nothing out. Nil where text begins otherwise, or its rest
    /// means nothing.
    func beginning(of text: String, expecting expectation: Expectation) -> Interpretation? {
        guard let end = text.firstIndex(where: { ".!?".contains($0) }), let behind = text[end...].firstIndex(of: " ")
        else {
            return nil
        }
        let first = interpret(tokens(typed: String(text[..<end])), expecting: expectation, typed: true)
        guard first.acts.count == 1, first.acts[0].intent == .deny, first.confidence >= Self.certainCoverage else {
            return nil
        }
        let rest = interpret(typed: String(text[behind...]), expecting: expectation)
        guard !rest.acts.isEmpty else { return nil }
        return Interpretation(acts: first.acts + rest.acts, confidence: rest.confidence, missed: rest.missed)
    }

    /// Whether a text asks something, alone or in the end: "hm, is the gravy spicy?"
    func isQuestion(_ text: String, _ tokens: [String]) -> Bool {
        let said = behindCalls(tokens)
        guard said.count >= Self.shortestQuestion, let first = said.first else { return false }
        return text.hasSuffix("?") || asking.contains(first) || pack.writing.inquiring.contains(first)
    }

    /// "What?" and "how much" ask for what was said.
    private static let shortestQuestion = 3

    /// Whether a clause asks something.
    func asks(_ tokens: [String]) -> Bool {
        let said = behindCalls(tokens)
        return said.count > 1 && said.first.map(asking.contains) == true
    }

    /// What a clause says behind "wait, um".
    private func behindCalls(_ tokens: [String]) -> ArraySlice<String> {
        tokens.drop { fillers.contains($0) || calling.contains($0) }
    }

    /// The words of a clause that was passed over that say something, unless it tells a story; all of a question, and goods that
    /// it names.
    func strange(in tokens: [String], meaning: Interpretation) -> [String] {
        let words = strange(in: tokens)
        guard words.isEmpty else { return words }
        return meaning.acts.filter(\.namesGoodsToHave).flatMap(\.items).compactMap { item in
            item.isGuess ? nil : item.sku.flatMap(vocabulary.catalog.product)?.naming.title
        }
    }

    private func strange(in tokens: [String]) -> [String] {
        if asks(tokens) { return [behindCalls(tokens).joined(separator: " ")] }
        if tokens.contains(where: telling.contains) { return [] }
        let small = pack.smallWords
        let strange = tokens.filter { !small.contains($0) && !explaining.contains($0) && !contrary.contains($0) }
        return strange.count > Self.mostUnknown ? [] : strange
    }

    /// Of some clauses what is plain: as many in a row as make sense together, as a list has commas too.
    private func take(_ clauses: [[String]], into pieces: inout Pieces, expecting expectation: Expectation) {
        var rest = clauses.prefix(Self.mostClauses)[...]
        while let first = rest.first {
            if first.first.map(concluding.contains) == true { pieces.isTurned = false }
            var found: (length: Int, meaning: Interpretation)?
            for length in (pieces.isTurned ? 1...1 : 1...rest.count).reversed() where found == nil {
                let meaning = interpret(Array(rest.prefix(length).joined()), expecting: expectation, typed: true)
                let isAllowed = !pieces.isTurned || meaning.acts.allSatisfy(\.intent.isOnlyAsking)
                if isAllowed, meaning.isPlain(length == 1 ? Self.plainClause : Self.certainCoverage) {
                    found = (length, meaning)
                }
            }
            if let (length, meaning) = found {
                pieces.take(meaning, words: rest.prefix(length).joined().count)
                rest = rest.dropFirst(length)
            } else {
                let meaning = interpret(first, expecting: expectation, typed: true)
                pass(first, meaning, &pieces)
                rest = rest.dropFirst()
            }
        }
    }

    private func pass(_ tokens: [String], _ meaning: Interpretation, _ pieces: inout Pieces) {
        pieces.pass(
            tokens, unlessAsking: meaning, contrary: contrary, missed: strange(in: tokens, meaning: meaning),
            isQuestion: asks(tokens))
    }

    /// Who goes on longer is understood as far as this.
    private static let mostClauses = 8
    /// In a single clause a word or two may fit nothing.
    private static let plainClause = 0.7

    /// A clause, and behind a word that leads to it what is wanted: "my brother is coming so I'd like a pizza".
    private func concluded(_ clause: String) -> [[String]] {
        let tokens = tokens(typed: clause)
        guard let place = tokens.lastIndex(where: concluding.contains), place > 0, tokens.count - place > Self.leastWish
        else { return tokens.isEmpty ? [] : [tokens] }
        return [Array(tokens[..<place]), Array(tokens[place...])]
    }

    /// What is wanted takes more words than these to say.
    private static let leastWish = 3

    /// Not the point in a number.
    private static func isSentenceEnd(_ character: Character, _ next: Character?) -> Bool {
        "!?;\n".contains(character) || character == "." && next?.isNumber != true
    }

    private func split(_ text: String, at isEnd: (Character, Character?) -> Bool) -> [String] {
        var parts = [""]
        var rest = text[...]
        while let character = rest.popFirst() {
            // Nor the comma in "1,000".
            if isEnd(character, rest.first), !(character == "," && rest.first?.isNumber == true) {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}

/// What was understood of a text piece by piece.
private struct Pieces {
    private var taken: [Act] = []
    private var doubtful: [Act] = []
    private(set) var confidence = 1.0
    /// What has to be said of it to have been understood by nobody.
    private(set) var missed: [String] = []
    private var count = 0
    private var (words, explained, passed) = (0, 0.0, 0)
    /// Whether something was denied that was not understood: what is named next may be part of it.
    var isTurned = false
    /// Whether something was asked that was not understood.
    private(set) var hasQuestion = false

    /// Of text in one piece all has been tried already.
    var isSeveral: Bool { count > 1 }

    /// The share of the words that means something.
    var share: Double { words == 0 ? 0 : explained / Double(words) }

    /// Beside what was not understood a bare yes or number says nothing; and whatever is only asked comes last.
    var acts: [Act] {
        let meant =
            passed == 0
            ? taken
            : taken.filter { $0.intent.isOnlyAsking || $0.intent.chooses || $0.namesGoodsToHave || $0.isDetail }
        // "I need something good, a cactus maybe": what it is in the end.
        if meant.contains(where: \.namesGoodsToHave) { return meant.filter { $0.intent != .searchProducts } }
        guard meant.isEmpty else { return meant }
        // A guess at a product is asked about; words that are looked for may be any.
        return Array((doubtful.filter { $0.slots[.query] == nil } + doubtful).prefix(1))
    }

    /// What was named in a question that was not understood is only offered: "anything smaller, like a cactus?"
    mutating func doubt() {
        // "Which is cheaper, the can or the hose?" orders neither.
        let compares = taken.first?.intent == .searchProducts && taken.first?.slots[.preference] != nil
        guard passed > 0 || compares else { return }
        for act in taken.indices where taken[act].intent == .addToCart {
            for item in taken[act].items.indices { taken[act].items[item].isGuess = true }
        }
    }

    mutating func take(_ meaning: Interpretation, words: Int) {
        taken += meaning.acts
        missed += meaning.missed
        confidence = min(confidence, meaning.confidence)
        count += 1
        self.words += words
        explained += meaning.confidence * Double(words)
    }

    /// Passes over what is not plain; what it may ask is kept for where nothing else is understood.
    mutating func pass(
        _ tokens: [String], unlessAsking meaning: Interpretation, contrary: Set<String>, missed: [String],
        isQuestion: Bool
    ) {
        if isQuestion { hasQuestion = true }
        self.missed += missed
        let isHarmless = meaning.acts.allSatisfy { $0.intent.isOnlyAsking || $0.items.contains(where: \.isGuess) }
        if isHarmless, let act = meaning.acts.first { doubtful.append(act) }
        if tokens.contains(where: contrary.contains) { isTurned = true }
        count += 1
        passed += 1
        words += tokens.count
    }
}

extension Interpretation {
    /// Whether it is what was said, all of it, and no guess.
    fileprivate func isPlain(_ least: Double) -> Bool {
        confidence >= least && !acts.isEmpty
            && !acts.contains { act in act.slots[.query] != nil || act.items.contains(where: \.isGuess) }
    }

    /// Whether nothing of it is known to be meant: it looks for any words, or is empty.
    var isLost: Bool {
        acts.allSatisfy { act in
            act.slots[.query] != nil || act.intent != .compareProducts && act.items.contains(where: \.isGuess)
        }
    }

    /// Whether another reading may be better.
    var isWeak: Bool {
        isLost || confidence < Self.sound || acts.contains { $0.slots[.query] != nil }
            || confidence < Understander.certainCoverage && !acts.contains(where: \.namesGoodsToHave)
    }

    /// Where more than a fifth of the words fits nothing, it may be a story.
    private static let sound = 0.8
}

extension Act {
    /// Whether it wants goods that it names.
    var namesGoodsToHave: Bool { intent.changesCart && items.contains { !$0.candidates.isEmpty } }

    /// Whether it says more of what was named before: "in blue".
    fileprivate var isDetail: Bool { intent == .changeModifiers && !items.isEmpty || slots[.address] != nil }
}

extension Intent {
    /// Whether it only wants to hear something: no harm is done where it was not meant.
    var isOnlyAsking: Bool {
        switch self {
        case .searchProducts, .showCart, .talkToOperator: true
        default: asks
        }
    }
}
