// What of a call's sound is kept: both sides on one clock, silence where secrets are, nothing for who refuses.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Lines
import Privacy
import Testing

@Suite struct RecorderTests {
    private static func policy(_ form: RetentionForm) -> RetentionPolicy {
        RetentionPolicy(replacing: [.audio: Retention(form: form, days: 3, purpose: "test")])
    }

    /// Plays a call and gives what of it was kept.
    private func kept(
        _ turns: [CallerTurn], hearing script: [(words: String, confidence: Double)?], form: RetentionForm = .full,
        keys: [(seconds: Double, key: Character)] = [], voice: any Synthesizing = SilentVoice()
    ) async throws -> (sound: Kept, turns: [TurnReport], trace: SoundTrace) {
        let trace = SoundTrace()
        let line = NotedLine(FileLine(turns: turns, band: Sound.band), keys: keys)
        let call = try TestCall(
            line, hearing: script, voice: voice, trace: trace, policy: Self.policy(form))
        let turns = try await call.run().turns
        return (Kept(await trace.pairs), turns, trace)
    }

    /// The two sides of a recording.
    struct Kept {
        let caller: [Int16]
        let assistant: [Int16]

        init(_ pairs: [Int16]) {
            caller = stride(from: 0, to: pairs.count, by: 2).map { pairs[$0] }
            assistant = stride(from: 1, to: pairs.count, by: 2).map { pairs[$0] }
        }

        /// Seconds of the caller that are louder than a room.
        var callerSeconds: Double { Self.seconds(caller) }
        var assistantSeconds: Double { Self.seconds(assistant) }

        private static func seconds(_ samples: [Int16]) -> Double {
            let frame = Sound.band.frameLength
            let loud = stride(from: 0, to: samples.count, by: frame).filter { start in
                samples[start..<min(samples.count, start + frame)].contains { abs(Int($0)) > 500 }
            }
            return Double(loud.count) / 50
        }
    }

    @Test func bothSidesAreKeptOnOneClock() async throws {
        let (sound, turns, trace) = try await kept(
            [Sound.turn(), Sound.turn()], hearing: [("two colas", 0.9), ("thank you", 0.9)], voice: SoundingVoice())
        #expect(turns.count == 3)
        #expect((1.8...2.2).contains(sound.callerSeconds), "\(sound.callerSeconds)")
        #expect(sound.assistantSeconds > 2)
        #expect(sound.caller.count == sound.assistant.count)
        #expect(await trace.isFinished)
        // The greeting is heard before the caller is.
        let first = try #require(sound.assistant.firstIndex { abs(Int($0)) > 500 })
        let second = try #require(sound.caller.firstIndex { abs(Int($0)) > 500 })
        #expect(first < second)
    }

    @Test func nothingIsKeptWhereThePolicySaysSo() async throws {
        for form in [RetentionForm.off, .statistics] {
            let (sound, _, trace) = try await kept([Sound.turn()], hearing: [("two colas", 0.9)], form: form)
            #expect(sound.caller.isEmpty)
            #expect(await trace.begun == 0)
        }
    }

    @Test(arguments: [RetentionForm.redacted, .full]) func aCardIsSilenceOfTheSameLength(form: RetentionForm)
        async throws
    {
        let (with, turns, _) = try await kept(
            [Sound.turn(), Sound.turn(3), Sound.turn()],
            hearing: [
                ("two colas", 0.9),
                ("my card is four two four two four two four two four two four two four two four two", 0.9),
                ("thank you", 0.9),
            ], form: form)
        #expect(turns.contains { $0.reply?.text.contains("card numbers") == true })
        #expect((1.8...2.2).contains(with.callerSeconds), "\(with.callerSeconds)")
        #expect(Double(with.caller.count) / Double(Sound.band.rate) > 9)
    }

    @Test func whatIsNotUnderstoodIsKeptUnlessItIsLongEnoughForACard() async throws {
        let short = try await kept([Sound.turn(1), Sound.turn()], hearing: [nil, ("two colas", 0.9)])
        #expect(short.sound.callerSeconds > 1.8)
        let long = try await kept([Sound.turn(3), Sound.turn()], hearing: [nil, ("two colas", 0.9)])
        #expect((0.8...1.2).contains(long.sound.callerSeconds), "\(long.sound.callerSeconds)")
    }

    @Test func aRedactedRecordingIsSilentWhereAnAddressIsSaid() async throws {
        let script: [(words: String, confidence: Double)?] = [
            ("two large pepperoni pizzas", 0.9), ("deliver to five lake street", 0.9), ("thank you", 0.9),
        ]
        let turns = [Sound.turn(), Sound.turn(2), Sound.turn()]
        let full = try await kept(turns, hearing: script, form: .full)
        let redacted = try await kept(turns, hearing: script, form: .redacted)
        #expect(full.sound.callerSeconds - redacted.sound.callerSeconds > 1.8)
        #expect(redacted.sound.callerSeconds > 1.8)
    }

    @Test func keysOfACardAreSilent() async throws {
        let keys = "4242424242424242#".enumerated().map { (seconds: 8 + 0.1 * Double($0), key: $1) }
        let (sound, turns, _) = try await kept(
            [.silence(7), Sound.turn(2.2), Sound.turn()], hearing: [("two colas", 0.9), ("two colas", 0.9)], keys: keys)
        #expect(turns.contains { $0.unheard.caller && $0.heard?.contains("4242") == false })
        #expect(sound.caller.count > 5 * Sound.band.rate)
    }

    @Test func whoRefusesIsNotHeardAnyMore() async throws {
        let (sound, turns, trace) = try await kept(
            [Sound.turn(), Sound.turn(), Sound.turn()],
            hearing: [("two colas", 0.9), ("stop recording", 0.9), ("thank you", 0.9)])
        #expect(await trace.refusals == 1)
        #expect(sound.caller.isEmpty)
        #expect(turns.contains { $0.reply?.text.contains("gone") == true })
        // Neither is anything written from now on.
        let words = await trace.turns
        #expect(words.allSatisfy { $0.heard == nil && $0.reply == nil && $0.acts == nil })
    }

    @Test func refusingGoesOnWhereItWas() async throws {
        let trace = SoundTrace()
        let session = try TestFloor.session(desk: MemoryDesk(), trace: trace, caller: "+380671234567")
        _ = await session.start()
        for words in ["two large pepperoni pizzas", "pickup", "cash"] { _ = await session.hear(typed: words) }
        let checkout = await session.hear(typed: "checkout")
        let refused = await session.hear(typed: "don't record me")
        #expect(refused.state == checkout.state)
        #expect(refused.reply?.text.hasPrefix("All right. What we said so far is gone") == true)
        #expect(
            await session.hear(typed: "what do you keep about me").reply?.text.contains("not kept in writing") == true)
        #expect(
            await session.hear(typed: "stop recording").reply?.text.hasPrefix("Nothing that we say is kept") == true)
        #expect(await trace.refusals == 1)
    }
}

/// Keeps sound in memory; who refuses is forgotten.
actor SoundTrace: TraceSink {
    private(set) var turns: [TracedTurn] = []
    private(set) var begun = 0
    private(set) var refusals = 0
    private(set) var isFinished = false
    private(set) var pairs: [Int16] = []

    func began(_ conversation: String, line: LineKind, caller: String?) async {}
    func turn(_ turn: TracedTurn) async { turns.append(turn) }
    func summed(_ conversation: String, _ summary: ConversationSummary) async {}
    func ended(_ conversation: String, outcome: CallEnd) async {}

    func sound(of conversation: String, band: Band) async -> (any SoundSink)? {
        begun += 1
        return Sink(trace: self)
    }

    func refused(_ conversation: String) async -> Bool {
        refusals += 1
        (turns, pairs) = ([], [])
        return true
    }

    private func take(_ more: [Int16]) { pairs += more }
    private func finish() { isFinished = true }

    private struct Sink: SoundSink {
        let trace: SoundTrace
        func take(_ pairs: [Int16]) async { await trace.take(pairs) }
        func finish() async { await trace.finish() }
    }
}
