// Digital silence becomes something like the room, and not too much of it.

import Testing

@testable import Hearing

@Suite("Gaps without any sound") struct RoomToneTests {
    private let speech = [Int16](repeating: 900, count: 320)

    private func filled(_ chunks: [[Int16]]) -> [Int16] {
        var tone = RoomTone(rate: 16_000)
        return chunks.flatMap { tone.filled($0) }
    }

    @Test("Zeros before the first sound stay as they are") func before() {
        let zeros = [Int16](repeating: 0, count: 640)
        #expect(filled([zeros, speech]) == zeros + speech)
    }

    @Test("A long gap is cut short, in however many pieces it comes, and none of it is silent")
    func gap() {
        let zeros = [Int16](repeating: 0, count: 320)
        let whole = filled([speech, [Int16](repeating: 0, count: 3_200), speech])
        #expect(whole.count == 2 * speech.count + 1_280, "80 ms")
        #expect(whole.allSatisfy { $0 != 0 })
        #expect(filled([speech] + Array(repeating: zeros, count: 10) + [speech]) == whole)
        // The next gap is a new one.
        #expect(filled([speech, zeros, speech, zeros, speech]).count == 5 * 320)
    }

    @Test("Single zeros are sound; an end in zeros is no trouble") func single() {
        var wave = speech
        for index in stride(from: 0, to: wave.count, by: 7) { wave[index] = 0 }
        #expect(filled([wave]) == wave)
        let ending = speech.prefix(159) + [0]
        #expect(filled([Array(ending)]) == Array(ending))
    }
}
