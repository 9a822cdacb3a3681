// Loud and faint callers on their way into a recogniser: by how much they are changed, and that it is one factor for all.

import Audio
import Foundation
import Synchronization
import Testing

@testable import Conversation

@Suite("An utterance at the level that is heard best")
struct LevelledUtteranceTests {
    /// Notes what a recogniser is given.
    private final class Ear: UtteranceRecognizing {
        let heard = Mutex<[Int16]>([])
        func hear(_ samples: [Int16]) { heard.withLock { $0 += samples } }
        func finish(isHurried: Bool) -> Recognition { Recognition(hypotheses: [], audioSeconds: 0, cpuSeconds: 0) }
        func abandon() {}
    }

    /// A second and a half of a tone behind half a second of a faint one, in dBFS.
    private static func tone(_ level: Double) -> [Int16] {
        func part(_ seconds: Double, _ level: Double) -> [Int16] {
            let amplitude = 32_768 * pow(10, level / 20) * 2.0.squareRoot()
            return (0..<Int(seconds * 16_000)).map {
                Int16(clamping: Int(amplitude * sin(2 * .pi * 440 * Double($0) / 16_000)))
            }
        }
        return part(0.5, -60) + part(1.5, level)
    }

    private static func level(_ samples: ArraySlice<Int16>) -> Double { SoundLevel.ofFrame(samples) }

    private static func heard(_ said: [Int16], usual: Double?) async -> [Int16] {
        let ear = Ear()
        let utterance = LevelledUtterance(ear, band: .wideband, usual: usual)
        for start in stride(from: 0, to: said.count, by: 320) {
            await utterance.hear(Array(said[start..<start + 320]))
        }
        _ = await utterance.finish()
        return ear.heard.withLock { $0 }
    }

    @Test(
        "Who is loud is lowered, who was faint is raised, and most people are left alone",
        arguments: [
            (-26.0, nil, 0.0), (-26, -24, 0), (-35, nil, 0), (-35, -33, 0),
            (-12, nil, -15), (-6, -24, -21), (-18, -20, -9),
            (-48, nil, 0), (-48, -48, 18), (-60, -60, 20),
            // Somebody faint who comes close is not raised into the red.
            (-30, -48, 10), (-21, -48, 1),
        ] as [(Double, Double?, Double)])
    func gains(said: Double, usual: Double?, wanted: Double) async {
        let sound = Self.tone(said)
        let heard = await Self.heard(sound, usual: usual)
        #expect(heard.count == sound.count)
        for part in [4_000..<7_680, 9_600..<16_000, 16_000..<32_000] {
            let change = Self.level(heard[part]) - Self.level(sound[part])
            #expect(abs(change - wanted) < 0.5, "\(said), \(usual ?? 0): \(change) dB in \(part)")
        }
    }

    @Test("An utterance shorter than what is held back is heard whole")
    func short() async {
        let said = Array(Self.tone(-12).dropFirst(8_000).prefix(3_200))
        let heard = await Self.heard(said, usual: nil)
        #expect(heard.count == said.count)
        #expect(abs(Self.level(heard[...]) + 27) < 0.5)
    }
}
