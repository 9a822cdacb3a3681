// A line that sends zeros while nobody speaks is unlike any room that the model has heard.

/// Replaces digital silence by what the line sounded like where it was quietest, before that by a faint noise; the same in
/// every utterance. Of a long silence only the beginning is heard: what is made up says nothing, and the phone loop takes
/// too much of it for speech (a word and half a second of zeros: confidence 0.06, without the zeros 0.81).
struct RoomTone {
    /// About −58 dBFS: a quiet room at a telephone.
    private static let amplitude: Int32 = 70
    /// Zeros in a row that no room brings forth.
    private static let longestPause = 40
    /// Samples that are looked at, and played again, as one.
    private static let window = 160
    /// Seconds of a silence that are heard.
    private static let longestSilence = 0.08

    /// Samples of a silence that are heard.
    private let longestSilence: Int
    private var state: UInt32 = 1
    private var hasBegun = false
    /// Made up since the last sound.
    private var madeUp = 0
    /// The quietest window of sound so far, then the same backwards, so that it can be played round and round.
    private var quietest: [Int16] = []
    private var energy = Int.max
    private var position = 0

    /// - Parameter rate: samples a second.
    init(rate: Int) { longestSilence = Int(Double(rate) * Self.longestSilence) }

    /// The samples with their runs of zeros filled or left out; zeros before the first sound stay, and are left out by the
    /// decoder.
    mutating func filled(_ samples: [Int16]) -> [Int16] {
        var filled: [Int16] = []
        filled.reserveCapacity(samples.count)
        var sound = 0
        var index = 0
        while index < samples.count {
            var end = index
            while end < samples.count, samples[end] == 0 { end += 1 }
            if end - index >= Self.longestPause {
                if hasBegun {
                    let heard = max(0, min(end - index, longestSilence - madeUp))
                    for _ in 0..<heard { filled.append(next()) }
                    madeUp += heard
                } else {
                    filled += samples[index..<end]
                }
                sound = end
            } else {
                filled += samples[index..<end]
            }
            if end < samples.count {
                filled.append(samples[end])
                hasBegun = true
                madeUp = 0
            }
            index = end + 1
            if min(index, samples.count) - sound >= Self.window {
                note(samples[sound..<sound + Self.window])
                sound += Self.window
            }
        }
        return filled
    }

    private mutating func note(_ sound: ArraySlice<Int16>) {
        let energy = sound.reduce(0) { $0 + Int($1) * Int($1) }
        guard energy < self.energy else { return }
        self.energy = energy
        quietest = sound + sound.reversed()
    }

    private mutating func next() -> Int16 {
        guard quietest.isEmpty else {
            position = (position + 1) % quietest.count
            return quietest[position]
        }
        // A linear congruential generator (Numerical Recipes) is noise enough.
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int16(truncatingIfNeeded: Int32(state >> 16) % (2 * Self.amplitude + 1) - Self.amplitude)
    }
}
