// Many calls share few decoders: nobody is turned away, and what was said while none was free is not lost.

import Audio
import Conversation
import Synchronization
import Testing

/// A pool of one decoder, which answers how many samples it was given.
private final class OneDecoder: Recognizing {
    private let isLeased = Mutex(false)
    /// What was begun, one after the other.
    let begun = Mutex<[String]>([])

    func prepare(_ network: WordNetwork) async throws(RecognizingError) {}

    func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing {
        let isFree = isLeased.withLock { leased in
            defer { leased = true }
            return !leased
        }
        guard isFree else { throw .busy }
        begun.withLock { $0.append(network.id) }
        return Utterance(decoder: self)
    }

    func release() { isLeased.withLock { $0 = false } }

    private actor Utterance: UtteranceRecognizing {
        let decoder: OneDecoder
        var count = 0
        init(decoder: OneDecoder) { self.decoder = decoder }
        func hear(_ samples: [Int16]) { count += samples.count }
        func finish(isHurried: Bool) -> Recognition {
            decoder.release()
            return Recognition(hypotheses: [], audioSeconds: Double(count), cpuSeconds: 0)
        }
        func abandon() { decoder.release() }
    }
}

@Suite("A pool of decoders shared by calls")
struct SharedRecognizerTests {
    private func network(_ id: String) -> WordNetwork { WordNetwork(id: id, stateCount: 1, finals: [0], arcs: []) }
    private let frame = [Int16](repeating: 0, count: 160)

    @Test("What is said while no decoder is free is caught up with, whole")
    func catchingUp() async throws {
        let pool = OneDecoder()
        let shared = SharedRecognizer(pool, lanes: 1)
        let first = try await shared.begin(network("first"), band: .telephone)
        let second = try await shared.begin(network("second"), band: .telephone)
        for _ in 0..<10 {
            await first.hear(frame)
            await second.hear(frame)
        }
        #expect(shared.busy == 1)
        #expect(await first.finish().audioSeconds == 1_600)
        await second.hear(frame)
        #expect(pool.begun.withLock { $0 } == ["first", "second"], "begun as soon as the first was over")
        #expect(await second.finish().audioSeconds == 1_760)
        #expect(shared.busy == 0)
    }

    @Test("Utterances that are over wait in turn, and come before those that still go on")
    func order() async throws {
        let pool = OneDecoder()
        let shared = SharedRecognizer(pool, lanes: 1)
        let first = try await shared.begin(network("first"), band: .telephone)
        let talking = try await shared.begin(network("talking"), band: .telephone)
        let over = try await shared.begin(network("over"), band: .telephone)
        await over.hear(frame)
        async let result = over.finish()
        while shared.waiting == 0 { await Task.yield() }
        _ = await first.finish()
        #expect(await result.audioSeconds == 160)
        await talking.hear(frame)
        #expect(await talking.finish().audioSeconds == 160)
        #expect(pool.begun.withLock { $0 } == ["first", "over", "talking"])
    }

    @Test("A decoder comes back from utterances that are abandoned or forgotten")
    func leaving() async throws {
        let shared = SharedRecognizer(OneDecoder(), lanes: 1)
        let abandoned = try await shared.begin(network("a"), band: .telephone)
        await abandoned.abandon()
        #expect(shared.busy == 0)
        let waiting = try await shared.begin(network("b"), band: .telephone)
        let never = try await shared.begin(network("c"), band: .telephone)
        await never.abandon()
        _ = await waiting.finish()
        #expect(shared.busy == 0)
    }

    @Test("Where more utterances end at once than there are processors, the others are hurried")
    func crowd() async throws {
        let slow = SlowDecoders()
        let shared = SharedRecognizer(slow, lanes: 8, processors: 2)
        var endings: [Task<Recognition, Never>] = []
        for number in 1...3 {
            let utterance = try await shared.begin(network("\(number)"), band: .telephone)
            endings.append(Task { await utterance.finish() })
            while slow.isHurried.withLock({ $0.count }) < number { await Task.yield() }
        }
        #expect(slow.isHurried.withLock { $0 } == [false, false, true])
        slow.isOver.withLock { $0 = true }
        for ending in endings { _ = await ending.value }
        let later = try await shared.begin(network("later"), band: .telephone)
        _ = await later.finish()
        #expect(slow.isHurried.withLock { $0.last } == false)
    }
}

/// Decoders that end no utterance until they are told to.
private final class SlowDecoders: Recognizing {
    /// Whether each utterance was hurried, in the order of their ends.
    let isHurried = Mutex<[Bool]>([])
    let isOver = Mutex(false)

    func prepare(_ network: WordNetwork) async throws(RecognizingError) {}

    func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing {
        Utterance(decoders: self)
    }

    private struct Utterance: UtteranceRecognizing {
        let decoders: SlowDecoders
        func hear(_ samples: [Int16]) async {}
        func finish(isHurried: Bool) async -> Recognition {
            decoders.isHurried.withLock { $0.append(isHurried) }
            while !decoders.isOver.withLock({ $0 }) { await Task.yield() }
            return Recognition(hypotheses: [], audioSeconds: 0, cpuSeconds: 0)
        }
        func abandon() async {}
    }
}
