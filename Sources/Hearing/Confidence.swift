// How sure a reading is. In: what the network found and what the phone loop found in the same sound.
// Out: a number from 0 to 1. The engine's own posterior says nothing inside a closed grammar.

import Audio
import Foundation

/// What speaks for a reading and against it.
struct Evidence: Equatable {
    /// Score of the words less that of free phones over the same frames, for a frame: about 0 for a good fit.
    let fit: Double
    /// How far the word most out of step is from an ordinary pace, either way, as a logarithm: a network that has to
    /// explain other words squeezes its own and stretches them.
    let pace: Double
    /// How many phones the loop heard for each that the words have, as a logarithm.
    let density: Double
    /// Of the words' phones, the share that the loop heard as others.
    let mismatch: Double
    /// How much fainter than the loudest word the faintest is, in dB at the loudest frame of each.
    let faintness: Double
    /// Of all frames that sound like speech, the share that no word explains.
    let unexplained: Double
    /// How likely the network held its words to be, a word, as a logarithm in the engine's unit: what is expected now needs
    /// less proof.
    let expectedness: Double

    /// Frames a phone in ordinary speech.
    private static let ordinaryPace = 8.2
    /// What the networks of shops hold of their likeliest words. Where there is less to choose from that proves nothing.
    private static let expectedMost = -60.0
    /// How many decibels fainter than the words sound may be that is somebody's speech: what the phone loop makes of the
    /// noise of a room, before and after a word, is none.
    private static let faintest = 20.0

    /// Compares the passes; `heard` has at least one word.
    /// - Parameter levels: of each frame, in dB; where a frame has none, it counts as loud.
    init(heard: [Segment], loop: [Segment], levels: [Double]) {
        let words = heard.filter { !$0.isFiller }
        let last = (heard + loop).map(\.frames.upperBound).max() ?? 0
        // Free scores before each frame, added up: those of a phone are spread evenly over its frames.
        var free = [Double](repeating: 0, count: last + 2)
        var isSpeech = [Bool](repeating: false, count: last + 1)
        var isWord = isSpeech
        for phone in loop {
            let share = Double(phone.acousticScore) / Double(phone.frames.count)
            for frame in phone.frames {
                free[frame + 1] = share
                isSpeech[frame] = !phone.isFiller
            }
        }
        for index in 1..<free.count { free[index] += free[index - 1] }

        func level(_ frame: Int) -> Double? { levels.indices.contains(frame) ? levels[frame] : nil }
        func loudest(_ word: Segment) -> Double { word.frames.lazy.compactMap(level).max() ?? 0 }
        let loudness = words.map(loudest)
        let (peak, faintestPeak) = (loudness.max() ?? 0, loudness.min() ?? 0)
        faintness = peak - faintestPeak

        let freePhones = loop.filter { !$0.isFiller }
        var (difference, frames, phones, missed) = (0.0, 0, 0, 0.0)
        var pace = 0.0
        for word in words {
            difference += Double(word.acousticScore) - (free[word.frames.upperBound + 1] - free[word.frames.lowerBound])
            frames += word.frames.count
            phones += word.phones.count
            for frame in word.frames { isWord[frame] = true }
            guard !word.phones.isEmpty else { continue }
            pace = max(pace, abs(log(Double(word.frames.count) / Double(word.phones.count) / Self.ordinaryPace)))
            let inside = freePhones.filter { $0.isMostly { word.frames.contains($0) } }
            missed += Double(Self.distance(word.phones, inside.map(\.label)))
        }
        fit = difference / Double(max(1, frames))
        self.pace = pace
        let count = freePhones.count { $0.isMostly { isWord[$0] } }
        density = log(Double(count + 1) / Double(phones + 1))
        mismatch = missed / Double(max(1, phones))
        let left = isSpeech.indices.count {
            isSpeech[$0] && !isWord[$0] && level($0) ?? .infinity > peak - Self.faintest
        }
        unexplained = Double(left) / Double(max(1, left + frames))
        let expected = Double(words.reduce(0) { $0 + $1.networkScore }) / Double(max(1, words.count))
        expectedness = min(expected, Self.expectedMost)
    }

    /// What a confidence weighs, each about as large as the others.
    var features: [Double] {
        [fit / 10, pace, density, mismatch, faintness / 10, unexplained * 10, expectedness / 100]
    }

    /// How many phones have to be changed, left out or put in to make one row of the other.
    private static func distance(_ one: [String], _ other: [String]) -> Int {
        var row = Array(0...other.count)
        for (index, phone) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let met = diagonal + (phone == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(met, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}

extension Segment {
    /// Whether more than half of its frames are such.
    fileprivate func isMostly(_ isSuch: (Int) -> Bool) -> Bool { frames.count(where: isSuch) * 2 > frames.count }
}

/// A logistic of the evidence.
struct Confidence: Equatable {
    /// The bias, then one weight for each of the features.
    let weights: [Double]

    /// The share of utterances with this much evidence that were heard right.
    func of(_ evidence: Evidence) -> Double {
        HearingCalibration.confidence(evidence.features, weights)
    }

    /// What is left for a reading that is `behind` the best one, in the engine's unit: a third for every 150.
    static func ofAlternative(behind: Double, best: Double) -> Double {
        best * exp(-max(0, behind) / 150) * 0.9
    }
}

extension Confidence {
    /// Fitted for each band to some 1,000 recordings: requests in all tuning voices (`make.py --tuning`), half of the people of
    /// AN4, who say digits, yes, no and help, or spell, single digits by telephone, and sentences for other assistants in tuning
    /// voices, which count one and a half times. To the bias for microphones 0.3 is added, as their strangers are told
    /// well enough to be less strict with customers. `rozmova bench calibration` fits weights to the same kinds of sound anew.
    static func standard(_ band: Band) -> Confidence {
        switch band {
        case .wideband: Confidence(weights: [8.57, 1.301, -2.118, 3.749, -2.196, -2.184, -1.452, 1.32])
        case .telephone: Confidence(weights: [8.713, 1.491, -2.4, 4.281, -1.511, -1.466, -1.236, 1.669])
        }
    }
}
