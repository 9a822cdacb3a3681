// How a caller's voice and line colour what is said. In: what a recogniser measured in each utterance. Out: what it may assume of
// the next one of the same call.

/// The mean of a recogniser's coefficients over what was said in a call until now (cepstral mean normalisation). Nothing of the
/// words is in it.
public struct Channel: Sendable, Equatable {
    /// Sound of so many frames counts, some 10 s; older sound counts less.
    private static let most: Float = 1_000

    /// Of the model that measured it; to one of another band it says nothing.
    public let band: Band
    /// A mean for each coefficient.
    public private(set) var mean: [Float]
    /// Frames that it was taken of, of 10 ms.
    public private(set) var frames: Float

    /// Makes one of an utterance.
    public init(band: Band, mean: [Float], frames: Float) {
        self.band = band
        self.mean = mean
        self.frames = frames
    }

    /// Takes the next utterance of the same call.
    public mutating func take(_ next: Channel) {
        guard next.band == band, next.mean.count == mean.count else { return self = next }
        let all = frames + next.frames
        guard all > 0 else { return }
        for index in mean.indices { mean[index] += (next.mean[index] - mean[index]) * next.frames / all }
        frames = min(all, Self.most)
    }
}

extension Channel? {
    /// Takes the next utterance of a call of which nothing may be known yet.
    public mutating func take(_ next: Channel) {
        if self == nil { self = next } else { self?.take(next) }
    }
}
