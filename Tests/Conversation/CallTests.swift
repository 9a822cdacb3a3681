// Calls with sound, on the clock of their samples: who speaks when, and what speech, coughs, keys and silence come to.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Lines
import Testing

@Suite("A call")
struct CallTests {
    private typealias Script = [(words: String, confidence: Double)?]
    private static let readBack: Script = [("two large pepperoni pizzas", 0.95), ("that's all", 0.9), ("pickup", 0.9)]

    private func line(
        _ turns: [CallerTurn], keys: [(seconds: Double, key: Character)] = [], hangsUpIn turn: Int? = nil
    ) -> NotedLine {
        NotedLine(FileLine(turns: turns, band: Sound.band), keys: keys, hangsUpIn: turn)
    }

    /// The caller's whole side: spoken whatever the assistant does.
    private func line(continuous sound: [Int16], keys: [(seconds: Double, key: Character)] = []) -> NotedLine {
        NotedLine(FileLine(continuous: sound, band: Sound.band), keys: keys)
    }

    @Test("Turn by turn to an order; at the read-back a yes or a no is listened for")
    func order() async throws {
        let line = line((0..<5).map { _ in Sound.turn() })
        let call = try TestCall(line, hearing: Self.readBack + [("yes please", 0.95), ("goodbye", 0.9)])
        let (end, turns) = try await call.run()
        #expect(end == .callerGoodbye)
        #expect(turns.map(\.state) == ["greeting", "ordering", "asking", "confirming_order", "open", "ended"])
        #expect(await call.desk.placed.map(\.quote.total.decimal) == ["19.00"])
        #expect(await call.ears.networks == ["open", "open", "open", "yes_no", "open"])
        #expect(await line.stops.isEmpty, "nobody interrupted anybody")
        // Speech and the moment before it, but not the pause that ended it twice over.
        for length in await call.ears.lengths { #expect((8_000...20_000).contains(length)) }
        for turn in turns.dropFirst() {
            let timing = try #require(turn.timing)
            #expect(timing.speechEnd <= timing.decided && timing.decided <= timing.firstAudio)
        }
        #expect(turns[0].timing == nil)
    }

    @Test("How a caller and the line sound goes with the call")
    func channel() async throws {
        let call = try TestCall(line((0..<3).map { _ in Sound.turn() }), hearing: Self.readBack)
        _ = try await call.run()
        let channels = await call.ears.channels
        #expect(channels.map { $0?.mean } == [nil, [1], [1.5]] && channels.map { $0?.frames } == [nil, 1, 2])
    }

    @Test("Speech stops the assistant within 150 ms, and is answered")
    func bargeIn() async throws {
        let line = line(continuous: Sound.room(1) + Sound.voice(1.2) + Sound.room(4))
        let call = try TestCall(line, hearing: [("a large pepperoni pizza", 0.95)])
        let (_, turns) = try await call.run()
        let stop = try #require(await line.stops.first)
        #expect((1.02...1.06).contains(stop.seconds), "\(stop)")
        #expect(stop.forgotten > 0)
        #expect(turns.map(\.heard) == [nil, "a large pepperoni pizza"])
    }

    @Test("After a bang or a cough the assistant talks on at once, nothing lost", arguments: [0.06, 0.2, 0.3])
    func cough(seconds: Double) async throws {
        let line = line(continuous: Sound.room(1) + Sound.bang(seconds) + Sound.room(8))
        let call = try TestCall(line, hearing: [nil])
        let (_, turns) = try await call.run()
        #expect(turns.count == 1, "a cough is no turn")
        let stop = try await wholeGreeting(of: turns, on: line)
        #expect(stop.seconds - 1 <= 0.06, "stopped \(stop.seconds) s into the call")
        let resumed = try #require(await line.resumptions.first)
        #expect(resumed - 1 - seconds < 0.25, "went on \(resumed) s into the call")
    }

    @Test("Noise that goes on does not silence it, and who speaks up in it does")
    func noise() async throws {
        let line = line(
            continuous: Sound.room(1) + Sound.bang(1.5)
                + zip(Sound.bang(1.2), Sound.voice(1.2, level: -12)).map { $0 / 4 + $1 } + Sound.room(8))
        let call = try TestCall(line, hearing: [("a large pepperoni pizza", 0.95)])
        let (_, turns) = try await call.run()
        #expect(turns.map(\.heard) == [nil, "a large pepperoni pizza"])
        let stops = await line.stops.map(\.seconds)
        #expect(stops.count == 2, "\(stops)")
        let resumed = try #require(await line.resumptions.first)
        #expect(resumed - (stops.first ?? 0) < 0.45, "went on \(resumed) s into the call")
        #expect((2.5...2.65).contains(stops.last ?? 0), "\(stops)")
    }

    @Test("A tone is no voice either, however long it is")
    func tone() async throws {
        let tone = (0..<3 * Sound.band.rate).map { Int16(3_000 * sin(2 * .pi * 425 * Double($0) / 8_000)) }
        let line = line(continuous: Sound.room(1) + tone + Sound.room(4))
        let call = try TestCall(line, hearing: [nil])
        _ = try await call.run()
        #expect(await line.stops.count == 1)
        let resumed = try #require(await line.resumptions.first)
        #expect(resumed < 1.5, "went on \(resumed) s into the call")
    }

    @Test("A door that slams again and again is stopped for twice")
    func slams() async throws {
        let slam = Sound.bang(0.1) + Sound.room(0.9)
        let line = line(continuous: Sound.room(1) + slam + slam + slam + Sound.room(6))
        let call = try TestCall(line, hearing: [])
        _ = try await call.run()
        #expect(await line.stops.count == 2)
    }

    @Test("The assistant's own voice, as faint as a network returns it, neither stops it nor is taken for an answer")
    func ownEcho() async throws {
        let line = line(continuous: Sound.room(0.2) + Sound.voice(3, level: -42) + Sound.room(4))
        let call = try TestCall(line, hearing: [("two large pepperoni pizzas", 0.95)], voice: SoundingVoice())
        let (_, turns) = try await call.run()
        #expect(await line.stops.isEmpty)
        #expect(turns.count == 1)
        #expect(await call.ears.abandoned == 1)
    }

    @Test("On a line without an echo somebody faint is no echo")
    func faintCaller() async throws {
        let line = line(continuous: Sound.room(1) + Sound.voice(1.2, level: -40) + Sound.room(4))
        let call = try TestCall(line, hearing: [], voice: SoundingVoice())
        _ = try await call.run()
        let stop = try #require(await line.stops.first)
        #expect((1.02...1.1).contains(stop.seconds), "\(stop)")
    }

    /// Checks that the rest of the greeting was played once more, and only the rest; gives its only stop.
    private func wholeGreeting(of turns: [TurnReport], on line: NotedLine) async throws -> NotedLine.Stop {
        let greeting = try #require(turns.first?.reply?.speech)
        let whole = SilentVoice().sentences(of: greeting).map(\.count).reduce(0, +) * Sound.band.rate / 20
        let stop = try #require(await line.stops.first)
        #expect(await line.played == whole + stop.forgotten)
        #expect(await line.stops.count == 1)
        return stop
    }

    @Test("Somebody else in the room interrupts: the assistant goes on where it was stopped")
    func interruption() async throws {
        let line = line(continuous: Sound.room(1) + Sound.voice(1.5) + Sound.room(8))
        let call = try TestCall(line, hearing: [nil])
        let (_, turns) = try await call.run()
        #expect(turns.count == 1)
        _ = try await wholeGreeting(of: turns, on: line)
    }

    @Test("Nobody speaks: asked every eight seconds, then a polite end and no order")
    func silence() async throws {
        let line = line([.silence(300)])
        let call = try TestCall(line, hearing: [])
        let (end, turns) = try await call.run()
        #expect(end == .silence)
        #expect(turns.dropFirst().allSatisfy { $0.heard == "" && !$0.isAccepted })
        #expect((3...6).contains(turns.count), "\(turns.count)")
        #expect(turns.last?.state == "ended")
        let spoken = Double(await line.played) / Double(Sound.band.rate)
        let waited = await line.seconds - spoken
        #expect(abs(waited - 8 * Double(turns.count - 1)) < 2, "\(waited) s")
    }

    @Test("A yes from across the room is not sure enough; the caller's own is")
    func television() async throws {
        let turns = (0..<3).map { _ in Sound.turn() } + [Sound.turn(level: -42), Sound.turn()]
        let call = try TestCall(line(turns), hearing: Self.readBack + [("yes", 0.98), ("yes", 0.98)])
        let (_, reports) = try await call.run()
        #expect(reports.count == 6, "\(reports.map { ($0.heard, $0.confidence, $0.state, $0.isAccepted) })")
        let television = reports[4]
        #expect(!television.isAccepted && television.state == "confirming_order" && television.order == nil)
        #expect(try #require(television.confidence) <= 0.5)
        #expect(reports[5].order != nil)
        #expect(await call.desk.placed.count == 1)
    }

    @Test("Keys outrank speech: what is being said is not listened to any further")
    func keys() async throws {
        let number = Array("9999#").enumerated().map { (seconds: 12.5 + 0.1 * Double($0.offset), key: $0.element) }
        let silence = Sound.room(7)
        let line = line(
            continuous: silence + Sound.voice(1) + Sound.room(4) + Sound.voice(2) + Sound.room(4), keys: number)
        let call = try TestCall(
            line, hearing: [("where is my order", 0.95), ("nine nine nine nine", 0.9)], caller: nil)
        let (_, turns) = try await call.run()
        #expect(turns.map(\.heard) == [nil, "where is my order", "9999#"], "\(turns.map(\.heard))")
        #expect(turns[1].asking == "order_number")
        #expect(await call.ears.abandoned == 1)
    }

    @Test("Keys without a hash count after a pause")
    func keysWithoutHash() async throws {
        let line = line([Sound.turn(), .keys("9999"), .silence(6)])
        let call = try TestCall(line, hearing: [("where is my order", 0.95)], caller: nil)
        let (_, turns) = try await call.run()
        #expect(turns.dropFirst(2).first?.heard == "9999")
    }

    @Test("Who hangs up in the middle of a yes has ordered nothing")
    func hangUp() async throws {
        let turns = (0..<3).map { _ in Sound.turn() } + [Sound.turn(2)]
        let call = try TestCall(line(turns, hangsUpIn: 4), hearing: Self.readBack + [("yes", 0.98)])
        let (end, reports) = try await call.run()
        #expect(end == .hangup)
        #expect(reports.last?.state == "confirming_order")
        #expect(await call.ears.networks.count == 4, "the yes had begun")
        #expect(await call.ears.abandoned == 1)
        #expect(await call.desk.keys.isEmpty)
    }

    @Test("Without a recogniser the call fails, and the conversation is over without an order")
    func failing() async throws {
        let call = try TestCall(line([Sound.turn()]), hearing: [], failing: .busy)
        await #expect(throws: CallFailure.hearing(.busy)) { try await call.run() }
        #expect(await call.session.end == .hangup)
        #expect(await call.desk.keys.isEmpty)
    }
}
