// What a display, a lamp or a till beside a kiosk may follow: one small file of JSON. In: what the stand is doing, turns.
// Out: the file, replaced whole with each change; the words of the customer are not in it.

import Commerce
import Dialogue
import Foundation
import Language
import Platform
import Synchronization

/// The file of one stand.
public final class StandDisplay: Sendable {
    private let path: String?
    private let shown = Mutex(Shown())
    private let log = Log(component: "display")

    private struct Shown {
        var phase = StandPhase.away
        var reply: String?
        var total: String?
        var order: String?
        var page: String?
        var isBroken = false
    }

    /// Without a path nothing is written.
    public init(path: String?) {
        self.path = path
        change { _ in }
    }

    /// What the stand is doing.
    public var phase: StandPhase { shown.withLock { $0.phase } }

    /// The stand does something else; who is not served any more leaves nothing on the display.
    public func tell(_ phase: StandPhase) {
        change { shown in
            if phase == .waiting || phase == .away { shown = Shown(isBroken: shown.isBroken) }
            shown.phase = phase
        }
    }

    /// A turn was answered.
    public func tell(_ turn: TurnReport) {
        change { shown in
            shown.reply = turn.reply?.text
            shown.total = turn.cartTotal.decimal
            guard let order = turn.order else { return }
            shown.order = order.number
            shown.page = order.order.paymentStatus == .pending ? order.order.paymentPage ?? shown.page : nil
        }
    }

    private func change(_ body: (inout Shown) -> Void) {
        shown.withLock { shown in
            body(&shown)
            guard let path else { return }
            func text(_ value: String?) -> JSONText { value.map { .text($0) } ?? .null }
            let json = JSONText.object([
                ("state", .text(shown.phase.rawValue)), ("reply", text(shown.reply)), ("cartTotal", text(shown.total)),
                ("order", text(shown.order)), ("paymentPage", text(shown.page)),
            ])
            do {
                // A reader finds the old file or the new one, never a part.
                try Data((json.line + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
                shown.isBroken = false
            } catch {
                if !shown.isBroken {
                    log.warning("\(fact: path) cannot be written: \(fact: error.localizedDescription)")
                }
                shown.isBroken = true
            }
        }
    }
}
