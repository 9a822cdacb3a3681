// What one 20 ms frame says about speech: the energy above the hum, that of the hissing sounds, and how loud it is
// without speech in each. In: samples. Out: decibels (full scale: a square wave, 0 dBFS) and floors.

import Foundation

/// Measures frames of one stream, one after the other.
struct SpeechEvidence: Sendable {
    /// 200 Hz upwards: mains hum and its loud harmonics, rumble and DC are gone, all of speech but its fundamental stays.
    private(set) var voice: BandLevel
    /// 2 kHz upwards: the end of "yes" and "six" hides in the noise of a room or a car in the band above, but not here.
    private(set) var hiss: BandLevel
    /// The source gives no sound at all: exact zeros, or the last bit.
    private(set) var isDigitalSilence = true

    /// Tells that the frame just heard was no speech.
    mutating func wasNoSpeech() {
        voice.wasNoSpeech()
        hiss.wasNoSpeech()
    }

    /// The last moments above the hum, for `Voicing`.
    private var past: [Float] = []
    private let pastStep: Int
    private var humFilters: [Biquad]
    private var hissFilter: Biquad
    private var digitalRun = SpeechEvidence.gapFrames

    /// Shorter runs of zeros are lost packets and say nothing; longer ones are a source that is switched off.
    private static let gapFrames = 5

    init(rate: Int) {
        // The two halves of a Butterworth filter of the 4th order: 48 dB at 50 Hz, 24 dB at 100 Hz.
        humFilters = [0.5412, 1.3066].map { Biquad(highPass: 200, quality: $0, rate: rate) }
        hissFilter = Biquad(highPass: 2_000, quality: 0.7071, rate: rate)
        voice = BandLevel()
        hiss = BandLevel()
        pastStep = rate / Voicing.rate
    }

    /// Whether the end of the last frame is a voice's; takes a moment to find out.
    var isVoiced: Bool { Voicing.isVoice(past) }

    /// True until enough sound has been heard since the source was switched on to know its noise.
    var isFloorUnknown: Bool { !voice.isKnown }

    mutating func hear(_ samples: [Int16]) {
        var voicePower = 0.0
        var hissPower = 0.0
        var waiting = 0.0
        for (index, sample) in samples.enumerated() {
            var value = Double(sample) / 32_768
            for index in humFilters.indices { value = humFilters[index].pass(value) }
            voicePower += value * value
            waiting += value
            if index % pastStep == pastStep - 1 {
                past.append(Float(waiting) / Float(pastStep))
                waiting = 0
            }
            let hissing = hissFilter.pass(value)
            hissPower += hissing * hissing
        }
        past.removeFirst(max(0, past.count - Voicing.past))
        let count = Double(max(1, samples.count))
        let quiet = samples.allSatisfy { abs(Int($0)) <= 1 }
        isDigitalSilence = quiet
        digitalRun = quiet ? digitalRun + 1 : 0
        if digitalRun >= SpeechEvidence.gapFrames {
            voice.forget()
            hiss.forget()
        }
        voice.take(decibels(voicePower / count), learn: !quiet)
        hiss.take(decibels(hissPower / count), learn: !quiet)
    }

    private func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-10)) }
}

/// Level and noise floor of one band.
///
/// The floor is a low quantile of the frames of the last seconds: pauses and stops make up that much of any speech, so
/// it follows the noise through speech too, and both noise that begins and noise that ends are learnt in that time.
struct BandLevel: Sendable {
    /// Of the frame just heard, in dBFS.
    private(set) var level = -100.0
    /// Of what is there without speech, in dBFS.
    private(set) var floor = BandLevel.lowest
    /// How far frames without speech stand above the floor in the mean: 0.6 in even noise, several in a lively place.
    private(set) var spread = 1.0

    /// Below this nothing is a floor: telephones and converters make more noise themselves.
    static let lowest = -70.0
    private static let windowFrames = 120
    /// Until so many frames (600 ms) have been heard the lowest floor is assumed: what was heard may be speech only.
    private static let neededFrames = 30
    private static let quantile = 0.15
    private static let binsPerDecibel = 2

    private var histogram = [Int](repeating: 0, count: 100 * binsPerDecibel)
    private var window: [Int] = []
    private var oldest = 0

    /// Whether the frame just heard is louder than what is there without speech.
    var standsOut: Bool { level > floor + 4 + 2 * spread }
    var isKnown: Bool { window.count >= BandLevel.neededFrames }

    mutating func forget() {
        guard !window.isEmpty else { return }
        histogram = histogram.map { _ in 0 }
        window.removeAll(keepingCapacity: true)
        oldest = 0
        floor = BandLevel.lowest
    }

    mutating func take(_ level: Double, learn: Bool) {
        self.level = level
        guard learn else { return }
        let bin = max(0, min(histogram.count - 1, Int((level + 100) * Double(BandLevel.binsPerDecibel))))
        histogram[bin] += 1
        if window.count < BandLevel.windowFrames {
            window.append(bin)
        } else {
            histogram[window[oldest]] -= 1
            window[oldest] = bin
            oldest = (oldest + 1) % BandLevel.windowFrames
        }
        if isKnown { floor = max(BandLevel.lowest, learntFloor()) }
    }

    /// Tells that the frame just heard was no speech.
    mutating func wasNoSpeech() {
        // A second's mean. Speech that is too faint to be told raises it too, so only so far.
        if isKnown { spread = min(4, spread + (max(0, level - floor) - spread) / 50) }
    }

    private func learntFloor() -> Double {
        var left = Int(Double(window.count) * BandLevel.quantile)
        for (bin, count) in histogram.enumerated() {
            left -= count
            if left < 0 { return Double(bin) / Double(BandLevel.binsPerDecibel) - 100 }
        }
        return BandLevel.lowest
    }
}

/// A second-order filter, after the "Audio EQ Cookbook" (Robert Bristow-Johnson).
struct Biquad: Sendable {
    private let b0, b1, b2, a1, a2: Double
    private var s1 = 0.0
    private var s2 = 0.0

    init(highPass hertz: Double, quality: Double, rate: Int) {
        let angle = 2 * Double.pi * hertz / Double(rate)
        let alpha = sin(angle) / (2 * quality)
        let scale = 1 / (1 + alpha)
        b0 = (1 + cos(angle)) / 2 * scale
        b1 = -(1 + cos(angle)) * scale
        b2 = b0
        a1 = -2 * cos(angle) * scale
        a2 = (1 - alpha) * scale
    }

    mutating func pass(_ input: Double) -> Double {
        let output = b0 * input + s1
        s1 = b1 * input - a1 * output + s2
        s2 = b2 * input - a2 * output
        return output
    }
}
