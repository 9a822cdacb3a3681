// One PocketSphinx engine and everything of it that needs C: its settings, its dictionary, its networks, one pass
// over an utterance. In: samples, pronunciations, word networks. Out: segments with acoustic scores.

import Audio
private import CPocketSphinx
private import CSearch

/// Owns one engine. Not to be used from two tasks at once: an actor has to own it. Safe, as the engine's pointer
/// never leaves and ends with the one owner.
@safe struct Decoder: ~Copyable {
    /// Seconds of sound in one frame of the engine.
    static let frameSeconds = 0.01
    /// Arcs of a network beyond which only the best reading is found: the engine looks through all word ends of the
    /// utterance for each of them, which takes 10 to 20 seconds in the 16,000 arcs of a shop with 80 products, and a good
    /// part of one in 1,700.
    static let largestLattice = 1_000
    /// How many networks stay compiled; the one used longest ago gives way.
    private static let networkCapacity = 16

    private let engine: OpaquePointer
    private let compiled: CompiledNetworks
    /// Shared networks are of one model.
    private let model: String
    /// Nothing of ours is in it: to measure beside.
    private let isPlain: Bool
    /// Samples a second that it takes.
    private let rate: Int
    /// The words that it knows, with its names for their pronunciations.
    private var words: [String: [String]] = [:]
    /// Names of the compiled networks, the one used last at the end.
    private var networks: [String] = []
    /// Which of them other decoders may use too.
    private var shared: Set<String> = []
    private var prior = CepstralMean.wideband
    /// Between `begin` and `finish`.
    private var isOpen = false
    /// Whether the held samples have gone to the engine.
    private var isStarted = false
    private var held: [Int16] = []
    /// Since the normalisation was last brought up to date.
    private var samplesHeard = 0

    /// Starts an engine without a dictionary: words come with the networks that use them.
    /// - Parameters:
    ///   - transform: an MLLR file, for sound that the model was not made for.
    ///   - rate: samples a second that the model was made for.
    ///   - networks: those that other decoders have.
    ///   - isPlain: whether the engine does all by itself, with none of our functions in it.
    init(
        acousticModel: String, transform: String? = nil, rate: Int = Band.wideband.rate, dictionary: String? = nil,
        settings: [String: String], networks: CompiledNetworks = CompiledNetworks(), isPlain: Bool = false
    ) throws(RecognizingError) {
        compiled = networks
        model = acousticModel
        self.isPlain = isPlain
        err_set_logfp(nil)
        var arguments = settings
        arguments["-hmm"] = acousticModel
        arguments["-mllr"] = transform
        arguments["-dict"] = dictionary
        arguments["-samprate"] = "\(rate)"
        search_set_plain(isPlain)
        defer { search_set_plain(false) }
        guard let engine = unsafe Self.start(arguments.flatMap { [$0.key, $0.value] }) else {
            throw .model("\(acousticModel) is not a model that PocketSphinx can use; install pocketsphinx-en-us")
        }
        unsafe self.engine = engine
        self.rate = rate
    }

    deinit { compiled.drop(shared.map { "\(model) \($0)" }) { unsafe _ = ps_free(engine) } }

    /// The engine keeps a reference to its configuration, so ours ends here.
    private static func start(_ arguments: [String]) -> OpaquePointer? {
        var values = unsafe arguments.map { unsafe strdup($0) }
        defer { unsafe values.forEach { unsafe free($0) } }
        guard let configuration = unsafe cmd_ln_parse_r(nil, ps_args(), Int32(values.count), &values, 1) else {
            return nil
        }
        defer { unsafe _ = cmd_ln_free_r(configuration) }
        return unsafe ps_init(configuration)
    }

    // MARK: Words and networks

    /// Whether `load` has nothing to do for `network`.
    func holds(_ network: WordNetwork) -> Bool { networks.contains(network.id) }

    /// Compiles `network`, unless it is held, with `pronunciations` for each of its words.
    /// - Parameter isPassing: whether it is for one utterance of this decoder, and not for all of its name.
    mutating func load(
        _ network: WordNetwork, pronunciations: [String: [String]], isPassing: Bool = false
    ) throws(RecognizingError) {
        guard !holds(network) else { return }
        try NetworkCheck.check(network)
        for word in Set(network.arcs.map(\.word)).subtracting(words.keys).sorted() where !hasInDictionary(word) {
            try add(word, pronunciations[word] ?? [])
        }
        // the first is never the active one: `select` moves that to the end
        while networks.count >= Self.networkCapacity { remove(networks.removeFirst()) }
        search_set_plain(isPlain)
        defer { search_set_plain(false) }
        guard isPassing ? install(passing: network) : install(shared: network) else {
            throw .network("“\(network.id)” cannot be compiled or is refused by the engine")
        }
        networks.insert(network.id, at: max(0, networks.count - 1))
    }

    private func install(passing network: WordNetwork) -> Bool {
        guard let model = unsafe compile(network) else { return false }
        defer { unsafe CompiledNetworks.free(model) }
        return unsafe install(model, network.id)
    }

    private mutating func install(shared network: WordNetwork) -> Bool {
        let isUsed = unsafe compiled.use(
            "\(model) \(network.id)", isSearchedOnly: !isPlain && network.arcs.count > Self.largestLattice,
            make: { unsafe compile(network) }, install: { unsafe install($0, network.id) })
        if isUsed { shared.insert(network.id) }
        return isUsed
    }

    private func compile(_ network: WordNetwork) -> OpaquePointer? {
        unsafe CompiledNetworks.compile(network, entries: words, scale: ps_get_logmath(engine))
    }

    private func install(_ model: OpaquePointer, _ name: String) -> Bool {
        unsafe ps_set_fsg(engine, name, UnsafeMutablePointer(model)) == 0
    }

    /// Lets go of a network. The words stay.
    mutating func unload(_ network: WordNetwork) {
        guard let index = networks.firstIndex(of: network.id) else { return }
        remove(networks.remove(at: index))
    }

    private mutating func remove(_ name: String) {
        if shared.remove(name) != nil {
            compiled.drop(["\(model) \(name)"]) { unsafe _ = ps_unset_search(engine, name) }
        } else {
            unsafe _ = ps_unset_search(engine, name)
        }
    }

    /// Whether the engine's own dictionary, if it was started with one, has `word`.
    func hasInDictionary(_ word: String) -> Bool { !phones(of: word).isEmpty }

    /// The pronunciation of an entry of the engine's dictionary; none where it has none.
    private func phones(of entry: String) -> [String] {
        guard let phones = unsafe ps_lookup_word(engine, entry) else { return [] }
        defer { unsafe free(phones) }
        return unsafe String(cString: phones).split(separator: " ").map(String.init)
    }

    /// The dictionary of the engine grows, and only by words that its checks cannot refuse.
    private mutating func add(_ word: String, _ pronunciations: [String]) throws(RecognizingError) {
        guard !pronunciations.isEmpty else { throw .network("“\(word)” has no pronunciation") }
        let entries = pronunciations.indices.map { $0 == 0 ? word : "\(word)(\($0 + 1))" }
        for (entry, phones) in zip(entries, pronunciations) {
            guard unsafe ps_add_word(engine, entry, phones, 0) >= 0 else {
                throw .network("“\(word)” has the pronunciation \(phones), which the model does not know")
            }
        }
        words[word] = entries
    }

    /// Makes the engine a loop over all phones of the model, which any sound fits.
    mutating func loadPhoneLoop() throws(RecognizingError) {
        guard unsafe ps_set_allphone(engine, "phones", nil) == 0, unsafe ps_set_search(engine, "phones") == 0 else {
            throw .model("the model cannot be used as a phone loop")
        }
    }

    /// Makes the engine wait for one phrase in whatever is said. How strong a find has to be is the caller's business: the
    /// engine's own threshold (`DecoderSettings.phrase`) lets nearly everything through.
    mutating func loadPhrase(_ words: [String], pronunciations: [String: [String]]) throws(RecognizingError) {
        for word in Set(words).sorted() where !hasInDictionary(word) { try add(word, pronunciations[word] ?? []) }
        guard unsafe ps_set_keyphrase(engine, "phrase", words.joined(separator: " ")) == 0,
            unsafe ps_set_search(engine, "phrase") == 0
        else { throw .network("“\(words.joined(separator: " "))” cannot be waited for") }
    }

    /// The strongest find of the phrase in the utterance until now: how much likelier than any other sounds, as a power of
    /// ten; nil where there is none.
    func strength() -> Double? {
        var best: Int32?
        var next = unsafe ps_seg_iter(engine)
        while let segment = unsafe next {
            best = unsafe max(best ?? .min, ps_seg_prob(segment, nil, nil, nil))
            unsafe next = ps_seg_next(segment)
        }
        // The engine counts in steps of its logarithm without the lower bits, and takes a constant off.
        return best.map {
            unsafe logmath_log_to_log10(ps_get_logmath(engine), (Int32($0) + Self.phraseOffset) << Self.scoreShift)
        }
    }

    /// `KWS_MAX` and `SENSCR_SHIFT` of the engine's source.
    private static let (phraseOffset, scoreShift): (Int32, Int32) = (1_500, 10)

    /// Makes a loaded network the one that the next utterance is heard with.
    mutating func select(_ network: WordNetwork) throws(RecognizingError) {
        guard let index = networks.firstIndex(of: network.id), unsafe ps_set_search(engine, network.id) == 0 else {
            throw .network("“\(network.id)” is not loaded")
        }
        networks.append(networks.remove(at: index))
    }

    // MARK: One utterance

    /// Begins an utterance from a known state: nothing of the one before remains, finished or not.
    mutating func begin(prior: CepstralMean) throws(RecognizingError) {
        abandon()
        self.prior = prior
        held.removeAll(keepingCapacity: true)
        isStarted = false
        samplesHeard = 0
        guard unsafe ps_start_stream(engine) == 0, unsafe ps_start_utt(engine) == 0 else {
            throw .model("the engine does not begin an utterance")
        }
        isOpen = true
    }

    /// Takes the next samples. The first are held back until the normalisation can be guessed from them.
    mutating func hear(_ samples: [Int16]) {
        guard isOpen else { return }
        if !isStarted {
            // Digital silence, as before a recording or in a gap of the network, is no room that the mean could be
            // taken of: 0.2 s of it halve the confidence of what follows.
            held.append(contentsOf: held.isEmpty ? samples.drop { $0 == 0 } : samples[...])
            if held.count >= sampleCount(Normalization.headStart) { startNormalized() }
            return
        }
        process(samples)
    }

    private func sampleCount(_ seconds: Double) -> Int { Int(Double(rate) * seconds) }

    private mutating func startNormalized() {
        isStarted = true
        normalize(with: held)
        let head = held
        held.removeAll(keepingCapacity: true)
        process(head)
    }

    private mutating func process(_ samples: [Int16]) {
        var rest = samples[...]
        let interval = sampleCount(Normalization.interval)
        while !rest.isEmpty {
            let chunk = rest.prefix(interval)
            rest = rest.dropFirst(chunk.count)
            unsafe chunk.withUnsafeBufferPointer { unsafe _ = ps_process_raw(engine, $0.baseAddress, $0.count, 0, 0) }
            samplesHeard += chunk.count
            if samplesHeard >= interval {
                samplesHeard = 0
                if let feature = unsafe ps_get_feat(engine) { unsafe cmn_live_update(feature.pointee.cmn_struct) }
            }
        }
    }

    /// Ends the utterance: what was found, in order, without empty arcs; nil where nothing of the network fits.
    mutating func finish() -> [Segment]? {
        guard isOpen else { return nil }
        if !isStarted { startNormalized() }
        isOpen = false
        guard unsafe ps_end_utt(engine) == 0, unsafe ps_get_hyp(engine, nil) != nil else { return nil }
        return segments()
    }

    /// Ends the utterance, if there is one, for nothing.
    mutating func abandon() {
        if isOpen { unsafe _ = ps_end_utt(engine) }
        isOpen = false
    }

    private func segments() -> [Segment] {
        var found: [Segment] = []
        var next = unsafe ps_seg_iter(engine)
        while unsafe next != nil {
            let segment = unsafe next
            var first: Int32 = 0
            var last: Int32 = 0
            var score: Int32 = 0
            var networkScore: Int32 = 0
            unsafe ps_seg_frames(segment, &first, &last)
            unsafe _ = ps_seg_prob(segment, &score, &networkScore, nil)
            if let label = unsafe ps_seg_word(segment).map({ unsafe String(cString: $0) }), label != "(NULL)" {
                let isFiller =
                    label == "SIL" || label.hasPrefix("<") || label.hasPrefix("[") || label.hasPrefix("+")
                found.append(
                    Segment(
                        label: String(label.prefix { $0 != "(" }), phones: isFiller ? [] : phones(of: label),
                        isFiller: isFiller, frames: Int(first)...Int(max(first, last)), acousticScore: Int(score),
                        networkScore: Int(networkScore)))
            }
            unsafe next = ps_seg_next(segment)
        }
        return found
    }

    /// Different word sequences of the utterance that was finished, best first, at most `limit`. The lattice that they
    /// come from joins paths that the network keeps apart, so a reading need not be a path of the network, which may have
    /// `largestLattice` arcs at most.
    func readings(limit: Int) -> [Reading] {
        var found: [Reading] = []
        var next = unsafe ps_nbest(engine)
        // Most of what comes differs only in its silences.
        for _ in 0..<(limit * 10) where found.count < limit {
            guard let before = unsafe next else { break }
            unsafe next = ps_nbest_next(before)
            guard let path = unsafe next else { break }
            var score: Int32 = 0
            guard let text = unsafe ps_nbest_hyp(path, &score) else { continue }
            let words = unsafe String(cString: text).split(separator: " ").map(String.init)
            if !words.isEmpty, !found.contains(where: { $0.words == words }) {
                found.append(Reading(words: words, score: Int(score)))
            }
        }
        if let path = unsafe next { unsafe ps_nbest_free(path) }
        return found
    }

    /// Hears a whole utterance as the engine does on its own: all of it first, then the search.
    mutating func hearAtOnce(_ samples: [Int16]) throws(RecognizingError) -> [Segment]? {
        try begin(prior: prior)
        isStarted = true
        unsafe samples.withUnsafeBufferPointer { unsafe _ = ps_process_raw(engine, $0.baseAddress, $0.count, 0, 1) }
        return finish()
    }

    // MARK: Normalisation

    /// Sets the mean that is taken off every frame to what `head` says, as far as it is long enough to say it.
    private func normalize(with head: [Int16]) {
        guard let feature = unsafe ps_get_feat(engine), let mean = unsafe feature.pointee.cmn_struct else { return }
        let frames = cepstra(of: head)
        let size = unsafe Int(mean.pointee.veclen)
        for index in 0..<size {
            let before = index < prior.values.count ? prior.values[index] : 0
            let sum = before * prior.weight
            let heard = frames.reduce(Float(0)) { $0 + $1[index] }
            unsafe mean.pointee.cmn_mean[index] = (sum + heard) / (prior.weight + Float(frames.count))
            // The engine adds the frames of `head` itself when it comes to them.
            unsafe mean.pointee.sum[index] = sum
        }
        unsafe mean.pointee.nframe = Int32(prior.weight)
        unsafe fillWindow(of: feature, with: frames.first)
    }

    /// What the utterance that was finished sounded like, at most `Normalization.longest`; nil where it was too short to say.
    func channel(_ band: Band) -> Channel? {
        guard let mean = unsafe ps_get_feat(engine)?.pointee.cmn_struct else { return nil }
        let frames = unsafe Float(mean.pointee.nframe) - prior.weight
        guard isStarted, frames >= 20 else { return nil }
        let sums = prior.values.indices.map { unsafe mean.pointee.sum[$0] - prior.values[$0] * prior.weight }
        return Channel(band: band, mean: sums.map { $0 / frames }, frames: frames)
    }

    /// Puts what an utterance begins with before its first frame too. The engine does so only where its first samples make a
    /// frame at once, and else takes the differences from frame to frame beside the end of the utterance before.
    private func fillWindow(of feature: UnsafeMutablePointer<feat_t>, with first: [Float]?) {
        guard let mean = unsafe feature.pointee.cmn_struct.pointee.cmn_mean else { return }
        let (size, length) = unsafe (Int(feature.pointee.cepsize), Int(LIVEBUFBLOCKSIZE))
        for back in unsafe 1...Int(feature.pointee.window_size) {
            let row = unsafe feature.pointee.cepbuf[(Int(feature.pointee.curpos) - back + length) % length]
            for index in 0..<size {
                unsafe row?[index] = first.map { unsafe $0[index] - mean[index] } ?? 0
            }
        }
    }

    /// The front end's view of `samples`, without the frames of no energy that the engine leaves out too.
    private func cepstra(of samples: [Int16]) -> [[Float]] {
        guard let frontEnd = unsafe ps_get_fe(engine), !samples.isEmpty else { return [] }
        let size = unsafe Int(fe_get_output_size(frontEnd))
        let limit = samples.count / sampleCount(Normalization.frame) + 4
        let storage = UnsafeMutablePointer<Float>.allocate(capacity: size * limit)
        defer { unsafe storage.deallocate() }
        var rows: [UnsafeMutablePointer<Float>?] = unsafe (0..<limit).map { unsafe storage + $0 * size }
        var count = Int32(limit)
        unsafe fe_start_stream(frontEnd)
        unsafe _ = fe_start_utt(frontEnd)
        unsafe samples.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            var left = buffer.count
            var speech: Int32 = 0
            unsafe _ = fe_process_frames(frontEnd, &next, &left, &rows, &count, &speech)
        }
        // Ready for the same samples again, now as the utterance.
        unsafe fe_start_stream(frontEnd)
        unsafe _ = fe_start_utt(frontEnd)
        return (0..<Int(max(0, count)))
            .map { row in (0..<size).map { unsafe storage[row * size + $0] } }
            .filter { $0[0] >= 0 }
    }
}
