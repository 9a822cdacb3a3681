// Sounds that are voices and sounds that are not, of which a call has to know after a moment.

import Foundation
import Testing

@testable import Audio

@Suite("Voices told from other sounds")
struct VoicingTests {
    private static func sound(_ wave: (_ time: Double) -> Double) -> [Float] {
        (0..<Voicing.past).map { Float(wave(Double($0) / Double(Voicing.rate))) }
    }

    @Test("A vowel whose pitch moves is a voice, of a man, a woman or a child", arguments: [90.0, 200, 350])
    func vowel(pitch: Double) {
        #expect(
            Voicing.isVoice(
                Self.sound { time in
                    let beat = 2 * .pi * pitch * (time + 0.5 * time * time)
                    return (2...5).reduce(0) { $0 + sin(Double($1) * beat) }
                }))
    }

    @Test("A tone and a chord that stay as they are are none", arguments: [[425.0], [262, 330, 392], [50, 150, 300]])
    func tone(pitches: [Double]) {
        #expect(!Voicing.isVoice(Self.sound { time in pitches.reduce(0) { $0 + sin(2 * .pi * $1 * time) } }))
    }

    @Test("Noise is none, nor silence, nor less than what is needed")
    func noise() {
        var dice = Dice(3)
        #expect(!Voicing.isVoice(Self.sound { _ in dice.roll() }))
        #expect(!Voicing.isVoice(Self.sound { _ in 0 }))
        #expect(!Voicing.isVoice([0.1, -0.1]))
    }

    @Test("A microphone's frames are looked at as a telephone's are", arguments: Band.allCases)
    func bands(band: Band) {
        var detector = EndpointDetector(band: band)
        let voice = (0..<band.rate).map { index in
            let time = Double(index) / Double(band.rate)
            let beat = 2 * .pi * 150 * (time + 0.3 * time * time)
            return Int16(2_000 * (2...8).reduce(0) { $0 + sin(Double($1) * beat) } / 3)
        }
        var voiced = 0
        for start in stride(from: 0, to: voice.count, by: band.frameLength) {
            _ = detector.hear(
                AudioFrame(sampleIndex: start, samples: Array(voice[start..<start + band.frameLength])))
            voiced += detector.isVoiced ? 1 : 0
        }
        // A few frames have to be known first, and now and then the pitch passes by itself.
        #expect(voiced >= 20, "\(voiced) of 50 frames")
    }
}
