// Builds a word graph: an automaton and the shop's phrases come in; every place is written out into words, states are
// shared where they can be, and each arc gets its likelihood.

import Commerce
import Foundation
import Language

/// Writes places of templates out into words.
struct WordGraphBuilder {
    /// How far callers are expected to count; quantities up to the shop's limit, or to twenty.
    private enum Farthest {
        static let quantity = 20
        static let houseNumber = 199
        static let price = 100
    }

    private typealias Arc = (word: Int32, to: Int32, weight: Int32)
    private typealias Empty = (to: Int32, weight: Int32)

    /// Weights are counted in steps of a sixteenth of a nat, so that states with nearly the same future are the same.
    private static let weightSteps = 16.0

    private static func steps(_ logWeight: Double) -> Int32 { Int32((max(logWeight, -100) * weightSteps).rounded()) }

    private let vocabulary: ShopVocabulary
    private var words: WordTable
    /// Words that stand for blanks, which nobody can say, with the family of products that each takes.
    private var blanks: [Int32: Int] = [:]
    private var arcs: [[Arc]]
    private var empties: [[Empty]]
    private let numbers: PhraseTrie
    private let plainNumbers: PhraseTrie
    private let measures: PhraseTrie
    private let prices: PhraseTrie
    private let houseNumbers: PhraseTrie
    private let ordinals: PhraseTrie
    private let digits: [Int32]
    private let doubles: [Int32]

    init(vocabulary: ShopVocabulary, pack: LanguagePack) {
        let rules = pack.rules
        self.vocabulary = vocabulary
        var words = vocabulary.words
        /// Phrases by what they stand for, from 1.
        func counted(_ ways: [[[String]]]) -> PhraseTrie {
            var trie = PhraseTrie()
            for (offset, phrases) in ways.enumerated() {
                for phrase in phrases { trie.insert(phrase.map { words.number(of: $0) }, value: Int32(1 + offset)) }
            }
            return trie
        }
        func trie(_ phrases: [[String]]) -> PhraseTrie {
            var trie = PhraseTrie()
            for phrase in phrases { trie.insert(phrase.map { words.number(of: $0) }, value: 0) }
            return trie
        }
        let quantity = min(vocabulary.shop.limits.maximumQuantity?.whole ?? Farthest.quantity, 99)
        let ways = (1...max(quantity, 2)).map { rules.waysToSay($0) }
        numbers = counted(ways)
        plainNumbers = counted(ways.map { Array($0.prefix(1)) })
        houseNumbers = trie((1...Farthest.houseNumber).flatMap { rules.waysToSay($0) })
        let currency = rules.currencyWords(vocabulary.shop.currency.code)
        prices = trie(
            (1...Farthest.price).flatMap { rules.waysToSay($0) }.flatMap { price in
                [price] + currency.map { price + $0 }
            })
        let units = Set(vocabulary.catalog.products.filter { !$0.isCounted }.map(\.unit)).sorted().flatMap(
            rules.unitWords)
        let parts = [500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 10_000].flatMap { rules.waysToSay(thousandths: $0) }
        measures = trie(parts.flatMap { part in units.map { part + $0 } })
        ordinals = counted(rules.ordinalWords.map { [$0] })
        digits = rules.digitWords.flatMap { $0 }.map { words.number(of: $0) }
        doubles = pack.sentences.doubles.map { words.number(of: $0) }
        self.words = words
        arcs = []
        empties = []
    }

    /// A small acceptor of what `automaton` accepts.
    mutating func graph(of automaton: Automaton) -> WordGraph {
        arcs = Array(repeating: [], count: automaton.arcs.count)
        empties = Array(repeating: [], count: automaton.arcs.count)
        for (state, leaving) in automaton.arcs.enumerated() {
            for arc in leaving {
                switch arc.label {
                case .word(let word): arcs[state].append((word, arc.to, Self.steps(arc.weight)))
                case .empty, .act, .itemBegins, .itemEnds: empties[state].append((arc.to, Self.steps(arc.weight)))
                case .place(let kind, let slot, let family):
                    write(kind, bare: slot != nil, family: family, from: Int32(state), to: arc.to)
                }
            }
        }
        return graph()
    }

    private mutating func write(_ kind: PlaceClass, bare: Bool, family: Int32, from: Int32, to: Int32) {
        let phrases = family < 0 ? vocabulary.all : vocabulary.families[Int(family)]
        switch kind {
        // Products are as likely as one another, however many names they have.
        case .product where vocabulary.isLarge:
            let blank = words.number(of: "{\(family)}")
            blanks[blank] = Int(family)
            arcs[Int(from)].append((blank, to, 0))
        case .product: write(phrases.products, of: products(phrases), from: from, to: to)
        case .modifier: write(phrases.modifiers, likelihood: likelihood(ofModifier:), from: from, to: to)
        // Nobody says what they do not want extra of.
        case .exclusion:
            write(
                phrases.exclusions,
                likelihood: { [vocabulary] in vocabulary.spokenModifiers[Int($0)].amount == nil ? 1 : 0 },
                from: from, to: to)
        case .category: write(vocabulary.categories, from: from, to: to)
        case .delivery: write(vocabulary.deliveries, from: from, to: to)
        case .payment: write(vocabulary.payments, from: from, to: to)
        // A number that is wanted for itself is a number: an article alone is a cough.
        case .number: write(bare ? plainNumbers : numbers, likelihood: Self.likelihood(ofNumber:), from: from, to: to)
        case .measure: write(measures, from: from, to: to)
        case .price: write(prices, from: from, to: to)
        case .ordinal: write(ordinals, likelihood: Self.likelihood(ofNumber:), from: from, to: to)
        case .digits:
            let again = addState()
            let weight = Self.steps(-log(Double(digits.count)))
            for digit in digits {
                arcs[Int(from)].append((digit, again, weight))
                arcs[Int(again)].append((digit, again, weight))
            }
            for double in doubles {
                let doubled = addState()
                arcs[Int(from)].append((double, doubled, weight))
                arcs[Int(again)].append((double, doubled, weight))
                for digit in digits { arcs[Int(doubled)].append((digit, again, weight)) }
            }
            empties[Int(again)].append((to, 0))
        case .address:
            let street = addState()
            write(houseNumbers, from: from, to: street)
            write(vocabulary.streets, from: street, to: to)
        // Only where there is something of which all can be had.
        case .everything where family >= 0 && vocabulary.hasMany(family):
            write(vocabulary.everything, from: from, to: to)
        case .tag, .group, .everything, .every, .anything: break
        }
    }

    private mutating func addState() -> Int32 {
        arcs.append([])
        empties.append([])
        return Int32(arcs.count - 1)
    }

    /// How many products share the likelihood of all that stand where `phrases` do.
    private func products(_ phrases: ShopVocabulary.Family) -> Double {
        Double(max(Set(phrases.products.nodes.flatMap(\.values)).count, 1))
    }

    /// Most modifiers are wanted as they are.
    private func likelihood(ofModifier modifier: Int32) -> Double {
        vocabulary.spokenModifiers[Int(modifier)].amount == nil ? 1 : 0.2
    }

    /// How often a number is the one that is wanted: large ones seldom. By telephone 218 of 269 recordings are right with
    /// 2.2, 216 with 1.5, as many wrong; by microphone it changes nothing.
    private static func likelihood(ofNumber number: Int32) -> Double { pow(Double(max(number, 1)), -2.2) }

    /// Writes the phrases of `trie`, each with its likelihood of `all`, by default as likely as another.
    private mutating func write(
        _ trie: PhraseTrie, of all: Double? = nil, likelihood: (Int32) -> Double = { _ in 1 }, from: Int32, to: Int32
    ) {
        let leaves = trie.nodes.map { $0.values.map(likelihood).max() ?? 0 }
        let total = all ?? max(leaves.reduce(0, +), 1e-9)
        // What is likely is known as early as possible: each arc brings the likeliest phrase behind it.
        var best = leaves
        for node in trie.nodes.indices.reversed() {
            for next in trie.nodes[node].next.values { best[node] = max(best[node], best[Int(next)]) }
        }
        var stateOfNode = [Int32](repeating: from, count: trie.nodes.count)
        for node in trie.nodes.indices.dropFirst() { stateOfNode[node] = addState() }
        for (node, content) in trie.nodes.enumerated() {
            let before = node == 0 ? total : best[node]
            for (word, next) in content.next.sorted(by: { $0.key < $1.key }) where best[Int(next)] > 0 {
                let weight = Self.steps(log(min(1, best[Int(next)] / before)))
                arcs[Int(stateOfNode[node])].append((word, stateOfNode[Int(next)], weight))
            }
            if node > 0, leaves[node] > 0 {
                empties[Int(stateOfNode[node])].append((to, Self.steps(log(min(1, leaves[node] / best[node])))))
            }
        }
    }

    // MARK: - Making it small

    // A deterministic acceptor would need a state for every set of sentences that still can be meant: 300,000 arcs for
    // 80 products. So states are shared instead: large ones, such as the beginning of every item, stay where they are
    // and are reached by empty arcs; small ones are written out; and states with the same future become one.

    /// States with more words than this are reached by an empty arc rather than copied.
    private static let hubArcs = 8

    /// Everything that leaves a state, before and after states are merged.
    private struct Written {
        var arcs: [[Arc]]
        var hubs: [[Empty]]
        var finals: [Bool]
    }

    private func graph() -> WordGraph {
        let written = written()
        let block = merged(written)
        var stateOfBlock = [block[0]: 0]
        var representatives = [0]
        func state(of target: Int32) -> Int {
            if let known = stateOfBlock[block[Int(target)]] { return known }
            stateOfBlock[block[Int(target)]] = representatives.count
            representatives.append(Int(target))
            return representatives.count - 1
        }
        // From the start outwards, so that the start is 0 and what cannot be reached is left out.
        var arcs: Set<WordGraph.Arc> = []
        var empties: Set<WordGraph.EmptyArc> = []
        var blanks: Set<WordGraph.Blank> = []
        var next = 0
        while next < representatives.count {
            for arc in written.arcs[representatives[next]] {
                let (to, logWeight) = (state(of: arc.to), Double(arc.weight) / Self.weightSteps)
                if let family = self.blanks[arc.word] {
                    blanks.insert(.init(from: next, to: to, family: family, logWeight: logWeight))
                } else {
                    arcs.insert(.init(from: next, to: to, word: words.words[Int(arc.word)], logWeight: logWeight))
                }
            }
            for hub in written.hubs[representatives[next]] {
                empties.insert(
                    .init(from: next, to: state(of: hub.to), logWeight: Double(hub.weight) / Self.weightSteps))
            }
            next += 1
        }
        let ends = representatives.indices.filter { written.finals[representatives[$0]] }
        let sorted = arcs.sorted { ($0.from, $0.word, $0.to, $0.logWeight) < ($1.from, $1.word, $1.to, $1.logWeight) }
        let sortedEmpties = empties.sorted { ($0.from, $0.to, $0.logWeight) < ($1.from, $1.to, $1.logWeight) }
        return WordGraph(
            stateCount: representatives.count, finals: Array(ends),
            arcs: sorted, empties: sortedEmpties,
            blanks: blanks.sorted {
                ($0.from, $0.to, $0.family, $0.logWeight) < ($1.from, $1.to, $1.family, $1.logWeight)
            })
    }

    /// For each state the words of all small states that it reaches without a word, and the large ones that it reaches
    /// so, each by its likeliest way.
    private func written() -> Written {
        let alive = statesThatEnd()
        var result = Written(
            arcs: Array(repeating: [], count: arcs.count), hubs: Array(repeating: [], count: arcs.count),
            finals: Array(repeating: false, count: arcs.count))
        let isReached = statesBehindWords()
        // What stands for a blank stands for many words.
        let isHub = arcs.map { leaving in
            leaving.count > Self.hubArcs || leaving.contains { blanks[$0.word] != nil }
        }
        var best = [Int32](repeating: .min, count: arcs.count)
        for state in arcs.indices where alive[state] && (isReached[state] || isHub[state]) {
            var reached: [Int32] = []
            var open: [Empty] = [(Int32(state), 0)]
            while let (here, weight) = open.popLast() {
                guard alive[Int(here)], weight > best[Int(here)] else { continue }
                if best[Int(here)] == .min { reached.append(here) }
                best[Int(here)] = weight
                // What lies behind a hub is reached from here too, so that no two empty arcs follow each other.
                for empty in empties[Int(here)] { open.append((empty.to, weight + empty.weight)) }
            }
            for here in reached.sorted() {
                let weight = best[Int(here)]
                if here == Automaton.final { result.finals[state] = true }
                if isHub[Int(here)], Int(here) != state {
                    result.hubs[state].append((here, weight))
                } else {
                    for arc in arcs[Int(here)] where alive[Int(arc.to)] {
                        result.arcs[state].append((arc.word, arc.to, arc.weight + weight))
                    }
                }
                best[Int(here)] = .min
            }
        }
        return twinned(result, isHub, isReached)
    }

    /// A hub is entered by empty arcs, which bring what lies behind it themselves; entered by a word it would need both,
    /// so such a word goes to a twin that is no hub. The start is such a twin too.
    private func twinned(_ written: Written, _ isHub: [Bool], _ isReached: [Bool]) -> Written {
        var result = written
        var twin: [Int32: Int32] = [:]
        for state in written.arcs.indices where isHub[state] {
            if isReached[state] {
                twin[Int32(state)] = Int32(result.arcs.count)
                result.arcs.append([])
                result.hubs.append(written.hubs[state] + [(Int32(state), 0)])
                result.finals.append(written.finals[state])
            }
            result.hubs[state] = []
            result.finals[state] = false
        }
        for state in isHub.indices where isHub[state] {
            // Only its own words: what it reached without a word is reached by whoever enters it.
            result.arcs[state] = arcs[state].filter {
                !written.arcs[Int($0.to)].isEmpty || !written.hubs[Int($0.to)].isEmpty || written.finals[Int($0.to)]
            }
        }
        for state in result.arcs.indices {
            result.arcs[state] = result.arcs[state].map { ($0.word, twin[$0.to] ?? $0.to, $0.weight) }
        }
        guard let start = twin[0] else { return result }
        // The start has to be state 0.
        result.arcs.swapAt(0, Int(start))
        result.hubs.swapAt(0, Int(start))
        result.finals.swapAt(0, Int(start))
        for state in result.hubs.indices {
            result.hubs[state] = result.hubs[state].map { ($0.to == 0 ? start : $0.to, $0.weight) }
        }
        return result
    }

    /// Partition refinement: states with the same words to the same future get the same number.
    private func merged(_ written: Written) -> [Int32] {
        var block = written.finals.map { Int32($0 ? 1 : 0) }
        let used = written.arcs.indices.filter { !written.arcs[$0].isEmpty || !written.hubs[$0].isEmpty }
        var count = 0
        while true {
            var numbers: [[UInt64]: Int32] = [:]
            numbers.reserveCapacity(used.count)
            var refined = block
            for state in used {
                var signature = written.arcs[state].map { Self.packed($0.word + 1, block[Int($0.to)], $0.weight) }
                for hub in written.hubs[state] { signature.append(Self.packed(0, block[Int(hub.to)], hub.weight)) }
                signature.sort()
                // A state can have a word twice to states that have become one.
                var last: UInt64?
                signature.removeAll { arc in
                    defer { last = arc }
                    return arc == last
                }
                signature.append(UInt64(UInt32(block[state])))
                // The first two numbers are those of states with nothing behind them.
                let fresh = Int32(numbers.count + 2)
                refined[state] = numbers[signature] ?? fresh
                if refined[state] == fresh { numbers[signature] = fresh }
            }
            block = refined
            guard numbers.count > count else { return block }
            count = numbers.count
        }
    }

    /// An arc as one number: 26 bits of word, 26 of block, 12 of weight.
    private static func packed(_ word: Int32, _ block: Int32, _ weight: Int32) -> UInt64 {
        UInt64(UInt32(word)) << 38 | UInt64(UInt32(block)) << 12 | UInt64(min(-weight, 0xFFF))
    }

    /// Only states that a word leads to, and the start, have to be written out.
    private func statesBehindWords() -> [Bool] {
        var reached = [Bool](repeating: false, count: arcs.count)
        reached[0] = true
        for leaving in arcs { for arc in leaving { reached[Int(arc.to)] = true } }
        return reached
    }

    private func statesThatEnd() -> [Bool] {
        var sources = [[Int32]](repeating: [], count: arcs.count)
        for state in arcs.indices {
            for arc in arcs[state] { sources[Int(arc.to)].append(Int32(state)) }
            for empty in empties[state] { sources[Int(empty.to)].append(Int32(state)) }
        }
        var alive = [Bool](repeating: false, count: arcs.count)
        alive[Int(Automaton.final)] = true
        var open = [Automaton.final]
        while let state = open.popLast() {
            for source in sources[Int(state)] where !alive[Int(source)] {
                alive[Int(source)] = true
                open.append(source)
            }
        }
        return alive
    }
}
