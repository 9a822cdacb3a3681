// Phrases of one or several words and what they can mean, found by walking along the words of an utterance.

/// Words as small numbers, the same for one shop and language.
struct WordTable: Sendable {
    private(set) var words: [String] = []
    private var numbers: [String: Int32] = [:]

    mutating func number(of word: String) -> Int32 {
        if let known = numbers[word] { return known }
        let number = Int32(words.count)
        words.append(word)
        numbers[word] = number
        return number
    }

    func knownNumber(of word: String) -> Int32? { numbers[word] }
}

/// A tree over words; each phrase that ends in a node leaves its values there.
struct PhraseTrie: Sendable {
    struct Node: Sendable {
        var next: [Int32: Int32] = [:]
        var values: [Int32] = []
    }

    private(set) var nodes: [Node] = [Node()]

    /// How many phrases it holds.
    var count: Int { nodes.count { !$0.values.isEmpty } }

    var isEmpty: Bool { nodes.count == 1 && nodes[0].values.isEmpty }

    /// Every phrase with what it can mean, in an order that depends on the words alone.
    var phrases: [(words: [Int32], values: [Int32])] {
        var found: [(words: [Int32], values: [Int32])] = []
        var open: [(node: Int, words: [Int32])] = [(0, [])]
        while let (node, words) = open.popLast() {
            if !nodes[node].values.isEmpty { found.append((words, nodes[node].values)) }
            for (word, next) in nodes[node].next.sorted(by: { $0.key > $1.key }) {
                open.append((Int(next), words + [word]))
            }
        }
        return found
    }

    mutating func insert(_ phrase: [Int32], value: Int32) {
        guard !phrase.isEmpty else { return }
        var place = 0
        for word in phrase {
            if let known = nodes[place].next[word] {
                place = Int(known)
            } else {
                nodes.append(Node())
                nodes[place].next[word] = Int32(nodes.count - 1)
                place = nodes.count - 1
            }
        }
        if !nodes[place].values.contains(value) { nodes[place].values.append(value) }
    }

    /// A phrase of the trie that begins at a word of the utterance.
    struct Match: Sendable {
        let length: Int
        let values: [Int32]
        /// What misspelt words cost.
        let cost: Double
    }

    /// Every phrase that begins at `start`; of several spellings of a word the cheapest that leads to it.
    func matches(in utterance: Utterance, at start: Int) -> [Match] {
        reached(along: utterance, from: start).compactMap { place in
            let values = nodes[place.node].values
            return values.isEmpty
                ? nil : Match(length: place.position - start, values: values, cost: place.cost)
        }
    }

    /// Every node that words from `start` on lead to from the node `root`, with the place behind the words.
    func reached(along utterance: Utterance, from start: Int, at root: Int = 0) -> [(
        node: Int, position: Int, cost: Double
    )] {
        var reached: [(node: Int, position: Int, cost: Double)] = []
        func walk(_ node: Int, _ position: Int, _ cost: Double) {
            guard position < utterance.tokens.count else { return }
            for reading in utterance.readings[position] {
                guard let next = nodes[node].next[reading.word] else { continue }
                reached.append((Int(next), position + 1, cost + reading.cost))
                walk(Int(next), position + 1, cost + reading.cost)
            }
        }
        walk(root, start, 0)
        return reached
    }
}

/// The words of an utterance with the vocabulary words that each can be.
struct Utterance: Sendable {
    struct Reading: Sendable {
        let word: Int32
        /// 0 for the word itself, more for one that is spelt nearly so.
        let cost: Double
    }

    let tokens: [String]
    let readings: [[Reading]]
}
