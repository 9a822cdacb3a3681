// The door of the module: words in, acts out; and for the recogniser what may be said.
// Made once from a shop, its catalogue and a language pack; nothing else says what can be bought.

public import Commerce
import Foundation
public import Language

/// Why no understanding can be made of a language pack and a shop.
public enum UnderstandingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A template of the pack is wrong.
    case template(TemplateError)
    /// An entry of the pack names something that is not: which, and what there is.
    case entry(String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .template(let error): "sentences.json5: \(error)"
        case .entry(let reason): "sentences.json5: \(reason)"
        }
    }
}

/// Understands one shop in one language. A value: it can be used from anywhere at once.
public struct Understander: Sendable {
    /// Below this share of an utterance explained there is no meaning in it.
    public static let leastCoverage = 0.6

    let vocabulary: ShopVocabulary
    let pack: LanguagePack
    var rules: any LanguageRules { pack.rules }
    private let builder: AutomatonBuilder
    private let automaton: ParsingAutomaton
    let requests: RequestFinder
    private let meanings: [ActBuilder.Meaning]
    private let listenedFor: [Expectation: Set<Int>]
    private let freeSentences: Set<Int>
    private let takings: [Expectation: [Parser.Taking]]
    /// The same without the sentences that are tried only where the others do not explain all.
    private let earlyTakings: [Expectation: [Parser.Taking]]
    /// Sentences that the recogniser does not listen for.
    private let writtenSentences: Set<Int>
    private let spelling: Spelling
    let fillers: Set<String>
    let asking: Set<String>
    let contrary: Set<String>
    let explaining: Set<String>
    let concluding: Set<String>
    let shorthand: [String: [String]]
    let telling: Set<String>
    let calling: Set<String>
    private let weighty: Set<String>
    let reasons: Set<String>
    private let leads: Leads
    let questions: QuestionFinder

    /// Whether a word is one of the shop's or of the language's sentences.
    public func knows(_ word: String) -> Bool { vocabulary.words.knownNumber(of: word) != nil }

    /// Compiles `pack` with what `shop` sells.
    public init(shop: Shop, catalog: Catalog, pack: LanguagePack) throws(UnderstandingError) {
        let book = pack.sentences
        self.pack = pack
        var vocabulary = ShopVocabulary(shop: shop, catalog: catalog, pack: pack)
        let questions = shop.faq.map { question in
            (topic: question.topic, say: question.questions.map { pack.rules.tokens(of: $0).joined(separator: " ") })
        }
        do throws(TemplateError) {
            builder = try AutomatonBuilder(book, shopQuestions: questions, vocabulary: &vocabulary)
        } catch {
            throw .template(error)
        }
        var meanings: [ActBuilder.Meaning] = []
        var listenedFor: [Expectation: Set<Int>] = [:]
        for (index, entry) in book.sentences.enumerated() {
            let (meaning, expectations) = try Self.meaning(of: entry)
            meanings.append(meaning)
            for expectation in expectations { listenedFor[expectation, default: []].insert(index) }
        }
        for question in questions {
            for expectation in [Expectation.open, .choosing] {
                listenedFor[expectation, default: []].insert(meanings.count)
            }
            meanings.append(.init(intent: .faq, slots: [.topic: question.topic]))
        }
        self.meanings = meanings
        self.listenedFor = listenedFor
        self.vocabulary = vocabulary
        let freeSentences = builder.freeSentences
        self.freeSentences = freeSentences
        let everySentence = meanings.indices
        let takings = Dictionary(
            uniqueKeysWithValues: Expectation.allCases.map { expectation in
                let expected = listenedFor[expectation] ?? []
                let takings = everySentence.map { sentence -> Parser.Taking in
                    expected.contains(sentence) ? .expected : freeSentences.contains(sentence) ? .never : .notExpected
                }
                return (expectation, takings)
            })
        self.takings = takings
        let late = (book.firstLate ?? book.sentences.count)..<book.sentences.count
        earlyTakings = takings.mapValues { takings in
            takings.indices.map { late.contains($0) ? .never : takings[$0] }
        }
        writtenSentences = Set(book.sentences.indices.filter { book.sentences[$0].isWritten }).union(freeSentences)
        automaton = ParsingAutomaton(builder.automaton(of: Array(meanings.indices), typed: true))
        requests = try RequestFinder(book)
        spelling = Spelling(vocabulary.words)
        fillers = Set(book.fillers)
        asking = Set(book.asking)
        contrary = Set(book.contrary)
        explaining = Set(book.explaining)
        concluding = Set(book.concluding)
        shorthand = book.shorthand.mapValues { pack.rules.tokens(of: $0) }
        telling = Set(pack.writing.telling)
        calling = Set(pack.writing.calling)
        weighty = Set(pack.writing.weighty)
        reasons = Set(pack.writing.reasons)
        leads = Leads(
            known: Set(pack.writing.known), every: Set(pack.writing.every),
            purpose: explaining, elsewhere: Set(pack.writing.elsewhere),
            sharing: Set(pack.writing.sharing), sharers: Set(pack.writing.sharers), passing: fillers)
        self.questions = QuestionFinder(questions, pack: pack, isCommon: builder.isOwnWord)
    }

    private static func meaning(
        of entry: SentenceBook.Entry
    ) throws(UnderstandingError) -> (ActBuilder.Meaning, [Expectation]) {
        guard let intent = Intent(rawValue: entry.intent) else {
            throw .entry("“\(entry.intent)” is no intent; intents are those of the contract")
        }
        var slots: [Slot: String] = [:]
        for (name, value) in entry.slots {
            guard let slot = Slot(rawValue: name) else {
                throw .entry("\(entry.intent): “\(name)” is no slot")
            }
            slots[slot] = value
        }
        var expectations: [Expectation] = entry.listenedForIn.isEmpty ? [.open, .choosing] : []
        for name in entry.listenedForIn {
            guard let expectation = Expectation(rawValue: name) else {
                let known = Expectation.allCases.map(\.rawValue).joined(separator: ", ")
                throw .entry("\(entry.intent): “\(name)” is nothing that is listened for; there are \(known)")
            }
            expectations.append(expectation)
        }
        return (.init(intent: intent, slots: slots), expectations)
    }

    // MARK: - Meaning

    /// What typed text means. Misspelt words and words that fit nothing lower the confidence.
    public func interpret(typed text: String, expecting expectation: Expectation) -> Interpretation {
        let tokens = tokens(typed: text)
        var meaning = meaning(of: text, tokens, expecting: expectation)
        // "No, rabbit", and "no rabbit".
        if corrects(text) { meaning.acts = meaning.acts.map(\.corrected) }
        guard meaning.acts.isEmpty, Self.takesRequests.contains(expectation), isQuestion(text, tokens) else {
            return meaning
        }
        // Nothing in the shop answers it, and that is more than not to understand it.
        let act = Act(
            .outOfScope, confidence: RequestFinder.confidence, slots: [.query: tokens.joined(separator: " ")])
        return Interpretation(acts: [act], confidence: act.confidence)
    }

    private func meaning(of text: String, _ tokens: [String], expecting expectation: Expectation) -> Interpretation {
        if expectation == .address, let address = address(in: text, tokens) { return address }
        let wanted = withoutReasons(text)
        let words = wanted == text ? tokens : self.tokens(typed: wanted)
        if let begun = beginning(of: wanted, expecting: expectation) { return begun }
        let meaning = interpret(words, expecting: expectation, typed: true)
        guard Self.takesRequests.contains(expectation) else { return meaning }
        if !meaning.acts.contains(where: { $0.slots[.address] != nil }), let address = announcedAddress(in: wanted) {
            return address
        }
        let isWeak = meaning.isWeak
        if isWeak, let pieces = piecemeal(wanted, expecting: expectation, besides: meaning) { return pieces }
        let isCertain =
            meaning.confidence >= Self.certainCoverage && !meaning.acts.contains { $0.slots[.query] != nil }
        // What was named is meant, unless it is only asked about.
        guard !isCertain, !meaning.acts.contains(where: { $0.namesGoodsToHave || $0.slots[.address] != nil }) else {
            return meaning
        }
        if let act = requests.act(of: tokens) { return Interpretation(acts: [act], confidence: act.confidence) }
        guard isWeak, let act = questions.act(of: tokens) else { return meaning }
        return Interpretation(acts: [act], confidence: act.confidence)
    }

    /// From this coverage on a sentence is what was said, whatever words stand in it.
    static let certainCoverage = 0.95
    /// Where a caller may come with something else than the answer.
    static let takesRequests: Set<Expectation> = [.open, .choosing, .yesNo]

    /// What heard words mean, with the meaning's confidence alone; the recogniser's own is another matter.
    public func interpret(heard words: [String], expecting expectation: Expectation) -> Interpretation {
        var meaning = interpret(words, expecting: expectation, typed: false)
        meaning.acts = meaning.acts.map(\.corrected)
        return meaning
    }

    func interpret(_ tokens: [String], expecting expectation: Expectation, typed: Bool) -> Interpretation {
        // An utterance longer than anyone says in one breath is cut: the parser's cost grows with its length.
        let tokens = Array(tokens.prefix(80))
        guard !tokens.isEmpty else { return Interpretation(acts: [], confidence: 0) }
        let readings = tokens.map { self.readings(of: $0, typed: typed) }
        let early = interpret(tokens, readings: readings, takings: earlyTakings[expectation] ?? [], expectation, typed)
        let isClear = early.confidence >= Self.certainCoverage && !early.isLost
        guard typed, !isClear else { return early }
        let late = interpret(tokens, readings: readings, takings: takings[expectation] ?? [], expectation, typed)
        return late.acts.isEmpty || late.confidence < early.confidence && !early.isLost ? early : late
    }

    /// What words mean, of which some readings are known, without sentences that take any words.
    func interpret(exactly tokens: [String], readings: [[Utterance.Reading]]) -> Interpretation {
        var takings = takings[.open] ?? []
        for sentence in freeSentences { takings[sentence] = .never }
        return interpret(tokens, readings: readings, takings: takings, nil, true)
    }

    /// - Parameter expectation: what is expected, where parts of names may be taken for products.
    private func interpret(
        _ tokens: [String], readings: [[Utterance.Reading]], takings: [Parser.Taking], _ expectation: Expectation?,
        _ typed: Bool
    ) -> Interpretation {
        let utterance = Utterance(tokens: tokens, readings: readings)
        var matcher = PlaceMatcher(
            utterance: utterance, vocabulary: vocabulary, rules: rules,
            takesParts: expectation.map(Self.takesRequests.contains) ?? false)
        let parser = Parser(automaton: automaton, takings: takings, isFiller: tokens.map(fillers.contains))
        guard let parse = parser.parse(&matcher), parse.coverage >= Self.leastCoverage else {
            return Interpretation(acts: [], confidence: 0)
        }
        var builder = ActBuilder(
            vocabulary: vocabulary, meanings: meanings, utterance: utterance, rules: rules,
            leads: typed ? leads : Leads())
        let (acts, torn) = FollowUps(catalog: vocabulary.catalog).joined(builder.acts(of: parse))
        let leftover = Leftover(
            skipped: parse.skipped.count, words: tokens.count,
            isQuestion: tokens.first { !fillers.contains($0) && !calling.contains($0) }.map(asking.contains) ?? false,
            isSearch: acts.contains { $0.slots[.query] != nil },
            isContrary: parse.skipped.contains { contrary.contains(tokens[$0]) })
        let meant = leftover.allowed(of: named(acts))
        return Interpretation(
            acts: meant, confidence: meant.isEmpty ? 0 : parse.coverage,
            missed: missed(of: tokens, parse) + torn.flatMap(words(of:)))
    }

    /// "What do you have against a cough": the product is looked for that the words behind "a" name.
    private func named(_ acts: [Act]) -> [Act] {
        guard let search = acts.firstIndex(where: { $0.intent == .searchProducts && $0.slots[.query] != nil }),
            let query = acts[search].slots[.query], rules.tokens(of: query).allSatisfy(fillers.contains),
            let wish = acts.firstIndex(where: \.namesGoodsToHave)
        else { return acts }
        var acts = acts
        acts[search].items = acts[wish].items
        acts[search].slots[.query] = nil
        acts.remove(at: wish)
        return acts
    }

    /// What was torn off in words: goods that there cannot be half of, modifiers of nothing, and the unit of goods that are
    /// none, "six rolls".
    private func words(of torn: Act) -> [String] {
        let unit = torn.slots[.unit].flatMap { Act.isWeight($0) ? nil : rules.unitWords($0).first }
        let goods = torn.items.compactMap(\.sku).compactMap(vocabulary.catalog.product).map(\.naming.title)
        return goods + torn.items.flatMap(\.modifiers).compactMap(title(of:))
            + (unit.map { [$0.joined(separator: " ")] } ?? [])
    }

    private func title(of choice: ChosenModifier) -> String? {
        vocabulary.catalog.group(choice.group)?.modifier(choice.id)?.naming.title
    }

    /// Words that fit nothing where goods could stand: neither before what belongs to them, nor in an explanation or a story.
    private func missed(of tokens: [String], _ parse: Parse) -> [String] {
        var isNamed = [Bool](repeating: false, count: tokens.count + 1)
        var left: Set<Int> = []
        for case .capture(let capture) in parse.notes where capture.kind.isGoods {
            for place in capture.range { isNamed[place] = true }
            // What stands before something left out was to be left out itself: it belongs to nothing behind it.
            if capture.kind == .exclusion { left.insert(capture.range.lowerBound) }
        }
        let skipped = Set(parse.skipped)
        var missed: [String] = []
        /// What fits nothing since goods were named last: all of it is a story, or none.
        var since: [String] = []
        var (isExplained, isStory) = (false, false)
        func endStretch() {
            if !isStory, since.count <= Self.mostUnknown { missed += since }
            since = []
            isStory = false
        }
        for (place, token) in tokens.enumerated() {
            if isNamed[place] {
                isExplained = false
                endStretch()
            }
            if explaining.contains(token) { isExplained = true }
            guard skipped.contains(place) else { continue }
            if telling.contains(token) { isStory = true }
            // A word that sentences are made of is no name of other goods.
            if isExplained { continue }
            if isNamed[place + 1], !left.contains(place + 1), !weighty.contains(token) { continue }
            if !left.contains(place + 1), builder.isWord(token), !weighty.contains(token), !isCount(token) { continue }
            since.append(token)
        }
        endStretch()
        return missed
    }

    /// "One", which is no article.
    private func isCount(_ token: String) -> Bool {
        !fillers.contains(token) && rules.numbers(in: [token], at: 0).contains { $0.length == 1 }
    }

    /// Nobody lists more unknown goods in a row than these; what goes on longer is no list.
    static let mostUnknown = 4

    private func readings(of token: String, typed: Bool) -> [Utterance.Reading] {
        if let word = vocabulary.words.knownNumber(of: token) { return [.init(word: word, cost: 0)] }
        guard typed else { return [] }
        let near = spelling.readings(of: token)
        guard !near.isEmpty, rules.personalWords.plain.contains(token) else { return near }
        // "Shade" is a word of its own, and no spade; "sugars" is more than one sugar.
        return near.filter { reading in
            let word = vocabulary.words.words[Int(reading.word)]
            return word.hasPrefix(token) || token.hasPrefix(word)
        }
    }

    // MARK: - What may be said

    /// What the recogniser listens for in `expectation`. Some tenths of a second of work for `open`: keep it.
    ///
    /// Who is offered a list may say anything else as well, so `choosing` has the graph of `open`.
    public func wordGraph(for expectation: Expectation) -> WordGraph {
        let listened: [Expectation] =
            expectation == .open || expectation == .choosing ? [.open, .choosing] : [expectation]
        let included = Set(listened.flatMap { listenedFor[$0] ?? [] }).subtracting(writtenSentences).sorted()
        let spoken = builder.automaton(of: included, typed: false, in: expectation)
        var graph = WordGraphBuilder(vocabulary: vocabulary, pack: pack)
        return graph.graph(of: spoken)
    }

    /// Every way to name a product, with the product's place in the catalogue and its family, where there are too many for
    /// a word graph; else none.
    public var assortment: [(words: [String], product: Int, family: Int)] {
        guard vocabulary.isLarge else { return [] }
        return vocabulary.families.indices.flatMap { family in
            vocabulary.families[family].products.phrases.flatMap { phrase in
                let words = phrase.words.map { vocabulary.words.words[Int($0)] }
                return phrase.values.map { (words, Int($0), family) }
            }
        }
    }
}
