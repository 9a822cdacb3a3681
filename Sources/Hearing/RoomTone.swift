// A line that sends zeros while nobody speaks is unlike any room that the model has heard.

/// Replaces digital silence by a faint noise, the same in every utterance.
struct RoomTone {
    /// About −58 dBFS: a quiet room at a telephone.
    private static let amplitude: Int32 = 70
    /// Zeros in a row that no room brings forth.
    private static let longestPause = 40

    private var state: UInt32 = 1
    private var hasBegun = false

    /// The samples with their runs of zeros filled; zeros before the first sound stay, and are left out by the decoder.
    mutating func filled(_ samples: [Int16]) -> [Int16] {
        var filled = samples
        var index = 0
        while index < samples.count {
            var end = index
            while end < samples.count, samples[end] == 0 { end += 1 }
            if hasBegun, end - index >= Self.longestPause {
                for position in index..<end { filled[position] = next() }
            }
            if end < samples.count { hasBegun = true }
            index = max(end, index + 1)
        }
        return filled
    }

    /// A linear congruential generator (Numerical Recipes) is noise enough.
    private mutating func next() -> Int16 {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int16(truncatingIfNeeded: Int32(state >> 16) % (2 * Self.amplitude + 1) - Self.amplitude)
    }
}
