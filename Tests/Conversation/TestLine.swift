// The far ends of a call in these tests: a recogniser that hears what the script says, a voice without sound, a line that
// notes what happens on it. Time is the number of samples; nothing waits.

import Audio
import Conversation
import Dialogue
import Foundation
import Lines
import Privacy
import Synchronization
import Understanding

/// Counts from 1.
final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Hears, whatever the sound is, what the script has for the next utterance.
actor ScriptedEars: Recognizing {
    private var script: [[Hypothesis]]
    /// The networks that utterances were begun with; their identifiers are those of the expectations.
    private(set) var networks: [String] = []
    /// What was known of the caller when each was begun; each that is heard is a frame more of a mean that is its number.
    private(set) var channels: [Channel?] = []
    private(set) var abandoned = 0
    /// Samples of each utterance that was finished.
    private(set) var lengths: [Int] = []
    private let failure: RecognizingError?

    /// `nil` is sound that fits nothing.
    init(_ script: [(words: String, confidence: Double)?], failing failure: RecognizingError? = nil) {
        self.script = script.map { line in
            line.map {
                [Hypothesis(words: $0.words.split(separator: " ").map(String.init), confidence: $0.confidence)]
            } ?? []
        }
        self.failure = failure
    }

    func prepare(_ network: WordNetwork) async throws(RecognizingError) {}

    func begin(
        _ network: WordNetwork, band: Band, channel: Channel?
    ) async throws(RecognizingError) -> any UtteranceRecognizing {
        if let failure { throw failure }
        networks.append(network.id)
        channels.append(channel)
        return Utterance(ears: self)
    }

    private func finished(_ samples: Int) -> Recognition {
        lengths.append(samples)
        let hypotheses = script.isEmpty ? [] : script.removeFirst()
        return Recognition(
            hypotheses: hypotheses, audioSeconds: 1, cpuSeconds: 0,
            channel: Channel(band: .telephone, mean: [Float(lengths.count)], frames: 1))
    }

    private func leave() { abandoned += 1 }

    private actor Utterance: UtteranceRecognizing {
        private let ears: ScriptedEars
        private var samples = 0

        init(ears: ScriptedEars) { self.ears = ears }

        func hear(_ samples: [Int16]) async { self.samples += samples.count }
        func finish(isHurried: Bool) async -> Recognition { await ears.finished(samples) }
        func abandon() async { await ears.leave() }
    }
}

/// Speaks 20 letters a second, without a sound.
struct SilentVoice: Synthesizing {
    func synthesize(_ text: String, language: String, band: Band) async throws(SynthesizingError) -> [Int16] {
        [Int16](repeating: 0, count: text.count * band.rate / 20)
    }

    func sentences(of text: String) -> [String] {
        text.split(separator: ".").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

/// The same with a sound at the level of a voice.
struct SoundingVoice: Synthesizing {
    func synthesize(_ text: String, language: String, band: Band) async throws(SynthesizingError) -> [Int16] {
        Sound.voice(Double(text.count) / 20, level: -20)
    }

    func sentences(of text: String) -> [String] { SilentVoice().sentences(of: text) }
}

/// A recorded line that notes what is played and stopped on it, and can have keys pressed at moments and
/// a caller who hangs up.
actor NotedLine: AudioLine {
    struct Stop: Equatable {
        let seconds: Double
        let forgotten: Int
    }

    nonisolated let band: Band
    private let line: FileLine
    private var keys: [(seconds: Double, key: Character)]
    private let lastTurn: Int?
    private var framesOfLastTurn = 0
    private(set) var played = 0
    /// Only those that cut something off.
    private(set) var stops: [Stop] = []
    /// When it was played again after each of them, in seconds.
    private(set) var resumptions: [Double] = []

    /// - Parameter lastTurn: the number of the turn in which the caller hangs up, 0.8 s after it began.
    init(_ line: FileLine, keys: [(seconds: Double, key: Character)] = [], hangsUpIn lastTurn: Int? = nil) {
        band = line.band
        self.line = line
        self.keys = keys
        self.lastTurn = lastTurn
    }

    var seconds: Double { get async { Double(await line.position) / Double(band.rate) } }
    var toBePlayed: Int { get async { await line.toBePlayed } }

    func next() async -> LineEvent {
        if let first = keys.first, await seconds >= first.seconds { return .key(keys.removeFirst().key) }
        if await line.turnsBegun == lastTurn { framesOfLastTurn += 1 }
        return framesOfLastTurn > 40 ? .ended(.hangup) : await line.next()
    }

    func play(_ samples: [Int16]) async {
        played += samples.count
        if resumptions.count < stops.count { resumptions.append(await seconds) }
        await line.play(samples)
    }

    @discardableResult func stopPlaying() async -> Int {
        let forgotten = await line.stopPlaying()
        if forgotten > 0 { stops.append(Stop(seconds: await seconds, forgotten: forgotten)) }
        return forgotten
    }

    func hangUp() async { await line.hangUp() }
}

/// Sounds at the level of a voice, in a quiet room.
enum Sound {
    static let band = Band.telephone

    /// Something like vowels, four syllables a second, of a pitch that moves as people's does.
    /// - Parameter level: in dBFS; a caller at the telephone has about -22.
    static func voice(_ seconds: Double, level: Double = -22) -> [Int16] {
        let amplitude = 32_767 * pow(10, level / 20)
        return (0..<Int(seconds * Double(band.rate))).map { index in
            let time = Double(index) / Double(band.rate)
            let syllable = 0.55 + 0.45 * sin(2 * .pi * 4 * time)
            let beat = 2 * .pi * 220 * time + 10 * sin(2 * .pi * 2.5 * time)
            let wave = sin(beat) + 0.7 * sin(3 * beat) + 0.5 * sin(7 * beat)
            return Int16(clamping: Int(amplitude * syllable * wave))
        }
    }

    /// A room in which nobody speaks, at about -76 dBFS: a line is never without any noise.
    static func room(_ seconds: Double) -> [Int16] { hiss(seconds, peak: 8) }

    /// A cough, a tap that runs: loud, and no voice.
    static func bang(_ seconds: Double) -> [Int16] { hiss(seconds, peak: 4_500) }

    private static func hiss(_ seconds: Double, peak: Int) -> [Int16] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<Int(seconds * Double(band.rate))).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int16(Int(state % UInt64(2 * peak + 1)) - peak)
        }
    }

    /// A caller's turn of so many seconds of speech.
    static func turn(_ seconds: Double = 1, level: Double = -22) -> CallerTurn {
        .sound(room(0.3) + voice(seconds, level: level) + room(1))
    }
}

/// A call with everything in it, and what came of it.
struct TestCall {
    let desk: MemoryDesk
    let ears: ScriptedEars
    let line: NotedLine
    let session: Session
    private let call: Call
    private let reports: Reports

    init(
        _ line: NotedLine, hearing script: [(words: String, confidence: Double)?], failing: RecognizingError? = nil,
        caller: String? = "+380671234567", voice: any Synthesizing = SilentVoice(), trace: any TraceSink = NoTrace(),
        policy: RetentionPolicy = .standard
    ) throws {
        let (desk, ears, reports) = (MemoryDesk(), ScriptedEars(script, failing: failing), Reports())
        session = try TestFloor.session(desk: desk, trace: trace, caller: caller, line: .phone, policy: policy)
        let networks = Expectation.allCases.map { expectation in
            (expectation, WordNetwork(id: expectation.rawValue, stateCount: 1, finals: [0], arcs: []))
        }
        call = Call(
            session: session, line: line,
            equipment: CallEquipment(
                recognizer: ears, synthesizer: voice, networks: Dictionary(uniqueKeysWithValues: networks),
                language: "en")
        ) { report in await reports.take(report) }
        (self.desk, self.ears, self.line, self.reports) = (desk, ears, line, reports)
    }

    /// Plays it to its end.
    func run() async throws -> (end: CallEnd, turns: [TurnReport]) {
        let end = try await call.run()
        return (end, await reports.all)
    }

    private actor Reports {
        private(set) var all: [TurnReport] = []
        func take(_ report: TurnReport) { all.append(report) }
    }
}
