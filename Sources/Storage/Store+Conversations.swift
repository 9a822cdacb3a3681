// Conversations, their turns and recordings, as far as the policy lets them be kept.
// In: text that has been redacted already. Out: nothing but what the policy's forms allow, sealed, with an expiry.

public import Foundation
import Privacy

/// One turn, as the conversation hands it over: redacted in the form of the policy.
public struct TurnRecord: Sendable, Hashable {
    /// The conversation's identifier.
    public let conversation: String
    /// 0 for the greeting.
    public let turn: Int
    /// What the caller said, nil in the greeting or where the policy keeps no text.
    public let heard: String?
    /// What was answered.
    public let reply: String?
    /// Whether it was understood well enough to act on; nil in the greeting.
    public let isAccepted: Bool?
    /// The names of what was meant.
    public let intents: [String]
    /// The acts with their slots as JSON text; nil where the policy keeps none.
    public let acts: String?

    /// Makes a record.
    public init(
        conversation: String, turn: Int, heard: String?, reply: String?, isAccepted: Bool?, intents: [String],
        acts: String?
    ) {
        self.conversation = conversation
        self.turn = turn
        self.heard = heard
        self.reply = reply
        self.isAccepted = isAccepted
        self.intents = intents
        self.acts = acts
    }
}

/// A conversation as it is kept.
public struct StoredConversation: Sendable, Hashable {
    /// Its identifier.
    public let id: String
    /// The kind of line.
    public let line: String
    /// When it began.
    public let startedAt: Date
    /// When it ended; nil while it lasts, or where it was cut off.
    public let endedAt: Date?
    /// How it ended.
    public let outcome: String?
    /// What is left of its turns.
    public let turns: [TurnRecord]
}

extension Store {
    /// Notes that a conversation has begun. Where the policy keeps nothing of conversations, nothing is written.
    /// - Parameters:
    ///   - line: the kind of line, for which the policy may have rules of its own; so may it for the `language`.
    ///   - caller: E.164 from a trusted line; nil where nobody is known.
    public func beginConversation(
        _ id: String, line: String, language: String = "", caller: String?, now: Date
    ) throws(StoreError) {
        let policy = policy.of(line: line, language: language)
        guard [.event, .transcript, .acts, .audio].contains(where: { policy[$0].form != .off }) else { return }
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            let subject = try desk.vault.subject(
                caller.map(Party.customer) ?? .conversation(id), in: &database, now: now)
            try database.run(
                "INSERT INTO conversations (id, line, language, subject, started_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(id), .text(line), .text(language), .integer(subject.id), .integer(now.seconds),
                    .integer(desk.expiry(.event)),
                ])
        }
    }

    /// Keeps what the policy allows of a turn. The same turn again changes nothing.
    public func record(_ turn: TurnRecord, now: Date) throws(StoreError) {
        guard policy.keepsTurns else { return }
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            let (subject, desk) = try database.conversation(turn.conversation, desk: desk)
            let (vault, transcript, acts) = (desk.vault, desk.policy[.transcript], desk.policy[.acts])
            guard transcript.form != .off || acts.form != .off else { return }
            let place = "\(turn.conversation)/\(turn.turn)"
            let text =
                transcript.form >= .redacted ? json(SealedTranscript(heard: turn.heard, reply: turn.reply)) : nil
            let meaning = acts.form >= .redacted ? turn.acts : nil
            let seal = { (text: String?, column: String) -> Value in
                text.map { .blob(vault.seal($0, for: subject, at: "turns/\(column)/\(place)")) } ?? .null
            }
            let expiry = { (kind: DataKind) -> Value in
                desk.policy[kind].form == .off ? .null : .integer(desk.expiry(kind))
            }
            try database.run(
                """
                INSERT INTO turns (conversation, turn, at, accepted, intents, sealed_transcript, transcript_expires_at,
                    sealed_acts, acts_expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation, turn) DO NOTHING
                """,
                [
                    .text(turn.conversation), .integer(turn.turn), .integer(now.seconds),
                    turn.isAccepted.map { .integer($0 ? 1 : 0) } ?? .null,
                    acts.form == .off ? .null : .text(json(turn.intents)), seal(text, "transcript"),
                    expiry(.transcript), seal(meaning, "acts"), expiry(.acts),
                ])
        }
    }

    /// Notes how a conversation ended, and tells of it; the first end stays.
    public func endConversation(_ id: String, outcome: String, now: Date) throws(StoreError) {
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            try database.run(
                "UPDATE conversations SET ended_at = ?, outcome = ? WHERE id = ? AND ended_at IS NULL",
                [.integer(now.seconds), .text(outcome), .text(id)])
            guard database.changes > 0, desk.policy[.event].form != .off else { return }
            let subject = try database.conversation(id, desk: desk).subject
            let facts = try database.run(
                "SELECT line, (SELECT count(*) FROM turns WHERE conversation = conversations.id) FROM conversations WHERE id = ?",
                [.text(id)])
            guard let fact = facts.first else { return }
            var orders: [String] = []
            for row in try database.run(
                "SELECT number FROM orders WHERE subject = ? AND conversation = ? ORDER BY number",
                [.integer(subject.id), .text(id)])
            {
                orders.append(String(try row.integer(0)))
            }
            try database.post(
                .conversation(
                    id, line: fact.text(0), outcome: outcome, turns: fact.integer(1), orders: orders),
                to: subject, order: nil, desk: desk)
        }
    }

    /// Keeps neither voice nor words of a conversation, and forgets those that were kept so far.
    public func refuse(conversation id: String) throws(StoreError) {
        try database.transaction { (database: inout Database) throws(StoreError) in
            try database.run("UPDATE conversations SET refused = 1 WHERE id = ?", [.text(id)])
            try database.run("DELETE FROM turns WHERE conversation = ?", [.text(id)])
            try database.run("DELETE FROM recordings WHERE conversation = ?", [.text(id)])
        }
        _ = try removeStrayRecordings()
        try database.forgetDeleted()
    }

    /// A conversation with what is left of its turns.
    public func conversation(_ id: String) throws(StoreError) -> StoredConversation? {
        let rows = try database.run(
            "SELECT line, started_at, ended_at, outcome, subject FROM conversations WHERE id = ?", [.text(id)])
        guard let row = rows.first else { return nil }
        let subject = try vault.subject(id: row.integer(4), in: &database)
        let records = try database.run(
            """
            SELECT turn, accepted, intents, sealed_transcript, sealed_acts FROM turns
            WHERE conversation = ? ORDER BY turn
            """, [.text(id)])
        var turns: [TurnRecord] = []
        for record in records {
            let turn = Int(try record.integer(0))
            let transcript: SealedTranscript? = try vault.open(
                record.optionalBlob(3), for: subject, at: "turns/transcript/\(id)/\(turn)", in: database.path
            ).flatMap { try? JSONDecoder().decode(SealedTranscript.self, from: Data($0.utf8)) }
            let intents = try record.optionalText(2).flatMap {
                try? JSONDecoder().decode([String].self, from: Data($0.utf8))
            }
            turns.append(
                TurnRecord(
                    conversation: id, turn: turn, heard: transcript?.heard, reply: transcript?.reply,
                    isAccepted: try record.optionalInteger(1).map { $0 == 1 }, intents: intents ?? [],
                    acts: try vault.open(
                        record.optionalBlob(4), for: subject, at: "turns/acts/\(id)/\(turn)", in: database.path)))
        }
        return StoredConversation(
            id: id, line: try row.text(0), startedAt: Date(seconds: try row.integer(1)),
            endedAt: try row.optionalInteger(2).map(Date.init), outcome: try row.optionalText(3), turns: turns)
    }
}

private struct SealedTranscript: Codable {
    let heard: String?
    let reply: String?
}

extension Database {
    /// Under whose key a conversation is sealed, and by which rules it is kept. Its caller may have been erased while it
    /// went on; then the rest of it belongs to nobody and is sealed under a new key of the conversation's own.
    mutating func conversation(_ id: String, desk: Desk) throws(StoreError) -> (subject: Subject, desk: Desk) {
        let rows = try run(
            "SELECT subject, started_at, line, language, refused FROM conversations WHERE id = ?", [.text(id)])
        guard let row = rows.first else { throw .unknownConversation(id) }
        var policy = desk.policy.of(line: try row.text(2), language: try row.text(3))
        if try row.integer(4) == 1 { policy = policy.withoutWords }
        let desk = Desk(vault: desk.vault, policy: policy, now: desk.now, setBack: desk.setBack)
        if let subject = try desk.vault.subject(id: row.integer(0), in: &self) { return (subject, desk) }
        let own = try desk.vault.subject(.conversation(id), in: &self, now: Date(seconds: row.integer(1)))
        try run("UPDATE conversations SET subject = ? WHERE id = ?", [.integer(own.id), .text(id)])
        return (own, desk)
    }
}
