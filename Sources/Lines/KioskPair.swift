// A microphone and a loudspeaker that work together. In: what is said, 20 ms each time that 20 ms were heard. Out: what
// was heard, at the line's rate, without the echo. The microphone's clock leads; the loudspeaker is kept a few periods full.

import Audio
import Foundation
import Glibc

/// Two open PCMs and everything between them and the line. One thread owns it.
struct KioskPair: ~Copyable {
    /// What went wrong, and where.
    struct Failure {
        let code: Int
        let isMicrophone: Bool
        let reason: String

        var isOverrun: Bool { code == -Int(EPIPE) || code == -Int(ESTRPIPE) }
    }

    enum Reading {
        case frames(Int)
        case failed(Failure)
    }

    private let microphone: AlsaStream
    private let loudspeaker: AlsaStream
    private let band: Band
    private let (gainIn, gainOut): (Double, Double)
    private let fill: LoudspeakerFill
    private var toLine: Resampler
    private var toDevice: Resampler
    private var sound: DuplexSound
    /// Read and not yet a whole frame, at the line's rate; said and not yet written, at the device's.
    private var heard: [Int16] = []
    private var unwritten: [Int16] = []
    private var (filled, skipped) = (0, 0)
    /// What the loudspeaker was given, what of it was played when that was looked at last, and for how many frames of the
    /// microphone's it has been the same; a second of that is too long.
    private var (written, played, still) = (0, 0, 0)
    private static let mostStill = 50
    /// Whether the loudspeaker has begun to play: before that the pair serves nobody.
    private(set) var isPlaying = false

    /// Opens both.
    static func open(_ settings: KioskLineSettings, band: Band) throws(SoundDeviceError) -> KioskPair {
        let microphone = try AlsaStream.open(settings.microphone, .capture, rate: band.rate)
        return KioskPair(
            microphone: microphone,
            loudspeaker: try AlsaStream.open(settings.loudspeaker, .playback, rate: band.rate), settings, band: band)
    }

    private init(
        microphone: consuming AlsaStream, loudspeaker: consuming AlsaStream, _ settings: KioskLineSettings, band: Band
    ) {
        fill = LoudspeakerFill(
            rate: loudspeaker.form.rate, period: loudspeaker.form.period, buffer: loudspeaker.form.buffer)
        toLine = Resampler(from: microphone.form.rate, to: band.rate)
        toDevice = Resampler(from: band.rate, to: loudspeaker.form.rate)
        self.microphone = microphone
        self.loudspeaker = loudspeaker
        self.band = band
        sound = DuplexSound(band: band)
        gainIn = pow(10, settings.microphoneGain / 20)
        gainOut = pow(10, settings.loudspeakerGain / 20)
    }

    /// What they agreed to, microphone first.
    var forms: [String] { [microphone.form.text, loudspeaker.form.text] }

    /// For messages.
    var names: String { "\(microphone.name), \(loudspeaker.name)" }

    /// Begins, also after an error.
    mutating func start() -> Failure? {
        sound.deviceBegan()
        heard.removeAll(keepingCapacity: true)
        unwritten.removeAll(keepingCapacity: true)
        switch loudspeaker.start(lead: fill.wanted) {
        case .frames(let lead):
            sound.say([Int16](repeating: 0, count: atLine(lead)))
            written += lead
            (played, still) = (written - loudspeaker.delay, 0)
        case .failed(let code): return failure(code, isMicrophone: false)
        }
        if case .failed(let code) = microphone.start() { return failure(code, isMicrophone: true) }
        return nil
    }

    /// Waits for the microphone, at most so many milliseconds.
    mutating func read(waiting milliseconds: Int) -> Reading {
        var samples: [Int16] = []
        switch microphone.read(into: &samples, waiting: milliseconds) {
        case .frames(let count):
            heard += SoundLevel.scaled(toLine.process(samples), by: gainIn)
            return .frames(count)
        case .failed(let code): return .failed(failure(code, isMicrophone: true))
        }
    }

    /// The next 20 ms of the room without the assistant, where there are so many.
    mutating func nextFrame() -> [Int16]? {
        guard heard.count >= band.frameLength else { return nil }
        let frame = Array(heard.prefix(band.frameLength))
        heard.removeFirst(band.frameLength)
        let rate = Double(microphone.form.rate)
        let behind = heard.count + Int(Double(microphone.delay) * Double(band.rate) / rate)
        return sound.hear(frame, saidBehind: atLine(loudspeaker.delay + unwritten.count), heardBehind: behind)
    }

    /// Says 20 ms: what there is of `said`, and silence behind it.
    mutating func play(_ said: [Int16]) -> Failure? {
        let length = band.frameLength
        var frame = SoundLevel.scaled(said, by: gainOut)
        frame += [Int16](repeating: 0, count: max(0, length - frame.count))
        if standsStill() { return failure(-Int(EIO), isMicrophone: false) }
        switch fill.step(queued: loudspeaker.delay + unwritten.count, isSilent: said.isEmpty) {
        case .write: break
        case .leaveOut:
            skipped += length
            return nil
        case .putSilenceBefore:
            filled += length
            frame = [Int16](repeating: 0, count: length) + frame
        }
        sound.say(frame)
        unwritten += toDevice.process(frame)
        switch loudspeaker.write(unwritten[...]) {
        case .frames(let count):
            unwritten.removeFirst(count)
            written += count
            // Where nothing is taken any more for as long as the buffer is, the microphone alone will not show it.
            if unwritten.count > loudspeaker.form.buffer { return failure(-Int(EIO), isMicrophone: false) }
            return nil
        case .failed(let code): return failure(code, isMicrophone: false)
        }
    }

    /// A loudspeaker that plays nothing refuses nothing for long, as silence is left out: nobody would know until somebody
    /// is served.
    private mutating func standsStill() -> Bool {
        let now = written - loudspeaker.delay
        still = now == played ? still + 1 : 0
        played = now
        isPlaying = isPlaying || still == 0
        return still > Self.mostStill
    }

    /// Makes both ready again; false where that does not help.
    func recover(from failure: Failure) -> Bool {
        failure.isMicrophone ? microphone.recover(from: failure.code) : loudspeaker.recover(from: failure.code)
    }

    /// What is known of the devices since it was told last.
    mutating func tell(_ facts: inout KioskLineFacts, overruns: Int) {
        facts.forms = forms
        facts.overruns += overruns
        facts.filled += filled * 1_000 / band.rate
        facts.skipped += skipped * 1_000 / band.rate
        (filled, skipped) = (0, 0)
        facts.delay = loudspeaker.delay * 1_000 / loudspeaker.form.rate
        facts.echo = sound.facts
    }

    private func atLine(_ frames: Int) -> Int { frames * band.rate / loudspeaker.form.rate }

    private func failure(_ code: Int, isMicrophone: Bool) -> Failure {
        let name = isMicrophone ? microphone.name : loudspeaker.name
        return Failure(
            code: code, isMicrophone: isMicrophone,
            reason: "\(name) (\(isMicrophone ? "microphone" : "loudspeaker")): \(AlsaStream.text(of: code))")
    }
}

extension AlsaForm {
    /// For the operator.
    fileprivate var text: String { "\(rate) Hz \(form.rawValue) ×\(channels), period \(period), buffer \(buffer)" }
}
