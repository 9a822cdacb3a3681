// Who looked at what: a trail of lines that is only added to. In: lines. Out: the same, and whether they are all there as they
// were written. Each line is proved together with the one before it, the last one once more, under a key of the trail's own.

public import Foundation
import Sealing

/// A line of the audit trail.
public struct AuditLine: Sendable, Hashable {
    /// From 1, without a gap.
    public let number: Int64
    /// When.
    public let at: Date
    /// The user of the system who did it.
    public let by: String
    /// What was done: a command.
    public let act: String
    /// Whose data or which order it was: a number of an order, or a customer's mark.
    public let about: String?
}

/// What a look or a change was about.
public enum AuditSubject: Sendable, Hashable {
    /// An order, by its number.
    case order(String)
    /// A customer, by the number in E.164; the trail has a mark instead, which is the same for the same number.
    case customer(String)
}

/// What is wrong with the trail.
public enum AuditFault: Error, Sendable, Hashable {
    /// The line is not as it was written, or not where it was.
    case changed(Int64)
    /// The line is not there.
    case missing(Int64)
    /// The lines behind this one are gone, or the proof of the end is.
    case cutOff(after: Int64)
}

extension Store {
    /// Adds a line; it is on the disk when this returns.
    public func audit(_ act: String, by user: String, about: AuditSubject? = nil, now: Date) throws(StoreError) {
        let vault = vault
        try database.transaction { (database: inout Database) throws(StoreError) in
            let trail = try vault.subject(.auditTrail, in: &database, now: now)
            let (number, last) = try database.nextAuditLine(trail)
            let line = AuditLine(
                number: number, at: Date(seconds: now.seconds), by: user, act: act,
                about: about.map { trail.mark(of: $0) })
            let proof = trail.proof(of: line, after: last)
            try database.run(
                "INSERT INTO audit (number, at, by, act, about, proof) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .integer(line.number), .integer(now.seconds), .text(user), .text(act), .text(orNull: line.about),
                    .blob(proof),
                ])
            try database.run(
                """
                INSERT INTO audit_head (one, subject, number, proof) VALUES (1, ?1, ?2, ?3)
                ON CONFLICT (one) DO UPDATE SET number = ?2, proof = ?3
                """,
                [.integer(trail.id), .integer(line.number), .blob(trail.proof(ofEnd: line.number, proof))])
        }
    }

    /// Lines, the latest first; `about` gives only those of one order or customer.
    public func auditTrail(limit: Int, about: AuditSubject? = nil) throws(StoreError) -> [AuditLine] {
        guard let id = try vault.knownSubject(.auditTrail, in: &database),
            let trail = try vault.subject(id: id, in: &database)
        else { return [] }
        let rows = try database.run(
            """
            SELECT number, at, by, act, about FROM audit WHERE ?1 IS NULL OR about = ?1 ORDER BY number DESC LIMIT ?2
            """, [.text(orNull: about.map { trail.mark(of: $0) }), .integer(limit)])
        var lines: [AuditLine] = []
        for row in rows { lines.append(try AuditLine(row)) }
        return lines
    }

    /// Looks at every line and its proof; gives how many there are, or the first fault.
    public func verifyAudit() throws(StoreError) -> Result<Int64, AuditFault> {
        var number: Int64 = 0
        var proof: [UInt8]?
        let known = try vault.knownSubject(.auditTrail, in: &database)
        let trail = try known.flatMap { id throws(StoreError) in try vault.subject(id: id, in: &database) }
        while true {
            let rows = try database.run(
                "SELECT number, at, by, act, about, proof FROM audit WHERE number > ? ORDER BY number LIMIT 1000",
                [.integer(number)])
            for row in rows {
                let line = try AuditLine(row)
                guard line.number == number + 1 else { return .failure(.missing(number + 1)) }
                let kept = try row.blob(5)
                guard let trail, trail.proof(of: line, after: proof) == kept else {
                    return .failure(.changed(line.number))
                }
                (number, proof) = (line.number, kept)
            }
            if rows.isEmpty { break }
        }
        let heads = try database.run("SELECT number, proof FROM audit_head", [])
        guard let head = heads.first else { return number == 0 ? .success(0) : .failure(.cutOff(after: number)) }
        guard let trail, let proof, try head.integer(0) == number,
            try head.blob(1) == trail.proof(ofEnd: number, proof)
        else { return .failure(.cutOff(after: number)) }
        return .success(number)
    }
}

extension Database {
    /// The number of the next line and the proof of the one before it. Where the end is not as it was left, a number is
    /// left out: later lines do not cover up that some are gone.
    fileprivate mutating func nextAuditLine(_ trail: Subject) throws(StoreError) -> (number: Int64, last: [UInt8]?) {
        let line = try run("SELECT number, proof FROM audit ORDER BY number DESC LIMIT 1", []).first
        let head = try run("SELECT number, proof FROM audit_head", []).first
        let (number, last) = (try line?.integer(0) ?? 0, try line?.blob(1))
        let (end, proof) = (try head?.integer(0) ?? 0, try head?.blob(1))
        let isWhole = end == number && proof == last.map { trail.proof(ofEnd: number, $0) }
        return (isWhole ? number + 1 : max(number, end) + 2, last)
    }
}

extension AuditLine {
    fileprivate init(_ row: Row) throws(StoreError) {
        self.init(
            number: try row.integer(0), at: Date(seconds: try row.integer(1)), by: try row.text(2),
            act: try row.text(3), about: try row.optionalText(4))
    }
}

extension Subject {
    /// What stands in the trail for a customer tells nothing without the key: two marks are alike for the same number.
    fileprivate func mark(of about: AuditSubject) -> String {
        switch about {
        case .order(let number): "order \(number)"
        case .customer(let phone):
            "customer " + Digest.hexadecimal(Array(key.proof(of: Self.fields(["customer", phone])).prefix(8)))
        }
    }

    fileprivate func proof(of line: AuditLine, after previous: [UInt8]?) -> [UInt8] {
        let fields = Self.fields([
            "line", String(line.number), String(line.at.seconds), line.by, line.act, line.about ?? "",
        ])
        return key.proof(of: fields + (previous ?? []))
    }

    /// Made of the last line's proof: who cuts lines off cannot make that of an earlier end.
    fileprivate func proof(ofEnd number: Int64, _ last: [UInt8]) -> [UInt8] {
        key.proof(of: Self.fields(["end", String(number)]) + last)
    }

    /// With their lengths between them, so that no two rows of fields run together into the same bytes.
    private static func fields(_ fields: [String]) -> [UInt8] {
        fields.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    }
}
