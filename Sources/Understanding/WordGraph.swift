// What the recogniser may hear: the automaton of an expectation with the shop's phrases written out, made deterministic
// and as small as it can be. The same automaton gives the meaning, so the two cannot drift apart.

import Commerce
import Language

/// An acceptor over words: no empty arcs, no two arcs with one word from one state.
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

    /// A digest of the content, as text.
    public let id: String
    /// States are numbered from 0, the start.
    public let stateCount: Int
    /// Where an utterance may end.
    public let finals: [Int]
    /// In the order of their states and words.
    public let arcs: [Arc]
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

    /// The smallest deterministic acceptor of what `automaton` accepts.
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
        return minimised(deterministic())
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

    // MARK: - Determinisation and minimisation

    private struct Deterministic {
        var arcs: [[(word: Int32, to: Int32)]] = []
        var finals: [Bool] = []
    }

    /// The subset construction.
    private func deterministic() -> Deterministic {
        var result = Deterministic()
        var numberOfSet: [[Int32]: Int32] = [:]
        var waiting: [[Int32]] = []
        var mark = [Int32](repeating: -1, count: arcs.count)
        var stamp: Int32 = 0
        func closure(_ seeds: [Int32]) -> [Int32] {
            stamp += 1
            var reached: [Int32] = []
            var open = seeds
            while let state = open.popLast() {
                guard mark[Int(state)] != stamp else { continue }
                mark[Int(state)] = stamp
                if !arcs[Int(state)].isEmpty || state == Automaton.final { reached.append(state) }
                open += empties[Int(state)]
            }
            return reached.sorted()
        }
        func number(of set: [Int32]) -> Int32 {
            if let known = numberOfSet[set] { return known }
            let number = Int32(result.arcs.count)
            numberOfSet[set] = number
            result.arcs.append([])
            result.finals.append(set.contains(Automaton.final))
            waiting.append(set)
            return number
        }
        _ = number(of: closure([Automaton.start]))
        var next = 0
        while next < waiting.count {
            var targets: [Int32: [Int32]] = [:]
            for state in waiting[next] {
                for arc in arcs[Int(state)] { targets[arc.word, default: []].append(arc.to) }
            }
            for (word, seeds) in targets.sorted(by: { $0.key < $1.key }) {
                let target = number(of: closure(seeds))
                result.arcs[next].append((word, target))
            }
            next += 1
        }
        return result
    }

    /// Moore's partition refinement, with states from which no end can be reached left out.
    private func minimised(_ machine: Deterministic) -> WordGraph {
        let alive = statesThatEnd(machine)
        var block = machine.finals.map { Int32($0 ? 1 : 0) }
        var blockCount = Set(block).count
        while true {
            var numbers: [[Int32]: Int32] = [:]
            var refined = block
            for state in machine.arcs.indices where alive[state] {
                var signature = [block[state]]
                for arc in machine.arcs[state] where alive[Int(arc.to)] { signature += [arc.word, block[Int(arc.to)]] }
                let fresh = Int32(numbers.count)
                refined[state] = numbers[signature] ?? fresh
                if refined[state] == fresh { numbers[signature] = fresh }
            }
            block = refined
            guard numbers.count > blockCount else { break }
            blockCount = numbers.count
        }
        return graph(machine, block, alive)
    }

    private func statesThatEnd(_ machine: Deterministic) -> [Bool] {
        var sources = [[Int32]](repeating: [], count: machine.arcs.count)
        for (state, leaving) in machine.arcs.enumerated() {
            for arc in leaving { sources[Int(arc.to)].append(Int32(state)) }
        }
        var alive = machine.finals
        var open = alive.indices.filter { alive[$0] }
        while let state = open.popLast() {
            for source in sources[state] where !alive[Int(source)] {
                alive[Int(source)] = true
                open.append(Int(source))
            }
        }
        return alive
    }

    private func graph(_ machine: Deterministic, _ block: [Int32], _ alive: [Bool]) -> WordGraph {
        var stateOfBlock: [Int32: Int] = [:]
        // From the start outwards, so that the start is 0 and what cannot be reached is left out.
        var representatives = alive.first == true ? [0] : []
        stateOfBlock[block.first ?? 0] = 0
        var arcs: [WordGraph.Arc] = []
        var next = 0
        while next < representatives.count {
            for arc in machine.arcs[representatives[next]] where alive[Int(arc.to)] {
                let target = block[Int(arc.to)]
                if stateOfBlock[target] == nil {
                    stateOfBlock[target] = representatives.count
                    representatives.append(Int(arc.to))
                }
                arcs.append(.init(from: next, to: stateOfBlock[target] ?? 0, word: words.words[Int(arc.word)]))
            }
            next += 1
        }
        let finals = representatives.indices.filter { machine.finals[representatives[$0]] }
        return WordGraph(
            id: digest(arcs, finals), stateCount: max(representatives.count, 1), finals: Array(finals), arcs: arcs)
    }

    /// FNV-1a over everything that matters.
    private func digest(_ arcs: [WordGraph.Arc], _ finals: [Int]) -> String {
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
        finals.forEach(mix)
        return "g" + String(hash, radix: 16)
    }
}
