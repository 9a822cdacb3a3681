// A kiosk in simulated rooms: how much of the assistant's own voice is taken out, what stays of the customer, and what is
// chosen where it cannot be taken out. The assistant and the customer are recordings of this project.

import Audio
import Foundation
import Lines
import Testing

@Suite("A kiosk in a room")
struct RoomTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "AudioFixtures/kiosk")

    private static func recording(_ name: String) throws -> [Int16] {
        try BandReader.load(fixtures.appending(path: "\(name).wav").path, band: .wideband)
    }

    /// The assistant talks for some ten seconds.
    private static func speech() throws -> [Int16] {
        try [
            "can-i-get-two-large-pepperoni-pizzas-please.slt", "a-small-pizza-with-mushrooms-and-olives.slt",
            "a-hamburger-with-bacon-and-no-pickles.slt", "deliver-it-to-twelve-maple-avenue.slt",
        ].flatMap { try recording($0) }
    }

    /// What comes through while the assistant speaks, frame by frame, and what is known of the echo then.
    private static func listen(
        in nature: RoomNature, said: [Int16], turns: [RoomTurn] = []
    ) async -> (levels: [Double], heard: [Int16], facts: DuplexSound.Facts) {
        let line = RoomLine(SimulatedRoom(nature, rate: 16_000), turns: turns)
        await line.play(said)
        var heard: [Int16] = []
        while await line.toBePlayed > 0, case .frame(let frame) = await line.next() {
            heard += frame.samples
        }
        let levels = stride(from: 0, to: heard.count, by: 320).map { SoundLevel.ofFrame(heard[$0..<$0 + 320]) }
        return (levels, heard, await line.echo)
    }

    @Test("The assistant's own voice is taken out within seconds, and may then be talked over")
    func takesOut() async throws {
        let said = try Self.speech()
        let (levels, _, facts) = await Self.listen(in: RoomNature(), said: said + said)
        #expect(facts.isDuplex)
        #expect(facts.jumps == 0)
        let (loss, cleaned) = (try #require(facts.echoLoss), try #require(facts.cleanedLoss))
        #expect(loss < 14, "the room itself takes away \(loss) dB")
        #expect(cleaned > loss + 15, "with the canceller \(cleaned) dB")
        // The last half, in which everything is learnt: nothing as loud as a customer.
        #expect((levels.suffix(levels.count / 2).max() ?? 0) < -40)
    }

    @Test("Clocks that drift apart are followed", arguments: [-100.0, 100, 200])
    func skew(millionths: Double) async throws {
        var nature = RoomNature()
        nature.skew = millionths
        let said = try Self.speech()
        let (_, _, facts) = await Self.listen(in: nature, said: said + said + said)
        #expect(facts.isDuplex, "\(facts)")
    }

    @Test("Where the echo cannot be taken out, the customer is heard only when the assistant is silent")
    func halfDuplex() async throws {
        var nature = RoomNature()
        nature.distorts = true
        nature.echoLoss = -6
        let said = try Self.speech()
        let (levels, _, facts) = await Self.listen(in: nature, said: said + said)
        #expect(!facts.isDuplex, "\(facts)")
        // What is given meanwhile is as quiet as the room.
        #expect((levels.suffix(levels.count / 2).max() ?? 0) < -50)
    }

    @Test("A customer who talks over the assistant stays as loud as in silence")
    func doubleTalk() async throws {
        let customer = try Self.recording("a-large-pepperoni-pizza-please.rms")
        let said = try Self.speech()
        // Behind the first ten seconds.
        let (levels, _, _) = await Self.listen(
            in: RoomNature(), said: said + said, turns: [.over(Double(said.count) / 16_000, customer)])
        let start = said.count / 320
        let spoken = levels[start..<start + customer.count / 320].sorted()
        let alone = stride(from: 0, to: customer.count - 320, by: 320).map {
            SoundLevel.ofFrame(customer[$0..<$0 + 320])
        }
        .sorted()
        // The louder half is the vowels.
        let (over, quiet) = (spoken[spoken.count * 3 / 4], alone[alone.count * 3 / 4])
        #expect(abs(over - quiet) < 3, "\(over) dB over the assistant, \(quiet) dB alone")
    }

    @Test("Who answers at once the first prompt of a start is heard from the first syllable on")
    func atOnce() async throws {
        let customer = try Self.recording("a-large-pepperoni-pizza-please.rms")
        // Broken off in the middle of a sound, before the echo can be known.
        let said = Array(try Self.speech().prefix(20_800))
        let line = RoomLine(SimulatedRoom(RoomNature(), rate: 16_000), turns: [.after(0.2, customer)])
        for _ in 0..<50 { _ = await line.next() }
        await line.play(said)
        var heard: [Int16] = []
        while heard.count < 8_000, case .frame(let frame) = await line.next() {
            if await !line.begun.isEmpty { heard += frame.samples }
        }
        #expect(await !line.echo.isDuplex, "the echo is known by now: another case")
        let frames = stride(from: 0, to: 8_000, by: 320)
        let alone = try #require(frames.map { SoundLevel.ofFrame(customer[$0..<$0 + 320]) }.firstIndex { $0 > -40 })
        let first = try #require(frames.map { SoundLevel.ofFrame(heard[$0..<$0 + 320]) }.firstIndex { $0 > -40 })
        // The canceller gives its sound a frame later.
        #expect(first <= alone + 2, "frame \(first), alone \(alone)")
    }
}
