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

    private let vocabulary: ShopVocabulary
    private let pack: LanguagePack
    private var rules: any LanguageRules { pack.rules }
    private let builder: AutomatonBuilder
    private let automaton: ParsingAutomaton
    private let requests: RequestFinder
    private let meanings: [ActBuilder.Meaning]
    private let listenedFor: [Expectation: Set<Int>]
    private let freeSentences: Set<Int>
    private let takings: [Expectation: [Parser.Taking]]
    /// Sentences that the recogniser does not listen for.
    private let writtenSentences: Set<Int>
    private let spelling: Spelling
    private let fillers: Set<String>
    private let asking: Set<String>
    private let contrary: Set<String>
    private let explaining: Set<String>
    private let concluding: Set<String>
    private let shorthand: [String: [String]]

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
        takings = Dictionary(
            uniqueKeysWithValues: Expectation.allCases.map { expectation in
                let expected = listenedFor[expectation] ?? []
                let takings = everySentence.map { sentence -> Parser.Taking in
                    expected.contains(sentence) ? .expected : freeSentences.contains(sentence) ? .never : .notExpected
                }
                return (expectation, takings)
            })
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
        // Before the text is taken apart, for "w/o", and behind it, for what stood beside a comma.
        let plain = text.split(whereSeparator: \.isWhitespace).map { word in
            let known = vocabulary.isName(word.lowercased()) ? nil : pack.sentences.shorthand[word.lowercased()]
            return known ?? String(word)
        }
        let alone = Set(plain.map { $0.lowercased().trimmingCharacters(in: .punctuationCharacters) })
        let tokens = rules.tokens(of: plain.joined(separator: " ")).flatMap { token in
            // A letter inside of something is none that stands for a word: "5W30".
            vocabulary.isName(token) || token.count == 1 && !alone.contains(token)
                ? [token] : shorthand[token] ?? [token]
        }
        if expectation == .address, let address = address(in: text, tokens) {
            return Interpretation(acts: [Act(.setAddress, slots: [.address: address])], confidence: 1)
        }
        let meaning = interpret(tokens, expecting: expectation, typed: true)
        if Self.takesRequests.contains(expectation), let address = announcedAddress(in: text),
            !meaning.acts.contains(where: { act in
                act.slots[.address] != nil || act.items.contains { !$0.candidates.isEmpty }
            })
        {
            return Interpretation(acts: [Act(.setAddress, slots: [.address: address])], confidence: 1)
        }
        if meaning.acts.isEmpty, let wish = concluded(tokens, expecting: expectation) { return wish }
        let isCertain =
            meaning.confidence >= Self.certainCoverage && !meaning.acts.contains { $0.slots[.query] != nil }
        guard !isCertain, Self.takesRequests.contains(expectation),
            !meaning.acts.contains(where: { act in act.items.contains { !$0.candidates.isEmpty } }),
            let act = requests.act(of: tokens)
        else { return meaning }
        return Interpretation(acts: [act], confidence: act.confidence)
    }

    /// "My brother is coming and loves it spicy, so I'd like some chicken wings": the wish behind an explanation that fits
    /// nothing, where it is plain.
    private func concluded(_ tokens: [String], expecting expectation: Expectation) -> Interpretation? {
        guard Self.takesRequests.contains(expectation), let place = tokens.lastIndex(where: concluding.contains) else {
            return nil
        }
        let wish = interpret(Array(tokens[(place + 1)...]), expecting: expectation, typed: true)
        let isPlain = wish.acts.allSatisfy { act in
            act.intent == .addToCart && !act.items.isEmpty
                && act.items.allSatisfy { !$0.candidates.isEmpty && !$0.isGuess }
        }
        return isPlain && wish.confidence >= Self.certainCoverage && tokens.count - place > Self.leastWish ? wish : nil
    }

    /// What is wanted takes more words than these to say.
    private static let leastWish = 3

    /// From this coverage on a sentence is what was said, whatever words stand in it.
    private static let certainCoverage = 0.95
    /// Where a caller may come with something else than the answer.
    private static let takesRequests: Set<Expectation> = [.open, .choosing, .yesNo]

    /// What heard words mean, with the meaning's confidence alone; the recogniser's own is another matter.
    public func interpret(heard words: [String], expecting expectation: Expectation) -> Interpretation {
        interpret(words, expecting: expectation, typed: false)
    }

    private func interpret(_ tokens: [String], expecting expectation: Expectation, typed: Bool) -> Interpretation {
        // An utterance longer than anyone says in one breath is cut: the parser's cost grows with its length.
        let tokens = Array(tokens.prefix(80))
        guard !tokens.isEmpty else { return Interpretation(acts: [], confidence: 0) }
        return interpret(
            tokens, readings: tokens.map { readings(of: $0, typed: typed) }, expecting: expectation, free: true)
    }

    /// - Parameter free: whether sentences that take any words may be taken where they are expected.
    private func interpret(
        _ tokens: [String], readings: [[Utterance.Reading]], expecting expectation: Expectation, free: Bool
    ) -> Interpretation {
        let utterance = Utterance(tokens: tokens, readings: readings)
        var matcher = PlaceMatcher(
            utterance: utterance, vocabulary: vocabulary, rules: rules,
            takesParts: free && Self.takesRequests.contains(expectation))
        var takings = takings[expectation] ?? []
        if !free { for sentence in freeSentences { takings[sentence] = .never } }
        let parser = Parser(automaton: automaton, takings: takings, isFiller: tokens.map(fillers.contains))
        guard let parse = parser.parse(&matcher), parse.coverage >= Self.leastCoverage else {
            return Interpretation(acts: [], confidence: 0)
        }
        var builder = ActBuilder(vocabulary: vocabulary, meanings: meanings, utterance: utterance, rules: rules)
        let (acts, torn) = FollowUps(catalog: vocabulary.catalog).joined(builder.acts(of: parse))
        let leftover = Leftover(
            skipped: parse.skipped.count, words: tokens.count,
            isQuestion: tokens.first.map(asking.contains) ?? false,
            isSearch: acts.contains { $0.slots[.query] != nil },
            isContrary: parse.skipped.contains { contrary.contains(tokens[$0]) })
        let meant = leftover.allowed(of: acts)
        return Interpretation(
            acts: meant, confidence: meant.isEmpty ? 0 : parse.coverage,
            missed: missed(of: tokens, parse) + torn.flatMap(words(of:)))
    }

    /// What was torn off in words: modifiers of nothing, and the unit of goods that are none, "six rolls".
    private func words(of torn: Act) -> [String] {
        let unit = torn.slots[.unit].flatMap { Act.isWeight($0) ? nil : rules.unitWords($0).first }
        return torn.items.flatMap(\.modifiers).compactMap(title(of:)) + (unit.map { [$0.joined(separator: " ")] } ?? [])
    }

    private func title(of choice: ChosenModifier) -> String? {
        vocabulary.catalog.group(choice.group)?.modifier(choice.id)?.naming.title
    }

    /// Words that fit nothing where goods could stand: neither before what belongs to them, nor in an explanation.
    private func missed(of tokens: [String], _ parse: Parse) -> [String] {
        var isNamed = [Bool](repeating: false, count: tokens.count + 1)
        for case .capture(let capture) in parse.notes where capture.kind.isGoods {
            for place in capture.range { isNamed[place] = true }
        }
        let skipped = Set(parse.skipped)
        var missed: [String] = []
        var isExplained = false
        for (place, token) in tokens.enumerated() {
            if isNamed[place] { isExplained = false }
            if explaining.contains(token) { isExplained = true }
            // A word that sentences are made of is no name of other goods.
            guard skipped.contains(place), !isExplained, !isNamed[place + 1], !builder.isWord(token) else { continue }
            missed.append(token)
        }
        return missed
    }

    /// The whole of what was typed where an address is wanted, unless it means something else to the letter: a street that
    /// nobody listed has a name like anything.
    private func address(in text: String, _ tokens: [String]) -> String? {
        guard tokens.count > 1, tokens.contains(where: { $0.first?.isNumber == true }) else { return nil }
        let plain = interpret(
            tokens,
            readings: tokens.map { token in
                vocabulary.words.knownNumber(of: token).map { [.init(word: $0, cost: 0)] } ?? []
            },
            expecting: .open, free: false)
        if plain.confidence > Self.certainCoverage { return nil }
        return led(text, by: pack.sentences.addressLeads) ?? led(text, by: [""])
    }

    /// An address that nobody asked for: it has to be said that it is one, and to have a number.
    private func announcedAddress(in text: String) -> String? {
        let leads = pack.sentences.addressLeads.filter { $0.split(separator: " ").count > 2 }
        guard let address = led(text, by: leads), address.contains(where: \.isNumber), address.contains(" ") else {
            return nil
        }
        return address
    }

    /// What stands in `text` behind the first of `leads` that it begins with.
    private func led(_ text: String, by leads: [String]) -> String? {
        let text = Substring(text).trimmingPrefix { $0.isWhitespace }
        guard let lead = leads.first(where: { $0.isEmpty || text.lowercased().hasPrefix($0 + " ") }) else { return nil }
        let rest = lead.isEmpty ? text : text.dropFirst(lead.count + 1)
        return String(rest.reversed().drop { $0.isWhitespace || $0 == "." }.reversed())
    }

    private func readings(of token: String, typed: Bool) -> [Utterance.Reading] {
        if let word = vocabulary.words.knownNumber(of: token) { return [.init(word: word, cost: 0)] }
        return typed ? spelling.readings(of: token) : []
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
