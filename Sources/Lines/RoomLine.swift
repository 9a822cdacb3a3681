// A kiosk in a simulated room: the customers are recordings, the rest is what a real kiosk does with its devices' sound.
// In: what customers say and when, what the assistant says. Out: the same events as from a kiosk, as fast as they are asked for.

public import Audio

/// One thing that a customer in a room does.
public enum RoomTurn: Sendable {
    /// Speaks so many seconds after the assistant has fallen silent.
    case after(Double, [Int16])
    /// Speaks so many seconds after the assistant has begun to answer, whatever it is saying then.
    case over(Double, [Int16])
}

/// A line in a room. Its clock is `next()`.
public actor RoomLine: AudioLine {
    /// As a kiosk has it.
    public nonisolated let band = Band.wideband
    private var room: SimulatedRoom
    private var sound = DuplexSound(band: .wideband)
    private let fill: LoudspeakerFill
    private var playback = Playback()
    private var clock = 0
    private var turns: ArraySlice<RoomTurn>
    private var speaking: ArraySlice<Int16> = []
    /// Frames since the assistant began to speak and since it ceased; nil before it did.
    private var sinceBegun: Int?, sinceCeased: Int?
    private var frames = 0
    /// When each turn began and when the assistant was stopped, in seconds of the line's clock.
    public private(set) var begun: [Double] = [], stopped: [Double] = []
    /// How many of the turns began while the assistant was speaking.
    public private(set) var begunOver = 0

    /// Frames of silence behind the last turn and the answer to it: 4 s.
    private static let tail = 200
    /// A customer who gets no answer goes on after 12 s.
    private static let givingUp = 600

    /// Puts customers into a room.
    public init(_ room: SimulatedRoom, turns: [RoomTurn]) {
        self.room = room
        self.turns = turns[...]
        fill = LoudspeakerFill(
            rate: Band.wideband.rate, period: Band.wideband.frameLength, buffer: Band.wideband.rate / 3)
        let lead = [Int16](repeating: 0, count: fill.wanted)
        self.room.say(lead)
        sound.say(lead)
    }

    /// What is known of the echo.
    public var echo: DuplexSound.Facts { sound.facts }

    /// The next 20 ms as a kiosk gives them, or the end behind the last turn.
    public func next() -> LineEvent {
        frames += 1
        if turns.isEmpty, speaking.isEmpty, playback.count == 0, (sinceCeased ?? frames) > Self.tail {
            return .ended(.inputEnd)
        }
        beginTurn()
        var near = Array(speaking.prefix(band.frameLength))
        speaking = speaking.dropFirst(near.count)
        near += [Int16](repeating: 0, count: band.frameLength - near.count)
        let frame = AudioFrame(sampleIndex: clock, samples: hear(near))
        clock += band.frameLength
        noteWhoSpeaks()
        say(Array(playback.take(band.frameLength)))
        return .frame(frame)
    }

    /// The stand has spoken before, to customers who are gone: the canceller knows the room.
    public func warmUp(saying speech: [Int16]) {
        for start in stride(from: 0, to: speech.count - band.frameLength, by: band.frameLength) {
            _ = hear([Int16](repeating: 0, count: band.frameLength))
            say(Array(speech[start..<start + band.frameLength]))
        }
    }

    private func hear(_ near: [Int16]) -> [Int16] {
        let behind = room.waitingToBePlayed
        return sound.hear(room.hear(near), saidBehind: behind, heardBehind: 0)
    }

    /// Puts `samples` behind what is still to be played.
    public func play(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        if playback.count == 0 { (sinceBegun, sinceCeased) = (0, nil) }
        playback.append(samples)
    }

    /// Stops; what the loudspeaker has already is heard for another moment.
    @discardableResult public func stopPlaying() -> Int {
        let forgotten = playback.clear()
        if forgotten > 0 { stopped.append(seconds) }
        return forgotten
    }

    /// Samples still to be played.
    public var toBePlayed: Int { playback.count }

    /// A stand stays where it is.
    public func hangUp() {}

    /// The line's clock.
    public var seconds: Double { Double(clock) / Double(band.rate) }

    private func noteWhoSpeaks() {
        let hasCeased = sinceBegun != nil && playback.count == 0
        sinceBegun = sinceBegun.map { $0 + 1 }
        sinceCeased = sinceCeased.map { $0 + 1 } ?? (hasCeased ? 0 : nil)
    }

    private func say(_ said: [Int16]) {
        var frame = said + [Int16](repeating: 0, count: band.frameLength - said.count)
        switch fill.step(queued: room.waitingToBePlayed, isSilent: said.isEmpty) {
        case .write: break
        case .leaveOut: return
        case .putSilenceBefore: frame = [Int16](repeating: 0, count: band.frameLength) + frame
        }
        room.say(frame)
        sound.say(frame)
    }

    private func beginTurn() {
        guard speaking.isEmpty, let turn = turns.first else { return }
        func frames(_ seconds: Double) -> Int { Int(seconds * 50) }
        let words: [Int16]
        switch turn {
        case .after(let pause, let sound):
            let isTold = sinceCeased.map { $0 >= frames(pause) } ?? false
            // Who was told nothing speaks first, or gives up waiting in the end.
            let isFirst = sinceBegun == nil && begun.isEmpty && self.frames > frames(pause)
            guard isTold || isFirst || playback.count == 0 && self.frames > Self.givingUp else { return }
            words = sound
        case .over(let delay, let sound):
            guard let sinceBegun, sinceBegun >= frames(delay) else { return }
            words = sound
        }
        turns = turns.dropFirst()
        speaking = words[...]
        begun.append(seconds)
        begunOver += playback.count > 0 ? 1 : 0
        // What the assistant has said until now was no answer to this.
        (sinceBegun, sinceCeased, self.frames) = (nil, nil, 0)
    }
}
