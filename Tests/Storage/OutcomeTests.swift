// What came of conversations is kept once, by period, and goes with them.

import Commerce
import Foundation
import Testing

@testable import Storage

@Suite("Outcomes")
struct OutcomeTests {
    private static func outcome(
        _ result: ConversationSummary.Result, orders: Int = 0, value: Int64 = 0
    ) -> ConversationSummary {
        ConversationSummary(
            result: result, step: nil, reason: nil, turns: 3, reprompts: 1, variant: 7, orders: orders,
            value: orders > 0 ? dollars(value) : nil, recommended: 2, taken: 1)
    }

    @Test("One outcome a conversation, found by the time it began")
    func kept() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        for (id, hours) in [("a", 0.0), ("b", 1), ("c", 48)] {
            try await store.beginConversation(
                id, line: "text", caller: nil, now: noon.addingTimeInterval(hours * 3_600))
        }
        try await store.record(Self.outcome(.order, orders: 1, value: 950), of: "a")
        try await store.record(Self.outcome(.abandoned), of: "a")
        try await store.record(Self.outcome(.answered), of: "c")
        try await store.record(Self.outcome(.answered), of: "nobody knows it")
        let day = noon.addingTimeInterval(86_400)
        #expect(try await store.outcomes(from: noon, to: day) == [Self.outcome(.order, orders: 1, value: 950)])
        #expect(try await store.openConversations(from: noon, to: day) == 1)
        #expect(
            try await store.outcomes(from: day, to: day.addingTimeInterval(7 * 86_400)).map(\.result) == [.answered])
    }

    @Test("What was not understood is shown as far as it was kept")
    func words() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        try await store.beginConversation("a", line: "text", caller: nil, now: noon)
        for (turn, words, isAccepted) in [(1, "two colas", true), (2, "blorp the ###", false)] {
            try await store.record(
                TurnRecord(
                    conversation: "a", turn: turn, heard: words, reply: "…", isAccepted: isAccepted, intents: [],
                    acts: nil), now: noon)
        }
        let found = try await store.notUnderstood(from: noon, to: noon.addingTimeInterval(60), limit: 10)
        #expect(found == ["blorp the ###"])
    }
}
