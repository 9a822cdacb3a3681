// What every utterance of the assistant has in common: it begins at once, ends with a short pause, and is equally loud.
// In: samples as the engine gives them. Out: the same, trimmed and levelled.

import Foundation

enum Loudness {
    /// The level of speech, pauses apart: -20 dBFS, as loud as telephone networks expect it, with room for peaks.
    static let target = 0.1
    /// No sample goes beyond: -1 dBFS leaves room for what resampling adds.
    static let ceiling = 0.89
    /// Below this share of full scale (-54 dBFS at the final level) it is silence.
    private static let silence = 0.002
    /// The pause after a sentence, in seconds.
    static let pause = 0.2
    /// Kept before the first sound, so that a soft beginning is not cut off.
    private static let margin = 0.004
    private static let block = 0.02

    /// Trims and levels `samples`; what is silent throughout gives nothing.
    static func evened(_ samples: [Int16], rate: Int) -> [Int16] {
        let level = speechLevel(samples, rate: rate)
        guard level > 0 else { return [] }
        let peak = Double(samples.reduce(0) { max($0, $1.magnitude) }) / 32_768
        let gain = min(target / level, ceiling / peak)
        let threshold = UInt16(clamping: Int(silence / gain * 32_768))
        guard let first = samples.firstIndex(where: { $0.magnitude > threshold }),
            let last = samples.lastIndex(where: { $0.magnitude > threshold })
        else { return [] }
        let edge = Int(margin * Double(rate))
        let sound = samples[max(0, first - edge)...min(samples.count - 1, last + edge)]
        var result: [Int16] = []
        result.reserveCapacity(sound.count + Int(pause * Double(rate)))
        for (index, sample) in sound.enumerated() {
            let fade = min(1, Double(min(index, sound.count - 1 - index)) / Double(edge))
            result.append(Int16(clamping: Int((Double(sample) * gain * fade).rounded())))
        }
        return result + [Int16](repeating: 0, count: Int(pause * Double(rate)))
    }

    /// The root mean square of the blocks that are not silence, as a share of full scale.
    static func speechLevel(_ samples: [Int16], rate: Int) -> Double {
        let length = max(1, Int(block * Double(rate)))
        let powers = stride(from: 0, to: samples.count, by: length).map { start in
            let block = samples[start..<min(start + length, samples.count)]
            return block.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(block.count)
        }
        // Speech is what is less than 30 dB under the loudest block.
        guard let loudest = powers.max(), loudest > 0 else { return 0 }
        let speech = powers.filter { $0 > loudest / 1000 }
        return (speech.reduce(0, +) / Double(speech.count)).squareRoot() / 32_768
    }
}
