// A conversation as people read it: who said what, and beneath it what was doubtful. In: turns. Out: lines.

import Commerce
import Conversation
import Dialogue
import Language
import Understanding

enum Transcript {
    static let note = "        | "

    /// The lines of a turn: what was heard, why it was not acted on, what was answered.
    /// - Parameter other: who or what was to be heard where it was no caller close by: `television`, `a cough`.
    static func lines(of turn: TurnReport, by other: String? = nil) -> [String] {
        var lines: [String] = []
        if let heard = turn.heard, let confidence = turn.confidence {
            let words = [other.map { "(\($0))" }, heard.isEmpty && other == nil ? "(…)" : heard]
            lines.append("caller: " + words.compactMap(\.self).joined(separator: " "))
            if !turn.isAccepted {
                lines.append(
                    note + (heard.isEmpty ? "not understood" : "confidence \(twoDigits(confidence)): not sure enough"))
            }
        } else if turn.heard != nil {
            lines.append("caller: (silence)")
        }
        if let reply = turn.reply, !reply.text.isEmpty { lines.append("shop:   \(reply.text)") }
        return lines
    }

    /// The last line.
    static func end(_ end: CallEnd) -> String {
        let words =
            switch end {
            case .callerGoodbye: "the caller had finished"
            case .hangup: "the caller hung up"
            case .silence: "nobody answered any more"
            case .transferred: "a person took over"
            case .inputEnd: "end of input"
            }
        return "\(note)ended: \(words)"
    }

    /// The end as the contract has it, with what the call came to.
    static func endJSON(_ end: CallEnd, turns: Int) -> JSONText {
        .object([("ended", .text(end.rawValue)), ("turns", .count(turns))])
    }

    /// What an utterance means, an act a line.
    static func meaning(of text: String, _ meaning: Interpretation) -> [String] {
        if meaning.acts.isEmpty { return ["\(text)", "  not understood"] }
        return ["\(text)"]
            + meaning.acts.map { act in
                let items = act.items.map(item)
                let slots = Slot.allCases.compactMap { slot in act.slots[slot].map { "\(slot.rawValue) \($0)" } }
                let facts = (items + slots).joined(separator: "; ")
                return "  \(twoDigits(act.confidence))  \(act.intent.rawValue)\(facts.isEmpty ? "" : ": \(facts)")"
            }
    }

    private static func item(_ item: ItemPhrase) -> String {
        let names = item.candidates.isEmpty ? "it" : item.candidates.joined(separator: " or ")
        let with = item.modifiers.map { [$0.amount, $0.id].compactMap(\.self).joined(separator: " ") }
        let without = item.without.map { ["no", $0.amount, $0.id].compactMap(\.self).joined(separator: " ") }
        let details = (with + without).joined(separator: ", ")
        return [item.quantity.map { "\($0.decimal) ×" }, names, details.isEmpty ? nil : "(\(details))"]
            .compactMap(\.self).joined(separator: " ")
    }

    /// 0.4 as 0.40.
    static func twoDigits(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
