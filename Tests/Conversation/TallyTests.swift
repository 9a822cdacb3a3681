// What is counted of a conversation: what came of it, where it was given up, and why.

import Commerce
import Conversation
import Dialogue
import Testing

@Suite("What came of a conversation")
struct TallyTests {
    /// Plays typed lines to the demo shop and gives what was counted; the caller hangs up in the end.
    private func summary(of lines: [String]) async throws -> ConversationSummary {
        let trace = KeptTrace()
        let session = try TestFloor.session(desk: MemoryDesk(), trace: trace)
        _ = await session.start()
        for line in lines { _ = await session.hear(typed: line) }
        await session.close(.hangup)
        let summaries = await trace.summaries
        #expect(summaries.count == 1)
        return try #require(summaries.first)
    }

    @Test("An order counts with its value")
    func order() async throws {
        let summary = try await summary(of: ["a large pizza with ham", "checkout", "pickup", "yes"])
        #expect(summary.result == .order && summary.orders == 1 && summary.value?.decimal == "9.50")
        #expect(summary.turns == 4 && summary.reprompts == 0 && summary.step == nil)
        #expect(summary.recommended == 0 && summary.taken == 0)
    }

    @Test("What was recommended counts, and what of it was taken")
    func recommended() async throws {
        let summary = try await summary(of: ["a hamburger", "what goes with it", "yes", "what goes with it", "no"])
        #expect(summary.recommended == 2 && summary.taken == 1)
    }

    @Test(
        "Others are answered, handed over, or given up somewhere",
        arguments: [
            (["when do you close", "bye"], "answered", nil, nil, 0),
            (["i want to talk to a person", "0671234567"], "handed_over", nil, nil, 0),
            (["a large pizza", "checkout"], "abandoned", "delivery_method", "hung_up", 0),
            (["a large pizza", "bye"], "abandoned", "ended", "left_cart", 0),
            (["blorp", "blorp wug"], "abandoned", "greeting", "not_understood", 2),
            (["hello"], "abandoned", "greeting", "nothing_asked", 0),
        ] as [([String], String, String?, String?, Int)])
    func others(lines: [String], result: String, step: String?, reason: String?, reprompts: Int) async throws {
        let summary = try await summary(of: lines)
        #expect(summary.result.rawValue == result)
        #expect(summary.step == step && summary.reason == reason && summary.reprompts == reprompts, "\(summary)")
    }
}
