// From a conversation to the shop's own people: an order placed in writing is listed, shown and moved on.

import Foundation
import Testing

@Suite("An order's story", .enabled(if: Program.isBuilt, "the program is not built"))
struct OrderStoryTests {
    static let caller = "+380671234567"

    /// A conversation on a Monday noon, when the demo shop is open.
    static func talk(_ lines: [String], data: String) async throws -> Run {
        try await Program.run(
            ["talk", "--json", "--now", "2026-03-02T12:00:00Z", "--caller", caller, "--data", data],
            input: Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    static func objects(_ run: Run) throws -> [[String: Any]] {
        try run.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    @Test("Placed by a caller, seen by the shop, moved on and never back")
    func story() async throws {
        let scratch = try Scratch()
        let data = ["--data", scratch.path]
        let call = try await Self.talk(
            ["two margherita pizzas", "that's all", "pickup", "at the counter", "yes", "yes"], data: scratch.path)
        #expect(call.status == 0, "\(call.errors)")

        let list = try Self.objects(try await Program.run(["orders", "list", "--json"] + data))
        #expect(list.count == 1, "\(call.output)")
        let order = try #require(list.first)
        let number = try #require(order["number"] as? String)
        #expect(order["status"] as? String == "placed")
        #expect(order["total"] as? String == "15.00")
        #expect(order["phone"] as? String == Self.caller)
        let line = try #require((order["lines"] as? [[String: Any]])?.first)
        #expect(line["sku"] as? String == "margherita" && line["quantity"] as? Int == 2)

        let shown = try await Program.run(["orders", "show", number] + data)
        #expect(shown.output.contains("2 × margherita") && shown.output.contains("15.00 USD"))

        for (status, allowed) in [("packed", true), ("placed", false), ("handed_over", true), ("cancelled", false)] {
            let run = try await Program.run(["orders", "set-status", number, status] + data)
            #expect((run.status == 0) == allowed, "\(status): \(run.errors)")
        }
        let left = try Self.objects(
            try await Program.run(["orders", "list", "--json", "--status", "handed_over"] + data))
        #expect(
            (left.first?["history"] as? [[String: Any]])?.compactMap { $0["status"] as? String }
                == ["placed", "packed", "handed_over"])
        #expect(try await Program.run(["orders", "list", "--status", "placed"] + data).output.isEmpty)
    }

    @Test("What was not confirmed is not ordered", arguments: [["no"], ["maybe"], [""], ["\u{FFFD}"], []])
    func unconfirmed(ending: [String]) async throws {
        let scratch = try Scratch()
        let call = try await Self.talk(
            ["two margherita pizzas", "that's all", "pickup", "at the counter"] + ending, data: scratch.path)
        #expect(call.status == 0)
        #expect(try await Program.run(["orders", "list", "--data", scratch.path]).output.isEmpty)
    }

    /// Bytes that are no text, a line without an end, and far too much of one: each answered, none ordered.
    static let bytesOfAllKinds: [Data] = [
        Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }),
        Data(repeating: 0, count: 5_000), Data(repeating: 0x61, count: 1 << 20), Data([0xFF, 0xFE, 0x0A, 0x0D, 0x0A]),
        Data("yes".utf8),
    ]

    @Test("Rubbish on standard input orders nothing and harms nothing", arguments: bytesOfAllKinds)
    func rubbish(bytes: Data) async throws {
        let scratch = try Scratch()
        let call = try await Program.run(["talk", "--json", "--data", scratch.path], input: bytes)
        #expect(call.status == 0, "\(call.errors)")
        let objects = try Self.objects(call)
        #expect(objects.first?["heard"] is NSNull)
        #expect(objects.last?["ended"] is String)
        #expect(try await Program.run(["orders", "list", "--data", scratch.path]).output.isEmpty)

        let meaning = try await Program.run(["understand", "--json"], input: bytes)
        #expect(meaning.status == 0, "\(meaning.errors)")
        #expect(try Self.objects(meaning).allSatisfy { $0["acts"] is [Any] })
    }
}
