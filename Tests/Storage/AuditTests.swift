// The audit trail: whatever is done to it with a database tool, and whatever is added afterwards, the proof finds it.

import Foundation
import Privacy
import Sealing
import Testing

@testable import Storage

@Suite("The audit trail")
struct AuditTests {
    private func store(lines: Int, in folder: Folder) async throws -> Store {
        let store = try await openStore(folder)
        for line in 1...lines {
            try await store.audit(
                "orders show", by: "root (0)", about: .order(String(1_000 + line)), now: days(line))
        }
        return store
    }

    /// What somebody with a database tool does first.
    private static let unlock = [
        "DROP TRIGGER audit_is_not_changed", "DROP TRIGGER audit_is_not_shortened", "DROP TRIGGER audit_goes_on",
        "DROP TRIGGER audit_base_moves_on", "DROP TRIGGER audit_base_stays",
    ]

    private func whole(_ last: Int64, closed: Int64 = 0) -> Result<AuditProof, AuditFault> {
        .success(AuditProof(closed: closed, last: last))
    }

    /// Ten lines, a day apart, of which six were kept long enough.
    private func closed(in folder: Folder) async throws -> Store {
        let policy = RetentionPolicy(replacing: [.audit: Retention(form: .full, days: 100, purpose: "test")])
        let store = try await openStore(folder, policy: policy)
        for line in 1...10 { try await store.audit("orders list", by: "root (0)", now: days(line)) }
        #expect(try await store.sweep(now: days(106)).audit == 6)
        return store
    }

    @Test("Old lines are closed from the beginning, and the rest still proves itself, again and again, to the last")
    func closing() async throws {
        let store = try await closed(in: Folder())
        #expect(try await store.verifyAudit() == whole(10, closed: 6))
        #expect(try await store.auditTrail(limit: 20).map(\.number) == [10, 9, 8, 7])
        try await store.audit("orders list", by: "root (0)", now: days(106))
        #expect(try await store.verifyAudit() == whole(11, closed: 6))
        #expect(try await store.sweep(now: days(106)).audit == 0)
        #expect(try await store.sweep(now: days(10_000)).audit == 5)
        #expect(try await store.verifyAudit() == whole(11, closed: 11))
        try await store.audit("orders list", by: "root (0)", now: days(10_000))
        #expect(try await store.verifyAudit() == whole(12, closed: 11))
    }

    @Test("A line that is younger than one behind it, as the clock was set back, keeps those behind it")
    func clockSetBack() async throws {
        let store = try await openStore(Folder())
        for at in [500, 1, 2] { try await store.audit("orders list", by: "root (0)", now: days(at)) }
        #expect(try await store.sweep(now: days(1_200)).audit == 0)
        #expect(try await store.sweep(now: days(1_595)).audit == 3)
    }

    @Test(
        "What is done to the place where it was closed is found",
        arguments: [
            (["DELETE FROM audit WHERE number = 7"], AuditFault.missing(7)),
            (["DELETE FROM audit WHERE number < 9", "UPDATE audit_base SET number = 8"], .beginning),
            (
                [
                    "UPDATE audit_base SET number = 8, last = (SELECT proof FROM audit WHERE number = 8)",
                    "DELETE FROM audit WHERE number < 9",
                ], .beginning
            ),
            (["UPDATE audit_base SET last = zeroblob(32)"], .beginning),
            (["DELETE FROM audit_base"], .missing(1)),
            (["DELETE FROM audit"], .cutOff(after: 6)),
            (["DELETE FROM audit", "DELETE FROM audit_base", "DELETE FROM audit_head"], .cutOff(after: 0)),
        ] as [([String], AuditFault)])
    func closingIsNoDoor(statements: [String], fault: AuditFault) async throws {
        let store = try await closed(in: Folder())
        for statement in Self.unlock + statements { _ = try await store.sql(statement) }
        #expect(try await store.verifyAudit() == .failure(fault))
        // Later lines do not cover it up, and what was tampered with is not closed.
        try await store.audit("orders list", by: "root (0)", now: days(107))
        _ = try await store.sweep(now: days(10_000))
        guard case .failure = try await store.verifyAudit() else {
            Issue.record("\(statements) are not found")
            return
        }
    }

    @Test("The database itself closes nothing but from the beginning")
    func closingIsGuarded() async throws {
        let store = try await closed(in: Folder())
        for statement in [
            "DELETE FROM audit WHERE number = 7", "DELETE FROM audit_base", "UPDATE audit_base SET number = 5",
        ] {
            await #expect(throws: StoreError.self) { try await store.sql(statement) }
        }
        #expect(try await store.verifyAudit() == whole(10, closed: 6))
    }

    @Test("A copy outlives the closing and proves itself; one that was changed does not")
    func archive() async throws {
        let folder = try Folder()
        let store = try await closed(in: folder)
        let (file, forged) = (folder.url.appending(path: "copy"), folder.url.appending(path: "forged"))
        #expect(try await store.archiveAudit(to: file) == 4)
        await #expect(throws: StoreError.self) { try await store.archiveAudit(to: file) }
        _ = try await store.sweep(now: days(10_000))
        #expect(try await store.verifyAudit(archive: file) == whole(10, closed: 6))
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        for (changed, fault) in [
            (lines.map { $0.replacing("root (0)", with: "eve (1)") }, AuditFault.changed(7)),
            (lines.filter { !$0.contains(#""number":8"#) }, .missing(8)),
            (lines.dropLast(), .cutOff(after: 10)), (lines.dropLast(2) + lines.suffix(1), .cutOff(after: 9)),
            (Array(lines.dropFirst()), .beginning),
            ([lines[0].replacing(#""start":6"#, with: #""start":5"#)] + lines.dropFirst(), .beginning),
            (lines.prefix(2) + ["rubbish"] + lines.suffix(3), .changed(8)), ([], .beginning),
        ] as [([String], AuditFault)] {
            try Data(changed.joined(separator: "\n").utf8).write(to: forged)
            #expect(try await store.verifyAudit(archive: forged) == .failure(fault))
        }
        // Another database's trail has another key.
        let other = try await openStore(Folder())
        try await other.audit("orders list", by: "root (0)", now: noon)
        #expect(try await other.verifyAudit(archive: file) == .failure(.beginning))
    }

    @Test("Lines come back as they were written, of one customer or order where that is asked for")
    func lines() async throws {
        let store = try await openStore(Folder())
        #expect(try await store.verifyAudit() == whole(0))
        try await store.audit("customers list", by: "ann (1000)", now: noon)
        try await store.audit("customers show", by: "ann (1000)", about: .customer(alice), now: days(1))
        try await store.audit("customers show", by: "ann (1000)", about: .customer(bob), now: days(2))
        try await store.audit("customers show", by: "eve (1001)", about: .customer(alice), now: days(1))
        let trail = try await store.auditTrail(limit: 9)
        #expect(trail.map(\.number) == [4, 3, 2, 1] && trail[3].about == nil && trail[3].by == "ann (1000)")
        #expect(try await store.auditTrail(limit: 9, about: .customer(alice)).map(\.number) == [4, 2])
        #expect(try await store.auditTrail(limit: 1, about: .order("1001")).isEmpty)
        #expect(trail.allSatisfy { line in [alice, bob].allSatisfy { line.about?.contains($0.dropFirst()) != true } })
        #expect(try await store.verifyAudit() == whole(4), "whatever time the clock says")
    }

    @Test(
        "The database itself refuses to change, take out or replace a line",
        arguments: [
            "UPDATE audit SET by = 'nobody' WHERE number = 2", "DELETE FROM audit WHERE number = 3",
            "DELETE FROM audit",
            "INSERT OR REPLACE INTO audit SELECT 2, at, 'nobody', act, about, proof FROM audit WHERE number = 2",
        ])
    func refuses(statement: String) async throws {
        let store = try await store(lines: 3, in: Folder())
        await #expect(throws: StoreError.self) { try await store.sql(statement) }
        #expect(try await store.verifyAudit() == whole(3))
    }

    @Test(
        "Whatever is changed behind its back is found, also when lines are added afterwards",
        arguments: [
            (["UPDATE audit SET by = 'nobody' WHERE number = 2"], AuditFault.changed(2)),
            (["UPDATE audit SET act = 'help' WHERE number = 4"], .changed(4)),
            (["UPDATE audit SET at = at + 1 WHERE number = 1"], .changed(1)),
            (["UPDATE audit SET about = NULL WHERE number = 3"], .changed(3)),
            (["UPDATE audit SET proof = zeroblob(32) WHERE number = 2"], .changed(2)),
            (["DELETE FROM audit WHERE number = 2"], .missing(2)),
            (["DELETE FROM audit WHERE number = 1"], .missing(1)),
            (
                ["DELETE FROM audit WHERE number = 2", "UPDATE audit SET number = number - 1 WHERE number > 2"],
                .changed(2)
            ),
            (
                [
                    "UPDATE audit SET number = 9 WHERE number = 2", "UPDATE audit SET number = 2 WHERE number = 3",
                    "UPDATE audit SET number = 3 WHERE number = 9",
                ], .changed(2)
            ),
        ] as [([String], AuditFault)])
    func finds(statements: [String], fault: AuditFault) async throws {
        let store = try await store(lines: 4, in: Folder())
        for statement in Self.unlock + statements { _ = try await store.sql(statement) }
        #expect(try await store.verifyAudit() == .failure(fault))
        try await store.audit("orders list", by: "root (0)", now: noon)
        #expect(try await store.verifyAudit() == .failure(fault))
    }

    @Test(
        "Lines cut off at the end are missed, and later lines do not cover that up",
        arguments: [
            ["DELETE FROM audit WHERE number = 4"],
            ["DELETE FROM audit WHERE number > 2"],
            ["DELETE FROM audit"],
            ["DELETE FROM audit WHERE number = 4", "UPDATE audit_head SET number = 3"],
            [
                "DELETE FROM audit WHERE number = 4",
                "UPDATE audit_head SET number = 3, proof = (SELECT proof FROM audit WHERE number = 3)",
            ],
            ["DELETE FROM audit WHERE number = 4", "DELETE FROM audit_head"],
            ["DELETE FROM audit_head"],
        ])
    func cutOff(statements: [String]) async throws {
        let store = try await store(lines: 4, in: Folder())
        for statement in Self.unlock + statements { _ = try await store.sql(statement) }
        let left = try await store.number("SELECT count(*) FROM audit")
        #expect(try await store.verifyAudit() == .failure(.cutOff(after: left)))
        for _ in 0..<3 { try await store.audit("orders list", by: "root (0)", now: noon) }
        #expect(try await store.verifyAudit() == .failure(.missing(left + 1)))
    }
}
