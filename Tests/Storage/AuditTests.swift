// The audit trail: whatever is done to it with a database tool, and whatever is added afterwards, the proof finds it.

import Foundation
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
    ]

    @Test("Lines come back as they were written, of one customer or order where that is asked for")
    func lines() async throws {
        let store = try await openStore(Folder())
        #expect(try await store.verifyAudit() == .success(0))
        try await store.audit("customers list", by: "ann (1000)", now: noon)
        try await store.audit("customers show", by: "ann (1000)", about: .customer(alice), now: days(1))
        try await store.audit("customers show", by: "ann (1000)", about: .customer(bob), now: days(2))
        try await store.audit("customers show", by: "eve (1001)", about: .customer(alice), now: days(1))
        let trail = try await store.auditTrail(limit: 9)
        #expect(trail.map(\.number) == [4, 3, 2, 1] && trail[3].about == nil && trail[3].by == "ann (1000)")
        #expect(try await store.auditTrail(limit: 9, about: .customer(alice)).map(\.number) == [4, 2])
        #expect(try await store.auditTrail(limit: 1, about: .order("1001")).isEmpty)
        #expect(trail.allSatisfy { line in [alice, bob].allSatisfy { line.about?.contains($0.dropFirst()) != true } })
        #expect(try await store.verifyAudit() == .success(4), "whatever time the clock says")
        // The sweep leaves the trail and its key alone.
        _ = try await store.sweep(now: days(10_000))
        #expect(try await store.verifyAudit() == .success(4))
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
        #expect(try await store.verifyAudit() == .success(3))
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
