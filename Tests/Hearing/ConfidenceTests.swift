// What evidence the two passes give, and what becomes of it.

import Audio
@testable import Hearing
import Foundation
import Testing

@Suite struct ConfidenceTests {
    private func word(_ label: String, _ phones: String, _ frames: ClosedRange<Int>, _ perFrame: Int) -> Segment {
        Segment(
            label: label, phones: phones.split(separator: " ").map(String.init),
            isFiller: label.hasPrefix("<") || label == "SIL", frames: frames,
            acousticScore: perFrame * frames.count, networkScore: label == "two" ? -70 : -80)
    }

    /// Silence, a hundred frames of speech in five phones, silence.
    private var loop: [Segment] {
        [word("SIL", "", 0...19, -10)]
            + ["T", "UW", "P", "IY", "Z"].enumerated()
            .map { word($1, "", (20 + $0 * 20)...(39 + $0 * 20), -30) }
            + [word("SIL", "", 120...139, -10)]
    }

    private let loud = [Double](repeating: 60, count: 140)

    @Test func noiseThatThePhoneLoopTakesForPhonesIsNoSpeech() {
        let levels = (0..<140).map { (20...59).contains($0) ? 60.0 : 30 }
        let evidence = Evidence(heard: [word("two", "T UW", 20...59, -30)], loop: loop, levels: levels)
        #expect(evidence.unexplained == 0)
    }

    @Test func framesHaveTheirLevels() {
        var levels = FrameLevels(rate: 16_000)
        levels.hear([0, 0, 0] + [Int16](repeating: 999, count: 150))
        levels.hear([Int16](repeating: 999, count: 10) + [Int16](repeating: 0, count: 200))
        #expect(levels.values.count == 2)
        #expect(levels.values.first.map { abs($0 - 59.99) < 0.01 } == true)
        #expect(levels.values.last == 0)
    }

    @Test(arguments: [(0.0, true), (200, true), (1_600, false)])
    func onlyWhatStaysAsLoudIsSteady(wobble: Double, isSteady: Bool) {
        var levels = FrameLevels(rate: 8_000)
        levels.hear([Int16](repeating: 60, count: 8_000))
        #expect(levels.isSteady, "a room")
        levels.hear(
            (0..<4_000).map { index in
                let loud = 2_000 + wobble * sin(Double(index) / 4_000 * 8 * .pi)
                return Int16(loud * sin(Double(index) / 8_000 * 850 * .pi))
            })
        #expect(levels.isSteady == isSteady)
    }

    @Test func wordsThatCoverTheSpeechAreComparedFrameByFrame() {
        let evidence = Evidence(
            heard: [
                word("<sil>", "", 0...19, -12), word("two", "T UW", 20...59, -31),
                word("peas", "P IY S", 60...119, -36),
            ],
            loop: loop, levels: loud)
        #expect(evidence.fit == -4)  // 40 frames by 1, 60 by 6
        #expect(evidence.mismatch == 0.2)  // Z for S
        #expect(evidence.density == 0)  // five phones, five heard
        #expect(evidence.faintness == 0)
        #expect(evidence.expectedness == -75)
        #expect(evidence.unexplained == 0)
    }

    @Test func wordsOutOfStepAndFaintOnesShow() {
        func pace(_ phones: String) -> Double {
            Evidence(heard: [word("two", phones, 20...59, -30)], loop: loop, levels: loud).pace
        }
        #expect(pace("T UW T UW T") < 0.1)  // 8 frames a phone
        #expect(pace("T UW T UW T UW T UW T UW T UW") > 0.5)
        #expect(pace("T UW") > 0.5)
        let evidence = Evidence(
            heard: [word("two", "T UW", 20...59, -30), word("peas", "P IY Z", 60...119, -30)], loop: loop,
            levels: (0..<140).map { $0 < 60 ? 60 : 45 })
        #expect(evidence.faintness == 15)
    }

    @Test func speechThatNoWordExplainsCounts() {
        let evidence = Evidence(heard: [word("two", "T UW", 20...59, -30)], loop: loop, levels: loud)
        #expect(evidence.unexplained == 0.6)
    }

    @Test func passesOfDifferentLengthsAreCompared() {
        let evidence = Evidence(
            heard: [word("yes", "Y EH S", 0...199, -30)], loop: [word("AH", "", 0...9, -30)], levels: [])
        #expect(!evidence.features.contains { !$0.isFinite })
    }

    @Test(arguments: Band.allCases) func worseEvidenceIsLessConfidence(_ band: Band) {
        func confidence(fit: Int, until end: Int, _ phones: String) -> Double {
            Confidence.standard(band).of(
                Evidence(heard: [word("two", phones, 20...end, fit)], loop: loop, levels: loud))
        }
        let phones = "T UW P IY Z T UW P IY Z"
        let good = confidence(fit: -31, until: 119, phones)
        #expect(good > 0.8)
        #expect(confidence(fit: -70, until: 119, phones) < 0.4)
        #expect(confidence(fit: -31, until: 59, phones) < good)
        #expect(confidence(fit: -31, until: 119, "AA B AA B AA B AA B AA B") < good)
        #expect(Confidence.ofAlternative(behind: 0, best: good) < good)
        #expect(Confidence.ofAlternative(behind: 600, best: good) < 0.1)
    }
}
