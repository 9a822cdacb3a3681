// Waits for one phrase. In: a room's frames. Out: whether the phrase was said just now. Works only while somebody speaks,
// keeps no more sound than the detector of speech needs, and recognises nothing else.

public import Audio
import Platform

/// Hears a wake phrase with PocketSphinx' keyword spotting.
public actor PhraseSpotter: Spotting {
    /// Likelier than other sounds by this power of ten, where nobody has tuned it for the room: `rozmova kiosk tune`. People
    /// close by reach 1e0 and more, 20 dB above noise most reach this; 22 minutes of other people's words do not.
    public static let usualThreshold = -40.0

    /// Noise weakens every find. From this noise on, in dBFS, so many powers of ten a decibel are made up for, up to a limit: of
    /// twelve recordings at -26 dBFS all twelve reach 1e-40 over white noise at -46 and at -40, which 10 and 5 did as they were.
    /// In 56 minutes of other people's words over noise at -46 to -36 the strongest find was 1e-60, and 1e-70 the next.
    private static let (quiet, perDecibel, most) = (-53.0, 1.2, 16.0)

    private let executor: PinnedExecutor
    private let band: Band
    private let threshold: Double
    private var decoder: Decoder
    private var noise: NoiseRemover
    private var room: RoomLevel
    private var detector: EndpointDetector
    private var preRoll: PreRoll
    private var isListening = false

    /// A thread of its own: PocketSphinx takes its time.
    nonisolated public var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Prepares to wait for `phrase`, in the spelling of the dictionary or pronounced by the lexicon's voice.
    /// - Parameter threshold: the power of ten that a find has to reach; lower hears the phrase more often, and where it
    ///   was not said.
    public init(
        models: ModelPaths, lexicon: Lexicon, phrase: String, threshold: Double = PhraseSpotter.usualThreshold
    ) async throws(RecognizingError) {
        let words = Self.words(of: phrase)
        guard !words.isEmpty else { throw .network("a wake phrase without words") }
        let pronunciations = try await lexicon.pronunciations(of: Set(words))
        executor = PinnedExecutor(name: "wake")
        band = .wideband
        self.threshold = threshold
        noise = NoiseRemover(band: band)
        room = RoomLevel(band: band)
        detector = EndpointDetector(band: band)
        preRoll = PreRoll(band: band)
        var decoder = try Decoder(acousticModel: models.acousticModel, settings: DecoderSettings.phrase)
        try decoder.loadPhrase(words, pronunciations: pronunciations)
        self.decoder = decoder
    }

    /// Takes the next 20 ms; true once, where the phrase has just been said.
    public func hear(_ frame: AudioFrame) throws(RecognizingError) -> Bool {
        guard let strength = try strength(with: frame), strength >= threshold else { return false }
        forget()
        return true
    }

    /// What comes next is another moment, in the same room.
    public func forget() {
        decoder.abandon()
        detector = EndpointDetector(band: band)
        preRoll.forget()
        isListening = false
    }

    /// How strongly the phrase is found in each utterance of a recording; those without a find are left out.
    public func strengths(in samples: [Int16]) throws(RecognizingError) -> [Double] {
        forget()
        // Another room than this stand's.
        noise = NoiseRemover(band: band)
        room = RoomLevel(band: band)
        defer { forget() }
        var found: [Double] = []
        var best: Double?
        for start in stride(from: 0, to: samples.count - band.frameLength, by: band.frameLength) {
            let frame = AudioFrame(sampleIndex: start, samples: Array(samples[start..<start + band.frameLength]))
            let strength = try strength(with: frame)
            if let strength { best = max(best ?? strength, strength) }
            if !isListening, let strongest = best.take() { found.append(strongest) }
        }
        if let best { found.append(best) }
        return found
    }

    /// The strongest find in the utterance under way, while there is one, as it would be in a quiet room.
    private func strength(with frame: AudioFrame) throws(RecognizingError) -> Double? {
        room.hear(frame.samples)
        return try found(with: frame).map { $0 + Self.lost(in: room.noise) }
    }

    /// By how many powers of ten finds are weaker in a room of this noise.
    private static func lost(in noise: Double) -> Double { min(most, max(0, (noise - quiet) * perDecibel)) }

    private func found(with frame: AudioFrame) throws(RecognizingError) -> Double? {
        let frame = AudioFrame(sampleIndex: frame.sampleIndex, samples: noise.clean(frame.samples))
        preRoll.hear(frame)
        if isListening { decoder.hear(frame.samples) }
        switch detector.hear(frame) {
        case .speechStarted(let start):
            try decoder.begin(prior: .wideband)
            decoder.hear(preRoll.since(start))
            isListening = true
        case .speechEnded:
            let last = decoder.strength()
            decoder.abandon()
            isListening = false
            return last
        case nil: break
        }
        return isListening ? decoder.strength() : nil
    }

    /// "Hello, Corner Kitchen!" as the dictionary has it.
    private static func words(of phrase: String) -> [String] {
        phrase.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    }
}
