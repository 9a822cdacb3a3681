// The assistant's voice: sentences in, samples in the line's band out, from the cache where they were said before.
// And the transcriber: words in, the International Phonetic Alphabet out.

public import Audio
public import Foundation

/// Speaks, and says how words are pronounced, in every language that it has a voice for.
public actor Speaker: Synthesizing, Pronouncing {
    private let voices: [String: Voice]
    private let data: URL?
    private var cache: SpeechCache
    private var transcriptions: [String: String] = [:]
    /// A large catalogue's words; what comes beyond is transcribed each time.
    private static let mostTranscriptions = 50_000

    /// Makes a voice.
    /// - Parameters:
    ///   - voices: one for each language; of two the first.
    ///   - cacheBytes: what its cache may hold; a minute of speech takes 1 MB in the telephone band, 2 MB at a kiosk.
    ///   - data: the folder that `espeak-ng-data` stands in; nil is where the library was installed.
    public init(voices: [Voice], cacheBytes: Int = 16 << 20, data: URL? = nil) {
        self.voices = Dictionary(voices.map { ($0.language, $0) }) { first, _ in first }
        self.data = data
        cache = SpeechCache(limit: cacheBytes)
    }

    /// Starts the engine and makes sure that it has a voice for each language.
    public func start() async throws(SynthesizingError) {
        for voice in voices.values.sorted(by: { $0.language < $1.language }) {
            try await Engine.shared.check(voice, data: data)
        }
    }

    /// Makes standing prompts ahead of their first use.
    public func prepare(_ speeches: [String], language: String, band: Band) async throws(SynthesizingError) {
        for speech in speeches {
            for sentence in Wording.sentences(of: speech) {
                _ = try await samples(of: sentence, language: language, band: band, isStanding: true)
            }
        }
    }

    /// Speaks `text`; each sentence ends with a pause of 0.2 s, so that sentences can be played one behind the other.
    public func synthesize(_ text: String, language: String, band: Band) async throws(SynthesizingError) -> [Int16] {
        var samples: [Int16] = []
        for sentence in Wording.sentences(of: text) {
            samples += try await self.samples(of: sentence, language: language, band: band, isStanding: false)
        }
        return samples
    }

    /// The sentences of a text; see `Wording`.
    public nonisolated func sentences(of speech: String) -> [String] { Wording.sentences(of: speech) }

    /// The pronunciation of `word`, without spaces and marks of other languages; with stress marks.
    public func ipa(of word: String, language: String) async throws(SynthesizingError) -> String {
        let voice = try voice(of: language)
        let plain = Wording.respelled(Wording.plain(word), voice.respellings)
        guard !plain.isEmpty else { return "" }
        let key = "\(language) \(plain)"
        if let known = transcriptions[key] { return known }
        let raw = try await Engine.shared.ipa(of: plain, voice: voice, data: data)
        // A word of another language comes as "(uk)…(en-us)".
        let ipa = raw.replacing(#/\([^)]*\)/#, with: "").filter { !$0.isWhitespace && $0 != "_" }
        if transcriptions.count < Self.mostTranscriptions { transcriptions[key] = ipa }
        return ipa
    }

    /// What the cache holds and what it was good for.
    public var statistics: CacheStatistics { cache.statistics }

    private func samples(
        of sentence: String, language: String, band: Band, isStanding: Bool
    ) async throws(SynthesizingError) -> [Int16] {
        let voice = try voice(of: language)
        let key = SpeechCache.Key(text: sentence, language: language, band: band)
        if let samples = cache.samples(for: key) { return samples }
        let (raw, rate) = try await Engine.shared.samples(
            of: Wording.respelled(sentence, voice.respellings), voice: voice,
            data: data)
        let samples = await Self.finished(raw, rate: rate, band: band)
        cache.offer(samples, for: key, isStanding: isStanding)
        return samples
    }

    /// Beside the actor, so that nobody who only wants the cache waits for it.
    @concurrent private static func finished(_ raw: [Int16], rate: Int, band: Band) async -> [Int16] {
        Resampler.convert(Loudness.evened(raw, rate: rate), from: rate, to: band.rate)
    }

    private func voice(of language: String) throws(SynthesizingError) -> Voice {
        guard let voice = voices[language] else {
            let known = voices.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            throw .voice("no voice for the language '\(language)'; there is \(known.isEmpty ? "none" : known)")
        }
        return voice
    }
}
