// Stories of callers: who speaks when, how loud, over what noise, and when the detector says so.

import Audio
import Foundation
import Testing

/// A stream being composed from silence, syllables and clicks; noise and hum are laid over all of it.
private struct Scene {
    let band: Band
    private(set) var samples: [Double] = []
    private var dice = Dice(7)

    init(_ band: Band = .telephone) { self.band = band }

    var seconds: Double { Double(samples.count) / Double(band.rate) }

    mutating func silence(_ seconds: Double) {
        samples += [Double](repeating: 0, count: Int(seconds * Double(band.rate)))
    }

    /// A voiced sound of `decibels` below full scale that swells and fades in 30 ms each.
    mutating func vowel(_ seconds: Double, _ decibels: Double = -20) {
        add(seconds, decibels) { time in
            [1, 2, 3, 5, 8].reduce(0) { $0 + sin(2 * .pi * 140 * $1 * time) / $1 }
        }
    }

    /// A hissing sound, all above 2 kHz.
    mutating func hiss(_ seconds: Double, _ decibels: Double = -40) {
        var last = 0.0
        let values = (0..<Int(seconds * Double(band.rate))).map { _ in
            let next = dice.roll()
            defer { last = next }
            return (next - last) / 2
        }
        let rate = Double(band.rate)
        add(seconds, decibels) { values[min(values.count - 1, Int($0 * rate))] }
    }

    /// Words of syllables 180 ms long with 60 ms between: `count` of them.
    mutating func words(_ count: Int, _ decibels: Double = -20) {
        for index in 0..<count {
            if index > 0 { silence(0.06) }
            vowel(0.18, decibels)
        }
    }

    mutating func overlay(noise decibels: Double) {
        let amplitude = pow(10, decibels / 20) * 3.0.squareRoot()
        for index in samples.indices { samples[index] += amplitude * dice.roll() }
    }

    mutating func overlay(hum decibels: Double) {
        let amplitude = pow(10, decibels / 20) * 2.0.squareRoot()
        for index in samples.indices {
            let time = Double(index) / Double(band.rate)
            samples[index] += amplitude * (sin(2 * .pi * 50 * time) + 0.1 * sin(2 * .pi * 100 * time))
        }
    }

    mutating func append(_ sound: [Double]) { samples += sound }

    /// Zeros instead of each so-many-th frame.
    mutating func mute(every step: Int) {
        let length = band.frameLength
        for start in stride(from: 0, to: samples.count - length, by: step * length) {
            samples.replaceSubrange(start..<start + length, with: [Double](repeating: 0, count: length))
        }
    }

    mutating func amplify(_ factor: Double) { samples = samples.map { $0 * factor } }

    private mutating func add(_ seconds: Double, _ decibels: Double, _ wave: (Double) -> Double) {
        let count = Int(seconds * Double(band.rate))
        let values = (0..<count).map { wave(Double($0) / Double(band.rate)) }
        let power = (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, count))).squareRoot()
        let ramp = min(Double(band.rate) * 0.03, Double(count) / 4)
        samples += values.enumerated().map { index, value in
            let edge = min(1, Double(min(index, count - index)) / ramp)
            return value / power * pow(10, decibels / 20) * edge
        }
    }

    /// Runs the stream through a detector, changing its patience at the given seconds.
    func told(
        _ patience: Patience = .normal, changing: [(at: Double, to: Patience)] = [], longest: Double = 20
    ) -> Story {
        var detector = EndpointDetector(band: band, patience: patience, longestSeconds: longest)
        var story = Story()
        let length = band.frameLength
        for start in stride(from: 0, to: samples.count - length + 1, by: length) {
            for change in changing where Double(start) / Double(band.rate) >= change.at {
                detector.patience = change.to
            }
            let frame = samples[start..<start + length].map { Int16(max(-32_768, min(32_767, $0 * 32_768))) }
            story.add(
                detector.hear(AudioFrame(sampleIndex: start, samples: frame)), at: start + length, rate: band.rate)
        }
        story.add(detector.finish(), at: samples.count, rate: band.rate)
        return story
    }
}

/// What a detector said, in seconds.
private struct Story {
    struct Utterance {
        let start: Double
        let end: Double
        let decided: Double
        let span: SpeechSpan
    }
    private(set) var started: [(at: Double, told: Double)] = []
    private(set) var utterances: [Utterance] = []

    mutating func add(_ event: EndpointDetector.Event?, at sample: Int, rate: Int) {
        let now = Double(sample) / Double(rate)
        switch event {
        case .speechStarted(let index): started.append((Double(index) / Double(rate), now))
        case .speechEnded(let span):
            utterances.append(
                Utterance(
                    start: Double(span.start) / Double(rate), end: Double(span.end) / Double(rate), decided: now,
                    span: span))
        case nil: break
        }
    }
}

@Suite struct EndpointDetectorTests {
    @Test(arguments: Band.allCases, [Patience.short, .normal, .long])
    func wordsBetweenDigitalSilence(band: Band, patience: Patience) throws {
        var scene = Scene(band)
        scene.silence(1)
        scene.words(4)
        let end = scene.seconds
        scene.silence(2)
        let story = scene.told(patience)
        #expect(story.utterances.count == 1 && story.started.count == 1)
        let heard = try #require(story.utterances.first)
        #expect(abs(heard.start - 1) <= 0.04)
        #expect(story.started[0].told - heard.start <= 0.3)
        #expect(heard.end >= end - 0.02 && heard.end <= end + 0.3)
        let wait = heard.decided - end
        #expect(abs(wait - Double(patience.milliseconds) / 1_000) <= 0.06, "decided after \(wait) s")
        #expect((-28 ... -20).contains(heard.span.levelDBFS) && heard.span.snrDB > 30 && heard.span.ending == .silence)
    }

    struct Place: Sendable, CustomTestStringConvertible {
        let what: String
        var noise: Double?
        var hum: Double?
        var speech = -20.0
        var testDescription: String { what }
    }

    @Test(
        arguments: [
            Place(what: "a quiet room", noise: -65), Place(what: "an office", noise: -45),
            Place(what: "noise 10 dB below the speech", noise: -30),
            Place(what: "mains hum as loud as the speech", noise: -65, hum: -20),
            Place(what: "a quiet speaker", noise: -65, speech: -40),
            Place(what: "a quiet speaker on a dead line", speech: -40),
            Place(what: "a loud speaker", noise: -50, speech: -6),
        ], Band.allCases)
    func everyPlaceHasOneUtterance(place: Place, band: Band) throws {
        var scene = Scene(band)
        scene.silence(1.5)
        scene.words(5, place.speech)
        let end = scene.seconds
        scene.silence(2)
        if let noise = place.noise { scene.overlay(noise: noise) }
        if let hum = place.hum { scene.overlay(hum: hum) }
        let story = scene.told()
        // Noise on a line that was just switched on may be taken for speech at first, but never with this patience later.
        #expect(story.utterances.count == 1, "\(story)")
        let heard = try #require(story.utterances.first)
        #expect(abs(heard.start - 1.5) <= 0.06)
        #expect(heard.end >= end - 0.06 && heard.end <= end + 0.3)
        #expect(heard.decided - end <= 0.8)
    }

    @Test func clippedSpeechIsOneUtterance() throws {
        var scene = Scene()
        scene.silence(1)
        scene.words(5, -12)
        scene.amplify(12)
        scene.silence(1.5)
        scene.overlay(noise: -50)
        #expect(scene.told().utterances.count == 1)
    }

    @Test(arguments: [-65.0, -45, -30])
    func noiseAloneIsNoSpeech(noise: Double) {
        var scene = Scene()
        scene.silence(20)
        scene.overlay(noise: noise)
        #expect(scene.told().started.isEmpty)
    }

    @Test func humAndADialToneAloneAreNoSpeechForLong() {
        var scene = Scene()
        scene.silence(10)
        scene.overlay(hum: -15)
        #expect(scene.told().started.isEmpty)
    }

    @Test func clicksAreNoSpeech() {
        var scene = Scene()
        scene.silence(1)
        for _ in 0..<8 {
            scene.vowel(0.08, -15)
            scene.silence(0.5)
        }
        scene.overlay(noise: -55)
        #expect(scene.told().started.isEmpty)
    }

    @Test func aFaintEndingBelongsToTheWord() throws {
        // "six": a vowel, the stop's silence, and a hiss 25 dB weaker, in noise that hides it from the whole band.
        var scene = Scene(.wideband)
        scene.silence(1.5)
        scene.hiss(0.1)
        scene.vowel(0.12)
        scene.silence(0.09)
        scene.hiss(0.16, -45)
        let end = scene.seconds
        scene.silence(1.5)
        scene.overlay(noise: -62)
        let story = scene.told(.short)
        let heard = try #require(story.utterances.first)
        #expect(story.utterances.count == 1)
        #expect(heard.end >= end - 0.04)
        #expect(heard.decided >= end + 0.38)
    }

    @Test func soundFarBelowTheVoiceIsSilence() throws {
        var scene = Scene()
        scene.silence(2)
        scene.words(6)
        let end = scene.seconds
        // Notes of music.
        for _ in 0..<48 { scene.vowel(0.25, -40) }
        scene.overlay(noise: -65)
        let heard = try #require(scene.told().utterances.first)
        #expect(abs(heard.decided - end - 0.9) < 0.1)
    }

    @Test func aPauseInsideIsForThePatienceToJudge() {
        var scene = Scene()
        scene.silence(1)
        scene.words(3)
        scene.silence(0.6)
        scene.words(3)
        scene.silence(2)
        scene.overlay(noise: -55)
        #expect(scene.told(.short).utterances.count == 2)
        #expect(scene.told(.normal).utterances.count == 1)
        #expect(scene.told(.long).utterances.count == 1)
    }

    @Test func patienceChangesInTheMiddleOfAnUtterance() {
        var scene = Scene()
        scene.silence(1)
        scene.words(3)
        scene.silence(1)
        scene.words(3)
        scene.silence(2)
        #expect(scene.told(.normal).utterances.count == 2)
        #expect(scene.told(.normal, changing: [(1.2, .long)]).utterances.count == 1)
        #expect(scene.told(.long, changing: [(1.2, .short)]).utterances.count == 2)
    }

    @Test func aClickInTheSilenceDoesNotKeepAnUtteranceOpen() throws {
        var scene = Scene()
        scene.silence(1)
        scene.words(3)
        let end = scene.seconds
        scene.silence(0.4)
        scene.vowel(0.015, -15)
        scene.silence(1.5)
        scene.overlay(noise: -55)
        let heard = try #require(scene.told().utterances.first)
        #expect(heard.decided - end <= 0.76)
    }

    @Test func anEndlessUtteranceIsEndedByForceAndGoesOn() {
        var scene = Scene()
        scene.silence(1)
        scene.words(40)
        scene.silence(2)
        scene.overlay(noise: -55)
        let story = scene.told(longest: 4)
        #expect(story.utterances.map(\.span.ending) == [.limit, .limit, .silence])
        #expect(abs(story.utterances[0].end - story.utterances[0].start - 4) <= 0.05)
        #expect(story.utterances[1].start - story.utterances[0].end <= 0.1)
    }

    @Test func theEndOfTheStreamEndsTheUtteranceAtOnce() throws {
        var scene = Scene()
        scene.silence(1)
        scene.words(4)
        let heard = try #require(scene.told(.long).utterances.first)
        #expect(heard.span.ending == .streamEnd)
        #expect(heard.end <= scene.seconds)
        var silent = Scene()
        silent.silence(1)
        #expect(silent.told().utterances.isEmpty)
    }

    @Test func noiseThatBeginsInAnUtteranceIsLearnt() throws {
        // An extractor fan goes on while the caller speaks: the utterance still ends, some seconds later.
        var scene = Scene()
        scene.silence(1)
        scene.words(4)
        var fan = Scene()
        fan.silence(5)
        fan.overlay(noise: -35)
        let end = scene.seconds
        scene.append(fan.samples)
        let heard = try #require(scene.told().utterances.first)
        #expect(heard.span.ending == .silence)
        #expect(heard.decided < end + 4)
    }

    @Test func lostPacketsAreNoSilence() {
        // Every 33rd frame of a noisy line is zeros: neither speech nor a floor.
        var scene = Scene()
        scene.silence(10)
        scene.overlay(noise: -40)
        scene.mute(every: 33)
        #expect(scene.told().started.isEmpty)
    }

    @Test(.enabled(if: RealSpeech.folder != nil, "ROZMOVA_DATA names no folder with speech/digits-8k"))
    func spokenDigitsAreOneUtteranceEach() throws {
        var one = 0
        let files = try RealSpeech.digits(every: 10)
        for digit in files {
            var scene = Scene()
            scene.silence(1)
            scene.append(digit)
            scene.silence(1.5)
            one += scene.told(.short).utterances.count == 1 ? 1 : 0
        }
        #expect(files.count > 20 && one == files.count)
    }
}

/// Speech of people, where the tester has it; FLAC is read by sox.
private enum RealSpeech {
    static var folder: String? {
        let data = ProcessInfo.processInfo.environment["ROZMOVA_DATA"] ?? "../shared/data"
        let folder = data + "/speech/digits-8k"
        let files = FileManager.default
        return files.fileExists(atPath: folder) && files.fileExists(atPath: "/usr/bin/sox") ? folder : nil
    }

    static func digits(every step: Int) throws -> [[Double]] {
        guard let folder else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".flac") }
        return try stride(from: 0, to: names.count, by: step).map { index in
            let wave = try ScratchFile()
            let sox = Process()
            sox.executableURL = URL(fileURLWithPath: "/usr/bin/sox")
            sox.arguments = ["\(folder)/\(names[index])", "-b", "16", wave.path]
            try sox.run()
            sox.waitUntilExit()
            return try BandReader.load(wave.path, band: .telephone).map { Double($0) / 32_768 }
        }
    }
}

@Suite struct PreRollTests {
    @Test func itGivesWhatWasBeforeTheStart() {
        var preRoll = PreRoll(band: .telephone)
        for index in 0..<200 {
            let start = index * 160
            preRoll.hear(AudioFrame(sampleIndex: start, samples: (start..<start + 160).map { Int16($0) }))
        }
        // Speech began at sample 30,000: 0.3 s before it, and all that came since.
        let kept = preRoll.since(30_000)
        #expect(kept.first == 27_600 && kept.last == 31_999 && kept.count == 4_400)
        // Older than what is kept: as much as there is.
        #expect(preRoll.since(0).count == 9_600)
        preRoll.forget()
        #expect(preRoll.since(30_000).isEmpty)
    }

    @Test func aGapInTheStreamForgetsWhatCameBefore() {
        var preRoll = PreRoll(band: .wideband)
        preRoll.hear(AudioFrame(sampleIndex: 0, samples: [1, 2]))
        preRoll.hear(AudioFrame(sampleIndex: 2, samples: [3]))
        #expect(preRoll.since(0) == [1, 2, 3])
        preRoll.hear(AudioFrame(sampleIndex: 320, samples: [4]))
        #expect(preRoll.since(0) == [4])
    }
}
