// Several receivers of events: each gets a row of its own, so that each is told in its own time. In: events that nobody has heard of
// yet, and who is to hear of them. Out: rows of the outbox, one for each receiver who wants the event.

import Commerce
import Foundation
import Privacy

extension Store {
    /// Makes of each event that nobody has heard of yet one for each receiver who wants it, in their order.
    func spread(to receivers: [EventReceiver], now: Date) throws(StoreError) {
        let waiting = """
            SELECT id, event_id, kind, subject, order_number, sealed_payload, created_at FROM outbox
            WHERE channel = 'event' AND receiver IS NULL AND delivered_at IS NULL AND dead_at IS NULL ORDER BY id LIMIT ?
            """
        let desk = desk(now)
        // Looked at first without a lock: most of the time there is nothing.
        while try !database.run(waiting, [.integer(1)]).isEmpty {
            try database.transaction { (database: inout Database) throws(StoreError) in
                for row in try database.run(waiting, [.integer(Self.spreadAtOnce)]) {
                    try database.spread(row, to: receivers, desk: desk)
                }
            }
        }
    }

    /// Events of one transaction: callers' orders wait for no longer.
    private static let spreadAtOnce = 100
}

extension Database {
    /// Closes an event, its words now being with one for each receiver.
    fileprivate mutating func spread(_ row: Row, to receivers: [EventReceiver], desk: Desk) throws(StoreError) {
        let (name, kind) = (try row.text(1), try row.text(2))
        let subject = try desk.vault.subject(id: row.integer(3), in: &self)
        let words = try desk.vault.open(row.blob(5), for: subject, at: "outbox/payload/\(name)", in: path)
        if let words, let subject {
            for receiver in receivers where receiver.wants(kind) {
                let copy = "\(name)@\(receiver.name)"
                try post(
                    copy, kind: kind, .event, desk.vault.seal(words, for: subject, at: "outbox/payload/\(copy)"),
                    to: subject.id, order: row.optionalInteger(4), receiver: receiver.name, desk: desk)
            }
        }
        try run(
            "UPDATE outbox SET delivered_at = ?, expires_at = min(expires_at, ?), sealed_payload = x'' WHERE id = ?",
            [.integer(desk.now.seconds), .integer(desk.expiry(.event)), .integer(row.integer(0))])
    }
}
