// Requests that are made in too many ways for sentences: found by the words that they cannot do without. Tokens of typed
// text come in; the first request of the book whose words are all there goes out. Only what is asked about further can be
// found so: nothing that would change a cart or place an order.

import Commerce
import Language

/// The requests of a sentence book, ready to be looked for.
struct RequestFinder: Sendable {
    private enum Term: Sendable {
        case words([String])
        case beginning(String)
        case figures
    }

    private struct Request: Sendable {
        let intent: Intent
        let slots: [Slot: String]
        let about: [[Term]]
        let not: [Term]
    }

    /// How sure a request is that was found by its words.
    static let confidence = 0.7
    /// Figures of an order's number, at least.
    private static let shortestNumber = 3

    private let requests: [Request]

    init(_ book: SentenceBook) throws(UnderstandingError) {
        var requests: [Request] = []
        for request in book.requests {
            guard let intent = Intent(rawValue: request.intent), !intent.changesCart, intent != .placeOrder else {
                throw .entry("“\(request.intent)” is no intent, or none that words alone may mean")
            }
            var slots: [Slot: String] = [:]
            for (name, value) in request.slots ?? [:] {
                guard let slot = Slot(rawValue: name) else { throw .entry("\(request.intent): “\(name)” is no slot") }
                slots[slot] = value
            }
            requests.append(
                Request(
                    intent: intent, slots: slots, about: request.about.map { $0.map(Self.term) },
                    not: (request.not ?? []).map(Self.term)))
        }
        self.requests = requests
    }

    private static func term(_ text: String) -> Term {
        if text == "{digits}" { return .figures }
        if text.hasSuffix("*") { return .beginning(String(text.dropLast())) }
        return .words(text.split(separator: " ").map(String.init))
    }

    /// What `tokens` ask for; nil where no request fits.
    func act(of tokens: [String]) -> Act? {
        guard let request = requests.first(where: { fits($0, tokens) }) else { return nil }
        var slots = request.slots
        if request.intent.isAboutOrder, let number = tokens.first(where: Self.isNumber) { slots[.orderNumber] = number }
        return Act(request.intent, confidence: Self.confidence, slots: slots)
    }

    private func fits(_ request: Request, _ tokens: [String]) -> Bool {
        request.about.allSatisfy { group in group.contains { isSaid($0, in: tokens) } }
            && !request.not.contains { isSaid($0, in: tokens) }
    }

    private func isSaid(_ term: Term, in tokens: [String]) -> Bool {
        switch term {
        case .figures: tokens.contains(where: Self.isNumber)
        case .beginning(let letters): tokens.contains { begins($0, with: letters) }
        case .words(let words):
            tokens.indices.contains { start in
                tokens[start...].prefix(words.count).count == words.count
                    && zip(tokens[start...], words).allSatisfy { isNearly($0, $1) }
            }
        }
    }

    /// Also with a letter left out, put in or swapped with the next, in a beginning long enough to be known by the rest.
    private func begins(_ token: String, with letters: String) -> Bool {
        if token.hasPrefix(letters) { return true }
        guard letters.utf8.count >= 5, token.first == letters.first else { return false }
        let (wanted, said) = (Array(letters.utf8), Array(token.utf8))
        return (wanted.count - 1...wanted.count + 1).contains { length in
            guard length <= said.count else { return false }
            let beginning = Array(said.prefix(length))
            // One letter for another makes a different word too often: "related" is no "rebate".
            if length == wanted.count, beginning.sorted() != wanted.sorted() { return false }
            return editDistance(wanted, beginning, limit: 1) <= 1
        }
    }

    private func isNearly(_ token: String, _ word: String) -> Bool {
        if token == word { return true }
        guard word.utf8.count >= 6, token.first == word.first else { return false }
        return editDistance(Array(token.utf8), Array(word.utf8), limit: 1) <= 1
    }

    private static func isNumber(_ token: String) -> Bool {
        token.utf8.count >= shortestNumber && token.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension Intent {
    /// Whether it changes what is in the cart, and would be asked about if it was not heard well.
    public var changesCart: Bool {
        switch self {
        case .addToCart, .removeFromCart, .changeQuantity, .changeModifiers, .clearCart, .repeatOrder, .startOver: true
        default: false
        }
    }

    /// Whether it is about an order that has been placed.
    var isAboutOrder: Bool {
        switch self {
        case .cancelOrder, .changeOrder, .trackOrder, .returnOrder, .refundStatus, .invoice: true
        default: false
        }
    }
}
