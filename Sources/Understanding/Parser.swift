// Finds the best way of an utterance through an automaton: words in, what was noted on the way out.
//
// A Viterbi search over (word, state). Words that fit nothing may be skipped at a cost, so that half-heard and freely
// typed sentences are still understood; how much was skipped becomes the confidence.

import Commerce
import Language

/// What a place of a template took.
struct Capture: Sendable {
    let kind: PlaceClass
    let slot: Slot?
    /// Products, modifiers …: numbers in the vocabulary's tables. For numbers and measures thousandths, for prices minor
    /// units, for ordinals the place, for addresses the house number and the street in the order spoken, the street as
    /// its bitwise complement.
    let values: [Int32]
    /// The words it took.
    let range: Range<Int>
    /// The digits of `digits`, the unit of `measure`.
    let text: String?
}

/// What was noted on the best way.
enum Note: Sendable {
    case act(Int32)
    case itemBegins(family: Int32)
    case itemEnds
    case capture(Capture)
}

/// A parse with the share of the utterance that it explains.
struct Parse: Sendable {
    let notes: [Note]
    /// 0 to 1: matched words, weighted, of all words.
    let coverage: Double
    /// Words that say something and fit nothing.
    let skipped: Int
    /// Words that were taken for others that are spelt nearly so.
    let slips: Int
}

/// What the words of one utterance can be, for the places of templates; computed once for each place and position.
struct PlaceMatcher {
    struct Match {
        let length: Int
        let values: [Int32]
        let cost: Double
        let text: String?
    }

    let utterance: Utterance
    let vocabulary: ShopVocabulary
    let rules: any LanguageRules
    private var known: [Key: Range<Int>] = [:]
    /// Every match found so far: a step of the search names one by its place.
    private(set) var found: [Match] = []

    private struct Key: Hashable {
        let kind: PlaceClass
        let family: Int32
        let position: Int
    }

    init(utterance: Utterance, vocabulary: ShopVocabulary, rules: any LanguageRules) {
        self.utterance = utterance
        self.vocabulary = vocabulary
        self.rules = rules
    }

    /// Where in `found` the matches of a place stand.
    mutating func matches(_ kind: PlaceClass, family: Int32, at position: Int) -> Range<Int> {
        let key = Key(kind: kind, family: family, position: position)
        if let range = known[key] { return range }
        let first = found.count
        found += find(kind, family: family, at: position)
        known[key] = first..<found.count
        return first..<found.count
    }

    private func find(_ kind: PlaceClass, family: Int32, at position: Int) -> [Match] {
        switch kind {
        case .product:
            let named = matches(in: phrases(family, \.products), at: position)
            return named
                + matches(in: phrases(family, \.writtenProducts), at: position).filter { one in
                    !named.contains { $0.length == one.length && $0.cost <= one.cost }
                }
        case .modifier: return modifiers(phrases(family, \.modifiers), family, at: position)
        case .exclusion: return modifiers(phrases(family, \.exclusions), family, at: position)
        case .tag: return matches(in: vocabulary.tags, at: position)
        case .group: return matches(in: vocabulary.groups, at: position)
        case .category: return matches(in: vocabulary.categories, at: position)
        case .delivery: return matches(in: vocabulary.deliveries, at: position)
        case .payment: return matches(in: vocabulary.payments, at: position)
        case .price:
            let currency = vocabulary.shop.currency
            return rules.amounts(in: utterance.tokens, at: position, digits: currency.digits).compactMap { amount in
                guard amount.currency == nil || amount.currency == currency.code else { return nil }
                return Int32(exactly: amount.minorUnits).map {
                    Match(length: amount.length, values: [$0], cost: 0, text: nil)
                }
            }
        case .measure:
            return rules.measures(in: utterance.tokens, at: position).compactMap { measure in
                Int32(exactly: measure.thousandths).map {
                    Match(length: measure.length, values: [$0], cost: 0, text: measure.unit)
                }
            }
        case .number:
            return rules.numbers(in: utterance.tokens, at: position).compactMap { number in
                Int32(exactly: number.thousandths).map {
                    Match(length: number.length, values: [$0], cost: 0, text: nil)
                }
            }
        case .digits:
            guard let run = rules.digits(in: utterance.tokens, at: position) else { return [] }
            return [Match(length: run.length, values: [], cost: 0, text: run.digits)]
        case .ordinal:
            guard let place = rules.ordinals(in: utterance.tokens, at: position) else { return [] }
            return [Match(length: place.length, values: [Int32(place.index)], cost: 0, text: nil)]
        case .address: return addresses(at: position)
        case .anything:
            return (1...8).filter { position + $0 <= utterance.tokens.count }
                .map { Match(length: $0, values: [], cost: 0, text: nil) }
        }
    }

    private func phrases(_ family: Int32, _ kind: KeyPath<ShopVocabulary.Family, PhraseTrie>) -> PhraseTrie {
        family < 0 ? vocabulary.all[keyPath: kind] : vocabulary.families[Int(family)][keyPath: kind]
    }

    /// A modifier by its names, else by a part of one that means nothing else.
    private func modifiers(_ named: PhraseTrie, _ family: Int32, at position: Int) -> [Match] {
        let own = matches(in: named, at: position)
        let exact =
            own
            + matches(in: phrases(family, \.written), at: position).filter { other in
                !own.contains { $0.length == other.length && $0.cost <= other.cost }
            }
        let parts = phrases(family, \.parts).matches(in: utterance, at: position).filter { part in
            part.cost == 0 && part.values.count == 1 && !exact.contains { $0.length >= part.length }
        }
        return exact + parts.map { Match(length: $0.length, values: $0.values, cost: Self.costOfPart, text: nil) }
    }

    /// A part of a name is worth less than a name, and more than a word that is skipped.
    private static let costOfPart = 0.7

    private func matches(in trie: PhraseTrie, at position: Int) -> [Match] {
        trie.matches(in: utterance, at: position).map {
            Match(length: $0.length, values: $0.values, cost: $0.cost, text: nil)
        }
    }

    /// A house number and a known street, or a known street and a house number.
    private func addresses(at position: Int) -> [Match] {
        var found: [Match] = []
        for (number, length) in houseNumbers(at: position) {
            for street in vocabulary.streets.matches(in: utterance, at: position + length) {
                found.append(
                    Match(
                        length: length + street.length, values: [number, ~street.values[0]], cost: street.cost,
                        text: nil))
            }
        }
        for street in vocabulary.streets.matches(in: utterance, at: position) {
            for (number, length) in houseNumbers(at: position + street.length) {
                found.append(
                    Match(
                        length: street.length + length, values: [~street.values[0], number], cost: street.cost,
                        text: nil))
            }
        }
        return found
    }

    private func houseNumbers(at position: Int) -> [(Int32, Int)] {
        guard position < utterance.tokens.count else { return [] }
        var found = rules.numbers(in: utterance.tokens, at: position).compactMap { match -> (Int32, Int)? in
            guard match.thousandths % 1_000 == 0 else { return nil }
            return Int32(exactly: match.thousandths / 1_000).map { ($0, match.length) }
        }
        if let run = rules.digits(in: utterance.tokens, at: position), run.digits.count <= 5,
            let number = Int32(run.digits),
            !found.contains(where: { $0.1 == run.length })
        {
            found.append((number, run.length))
        }
        return found
    }
}

/// Runs one automaton over one utterance.
struct Parser {
    /// What words are worth and what skipping costs. Found on typed sentences of the fixtures; only their order matters much.
    private enum Worth {
        static let word = 1.0
        static let place = 1.4
        /// Numbers are everywhere: they say less than a name does.
        static let figure = 1.1
        static let anything = 0.05
        static let skippedWord = -1.2
        static let skippedFiller = -0.05
        static let sentence = -0.3
        static let item = -0.2
        static let laterSentence = -0.000_5
        static let notExpected = -0.4
        static let beam = 7.0
    }

    private struct Cell {
        let state: Int32
        var score: Double
        var back: Int32
        var step: Step
    }

    private enum Step {
        case start
        case free(Label)
        case word
        case skip
        /// A place that took the match with this number.
        case place(PlaceClass, Slot?, match: Int32)
    }

    let automaton: ParsingAutomaton
    /// Whether a sentence is among those listened for now; nil where it may not be taken at all.
    let isExpected: (Int32) -> Bool?
    let fillers: Set<String>

    /// The best parse, or nil where nothing leads to the end.
    func parse(_ matcher: inout PlaceMatcher) -> Parse? {
        let tokens = matcher.utterance.tokens
        var cells: [Cell] = []
        var cellOfState = [Int32](repeating: -1, count: automaton.free.count)
        var arriving = [[Cell]](repeating: [], count: tokens.count + 1)
        arriving[0] = [Cell(state: Automaton.start, score: 0, back: -1, step: .start)]
        for position in 0...tokens.count {
            let first = cells.count
            settle(arriving[position], &cells, &cellOfState, position, &matcher)
            guard let best = cells[first...].map(\.score).max() else { continue }
            if position == tokens.count {
                let end = cellOfState[Int(Automaton.final)]
                return end < 0 ? nil : trace(Int(end), cells, tokens, matcher.found)
            }
            for index in first..<cells.count where cells[index].score >= best - Worth.beam {
                advance(Int32(index), cells[index], position, &matcher, &arriving)
            }
            for index in first..<cells.count { cellOfState[Int(cells[index].state)] = -1 }
        }
        return nil
    }

    /// Puts arrivals into their states and follows the arcs that take no word.
    private func settle(
        _ arrivals: [Cell], _ cells: inout [Cell], _ cellOfState: inout [Int32], _ position: Int,
        _ matcher: inout PlaceMatcher
    ) {
        var waiting: [Int32] = []
        func reach(_ cell: Cell) {
            let known = cellOfState[Int(cell.state)]
            if known >= 0 {
                guard cell.score > cells[Int(known)].score + 1e-9 else { return }
                cells[Int(known)] = cell
                waiting.append(known)
            } else {
                cellOfState[Int(cell.state)] = Int32(cells.count)
                waiting.append(Int32(cells.count))
                cells.append(cell)
            }
        }
        arrivals.forEach(reach)
        while let index = waiting.popLast() {
            let cell = cells[Int(index)]
            for arc in automaton.free[Int(cell.state)] {
                switch arc.label {
                case .word, .place: continue
                case .act(let sentence):
                    guard let expected = isExpected(sentence), canBegin(arc.to, at: position, &matcher) else {
                        continue
                    }
                    let cost =
                        Worth.sentence + Double(sentence) * Worth.laterSentence
                        + (expected ? 0 : Worth.notExpected)
                    reach(Cell(state: arc.to, score: cell.score + cost, back: index, step: .free(arc.label)))
                case .itemBegins:
                    guard canBegin(arc.to, at: position, &matcher) else { continue }
                    reach(Cell(state: arc.to, score: cell.score + Worth.item, back: index, step: .free(arc.label)))
                case .empty, .itemEnds:
                    reach(Cell(state: arc.to, score: cell.score, back: index, step: .free(arc.label)))
                }
            }
        }
    }

    /// Whether what begins with `state` can begin with the word at `position`: others are not tried. Words before it are
    /// skipped where it begins, not in it.
    private func canBegin(_ state: Int32, at position: Int, _ matcher: inout PlaceMatcher) -> Bool {
        guard let beginning = automaton.beginnings[state], !beginning.isOptional else { return true }
        guard position < matcher.utterance.tokens.count else { return false }
        if matcher.utterance.readings[position].contains(where: { beginning.words.contains($0.word) }) { return true }
        return beginning.places.contains { !matcher.matches($0.kind, family: $0.family, at: position).isEmpty }
    }

    /// Takes the word at `position` in every way that the cell's state allows.
    private func advance(
        _ index: Int32, _ cell: Cell, _ position: Int, _ matcher: inout PlaceMatcher, _ arriving: inout [[Cell]]
    ) {
        let taking = automaton.taking[Int(cell.state)]
        guard !taking.isEmpty || automaton.isHub[Int(cell.state)] || cell.state == Automaton.final else { return }
        for arc in taking {
            switch arc.label {
            case .word(let word):
                guard let reading = matcher.utterance.readings[position].first(where: { $0.word == word }) else {
                    continue
                }
                arriving[position + 1].append(
                    Cell(state: arc.to, score: cell.score + Worth.word - reading.cost, back: index, step: .word))
            case .place(let kind, let slot, let family):
                for number in matcher.matches(kind, family: family, at: position) {
                    let (length, cost) = (matcher.found[number].length, matcher.found[number].cost)
                    let score = cell.score + Self.worth(of: kind) * Double(length) - cost
                    arriving[position + length].append(
                        Cell(state: arc.to, score: score, back: index, step: .place(kind, slot, match: Int32(number))))
                }
            case .empty, .act, .itemBegins, .itemEnds: continue
            }
        }
        let cost = fillers.contains(matcher.utterance.tokens[position]) ? Worth.skippedFiller : Worth.skippedWord
        arriving[position + 1].append(Cell(state: cell.state, score: cell.score + cost, back: index, step: .skip))
    }

    private static func worth(of kind: PlaceClass) -> Double {
        switch kind {
        case .anything: Worth.anything
        case .number, .measure, .price, .digits, .ordinal: Worth.figure
        case .product, .category, .tag, .group, .modifier, .exclusion, .delivery, .payment, .address: Worth.place
        }
    }

    private func trace(_ end: Int, _ cells: [Cell], _ tokens: [String], _ found: [PlaceMatcher.Match]) -> Parse {
        var notes: [Note] = []
        var matched = 0.0
        var all = 0.0
        var skipped = 0
        var slips = 0
        var position = tokens.count
        var index = end
        while index >= 0 {
            let cell = cells[index]
            switch cell.step {
            case .start: break
            case .free(.act(let sentence)): notes.append(.act(sentence))
            case .free(.itemBegins(let family)): notes.append(.itemBegins(family: family))
            case .free(.itemEnds): notes.append(.itemEnds)
            case .free: break
            case .word:
                position -= 1
                matched += 1
                all += 1
            case .skip:
                position -= 1
                let isFiller = fillers.contains(tokens[position])
                all += isFiller ? 0.1 : 1
                if !isFiller { skipped += 1 }
            case .place(let kind, let slot, let number):
                let match = found[Int(number)]
                if match.cost > 0 { slips += 1 }
                position -= match.length
                let range = position..<(position + match.length)
                matched += Double(match.length) * (kind == .anything ? 0.7 : 1)
                all += Double(match.length)
                notes.append(
                    .capture(
                        Capture(kind: kind, slot: slot, values: match.values, range: range, text: match.text)))
            }
            index = Int(cell.back)
        }
        return Parse(notes: notes.reversed(), coverage: all > 0 ? matched / all : 0, skipped: skipped, slips: slips)
    }
}
