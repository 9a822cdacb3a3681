// The sentences of a language: what callers say and what it means. `sentences.json5` and `written.json5` come in, templates as text go out;
// Understanding compiles them together with a shop's catalogue, once for the recogniser and once for the meaning.

/// `sentences.json5` of a language pack.
public struct SentenceBook: Sendable, Decodable {
    /// Sentences that mean the same.
    public struct Entry: Sendable, Decodable {
        /// An intent of the public contract.
        public let intent: String
        /// Values that these sentences mean without naming them, such as `topic: "hours"`.
        public let slots: [String: String]
        /// The expectations in which they are listened for; empty means `open` and `choosing`.
        public let listenedForIn: [String]
        /// Templates.
        public let say: [String]
        /// How much likelier than a rare sentence one of these is to be said, by the expectation, or for all of them
        /// under `""`; left out 1.
        private let likely: [String: Double]
        /// Whether it is understood in writing only: listening for everything makes everything harder to hear.
        public fileprivate(set) var isWritten: Bool

        private enum CodingKeys: String, CodingKey {
            case intent, slots, say, likely
            case isWritten = "written"
            case listenedForIn = "in"
        }

        /// Decodes an entry; `slots` and `in` may be left out.
        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            intent = try fields.decode(String.self, forKey: .intent)
            slots = try fields.decodeIfPresent([String: String].self, forKey: .slots) ?? [:]
            listenedForIn = try fields.decodeIfPresent([String].self, forKey: .listenedForIn) ?? []
            say = try fields.decode([String].self, forKey: .say)
            isWritten = try fields.decodeIfPresent(Bool.self, forKey: .isWritten) ?? false
            likely =
                if let everywhere = try? fields.decode(Double.self, forKey: .likely) {
                    ["": everywhere]
                } else {
                    try fields.decodeIfPresent([String: Double].self, forKey: .likely) ?? [:]
                }
        }

        /// How much likelier than a rare sentence one of these is to be said in `expectation`.
        public func likely(in expectation: String?) -> Double { likely[expectation ?? ""] ?? likely[""] ?? 1 }
    }

    /// A request by its words.
    public struct Request: Sendable, Decodable {
        /// An intent of the public contract.
        public let intent: String
        /// Values that it means, such as `topic: "hours"`; left out none.
        public let slots: [String: String]?
        /// One of each group has to be said. `refund*` is every word that begins so, `{digits}` a row of figures.
        public let about: [[String]]
        /// None of these may be said; left out none.
        public let not: [String]?
    }

    /// Named parts of templates: `<name>` stands for `rules["name"]`.
    public let rules: [String: String]
    /// Rules that are wider in writing than in speech: what they allow, the rule of the same name has to be part of.
    public private(set) var written: [String: String]
    /// How likely a rule that may be left out is to be said, by its name: from 0 to 1. Others are as likely as not.
    public let likelihood: [String: Double]
    /// In order: of two readings that fit equally well the earlier one is meant.
    public private(set) var sentences: [Entry]
    /// Where the sentences begin that are tried only where those before them do not explain all.
    public private(set) var firstLate: Int?
    /// How the amounts of a shop's modifier groups are said, by their identifier: `extra`: "extra", "more".
    public let amounts: [String: [String]]
    /// How else amounts are written; not listened for.
    public let writtenAmounts: [String: [String]]
    /// What is asked for in so many ways that only its words tell; looked at in writing, where no sentence fits well.
    public private(set) var requests: [Request]
    /// How standing payment methods are said, by their identifier.
    public let payments: [String: [String]]
    /// What people say for all that can be on a product: "everything".
    public let everything: [String]
    /// Words that double the digit behind them.
    public let doubles: [String]
    /// Words that mean nothing: "um", "well".
    public private(set) var fillers: [String]
    /// What people say before an address.
    public let addressLeads: [String]
    /// Words that begin a question.
    public let asking: [String]
    /// Words that turn a sentence round: where one of them fits nothing, nothing is changed.
    public private(set) var contrary: [String]
    /// Words behind which people explain, so that what follows need not be understood.
    public let explaining: [String]
    /// Words behind which, after an explanation, the wish itself stands: "so".
    public let concluding: [String]
    /// What people type for something longer: "pls" for "please".
    public let shorthand: [String: String]
    /// Streets that callers may name where the shop lists none.
    public let streets: [String]

    /// The same with what is understood in writing only: behind the rest, so that it is meant where nothing else fits as well.
    func adding(_ writing: Writing) -> SentenceBook {
        var book = self
        book.firstLate = sentences.count
        book.sentences += writing.sentences.map { entry in
            var entry = entry
            entry.isWritten = true
            return entry
        }
        for (name, more) in writing.wider {
            book.written[name] = (written[name] ?? rules[name]).map { "(\($0)|\(more))" } ?? more
        }
        book.requests += writing.requests
        book.fillers += writing.fillers
        book.contrary += writing.contrary
        return book
    }
}

/// `written.json5` of a language pack: what people type and nobody listens for.
public struct Writing: Sendable, Decodable {
    /// Sentences, requests, words that mean nothing and words that turn a sentence round, beside those of the sentence book.
    let sentences: [SentenceBook.Entry]
    let requests: [SentenceBook.Request]
    let fillers: [String]
    let contrary: [String]
    /// What rules of the sentence book allow in writing beside what stands there, by their names.
    let wider: [String: String]
    /// Words about bringing something: behind one of them and one of `before` an address may stand.
    public let bringing: [String]
    /// What stands right before an address: "to".
    public let before: [String]
    /// What may stand behind an address and is none of it: "please".
    public let behind: [String]
    /// What stands behind a time of day, which is no house then: "pm".
    public let hours: [String]
    /// What stands behind a number that is of what was named before it: "of them".
    public let counted: String
    /// What else is counted than goods: "people", "days".
    public let elsewhere: [String]
    /// What denies; where a comma stands behind it, it corrects.
    public let denying: [String]
    /// Before the number of those who share something: "for 4 people".
    public let sharing: [String]
    /// Who shares something: "people".
    public let sharers: [String]
    /// Words with which a question begins that wants no more than an answer: "do you deliver to …".
    public let whether: [String]
    /// Words with which a text begins that asks, where it is no wish: "can you …".
    public let inquiring: [String]
    /// Words that tell of something rather than name goods: "she", "my", "was". What fits nothing around them is a story.
    public let telling: [String]
    /// Words before what is meant: "wait, is it …".
    public let calling: [String]
    /// Words behind which it is told why something is wanted: "because".
    public let reasons: [String]
    /// Words before goods that are known already, there or in the cart: "the", "my".
    public let known: [String]
    /// What stands for each of the things that were named: "both".
    public let every: [String]
    /// Words that change what is wanted: where one of them fits nothing, that is said. "The same amount of onions".
    public let weighty: [String]
    /// Words that every question has, and that say nothing of what it is about: "much", "there".
    let common: [String]
}
