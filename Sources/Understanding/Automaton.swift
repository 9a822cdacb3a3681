// One automaton for what may be said and what it means. Templates, rules and the shop's vocabulary come in; states with
// arcs go out. `WordGraphBuilder` writes it out for the recogniser, `Parser` runs it over words.

import Foundation
import Language

/// An arc's label: what it takes from the utterance, or what it notes on the way.
enum Label: Sendable, Hashable {
    case empty
    case word(Int32)
    /// Something of the shop; `family` −1 stands for all.
    case place(PlaceClass, Slot?, family: Int32)
    /// A sentence begins, by its place in the sentence book.
    case act(Int32)
    case itemBegins(family: Int32)
    case itemEnds
}

/// A non-deterministic automaton with one start (0) and one final state (1).
struct Automaton: Sendable {
    struct Arc: Sendable {
        let label: Label
        let to: Int32
        /// Natural logarithm of how likely it is to be taken: for the recogniser, the parser does not look at it.
        let weight: Double
    }

    static let start: Int32 = 0
    static let final: Int32 = 1
    private(set) var arcs: [[Arc]] = [[], []]

    mutating func addState() -> Int32 {
        arcs.append([])
        return Int32(arcs.count - 1)
    }

    mutating func addArc(_ label: Label, from: Int32, to: Int32, weight: Double = 0) {
        arcs[Int(from)].append(Arc(label: label, to: to, weight: weight))
    }
}

/// Compiles sentences into automata.
struct AutomatonBuilder {
    private var rules: [String: Template]
    /// The rules with those of writing in their place.
    private let writtenRules: [String: Template]
    private let sentences: [[Template]]
    private let book: SentenceBook
    /// The share of each family among the products.
    private let shares: [Double]
    private var wordNumbers: [String: Int32]
    /// Words of the language's own sentences, not of the shop's questions.
    private let ownWords: Set<String>
    private var automaton = Automaton()
    private var typed = false

    /// Parses the templates and gives every word of theirs a number in `vocabulary`.
    init(_ book: SentenceBook, shopQuestions: [(topic: String, say: [String])], vocabulary: inout ShopVocabulary)
        throws(TemplateError)
    {
        self.book = book
        let products = Double(max(vocabulary.productFamilies.count, 1))
        shares = vocabulary.families.indices.map { family in
            Double(vocabulary.productFamilies.count { $0 == family }) / products
        }
        var rules: [String: Template] = [:]
        for (name, text) in book.rules { rules[name] = try Template(parsing: text) }
        self.rules = rules
        for (name, text) in book.written { rules[name] = try Template(parsing: text) }
        writtenRules = rules
        var sentences: [[Template]] = []
        for entry in book.sentences {
            var parsed: [Template] = []
            for text in entry.say { parsed.append(try Template(parsing: text)) }
            sentences.append(parsed)
        }
        for question in shopQuestions {
            sentences.append(
                question.say.filter { !$0.isEmpty }.map { words in
                    .sequence(words.split(separator: " ").map { .word(String($0)) })
                })
        }
        self.sentences = sentences
        wordNumbers = [:]
        var ownWords: Set<String> = []
        sentences.prefix(book.sentences.count).joined().forEach { $0.visitWords { ownWords.insert($0) } }
        self.ownWords = ownWords
        let named = [self.rules, rules].flatMap { $0.sorted { $0.key < $1.key } }.map(\.value)
        for template in named + sentences.flatMap({ $0 }) {
            template.visitWords { wordNumbers[$0] = vocabulary.number(of: $0) }
        }
        for (index, entry) in book.sentences.enumerated() {
            let known = entry.isWritten ? writtenRules : self.rules
            for (text, template) in zip(entry.say, sentences[index]) {
                try Self.check(template, of: text, inside: [], known)
                if !entry.isWritten { try Self.check(template, of: text, inside: [], writtenRules) }
            }
        }
    }

    /// Whether sentences are made of it, wherever it stands in names too.
    func isWord(_ word: String) -> Bool { wordNumbers[word] != nil }

    /// Whether the sentences of every shop are made of it.
    func isOwnWord(_ word: String) -> Bool { ownWords.contains(word) }

    /// Every name of a rule has to be known, and no rule may contain itself.
    private static func check(
        _ template: Template, of text: String, inside names: [String], _ rules: [String: Template]
    ) throws(TemplateError) {
        switch template {
        case .word, .place: break
        case .sequence(let parts), .choice(let parts):
            for part in parts { try check(part, of: text, inside: names, rules) }
        case .optional(let part), .repeated(let part), .weighted(_, let part):
            try check(part, of: text, inside: names, rules)
        case .rule(let name):
            guard let rule = rules[name] else {
                throw TemplateError(template: text, offset: 0, reason: "the rule <\(name)> is not among the rules")
            }
            guard !names.contains(name) else {
                throw TemplateError(template: text, offset: 0, reason: "the rule <\(name)> contains itself")
            }
            try check(rule, of: text, inside: names + [name], rules)
        }
    }

    /// The automaton of the sentences with these places in the book.
    ///
    /// - Parameter typed: whether it is for writing: with the wider rules, words of any kind, and several sentences at
    ///   once, with or without a word between them.
    /// - Parameter expectation: what is expected, which decides how likely each sentence is; nil where that is no matter.
    func automaton(of included: [Int], typed: Bool, in expectation: Expectation? = nil) -> Automaton {
        var builder = self
        return builder.build(included, typed: typed, in: expectation)
    }

    private mutating func build(_ included: [Int], typed: Bool, in expectation: Expectation?) -> Automaton {
        automaton = Automaton()
        self.typed = typed
        if typed { rules = writtenRules }
        let ready = automaton.addState()
        let done = automaton.addState()
        automaton.addArc(.empty, from: Automaton.start, to: ready)
        add(.rule("opening"), from: branch(from: Automaton.start, likelihood(of: "opening")), to: ready)
        let all = included.reduce(0) { $0 + likely($1, in: expectation) }
        for index in included {
            let begun = automaton.addState()
            automaton.addArc(
                .act(Int32(index)), from: ready, to: begun, weight: log(likely(index, in: expectation) / all))
            let templates = sentences[index].filter { typed || !takesAnything($0) }
            let weights = templates.reduce(0) { $0 + $1.weight }
            for template in templates {
                add(template, from: branch(from: begun, template.weight / weights), to: done)
            }
        }
        if typed { add(.optional(.rule("next")), from: done, to: ready) }
        automaton.addArc(.empty, from: done, to: Automaton.final)
        add(.rule("closing"), from: branch(from: done, likelihood(of: "closing")), to: Automaton.final)
        return automaton
    }

    /// The sentences that take any words at all: they are tried only where they are expected.
    var freeSentences: Set<Int> {
        Set(sentences.indices.filter { sentences[$0].contains { takesAnything($0) } })
    }

    private func takesAnything(_ template: Template) -> Bool { contains(template) { $0 == .anything } }

    private func contains(_ template: Template, _ wanted: (PlaceClass) -> Bool) -> Bool {
        switch template {
        case .word: false
        case .place(let kind, _): wanted(kind)
        case .sequence(let parts), .choice(let parts): parts.contains { contains($0, wanted) }
        case .optional(let part), .repeated(let part), .weighted(_, let part): contains(part, wanted)
        case .rule(let name): rules[name].map { contains($0, wanted) } ?? false
        }
    }

    private mutating func add(_ template: Template, from: Int32, to: Int32) {
        automaton.addArc(.empty, from: end(of: template, from: from, family: nil), to: to)
    }

    /// Builds `template` behind `from` and gives the state behind it. `family` is the products that an item speaks of.
    private mutating func end(of template: Template, from: Int32, family: Int32?) -> Int32 {
        switch template {
        case .word(let word):
            return step(.word(wordNumbers[word] ?? -1), from: from)
        case .place(let kind, let slot):
            let isItem = kind == .product && family == nil && slot == nil
            let begun = isItem ? step(.itemBegins(family: -1), from: from) : from
            let taken = step(.place(kind, slot, family: family ?? -1), from: begun)
            return isItem ? step(.itemEnds, from: taken) : taken
        case .sequence(let parts):
            return parts.reduce(from) { end(of: $1, from: $0, family: family) }
        case .choice(let branches):
            let joined = automaton.addState()
            let all = branches.reduce(0) { $0 + $1.weight }
            for part in branches {
                let begun = branch(from: from, part.weight / all)
                automaton.addArc(.empty, from: end(of: part, from: begun, family: family), to: joined)
            }
            return joined
        case .optional(let part):
            let likelihood =
                switch part {
                case .rule(let name): likelihood(of: name)
                case .weighted(let likelihood, _): likelihood
                default: Self.evenly
                }
            let behind = end(of: part, from: branch(from: from, likelihood), family: family)
            let joined = automaton.addState()
            automaton.addArc(.empty, from: behind, to: joined)
            automaton.addArc(.empty, from: from, to: joined, weight: log(1 - likelihood))
            return joined
        case .repeated(let part):
            let again = step(.empty, from: from)
            let behind = end(of: part, from: again, family: family)
            automaton.addArc(.empty, from: behind, to: again, weight: log(Self.again))
            return behind
        case .weighted(_, let part):
            return end(of: part, from: from, family: family)
        case .rule(let name):
            guard let rule = rules[name] else { return from }
            // What stands between things is spoken, but often left out in writing: "milk, butter, eggs".
            if name == "listed", typed { return end(of: .optional(rule), from: from, family: family) }
            if typed, Self.unsorted.contains(name), family == nil {
                let begun = step(.itemBegins(family: -1), from: from)
                return step(.itemEnds, from: end(of: rule, from: begun, family: -1))
            }
            guard family == nil, contains(rule, { $0 == .product }), !contains(rule: rule, anotherItem: name) else {
                return end(of: rule, from: from, family: family)
            }
            return items(of: rule, from: from)
        }
    }

    /// Rules for some of the things spoken of before, which have no product, and for a thing that is asked about: modifiers of
    /// all products are tried, and those of the product are taken.
    private static let unsorted: Set = ["part", "thing"]

    /// Whether a rule with a product only refers to another rule with one, which is the item then.
    private func contains(rule: Template, anotherItem name: String) -> Bool {
        switch rule {
        case .word, .place: false
        case .sequence(let parts), .choice(let parts): parts.contains { contains(rule: $0, anotherItem: name) }
        case .optional(let part), .repeated(let part), .weighted(_, let part):
            contains(rule: part, anotherItem: name)
        case .rule(let inner): rules[inner].map { contains($0) { $0 == .product } } ?? false
        }
    }

    /// A rule with a product in it is one item. Where it has modifiers too it is built once for each family of products,
    /// so that nothing can be heard that the shop does not make: no large batteries.
    private mutating func items(of rule: Template, from: Int32) -> Int32 {
        let joined = automaton.addState()
        let modified = contains(rule) { $0 == .modifier || $0 == .exclusion }
        for family in modified ? shares.indices.map(Int32.init) : [-1] {
            let begun = automaton.addState()
            let share = family < 0 ? 1 : shares[Int(family)]
            automaton.addArc(.itemBegins(family: family), from: from, to: begun, weight: log(share))
            let behind = end(of: rule, from: begun, family: family)
            automaton.addArc(.itemEnds, from: behind, to: joined)
        }
        return joined
    }

    /// A state that is reached from `from` with this likelihood. Typed text needs none, and is parsed faster without.
    private mutating func branch(from: Int32, _ likelihood: Double) -> Int32 {
        guard !typed, likelihood < 1 else { return from }
        let begun = automaton.addState()
        automaton.addArc(.empty, from: from, to: begun, weight: log(likelihood))
        return begun
    }

    /// What may be left out is left out as often as not; a repetition is gone through again in a third of the cases.
    private static let evenly = 0.5
    private static let again = 0.33

    private func likelihood(of rule: String) -> Double { min(max(book.likelihood[rule] ?? Self.evenly, 1e-6), 0.999) }

    /// A shop's own questions are as likely as anything else.
    private func likely(_ sentence: Int, in expectation: Expectation?) -> Double {
        guard sentence < book.sentences.count else { return 1 }
        return max(book.sentences[sentence].likely(in: expectation?.rawValue), 1e-3)
    }

    private mutating func step(_ label: Label, from: Int32) -> Int32 {
        let next = automaton.addState()
        automaton.addArc(label, from: from, to: next)
        return next
    }
}

extension Template {
    /// How likely it is beside the other branches of a choice.
    fileprivate var weight: Double { if case .weighted(let weight, _) = self { weight } else { 1 } }

    func visitWords(_ visit: (String) -> Void) {
        switch self {
        case .word(let word): visit(word)
        case .sequence(let parts), .choice(let parts): parts.forEach { $0.visitWords(visit) }
        case .optional(let part), .repeated(let part), .weighted(_, let part): part.visitWords(visit)
        case .rule, .place: break
        }
    }
}
