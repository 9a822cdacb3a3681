// How loud each frame of an utterance is. In: its samples. Out: a level in dB for each frame of the engine, and whether any voice
// would be so steady.

import Foundation

/// Levels of the frames that a decoder counts. As the decoder, it does not count digital silence before the first sound.
struct FrameLevels {
    /// One for each whole frame, in dB over one step of a sample.
    private(set) var values: [Double] = []
    private let length: Int
    private var count = 0
    private var energy = 0.0
    private var hasBegun = false

    /// So many frames in a row that differ by so many dB at most, all within so many of the loudest, are a tone or a hum: of 560
    /// utterances, of people, synthesisers and televisions, none has more than 32, a dial tone and mains hum have 91 to 300.
    private static let (steady, apart, near) = (45, 2.0, 6.0)

    /// Whether this is a tone or a hum, which fits the vowel of some word.
    var isSteady: Bool {
        let faintest = (values.max() ?? 0) - Self.near
        return values.indices.dropLast(Self.steady - 1).contains { first in
            let run = values[first..<first + Self.steady]
            guard let low = run.min(), let high = run.max() else { return false }
            return low >= faintest && high - low <= Self.apart
        }
    }

    /// - Parameter rate: samples a second.
    init(rate: Int) { length = Int(Double(rate) * Decoder.frameSeconds) }

    /// Takes the next samples.
    mutating func hear(_ samples: [Int16]) {
        for sample in samples where hasBegun || sample != 0 {
            hasBegun = true
            energy += Double(sample) * Double(sample)
            count += 1
            guard count == length else { continue }
            values.append(10 * log10(energy / Double(length) + 1))
            (count, energy) = (0, 0)
        }
    }
}
