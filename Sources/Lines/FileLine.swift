// A line whose caller is a recording. In: what the caller does, what the assistant says. Out: the same events as on a
// telephone, on a clock of its own that nothing but `next()` moves, and both sides in one file where wanted.

public import Audio

/// A recorded call. Each frame given moves the caller and the assistant's playback on by the same 20 ms, so that a call
/// is the same however fast the computer is.
public actor FileLine: AudioLine {
    /// The band of all samples, given and taken.
    public nonisolated let band: Band

    private enum Caller {
        case turnTaking(TurnTakingCaller)
        case continuous(ContinuousCaller)
    }

    private var caller: Caller
    private var playback = Playback()
    private var clock = 0
    private var isHungUp = false
    private var end: LineEnd?
    private var recorder: WaveWriter?
    /// Why the recording of both sides is not complete; the call goes on without it.
    public private(set) var recordingFailure: WaveFileError?

    /// A caller who takes turns: the first one after the greeting, each other after the answer to the one before, and who
    /// leaves after the last answer.
    /// - Parameter recorder: takes both sides, the caller left; of two channels at the band's rate. The line closes it.
    public init(turns: [CallerTurn], band: Band, recorder: WaveWriter? = nil) {
        self.init(.turnTaking(TurnTakingCaller(turns, band: band)), band: band, recorder: recorder)
    }

    /// A caller whose whole side is in `samples`, spoken whatever the assistant does.
    public init(continuous samples: [Int16], band: Band, recorder: WaveWriter? = nil) {
        self.init(.continuous(ContinuousCaller(samples, band: band)), band: band, recorder: recorder)
    }

    /// The same from a WAV file of at most two hours, read as it is needed.
    public init(continuousFile path: String, band: Band, recorder: WaveWriter? = nil) throws(WaveFileError) {
        let reader = try BandReader(path: path, band: band)
        self.init(.continuous(ContinuousCaller(reader)), band: band, recorder: recorder)
    }

    private init(_ caller: sending Caller, band: Band, recorder: WaveWriter?) {
        precondition(recorder.map { $0.channels == 2 && $0.rate == band.rate } ?? true)
        self.caller = caller
        self.band = band
        self.recorder = recorder
    }

    /// How many of the turns have begun; what the assistant says now answers the last of them.
    public var turnsBegun: Int {
        if case .turnTaking(let caller) = caller { caller.turnsBegun } else { 0 }
    }

    /// Whether the caller has said something and waits for the answer.
    public var isWaiting: Bool {
        if case .turnTaking(let caller) = caller { caller.hasSpoken } else { false }
    }

    /// How long the call has lasted, in samples.
    public var position: Int { clock }

    /// The caller's next 20 ms, or what else happened. A key and words take no time: the clock stands.
    public func next() -> LineEvent {
        if let end { return .ended(end) }
        switch isHungUp ? afterHangUp() : callerStep() {
        case .samples(let samples): return .frame(frame(samples))
        case .key(let key): return .key(key)
        case .text(let text): return .text(text)
        case .ended(let reason):
            finish(reason)
            return .ended(reason)
        }
    }

    /// Puts `samples` behind what is still to be played.
    public func play(_ samples: [Int16]) {
        guard !samples.isEmpty, end == nil, !isHungUp else { return }
        playback.append(samples)
        if case .turnTaking(var caller) = caller {
            caller.assistantSpeaks()
            self.caller = .turnTaking(caller)
        }
    }

    /// Stops at once; the recording has what was played until now.
    @discardableResult public func stopPlaying() -> Int { playback.clear() }

    /// Samples still to be played.
    public var toBePlayed: Int { playback.count }

    /// The caller is silent from now on; the line ends when all has been played, at once where nothing is left.
    public func hangUp() {
        isHungUp = true
        if playback.count == 0, end == nil { finish(.hangup) }
    }

    private func afterHangUp() -> CallerStep { playback.count > 0 ? .samples([]) : .ended(.hangup) }

    private func callerStep() -> CallerStep {
        let isPlaying = playback.count > 0
        switch caller {
        case .turnTaking(var caller):
            defer { self.caller = .turnTaking(caller) }
            return caller.next(isPlaying: isPlaying)
        case .continuous(var caller):
            defer { self.caller = .continuous(caller) }
            return caller.next(isPlaying: isPlaying)
        }
    }

    /// 20 ms of both sides.
    private func frame(_ samples: ArraySlice<Int16>) -> AudioFrame {
        let filled = samples + [Int16](repeating: 0, count: band.frameLength - samples.count)
        let frame = AudioFrame(sampleIndex: clock, samples: Array(filled))
        clock += band.frameLength
        let played = Array(playback.take(band.frameLength))
        record { recorder throws(WaveFileError) in try recorder.write(left: frame.samples, right: played) }
        return frame
    }

    private func finish(_ reason: LineEnd) {
        end = reason
        playback.clear()
        record { recorder throws(WaveFileError) in try recorder.close() }
        recorder = nil
    }

    private func record(_ work: (WaveWriter) throws(WaveFileError) -> Void) {
        guard let recorder else { return }
        do throws(WaveFileError) {
            try work(recorder)
        } catch {
            recordingFailure = error
            self.recorder = nil
        }
    }
}
