// What a recogniser is given of a room. In: a microphone's frames. Out: the same as they are in a quiet room, without their
// steady noise in a loud one; never changed in the middle of an utterance.

/// Takes noise out where there is much of it and it is even: what is not there is not taken out, and with music fewer words
/// are understood without it than with it.
public struct QuietedRoom: ~Copyable, Sendable {
    /// Noise, in dBFS, from which on it is taken out, and below which no more.
    private static let (loud, calm) = (-58.0, -61.0)
    /// Decibels of its spread, below which it is taken out, and from which on no more.
    private static let (even, lively) = (1.1, 1.4)

    private let frameLength: Int
    private var remover: NoiseRemover
    private var level: RoomLevel
    private var isLoud = false

    /// For sound of `band`.
    public init(band: Band) {
        frameLength = band.frameLength
        remover = NoiseRemover(band: band)
        level = RoomLevel(band: band)
    }

    /// Takes the next frame and gives what is to be heard of it; a shorter one, at the end of a recording, is left alone.
    public mutating func hear(_ samples: [Int16], inSpeech isSpeaking: Bool) -> [Int16] {
        guard samples.count == frameLength else { return samples }
        level.hear(samples)
        // In quiet rooms too: it has to know the noise by the time that it is wanted.
        let cleaned = remover.clean(samples)
        if !isSpeaking {
            isLoud =
                level.noise > (isLoud ? Self.calm : Self.loud) && level.spread < (isLoud ? Self.lively : Self.even)
        }
        return isLoud ? cleaned : samples
    }
}
