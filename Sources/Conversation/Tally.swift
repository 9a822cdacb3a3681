// What came of a conversation, counted turn by turn. In: turns as they are reported. Out, at the end: one line for the shop's
// statistics, without a word of what was said.

import Commerce
import Dialogue
import Understanding

/// Counts.
struct Tally: Sendable {
    /// Divides by every number up to ten: a prompt has fewer variants.
    private static let variants: UInt64 = 2_520

    private let variant: Int
    private var turns = 0
    private var reprompts = 0
    private var lastMissed: String?
    private var hasAnswered = false
    private var isHandedOver = false
    private var placed: [String: Money] = [:]
    private var step = "greeting"
    private var hasCart = false

    init(variant: UInt64) { self.variant = Int(variant % Self.variants) }

    /// Takes a turn in; `isHandedOver` says that a person was told of the caller in it.
    mutating func take(_ report: TurnReport, isHandedOver: Bool) {
        if report.turn > 0 { turns += 1 }
        if !report.isAccepted {
            reprompts += 1
            lastMissed = report.heard?.isEmpty == false ? "not_understood" : "silence"
        } else {
            lastMissed = nil
            // Yes and no, greetings and thanks answer nothing by themselves.
            if report.acts.contains(where: { !Self.small.contains($0.intent) }) { hasAnswered = true }
        }
        if let order = report.order {
            if report.hasOrdered { placed[order.number] = order.order.quote.total }
            // Taken back in the same conversation it was none.
            if order.status == .cancelled { placed[order.number] = nil }
        }
        self.isHandedOver = self.isHandedOver || isHandedOver
        if report.state != Self.ended { step = report.asking ?? report.state }
        hasCart = !report.cart.isEmpty
    }

    func summary(ended reason: CallEnd, advice: Advice) -> ConversationSummary {
        let result: ConversationSummary.Result =
            !placed.isEmpty ? .order : isHandedOver ? .handedOver : hasAnswered && !hasCart ? .answered : .abandoned
        let failure: String? =
            result != .abandoned
            ? nil : lastMissed ?? (hasCart ? (reason == .callerGoodbye ? "left_cart" : "hung_up") : "nothing_asked")
        let total = placed.values.first.map { first in placed.values.dropFirst().reduce(first) { $0 + $1 } }
        return ConversationSummary(
            result: result, step: result == .abandoned ? step : nil, reason: failure, turns: turns,
            reprompts: reprompts,
            variant: variant, orders: placed.count, value: total, recommended: advice.given.count,
            taken: advice.taken.count)
    }

    /// Where nobody gives anything up any more.
    private static let ended = "ended"
    private static let small: Set<Intent> = [
        .affirm, .deny, .greet, .thanks, .wait, .goodbye, .repeat, .help, .outOfScope, .startOver, .inform,
    ]
}
