// Who looked at what: a trail of lines that is only added to. In: lines. Out: the same, and whether they are all there as they
// were written. Each line is proved together with the one before it, the last one once more, under a key of the trail's own; so is
// the place up to which old lines were closed. Copies that outlive the closing: `Store+AuditArchive.swift`.

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
    /// The place up to which old lines were closed is not as it was written.
    case beginning
}

/// A trail that is as it was written.
public struct AuditProof: Sendable, Hashable {
    /// Lines up to this one were kept long enough and closed; 0 where none was.
    public let closed: Int64
    /// The last line.
    public let last: Int64
    /// How many lines are there.
    public var lines: Int64 { last - closed }

    /// Describes it.
    public init(closed: Int64, last: Int64) { (self.closed, self.last) = (closed, last) }
}

extension Store {
    /// Adds a line; it is on the disk when this returns.
    public func audit(_ act: String, by user: String, about: AuditSubject? = nil, now: Date) throws(StoreError) {
        let vault = vault
        try database.transaction { (database: inout Database) throws(StoreError) in
            // Its key is made with the first line: where there is one, so were lines.
            let isNew = try vault.knownSubject(.auditTrail, in: &database) == nil
            let trail = try vault.subject(.auditTrail, in: &database, now: now)
            let (number, last) = isNew ? (1, nil) : try database.nextAuditLine(trail)
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
        guard let trail = try knownTrail() else { return [] }
        let rows = try database.run(
            """
            SELECT number, at, by, act, about FROM audit WHERE ?1 IS NULL OR about = ?1 ORDER BY number DESC LIMIT ?2
            """, [.text(orNull: about.map { trail.mark(of: $0) }), .integer(limit)])
        var lines: [AuditLine] = []
        for row in rows { lines.append(try AuditLine(row)) }
        return lines
    }

    /// Looks at every line and its proof; gives where they begin and end, or the first fault.
    public func verifyAudit() throws(StoreError) -> Result<AuditProof, AuditFault> {
        guard let trail = try knownTrail() else {
            let rows = try database.run("SELECT number FROM audit UNION ALL SELECT number FROM audit_base LIMIT 1")
            return rows.isEmpty ? .success(AuditProof(closed: 0, last: 0)) : .failure(.changed(1))
        }
        return try database.snapshot { (database: inout Database) throws(StoreError) in
            guard var check = try database.beginAuditCheck(trail) else { return .failure(.beginning) }
            let closed = check.number
            try database.eachAuditLine(after: closed) { line, proof in check.take(line, proof) }
            if let fault = check.fault { return .failure(fault) }
            let head = try database.run("SELECT number, proof FROM audit_head").first
            guard let last = check.proof, try head?.integer(0) == check.number,
                try head?.blob(1) == trail.proof(ofEnd: check.number, last)
            else { return .failure(.cutOff(after: check.number)) }
            return .success(AuditProof(closed: closed, last: check.number))
        }
    }

    /// Closes lines that were kept for so many seconds: they are removed, and where the rest begins is proved. Nothing is closed
    /// of a trail that was tampered with before that place: it has to stay found. Gives how many lines went.
    func closeAudit(olderThan seconds: Int64, now: Date) throws(StoreError) -> Int {
        guard let trail = try knownTrail() else { return 0 }
        let limit = now.seconds - seconds
        return try database.transaction { (database: inout Database) throws(StoreError) in
            guard var check = try database.beginAuditCheck(trail) else { return 0 }
            let first = check.number
            try database.eachAuditLine(after: first) { line, proof in
                line.at.seconds <= limit && check.take(line, proof)
            }
            guard check.fault == nil, check.number > first, let last = check.proof else { return 0 }
            try database.run(
                """
                INSERT INTO audit_base (one, number, last, proof) VALUES (1, ?1, ?2, ?3)
                ON CONFLICT (one) DO UPDATE SET number = ?1, last = ?2, proof = ?3
                """,
                [.integer(check.number), .blob(last), .blob(trail.proof(ofBase: check.number, last))])
            return try database.count("DELETE FROM audit WHERE number <= ?", [.integer(check.number)])
        }
    }

    /// The trail's key; nil where nobody ever looked at anything.
    func knownTrail() throws(StoreError) -> Subject? {
        guard let id = try vault.knownSubject(.auditTrail, in: &database) else { return nil }
        return try vault.subject(id: id, in: &database)
    }
}

/// Goes along a trail, line by line, and stops at the first that is not as it was written.
struct AuditCheck {
    private let trail: Subject
    /// The last line that was in order, and its proof.
    private(set) var number: Int64
    private(set) var proof: [UInt8]?
    private(set) var fault: AuditFault?

    /// Begins behind a line.
    init(_ trail: Subject, after number: Int64, _ proof: [UInt8]?) {
        (self.trail, self.number, self.proof) = (trail, number, proof)
    }

    /// Takes the next line; false where it is not it, and nothing behind it counts.
    mutating func take(_ line: AuditLine, _ kept: [UInt8]) -> Bool {
        if line.number != number + 1 {
            fault = .missing(number + 1)
        } else if trail.proof(of: line, after: proof) != kept {
            fault = .changed(line.number)
        } else {
            (number, proof) = (line.number, kept)
        }
        return fault == nil
    }
}

extension Database {
    /// A check that begins where old lines were closed; nil where that place is not as it was written.
    mutating func beginAuditCheck(_ trail: Subject) throws(StoreError) -> AuditCheck? {
        guard let base = try run("SELECT number, last, proof FROM audit_base").first else {
            return AuditCheck(trail, after: 0, nil)
        }
        let (number, last) = (try base.integer(0), try base.blob(1))
        return try base.blob(2) == trail.proof(ofBase: number, last) ? AuditCheck(trail, after: number, last) : nil
    }

    /// Every line behind a number with its proof, in order, for as long as `body` says true.
    mutating func eachAuditLine(
        after start: Int64, _ body: (AuditLine, [UInt8]) -> Bool
    ) throws(StoreError) {
        var number = start
        while true {
            let rows = try run(
                "SELECT number, at, by, act, about, proof FROM audit WHERE number > ? ORDER BY number LIMIT 1000",
                [.integer(number)])
            for row in rows {
                let line = try AuditLine(row)
                guard body(line, try row.blob(5)) else { return }
                number = line.number
            }
            if rows.isEmpty { return }
        }
    }

    /// The number of the next line and the proof of the one before it. Where the end is not as it was left, a number is
    /// left out: later lines do not cover up that some are gone.
    fileprivate mutating func nextAuditLine(_ trail: Subject) throws(StoreError) -> (number: Int64, last: [UInt8]?) {
        let line = try run(
            """
            SELECT number, proof FROM audit UNION ALL SELECT number, last FROM audit_base ORDER BY number DESC LIMIT 1
            """
        ).first
        let head = try run("SELECT number, proof FROM audit_head").first
        let (number, last) = (try line?.integer(0) ?? 0, try line?.blob(1))
        let (end, proof) = (try head?.integer(0) ?? 0, try head?.blob(1))
        let isWhole = end == number && proof != nil && proof == last.map { trail.proof(ofEnd: number, $0) }
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

    func proof(of line: AuditLine, after previous: [UInt8]?) -> [UInt8] {
        let fields = Self.fields([
            "line", String(line.number), String(line.at.seconds), line.by, line.act, line.about ?? "",
        ])
        return key.proof(of: fields + (previous ?? []))
    }

    /// Made of the last line's proof: who cuts lines off cannot make that of an earlier end.
    func proof(ofEnd number: Int64, _ last: [UInt8]) -> [UInt8] {
        key.proof(of: Self.fields(["end", String(number)]) + last)
    }

    /// Of the place up to which lines were closed.
    func proof(ofBase number: Int64, _ last: [UInt8]) -> [UInt8] {
        key.proof(of: Self.fields(["base", String(number)]) + last)
    }

    /// With their lengths between them, so that no two rows of fields run together into the same bytes.
    private static func fields(_ fields: [String]) -> [UInt8] {
        fields.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    }
}
