// One customer's time at a stand. In: the stand's line, which stays. Out: a line for one call, with a clock of its own, that
// ends when the assistant hangs up or the customer walks away.

import Audio
import Synchronization

/// The line of one conversation at a stand.
final class Visit: AudioLine {
    let band: Band
    private let line: any AudioLine
    private let state = Mutex(State())
    private let onPlaying: @Sendable (Bool) -> Void

    private struct State {
        var start: Int?
        var isOver = false
        var isHungUp = false
        var hasFailed = false
        var hasSpoken = false
        var wasPlaying = false
    }

    /// - Parameter onPlaying: is told when the assistant begins and ceases to be heard.
    init(on line: any AudioLine, onPlaying: @escaping @Sendable (Bool) -> Void) {
        self.line = line
        self.onPlaying = onPlaying
        band = line.band
    }

    /// The customer has gone: the conversation ends with the next frame.
    func leave() { state.withLock { $0.isOver = true } }

    /// Whether it ended since the devices were gone.
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    func next() async -> LineEvent {
        let isPlaying = await line.toBePlayed > 0
        let (isOver, hasChanged) = state.withLock { state in
            defer { state.wasPlaying = isPlaying }
            state.isOver = state.isOver || state.isHungUp && !isPlaying
            return (state.isOver, state.wasPlaying != isPlaying)
        }
        if hasChanged { onPlaying(isPlaying) }
        if isOver {
            await line.stopPlaying()
            return .ended(.hangup)
        }
        let event = await line.next()
        if case .ended(let reason) = event {
            state.withLock { state in
                state.isOver = true
                if case .failed = reason { state.hasFailed = true }
            }
        }
        guard case .frame(let frame) = event else { return event }
        let start = state.withLock { state in
            let start = state.start ?? frame.sampleIndex
            state.start = start
            return start
        }
        return .frame(AudioFrame(sampleIndex: frame.sampleIndex - start, samples: frame.samples))
    }

    func play(_ samples: [Int16]) async {
        state.withLock { $0.hasSpoken = true }
        await line.play(samples)
    }

    /// What the stand itself plays before the first word, the chime, is heard to its end.
    @discardableResult func stopPlaying() async -> Int {
        state.withLock { $0.hasSpoken } ? await line.stopPlaying() : 0
    }

    var toBePlayed: Int { get async { await line.toBePlayed } }
    func hangUp() async { state.withLock { $0.isHungUp = true } }
}
