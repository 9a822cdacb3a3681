// When a caller has finished: how long the silence is that ends what was said, by how surely it was heard, and that who goes on
// after a pause is heard from the beginning.

import Audio
import Lines
import Testing

@testable import Conversation

@Suite("The end of a turn")
struct TurnEndsTests {
    /// Seconds of silence after which each utterance was taken as over. The voice's last frames are as faint as a pause.
    private static func waits(_ script: [(words: String, confidence: Double)?]) async throws -> [Double] {
        let line = NotedLine(FileLine(turns: script.map { _ in Sound.turn() }, band: Sound.band))
        let (_, turns) = try await TestCall(line, hearing: script).run()
        return turns.dropFirst().compactMap(\.timing).map { $0.decided - $0.speechEnd + 0.2 }
    }

    @Test("What was heard for sure is answered sooner, what was not understood is waited for")
    func patience() async throws {
        let open = try await Self.waits([("a large pepperoni pizza", 0.95), ("a cola", 0.6), nil])
        #expect(open.count == 3)
        for (wait, wanted) in zip(open, [0.5, 0.7, 1.0]) { #expect(abs(wait - wanted) < 0.05, "\(open)") }
    }

    @Test("A plain yes is answered at once, another one is waited for")
    func yes() async throws {
        let order = [("two large pepperoni pizzas", 0.95), ("that's all", 0.95), ("pickup", 0.95)]
        let sure = try await Self.waits(order + [("yes", 0.98)])
        #expect(abs(try #require(sure.last) - 0.36) < 0.05, "\(sure)")
        let unsure = try await Self.waits(order + [nil])
        #expect(abs(try #require(unsure.last) - 0.7) < 0.05, "\(unsure)")
    }

    @Test("Who thinks in the middle of a sentence is heard to its end, and as one")
    func thinking() async throws {
        let sound = Sound.room(0.3) + Sound.voice(0.6) + Sound.room(0.8) + Sound.voice(0.9) + Sound.room(1.2)
        let line = NotedLine(FileLine(turns: [.sound(sound)], band: Sound.band))
        let call = try TestCall(line, hearing: [("two large", 0.3), ("two large pepperoni pizzas", 0.95)])
        let (_, turns) = try await call.run()
        #expect(turns.map(\.heard) == [nil, "two large pepperoni pizzas"])
        let lengths = await call.ears.lengths
        #expect(lengths.count == 2)
        let (half, whole) = (Double(lengths[0]) / 8_000, Double(lengths[1]) / 8_000)
        #expect((0.6...1.4).contains(half) && (2.3...3.1).contains(whole), "\(half) s, then \(whole) s")
    }

    @Test("What was anticipated is the answer: nothing is heard twice where nobody went on")
    func anticipation() async throws {
        let line = NotedLine(FileLine(turns: [Sound.turn(), Sound.turn()], band: Sound.band))
        let call = try TestCall(line, hearing: [("a cola", 0.95), ("goodbye", 0.95)])
        let (_, turns) = try await call.run()
        #expect(turns.map(\.heard) == [nil, "a cola", "goodbye"])
        #expect(await call.ears.lengths.count == 2)
    }
}
