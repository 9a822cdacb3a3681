// One template, two uses: what the recogniser may hear is what is understood, and the other way round.

import Commerce
import Foundation
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

    @Test("Of a large catalogue the graph has blanks, and the names stand beside it")
    func large() throws {
        let shop = try Shop.read(json5: Data(#"{name: "Bazaar", currency: "UAH"}"#.utf8), source: "shop.json5")
        func understander(_ count: Int) throws -> Understander {
            let goods = (0..<count).map {
                "{sku: \"s\($0)\", title: \"thing \(Self.word($0))\", price: \"1.00\","
                    + " modifierGroups: [\($0 % 2 == 0 ? "\"size\"" : "")]}"
            }
            let text = """
                {currency: "UAH", modifierGroups: [{id: "size", name: "size", min: 0, max: 1,
                  modifiers: [{id: "large", name: "large", price: "0"}]}], products: [\(goods.joined(separator: ","))]}
                """
            let catalog = try Catalog.read(json5: Data(text.utf8), source: "catalog.json5", currency: shop.currency)
            return try Understander(shop: shop, catalog: catalog, pack: try Bench.pack())
        }
        let small = try understander(50)
        #expect(small.assortment.isEmpty && small.wordGraph(for: .open).blanks.isEmpty)
        let large = try understander(2_000)
        let graph = large.wordGraph(for: .open)
        #expect(large.wordGraph(for: .digits).blanks.isEmpty && !graph.blanks.isEmpty)
        #expect(Set(graph.blanks.map(\.family)) == [-1, 0, 1])
        #expect(graph.arcs.count < 6_000 && graph.arcs.allSatisfy { !$0.word.contains("{") })
        #expect(graph.blanks.allSatisfy { $0.from < graph.stateCount && $0.to < graph.stateCount && $0.logWeight <= 0 })
        #expect(Set(large.assortment.map(\.product)) == Set(0..<2_000))
        #expect(large.assortment.allSatisfy { $0.family == $0.product % 2 })
        #expect(large.assortment.contains { $0.product == 7 && $0.words == ["thing", Self.word(7)] })
        // Before sizes only what has them.
        let behindLarge = Set(graph.arcs.filter { $0.word == "large" }.map(\.to))
        let entered = Set(graph.empties.filter { behindLarge.contains($0.from) }.map(\.to)).union(behindLarge)
        #expect(graph.blanks.filter { entered.contains($0.from) }.allSatisfy { $0.family == 0 })
    }

    /// Another word for each number.
    private static func word(_ number: Int) -> String {
        String(number).map { ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu"][$0.wholeNumberValue ?? 0] }
            .joined()
    }

    @Test("The same shop gives the same graph, another shop another one")
    func digest() throws {
        #expect(try Bench.demo().wordGraph(for: .open) == shop.wordGraph(for: .open))
        #expect(try Bench.florist().wordGraph(for: .open).id != shop.wordGraph(for: .open).id)
    }
}

/// Walks a graph.
struct Walker {
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
