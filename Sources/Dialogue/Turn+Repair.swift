// When it goes wrong: not understood, silence. Each time in a row a little more help, then a person, then a polite end.

import Commerce
import Language
import Understanding

extension Turn {
    /// Speech without meaning, or a yes that was not heard well enough. A question is said to be one that has no answer here.
    mutating func miss(isQuestion: Bool = false) {
        if case .waiting = state.phase { return say(.oneMoment) }
        state.repair.misses += 1
        state.clarity.missed()
        let isConfirming = if case .confirmingOrder = state.phase { true } else { false }
        switch state.repair.misses {
        case _ where mayBeNobody && state.repair.misses >= Assurance.missesOfNobody:
            say(.goodbyeMisses)
            end(.silence)
        case ..<Assurance.missesBeforePerson where isQuestion:
            say(.questionUnknown)
            askAgain()
        case 1:
            if isConfirming { return ask(.confirmUnsure) }
            say(.notUnderstood)
            askAgain()
        case ..<Assurance.missesBeforePerson:
            if isConfirming { return ask(.confirmUnsureAgain) }
            say(.notUnderstoodAgain)
            tellExamples()
            askAgain()
        case ..<Assurance.missesBeforeEnd: offerPersonAfterMisses()
        default:
            say(.goodbyeMisses)
            end(.silence)
        }
    }

    /// A value that answers nothing: as if it had not been understood.
    mutating func missAgain(isQuestion: Bool = false) {
        state.repair.misses = missesBefore
        miss(isQuestion: isQuestion)
    }

    mutating func hearNothing() {
        if case .waiting = state.phase { return say(.oneMoment) }
        state.repair.misses += 1
        let isLeft = context.line == .kiosk && state.repair.misses >= Assurance.silencesAtStand
        switch state.repair.misses {
        case _ where isLeft: endInSilence()
        case 1:
            say(.areYouThere)
            askAgain()
        case ..<Assurance.missesBeforePerson:
            say(.stillThere)
            tellExamples()
            askAgain()
        case ..<Assurance.missesBeforeSilentEnd: offerPersonAfterMisses()
        default: endInSilence()
        }
    }

    private mutating func endInSilence() {
        say(state.cart.lines.isEmpty ? .goodbyeSilence : .goodbyeSilenceCart)
        end(.silence)
    }

    /// Voids a read-back: what comes after the person's offer is read back anew.
    private mutating func offerPersonAfterMisses() {
        if case .doubting(let doubt) = state.phase, case .person = doubt { return ask(doubt) }
        offerPerson(state.asking ?? state.name)
    }

    /// Asks what is open once more, and nothing where the caller may say anything.
    private mutating func askAgain() {
        switch state.phase {
        case .asking(let question): ask(question)
        case .choosing(let choice): ask(choice)
        case .doubting(let doubt): ask(doubt)
        case .verifying(let proof): ask(proof)
        case .confirmingOrder(let quote, _): ask(.shallIPlace, ["total": wording.money(quote.total)])
        case .revising: ask(.whatToChange)
        case .greeting, .idle:
            if state.repair.misses == 1 { ask(state.cart.lines.isEmpty ? .whatWouldYouLike : .anythingElse) }
        case .waiting, .ended: break
        }
    }
}
