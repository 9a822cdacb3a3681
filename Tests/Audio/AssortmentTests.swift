// Networks with blanks: what may be said in them once they are filled, and how likely it is.

import Audio
import Foundation
import Testing

@Suite("Catalogues too large to be listened for at once") struct AssortmentTests {
    private let assortment = Assortment(phrases: [
        .init(words: ["red", "kettle"], thing: 0, kind: 0), .init(words: ["red", "kettles"], thing: 0, kind: 0),
        .init(words: ["red", "pot"], thing: 1, kind: 0), .init(words: ["pizza"], thing: 2, kind: 1),
        .init(words: ["pie"], thing: 2, kind: 1), .init(words: ["tea"], thing: 3, kind: 0),
    ])

    /// "add {any}" or "large {kind 1}", each perhaps followed by "please".
    private func shell() -> WordNetwork {
        WordNetwork(
            id: "shell", stateCount: 5, finals: [3, 4],
            arcs: [
                .init(from: 0, to: 1, word: "add"), .init(from: 0, to: 2, word: "large"),
                .init(from: 3, to: 4, word: "please"),
            ],
            blanks: [
                .init(from: 1, to: 3, kind: Assortment.anyKind, logWeight: -1), .init(from: 2, to: 3, kind: 1),
            ], assortment: assortment)
    }

    /// Every sentence with the logarithm of its likelihood.
    private func sentences(_ network: WordNetwork) -> [String: Double] {
        var found: [String: Double] = [:]
        var open: [(state: Int, words: [String], weight: Double)] = [(0, [], 0)]
        while let (state, words, weight) = open.popLast() {
            if network.finals.contains(state) { found[words.joined(separator: " ")] = weight }
            for arc in network.arcs where arc.from == state {
                open.append((arc.to, words + [arc.word], weight + arc.logWeight))
            }
        }
        return found
    }

    @Test("Filled, it has what was proposed, in the places that it fits, and nothing else") func filled() {
        let network = shell().filled(with: assortment.phrases.filter { [0, 2].contains($0.thing) }, id: "filled")
        #expect(
            Set(sentences(network).keys) == [
                "add red kettle", "add red kettles", "add pizza", "add pie", "large pizza", "large pie",
                "add red kettle please", "add red kettles please", "add pizza please", "add pie please",
                "large pizza please", "large pie please",
            ])
        #expect(network.id == "filled" && network.blanks.isEmpty && network.assortment == nil)
        #expect(network.arcs.allSatisfy { $0.from < network.stateCount && $0.to < network.stateCount })
        // "add red" is one way, whatever follows.
        #expect(network.arcs.count { $0.word == "red" } == 1)
    }

    @Test("Things are as likely as one another, and those that are proposed share the likelihood of all") func weights()
    {
        let every = sentences(shell().filled(with: assortment.phrases, id: "every"))
        #expect(every["add tea"] == every["add pizza"] && every["add tea"] == every["add red pot"])
        #expect(abs((every["add tea"] ?? 0) - (-1 - log(4))) < 1e-9)
        #expect(every["large pizza"] == 0, "the only one of its kind")
        let two = sentences(shell().filled(with: assortment.phrases.filter { $0.thing > 1 }, id: "two"))
        #expect(abs((two["add tea"] ?? 0) - (-1 - log(2))) < 1e-9)
    }

    @Test("Nothing proposed leaves what needs nothing") func empty() {
        let network = shell().filled(with: [], id: "empty")
        #expect(network.arcs == shell().arcs && sentences(network).isEmpty)
    }

    @Test("Other phrases, another name") func names() {
        #expect(Assortment(phrases: assortment.phrases).id == assortment.id)
        #expect(Assortment(phrases: assortment.phrases.dropLast()).id != assortment.id)
    }
}
