// PocketSphinx as it comes, to measure beside the recogniser: its default settings, its whole dictionary loaded,
// each utterance processed at once. In: a network and a whole utterance. Out: words, without a confidence.

public import Audio
import Platform

/// What somebody gets who installs the engine and uses it by its manual.
public actor RawBaseline {
    private let executor = PinnedExecutor(name: "baseline")
    private var decoder: Decoder

    /// The thread that owns the engine.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Starts the engine with everything that comes with it.
    public init(models: ModelPaths) throws(RecognizingError) {
        try models.check()
        decoder = try Decoder(
            acousticModel: models.acousticModel, dictionary: models.dictionary, settings: [:],
            isPlain: true)
    }

    /// Hears a whole utterance. Words that the dictionary lacks cannot be said: their arcs are left out.
    public func hear(
        _ samples: [Int16], band: Band, network: WordNetwork
    ) throws(RecognizingError) -> Recognition {
        let known = WordNetwork(
            id: network.id, stateCount: network.stateCount, finals: network.finals,
            arcs: network.arcs.filter { decoder.hasInDictionary($0.word) }, empties: network.empties)
        try decoder.load(known, pronunciations: [:])
        try decoder.select(known)
        let started = ProcessorTime.ofThread
        let wide = Resampler.convert(samples, from: band.rate, to: Band.wideband.rate)
        let words = try decoder.hearAtOnce(wide)?.filter { !$0.isFiller }.map(\.label) ?? []
        return Recognition(
            hypotheses: words.isEmpty ? [] : [Hypothesis(words: words, confidence: 1)],
            audioSeconds: Double(samples.count) / Double(band.rate),
            cpuSeconds: ProcessorTime.ofThread - started)
    }
}
