// An automaton made ready for parsing: arcs sorted by whether they take a word, and for sentences and items what they can
// begin with, so that only those are tried that can.

/// What can come first behind a state.
struct Beginning: Sendable {
    var words: Set<Int32> = []
    var places: [(kind: PlaceClass, family: Int32)] = []
    /// Whether nothing has to come at all.
    var isOptional = false
}

/// An automaton with its arcs sorted by whether they take a word.
struct ParsingAutomaton: Sendable {
    let free: [[Automaton.Arc]]
    let taking: [[Automaton.Arc]]
    /// By the state that a sentence or an item begins with.
    let beginnings: [Int32: Beginning]
    /// States that sentences or items begin behind.
    let isHub: [Bool]

    init(_ automaton: Automaton) {
        let free = automaton.arcs.map { $0.filter { !$0.label.takesWord } }
        let taking = automaton.arcs.map { $0.filter(\.label.takesWord) }
        var beginnings: [Int32: Beginning] = [:]
        for arc in free.joined() where arc.label.begins && beginnings[arc.to] == nil {
            beginnings[arc.to] = Self.beginning(of: arc.to, free, taking)
        }
        isHub = free.map { $0.contains(where: \.label.begins) }
        self.free = free
        self.taking = taking
        self.beginnings = beginnings
    }

    private static func beginning(
        of state: Int32, _ free: [[Automaton.Arc]], _ taking: [[Automaton.Arc]]
    ) -> Beginning {
        var result = Beginning()
        var seen: Set<Int32> = [state]
        var open = [state]
        while let next = open.popLast() {
            if next == Automaton.final { result.isOptional = true }
            for arc in taking[Int(next)] {
                switch arc.label {
                case .word(let word): result.words.insert(word)
                case .place(let kind, _, let family):
                    if !result.places.contains(where: { $0.kind == kind && $0.family == family }) {
                        result.places.append((kind, family))
                    }
                case .empty, .act, .itemBegins, .itemEnds: break
                }
            }
            for arc in free[Int(next)] where seen.insert(arc.to).inserted { open.append(arc.to) }
        }
        return result
    }
}

extension Label {
    fileprivate var takesWord: Bool {
        switch self {
        case .word, .place: true
        case .empty, .act, .itemBegins, .itemEnds: false
        }
    }

    /// Whether a sentence or an item begins here.
    fileprivate var begins: Bool {
        switch self {
        case .act, .itemBegins: true
        case .empty, .word, .place, .itemEnds: false
        }
    }
}
