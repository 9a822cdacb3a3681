// Wideband lines carry telephones too: an exchange that speaks G.722 puts a caller from the telephone network through with
// the upper octave empty. In: an utterance at 16,000 samples a second. Out: whether it is such a one.

import Foundation

enum NarrowSound {
    /// Hz above which a telephone has nothing.
    private static let edge = 4_600.0
    /// Decibels of what is above the edge beside all: 160 wideband recordings, of people too, have at least -42, most -20;
    /// 46 of telephones, at 16,000 samples a second, at most -45, through G.722 nearly all less than -43.
    private static let most = -43.0
    /// Of what is fainter, in dBFS, nothing can be said.
    private static let faintest = -60.0

    /// A high-pass filter: an impulse less a low-pass filter, a sinc in a Hamming window.
    private static let filter: [Float] = {
        let length = 63
        let middle = Double(length - 1) / 2
        let low = (0..<length).map { index -> Double in
            let time = Double(index) - middle
            let phase = 2 * Double.pi * edge / 16_000 * time
            let sinc = time == 0 ? 1 : sin(phase) / phase
            return sinc * (0.54 - 0.46 * cos(2 * Double.pi * Double(index) / Double(length - 1)))
        }
        let sum = low.reduce(0, +)
        return low.enumerated().map { Float((Double($0) == middle ? 1 : 0) - $1 / sum) }
    }()

    /// Whether `samples` came through a telephone on their way.
    static func isTelephone(_ samples: [Int16]) -> Bool {
        guard samples.count > filter.count else { return false }
        let sound = samples.map { Float($0) }
        var high = 0.0
        for start in 0..<(sound.count - filter.count) {
            var sum: Float = 0
            for index in filter.indices { sum += filter[index] * sound[start + index] }
            high += Double(sum * sum)
        }
        let all = sound.reduce(0.0) { $0 + Double($1 * $1) }
        let level = 10 * log10(all / Double(sound.count) / (32_768 * 32_768) + 1e-12)
        return level > faintest && 10 * log10(high / all + 1e-12) < most
    }
}
