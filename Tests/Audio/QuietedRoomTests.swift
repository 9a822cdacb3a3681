// What is left of a room's noise in front of the recogniser: little of much, all of little, and the same through an utterance.

import Audio
import Foundation
import Testing

@Suite("A room without its noise")
struct QuietedRoomTests {
    /// Even noise of an amplitude, in frames.
    private static func noise(_ amplitude: Int, frames: Int) -> [[Int16]] {
        var state: UInt32 = 1
        return (0..<frames).map { _ in
            (0..<Band.wideband.frameLength).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Int16(Int(state >> 16) % (2 * amplitude) - amplitude)
            }
        }
    }

    @Test("Much noise is turned down after some seconds, little is left as it is")
    func levels() {
        for (amplitude, isLoud) in [(20, false), (400, true)] {
            var room = QuietedRoom(band: .wideband)
            var heard: [Int16] = []
            let frames = Self.noise(amplitude, frames: 250)
            for frame in frames { heard = room.hear(frame, inSpeech: false) }
            let last = frames.last ?? []
            let gone = SoundLevel.ofFrame(last[...]) - SoundLevel.ofFrame(heard[...])
            #expect(isLoud ? gone > 6 : heard == last, "\(gone) dB at \(amplitude)")
        }
    }

    @Test("What is loud but not even, such as music, is left as it is")
    func lively() {
        var room = QuietedRoom(band: .wideband)
        for (index, frame) in Self.noise(400, frames: 500).enumerated() {
            // Four beats a second that fade by 11 dB.
            let beat = frame.map { Int16(Double($0) * pow(10, -Double(index % 12) / 20)) }
            let heard = room.hear(beat, inSpeech: false)
            if index > 250 { #expect(heard == beat, "frame \(index)") }
        }
    }

    @Test("In the middle of an utterance nothing changes, and a frame that is too short is left alone")
    func speech() {
        var room = QuietedRoom(band: .wideband)
        for frame in Self.noise(400, frames: 250) {
            let heard = room.hear(frame, inSpeech: true)
            #expect(heard == frame)
        }
        let short = room.hear([1, 2, 3], inSpeech: false)
        #expect(short == [1, 2, 3])
    }
}
