// The sound that says: I am listening. In: a band. Out: two tones, rising.

import Foundation

/// Sounds that are no speech.
public enum Chime {
    /// Two tones of 90 ms, a fifth apart, faded in and out; quiet enough beside speech at -20 dBFS.
    public static func listening(_ band: Band) -> [Int16] {
        let length = band.rate * 90 / 1_000
        return [660.0, 990.0].flatMap { hertz in
            (0..<length).map { index in
                let fade = min(1, Double(min(index, length - index)) / Double(band.rate) * 100)
                return Int16(3_000 * fade * sin(2 * .pi * hertz * Double(index) / Double(band.rate)))
            }
        }
    }
}
