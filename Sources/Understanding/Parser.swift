// Finds the best way of an utterance through an automaton: words in, what was noted on the way out.
//
// A Viterbi search over (word, state). Words that fit nothing may be skipped at a cost, so that half-heard and freely
// typed sentences are still understood; how much was skipped becomes the confidence.

import Commerce
import Language

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
    /// The places of words that say something and fit nothing.
    let skipped: [Int]
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

    /// Whether a sentence may be taken.
    enum Taking: Sendable {
        case expected, notExpected, never
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
    /// Of each sentence, by its number, whether it may be taken now.
    let takings: [Taking]
    /// By position, whether the word means nothing.
    let isFiller: [Bool]

    /// The best parse, or nil where nothing leads to the end.
    func parse(_ matcher: inout PlaceMatcher) -> Parse? {
        let tokens = matcher.utterance.tokens
        var reached = Reached(states: automaton.count)
        var arriving = [[Cell]](repeating: [], count: tokens.count + 1)
        arriving[0] = [Cell(state: Automaton.start, score: 0, back: -1, step: .start)]
        for position in 0...tokens.count {
            let first = reached.cells.count
            guard let best = arriving[position].map(\.score).max() else { continue }
            // Nothing becomes better without a word, so what is hopeless as it arrives stays hopeless; only the end counts whatever it cost.
            reached.least = position == tokens.count ? -.infinity : best - Worth.beam
            settle(arriving[position], &reached, position, &matcher)
            if position == tokens.count {
                let end = reached.cellOfState[Int(Automaton.final)]
                return end < 0 ? nil : trace(Int(end), reached.cells, tokens, matcher.found)
            }
            for index in first..<reached.cells.count {
                advance(Int32(index), reached.cells[index], position, &matcher, &arriving)
            }
            reached.leave(from: first)
        }
        return nil
    }

    /// What the search has come to: the best cell of each state at the present position, and all before that led there.
    private struct Reached {
        private(set) var cells: [Cell] = []
        private(set) var cellOfState: [Int32]
        /// Cells that have not been followed yet.
        private var waiting: [Int32] = []
        /// What scores less is not followed.
        var least = -Double.infinity

        init(states: Int) { cellOfState = [Int32](repeating: -1, count: states) }

        mutating func reach(_ cell: Cell) {
            guard cell.score >= least else { return }
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

        mutating func next() -> Int32? { waiting.popLast() }

        mutating func leave(from first: Int) {
            for index in first..<cells.count { cellOfState[Int(cells[index].state)] = -1 }
        }
    }

    /// Puts arrivals into their states and follows the arcs that take no word.
    private func settle(
        _ arrivals: [Cell], _ reached: inout Reached, _ position: Int, _ matcher: inout PlaceMatcher
    ) {
        for cell in arrivals { reached.reach(cell) }
        while let index = reached.next() {
            let (state, score) = (reached.cells[Int(index)].state, reached.cells[Int(index)].score)
            for arc in automaton.free.range(state) {
                let arc = automaton.free.arcs[arc]
                reached.reach(Cell(state: arc.to, score: score, back: index, step: .free(arc.label)))
            }
            let number = automaton.hubOfState[Int(state)]
            guard number >= 0 else { continue }
            let hub = automaton.hubs[Int(number)]
            begin(hub.always, behind: index, score, &reached)
            guard position < matcher.utterance.tokens.count else { continue }
            // What cannot begin with this word is not tried: words before it are skipped where it begins, not in it.
            for reading in matcher.utterance.readings[position] {
                if let arcs = hub.byWord[reading.word] { begin(arcs, behind: index, score, &reached) }
            }
            for (place, arcs) in hub.byPlace
            where !matcher.matches(place.kind, family: place.family, at: position).isEmpty {
                begin(arcs, behind: index, score, &reached)
            }
        }
    }

    /// Sentences or items, which cost something.
    private func begin(_ arcs: [ParsingAutomaton.Arc], behind index: Int32, _ score: Double, _ reached: inout Reached) {
        for arc in arcs {
            var cost = Worth.item
            if case .act(let sentence) = arc.label {
                let taking = takings[Int(sentence)]
                guard taking != .never else { continue }
                cost =
                    Worth.sentence + Double(sentence) * Worth.laterSentence
                    + (taking == .expected ? 0 : Worth.notExpected)
            }
            reached.reach(Cell(state: arc.to, score: score + cost, back: index, step: .free(arc.label)))
        }
    }

    /// Takes the word at `position` in every way that the cell's state allows.
    private func advance(
        _ index: Int32, _ cell: Cell, _ position: Int, _ matcher: inout PlaceMatcher, _ arriving: inout [[Cell]]
    ) {
        let taking = automaton.taking.range(cell.state)
        guard !taking.isEmpty || automaton.hubOfState[Int(cell.state)] >= 0 || cell.state == Automaton.final else {
            return
        }
        for number in taking {
            let arc = automaton.taking.arcs[number]
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
        let cost = isFiller[position] ? Worth.skippedFiller : Worth.skippedWord
        arriving[position + 1].append(Cell(state: cell.state, score: cell.score + cost, back: index, step: .skip))
    }

    private static func worth(of kind: PlaceClass) -> Double {
        switch kind {
        case .anything: Worth.anything
        case .number, .measure, .price, .digits, .ordinal: Worth.figure
        case .product, .category, .tag, .group, .everything, .every, .modifier, .exclusion, .delivery, .payment,
            .address:
            Worth.place
        }
    }

    private func trace(_ end: Int, _ cells: [Cell], _ tokens: [String], _ found: [PlaceMatcher.Match]) -> Parse {
        var notes: [Note] = []
        var matched = 0.0
        var all = 0.0
        var skipped: [Int] = []
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
                all += isFiller[position] ? 0.1 : 1
                if !isFiller[position] { skipped.append(position) }
            case .place(let kind, let slot, let number):
                let match = found[Int(number)]
                position -= match.length
                let range = position..<(position + match.length)
                matched += Double(match.length) * (kind == .anything ? 0.7 : 1)
                all += Double(match.length)
                notes.append(
                    .capture(
                        Capture(
                            kind: kind, slot: slot, values: match.values, range: range, text: match.text,
                            isPart: match.isPart, inner: match.inner)))
            }
            index = Int(cell.back)
        }
        return Parse(notes: notes.reversed(), coverage: all > 0 ? matched / all : 0, skipped: skipped)
    }
}
