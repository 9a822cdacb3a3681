// A stand in a shop: it waits until somebody wants it, leads one conversation, and forgets it. In: a line that stays, ways
// to be woken. Out: conversations one after the other, each with a line of its own; what the stand is doing, for a lamp.

public import Audio
import Synchronization

/// What a stand is doing, for a display or a lamp.
public enum StandPhase: String, Sendable, CaseIterable {
    /// Nobody is served; nothing is recognised but the phrase.
    case waiting
    /// A customer may speak.
    case listening
    /// The assistant speaks.
    case speaking
    /// There is no sound.
    case away
}

/// How a stand is woken, beside `wake()`.
public enum Waking: Sendable {
    /// By nothing else.
    case button
    /// By a phrase.
    case phrase(any Spotting)
    /// By any speech: for stands that nobody passes by.
    case speech
}

/// One stand. `run()` lasts until the task is cancelled or the line closed.
public actor Stand {
    private let line: any AudioLine
    private let waking: Waking
    private let lead: @Sendable (any AudioLine) async -> Void
    private let onPhase: @Sendable (StandPhase) -> Void
    private let requests = Mutex(Requests())
    private let phase = Mutex<StandPhase?>(nil)

    /// A button counts for so many frames: one pressed while there was no sound is not meant for whoever comes next.
    private static let requestFrames = 100

    private struct Requests {
        var framesOfWake = 0
        var visit: Visit?
    }

    /// Makes a stand.
    /// - Parameters:
    ///   - lead: leads a conversation on the line that it is given, to its end.
    ///   - onPhase: is told of each change.
    public init(
        line: any AudioLine, waking: Waking, lead: @escaping @Sendable (any AudioLine) async -> Void,
        onPhase: @escaping @Sendable (StandPhase) -> Void
    ) {
        self.line = line
        self.waking = waking
        self.lead = lead
        self.onPhase = onPhase
    }

    /// Somebody has pressed the button. In a conversation it does nothing.
    public nonisolated func wake() {
        requests.withLock { if $0.visit == nil { $0.framesOfWake = Self.requestFrames } }
    }

    /// The customer has walked away: cart and conversation are dropped at once.
    public nonisolated func leave() {
        requests.withLock { requests in
            requests.framesOfWake = 0
            requests.visit?.leave()
        }
    }

    /// Serves one customer after the other. A recogniser that fails ends it.
    public func run() async throws(RecognizingError) {
        var detector = EndpointDetector(band: line.band)
        tell(.away)
        while !Task.isCancelled {
            switch await line.next() {
            case .ended(.failed): tell(.away)
            case .ended: return
            case .key, .text: break
            case .frame(let frame):
                tell(.waiting)
                guard try await isWoken(by: frame, &detector) else { continue }
                await converse()
                // The next customer is another one.
                if case .phrase(let spotter) = waking { await spotter.forget() }
                detector = EndpointDetector(band: line.band)
            }
        }
    }

    private func isWoken(
        by frame: AudioFrame, _ detector: inout EndpointDetector
    ) async throws(RecognizingError) -> Bool {
        let isWanted = requests.withLock { requests in
            defer { requests.framesOfWake = max(0, requests.framesOfWake - 1) }
            return requests.framesOfWake > 0
        }
        if isWanted { return true }
        switch waking {
        case .button: return false
        case .phrase(let spotter): return try await spotter.hear(frame)
        case .speech:
            guard case .speechStarted = detector.hear(frame) else { return false }
            return true
        }
    }

    private func converse() async {
        let visit = Visit(on: line) { [weak self] isPlaying in self?.tell(isPlaying ? .speaking : .listening) }
        requests.withLock { requests in
            requests.framesOfWake = 0
            requests.visit = visit
        }
        tell(.listening)
        await line.play(Chime.listening(line.band))
        await lead(visit)
        requests.withLock { $0.visit = nil }
        await line.stopPlaying()
        tell(visit.hasFailed ? .away : .waiting)
    }

    private nonisolated func tell(_ new: StandPhase) {
        let isNew = phase.withLock { phase in
            defer { phase = new }
            return phase != new
        }
        if isNew { onPhase(new) }
    }
}
