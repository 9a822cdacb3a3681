// What the recogniser may hear: the automaton of an expectation with the shop's phrases written out and states shared
// where they can be. The same automaton gives the meaning, so the two cannot drift apart.

import Commerce
import Language

/// An acceptor over words. No empty arc leads to a state that another one leaves.
public struct WordGraph: Sendable, Equatable {
    /// One word from one state to another.
    public struct Arc: Sendable, Hashable {
        /// The state that it leaves.
        public let from: Int
        /// The state that it reaches.
        public let to: Int
        /// The word, in lower case.
        public let word: String
    }

    /// From one state to another without a word.
    public struct EmptyArc: Sendable, Hashable {
        /// The state that it leaves.
        public let from: Int
        /// The state that it reaches.
        public let to: Int
    }

    /// A digest of the content, as text.
    public let id: String
    /// States are numbered from 0, the start.
    public let stateCount: Int
    /// Where an utterance may end.
    public let finals: [Int]
    /// In the order of their states and words.
    public let arcs: [Arc]
    /// In the order of their states.
    public let empties: [EmptyArc]
}

/// Writes places of templates out into words.
struct WordGraphBuilder {
    /// How far callers are expected to count; quantities up to the shop's limit, or to twenty.
    private enum Farthest {
        static let quantity = 20
        static let houseNumber = 199
        static let price = 100
    }

    private let vocabulary: ShopVocabulary
    private var words: WordTable
    private var arcs: [[(word: Int32, to: Int32)]]
    private var empties: [[Int32]]
    private let numbers: PhraseTrie
    private let measures: PhraseTrie
    private let prices: PhraseTrie
    private let houseNumbers: PhraseTrie
    private let ordinals: PhraseTrie
    private let digits: [Int32]

    init(vocabulary: ShopVocabulary, rules: any LanguageRules) {
        self.vocabulary = vocabulary
        var words = vocabulary.words
        func trie(_ phrases: [[String]]) -> PhraseTrie {
            var trie = PhraseTrie()
            for phrase in phrases { trie.insert(phrase.map { words.number(of: $0) }, value: 0) }
            return trie
        }
        let quantity = min(vocabulary.shop.limits.maximumQuantity?.whole ?? Farthest.quantity, 99)
        numbers = trie((1...max(quantity, 1)).flatMap { rules.waysToSay($0) })
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
        ordinals = trie(rules.ordinalWords)
        digits = rules.digitWords.flatMap { $0 }.map { words.number(of: $0) }
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
                case .word(let word): arcs[state].append((word, arc.to))
                case .empty, .act, .itemBegins, .itemEnds: empties[state].append(arc.to)
                case .place(let kind, _, let family): write(kind, family: family, from: Int32(state), to: arc.to)
                }
            }
        }
        return graph()
    }

    private mutating func write(_ kind: PlaceClass, family: Int32, from: Int32, to: Int32) {
        let phrases = family < 0 ? vocabulary.all : vocabulary.families[Int(family)]
        switch kind {
        case .product: write(phrases.products, from: from, to: to)
        case .modifier: write(phrases.modifiers, from: from, to: to)
        case .exclusion: write(phrases.exclusions, from: from, to: to)
        case .category: write(vocabulary.categories, from: from, to: to)
        case .delivery: write(vocabulary.deliveries, from: from, to: to)
        case .payment: write(vocabulary.payments, from: from, to: to)
        case .number: write(numbers, from: from, to: to)
        case .measure: write(measures, from: from, to: to)
        case .price: write(prices, from: from, to: to)
        case .ordinal: write(ordinals, from: from, to: to)
        case .digits:
            let again = addState()
            for digit in digits {
                arcs[Int(from)].append((digit, again))
                arcs[Int(again)].append((digit, again))
            }
            empties[Int(again)].append(to)
        case .address:
            let street = addState()
            write(houseNumbers, from: from, to: street)
            write(vocabulary.streets, from: street, to: to)
        case .anything: break
        }
    }

    private mutating func addState() -> Int32 {
        arcs.append([])
        empties.append([])
        return Int32(arcs.count - 1)
    }

    private mutating func write(_ trie: PhraseTrie, from: Int32, to: Int32) {
        var stateOfNode = [Int32](repeating: from, count: trie.nodes.count)
        for node in trie.nodes.indices.dropFirst() { stateOfNode[node] = addState() }
        for (node, content) in trie.nodes.enumerated() {
            for (word, next) in content.next { arcs[Int(stateOfNode[node])].append((word, stateOfNode[Int(next)])) }
            if node > 0, !content.values.isEmpty { empties[Int(stateOfNode[node])].append(to) }
        }
    }

    // MARK: - Making it small

    // A deterministic acceptor would need a state for every set of sentences that still can be meant: 300,000 arcs for
    // 80 products. So states are shared instead: large ones, such as the beginning of every item, stay where they are
    // and are reached by empty arcs; small ones are written out; and states with the same future become one.

    /// States with more words than this are reached by an empty arc rather than copied.
    private static let hubArcs = 8

    private func graph() -> WordGraph {
        let (arcs, hubs, finals) = written()
        let block = merged(arcs, hubs, finals)
        var stateOfBlock = [block[0]: 0]
        var representatives = [0]
        func state(of target: Int32) -> Int {
            if let known = stateOfBlock[block[Int(target)]] { return known }
            stateOfBlock[block[Int(target)]] = representatives.count
            representatives.append(Int(target))
            return representatives.count - 1
        }
        // From the start outwards, so that the start is 0 and what cannot be reached is left out.
        var words: Set<WordGraph.Arc> = []
        var empties: Set<WordGraph.EmptyArc> = []
        var next = 0
        while next < representatives.count {
            for arc in arcs[representatives[next]] {
                words.insert(.init(from: next, to: state(of: arc.to), word: self.words.words[Int(arc.word)]))
            }
            for hub in hubs[representatives[next]] { empties.insert(.init(from: next, to: state(of: hub))) }
            next += 1
        }
        let ends = representatives.indices.filter { finals[representatives[$0]] }
        let sorted = words.sorted { ($0.from, $0.word, $0.to) < ($1.from, $1.word, $1.to) }
        let sortedEmpties = empties.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        return WordGraph(
            id: digest(sorted, sortedEmpties, ends), stateCount: representatives.count, finals: Array(ends),
            arcs: sorted, empties: sortedEmpties)
    }

    /// For each state the words of all small states that it reaches without a word, and the large ones that it reaches so.
    private func written() -> (arcs: [[(word: Int32, to: Int32)]], hubs: [[Int32]], finals: [Bool]) {
        let alive = statesThatEnd()
        var all: [[(word: Int32, to: Int32)]] = []
        var hubs: [[Int32]] = []
        var finals: [Bool] = []
        var mark = [Int32](repeating: -1, count: arcs.count)
        let isReached = statesBehindWords()
        let isHub = arcs.map { $0.count > Self.hubArcs }
        for state in arcs.indices {
            guard alive[state], isReached[state] || isHub[state] else {
                all.append([])
                hubs.append([])
                finals.append(false)
                continue
            }
            var (written, reached, isFinal) = ([(word: Int32, to: Int32)](), [Int32](), false)
            var open = [Int32(state)]
            while let here = open.popLast() {
                guard mark[Int(here)] != Int32(state), alive[Int(here)] else { continue }
                mark[Int(here)] = Int32(state)
                if here == Automaton.final { isFinal = true }
                if isHub[Int(here)], Int(here) != state {
                    reached.append(here)
                } else {
                    written += arcs[Int(here)].filter { alive[Int($0.to)] }
                }
                // What lies behind a hub is reached from here, so that no two empty arcs follow each other.
                open += empties[Int(here)]
            }
            all.append(written)
            hubs.append(reached.sorted())
            finals.append(isFinal)
        }
        // A hub is entered by empty arcs, which bring what lies behind it themselves; entered by a word it would need
        // both, so such a word goes to a twin that is no hub.
        return twinned(all, hubs, finals, isHub, isReached)
    }

    private func twinned(
        _ all: [[(word: Int32, to: Int32)]], _ hubs: [[Int32]], _ finals: [Bool], _ isHub: [Bool], _ isReached: [Bool]
    ) -> (arcs: [[(word: Int32, to: Int32)]], hubs: [[Int32]], finals: [Bool]) {
        var (all, hubs, finals) = (all, hubs, finals)
        var twin = [Int32: Int32]()
        for state in all.indices where isHub[state] {
            if isReached[state] || state == 0 {
                twin[Int32(state)] = Int32(all.count)
                all.append([])
                hubs.append((hubs[state] + [Int32(state)]).sorted())
                finals.append(finals[state])
            }
            all[state] = arcs[state].filter {
                !all[Int($0.to)].isEmpty || !hubs[Int($0.to)].isEmpty || finals[Int($0.to)]
            }
            hubs[state] = []
            finals[state] = false
        }
        for state in all.indices { all[state] = all[state].map { ($0.word, twin[$0.to] ?? $0.to) } }
        if let start = twin[0] { swapStart(with: Int(start), &all, &hubs, &finals) }
        return (all, hubs, finals)
    }

    /// The start has to be state 0; nothing leads back to it but the empty arcs to the hub that it was.
    private func swapStart(
        with start: Int, _ all: inout [[(word: Int32, to: Int32)]], _ hubs: inout [[Int32]], _ finals: inout [Bool]
    ) {
        all.swapAt(0, start)
        hubs.swapAt(0, start)
        finals.swapAt(0, start)
        for state in hubs.indices { hubs[state] = hubs[state].map { $0 == 0 ? Int32(start) : $0 } }
    }

    /// Partition refinement: states with the same words to the same future get the same number.
    private func merged(_ arcs: [[(word: Int32, to: Int32)]], _ hubs: [[Int32]], _ finals: [Bool]) -> [Int32] {
        var block = finals.map { Int32($0 ? 1 : 0) }
        let used = arcs.indices.filter { !arcs[$0].isEmpty || !hubs[$0].isEmpty }
        var count = 0
        while true {
            var numbers: [[UInt64]: Int32] = [:]
            numbers.reserveCapacity(used.count)
            var refined = block
            for state in used {
                var signature = arcs[state].map { UInt64(UInt32($0.word)) << 32 | UInt64(UInt32(block[Int($0.to)])) }
                for hub in hubs[state] { signature.append(UInt64.max << 32 | UInt64(UInt32(block[Int(hub)]))) }
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
            for target in empties[state] { sources[Int(target)].append(Int32(state)) }
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

    /// FNV-1a over everything that matters.
    private func digest(_ arcs: [WordGraph.Arc], _ empties: [WordGraph.EmptyArc], _ finals: [Int]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func mix(_ number: Int) {
            for shift in stride(from: 0, to: 32, by: 8) { mix(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        for arc in arcs {
            mix(arc.from)
            mix(arc.to)
            arc.word.utf8.forEach(mix)
            mix(0)
        }
        for arc in empties {
            mix(arc.from)
            mix(arc.to)
        }
        finals.forEach(mix)
        return "g" + String(hash, radix: 16)
    }
}
