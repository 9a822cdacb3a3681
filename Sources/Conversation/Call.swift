// One spoken conversation: the line's frames come in; utterances are cut out, recognised and understood; answers go out.
// The index of the samples is the clock. Engines and devices stand behind the seams of Audio.

public import Audio
public import Dialogue
import Language
import Platform

/// Why a call could not go on.
public enum CallFailure: Error, Sendable, Equatable {
    /// The recogniser failed.
    case hearing(RecognizingError)
    /// The synthesiser failed.
    case speaking(SynthesizingError)
}

/// One call on one line. `run()` lasts as long as the call.
public actor Call {
    private let session: Session
    private let line: any AudioLine
    private let equipment: CallEquipment
    private let manners: CallManners
    private let people: (any PersonTransferring)?
    private let onTurn: @Sendable (TurnReport) async -> Void

    private var detector: EndpointDetector
    private var preRoll: PreRoll
    /// Where the line is a microphone in a room.
    private var room: QuietedRoom?
    private var level = CallerLevel()
    /// How the caller and the line sound.
    private var channel: Channel?
    private var echo = EchoGuard()
    private var utterance: Listening?
    private var keys = ""
    private var lastKey = 0
    /// Since this sample nobody has spoken.
    private var quietSince = 0
    private var clock = 0
    /// What the assistant is saying, and where in the stream it began: to go on after a false interruption.
    private var speech: [Int16] = []
    /// Where the sound goes, if it is kept.
    private var recorder: Recorder?
    /// Samples that were still to be played behind the last frame.
    private var leftBefore = 0
    /// What somebody's sounds do to what is being said; and what was still to be said when they stopped it.
    private var interruption = Interruption()
    private var left: [Int16]?
    /// A few words are being said until the answer comes, which does not cut them off.
    private var isBridging = false

    /// An utterance that is being recognised.
    private struct Listening {
        let recognition: AnticipatedUtterance
        /// How much silence ends it, as soon as it is known what has been said until its pause.
        var patience: Patience?
        /// Whether it began long before the assistant had finished.
        let isInterrupting: Bool
        /// Whether a voice was heard in it over the assistant's.
        var isVoice = false
        /// Frames heard, and of them those that the assistant's own voice may have been.
        var frames = 0, echoes = 0

        var isEcho: Bool { frames > 0 && Double(echoes) >= 0.8 * Double(frames) }
    }

    /// Makes a call; `onTurn` is told of each turn when its answer begins.
    public init(
        session: Session, line: any AudioLine, equipment: CallEquipment, manners: CallManners = CallManners(),
        people: (any PersonTransferring)? = nil, onTurn: @escaping @Sendable (TurnReport) async -> Void
    ) {
        self.session = session
        self.line = line
        self.equipment = equipment
        self.manners = manners
        self.people = people
        self.onTurn = onTurn
        detector = EndpointDetector(band: line.band)
        preRoll = PreRoll(band: line.band)
        room = session.line == .kiosk ? QuietedRoom(band: line.band) : nil
    }

    /// Leads the conversation to its end. Where it fails the line is closed and the conversation over, as after a hang-up.
    public func run() async throws(CallFailure) -> CallEnd {
        do throws(CallFailure) {
            return try await converse()
        } catch {
            await finishRecording()
            await utterance?.recognition.abandon()
            utterance = nil
            await session.close(.hangup)
            await line.stopPlaying()
            await line.hangUp()
            throw error
        }
    }

    private func converse() async throws(CallFailure) -> CallEnd {
        let greeting = await session.start()
        recorder = await session.sound(line.band).map { Recorder($0, band: line.band) }
        try await answer(greeting, decided: nil)
        while true {
            if let end = await session.end, await isSilent {
                await finishRecording()
                await line.hangUp()
                return end
            }
            if let person = await session.person, await isSilent {
                try await putThrough(to: person)
                continue
            }
            switch await line.next() {
            case .frame(let frame): try await hear(frame)
            case .key(let key): try await take(key)
            case .text(let text): try await answer(await session.hear(typed: text), decided: nil)
            case .ended(let reason): return try await finish(reason)
            }
        }
    }

    /// Whether everything has been said.
    private var isSilent: Bool { get async { await line.toBePlayed == 0 && left == nil } }

    /// The caller waits, unheard, until somebody has come or nobody has.
    private func putThrough(to person: PersonWanted) async throws(CallFailure) {
        var isDone = false
        if let people {
            do throws(SynthesizingError) {
                let summary = try await equipment.synthesizer.synthesize(
                    person.summary, language: equipment.language, band: line.band)
                isDone = await people.transfer(to: person.address, summary: summary)
            } catch {
                throw .speaking(error)
            }
        }
        await utterance?.recognition.abandon()
        utterance = nil
        detector = EndpointDetector(band: line.band)
        preRoll.forget()
        try await answer(await session.transferred(isDone), decided: nil)
    }

    /// What was begun and not finished is not known, and so not kept.
    private func finishRecording() async {
        var unheard = await session.unheard
        unheard.caller = unheard.caller || utterance != nil || !keys.isEmpty
        await record(unheard)
        await recorder?.sink.finish()
        recorder = nil
    }

    private func record(_ unheard: Unheard) async {
        guard let pairs = recorder?.letGo(unheard), !pairs.isEmpty else { return }
        await recorder?.sink.take(pairs)
    }

    private func finish(_ reason: LineEnd) async throws(CallFailure) -> CallEnd {
        if case .speechEnded(let span) = detector.finish(), reason == .inputEnd { try await decide(span) }
        await utterance?.recognition.abandon()
        utterance = nil
        if !keys.isEmpty, reason == .inputEnd { try await hearKeys() }
        await finishRecording()
        if let end = await session.end { return end }
        let end: CallEnd = reason == .inputEnd ? .inputEnd : .hangup
        await session.close(end)
        return end
    }

    // MARK: - Listening

    private func hear(_ frame: AudioFrame) async throws(CallFailure) {
        clock = frame.sampleIndex + frame.samples.count
        let heard = room?.hear(frame.samples, inSpeech: utterance != nil) ?? frame.samples
        preRoll.hear(AudioFrame(sampleIndex: frame.sampleIndex, samples: heard))
        if await session.end != nil { return }
        let left = await line.toBePlayed
        recorder?.hear(
            frame.samples, said: speech.dropLast(left).suffix(min(frame.samples.count, max(0, leftBefore - left))))
        leftBefore = left
        echo.hear(frame.samples, said: speech.dropLast(left).suffix(left > 0 ? frame.samples.count : 0))
        try await goOn(heard)
        utterance?.frames += 1
        if left > 0, echo.mayBeEcho { utterance?.echoes += 1 }
        switch detector.hear(frame) {
        case .speechStarted(let start): try await begin(at: start)
        case .speechEnded(let span): try await decide(span)
        case nil: break
        }
        try await watchTheClock()
    }

    /// The utterance that is under way, if there is one, goes on; what has been said says how long its end is waited for.
    private func goOn(_ samples: [Int16]) async throws(CallFailure) {
        let ends = await session.expectation.turnEnds
        detector.patience = ends.usual
        guard let utterance else { return }
        let pause = Int(1_000 * detector.pauseSeconds)
        let mayHaveEnded = pause >= ends.anticipation && !utterance.isEcho
        do throws(RecognizingError) {
            try await utterance.recognition.hear(samples, isPausing: mayHaveEnded)
        } catch {
            throw .hearing(error)
        }
        if !mayHaveEnded {
            self.utterance?.patience = nil
        } else if utterance.patience == nil, pause + 40 >= ends.sooner.milliseconds,
            let foreseen = await utterance.recognition.foreseen
        {
            self.utterance?.patience = await ends.patience(
                with: foreseen.hypotheses.first, isUnderstood: session.understands(foreseen.hypotheses))
        }
        detector.patience = self.utterance?.patience ?? ends.usual
    }

    private func begin(at start: Int) async throws(CallFailure) {
        let expectation = await session.expectation
        guard let network = equipment.networks[expectation] else { return }
        do throws(RecognizingError) {
            let (recognizer, band, usual, channel) = (equipment.recognizer, line.band, level.usual, channel)
            let recognition = try await AnticipatedUtterance(preRoll.since(start)) { () throws(RecognizingError) in
                LevelledUtterance(
                    try await recognizer.begin(network, band: band, channel: channel), band: band, usual: usual)
            }
            let unsaid = await max(line.toBePlayed, left?.count ?? 0)
            utterance = Listening(recognition: recognition, isInterrupting: unsaid > samples(manners.overlap))
        } catch {
            throw .hearing(error)
        }
    }

    private func watchTheClock() async throws(CallFailure) {
        let isPlaying = await line.toBePlayed > 0
        if isPlaying || left != nil { await weighInterruption(isPlaying: isPlaying) }
        if isPlaying || utterance != nil || left != nil || !keys.isEmpty { quietSince = clock }
        if !keys.isEmpty, clock - lastKey >= samples(manners.keyPause) { try await hearKeys() }
        if clock - quietSince >= samples(manners.silence) {
            quietSince = clock
            try await answer(await session.hearSilence(), decided: nil)
        }
    }

    /// Something may be heard over the assistant.
    private func weighInterruption(isPlaying: Bool) async {
        let isEcho = isPlaying && echo.mayBeEcho
        let step = interruption.hear(
            loud: isPlaying && echo.isProbablyEcho ? 0 : detector.loudFrames, isVoiced: !isEcho && detector.isVoiced,
            isPlaying: isPlaying, isListening: utterance != nil)
        if interruption.isVoice { utterance?.isVoice = true }
        switch step {
        case .stop:
            let unsaid = await hush()
            left = Array(speech.suffix(unsaid))
        case .talkOn: await talkOn()
        case nil: break
        }
    }

    /// Says what was still to be said when somebody made it stop.
    private func talkOn() async {
        guard let left else { return }
        self.left = nil
        await play(left)
    }

    private func samples(_ seconds: Double) -> Int { Int(seconds * Double(line.band.rate)) }

    // MARK: - Deciding

    private func decide(_ span: SpeechSpan) async throws(CallFailure) {
        guard let heard = utterance else { return }
        utterance = nil
        preRoll.forget()
        let moment = Moment(speechEnd: span.end, decided: clock, level: span.levelDBFS, watch: Stopwatch())
        if heard.isEcho {
            // "Say: place the order" that comes back from the telephone network must not place one.
            recorder?.doubt(seconds: Double(span.end - span.start) / Double(line.band.rate))
            return await heard.recognition.abandon()
        }
        let recognition = await heard.recognition.finish()
        let trust = level.trust(in: span.levelDBFS)
        let hypotheses = recognition.hypotheses.map { $0.trusted(trust) }
        if trust == 1, let heard = recognition.channel { channel.take(heard) }
        let isUnderstood = await session.understands(hypotheses)
        if !isUnderstood {
            recorder?.doubt(seconds: Double(span.end - span.start) / Double(line.band.rate))
            // A cough, or somebody else: the assistant goes on, from where it was stopped if it was.
            let isPlaying = await line.toBePlayed > 0
            if isPlaying || left != nil {
                if heard.isVoice { await session.overhear() }
                interruption.isOver(inVain: true)
                return await talkOn()
            }
        }
        if span.levelDBFS.isFinite, trust == 1, isUnderstood { level.accept(span.levelDBFS) }
        let isInterrupting = heard.isInterrupting
        try await answer(
            await bridged { await self.session.hear(hypotheses, isInterrupting: isInterrupting) }, decided: moment)
    }

    /// Says a few words where an answer takes its time: a payment, a slow disk. Nobody should wonder whether the line is dead.
    private func bridged(_ work: () async -> TurnReport) async -> TurnReport {
        guard !equipment.bridge.isEmpty else { return await work() }
        let words = Task {
            try await Task.sleep(for: .seconds(manners.bridging))
            let samples = try await equipment.synthesizer.synthesize(
                equipment.bridge, language: equipment.language, band: line.band)
            if Task.isCancelled { return }
            isBridging = true
            await line.play(samples)
        }
        defer { words.cancel() }
        return await work()
    }

    private func take(_ key: Character) async throws(CallFailure) {
        // A key outranks speech: what is being said is not listened to any further.
        await utterance?.recognition.abandon()
        utterance = nil
        await hush()
        keys.append(key)
        lastKey = clock
        if key == "#" { try await hearKeys() }
    }

    private func hearKeys() async throws(CallFailure) {
        let pressed = keys
        keys = ""
        try await answer(await bridged { await self.session.hear(keys: pressed) }, decided: nil)
    }

    // MARK: - Answering

    private struct Moment {
        let speechEnd: Int, decided: Int
        let level: Double, watch: Stopwatch
    }

    private func answer(_ report: TurnReport, decided moment: Moment?) async throws(CallFailure) {
        var report = report
        report.level = moment?.level
        if await session.keepsNothing { recorder = nil }
        await record(report.unheard)
        if !isBridging { await hush() }
        (isBridging, speech, left) = (false, [], nil)
        interruption.isOver(inVain: false)
        for (index, part) in equipment.synthesizer.sentences(of: report.reply?.speech ?? "").enumerated() {
            do throws(SynthesizingError) {
                let samples = try await equipment.synthesizer.synthesize(
                    part, language: equipment.language, band: line.band)
                if index == 0, let moment { report.timing = timing(of: moment) }
                await play(samples)
            } catch {
                throw .speaking(error)
            }
        }
        quietSince = clock
        await onTurn(report)
    }

    /// Falls silent; gives how much was still to be said.
    @discardableResult private func hush() async -> Int {
        leftBefore = 0
        left = nil
        return await line.stopPlaying()
    }

    private func play(_ samples: [Int16]) async {
        speech += samples
        leftBefore += samples.count
        await line.play(samples)
    }

    private func timing(of moment: Moment) -> TurnTiming {
        let (rate, end) = (Double(line.band.rate), min(moment.speechEnd, moment.decided))
        let decided = Double(moment.decided) / rate
        return TurnTiming(
            speechEnd: Double(end) / rate, decided: decided, firstAudio: decided + moment.watch.seconds)
    }
}
