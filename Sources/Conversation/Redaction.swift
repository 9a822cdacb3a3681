// Makes of a turn what may be kept of it. Nothing passes from a conversation to a store but through here.

import Commerce
import Dialogue
import Language
import Privacy
import Understanding

/// The policy applied to turns.
struct Redaction: Sendable {
    private let redactor: Redactor
    private let transcript: RetentionForm
    private let acts: RetentionForm
    private let audio: RetentionForm

    init(policy: RetentionPolicy, floor: Floor) {
        redactor = floor.redactor
        transcript = policy[.transcript].form
        acts = policy[.acts].form
        audio = policy[.audio].form
    }

    /// Whether the words are little else than figures, as many as one group of a card has.
    func isMadeOfFigures(_ heard: String) -> Bool { redactor.isMadeOfFigures(heard) }

    /// Whether there are as many figures in a row as a security code has.
    func holdsFigures(_ heard: String) -> Bool { redactor.holdsFigures(heard) }

    /// What of a turn must not be heard again: cards and PINs in no form, which are marked before they come here; where
    /// recordings are redacted, nothing that would be blacked out in writing.
    func unheard(_ report: TurnReport, wanted: Asked, known: [String]) -> Unheard {
        func isHidden(_ text: String?, _ asked: Asked) -> Bool {
            guard let text else { return false }
            let form: RetentionForm = audio == .redacted ? .redacted : .full
            return redactor.text(text, asked: asked, form: form, known: known)?.contains(Redactor.mark) == true
        }
        return Unheard(caller: isHidden(report.heard, wanted), answer: isHidden(report.reply?.text, .nothing))
    }

    /// What must not be heard again of what the caller says before there is a turn of it.
    func unheard(wanted: Asked) -> Unheard {
        Unheard(caller: wanted == .secret || (wanted == .personal && audio == .redacted))
    }

    /// What was heard without the card in it; nil where there is none. Telephone numbers are shorter.
    func withoutCard(_ heard: String) -> String? {
        redactor.holdsCard(heard) ? redactor.withoutCards(heard) : nil
    }

    /// Whether what was heard may be a PIN that nothing asked for: a row of figures that means nothing else.
    func mayBeSecret(_ heard: String, _ acts: [Act], in state: DialogueState) -> Bool {
        state.asking == nil && state.name != "choosing" && acts.allSatisfy { $0.intent == .inform }
            && redactor.holdsFigures(heard)
    }

    /// The turn in the policy's form. `wanted` is what the assistant had asked for when the caller spoke;
    /// `known` are words of this caller that the answer may repeat, such as the address.
    func traced(_ report: TurnReport, conversation: String, wanted: Asked, known: [String]) -> TracedTurn {
        TracedTurn(
            conversation: conversation, turn: report.turn,
            heard: report.heard.flatMap { heard($0, wanted: wanted, addresses: report.addresses, known: known) },
            reply: report.reply.flatMap {
                redactor.text($0.text, asked: .nothing, form: transcript, known: known + report.addresses)
            },
            isAccepted: report.heard == nil ? nil : report.isAccepted,
            intents: report.acts.map(\.intent.rawValue), acts: kept(report.acts, wanted: wanted))
    }

    /// Where an address was worded otherwise than it is written, "thirty one" for 31, it is not found, and all goes.
    private func heard(_ text: String, wanted: Asked, addresses: [String], known: [String]) -> String? {
        func kept(knowing known: [String]) -> String? {
            redactor.text(text, asked: wanted, form: transcript, known: known)
        }
        let plain = kept(knowing: [])
        if transcript == .redacted, plain != Redactor.mark, addresses.contains(where: { kept(knowing: [$0]) == plain })
        {
            return Redactor.mark
        }
        return kept(knowing: known + addresses)
    }

    private func kept(_ acts: [Act], wanted: Asked) -> String? {
        guard self.acts >= .redacted else { return nil }
        let redacted = acts.map { act in
            let slots = Dictionary(uniqueKeysWithValues: act.slots.map { ($0.key.rawValue, $0.value) })
            var kept = act
            kept.slots = [:]
            for (name, value) in redactor.slots(slots, asked: wanted, form: self.acts) {
                if let slot = Slot(rawValue: name) { kept.slots[slot] = value }
            }
            return kept.json
        }
        return JSONText.list(redacted).line
    }
}

extension TurnReport {
    /// An address that was said unasked, or is not served, is as personal as one that was wanted.
    var addresses: [String] { acts.compactMap { $0.slots[.address] } }
}

extension DialogueState {
    /// Whether as many figures as one group of a card has may be an answer.
    var wantsFigures: Bool { ["phone", "order_number", "address"].contains(asking) }

    /// What the caller is being asked for, as far as redaction cares.
    var wanted: Asked {
        if hearsSecret { return .secret }
        return switch asking {
        case "address", "phone", "name": .personal
        default: .nothing
        }
    }
}
