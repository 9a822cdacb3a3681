// An automaton made ready for parsing: arcs side by side, sorted by whether they take a word, and for sentences and items what
// they can begin with, so that only those are tried that can.

/// What can come first behind a state.
private struct Beginning {
    var words: Set<Int32> = []
    var places: [ParsingAutomaton.Place] = []
    /// Whether nothing has to come at all.
    var isOptional = false
}

/// An automaton with its arcs sorted by whether they take a word.
struct ParsingAutomaton: Sendable {
    struct Arc: Sendable {
        let label: Label
        let to: Int32
    }

    struct Place: Sendable, Hashable {
        let kind: PlaceClass
        let family: Int32
    }

    /// Arcs to sentences and items, by what these can begin with.
    struct Hub: Sendable {
        /// With nothing in particular.
        fileprivate(set) var always: [Arc] = []
        fileprivate(set) var byWord: [Int32: [Arc]] = [:]
        fileprivate(set) var byPlace: [(place: Place, arcs: [Arc])] = []
    }

    /// Arcs of all states in one row, those of state `s` from `starts[s]` up to `starts[s + 1]`.
    struct Row: Sendable {
        let arcs: [Arc]
        private let starts: [Int32]

        fileprivate init(_ byState: [[Automaton.Arc]]) {
            arcs = byState.joined().map { Arc(label: $0.label, to: $0.to) }
            var starts: [Int32] = [0]
            for arcs in byState { starts.append((starts.last ?? 0) + Int32(arcs.count)) }
            self.starts = starts
        }

        func range(_ state: Int32) -> Range<Int> { Int(starts[Int(state)])..<Int(starts[Int(state) + 1]) }
    }

    /// How many states there are.
    let count: Int
    /// Arcs that neither take a word nor begin anything.
    let free: Row
    let taking: Row
    /// The number of each state's hub, or −1.
    let hubOfState: [Int32]
    let hubs: [Hub]

    init(_ automaton: Automaton) {
        count = automaton.arcs.count
        let beginning = automaton.arcs.map { $0.filter(\.label.begins) }
        let free = automaton.arcs.map { $0.filter { !$0.label.takesWord } }
        let taking = automaton.arcs.map { $0.filter(\.label.takesWord) }
        var hubs: [Hub] = []
        hubOfState = beginning.map { arcs in
            guard !arcs.isEmpty else { return -1 }
            hubs.append(Self.hub(arcs, free, taking))
            return Int32(hubs.count - 1)
        }
        self.hubs = hubs
        self.free = Row(free.map { $0.filter { !$0.label.begins } })
        self.taking = Row(taking)
    }

    private static func hub(
        _ arcs: [Automaton.Arc], _ free: [[Automaton.Arc]], _ taking: [[Automaton.Arc]]
    ) -> Hub {
        var hub = Hub()
        var byPlace: [Place: [Arc]] = [:]
        for arc in arcs {
            let own = Arc(label: arc.label, to: arc.to)
            let first = beginning(of: arc.to, free, taking)
            if first.isOptional {
                hub.always.append(own)
                continue
            }
            for word in first.words { hub.byWord[word, default: []].append(own) }
            for place in first.places { byPlace[place, default: []].append(own) }
        }
        hub.byPlace = byPlace.map { ($0, $1) }.sorted {
            ($0.0.kind.rawValue, $0.0.family) < ($1.0.kind.rawValue, $1.0.family)
        }
        return hub
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
                    let place = Place(kind: kind, family: family)
                    if !result.places.contains(place) { result.places.append(place) }
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
