// Blacks out what must not be kept. In: text as it was heard, typed or said, or the slots of an act, and what was being
// asked for. Out: the text in the form that the policy allows, or nothing. It rather takes too much than too little.

public import Language

/// What the caller was being asked for when something was said.
public enum Asked: Sendable, Hashable {
    /// Nothing personal.
    case nothing
    /// An address, a name or a telephone number: personal as a whole.
    case personal
    /// A PIN, a code or a card: not kept in any form.
    case secret
}

/// Redaction with the number words of one language.
public struct Redactor: Sendable {
    /// Stands where something was.
    public static let mark = "•••"
    /// Slots of acts that are personal as a whole; `digits` is whatever the caller spelled out.
    public static let personalSlots: Set<String> = ["address", "phone", "name", "digits"]

    /// So many digits in a row are a PIN, a telephone number or an order number rather than a quantity.
    static let shortestRun = 3
    /// Cards have 13 to 19 digits (ISO/IEC 7812); with expiry and code behind them there are more.
    static let shortestCard = 13
    /// Cards are printed, and said, in groups of four mostly.
    static let groupOfCard = 4
    /// No more groups than this are looked at together, so that the work grows with the text and not with its square.
    static let longestCard = 40
    /// Words that may stand between the groups of a card: "then", "and uh".
    static let widestGap = 2

    private let rules: any LanguageRules
    private let isPlain: @Sendable (String) -> Bool

    /// Makes a redactor that knows the words of a language, and further ones that are nobody's name: those of the shop.
    public init(rules: any LanguageRules, isPlain: @escaping @Sendable (String) -> Bool = { _ in false }) {
        (self.rules, self.isPlain) = (rules, isPlain)
    }

    /// The text as it may be kept in `form`; nil where nothing of it may be. `known` are addresses, names and numbers
    /// of this caller that the text may repeat, such as a reply that reads the address back.
    public func text(_ text: String, asked: Asked, form: RetentionForm, known: [String] = []) -> String? {
        guard form >= .redacted else { return nil }
        if text.isEmpty { return "" }
        switch asked {
        case .secret: return Self.mark
        case .personal where form == .redacted: return Self.mark
        default: break
        }
        let words = Words(of: text, rules: rules)
        var hidden = cards(in: words)
        if form == .redacted {
            hidden += runs(in: words) + eMails(in: text) + known.flatMap { occurrences(of: $0, in: words) }
            hidden += words.personal(rules.personalWords, isPlain).map { words.range($0) }
        }
        return Self.hide(hidden, in: text)
    }

    /// The slots of an act as they may be kept in `form`.
    public func slots(_ slots: [String: String], asked: Asked, form: RetentionForm) -> [String: String] {
        guard form >= .redacted else { return [:] }
        var kept: [String: String] = [:]
        for (name, value) in slots {
            let asked = asked != .secret && Self.personalSlots.contains(name) ? Asked.personal : asked
            kept[name] = text(value, asked: asked, form: form)
        }
        return kept
    }

    /// Whether so many figures stand together that they may be a card's.
    public func holdsCard(_ text: String) -> Bool { !cards(in: Words(of: text, rules: rules)).isEmpty }

    /// Whether there are so many figures in a row that no quantity has them: a PIN, or a number of something.
    public func holdsFigures(_ text: String) -> Bool { !runs(in: Words(of: text, rules: rules)).isEmpty }

    /// Whether a text is little else than figures, and as many as one group of a card has.
    public func isMadeOfFigures(_ text: String) -> Bool {
        let words = Words(of: text, rules: rules)
        let figures = words.numbers.reduce(0) { $0 + $1.end - $1.first }
        return words.numbers.reduce(0) { $0 + $1.digits } >= Self.groupOfCard && figures * 2 > words.tokens.count
    }

    /// The text with every card blacked out, and nothing else.
    public func withoutCards(_ text: String) -> String { Self.hide(cards(in: Words(of: text, rules: rules)), in: text) }

    // MARK: - What to hide

    /// Runs of figures, in digits or in words, that no quantity would have.
    private func runs(in words: Words) -> [Range<String.Index>] {
        var runs: [Range<String.Index>] = []
        var start: Int?
        var digits = 0
        for index in 0...words.numbers.count {
            let number = index < words.numbers.count ? words.numbers[index] : nil
            if let start, number == nil || number?.first != words.numbers[index - 1].end {
                if digits >= Self.shortestRun {
                    runs.append(words.range(words.numbers[start].first..<words.numbers[index - 1].end))
                }
            } else if start != nil {
                digits += number?.digits ?? 0
                continue
            }
            start = index
            digits = number?.digits ?? 0
        }
        return runs
    }

    /// Enough figures for a card, close together: in one run, or in groups with a word or two between them.
    ///
    /// A read-back has many numbers too, but mostly other words; in a card said haltingly at least half the words are
    /// figures.
    private func cards(in words: Words) -> [Range<String.Index>] {
        let numbers = words.numbers
        var cards: [Range<String.Index>] = []
        for start in numbers.indices {
            var digits = 0
            var figures = 0
            var widest: Int?
            for end in start..<min(numbers.count, start + Self.longestCard) {
                if end > start, numbers[end].first - numbers[end - 1].end > Self.widestGap { break }
                digits += numbers[end].digits
                figures += numbers[end].end - numbers[end].first
                let span = numbers[end].end - numbers[start].first
                if digits >= Self.shortestCard, figures * 2 >= span { widest = end }
            }
            if let widest { cards.append(words.range(numbers[start].first..<numbers[widest].end)) }
        }
        return cards
    }

    private func eMails(in text: String) -> [Range<String.Index>] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.indices.filter { words[$0].contains("@") }.map { index in
            // A sign that stands apart has its parts beside it.
            let isApart = words[index].count == 1
            let first = words[isApart ? max(0, index - 1) : index]
            let last = words[isApart ? min(words.count - 1, index + 1) : index]
            return first.startIndex..<last.endIndex
        }
    }

    private func occurrences(of known: String, in words: Words) -> [Range<String.Index>] {
        let wanted = Words(of: known, rules: rules).tokens
        guard !wanted.isEmpty, wanted.count <= words.tokens.count else { return [] }
        return (0...(words.tokens.count - wanted.count))
            .filter { words.tokens[$0..<($0 + wanted.count)].elementsEqual(wanted) }
            .map { words.range($0..<($0 + wanted.count)) }
    }

    private static func hide(_ ranges: [Range<String.Index>], in text: String) -> String {
        var result = ""
        var position = text.startIndex
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > position {
            // What overlaps the last one is hidden by the same mark.
            if range.lowerBound >= position {
                result += text[position..<range.lowerBound]
                result += mark
            }
            position = range.upperBound
        }
        return result + text[position...]
    }
}

/// A text as tokens that remember where they stood, and the numbers among them.
private struct Words {
    /// Figures that belong together: which tokens, and how many digits they are.
    struct Number {
        let first: Int
        let end: Int
        let digits: Int
    }

    private(set) var tokens: [String] = []
    private(set) var numbers: [Number] = []
    private var places: [Range<String.Index>] = []

    /// Runs of figures and runs of other characters are looked at apart, so that no way of grouping hides a figure.
    init(of text: String, rules: any LanguageRules) {
        var index = text.startIndex
        while index < text.endIndex {
            let start = index
            if let kind = Self.kind(text[index]) {
                while index < text.endIndex, Self.kind(text[index]) == kind { index = text.index(after: index) }
                let piece = text[start..<index]
                let found =
                    kind == .figure
                    ? [piece.compactMap(\.wholeNumberValue).map(String.init).joined()] : rules.tokens(of: String(piece))
                tokens += found
                places += found.map { _ in start..<index }
            } else {
                index = text.index(after: index)
            }
        }
        numbers = Self.figures(in: tokens, rules: rules)
    }

    /// Names, addresses and spelled e-mail addresses, by the words beside them.
    func personal(_ words: PersonalWords, _ isPlain: @escaping (String) -> Bool) -> [Range<Int>] {
        var isNumber = [Bool](repeating: false, count: tokens.count)
        for number in numbers { for token in number.first..<number.end { isNumber[token] = true } }
        return PersonalPlaces(words: words, tokens: tokens, isNumber: isNumber, isPlain: isPlain).all()
    }

    /// Where the tokens stand in the text.
    func range(_ tokens: Range<Int>) -> Range<String.Index> {
        places[tokens.lowerBound].lowerBound..<places[tokens.upperBound - 1].upperBound
    }

    private enum Kind { case figure, letter }

    private static func kind(_ character: Character) -> Kind? {
        if character.isWholeNumber { return .figure }
        return character.isLetter || character == "'" || character == "’" ? .letter : nil
    }

    private static func figures(in tokens: [String], rules: any LanguageRules) -> [Number] {
        var numbers: [Number] = []
        var index = 0
        while index < tokens.count {
            let number = Self.number(in: tokens, at: index, rules: rules)
            if let number { numbers.append(number) }
            index = number?.end ?? index + 1
        }
        return numbers
    }

    private static func number(in tokens: [String], at start: Int, rules: any LanguageRules) -> Number? {
        let token = tokens[start]
        if token.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !token.isEmpty {
            return Number(first: start, end: start + 1, digits: token.utf8.count)
        }
        if let run = rules.digits(in: tokens, at: start), run.length > 0 {
            return Number(first: start, end: start + run.length, digits: run.digits.utf8.count)
        }
        // "two hundred and five", "dozen". An article counts as one too, but nobody spells figures with it.
        guard let match = rules.numbers(in: tokens, at: start).first, match.length > 0, match.thousandths >= 2_000
        else {
            return nil
        }
        return Number(first: start, end: start + match.length, digits: String(match.thousandths / 1_000).utf8.count)
    }
}
