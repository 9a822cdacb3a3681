// The recogniser of the product: a bounded pool of decoders, leased for one utterance each.
// In: networks and samples in the band of the line. Out: hypotheses with a confidence.

public import Audio
private import CSearch
import Language
import Synchronization

/// Hears with PocketSphinx. Where every decoder is leased, `begin` throws `busy` at once: the caller of the one that
/// waits can be told something, the caller of one that hangs cannot.
public final class Recognizer: Recognizing {
    private let lexicon: Lexicon
    private let models: ModelPaths
    private let networks = CompiledNetworks()
    private let pool: Mutex<Pool>
    /// What finds phrases of the assortments in use; the one used last at the end.
    private let proposers = Mutex<[(id: String, proposer: PhraseProposer)]>([])

    private struct Pool {
        let most: Int
        var lanes: [DecoderLane]
        /// Numbers of the lanes that nobody has; the one given back last at the end.
        var free = [0]
    }

    /// Starts a lane, with engines for both bands and a thread of its own. Up to `decoders` of them are started one by one
    /// as more are needed at once, with the engines for what they hear.
    public init(models: ModelPaths, lexicon: Lexicon, decoders: Int = 2) throws(RecognizingError) {
        try models.check()
        let unknown = try lexicon.phoneMap.phones.subtracting(models.phones())
        guard unknown.isEmpty else {
            throw .model("the phone map uses \(unknown.sorted().joined(separator: ", ")), which the model lacks")
        }
        self.lexicon = lexicon
        self.models = models
        let first = try DecoderLane(models: models, networks: networks, number: 0, starting: Band.allCases)
        pool = Mutex(Pool(most: max(1, decoders), lanes: [first]))
    }

    /// Whether PocketSphinx searches by the functions of `CSearch`, as it should.
    public static var hasOwnSearch: Bool { search_is_used() }

    /// Compiles `network` on every lane that there is, so that no utterance waits for that. Others have it from these.
    public func prepare(_ network: WordNetwork) async throws(RecognizingError) {
        try NetworkCheck.check(network)
        let lore = try await lore(of: network)
        for lane in pool.withLock(\.lanes) { try await lane.keep(network, lore) }
    }

    /// The number of a new lane.
    private func add(to pool: inout Pool) throws(RecognizingError) -> Int {
        let number = pool.lanes.count
        pool.lanes.append(try DecoderLane(models: models, networks: networks, number: number))
        return number
    }

    /// All that a lane has to know to hear with `network`.
    private func lore(of network: WordNetwork) async throws(RecognizingError) -> Lore {
        var words = Set(network.arcs.map(\.word))
        guard let assortment = network.assortment, !network.blanks.isEmpty else {
            return Lore(pronunciations: try await lexicon.pronunciations(of: words), proposer: nil)
        }
        for phrase in assortment.phrases { words.formUnion(phrase.words) }
        let pronunciations = try await lexicon.pronunciations(of: words)
        if let known = proposers.withLock({ $0.first { $0.id == assortment.id } }) {
            return Lore(pronunciations: pronunciations, proposer: known.proposer)
        }
        let proposer = PhraseProposer(assortment, pronunciations: pronunciations, map: lexicon.phoneMap)
        // A shop that changes its catalogue has two for a while: calls under way end their turn with the old one.
        proposers.withLock { $0 = $0.suffix(1) + [(assortment.id, proposer)] }
        return Lore(pronunciations: pronunciations, proposer: proposer)
    }

    /// Leases a lane for an utterance; throws `busy` where there is none.
    public func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing {
        let (lane, lease) = try await lease(network, band: band, channel: channel)
        return Utterance(lane: lane, lease: lease)
    }

    /// How `words` are pronounced, for whoever wants to know what is listened for.
    public func pronunciations(of words: Set<String>) async throws(RecognizingError) -> [String: Lexicon.Entry] {
        try await lexicon.entries(of: words)
    }

    /// Hears a whole utterance to calibrate the confidence with: the words, and what the confidence in them is made of;
    /// nil where nothing was heard.
    public func trial(
        of samples: [Int16], network: WordNetwork, band: Band
    ) async throws(RecognizingError) -> (best: Hypothesis, features: [Double])? {
        let (lane, lease) = try await lease(network, band: band)
        defer { lease.end() }
        await lane.hear(samples)
        let (recognition, evidence) = await lane.finish(isHurried: true)
        guard let best = recognition.hypotheses.first, let evidence else { return nil }
        return (best, evidence.features)
    }

    private func lease(
        _ network: WordNetwork, band: Band, channel: Channel? = nil
    ) async throws(RecognizingError) -> (DecoderLane, Lease) {
        // The lane that was used last comes first: it has the networks of the moment, and idle ones cost no memory.
        let (number, lane) = try pool.withLock { pool throws(RecognizingError) in
            if let number = pool.free.popLast() { return (number, pool.lanes[number]) }
            guard pool.lanes.count < pool.most else { throw .busy }
            let number = try add(to: &pool)
            return (number, pool.lanes[number])
        }
        let lease = Lease { self.release(number) }
        if await !lane.holds(network, for: band) {
            try NetworkCheck.check(network)
            try await lane.load(network, try await lore(of: network), for: band)
        }
        try await lane.begin(network, band: band, channel: channel)
        return (lane, lease)
    }

    private func release(_ number: Int) {
        pool.withLock { $0.free.append(number) }
    }
}

/// Gives a lane back once, at the latest when nobody holds the utterance any more.
final class Lease: Sendable {
    private let giveBack: Mutex<(@Sendable () -> Void)?>

    init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = Mutex(giveBack) }

    deinit { end() }

    func end() {
        let action = giveBack.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}

/// One utterance on a leased lane. Samples that come after its end are for nothing.
private final class Utterance: UtteranceRecognizing {
    private let lane: DecoderLane
    private let lease: Lease
    private let isOpen = Mutex(true)

    init(lane: DecoderLane, lease: Lease) {
        self.lane = lane
        self.lease = lease
    }

    func hear(_ samples: [Int16]) async {
        guard isOpen.withLock({ $0 }) else { return }
        await lane.hear(samples)
    }

    func finish(isHurried: Bool) async -> Recognition {
        guard close() else { return Recognition(hypotheses: [], audioSeconds: 0, cpuSeconds: 0) }
        defer { lease.end() }
        return await lane.finish(isHurried: isHurried).recognition
    }

    func abandon() async {
        guard close() else { return }
        await lane.abandon()
        lease.end()
    }

    /// True for the first caller.
    private func close() -> Bool {
        isOpen.withLock { open in
            defer { open = false }
            return open
        }
    }
}
