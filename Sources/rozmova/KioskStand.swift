// One kiosk of the daemon: devices, button, display, and the stand between them. In: its settings, whoever leads
// conversations. Out: conversations, one after the other, and how it is doing.

import Audio
import Conversation
import Lines
import Platform
import Synchronization

/// A kiosk that is being served.
final class KioskStand: Sendable {
    let settings: Settings.Kiosk
    let line: KioskLine
    let display: StandDisplay
    private let waking: Waking
    private let button: ButtonFile?
    private let current = Mutex<Stand?>(nil)
    private let visits = Mutex(Visits())
    private let log = Log(component: "kiosk")

    /// Customers until now, how loud they were heard, and how loud the one who is here was at the loudest.
    private struct Visits {
        var count = 0
        var levels = MicrophoneLevel()
        var loudest: Double?
    }

    /// Opens the devices, or begins to wait for them.
    /// - Parameter spotter: hears the phrase, where there is one.
    init(_ settings: Settings.Kiosk, spotter: (any Spotting)?) {
        self.settings = settings
        line = KioskLine.open(settings.line)
        display = StandDisplay(path: settings.display)
        button = settings.button.map { ButtonFile($0) }
        waking = spotter.map { .phrase($0) } ?? (settings.button == nil ? .speech : .button)
    }

    /// Whether whoever speaks begins a conversation, wanted or not.
    var isWokenByAnySpeech: Bool { if case .speech = waking { true } else { false } }

    /// How it is doing.
    var status: DaemonStatus.Kiosk {
        let visits = visits.withLock { $0 }
        return .init(
            name: settings.line.name, phase: display.phase, visits: visits.count, facts: line.facts,
            level: visits.levels)
    }

    /// A turn of the customer who is here was answered.
    func tell(_ turn: TurnReport) {
        display.tell(turn)
        guard let level = turn.level, level.isFinite else { return }
        visits.withLock { $0.loudest = max($0.loudest ?? level, level) }
    }

    private func noteEnd() {
        let (before, after, level) = visits.withLock { visits in
            let before = visits.levels.verdict
            if let loudest = visits.loudest.take() { visits.levels.hear(customer: loudest) }
            return (before, visits.levels.verdict, visits.levels.usual ?? 0)
        }
        guard after != before, after == .faint || after == .loud else { return }
        log.warning(
            """
            \(fact: settings.line.name): customers are heard at \(Int(level)) dBFS, which is too \(fact: after.rawValue): \
            turn the microphone \(fact: after == .faint ? "up" : "down") (alsamixer)
            """)
    }

    /// Serves until it is closed.
    /// - Parameter lead: leads a conversation to its end; is given the line of one customer.
    func run(_ lead: @escaping @Sendable (any AudioLine) async -> Void) async {
        let stand = Stand(
            line: line, waking: waking,
            lead: { [self] visit in
                visits.withLock { $0.count += 1 }
                await lead(visit)
                noteEnd()
            }, onPhase: { [display] phase in display.tell(phase) })
        current.withLock { $0 = stand }
        let pressing = Task { [button] in
            guard let button else { return }
            for await event in button.events {
                switch event {
                case .wake: stand.wake()
                case .leave: stand.leave()
                }
            }
        }
        defer { pressing.cancel() }
        do throws(RecognizingError) {
            try await stand.run()
        } catch {
            log.error("\(fact: settings.line.name) serves nobody any more: \(fact: error)")
        }
    }

    /// Ends the conversation under way.
    func leave() { current.withLock { $0 }?.leave() }

    /// Lets devices and button go.
    func close() {
        button?.close()
        line.close()
        display.tell(.away)
    }
}
