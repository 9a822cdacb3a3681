// A stand in a shop as a line: a microphone and a loudspeaker that stay when a conversation is over. In: the names of
// its devices, what the assistant says. Out: the customer, without the assistant's own voice, 20 ms each 20 ms.

public import Audio
public import Platform
import Synchronization

/// The devices of a kiosk.
public struct KioskLineSettings: Sendable, Equatable {
    /// What the stand is called in the log and in `rozmova status`.
    public var name = "kiosk"
    /// PCMs of ALSA: `default`, `hw:1,0`, `plughw:…`.
    public var microphone = "default", loudspeaker = "default"
    /// Decibels that the sound is raised or lowered by.
    public var microphoneGain = 0.0, loudspeakerGain = 0.0

    /// The standing settings.
    public init() {}
}

/// How a kiosk's sound is doing.
public struct KioskLineFacts: Sendable, Equatable {
    /// Whether sound comes and goes.
    public var isWorking = false
    /// Why it does not; nil before the devices were tried.
    public var trouble: String?
    /// What the devices agreed to: "16000 Hz s16 ×1", microphone first.
    public var forms: [String] = []
    /// Times that sound was lost since the process or the device was late, and times that a device was lost.
    public var overruns = 0, losses = 0
    /// Milliseconds of silence put in, and of sound left out, to keep two devices' clocks together.
    public var filled = 0, skipped = 0
    /// Milliseconds from a sample being said to the loudspeaker.
    public var delay = 0
    /// Of the last loss: seconds from the last sound until it was noticed, and until there was sound again.
    public var noticedAfter: Double?, recoveredAfter: Double?
    /// What is known of the echo.
    public var echo = DuplexSound.Facts()
}

/// One stand. It is a line that stays: where `next()` says that it failed the conversation is over, and whoever asks again
/// gets what comes when the devices are back.
public final class KioskLine: AudioLine {
    /// A microphone hears more than a telephone.
    public let band = Band.wideband
    /// What it was made with.
    public let settings: KioskLineSettings
    private let state: Mutex<State>
    private let log: Log

    /// A conversation without devices for so long is over.
    private static let patience = 10.0
    /// An engine that has not been seen at work for so long is stuck inside a device: three seconds are promised.
    private static let stuckAfter = 2.25
    /// Milliseconds between two looks at it.
    private static let look = 100

    fileprivate struct State {
        var inbox = LineInbox()
        var playback = Playback()
        var clock = 0
        var facts = KioskLineFacts()
        /// The engine that may act; others are given up. Of those that got stuck, how many have not come out of it.
        var engine = 0
        var stuck = 0
        /// When the engine was last seen at work, when sound last came, and since when there is none.
        var pulse = ContinuousClock.now
        var lastSound = ContinuousClock.now
        var lostSince: ContinuousClock.Instant?
        var hasGivenUp = false
        var isClosed = false
    }

    private init(_ settings: KioskLineSettings, log: Log) {
        self.settings = settings
        self.log = log
        state = Mutex(State())
    }

    /// Opens a stand. Devices that are not there yet are tried again until they are.
    public static func open(_ settings: KioskLineSettings, log: Log = Log(component: "kiosk")) -> KioskLine {
        let line = KioskLine(settings, log: log)
        KioskEngine.start(line.state.withLock { $0.nextEngine() }, for: line, settings)
        Task { [weak line] in
            while let watched = line, !watched.watch() {
                try? await Task.sleep(for: .milliseconds(Self.look))
            }
        }
        return line
    }

    /// Lets the devices go.
    public func close() {
        state.withLock { state in
            state.isClosed = true
            return state.inbox.finish(.hangup)
        }?.resume(returning: .ended(.hangup))
    }

    /// How it is doing.
    public var facts: KioskLineFacts { state.withLock { $0.facts } }

    // MARK: As a line

    /// The room's next 20 ms; waits for it. Stands still while the devices are gone, until a conversation cannot wait.
    public func next() async -> LineEvent {
        await withCheckedContinuation { owner in
            if let event = state.withLock({ $0.inbox.take(for: owner) }) { owner.resume(returning: event) }
        }
    }

    /// Puts `samples` behind what is still to be played.
    public func play(_ samples: [Int16]) async { state.withLock { $0.playback.append(samples) } }

    /// Stops with the next period. What the device has already is heard for another moment.
    @discardableResult public func stopPlaying() async -> Int { state.withLock { $0.playback.clear() } }

    /// Samples that the device does not have yet.
    public var toBePlayed: Int { get async { state.withLock { $0.playback.count } } }

    /// A stand stays where it is.
    public func hangUp() async {}

    // MARK: From the engine's thread

    /// Tells that an engine is at work, and what it has found; false where it is not wanted any more.
    func isWanted(_ engine: Int, tell: (inout KioskLineFacts) -> Void = { _ in }) -> Bool {
        state.withLock { state in
            guard state.engine == engine, !state.isClosed else { return false }
            state.pulse = .now
            tell(&state.facts)
            return true
        }
    }

    /// An engine came to its end, perhaps long after it was given up.
    func ended(_ engine: Int) {
        state.withLock { state in
            if state.engine != engine { state.stuck -= 1 }
        }
    }

    /// 20 ms came; gives what is to be said meanwhile. Nothing where the engine is not wanted any more.
    func exchange(_ engine: Int, heard: [Int16], tell: (inout KioskLineFacts) -> Void) -> [Int16]? {
        var isBack: Double?
        let (owner, event, said) = state.withLock { state -> (LineInbox.Owner?, LineEvent, [Int16]?) in
            let event = LineEvent.frame(AudioFrame(sampleIndex: state.clock, samples: heard))
            guard state.engine == engine, !state.isClosed else { return (nil, event, nil) }
            if state.lostSince.take() != nil {
                isBack = state.lastSound.duration(to: .now) / .seconds(1)
                state.facts.recoveredAfter = isBack
                state.hasGivenUp = false
            }
            state.facts.isWorking = true
            state.facts.trouble = nil
            tell(&state.facts)
            state.clock += heard.count
            (state.pulse, state.lastSound) = (.now, .now)
            return (state.inbox.offer(event), event, Array(state.playback.take(band.frameLength)))
        }
        owner?.resume(returning: event)
        if let isBack { log.info("\(fact: settings.name): sound again after \(isBack) s") }
        return said
    }

    /// A device was lost, or could not be opened.
    func lost(_ engine: Int, _ reason: String) {
        let noticed = state.withLock { state -> Double? in
            guard state.engine == engine, !state.isClosed else { return nil }
            return state.lose(reason)
        }
        if let noticed { log.warning("\(fact: settings.name): no sound since \(noticed) s: \(fact: reason)") }
    }

    // MARK: Watching

    /// Gives up an engine that is stuck, and a conversation that cannot go on; true once the line is closed.
    private func watch() -> Bool {
        enum Finding { case closed, fine, stuck(noticed: Double?, next: Int?) }
        var givenUp: LineInbox.Owner?
        let failure = LineEvent.ended(.failed("no sound"))
        let finding = state.withLock { state -> Finding in
            if state.isClosed { return .closed }
            if let lost = state.lostSince, !state.hasGivenUp, lost.duration(to: .now) >= .seconds(Self.patience) {
                state.hasGivenUp = true
                givenUp = state.inbox.offer(failure)
            }
            let silent = state.pulse.duration(to: .now) / .seconds(1)
            guard silent >= Self.stuckAfter else { return .fine }
            // Each engine that is stuck is a thread that waits: one more is started less and less often.
            let isGivenUp = silent >= Self.stuckAfter * Double(1 + state.stuck)
            let noticed = state.lose("the device does not answer")
            if isGivenUp { state.stuck += 1 }
            return .stuck(noticed: noticed, next: isGivenUp ? state.nextEngine() : nil)
        }
        givenUp?.resume(returning: failure)
        switch finding {
        case .closed: return true
        case .fine: return false
        case .stuck(let noticed, let next):
            if let noticed { log.warning("\(fact: settings.name): no sound since \(noticed) s: the device hangs") }
            if let next { KioskEngine.start(next, for: self, settings) }
            return false
        }
    }
}

extension KioskLine.State {
    /// The number of an engine that is to begin now.
    fileprivate mutating func nextEngine() -> Int {
        engine += 1
        pulse = .now
        return engine
    }

    /// Notes a loss; gives the seconds since there was sound, where it is not known already.
    fileprivate mutating func lose(_ reason: String) -> Double? {
        let isNews = lostSince == nil || facts.trouble != reason
        facts.isWorking = false
        facts.trouble = reason
        guard isNews else { return nil }
        let silent = lastSound.duration(to: .now) / .seconds(1)
        if lostSince == nil {
            lostSince = .now
            facts.losses += 1
            facts.noticedAfter = silent
            // What was being said belongs to a moment that is over.
            playback.clear()
        }
        return silent
    }
}
