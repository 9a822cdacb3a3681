// How loud a room is while nobody speaks. In: every frame of a stream. Out: a level that follows the room in two seconds.

/// Follows the noise of one stream.
public struct RoomLevel: Sendable {
    private var evidence: SpeechEvidence

    /// For sound of `band`.
    public init(band: Band) { evidence = SpeechEvidence(rate: band.rate) }

    /// Takes the next frame.
    public mutating func hear(_ samples: [Int16]) {
        evidence.hear(samples)
        if !evidence.voice.standsOut { evidence.wasNoSpeech() }
    }

    /// Above 200 Hz, in dBFS, at least -70.
    public var noise: Double { evidence.voice.floor }

    /// How many decibels frames stand above `noise` in the mean, at most 4: 0.6 where the noise is even, several over music.
    public var spread: Double { evidence.voice.spread }
}
