// What evidence the two passes give, and what becomes of it.

import Audio
@testable import Hearing
import Testing

@Suite struct ConfidenceTests {
    private func word(_ label: String, _ frames: ClosedRange<Int>, _ perFrame: Int) -> Segment {
        Segment(
            label: label, isFiller: label.hasPrefix("<") || label == "SIL", frames: frames,
            acousticScore: perFrame * frames.count)
    }

    /// Silence, a hundred frames of speech in five phones, silence.
    private var loop: [Segment] {
        [word("SIL", 0...19, -10)] + (0..<5).map { word("AH", (20 + $0 * 20)...(39 + $0 * 20), -30) }
            + [word("SIL", 120...139, -10)]
    }

    private let loud = [Double](repeating: 60, count: 140)

    @Test func noiseThatThePhoneLoopTakesForPhonesIsNoSpeech() {
        let levels = (0..<140).map { (20...59).contains($0) ? 60.0 : 30 }
        let evidence = Evidence(heard: [word("yes", 20...59, -30)], loop: loop, lead: 200, levels: levels)
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

    @Test func wordsThatCoverTheSpeechAreComparedFrameByFrame() {
        let evidence = Evidence(
            heard: [word("<sil>", 0...19, -12), word("two", 20...59, -31), word("pizzas", 60...119, -36)],
            loop: loop, lead: 90, levels: loud)
        #expect(evidence.difference == -4)  // 40 frames by 1, 60 by 6
        #expect(evidence.worstWord == -6)
        #expect(evidence.unexplained == 0)
        #expect(evidence.speechSeconds == 1)
        #expect(evidence.words == 2)
        #expect(evidence.lead == 90)
    }

    @Test func speechThatNoWordExplainsCounts() {
        let evidence = Evidence(heard: [word("yes", 20...59, -30)], loop: loop, lead: 9_000, levels: loud)
        #expect(evidence.unexplained == 0.6)
        #expect(evidence.lead == Evidence.fullLead)
    }

    @Test func passesOfDifferentLengthsAreCompared() {
        let evidence = Evidence(
            heard: [word("yes", 0...199, -30)], loop: [word("AH", 0...9, -30)], lead: -5, levels: [])
        #expect(evidence.difference.isFinite && evidence.lead == 0)
    }

    @Test func worseEvidenceIsLessConfidence() {
        func confidence(fit: Int, until end: Int) -> Double {
            Confidence.standard(.wideband).of(
                Evidence(heard: [word("yes", 20...end, fit)], loop: loop, lead: 200, levels: loud))
        }
        let good = confidence(fit: -31, until: 119)
        #expect(good > 0.8)
        #expect(confidence(fit: -70, until: 119) < 0.4)
        #expect(confidence(fit: -31, until: 59) < good)
        #expect(Confidence.ofAlternative(behind: 0, best: good) < good)
        #expect(Confidence.ofAlternative(behind: 600, best: good) < 0.1)
    }
}
