// Conversations in words: what comes of them, what is kept of them, and what happens when the order desk fails.

import Audio
import Commerce
import Conversation
import Dialogue
import Language
import Privacy
import Testing
import Understanding

@Suite("A conversation")
struct SessionTests {
    /// Greets, says the lines, and gives the last turn.
    private func say(_ lines: [String], to session: Session) async -> TurnReport {
        var turn = await session.start()
        for line in lines { turn = await session.hear(typed: line) }
        return turn
    }

    private static let readBack = ["two large pepperoni pizzas", "that's all", "pickup"]

    @Test("From the greeting to an order and a goodbye")
    func order() async throws {
        let desk = MemoryDesk()
        let session = try TestFloor.session(desk: desk)
        let greeting = await session.start()
        #expect(greeting.turn == 0 && greeting.heard == nil && greeting.state == "greeting")
        #expect(greeting.reply?.text.contains("Corner Kitchen") == true)

        var turn = await session.hear(typed: "two large pepperoni pizzas")
        #expect(turn.state == "ordering" && turn.cartTotal.decimal == "19.00" && turn.isAccepted)
        turn = await session.hear(typed: "that's all")
        #expect(turn.state == "asking" && turn.asking == "delivery_method")
        turn = await session.hear(typed: "pickup")
        #expect(turn.state == "confirming_order" && turn.order == nil)
        #expect(await session.expectation == .yesNo)
        #expect(await desk.placed.isEmpty, "nothing is ordered before the yes")
        turn = await session.hear(typed: "yes")
        #expect(turn.order?.number == "1001" && turn.order?.order.quote.total.decimal == "19.00")
        #expect(turn.cart.isEmpty)
        turn = await session.hear(typed: "goodbye")
        #expect(turn.state == "ended")
        #expect(await session.end == .callerGoodbye)
        #expect(await desk.placed.count == 1)
    }

    @Test("A yes that was heard badly is not accepted, and says so")
    func unsureYes() async throws {
        let desk = MemoryDesk()
        let session = try TestFloor.session(desk: desk)
        _ = await say(Self.readBack, to: session)
        let turn = await session.hear([Hypothesis(words: ["yes"], confidence: 0.5)])
        #expect(!turn.isAccepted && turn.acts.map(\.intent) == [.affirm] && turn.state == "confirming_order")
        let murmur = await session.hear([Hypothesis(words: ["yes"], confidence: 0.1)])
        #expect(!murmur.isAccepted && murmur.acts.isEmpty, "below understanding there is no meaning at all")
        #expect(await desk.keys.isEmpty)
    }

    @Test("What was heard in several ways that mean the same is believed as one")
    func sameMeaning() async throws {
        func heard(_ words: [String], _ confidence: Double, isShare: Bool = true) -> Hypothesis {
            Hypothesis(words: words, confidence: confidence, isShare: isShare)
        }
        let (one, same, other) = (["a", "pepperoni", "pizza"], ["pepperoni", "pizza", "please"], ["two", "colas"])
        let session = try TestFloor.session(desk: MemoryDesk())
        _ = await session.start()
        var turn = await session.hear([heard(one, 0.3), heard(same, 0.3)])
        #expect(turn.isAccepted && turn.confidence == 0.6 && turn.cart.count == 1)
        turn = await session.hear([heard(one, 0.3), heard(other, 0.3)])
        #expect(!turn.isAccepted && turn.acts.isEmpty, "they disagree")
        turn = await session.hear([heard(one, 0.3, isShare: false), heard(same, 0.3, isShare: false)])
        #expect(!turn.isAccepted, "readings of one hearing say nothing of each other")
    }

    @Test("Of several readings the one that makes the most sense is taken")
    func readings() async throws {
        let session = try TestFloor.session(desk: MemoryDesk())
        _ = await session.start()
        let turn = await session.hear([
            Hypothesis(words: ["pepper", "on", "knee"], confidence: 0.7),
            Hypothesis(words: ["a", "pepperoni", "pizza"], confidence: 0.65),
        ])
        #expect(turn.heard == "a pepperoni pizza")
        #expect(turn.cart.map(\.item.sku) == ["pizza"])
    }

    @Test("Silence is an empty text, and nothing readable is no silence")
    func silence() async throws {
        let session = try TestFloor.session(desk: MemoryDesk())
        _ = await session.start()
        let silence = await session.hear(typed: "  ")
        #expect(silence.heard == "" && silence.confidence == nil && !silence.isAccepted)
        let rubbish = await session.hear(unintelligible: "\u{FFFD}")
        #expect(rubbish.heard == "\u{FFFD}" && rubbish.confidence == 0 && !rubbish.isAccepted && rubbish.acts.isEmpty)
    }

    @Test("The desk fails: the caller hears of no order, and the next yes is under the same key")
    func deskFailure() async throws {
        let desk = MemoryDesk(failing: 1)
        let session = try TestFloor.session(desk: desk)
        let failed = await say(Self.readBack + ["yes"], to: session)
        #expect(failed.order == nil && failed.state == "confirming_order")
        #expect(await desk.placed.isEmpty)
        let placed = await session.hear(typed: "yes")
        #expect(placed.order?.number == "1001")
        let keys = await desk.keys
        #expect(keys.count == 2 && Set(keys).count == 1)
    }

    @Test("Who hangs up at the read-back has ordered nothing, whatever comes after")
    func hangUp() async throws {
        let (desk, trace) = (MemoryDesk(), KeptTrace())
        let session = try TestFloor.session(desk: desk, trace: trace)
        _ = await say(Self.readBack, to: session)
        await session.close(.hangup)
        await session.close(.inputEnd)
        #expect(await session.end == .hangup)
        #expect(await desk.keys.isEmpty)
        #expect(await trace.outcomes == [.hangup], "ended once")
    }

    // MARK: - What is kept

    @Test("No number and no address reaches the trace, wherever in the call they were said")
    func redacted() async throws {
        let trace = KeptTrace()
        let session = try TestFloor.session(desk: MemoryDesk(), trace: trace, caller: "+380671234567", line: .phone)
        let last = await say(
            [
                "two large pepperoni pizzas", "deliver it to 5 lake street", "that's all", "cash", "yes",
                "where is my order 4711", "deliver it to thirty one windmill hill", "goodbye",
            ], to: session)
        #expect(last.state == "ended")
        #expect(await trace.callers == ["+380671234567"], "the store decides what is kept of the number, sealed")
        #expect(await trace.turns.count == 9)
        let text = await trace.text.lowercased()
        #expect(text.contains("pepperoni"), "what was ordered is kept")
        for secret in ["lake", "windmill", "4711", "380671234567"] { #expect(!text.contains(secret), "\(secret)") }
    }

    @Test("Where the policy keeps nothing, nothing is handed over")
    func off() async throws {
        let trace = KeptTrace()
        let none = Retention(form: .off, days: 0, purpose: "")
        let session = try TestFloor.session(
            desk: MemoryDesk(), trace: trace, policy: RetentionPolicy(replacing: [.transcript: none, .acts: none]))
        _ = await say(Self.readBack, to: session)
        #expect(await trace.text.filter { !$0.isNewline }.isEmpty)
    }
}
