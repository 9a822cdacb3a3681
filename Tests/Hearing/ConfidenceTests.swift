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

    @Test func wordsThatCoverTheSpeechAreComparedFrameByFrame() {
        let evidence = Evidence(
            heard: [word("<sil>", 0...19, -12), word("two", 20...59, -31), word("pizzas", 60...119, -36)],
            loop: loop, lead: 90)
        #expect(evidence.difference == -4)  // 40 frames by 1, 60 by 6
        #expect(evidence.worstWord == -6)
        #expect(evidence.unexplained == 0)
        #expect(evidence.speechSeconds == 1)
        #expect(evidence.words == 2)
        #expect(evidence.lead == 90)
    }

    @Test func speechThatNoWordExplainsCounts() {
        let evidence = Evidence(heard: [word("yes", 20...59, -30)], loop: loop, lead: 9_000)
        #expect(evidence.unexplained == 0.6)
        #expect(evidence.lead == Evidence.fullLead)
    }

    @Test func passesOfDifferentLengthsAreCompared() {
        let evidence = Evidence(heard: [word("yes", 0...199, -30)], loop: [word("AH", 0...9, -30)], lead: -5)
        #expect(evidence.difference.isFinite && evidence.lead == 0)
    }

    @Test func worseEvidenceIsLessConfidence() {
        func confidence(fit: Int, until end: Int) -> Double {
            Confidence.standard(.wideband).of(Evidence(heard: [word("yes", 20...end, fit)], loop: loop, lead: 200))
        }
        let good = confidence(fit: -31, until: 119)
        #expect(good > 0.8)
        #expect(confidence(fit: -70, until: 119) < 0.4)
        #expect(confidence(fit: -31, until: 59) < good)
        #expect(Confidence.ofAlternative(behind: 0, best: good) < good)
        #expect(Confidence.ofAlternative(behind: 600, best: good) < 0.1)
    }
}
