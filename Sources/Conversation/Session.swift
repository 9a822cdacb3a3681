// One conversation without its sound: words or hypotheses come in, the dialogue decides, effects are performed, turns go out.

public import Audio
public import Commerce
public import Dialogue
public import Privacy
public import Understanding
import Foundation
import Language

/// One conversation. Its owner calls it in turn and follows what `TurnReport`s say.
public actor Session {
    private let floor: Floor
    private let desk: any OrderDesk
    private let identity: (any IdentityDesk)?
    private let proofs: ProofWays
    private let data: (any DataDesk)?
    private let surroundings: Surroundings
    private let trace: any TraceSink
    private var redaction: Redaction
    private var policy: RetentionPolicy
    private let payments: Set<String>
    private var state = DialogueState()
    private var tally: Tally
    /// Whether a person was told of the caller in this turn.
    private var isHandedOver = false
    /// What the desk has to tell first, until it is told.
    private var welcome: Welcome?
    /// What goes with what, as it was known when the conversation began.
    private var together = BoughtTogether()
    /// The cart as the desk keeps it for a caller who is known.
    private var keptCart = Cart()
    /// How many turns there were, the greeting included.
    public private(set) var turnCount = 0
    /// What the assistant listens for now.
    public private(set) var expectation = Expectation.open
    /// How it ended, once it has.
    public private(set) var end: CallEnd?
    /// Whom the caller is to be put through to, once what was said last has been heard; then `transferred` is told.
    public private(set) var person: PersonWanted?
    private let canTransfer: Bool
    private let isUnbidden: Bool
    /// Whether what is heard in this turn began long before the assistant had finished.
    private var isInterrupted = false
    /// Expiry and code follow a card within so many turns.
    private static let turnsBehindCard = 2
    private var turnsSinceCard = turnsBehindCard

    /// Makes a conversation that has not begun.
    /// - Parameters:
    ///   - isUnbidden: whether anybody's speech may have begun it.
    ///   - identity: who knows callers apart; nil is nobody, and nothing is opened that needs a PIN.
    ///   - sendsCodes: whether text messages reach callers.
    ///   - data: who keeps what is known of customers; nil is nobody, and nothing can be sent or erased.
    public init(
        floor: Floor, desk: any OrderDesk, surroundings: Surroundings, trace: any TraceSink = NoTrace(),
        policy: RetentionPolicy = .standard, payments: Set<String> = PaymentMethod.withoutGateway,
        canTransfer: Bool = false, isUnbidden: Bool = false, identity: (any IdentityDesk)? = nil,
        sendsCodes: Bool = false,
        data: (any DataDesk)? = nil
    ) {
        self.data = data
        self.canTransfer = canTransfer
        self.isUnbidden = isUnbidden
        self.identity = identity
        proofs = identity == nil ? [] : sendsCodes ? [.pin, .code] : [.pin]
        self.floor = floor
        self.desk = desk
        self.surroundings = surroundings
        tally = Tally(variant: surroundings.variant)
        self.trace = trace
        self.policy = policy
        self.payments = payments
        redaction = Redaction(policy: policy, floor: floor)
    }

    /// The kind of line.
    public nonisolated var line: LineKind { surroundings.line }

    /// Where the sound of the conversation goes, once it has begun; nil where none is kept.
    public func sound(_ band: Band) async -> (any SoundSink)? {
        policy[.audio].form >= .redacted ? await trace.sound(of: surroundings.conversation, band: band) : nil
    }

    /// Whether neither voice nor words are kept any more: the caller refused, or was erased.
    public var keepsNothing: Bool { isRefused || isForgotten }
    private var isRefused = false
    /// The caller was erased in this conversation, and the conversation with it.
    private var isForgotten = false
    /// What was kept could not be removed yet.
    private var isRefusalOpen = false

    /// What must not be heard again of what the caller is saying now.
    public var unheard: Unheard { redaction.unheard(wanted: state.wanted) }

    /// Greets: turn 0.
    public func start() async -> TurnReport {
        await trace.began(surroundings.conversation, line: surroundings.line, caller: surroundings.caller)
        if let caller = surroundings.caller { welcome = try? await desk.welcome(phone: caller) }
        defer { welcome = nil }
        // Without it less is recommended, and nothing else is missing.
        if floor.shop.recommendations != .never { together = (try? await desk.boughtTogether()) ?? BoughtTogether() }
        return await turn(.started, heard: nil, confidence: nil, acts: [])
    }

    /// Takes typed words; an empty line is silence.
    public func hear(typed text: String) async -> TurnReport {
        guard text.contains(where: { !$0.isWhitespace }) else { return await hearSilence() }
        let meaning = floor.understander.interpret(typed: text, expecting: expectation)
        return await hear(meaning, words: text)
    }

    /// Takes words that cannot be read, such as bytes that are no text.
    public func hear(unintelligible words: String) async -> TurnReport {
        let mayBeSecret = state.hearsSecret || redaction.mayBeSecret(words, [], in: state)
        return await turn(
            .notUnderstood(confidence: 0), heard: mayBeSecret ? Redactor.mark : words, confidence: 0, acts: [])
    }

    /// Whether what the caller says or keys now may be a PIN or a code: not kept in any form, nor any sound of it.
    public var hearsSecret: Bool { state.hearsSecret }

    /// Takes what was recognised, best first; none is speech that fits nothing.
    /// - Parameter isInterrupting: whether it began long before the assistant had finished.
    public func hear(_ hypotheses: [Hypothesis], isInterrupting: Bool = false) async -> TurnReport {
        isInterrupted = isInterrupting
        defer { isInterrupted = false }
        let (words, meaning) = floor.understander.best(of: hypotheses, expecting: expectation)
        return await hear(meaning, words: words)
    }

    /// Whether any of the hypotheses would be acted on.
    public func understands(_ hypotheses: [Hypothesis]) -> Bool {
        isUnderstood(floor.understander.best(of: hypotheses, expecting: expectation).1)
    }

    private func isUnderstood(_ meaning: Interpretation) -> Bool {
        !meaning.acts.isEmpty && meaning.confidence >= Assurance.understanding
    }

    private func hear(_ meaning: Interpretation, words: String) async -> TurnReport {
        if let masked = redaction.withoutCard(words) {
            return await turn(.cardSaid, heard: masked, confidence: 1, acts: [])
        }
        let event: DialogueEvent =
            isUnderstood(meaning) ? .heard(meaning) : .notUnderstood(confidence: meaning.confidence)
        let acts = isUnderstood(meaning) ? meaning.acts : []
        let mayBeSecret = state.hearsSecret || redaction.mayBeSecret(words, acts, in: state)
        if let plain = acts.withoutSecrets(mayBeThere: mayBeSecret) {
            return await turn(event, heard: Redactor.mark, confidence: meaning.confidence, acts: plain)
        }
        return await turn(event, heard: words, confidence: meaning.confidence, acts: acts)
    }

    /// Somebody spoke over the assistant, not understood, and the assistant goes on: no turn, but known from now on.
    public func overhear() async {
        guard end == nil else { return }
        state = step(state, .overheard, in: await context()).state
    }

    /// Nothing was said for a while.
    public func hearSilence() async -> TurnReport {
        await turn(.silence, heard: "", confidence: nil, acts: [])
    }

    /// Takes keys of a telephone.
    public func hear(keys: String) async -> TurnReport {
        if let masked = redaction.withoutCard(keys) {
            return await turn(.cardSaid, heard: masked, confidence: 1, acts: [])
        }
        // Also the rest of a PIN that was keyed slowly.
        let mayBeSecret = state.hearsSecret || redaction.mayBeSecret(keys, [], in: state)
        return await turn(.keys(keys), heard: mayBeSecret ? Redactor.mark : keys, confidence: 1, acts: [])
    }

    /// Takes what became of putting the caller through.
    public func transferred(_ isDone: Bool) async -> TurnReport {
        person = nil
        return await turn(.outcome(.transferred(isDone)), heard: "", confidence: nil, acts: [])
    }

    /// The caller is gone. No answer: nobody would hear it.
    public func close(_ reason: CallEnd) async {
        guard end == nil else { return }
        _ = step(state, .hungUp, in: await context())
        end = reason
        await tellEnd(reason)
    }

    // MARK: - A turn

    private func turn(_ event: DialogueEvent, heard: String?, confidence: Double?, acts: [Act]) async -> TurnReport {
        let (wanted, missesBefore, wantsFigures) = (state.wanted, state.misses, state.wantsFigures)
        let ordersBefore = state.orders
        let wasOffered = if case .doubting(.goOn) = state.phase { true } else { false }
        var replies: [Spoken] = []
        var order: ToldOrder?
        var open = [event]
        while !open.isEmpty {
            let decision = step(state, open.removeFirst(), in: await context())
            state = decision.state
            if let reply = decision.reply { replies.append(reply) }
            order = decision.order ?? order
            for effect in decision.effects {
                if let outcome = await perform(effect) { open.append(.outcome(outcome)) }
            }
            expectation = decision.listening
        }
        let isOffered = if case .doubting(.goOn) = state.phase { true } else { false }
        await keepCart(isDropped: wasOffered && !isOffered)
        let priced = state.cart.priced(floor.catalog)
        // An act that is asked about before it is done was not sure enough either.
        let isDoubted = if case .doubting(.heard) = state.phase { true } else { false }
        let isAccepted = event == .started || (state.misses <= missesBefore && !isDoubted)
        var report = TurnReport(
            turn: turnCount, heard: heard, confidence: confidence, isAccepted: isAccepted, acts: acts,
            reply: replies.isEmpty ? nil : replies.joined(), state: state.name, asking: state.asking,
            cart: priced.lines, cartTotal: priced.goods, order: order,
            hasOrdered: state.orders.last.map { new in !ordersBefore.contains { $0.number == new.number } } ?? false)
        turnCount += 1
        tally.take(report, isHandedOver: isHandedOver)
        isHandedOver = false
        let known =
            [state.checkout.address, state.checkout.phone, surroundings.caller, order?.order.quote.address]
            + state.orders.map(\.quote.address) + (state.customer?.addresses ?? [])
        let secrecy = asked(wanted, for: heard, isCard: event == .cardSaid, wantsFigures: wantsFigures)
        let theirs = known.compactMap(\.self)
        report.unheard = redaction.unheard(report, wanted: secrecy, known: theirs + report.addresses)
        if !isForgotten {
            await trace.turn(
                redaction.traced(report, conversation: surroundings.conversation, wanted: secrecy, known: theirs))
        }
        if let end { await tellEnd(end) }
        return report
    }

    /// What words have to be taken for: parts of a card, said before the rest of it or behind it, are as secret as all of it.
    private func asked(_ wanted: Asked, for heard: String?, isCard: Bool, wantsFigures: Bool) -> Asked {
        defer { turnsSinceCard = isCard ? 0 : turnsSinceCard + 1 }
        guard wanted == .nothing, let heard else { return wanted }
        let isBehindCard = turnsSinceCard < Self.turnsBehindCard && redaction.holdsFigures(heard)
        let isPart = !wantsFigures && redaction.isMadeOfFigures(heard)
        return isBehindCard || isPart ? .secret : wanted
    }

    private func tellEnd(_ reason: CallEnd) async {
        if isRefusalOpen { _ = await trace.refused(surroundings.conversation) }
        await trace.summed(surroundings.conversation, tally.summary(ended: reason, advice: state.advice))
        await trace.ended(surroundings.conversation, outcome: reason)
    }

    /// Keeps the cart of a caller who is known as often as it changes: whatever ends the call, it can be gone on with.
    private func keepCart(isDropped: Bool) async {
        guard let caller = surroundings.caller, !isForgotten, state.cart != keptCart || isDropped else { return }
        keptCart = state.cart
        // Worth no failed order: what cannot be kept is not offered again.
        try? await desk.keep(cart: state.cart, phone: caller)
    }

    private func context() async -> DialogueContext {
        // A desk that cannot be read is found out when an order is placed; until then the catalogue's own count serves.
        let stock = (try? await desk.stock()) ?? [:]
        return DialogueContext(
            shop: floor.shop, catalog: floor.catalog, pack: floor.pack, stock: stock, now: surroundings.now(),
            freshKey: surroundings.freshKey(), variant: surroundings.variant, caller: surroundings.caller,
            line: surroundings.line, retention: policy, payments: payments, welcome: welcome,
            canTransfer: canTransfer, proofs: proofs, isUnbidden: isUnbidden,
            isInterrupted: isInterrupted, together: together)
    }

    /// Does what the dialogue decided. Every outcome goes back to the dialogue, a failure too.
    private func perform(_ effect: Effect) async -> EffectOutcome? {
        let (caller, conversation) = (surroundings.caller, surroundings.conversation)
        switch effect {
        case .placeOrder(_, let quote, let key):
            let request = OrderRequest(
                key: key, quote: quote, phone: caller ?? state.checkout.phone, isPhoneTrusted: caller != nil,
                isProved: state.customer != nil, conversation: conversation)
            return .placed(key, await attempt { () async throws(OrderDeskError) in try await desk.place(request) })
        case .cancelOrder(let number):
            return .cancelled(
                number: number,
                await attempt { () async throws(OrderDeskError) in
                    try await desk.cancel(number: number, phone: caller, conversation: conversation)
                })
        case .findOrder(let number):
            return .found(
                number: number,
                await attempt { () async throws(OrderDeskError) -> FoundOrder? in
                    try await desk.find(number: number, phone: caller, conversation: conversation)
                        .map { FoundOrder(order: $0.order, isOwner: $0.isOwner) }
                })
        case .findLatestOrder(let purpose):
            guard let caller else { return .latest(purpose, .done(nil)) }
            return .latest(
                purpose, await attempt { () async throws(OrderDeskError) in try await desk.latest(phone: caller) })
        case .requestCallback(let key, let phone, let reason):
            let request = CallbackRequest(key: key, phone: phone, conversation: conversation, reason: reason)
            return .callback(
                key,
                await attempt { () async throws(OrderDeskError) in
                    try await desk.requestCallback(request)
                    isHandedOver = true
                    return true
                })
        case .transfer(let address, let summary):
            person = PersonWanted(address: address, summary: summary)
            return nil
        case .tellData(let sends):
            guard let data, let caller else { return .dataTold(.failed) }
            return .dataTold(
                await attempt { () async throws(OrderDeskError) in
                    try await data.tellData(phone: caller, conversation: conversation, sends: sends)
                })
        case .eraseData:
            guard let data, let caller else { return .dataErased(.failed) }
            let erased = await attempt { () async throws(OrderDeskError) in try await data.eraseData(phone: caller) }
            if case .done = erased { isForgotten = true }
            return .dataErased(erased)
        case .refuseRecording:
            let isDone = await trace.refused(conversation)
            // Whatever became of what is there, nothing more comes to it.
            isRefused = true
            policy = policy.withoutWords
            redaction = Redaction(policy: policy, floor: floor)
            isRefusalOpen = !isDone
            return .refused(isDone)
        case .end(let reason):
            end = reason
            return nil
        case .checkPIN, .checkCode, .sendCode, .choosePIN:
            return await identity.perform(effect, phone: caller, conversation: conversation)
        }
    }
}

extension Understander {
    /// Of several hypotheses the one that makes the most sense: words and meaning weigh alike. Hearings of the same sound that
    /// mean the same, as "a pizza" and "the pizza" do, count together.
    /// - Returns: the words, and the meaning with both confidences in it.
    public func best(of hypotheses: [Hypothesis], expecting expectation: Expectation) -> (String, Interpretation) {
        var readings: [(hypothesis: Hypothesis, meaning: Interpretation, confidence: Double)] = []
        for hypothesis in hypotheses {
            let meaning = interpret(heard: hypothesis.words, expecting: expectation)
            if hypothesis.isShare, !meaning.acts.isEmpty,
                let same = readings.firstIndex(where: { $0.meaning.means(the: meaning) })
            {
                readings[same].confidence += hypothesis.confidence
            } else {
                readings.append((hypothesis, meaning, hypothesis.confidence))
            }
        }
        func weight(_ reading: (hypothesis: Hypothesis, meaning: Interpretation, confidence: Double)) -> Double {
            reading.meaning.confidence * reading.confidence
        }
        guard let best = readings.max(by: { weight($0) < weight($1) }) else {
            return ("", Interpretation(acts: [], confidence: 0))
        }
        var meaning = best.meaning
        meaning.confidence *= best.confidence
        for index in meaning.acts.indices { meaning.acts[index].confidence *= best.confidence }
        return (best.hypothesis.text, meaning)
    }
}

extension [Spoken] {
    /// One answer of several, in order.
    fileprivate func joined() -> Spoken {
        Spoken(
            text: map(\.text).joined(separator: " "), speech: map(\.speech).joined(separator: " "))
    }
}
