// How loud each frame of an utterance is. In: its samples. Out: a level in dB for each frame of the engine.

import Foundation

/// Levels of the frames that a decoder counts. As the decoder, it does not count digital silence before the first sound.
struct FrameLevels {
    /// One for each whole frame, in dB over one step of a sample.
    private(set) var values: [Double] = []
    private let length: Int
    private var count = 0
    private var energy = 0.0
    private var hasBegun = false

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
