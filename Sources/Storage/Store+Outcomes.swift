// What came of conversations, for `rozmova report`. In: one line a conversation, when it ends. Out: those of a period, and the
// redacted words that were not understood in it. Nothing of it names anybody.

public import Commerce
public import Foundation
import Privacy

extension Store {
    /// Keeps what came of a conversation for as long as it is known that it took place; elsewhere nothing is written.
    public func record(_ outcome: ConversationSummary, of conversation: String) throws(StoreError) {
        try database.run(
            """
            INSERT INTO outcomes (
                conversation, result, step, reason, turns, reprompts, variant, orders, value, currency, recommended, taken)
            SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM conversations WHERE id = ? ON CONFLICT (conversation) DO NOTHING
            """,
            [
                .text(outcome.result.rawValue), outcome.step.map(Value.text) ?? .null,
                outcome.reason.map(Value.text) ?? .null,
                .integer(Int64(outcome.turns)), .integer(Int64(outcome.reprompts)), .integer(Int64(outcome.variant)),
                .integer(Int64(outcome.orders)), .integer(outcome.value?.minorUnits ?? 0),
                .text(orNull: outcome.value?.currency.code),
                .integer(Int64(outcome.recommended)), .integer(Int64(outcome.taken)), .text(conversation),
            ])
    }

    /// What came of the conversations that began in a period, in the order in which they began.
    public func outcomes(from: Date, to: Date) throws(StoreError) -> [ConversationSummary] {
        let rows = try database.run(
            """
            SELECT result, step, reason, turns, reprompts, variant, orders, value, currency, recommended, taken
            FROM outcomes JOIN conversations ON id = conversation
            WHERE started_at >= ? AND started_at < ? ORDER BY started_at, id
            """, [.integer(from.seconds), .integer(to.seconds)])
        var outcomes: [ConversationSummary] = []
        for row in rows {
            guard let result = ConversationSummary.Result(rawValue: try row.text(0)) else { throw row.unexpected(0) }
            let currency = try row.optionalText(8).flatMap(Currency.init)
            let units = try row.integer(7)
            outcomes.append(
                ConversationSummary(
                    result: result, step: try row.optionalText(1), reason: try row.optionalText(2),
                    turns: Int(try row.integer(3)), reprompts: Int(try row.integer(4)),
                    variant: Int(try row.integer(5)), orders: Int(try row.integer(6)),
                    value: currency.map { Money(minorUnits: units, currency: $0) },
                    recommended: Int(try row.integer(9)), taken: Int(try row.integer(10))))
        }
        return outcomes
    }

    /// Conversations that began in a period and have no outcome: cut off, or still going on.
    public func openConversations(from: Date, to: Date) throws(StoreError) -> Int {
        let rows = try database.run(
            """
            SELECT count(*) FROM conversations WHERE started_at >= ? AND started_at < ?
                AND NOT EXISTS (SELECT 1 FROM outcomes WHERE conversation = id)
            """, [.integer(from.seconds), .integer(to.seconds)])
        return Int(try rows.first?.integer(0) ?? 0)
    }

    /// What was said and not understood in a period, as far as the policy keeps words: redacted, the latest first.
    public func notUnderstood(from: Date, to: Date, limit: Int) throws(StoreError) -> [String] {
        let rows = try database.run(
            """
            SELECT DISTINCT conversation FROM turns WHERE accepted = 0 AND at >= ? AND at < ?
            ORDER BY at DESC LIMIT ?
            """, [.integer(from.seconds), .integer(to.seconds), .integer(Int64(limit))])
        var words: [String] = []
        for row in rows {
            let turns = try conversation(try row.text(0))?.turns ?? []
            words += turns.filter { $0.isAccepted == false }.compactMap(\.heard).filter { !$0.isEmpty }
        }
        return Array(words.prefix(limit))
    }
}
