// What a network has to be before the engine may see it: some mistakes would end the process.

import Audio

enum NetworkCheck {
    /// Throws the first thing that is wrong with `network`, in words for whoever built it.
    static func check(_ network: WordNetwork) throws(RecognizingError) {
        func refuse(_ reason: String) -> RecognizingError { .network("network “\(network.id)”: \(reason)") }
        guard !network.id.isEmpty, !network.id.utf8.contains(0) else { throw refuse("its name cannot be used") }
        guard network.stateCount > 0, network.stateCount < Int(Int32.max) else { throw refuse("it has no states") }
        let states = 0..<network.stateCount
        guard !network.finals.isEmpty else { throw refuse("an utterance can end nowhere") }
        if let state = network.finals.first(where: { !states.contains($0) }) {
            throw refuse("the final state \(state) is not one of its \(network.stateCount)")
        }
        for arc in network.arcs {
            guard states.contains(arc.from), states.contains(arc.to) else {
                throw refuse(
                    "“\(arc.word)” goes from \(arc.from) to \(arc.to), but it has \(network.stateCount) states")
            }
            guard arc.logWeight <= 0, arc.logWeight.isFinite else {
                throw refuse("“\(arc.word)” has the weight \(arc.logWeight)")
            }
        }
        for word in Set(network.arcs.map(\.word)) where !isWord(word) { throw refuse("“\(word)” is no word") }
        for blank in network.blanks {
            guard states.contains(blank.from), states.contains(blank.to), blank.logWeight <= 0,
                blank.logWeight.isFinite
            else { throw refuse("its blank from \(blank.from) to \(blank.to) leaves the network or has no weight") }
        }
        let leavers = Set(network.empties.map(\.from)).union(network.finals)
        for arc in network.empties {
            guard states.contains(arc.from), states.contains(arc.to), !leavers.contains(arc.to) else {
                throw refuse("its empty arc from \(arc.from) to \(arc.to) leaves the network or meets another one")
            }
        }
        guard reachesFinal(network) else { throw refuse("no utterance can ever end") }
    }

    /// Lower case, and nothing that has a meaning in the engine's dictionary: brackets, spaces, control characters.
    private static func isWord(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.count <= 100 && word == word.lowercased()
            && word.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && !"()<>[]{}+#|/\\\"".unicodeScalars.contains(scalar)
                    && scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            }
    }

    private static func reachesFinal(_ network: WordNetwork) -> Bool {
        var onward = Dictionary(grouping: network.arcs, by: \.from).mapValues { $0.map(\.to) }
        for arc in network.empties { onward[arc.from, default: []].append(arc.to) }
        for blank in network.blanks { onward[blank.from, default: []].append(blank.to) }
        let finals = Set(network.finals)
        var reached: Set<Int> = [0]
        var open = [0]
        while let state = open.popLast() {
            if finals.contains(state), state != 0 || !network.arcs.isEmpty { return true }
            for next in onward[state] ?? [] where reached.insert(next).inserted { open.append(next) }
        }
        return false
    }

    /// Whether `words` can be said in `network`.
    static func accepts(_ words: [String], in network: WordNetwork) -> Bool {
        let wanted = Set(words)
        let arcs = Dictionary(grouping: network.arcs.lazy.filter { wanted.contains($0.word) }, by: \.word)
        let onward = Dictionary(grouping: network.empties, by: \.from).mapValues { $0.map(\.to) }
        // No two empty arcs follow each other, so one step is enough.
        func withEmpties(_ states: Set<Int>) -> Set<Int> { states.union(states.flatMap { onward[$0] ?? [] }) }
        var reached = withEmpties([0])
        for word in words {
            reached = withEmpties(Set((arcs[word] ?? []).lazy.filter { reached.contains($0.from) }.map(\.to)))
        }
        return !reached.isDisjoint(with: network.finals)
    }
}
