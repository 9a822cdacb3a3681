// Recorded callers: who waits for whom, what is cut, what ends the call, and what the recording of both sides holds.

import Audio
import Foundation
import Lines
import Testing

/// Drives a line as a call does, and writes down what happens, in frames of 20 ms.
private struct Driver {
    let line: FileLine
    private(set) var frames = 0
    /// "12 caller begins", "12 caller ends", "80 key 5": the story of the call.
    private(set) var story: [String] = []
    private(set) var heard: [Int16] = []
    private var isLoud = false

    init(_ line: FileLine) { self.line = line }

    /// Runs until something other than silence happens, at most `limit` frames.
    /// - Returns: false when the line has ended.
    @discardableResult mutating func run(frames limit: Int) async -> Bool {
        for _ in 0..<limit {
            switch await line.next() {
            case .frame(let frame):
                #expect(frame.sampleIndex == frames * line.band.frameLength)
                #expect(frame.samples.count == line.band.frameLength)
                let loud = frame.samples.contains { abs(Int($0)) > 100 }
                if loud != isLoud { story.append("\(frames) caller \(loud ? "begins" : "stops")") }
                isLoud = loud
                heard += frame.samples
                frames += 1
            case .key(let key): story.append("\(frames) key \(key)")
            case .text(let text): story.append("\(frames) text \(text)")
            case .ended(let end):
                story.append("\(frames) ended \(end)")
                return false
            }
        }
        return true
    }

    /// The assistant speaks for so many frames.
    mutating func say(_ count: Int, value: Int16 = 500) async {
        await line.play([Int16](repeating: value, count: count * line.band.frameLength))
        story.append("\(frames) assistant for \(count)")
    }
}

private func sound(_ frames: Int, value: Int16 = 8_000, band: Band = .telephone) -> [Int16] {
    [Int16](repeating: value, count: frames * band.frameLength)
}

@Suite struct TurnTakingTests {
    @Test(arguments: Band.allCases)
    func aCallWithAnswers(band: Band) async {
        var call = Driver(FileLine(turns: [.sound(sound(20, band: band)), .sound(sound(10, band: band))], band: band))
        await call.run(frames: 5)
        await call.say(50)
        // The greeting ends with frame 55; 300 ms later the first turn begins.
        await call.run(frames: 55 + 15 + 20 - 5 + 30)
        await call.say(10)
        await call.run(frames: 10 + 15 + 10 + 20)
        await call.say(4)
        await call.run(frames: 1_000)
        #expect(
            call.story == [
                "5 assistant for 50", "70 caller begins", "90 caller stops",
                "120 assistant for 10", "145 caller begins", "155 caller stops",
                "175 assistant for 4", "194 ended inputEnd",
            ])
    }

    @Test func theFirstTurnWaitsForTheWholeGreeting() async {
        var call = Driver(FileLine(turns: [.sound(sound(5))], band: .telephone))
        await call.say(10)
        await call.run(frames: 20)
        // The second sentence comes in the pause after the first: the caller waits on.
        await call.say(10)
        await call.run(frames: 40)
        #expect(call.story == ["0 assistant for 10", "20 assistant for 10", "45 caller begins", "50 caller stops"])
    }

    @Test func aTurnsOwnSilenceAtItsEndCountsAsWaiting() async {
        // The recording goes on for a second after the words; the answer comes in that second and counts.
        var call = Driver(FileLine(turns: [.sound(sound(10) + sound(50, value: 0)), .text("yes")], band: .telephone))
        await call.say(1)
        await call.run(frames: 16 + 10 + 35)
        await call.say(5)
        await call.run(frames: 60)
        #expect(call.story.last == "91 text yes", "\(call.story)")
    }

    @Test func whatIsSaidIntoATurnIsNoAnswerToIt() async {
        var call = Driver(FileLine(turns: [.sound(sound(30)), .text("yes")], band: .telephone))
        await call.say(1)
        await call.run(frames: 20)
        await call.say(3)
        await call.run(frames: 100)
        #expect(!call.story.contains { $0.contains("text") })
        await call.say(3)
        await call.run(frames: 20)
        #expect(call.story.last == "138 text yes", "\(call.story)")
    }

    @Test func withoutAnAnswerTheCallerGoesOnAfterHalfAMinute() async {
        var call = Driver(FileLine(turns: [.sound(sound(5)), .text("hello?")], band: .telephone))
        await call.run(frames: 10_000)
        #expect(
            call.story == [
                "1500 caller begins", "1505 caller stops", "3005 text hello?", "4505 ended inputEnd",
            ])
    }

    @Test func silenceLastsItsTimeWhateverIsSaid() async {
        var call = Driver(FileLine(turns: [.silence(2), .text("here I am")], band: .telephone))
        await call.say(1)
        await call.run(frames: 16 + 20)
        await call.say(10)
        await call.run(frames: 70)
        // The check-in is still being said when the two seconds are over: it is heard first.
        await call.say(20)
        await call.run(frames: 100)
        #expect(
            call.story == [
                "0 assistant for 1", "36 assistant for 10", "106 assistant for 20", "141 text here I am",
            ])
    }

    @Test func keysComeOneByOneAndTakeNoTimeThemselves() async {
        var call = Driver(FileLine(turns: [.keys("12#"), .text("done")], band: .telephone))
        await call.say(1)
        await call.run(frames: 60)
        #expect(call.story.dropFirst() == ["16 key 1", "22 key 2", "28 key #"])
        await call.say(1)
        await call.run(frames: 30)
        #expect(call.story.last?.hasSuffix("text done") == true)
    }

    @Test func turnsAreCounted() async {
        let line = FileLine(turns: [.text("a"), .text("b")], band: .telephone)
        var call = Driver(line)
        #expect(await line.turnsBegun == 0)
        await call.say(1)
        await call.run(frames: 20)
        #expect(await line.turnsBegun == 1)
        await call.say(1)
        await call.run(frames: 20)
        #expect(await line.turnsBegun == 2)
    }

    @Test func aCallWithoutTurnsEndsAfterTheGreeting() async {
        var call = Driver(FileLine(turns: [], band: .telephone))
        await call.say(10)
        await call.run(frames: 100)
        #expect(call.story == ["0 assistant for 10", "25 ended inputEnd"])
    }
}

@Suite struct HangingUpTests {
    @Test func theLineEndsAfterWhatIsStillToBePlayed() async {
        var call = Driver(FileLine(turns: [.sound(sound(50))], band: .telephone))
        await call.say(1)
        await call.run(frames: 20)
        await call.say(10)
        await call.line.hangUp()
        await call.run(frames: 100)
        #expect(
            call.story == [
                "0 assistant for 1", "16 caller begins", "20 assistant for 10", "20 caller stops", "30 ended hangup",
            ])
        #expect(await call.line.next() == .ended(.hangup))
    }

    @Test func stoppingSaysHowMuchWasNotHeard() async {
        var call = Driver(FileLine(turns: [], band: .telephone))
        await call.line.play(sound(10) + [1, 2, 3])
        await call.run(frames: 4)
        #expect(await call.line.toBePlayed == 6 * 160 + 3)
        #expect(await call.line.stopPlaying() == 6 * 160 + 3)
        #expect(await call.line.toBePlayed == 0)
        #expect(await call.line.stopPlaying() == 0)
    }
}

@Suite struct ContinuousTests {
    @Test func theCallerSpeaksWhateverIsSaidAndStaysForTheAnswer() async {
        var call = Driver(FileLine(continuous: sound(30) + [9_000], band: .telephone))
        await call.say(100)
        await call.run(frames: 80)
        await call.say(100)
        await call.run(frames: 1_000)
        #expect(
            call.story == [
                "0 assistant for 100", "0 caller begins", "31 caller stops", "80 assistant for 100",
                "200 ended inputEnd",
            ])
    }

    @Test func withNothingToHearTheCallEndsAfterTwoSeconds() async {
        var call = Driver(FileLine(continuous: sound(10), band: .wideband))
        await call.run(frames: 1_000)
        #expect(call.story.last == "105 ended inputEnd")
    }

    @Test func aFileIsReadAsItIsNeededAndWhole() async throws {
        let file = ScratchPath()
        let writer = try WaveWriter(path: file.path, rate: 16_000, channels: 1)
        let whole = (0..<16_000 * 3 + 77).map { Int16(truncatingIfNeeded: 8_000 + $0 % 100) }
        try writer.write(whole)
        try writer.close()
        var call = Driver(try FileLine(continuousFile: file.path, band: .wideband))
        await call.run(frames: 1_000)
        #expect(Array(call.heard.prefix(whole.count)) == whole)
        #expect(call.heard.dropFirst(whole.count).allSatisfy { $0 == 0 })
        #expect(call.story == ["0 caller begins", "151 caller stops", "251 ended inputEnd"])
    }

    @Test func aMissingFileIsAnErrorBeforeTheCall() {
        #expect(throws: WaveFileError.self) { try FileLine(continuousFile: "/nonexistent.wav", band: .telephone) }
        #expect(throws: WaveFileError.self) { try CallerTurn.recording("/nonexistent.wav", band: .telephone) }
    }
}

@Suite struct RecordingTests {
    @Test func bothSidesStandSideBySideAndWhatWasCutIsNotThere() async throws {
        let file = ScratchPath()
        let recorder = try WaveWriter(path: file.path, rate: 8_000, channels: 2)
        var call = Driver(FileLine(turns: [.sound(sound(10))], band: .telephone, recorder: recorder))
        await call.say(5, value: 300)
        await call.run(frames: 20 + 4)
        await call.say(50, value: 700)
        await call.run(frames: 3)
        await call.line.stopPlaying()
        await call.run(frames: 13)
        await call.line.hangUp()
        #expect(await call.line.recordingFailure == nil)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path)).dropFirst(44)
        let all = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
            Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8)
        }
        let left = stride(from: 0, to: all.count, by: 2 * 160).map { all[$0] }
        let right = stride(from: 1, to: all.count, by: 2 * 160).map { all[$0] }
        #expect(
            left == [Int16](repeating: 0, count: 20) + [Int16](repeating: 8_000, count: 10)
                + [Int16](repeating: 0, count: 10))
        #expect(
            right == [Int16](repeating: 300, count: 5) + [Int16](repeating: 0, count: 19)
                + [Int16](repeating: 700, count: 3) + [Int16](repeating: 0, count: 13))
    }

    @Test func theCallGoesOnWithoutARecordingThatFails() async throws {
        let file = ScratchPath()
        let recorder = try WaveWriter(path: file.path, rate: 8_000, channels: 2)
        // Closed too early, it fails like one on a full disk.
        try recorder.close()
        var call = Driver(FileLine(continuous: sound(10), band: .telephone, recorder: recorder))
        await call.run(frames: 1_000)
        #expect(call.story.last == "110 ended inputEnd")
        let failure = await call.line.recordingFailure
        #expect(failure == .cannotWrite(path: file.path, reason: "it was closed before"))
    }
}

/// A path of its own in the temporary folder; the file there is removed with the value.
private final class ScratchPath {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("rozmova-\(UUID().uuidString).wav").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
