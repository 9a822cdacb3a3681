// How sure a reading is. In: what the network found and what the phone loop found in the same sound.
// Out: a number from 0 to 1. The engine's own posterior says nothing inside a closed grammar.

import Audio
import Foundation

/// What speaks for a reading and against it.
struct Evidence: Equatable {
    /// Score of the words less that of free phones over the same frames, for a frame: about 0 for a good fit.
    let difference: Double
    /// The same of the word that fits worst.
    let worstWord: Double
    /// Of all frames that sound like speech, the share that no word explains.
    let unexplained: Double
    /// Seconds of words, silence between them left out.
    let speechSeconds: Double
    /// How many words.
    let words: Int
    /// How far behind the next other reading of the network is, for the whole utterance, up to a limit.
    let lead: Double

    /// A lead that says all there is to say.
    static let fullLead = 400.0

    /// How many decibels fainter than the words sound may be that is somebody's speech: what the phone loop makes of the
    /// noise of a room, before and after a word, is none.
    private static let faintest = 20.0

    /// Compares the passes; `heard` has at least one word.
    /// - Parameter levels: of each frame, in dB; where a frame has none, it counts as loud.
    init(heard: [Segment], loop: [Segment], lead: Double, levels: [Double]) {
        let last = (heard + loop).map(\.frames.upperBound).max() ?? 0
        // Free scores before each frame, added up: those of a phone are spread evenly over its frames.
        var free = [Double](repeating: 0, count: last + 2)
        var isSpeech = [Bool](repeating: false, count: last + 1)
        for phone in loop {
            let share = Double(phone.acousticScore) / Double(phone.frames.count)
            for frame in phone.frames {
                free[frame + 1] = share
                isSpeech[frame] = !phone.isFiller
            }
        }
        for index in 1..<free.count { free[index] += free[index - 1] }
        var total = 0.0
        var frames = 0
        var worst = Double.infinity
        let words = heard.filter { !$0.isFiller }
        for word in words {
            let loopScore = free[word.frames.upperBound + 1] - free[word.frames.lowerBound]
            let difference = Double(word.acousticScore) - loopScore
            total += difference
            frames += word.frames.count
            worst = min(worst, difference / Double(word.frames.count))
            for frame in word.frames { isSpeech[frame] = false }
        }
        difference = total / Double(max(1, frames))
        worstWord = words.isEmpty ? 0 : worst
        func level(_ frame: Int) -> Double? { levels.indices.contains(frame) ? levels[frame] : nil }
        let loudest = words.lazy.flatMap(\.frames).compactMap(level).max() ?? 0
        let left = isSpeech.indices.count { isSpeech[$0] && level($0) ?? .infinity > loudest - Self.faintest }
        unexplained = Double(left) / Double(max(1, left + frames))
        speechSeconds = Double(frames) * Decoder.frameSeconds
        self.words = words.count
        self.lead = min(max(lead, 0), Self.fullLead)
    }

    /// What a confidence weighs, each about as large as the others.
    var features: [Double] {
        [
            difference / 10, worstWord / 10, unexplained * 10, log(max(0.05, speechSeconds)),
            log(Double(max(1, words))),
            lead / Self.fullLead,
        ]
    }
}

/// A logistic of the evidence.
struct Confidence: Equatable {
    /// A word that explains less of the speech than this is a word in somebody else's sentence. By telephone noise before and
    /// after a short word counts as speech, so it is little.
    private static let explained = 0.3
    /// The bias, then one weight for each of the features.
    let weights: [Double]

    /// The share of utterances with this much evidence that were heard right.
    func of(_ evidence: Evidence) -> Double {
        let fit = 1 / (1 + exp(-zip(weights, [1] + evidence.features).reduce(0) { $0 + $1.0 * $1.1 }))
        return fit * min(1, (1 - evidence.unexplained) / Self.explained)
    }

    /// What is left for a reading that is `behind` the best one, in the engine's unit: a third for every 150.
    static func ofAlternative(behind: Double, best: Double) -> Double {
        best * exp(-max(0, behind) / 150) * 0.9
    }
}

extension Confidence {
    /// Fitted for each band to 395 and 435 recordings in the networks of the demo shop (penalty 0.002): 562 requests in
    /// tuning voices, 268 of something else, most of them people who read addresses and letters, or speak Ukrainian. The
    /// latter count half as much for microphones and two fifths for telephones, as most of what callers say is for the shop.
    /// The weight of the lead is given, as large networks have none; of the telephone's bias 0.18 is taken off, since a
    /// sentence about a castle would have been sure enough to order with. `rozmova bench hearing` prints what they are worth.
    static func standard(_ band: Band) -> Confidence {
        switch band {
        case .wideband: Confidence(weights: [4.581, 1.436, 0.043, -1.523, -2.287, 1.034, 0.6])
        case .telephone: Confidence(weights: [1.75, 1.256, 0.062, 0.46, -0.228, 0.44, 0.6])
        }
    }
}
