// What one pass of an engine says about an utterance, as values.

/// A word or phone that a pass found, where, and how well the sound fitted.
struct Segment: Equatable {
    /// As the network spells it; a phone of the model in a phone loop.
    let label: String
    /// How the word was pronounced; none in a phone loop.
    let phones: [String]
    /// Sound that is no word: silence, noise, breath.
    let isFiller: Bool
    /// First and last frame of 10 ms.
    let frames: ClosedRange<Int>
    /// Logarithm of the likelihood, in the engine's own unit; lower is worse.
    let acousticScore: Int
    /// How likely the network held the word to be here, in the same unit; 0 in a phone loop.
    let networkScore: Int
}

/// One word sequence and its score, in the engine's own unit.
struct Reading: Equatable {
    let words: [String]
    let score: Int
}
