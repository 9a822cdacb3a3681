// eSpeak NG: the only door to it.
// In: plain text and the voice to say it with. Out: samples at the engine's rate, or a transcription.

import Audio
private import CESpeakNG
import Foundation
import Platform

/// eSpeak NG keeps one voice and one utterance for the whole process, so one actor owns it and callers take turns. It works
/// on a thread of its own, because a sentence takes milliseconds that the shared threads do not have.
actor Engine {
    static let shared = Engine()

    private let executor = PinnedExecutor(name: "speech")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Samples a second once the engine runs.
    private var rate: Int?
    private var voice: (name: String, rate: Int)?

    private init() {}

    /// Synthesises `text`; the samples are at the rate that comes with them.
    func samples(of text: String, voice: Voice, data: URL?) throws(SynthesizingError) -> (samples: [Int16], rate: Int) {
        // Who was interrupted while waiting for its turn needs nothing any more.
        if Task.isCancelled { throw .failed("“\(text)” is no longer wanted") }
        let rate = try start(data: data)
        try use(voice)
        let collector = Collector()
        let status = withExtendedLifetime(collector) {
            unsafe text.withCString { bytes in
                unsafe espeak_Synth(
                    bytes, text.utf8.count + 1, 0, POS_CHARACTER, 0, UInt32(espeakCHARS_UTF8), nil,
                    Unmanaged.passUnretained(collector).toOpaque())
            }
        }
        guard status == EE_OK else { throw .failed("eSpeak NG failed (\(status.rawValue)) on “\(text)”") }
        return (collector.samples, rate)
    }

    /// The transcription of `text` in the International Phonetic Alphabet, its clauses joined.
    func ipa(of text: String, voice: Voice, data: URL?) throws(SynthesizingError) -> String {
        _ = try start(data: data)
        try use(voice)
        var result = ""
        unsafe text.withCString { bytes in
            var rest: UnsafeRawPointer? = unsafe UnsafeRawPointer(bytes)
            while unsafe rest != nil {
                guard let clause = unsafe espeak_TextToPhonemes(&rest, espeakCHARS_UTF8, espeakPHONEMES_IPA) else {
                    break
                }
                unsafe result += String(cString: clause)
            }
        }
        return result
    }

    /// Makes sure of a voice without saying anything.
    func check(_ voice: Voice, data: URL?) throws(SynthesizingError) {
        _ = try start(data: data)
        try use(voice)
    }

    private func start(data: URL?) throws(SynthesizingError) -> Int {
        let advice = "install the Debian package espeak-ng-data"
        if let data {
            let table = data.appending(path: "espeak-ng-data/phontab").path
            guard FileManager.default.fileExists(atPath: table) else {
                throw .voice("eSpeak NG has no data: \(table) is missing; \(advice)")
            }
        }
        if let rate { return rate }
        // Without this option eSpeak NG ends the process when its data is missing.
        let rate = unsafe espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data?.path, espeakINITIALIZE_DONT_EXIT)
        guard rate > 0 else { throw .voice("eSpeak NG does not start: its data is missing; \(advice)") }
        unsafe espeak_SetSynthCallback { samples, count, events in
            guard let events = unsafe events, let owner = unsafe events.pointee.user_data else { return 0 }
            if let samples = unsafe samples, count > 0 {
                let collector = unsafe Unmanaged<Collector>.fromOpaque(owner).takeUnretainedValue()
                unsafe collector.samples.append(contentsOf: UnsafeBufferPointer(start: samples, count: Int(count)))
            }
            return 0
        }
        self.rate = Int(rate)
        return Int(rate)
    }

    private func use(_ voice: Voice) throws(SynthesizingError) {
        if let current = self.voice, current == (voice.name, voice.rate) { return }
        guard unsafe espeak_SetVoiceByName(voice.name) == EE_OK else {
            self.voice = nil
            throw .voice(
                "eSpeak NG has no voice '\(voice.name)'; install the Debian package espeak-ng-data, "
                    + "or name another voice in pack.json5 (`espeak-ng --voices` lists them)")
        }
        // Setting a voice sets the rate back.
        espeak_SetParameter(espeakRATE, Int32(voice.rate), 0)
        self.voice = (voice.name, voice.rate)
    }
}

/// Takes the samples of one utterance while `espeak_Synth` runs, on the thread that called it.
private final class Collector {
    var samples: [Int16] = []
}
