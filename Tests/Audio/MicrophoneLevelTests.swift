// What an operator is told of a microphone: from customers, each as loud as their loudest utterance.

import Audio
import Testing

@Suite("The level of a stand's microphone")
struct MicrophoneLevelTests {
    private static func verdict(_ levels: [Double]) -> MicrophoneLevel.Verdict {
        var microphone = MicrophoneLevel()
        for level in levels { microphone.hear(customer: level) }
        return microphone.verdict
    }

    @Test(
        "Three customers tell, one loud voice does not, and what was long ago is forgotten",
        arguments: [
            ([], .unknown), ([-50, -50], .unknown), ([-50, -51, -49], .faint), ([-10, -11, -8], .loud),
            ([-26, -30, -22], .fine), ([-26, -8, -30], .fine),
            ([-50, -50, -50] + [Double](repeating: -26, count: 9), .fine),
        ] as [([Double], MicrophoneLevel.Verdict)])
    func verdicts(levels: [Double], verdict: MicrophoneLevel.Verdict) {
        #expect(Self.verdict(levels) == verdict, "\(levels)")
    }
}
