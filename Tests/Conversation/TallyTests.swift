// What is counted of a conversation: what came of it, where it was given up, and why.

import Commerce
import Conversation
import Dialogue
import Testing

@Suite("What came of a conversation")
struct TallyTests {
    /// Plays typed lines to the demo shop and gives what was counted; the caller hangs up in the end.
    private func summary(
        of lines: [String], at desk: MemoryDesk = MemoryDesk(), following: (TurnReport) -> Void = { _ in }
    ) async throws -> ConversationSummary {
        let trace = KeptTrace()
        let session = try TestFloor.session(desk: desk, trace: trace)
        _ = await session.start()
        for line in lines { following(await session.hear(typed: line)) }
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

    @Test("Only the turn that places an order has ordered: not one that asks for it, and what is taken back is none")
    func askedAbout() async throws {
        let desk = MemoryDesk()
        var placing: [String] = []
        let lines = ["a large pizza with ham", "checkout", "pickup", "yes", "where is my order"]
        let first = try await summary(of: lines, at: desk) { if $0.hasOrdered { placing += [$0.heard ?? ""] } }
        #expect(placing == ["yes"] && first.orders == 1)
        let second = try await summary(of: ["where is order 1001"], at: desk) { turn in
            #expect(turn.order?.number == "1001" && turn.order?.status == .placed && !turn.hasOrdered)
        }
        #expect(second.result == .answered && second.orders == 0)
        let third = try await summary(of: lines.dropLast() + ["cancel my order", "yes"])
        #expect(third.result == .answered && third.orders == 0 && third.value == nil)
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
            (["a large pizza", "bye"], "abandoned", "ordering", "left_cart", 0),
            (["blorp", "blorp wug"], "abandoned", "greeting", "not_understood", 2),
            (["hello"], "abandoned", "greeting", "nothing_asked", 0),
        ] as [([String], String, String?, String?, Int)])
    func others(lines: [String], result: String, step: String?, reason: String?, reprompts: Int) async throws {
        let summary = try await summary(of: lines)
        #expect(summary.result.rawValue == result)
        #expect(summary.step == step && summary.reason == reason && summary.reprompts == reprompts, "\(summary)")
    }
}
