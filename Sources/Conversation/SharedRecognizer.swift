// One pool of decoders for many calls. In: utterances of any number of calls at once. Out: each is recognised; those
// that are over come before those that still go on. Decoding is many times faster than speaking, so a few decoders do.

public import Audio
public import Foundation
import Synchronization

/// Lets more utterances be under way than there are decoders: what comes while none is free is kept and caught up with.
public final class SharedRecognizer: Recognizing {
    private let recognizer: any Recognizing
    private let lanes: Lanes

    /// Shares `recognizer`, which has room for `lanes` utterances at once. Where more of them end at the same moment than there
    /// are `processors`, the others are hurried.
    public init(
        _ recognizer: any Recognizing, lanes: Int, processors: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.recognizer = recognizer
        self.lanes = Lanes(count: lanes, processors: processors)
    }

    /// Utterances that are over and wait for a decoder.
    public var waiting: Int { lanes.waiting }
    /// Decoders that are at work.
    public var busy: Int { lanes.busy }

    /// Makes `network` ready ahead of its first use.
    public func prepare(_ network: WordNetwork) async throws(RecognizingError) {
        try await recognizer.prepare(network)
    }

    /// Begins an utterance; never throws `busy`.
    public func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing {
        let utterance = SharedUtterance(network, band: band, channel: channel, recognizer: recognizer, lanes: lanes)
        try await utterance.tryToBegin()
        return utterance
    }
}

/// How many decoders are free, and who waits for one.
private final class Lanes: Sendable {
    private struct State {
        var free: Int
        var ending = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let count: Int
    private let processors: Int
    private let state: Mutex<State>

    init(count: Int, processors: Int) {
        self.count = max(1, count)
        self.processors = processors
        state = Mutex(State(free: max(1, count)))
    }

    var waiting: Int { state.withLock { $0.waiting.count } }
    var busy: Int { state.withLock { count - $0.free } }

    /// An utterance ends now: whether it has to be quick about it.
    func mustHurry() -> Bool {
        state.withLock { state in
            state.ending += 1
            return state.ending > processors || !state.waiting.isEmpty
        }
    }

    func hasEnded() { state.withLock { $0.ending -= 1 } }

    /// Takes one that is free.
    func tryToTake() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Takes one, in the order of those who ask.
    func take() async {
        await withCheckedContinuation { waiting in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(waiting)
                return false
            }
            if isFree { waiting.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}

/// An utterance that is heard as soon as a decoder is free, at the latest when it is over.
private actor SharedUtterance: UtteranceRecognizing {
    private enum State {
        case kept([Int16])
        case heard(any UtteranceRecognizing)
        case over
    }

    private let network: WordNetwork
    private let band: Band
    private let channel: Channel?
    private let recognizer: any Recognizing
    private let lanes: Lanes
    private var state = State.kept([])

    init(_ network: WordNetwork, band: Band, channel: Channel?, recognizer: any Recognizing, lanes: Lanes) {
        self.network = network
        self.band = band
        self.channel = channel
        self.recognizer = recognizer
        self.lanes = lanes
    }

    /// Begins where a decoder is free. One that another user of the pool was quicker to take is tried for again.
    func tryToBegin() async throws(RecognizingError) {
        guard case .kept(let samples) = state, lanes.tryToTake() else { return }
        do throws(RecognizingError) {
            try await begin(samples)
        } catch {
            lanes.giveBack()
            if error != .busy { throw error }
        }
    }

    private func begin(_ samples: [Int16]) async throws(RecognizingError) {
        let utterance = try await recognizer.begin(network, band: band, channel: channel)
        state = .heard(utterance)
        if !samples.isEmpty { await utterance.hear(samples) }
    }

    func hear(_ samples: [Int16]) async {
        switch state {
        case .kept(let before):
            state = .kept(before + samples)
            // What fails here fails again, and is told, in `finish`.
            try? await tryToBegin()
        case .heard(let utterance): await utterance.hear(samples)
        case .over: break
        }
    }

    func finish(isHurried: Bool) async -> Recognition {
        let nothing = Recognition(hypotheses: [], audioSeconds: 0, cpuSeconds: 0)
        if case .kept(let samples) = state {
            await lanes.take()
            do throws(RecognizingError) {
                try await begin(samples)
            } catch {
                lanes.giveBack()
                state = .over
                return nothing
            }
        }
        guard case .heard(let utterance) = state else { return nothing }
        state = .over
        let isCrowded = lanes.mustHurry()
        let recognition = await utterance.finish(isHurried: isHurried || isCrowded)
        lanes.hasEnded()
        lanes.giveBack()
        return recognition
    }

    func abandon() async {
        let before = state
        state = .over
        guard case .heard(let utterance) = before else { return }
        await utterance.abandon()
        lanes.giveBack()
    }

    /// Whoever lets go of an utterance without a word must not keep a decoder from others.
    deinit {
        if case .heard = state { lanes.giveBack() }
    }
}
