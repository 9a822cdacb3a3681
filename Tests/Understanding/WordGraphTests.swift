// One template, two uses: what the recogniser may hear is what is understood, and the other way round.

import Testing
import Understanding

@Suite("What may be heard")
struct WordGraphTests {
    let shop: Understander

    init() throws { shop = try Bench.demo() }

    @Test("Whatever the recogniser can hear has a meaning", arguments: [Listening.open, .yesNo, .digits, .address])
    func walks(expectation: Listening) {
        let walker = Walker(shop.wordGraph(for: expectation))
        var dice = Dice(state: 42)
        var told = 0
        for _ in 0..<300 {
            guard let words = walker.walk(using: &dice, most: 12) else { continue }
            told += 1
            let meaning = shop.interpret(heard: words, expecting: expectation)
            #expect(!meaning.acts.isEmpty && meaning.confidence > 0.99, "\(words.joined(separator: " "))")
        }
        #expect(told > 100)
    }

    @Test(
        "What people say can be heard",
        arguments: [
            (Listening.open, "can i get two large pepperoni pizzas please"),
            (.open, "a small pizza with mushrooms and olives"),
            (.open, "half a kilo of apples please"),
            (.open, "what's the difference between the latte and the cappuccino"),
            (.open, "deliver it to twelve maple avenue"), (.open, "track order one zero four two"),
            (.open, "where can i park"),
            (.yesNo, "no"), (.yesNo, "yes please"), (.yesNo, "place the order"), (.yesNo, "say that again please"),
            (.digits, "one zero four two"), (.address, "seventeen chestnut avenue apartment four"),
            (.choosing, "the second one please"),
        ])
    func heard(expectation: Listening, text: String) {
        let words = text.split(separator: " ").map(String.init)
        #expect(Walker(shop.wordGraph(for: expectation)).accepts(words))
    }

    @Test(
        "Nothing can be heard that the shop does not make",
        arguments: ["a pizza with chicken", "large batteries", "a red kettle", "two tulips"])
    func notHeard(text: String) {
        #expect(!Walker(shop.wordGraph(for: .open)).accepts(text.split(separator: " ").map(String.init)))
    }

    @Test("No empty arc follows another, and none leaves the graph")
    func shape() {
        for expectation in Listening.allCases {
            let graph = shop.wordGraph(for: expectation)
            let leavers = Set(graph.empties.map(\.from))
            #expect(graph.empties.allSatisfy { !leavers.contains($0.to) && !graph.finals.contains($0.to) })
            #expect(
                graph.arcs.allSatisfy { $0.from < graph.stateCount && $0.to < graph.stateCount && !$0.word.isEmpty })
        }
    }

    @Test("The same shop gives the same graph, another shop another one")
    func digest() throws {
        #expect(try Bench.demo().wordGraph(for: .open) == shop.wordGraph(for: .open))
        #expect(try Bench.florist().wordGraph(for: .open).id != shop.wordGraph(for: .open).id)
    }
}

/// Walks a graph.
private struct Walker {
    let onward: [Int: [(word: String, to: Int)]]
    let empties: [Int: [Int]]
    let finals: Set<Int>

    init(_ graph: WordGraph) {
        onward = Dictionary(grouping: graph.arcs, by: \.from).mapValues { $0.map { ($0.word, $0.to) } }
        empties = Dictionary(grouping: graph.empties, by: \.from).mapValues { $0.map(\.to) }
        finals = Set(graph.finals)
    }

    private func reached(_ state: Int) -> [Int] { [state] + (empties[state] ?? []) }

    func accepts(_ words: [String]) -> Bool {
        var states: Set<Int> = [0]
        for word in words {
            states = Set(states.flatMap(reached).flatMap { onward[$0] ?? [] }.filter { $0.word == word }.map(\.to))
        }
        return !states.isDisjoint(with: finals)
    }

    /// Words of a way to an end, or nil where it became too long.
    func walk(using dice: inout Dice, most: Int) -> [String]? {
        var state = 0
        var words: [String] = []
        while words.count <= most {
            if finals.contains(state), !words.isEmpty, Int.random(in: 0..<3, using: &dice) > 0 { return words }
            guard let from = reached(state).filter({ onward[$0] != nil }).randomElement(using: &dice),
                let arc = onward[from]?.randomElement(using: &dice)
            else { return words.isEmpty || !finals.contains(state) ? nil : words }
            words.append(arc.word)
            state = arc.to
        }
        return nil
    }
}
