// Where an utterance begins and ends. In: the caller's frames, and how patient the dialogue is at the moment.
// Out: `speechStarted`, and `speechEnded` with where, how loud and how far above the noise it was.

import Foundation

/// How much silence ends an utterance: what the dialogue expects decides.
public struct Patience: Sendable, Hashable {
    /// Silence that ends an utterance, in milliseconds.
    public let milliseconds: Int

    /// Another patience than the named ones.
    public init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// A yes or a choice.
    public static let short = Patience(milliseconds: 450)
    /// A request.
    public static let normal = Patience(milliseconds: 700)
    /// An address or digits, which people think about and group.
    public static let long = Patience(milliseconds: 1_200)
}

/// One utterance in the stream.
public struct SpeechSpan: Sendable, Equatable {
    /// What ended it.
    public enum Ending: String, Sendable {
        /// The caller was silent for as long as the patience asks.
        case silence
        /// It reached the longest utterance there may be; what follows is a new one.
        case limit
        /// The stream ended.
        case streamEnd
    }

    /// Index of its first sample. What is before may still hold a faint consonant: see `PreRoll`.
    public let start: Int
    /// Index behind its last sample, a faint ending included.
    public let end: Int
    /// Mean level of its sounding frames above 200 Hz; 0 dBFS is a square wave of full scale.
    public let levelDBFS: Double
    /// `levelDBFS` above the noise floor; under 6 it was hardly speech.
    public let snrDB: Double
    /// What ended it.
    public let ending: Ending
}

/// End-of-speech detection by energy in two bands above floors that follow the noise.
///
/// It does not tell speech from music or a dog: the recogniser's confidence does.
///
/// The constants were chosen on 118 AN4 sentences and 100 spoken digits (both through the telephone band) and 32 synthetic
/// ones, with a second before and two and a half behind. Without noise each is one utterance, also 15 dB quieter. With
/// white noise 20 dB below the speech none is missed and 3 sentences are split in their pauses; at 10 dB 1 sentence and 5
/// digits ("six", "seven") are missed and 6 sentences split; noise that jumps by up to 8 dB ten times a second adds 4 false
/// starts in 118 files. Mains hum at 10 dB changes nothing.
public struct EndpointDetector: Sendable {
    /// What became of the caller's speech with a frame.
    public enum Event: Sendable, Equatable {
        /// Speech was recognised as such; it began at this sample, up to `PreRoll.standardSeconds` ago.
        case speechStarted(sampleIndex: Int)
        /// It is over.
        case speechEnded(SpeechSpan)
    }

    /// Changes take effect with the next frame, also in the middle of an utterance.
    public var patience: Patience
    /// An utterance is ended here whatever happens, in seconds.
    public let longestSeconds: Double

    private let band: Band
    private var evidence: SpeechEvidence
    private var recent: [(start: Int, isActive: Bool, level: Double)] = []
    private var utterance: Utterance?
    private var lastEnd = 0

    /// Speech must sound in so many frames...
    private static let confirmingFrames = 6
    /// ...of so many; 100 ms of a click or a cough do not.
    private static let confirmingWindow = 10
    /// While the floor is unknown, levels must differ by so much: noise that was just switched on does not.
    private static let restlessDecibels = 8.0
    /// Above the floor, for a sound that may be speech soon: a voice close by is 20 and more.
    private static let onsetDecibels = 15.0
    /// The same where the floor is unknown, behind a silence of zeros: louder than rooms are.
    private static let onsetLevel = -46.0
    /// What is so much fainter than the voice was is something else, such as music in the room, or an end of its words: the
    /// longest of 200 AN4 sentences is 0.78 s, most of it pauses, and of 400 synthetic ones 0.6 s.
    private static let faintDecibels = 15.0
    /// The longest faint end of a word: what is faint for longer is silence.
    private static let faintFrames = 10
    /// Added behind the last sounding frame: a released "t" or an "s" fades under any threshold.
    private static let tailMilliseconds = 200

    private struct Utterance {
        let start: Int
        var lastSounding: Int
        var silentFrames = 0
        /// Frames since one that was not faint.
        var faintFrames = 0
        var peak: Double
        var power = 0.0
        var soundingFrames = 0

        /// How long there has been silence, or nothing but what is too faint to be the voice.
        var pauseFrames: Int { max(silentFrames, faintFrames - EndpointDetector.faintFrames) }
    }

    /// Begins with a stream of `band`.
    public init(band: Band, patience: Patience = .normal, longestSeconds: Double = 20) {
        self.band = band
        self.patience = patience
        self.longestSeconds = longestSeconds
        evidence = SpeechEvidence(rate: band.rate)
    }

    /// Whether an utterance has started and not ended.
    public var isSpeaking: Bool { utterance != nil }
    /// How long the utterance under way has been silent by now.
    public var pauseSeconds: Double { Double(utterance?.pauseFrames ?? 0) * 0.02 }
    /// For how many frames something has sounded without a break, speech or not. Nothing faint counts.
    public var loudFrames: Int {
        let loud =
            evidence.isFloorUnknown
            ? EndpointDetector.onsetLevel : evidence.voice.floor + EndpointDetector.onsetDecibels
        return recent.reversed().prefix { $0.isActive && $0.level > loud }.count
    }
    /// Whether the last frame ended in a vowel, of however faint a voice.
    public var isVoiced: Bool { recent.last?.isActive == true && evidence.isVoiced }
    /// Level of what is there without speech, above 200 Hz, at least -70.
    public var noiseFloorDBFS: Double { evidence.voice.floor }

    /// Takes the next frame of the stream.
    public mutating func hear(_ frame: AudioFrame) -> Event? {
        evidence.hear(frame.samples)
        lastEnd = frame.sampleIndex + frame.samples.count
        let isActive = isActive()
        if !isActive { evidence.wasNoSpeech() }
        remember((frame.sampleIndex, isActive, evidence.voice.level))
        guard var current = utterance else { return begin() }
        current.peak = max(current.peak - 0.06, evidence.voice.level)
        current.faintFrames =
            evidence.voice.level < current.peak - EndpointDetector.faintDecibels ? current.faintFrames + 1 : 0
        if isActive {
            current.power += pow(10, evidence.voice.level / 10)
            current.soundingFrames += 1
        }
        // One frame alone is a click and does not keep an utterance open.
        if isActive, recent.suffix(3).dropLast().contains(where: \.isActive) {
            current.lastSounding = lastEnd
            current.silentFrames = 0
        } else {
            current.silentFrames += 1
        }
        utterance = current
        if current.pauseFrames * 20 >= patience.milliseconds { return end(.silence) }
        if lastEnd - current.start >= Int(longestSeconds * Double(band.rate)) { return end(.limit) }
        return nil
    }

    /// The stream has ended: what was begun is over at once.
    public mutating func finish() -> Event? { utterance == nil ? nil : end(.streamEnd) }

    private func isActive() -> Bool {
        if evidence.isDigitalSilence { return false }
        let voice = evidence.voice
        let hiss = evidence.hiss
        guard let utterance else {
            return voice.standsOut && voice.level > -58
                || hiss.level > max(hiss.floor + 5 + 2 * hiss.spread, -60)
        }
        // The louder the voice stands above the noise, the further below it breath and echo lie.
        let rise = max(3 + 1.5 * voice.spread, min(12, 0.3 * (utterance.peak - voice.floor)))
        return voice.level > max(voice.floor + rise, -64) || hiss.level > max(hiss.floor + 4 + 1.5 * hiss.spread, -64)
    }

    private mutating func remember(_ frame: (Int, Bool, Double)) {
        recent.append(frame)
        if recent.count > 40 { recent.removeFirst(recent.count - 40) }
    }

    private mutating func begin() -> Event? {
        // With the floor unknown, all since the source was switched on is looked at: then the noise can be told.
        var window = recent.suffix(EndpointDetector.confirmingWindow)
        if evidence.isFloorUnknown {
            window = recent.suffix(30)
            // The third highest: a filter rings for a frame or two when a hum begins.
            let levels = window.map(\.level).filter { $0 > -90 }.sorted()
            guard let low = levels.first, let high = levels.dropLast(2).last,
                high - low >= EndpointDetector.restlessDecibels
            else { return nil }
        }
        let active = window.filter(\.isActive)
        guard active.count >= EndpointDetector.confirmingFrames, let first = active.first,
            active.last?.start == recent.last?.start
        else { return nil }
        var started = Utterance(start: first.start, lastSounding: lastEnd, peak: active.map(\.level).max() ?? 0)
        started.power = active.reduce(0) { $0 + pow(10, $1.level / 10) }
        started.soundingFrames = active.count
        utterance = started
        return .speechStarted(sampleIndex: first.start)
    }

    private mutating func end(_ ending: SpeechSpan.Ending) -> Event? {
        guard let utterance else { return nil }
        self.utterance = nil
        recent.removeAll(keepingCapacity: true)
        let tail = EndpointDetector.tailMilliseconds * band.rate / 1_000
        let level = 10 * log10(max(1e-10, utterance.power / Double(max(1, utterance.soundingFrames))))
        return .speechEnded(
            SpeechSpan(
                start: utterance.start, end: min(lastEnd, utterance.lastSounding + tail), levelDBFS: level,
                snrDB: level - evidence.voice.floor, ending: ending))
    }
}
