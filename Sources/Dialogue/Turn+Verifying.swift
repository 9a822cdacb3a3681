// Who is calling: what needs a proof asks for it here, and is carried out once the PIN or the code was right. In: acts and figures.
// Out: effects that carry secrets, and the same words for every way to be wrong.

import Commerce
import Language
import Understanding

extension Turn {
    /// So many wrong PINs and codes in one call; the desk counts them across calls.
    private static let mostFailures = 3
    /// More orders than these nobody listens to.
    private static let ordersTold = 3

    /// Whether a proof can be asked for: there is a number that it would belong to, and not too many were wrong.
    var canProve: Bool {
        context.caller != nil && context.proofs.contains(.pin) && state.failedProofs < Self.mostFailures
    }

    /// Whether the caller has proved who is calling. Where not, asks for that, and carries `act` out afterwards:
    /// `guard isProved(for: act) else { return }` is all that an act needs.
    mutating func isProved(for act: Act) -> Bool {
        if state.customer == nil { prove(for: act) }
        return state.customer != nil
    }

    /// Asks for the PIN, to carry `act` out afterwards.
    mutating func prove(for act: Act) {
        guard canProve else { return giveUpProving(for: act) }
        ask(Verification(stage: .pin, act: act))
    }

    mutating func ask(_ proof: Verification) {
        state.phase = .verifying(proof)
        switch proof.stage {
        case .pin: ask(context.proofs.contains(.code) ? .askPINOrCode : .askPIN)
        case .code: ask(.askCode)
        case .newPIN: ask(.askNewPIN)
        case .newPINAgain: ask(.askPINAgain)
        }
    }

    private mutating func giveUpProving(for act: Act?) {
        state.phase = .idle
        say(.cannotProve)
        offerPerson(act?.intent.rawValue ?? state.name)
    }

    // MARK: What is said

    /// A wish that is about the proof itself.
    mutating func performProof(_ act: Act) {
        switch act.intent {
        case .givePIN:
            guard state.customer == nil else { return say(.provedAlready) }
            guard canProve else { return giveUpProving(for: nil) }
            take(act, for: Verification(stage: .pin, act: nil))
        case .sendCode:
            guard state.customer == nil else { return say(.provedAlready) }
            sendCode(for: Verification(stage: .pin, act: nil))
        case .setPIN:
            if state.customer != nil { return ask(Verification(stage: .newPIN, act: nil)) }
            // Whoever has no PIN yet can prove it by a code only.
            guard canProve, context.proofs.contains(.code) else { return say(.pinAtCounter) }
            sendCode(for: Verification(stage: .pin, act: act))
        default:
            guard isProved(for: act) else { return }
            wait(for: .verifying(Verification(stage: .newPIN, act: act)), sending: .choosePIN(nil))
        }
    }

    mutating func answer(_ act: Act, to proof: Verification) -> Bool {
        switch act.intent {
        case .deny,
            .removeFromCart where act.items.isEmpty:
            state.phase = .idle
            say(.allRight)
        case .sendCode: sendCode(for: proof)
        case .inform, .givePIN: take(act, for: proof)
        default: return false
        }
        return true
    }

    /// Spoken or typed figures. What was not heard surely costs no try.
    private mutating func take(_ act: Act, for proof: Verification) {
        let said = act.slots[.digits] ?? act.slots[.orderNumber] ?? act.slots[.quantity] ?? act.slots[.phone] ?? ""
        guard !said.isEmpty, act.confidence >= Assurance.order else {
            state.phase = .verifying(proof)
            return missAgain()
        }
        take(SecretDigits(said), isKeyed: context.line == .text, for: proof)
    }

    /// Figures for what is wanted. A PIN for the next time has to be keyed: what is said aloud others hear.
    mutating func take(_ secret: SecretDigits, isKeyed: Bool, for proof: Verification) {
        let isCode = if case .code = proof.stage { true } else { false }
        guard isCode ? secret.count == SecretDigits.codeLength : SecretDigits.pinLength.contains(secret.count) else {
            say(isCode ? .codeLength : .pinLength)
            return ask(proof)
        }
        switch proof.stage {
        case .pin: wait(for: .verifying(proof), sending: .checkPIN(secret))
        case .code: wait(for: .verifying(proof), sending: .checkCode(secret))
        case .newPIN, .newPINAgain: choose(secret, isKeyed: isKeyed, for: proof)
        }
    }

    private mutating func choose(_ secret: SecretDigits, isKeyed: Bool, for proof: Verification) {
        let anew = Verification(stage: .newPIN, act: proof.act)
        guard isKeyed else {
            say(.pinByKeys)
            return ask(anew)
        }
        guard case .newPINAgain(let first) = proof.stage else {
            guard !secret.isEasyToGuess(phone: context.caller ?? "") else {
                say(.pinTooEasy)
                return ask(anew)
            }
            return ask(Verification(stage: .newPINAgain(secret), act: proof.act))
        }
        guard secret == first else {
            say(.pinsDiffer)
            return ask(anew)
        }
        wait(for: .verifying(proof), sending: .choosePIN(secret))
    }

    private mutating func sendCode(for proof: Verification) {
        guard canProve, context.proofs.contains(.code) else { return giveUpProving(for: proof.act) }
        wait(for: .verifying(proof), sending: .sendCode)
    }

    // MARK: Outcomes

    mutating func proved(_ attempt: EffectOutcome.Attempt<KnownCustomer?>, _ proof: Verification) {
        state.phase = .idle
        switch attempt {
        case .done(let customer?):
            state.customer = customer
            say(.proved)
            if let act = proof.act { perform(act) }
        case .done(nil):
            state.failedProofs += 1
            say(.proofWrong)
            if canProve { ask(proof) } else { giveUpProving(for: proof.act) }
        case .failed: giveUpProving(for: proof.act)
        }
    }

    mutating func codeSent(_ attempt: EffectOutcome.Attempt<Bool>, _ proof: Verification) {
        guard case .done(true) = attempt else { return giveUpProving(for: proof.act) }
        say(.codeSent)
        ask(Verification(stage: .code, act: proof.act))
    }

    mutating func pinChosen(_ attempt: EffectOutcome.Attempt<Bool>, _ proof: Verification) {
        state.phase = .idle
        guard case .done(true) = attempt else {
            say(.pinNotKept)
            return offerPerson(Intent.setPIN.rawValue)
        }
        say(proof.act?.intent == .forgetPIN ? .pinForgotten : .pinKept)
    }

    // MARK: What it opens

    mutating func tellHistory(_ act: Act) {
        guard isProved(for: act), let customer = state.customer else { return }
        leaveQuestion()
        // Those of this call came after the proof, perhaps.
        let own = Array(state.orders.reversed())
        let earlier = customer.orders.filter { order in !own.contains { $0.number == order.number } }
        guard !(own + earlier).isEmpty else { return say(.noEarlierOrder) }
        for order in (own + earlier).prefix(Self.ordersTold) {
            tell(order, toOwner: true)
            say(
                .historyOrder,
                [
                    "items": wording.items(order.quote.lines.map(\.item)), "total": wording.money(order.quote.total),
                ])
        }
    }

    mutating func tellAddresses(_ act: Act) {
        guard isProved(for: act), let customer = state.customer else { return }
        leaveQuestion()
        guard !customer.addresses.isEmpty else { return say(.noAddresses) }
        say(.addressesKnown, ["addresses": .list(customer.addresses.map { .text($0) })])
    }

    /// The cart of the last call, for who has proved to be the one who filled it.
    mutating func resumeCart(_ act: Act) {
        guard isProved(for: act) else { return }
        leaveQuestion()
        guard let cart = state.brokenOff else { return say(.noCartLeft) }
        state.brokenOff = nil
        cart.lines.forEach { state.cart.add($0) }
        state.lastLine = cart.lines.last
        showCart()
    }
}
