// Networks as the engine wants them, compiled once for all decoders of a recogniser: that takes longer and more memory than
// all else of a decoder. In: word networks. Out: the engine's own (FSG), for as long as a decoder uses them.

import Audio
private import CPocketSphinx
private import CSearch
import Synchronization

/// The engine counts who uses a network without a lock, so all that counts is done here, one after the other.
final class CompiledNetworks: Sendable {
    /// Safe, as it stays behind the lock.
    @safe private struct Compiled: @unchecked Sendable {
        let model: OpaquePointer
        var users = 1
    }

    private let networks = Mutex<[String: Compiled]>([:])

    /// How many are in use.
    var count: Int { networks.withLock(\.count) }

    /// Hands the network of this name to `install`, at the first time what `make` makes of it. False where either cannot.
    /// - Parameter isSearchedOnly: whether nobody asks for other readings than the best.
    func use(
        _ name: String, isSearchedOnly: Bool, make: () -> OpaquePointer?, install: (OpaquePointer) -> Bool
    ) -> Bool {
        networks.withLock { networks in
            if let known = networks[name] {
                guard unsafe install(known.model) else { return false }
                networks[name]?.users += 1
                return true
            }
            guard let model = unsafe make() else { return false }
            guard unsafe install(model) else {
                unsafe Self.free(model)
                return false
            }
            unsafe Self.complete(model)
            if isSearchedOnly { unsafe search_drop_arcs(UnsafeMutableRawPointer(model)) }
            networks[name] = unsafe Compiled(model: model)
            search_trim()
            return true
        }
    }

    /// Lets go of networks that `use` gave, after `remove` took them out of the engine.
    func drop(_ names: some Sequence<String>, remove: () -> Void) {
        networks.withLock { networks in
            remove()
            for name in names {
                guard let network = networks[name] else { continue }
                networks[name]?.users -= 1
                guard network.users == 1 else { continue }
                networks[name] = nil
                unsafe Self.free(network.model)
            }
        }
    }

    // MARK: The engine's form

    /// Words that the engine adds when it needs them, to whoever's network it is.
    private static let edges = ["<s>", "</s>"]

    /// The engine's form of `network`; nil where it has none.
    /// - Parameters:
    ///   - entries: the dictionary's names for the pronunciations of each word; of others the engine knows itself.
    ///   - scale: the engine's logarithms.
    static func compile(
        _ network: WordNetwork, entries: [String: [String]], scale: OpaquePointer?
    ) -> OpaquePointer? {
        // The engine knows one final state only. Each final gets an empty arc to a state added for that. No two empty
        // arcs follow each other, so no closure is needed.
        let oneFinal = network.finals.count == 1 ? network.finals.first : nil
        let states = network.stateCount + (oneFinal == nil ? 1 : 0)
        let weight = Float32(DecoderSettings.languageWeight)
        guard let model = unsafe fsg_model_init(network.id, scale, weight, Int32(states)) else { return nil }
        unsafe _ = logmath_retain(scale)
        unsafe model.pointee.start_state = 0
        unsafe model.pointee.final_state = Int32(oneFinal ?? network.stateCount)
        let numbers = unsafe addWords(of: network, entries, to: model)
        for arc in network.arcs {
            let score = unsafe score(of: arc.logWeight, scale)
            // An arc for each pronunciation: the engine's own way of adding them goes through all arcs for each.
            for number in numbers[arc.word] ?? 0..<0 {
                unsafe fsg_model_trans_add(model, Int32(arc.from), Int32(arc.to), score, number)
            }
        }
        for arc in network.empties {
            unsafe _ = fsg_model_null_trans_add(
                model, Int32(arc.from), Int32(arc.to), score(of: arc.logWeight, scale))
        }
        if oneFinal == nil {
            for state in network.finals {
                unsafe _ = fsg_model_null_trans_add(model, Int32(state), Int32(network.stateCount), 0)
            }
        }
        return OpaquePointer(model)
    }

    /// Gives `model`, which has none, its words; the numbers of each word's pronunciations. Where the engine was started
    /// with a dictionary of its own, it adds the others itself. Not by `fsg_model_word_add`, which compares each word
    /// with all before it.
    private static func addWords(
        of network: WordNetwork, _ entries: [String: [String]], to model: UnsafeMutablePointer<fsg_model_t>
    ) -> [String: Range<Int32>] {
        var numbers: [String: Range<Int32>] = [:]
        var all: [String] = []
        for arc in network.arcs where numbers[arc.word] == nil {
            let first = Int32(all.count)
            all += entries[arc.word] ?? [arc.word]
            numbers[arc.word] = first..<Int32(all.count)
        }
        all += edges
        // The engine frees both, and lengthens the list where it adds its silences.
        let list = unsafe calloc(all.count, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
        unsafe model.pointee.vocab = unsafe list?.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
        for (number, entry) in all.enumerated() { unsafe model.pointee.vocab[number] = unsafe strdup(entry) }
        unsafe model.pointee.n_word = Int32(all.count)
        unsafe model.pointee.n_word_alloc = Int32(all.count)
        return numbers
    }

    /// A weight as the engine counts it, the language weight included.
    private static func score(of logWeight: Double, _ scale: OpaquePointer?) -> Int32 {
        let score = unsafe Double(logmath_ln_to_log(scale, logWeight)) * DecoderSettings.languageWeight
        return Int32(max(score, -1e8))
    }

    /// Marks the edges as silences, after the engine has made room for such marks. It would do so itself in the middle of an
    /// utterance, while other decoders look at them.
    private static func complete(_ model: OpaquePointer) {
        let model = unsafe UnsafeMutablePointer<fsg_model_t>(model)
        guard let marks = unsafe model.pointee.silwords else { return }
        for number in unsafe 0..<Int(model.pointee.n_word) {
            guard let word = unsafe model.pointee.vocab[number], unsafe edges.contains(String(cString: word)) else {
                continue
            }
            unsafe marks[number / UInt32.bitWidth] |= 1 << UInt32(number % UInt32.bitWidth)
        }
    }

    /// Lets go of a compiled network.
    static func free(_ model: OpaquePointer) {
        let model = unsafe UnsafeMutablePointer<fsg_model_t>(model)
        let scale = unsafe model.pointee.lmath
        unsafe _ = fsg_model_free(model)
        unsafe _ = logmath_free(scale)
    }
}
