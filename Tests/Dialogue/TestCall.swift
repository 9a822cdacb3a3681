// A call as a script: what the caller means goes in, a transcript that a person can read comes out. A desk of values answers the
// effects at once, or as the test says.

import Commerce
import Dialogue
import Foundation
import Language
import Testing
import Understanding

struct TestCall {
    var state = DialogueState()
    var context: DialogueContext
    var desk = TestDesk()
    /// Outcomes are handed back at once; else the test hands them back itself.
    var answersEffects = true
    private(set) var transcript: [String] = []
    private(set) var effects: [Effect] = []
    private(set) var last: Step?
    private var turns = 0

    init(
        _ shop: (shop: Shop, catalog: Catalog), caller: String? = nil, line: LineKind = .phone,
        now: Date = TestShop.mondayNoon
    ) throws {
        context = DialogueContext(
            shop: shop.shop, catalog: shop.catalog, pack: try TestShop.english(), now: now,
            freshKey: RequestKey("none"), caller: caller, line: line)
    }

    /// A call whose greeting has been said.
    static func begun(
        _ shop: (shop: Shop, catalog: Catalog), caller: String? = nil, line: LineKind = .phone,
        now: Date = TestShop.mondayNoon
    ) throws -> TestCall {
        var call = try TestCall(shop, caller: caller, line: line, now: now)
        call.feed(.started)
        call.transcript = []
        return call
    }

    // MARK: What happens

    @discardableResult
    mutating func says(_ words: String, _ acts: Act..., sure: Double = 0.95) -> String {
        transcript.append("caller: \(words)")
        if sure < 0.9 { transcript.append("        | confidence \(sure)") }
        let heard = acts.map { act in
            var act = act
            act.confidence = min(act.confidence, sure)
            return act
        }
        return feed(.heard(Interpretation(acts: heard, confidence: sure)))
    }

    /// What was understood of `words`; nil is nothing.
    mutating func hears(_ words: String, _ meaning: Interpretation?) {
        transcript.append("caller: \(words)")
        feed(meaning.map { .heard($0) } ?? .notUnderstood(confidence: 0.2))
    }

    @discardableResult
    mutating func silent() -> String {
        transcript.append("        | silence")
        return feed(.silence)
    }

    @discardableResult
    mutating func mumbles() -> String {
        transcript.append("        | not understood")
        return feed(.notUnderstood(confidence: 0.2))
    }

    @discardableResult
    mutating func presses(_ keys: String) -> String {
        transcript.append("        | keys \(keys)")
        return feed(.keys(keys))
    }

    @discardableResult
    mutating func feed(_ event: DialogueEvent) -> String {
        turns += 1
        context.freshKey = RequestKey("key-\(turns)")
        let step = step(state, event, in: context)
        state = step.state
        last = step
        effects += step.effects
        if let reply = step.reply { transcript.append("shop:   \(reply.text)") }
        guard answersEffects else { return reply }
        for effect in step.effects {
            if let outcome = desk.perform(effect, caller: context.caller) { feed(.outcome(outcome)) }
        }
        return reply
    }

    // MARK: What came of it

    var reply: String { last?.reply?.text ?? "" }
    var text: String { transcript.joined(separator: "\n") }
    var total: String { state.cart.priced(context.catalog).goods.decimal }
    var ordersSent: [Effect] { effects.filter { if case .placeOrder = $0 { true } else { false } } }
    var quote: Quote? { if case .confirmingOrder(let quote, _) = state.phase { quote } else { nil } }
    var key: RequestKey? { if case .confirmingOrder(_, let key) = state.phase { key } else { nil } }

    mutating func forgetTranscript() { transcript = [] }

    /// The caller gives the PIN, as often asked for; what was opened is the desk's customer.
    mutating func proves() {
        context.proofs = .pin
        desk.pin = SecretDigits("4829")
        says("my pin is …", Act(.givePIN, slots: [.digits: "4829"]))
    }
}

/// Keeps orders as a desk does, in memory.
struct TestDesk {
    var orders: [Order] = []
    var keys: [RequestKey: Order] = [:]
    var callbacks: [RequestKey: String?] = [:]
    /// Attempts that are to fail before the desk works again.
    var failures = 0
    /// What it says to the next order instead of taking it.
    var refusal: Refusal?
    /// Who calls, if this PIN or code is given.
    var customer = KnownCustomer(orders: [], addresses: [], hasSavedMethod: false)
    var pin: SecretDigits?
    /// What is kept of the caller, and which orders are on their way.
    var kept: KeptData?
    var underway: [String] = []
    var code: SecretDigits?
    /// Orders of somebody else, which this caller may not cancel.
    var strangers: Set<String> = []

    mutating func perform(_ effect: Effect, caller: String?) -> EffectOutcome? {
        let fails = failures > 0
        switch effect {
        case .end: return nil
        default: failures = max(0, failures - 1)
        }
        switch effect {
        case .placeOrder(_, let quote, let key):
            if fails { return .placed(key, .failed) }
            if let refusal {
                self.refusal = nil
                return .placed(key, .done(.failure(refusal)))
            }
            return .placed(key, .done(.success(place(quote, key))))
        case .cancelOrder(let number):
            if fails { return .cancelled(number: number, .failed) }
            return .cancelled(number: number, .done(cancel(number)))
        case .findOrder(let number):
            if fails { return .found(number: number, .failed) }
            let order = orders.first { $0.number == number }
            return .found(
                number: number,
                .done(order.map { FoundOrder(order: $0, isOwner: !strangers.contains(number)) }))
        case .findLatestOrder(let purpose):
            if fails { return .latest(purpose, .failed) }
            return .latest(purpose, .done(caller == nil ? nil : orders.last))
        case .requestCallback(let key, let phone, _):
            if fails { return .callback(key, .failed) }
            callbacks[key] = phone
            return .callback(key, .done(true))
        case .tellData: return .dataTold(fails ? .failed : .done(kept))
        case .eraseData:
            if fails { return .dataErased(.failed) }
            defer { kept = nil }
            return .dataErased(.done(ErasedData(orders: kept?.orders.count ?? 0, underway: underway)))
        case .refuseRecording: return .refused(!fails)
        case .transfer: return nil
        case .checkPIN(let given): return .proved(fails ? .failed : .done(given == pin ? known : nil))
        case .checkCode(let given): return .proved(fails ? .failed : .done(given == code ? known : nil))
        case .sendCode: return .codeSent(fails ? .failed : .done(code != nil))
        case .choosePIN(let given):
            pin = given
            return .pinChosen(fails ? .failed : .done(true))
        case .end: return nil
        }
    }

    /// The customer with the orders as they are now.
    private var known: KnownCustomer {
        KnownCustomer(
            orders: orders.reversed(), addresses: customer.addresses, hasSavedMethod: customer.hasSavedMethod)
    }

    /// What comes of an effect that has to have an outcome.
    mutating func outcome(of effect: Effect) throws -> EffectOutcome {
        let outcome = perform(effect, caller: nil)
        return try #require(outcome)
    }

    private mutating func place(_ quote: Quote, _ key: RequestKey) -> Order {
        if let known = keys[key] { return known }
        let order = Order(
            number: String(1_042 + orders.count), status: .placed, paymentStatus: .onDelivery, quote: quote,
            waybill: nil)
        orders.append(order)
        keys[key] = order
        return order
    }

    private mutating func cancel(_ number: String) -> OrderOutcome {
        guard let index = orders.firstIndex(where: { $0.number == number }), !strangers.contains(number) else {
            return .failure(.notFound)
        }
        if let refusal = orders[index].status.refusal(toMove: .cancelled) { return .failure(refusal) }
        orders[index].status = .cancelled
        return .success(orders[index])
    }
}

// MARK: What callers mean

extension Act {
    static func add(
        _ sku: String, _ quantity: Quantity? = nil, with modifiers: [ChosenModifier] = [],
        without: [ChosenModifier] = []
    ) -> Act {
        Act(
            .addToCart,
            items: [ItemPhrase(candidates: [sku], quantity: quantity, modifiers: modifiers, without: without)])
    }

    static func about(_ intent: Intent, _ skus: String..., quantity: Quantity? = nil) -> Act {
        Act(intent, items: skus.map { ItemPhrase(candidates: [$0], quantity: quantity) })
    }

    static let yes = Act(.affirm)
    static let no = Act(.deny)
    static let done = Act(.checkout)
    static let placeIt = Act(.placeOrder)
    static func delivery(_ id: String) -> Act { Act(.chooseDelivery, slots: [.deliveryMethod: id]) }
    static func payment(_ id: String) -> Act { Act(.choosePayment, slots: [.paymentMethod: id]) }
    static func address(_ text: String) -> Act { Act(.setAddress, slots: [.address: text]) }
    static func faq(_ topic: String) -> Act { Act(.faq, slots: [.topic: topic]) }
    static func number(_ text: String) -> Act { Act(.inform, slots: [.quantity: text]) }
    static func digits(_ text: String) -> Act { Act(.inform, slots: [.digits: text]) }
    static func ordinal(_ place: Int) -> Act { Act(.addToCart, slots: [.ordinal: String(place)]) }
}

extension ChosenModifier {
    static func of(_ group: String, _ id: String, _ amount: String? = nil) -> ChosenModifier {
        ChosenModifier(group: group, id: id, amount: amount)
    }
}
