// One of the pool's decoders with a thread of its own. In: an utterance, sample by sample. Out: what was heard.

import Audio
import Platform

/// What was heard, and why it is believed.
struct Finding: Sendable {
    let hypotheses: [Hypothesis]
    let evidence: Evidence
    /// How the speaker and the line sounded, where that can be said.
    let channel: Channel?
}

/// Two passes over the same sound: the network, and the phone loop its score is compared with.
///
/// A class and no actor: the lane that owns it is the actor.
private final class Ear {
    private var network: Decoder
    private var phoneLoop: Decoder
    private var current: WordNetwork?
    /// Of networks with blanks what it takes to fill them; the one used last at the end.
    private var shelved: [(id: String, lore: Lore)] = []
    /// How loud the sound is.
    private var levels: FrameLevels
    /// The sound so far.
    private(set) var sound: [Int16] = []
    /// Whether it is heard with a network that is made at the end.
    private var isWaiting = false
    /// Samples a second that it hears.
    let rate: Int
    /// Seconds of sound up to which alternatives are looked for.
    private static let longestLattice = 8.0
    /// Shops have one network with blanks, and while they change another.
    private static let shelf = 4

    /// What is assumed of a sound of which nothing is known, and of the one at hand.
    private let prior: CepstralMean
    private var assumed: CepstralMean
    /// What it hears, whose confidence is another one.
    private let band: Band

    init(_ model: AcousticModel, for band: Band, _ networks: CompiledNetworks) throws(RecognizingError) {
        self.band = band
        rate = model.rate
        prior = model.mean
        assumed = prior
        levels = FrameLevels(rate: rate)
        network = try Decoder(
            acousticModel: model.folder, transform: model.transform, rate: model.rate,
            settings: DecoderSettings.network(wordBeam: model.wordBeam), networks: networks)
        phoneLoop = try Decoder(
            acousticModel: model.folder, transform: model.transform, rate: model.rate,
            settings: DecoderSettings.phoneLoop)
        try phoneLoop.loadPhoneLoop()
    }

    func holds(_ network: WordNetwork) -> Bool {
        self.network.holds(network) || shelved.contains { $0.id == network.id }
    }

    func load(_ network: WordNetwork, _ lore: Lore) throws(RecognizingError) {
        guard lore.proposer != nil else {
            return try self.network.load(network, pronunciations: lore.pronunciations)
        }
        shelved = shelved.filter { $0.id != network.id }.suffix(Self.shelf - 1) + [(network.id, lore)]
    }

    /// - Parameter channel: what is known of who speaks; of another band it says nothing.
    func begin(_ network: WordNetwork, channel: Channel?) throws(RecognizingError) {
        assumed = channel.flatMap { $0.band == band ? prior.adapted(to: $0) : nil } ?? prior
        try begin(network)
    }

    private func begin(_ network: WordNetwork) throws(RecognizingError) {
        // An utterance that nobody ended may still be open, and the engine changes networks only between two.
        abandon()
        current = network
        levels = FrameLevels(rate: rate)
        sound = []
        isWaiting = shelved.contains { $0.id == network.id }
        try phoneLoop.begin(prior: assumed)
        if !isWaiting { try start(network) }
    }

    private func start(_ network: WordNetwork) throws(RecognizingError) {
        try self.network.select(network)
        try self.network.begin(prior: assumed)
    }

    func hear(_ samples: [Int16]) {
        levels.hear(samples)
        sound += samples
        if !isWaiting { network.hear(samples) }
        phoneLoop.hear(samples)
    }

    /// Hears what was kept with what of the assortment it may hold.
    private func hear(again samples: [Int16], proposing loop: [Segment]) {
        guard let shell = current, let lore = shelved.first(where: { $0.id == shell.id })?.lore else { return }
        let phrases = lore.proposer?.propose(heard: loop.filter { !$0.isFiller }.map(\.label)) ?? []
        let filled = shell.filled(with: phrases, id: "filled")
        do throws(RecognizingError) {
            // That of the utterance before has the same name.
            network.unload(filled)
            try network.load(filled, pronunciations: lore.pronunciations, isPassing: true)
            try start(filled)
            network.hear(samples)
            current = filled
        } catch {
            // What the shop's names were checked for when the shell was prepared cannot be refused now.
            current = nil
        }
    }

    /// Ends the utterance. What was not heard for sure is heard again, unless that `isHurried`.
    func finish(isHurried: Bool) -> Finding? {
        let asked = current
        let first = hearingEnds()
        let sound = sound
        guard !isHurried, let first, let best = first.hypotheses.first, let asked,
            (Rehearing.hopeless..<Rehearing.sure).contains(best.confidence),
            Double(sound.count) < Rehearing.longest * Double(rate)
        else { return first }
        var hearings = [best]
        var count = 1
        // Nobody waits any more for an utterance that went on after all.
        for stretch in Rehearing.stretches where !Rehearing.isSettled(hearings) && !Task.isCancelled {
            do throws(RecognizingError) {
                try begin(asked)
            } catch {
                return first
            }
            hear(Resampler.convert(sound, from: Int(Double(rate) * stretch), to: rate))
            if let heard = hearingEnds()?.hypotheses.first { hearings.append(heard) }
            count += 1
        }
        return Finding(
            hypotheses: Rehearing.together(hearings, of: count), evidence: first.evidence, channel: first.channel)
    }

    /// Ends one hearing.
    private func hearingEnds() -> Finding? {
        let loop = phoneLoop.finish()
        if isWaiting, let loop { hear(again: sound, proposing: loop) }
        let heard = network.finish()
        guard let heard, let loop, let current, !levels.isSteady else { return nil }
        let words = heard.filter { !$0.isFiller }.map(\.label)
        guard !words.isEmpty else { return nil }
        var readings: [Reading] = []
        // The lattice of a long utterance takes too long to build; nobody speaks so long who orders something.
        let seconds = Double(heard.last?.frames.upperBound ?? 0) * Decoder.frameSeconds
        if seconds < Self.longestLattice, current.arcs.count <= Decoder.largestLattice {
            readings = network.readings(limit: 6)
        }
        let best = readings.first?.score ?? 0
        let others = readings.filter { $0.words != words && NetworkCheck.accepts($0.words, in: current) }
        let evidence = Evidence(heard: heard, loop: loop, levels: levels.values)
        let confidence = Confidence.standard(band).of(evidence)
        let alternatives = others.prefix(2).map { reading in
            Hypothesis(
                words: reading.words,
                confidence: Confidence.ofAlternative(behind: Double(best - reading.score), best: confidence))
        }
        let isOfSpeaker =
            confidence >= Rehearing.hopeless && Double(sound.count) < Normalization.longest * Double(rate)
        return Finding(
            hypotheses: [Hypothesis(words: words, confidence: confidence)] + alternatives, evidence: evidence,
            channel: isOfSpeaker ? phoneLoop.channel(band) : nil)
    }

    func abandon() {
        network.abandon()
        phoneLoop.abandon()
    }
}

/// What a lane has to know of a network.
struct Lore: Sendable {
    /// Of all words that may be said.
    let pronunciations: [String: [String]]
    /// Where it has blanks.
    let proposer: PhraseProposer?
}

/// Runs each utterance on its own thread, so that no decoder ever holds up a thread that calls share.
actor DecoderLane {
    private let executor: PinnedExecutor
    private let models: ModelPaths
    private let networks: CompiledNetworks
    /// One for each band that was heard.
    private var ears: [Band: Ear] = [:]
    private var ear: Ear?
    private var band = Band.wideband
    private var toEngineRate: Resampler?
    private var samplesHeard = 0
    private var network: WordNetwork?
    private var channel: Channel?
    private var tone = RoomTone(rate: Band.wideband.rate)
    private var cpuSeconds = 0.0

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// What engines compile of networks all lanes share.
    /// - Parameter bands: of which the engines are started at once; others are when they are needed.
    init(
        models: ModelPaths, networks: CompiledNetworks, number: Int, starting bands: [Band] = []
    ) throws(RecognizingError) {
        executor = PinnedExecutor(name: "decoder-\(number)")
        self.models = models
        self.networks = networks
        for band in bands { ears[band] = try Ear(try models.acousticModel(for: band), for: band, networks) }
    }

    /// What sound of `band` may have to be heard with: a telephone's can come in the wide band.
    private static func ears(for band: Band) -> [Band] { band == .wideband ? Band.allCases : [band] }

    /// Whether `load` has nothing to do for `network` in `band`.
    func holds(_ network: WordNetwork, for band: Band) -> Bool {
        Self.ears(for: band).allSatisfy { ears[$0]?.holds(network) == true }
    }

    func load(_ network: WordNetwork, _ lore: Lore, for band: Band) throws(RecognizingError) {
        for band in Self.ears(for: band) {
            if ears[band] == nil { ears[band] = try Ear(try models.acousticModel(for: band), for: band, networks) }
            try ears[band]?.load(network, lore)
        }
    }

    /// The same for the bands that were heard before.
    func keep(_ network: WordNetwork, _ lore: Lore) throws(RecognizingError) {
        for ear in ears.values { try ear.load(network, lore) }
    }

    func begin(_ network: WordNetwork, band: Band, channel: Channel?) throws(RecognizingError) {
        let started = ProcessorTime.ofThread
        self.band = band
        samplesHeard = 0
        self.network = network
        self.channel = channel
        tone = RoomTone(rate: band.rate)
        guard let ear = ears[band] else { throw .model("nothing was started to hear \(band.rawValue) sound with") }
        toEngineRate = band.rate == ear.rate ? nil : Resampler(from: band.rate, to: ear.rate)
        self.ear = ear
        try ear.begin(network, channel: channel)
        cpuSeconds = ProcessorTime.ofThread - started
    }

    func hear(_ samples: [Int16]) {
        let started = ProcessorTime.ofThread
        samplesHeard += samples.count
        let sound = tone.filled(samples)
        ear?.hear(toEngineRate?.process(sound) ?? sound)
        cpuSeconds += ProcessorTime.ofThread - started
    }

    func finish(isHurried: Bool) -> (recognition: Recognition, evidence: Evidence?) {
        let started = ProcessorTime.ofThread
        if let resampler = toEngineRate.take() { ear?.hear(resampler.finish()) }
        // What came in the wide band is heard at its rate, so the ear has it as it came.
        let wide = band == .wideband ? ear?.sound ?? [] : []
        let isTelephone = NarrowSound.isTelephone(wide)
        let finding = isTelephone ? heardAsTelephone(wide, isHurried) : ear?.finish(isHurried: isHurried)
        ear?.abandon()
        ear = nil
        cpuSeconds += ProcessorTime.ofThread - started
        let recognition = Recognition(
            hypotheses: finding?.hypotheses ?? [], audioSeconds: Double(samplesHeard) / Double(band.rate),
            cpuSeconds: cpuSeconds, channel: finding?.channel)
        return (recognition, finding?.evidence)
    }

    /// A telephone's sound that came in the wide band, heard again as what it is.
    private func heardAsTelephone(_ wide: [Int16], _ isHurried: Bool) -> Finding? {
        guard let network, let telephone = ears[.telephone] else { return nil }
        do throws(RecognizingError) {
            try telephone.begin(network, channel: channel)
        } catch {
            return nil
        }
        telephone.hear(Resampler.convert(wide, from: Band.wideband.rate, to: telephone.rate))
        return telephone.finish(isHurried: isHurried)
    }

    func abandon() {
        ear?.abandon()
        ear = nil
        toEngineRate = nil
    }
}
