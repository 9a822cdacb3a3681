// The shop's own questions in other words than its file has: "do you also fix bikes?" for "can you fix my bike". Tokens of typed
// text that fit nothing come in; the topic whose question has all its telling words among them goes out.

import Language

/// The questions of a shop, ready to be looked for.
struct QuestionFinder: Sendable {
    private struct Question: Sendable {
        let topic: String
        let telling: [Set<String>]
        /// Whether one short word is all that tells what it is about: any sentence may have that.
        let isVague: Bool
    }

    private let questions: [Question]

    /// - Parameter questions: by topic, as tokens with blanks between them.
    /// - Parameter isCommon: whether a word says nothing of one question alone, as sentences of every shop have it.
    init(
        _ questions: [(topic: String, say: [String])], pack: LanguagePack, isCommon: (String) -> Bool
    ) {
        let small = pack.smallWords
        self.questions = questions.flatMap { question in
            question.say.map { words in
                let telling = words.split(separator: " ").map(String.init).filter {
                    $0.count > Self.shortest && !small.contains($0)
                }
                return Question(
                    topic: question.topic, telling: telling.map { Self.forms(of: $0, pack.rules) },
                    isVague: telling.count < 2 && telling.allSatisfy { $0.count < Self.shortestAlone || isCommon($0) })
            }
        }
    }

    /// Shorter words are what any sentence is made of.
    private static let shortest = 2
    /// One word alone has to be a long one, and no common one: "delivery" alone asks nothing.
    private static let shortestAlone = 5

    private static func forms(of word: String, _ rules: any LanguageRules) -> Set<String> {
        Set([[word]].flatMap { $0 + rules.singulars(of: $0).flatMap { $0 } + rules.plurals(of: $0).flatMap { $0 } })
    }

    /// "Die" and "dies", "wrap" and "wrapped".
    private static func isForm(_ word: String, _ other: String) -> Bool {
        let (short, long) = word.count < other.count ? (word, other) : (other, word)
        return short.count > shortest && long.count - short.count <= longestEnding && long.hasPrefix(short)
    }

    /// Letters that a word may have more in another form.
    private static let longestEnding = 3

    /// The question that `tokens` ask, of several the one with the most words.
    func act(of tokens: [String]) -> Act? {
        let said = Set(tokens)
        let asked = questions.filter { question in
            !question.isVague
                && question.telling.allSatisfy { forms in
                    !forms.isDisjoint(with: said) || said.contains { word in forms.contains { Self.isForm(word, $0) } }
                }
        }
        let best = asked.max { $0.telling.count < $1.telling.count }
        return best.map { Act(.faq, confidence: RequestFinder.confidence, slots: [.topic: $0.topic]) }
    }
}
