// How sure a reading is. In: what the network found and what the phone loop found in the same sound.
// Out: a number from 0 to 1. The engine's own posterior says nothing inside a closed grammar.

import Foundation

/// What speaks for a reading and against it.
struct Evidence: Equatable {
    /// Score of the words less that of free phones over the same frames, for a frame. 0 is a perfect fit.
    let difference: Double
    /// The same of the word that fits worst.
    let worstWord: Double
    /// Seconds of words, silence between them left out.
    let speechSeconds: Double
    /// How many words.
    let words: Int

    /// Compares the passes; `heard` has at least one word.
    init(heard: [Segment], loop: [Segment]) {
        let last = (heard + loop).map(\.frames.upperBound).max() ?? 0
        // Free scores before each frame, added up: those of a phone are spread evenly over its frames.
        var free = [Double](repeating: 0, count: last + 2)
        for phone in loop {
            let share = Double(phone.acousticScore) / Double(phone.frames.count)
            for frame in phone.frames { free[frame + 1] = share }
        }
        for index in 1..<free.count { free[index] += free[index - 1] }
        var total = 0.0
        var frames = 0
        var worst = 0.0
        let words = heard.filter { !$0.isFiller }
        for word in words {
            let loopScore = free[word.frames.upperBound + 1] - free[word.frames.lowerBound]
            let difference = Double(word.acousticScore) - loopScore
            total += difference
            frames += word.frames.count
            worst = min(worst, difference / Double(word.frames.count))
        }
        difference = total / Double(max(1, frames))
        worstWord = worst
        speechSeconds = Double(frames) * Decoder.frameSeconds
        self.words = words.count
    }
}

/// A logistic of the evidence.
struct Confidence: Equatable {
    /// The bias, then one weight for each of `features`.
    let weights: [Double]

    /// What the weights apply to.
    static func features(_ evidence: Evidence) -> [Double] {
        [evidence.difference, evidence.worstWord, log(max(0.05, evidence.speechSeconds)), log(Double(evidence.words))]
    }

    /// The share of utterances with this much evidence that were heard right.
    func of(_ evidence: Evidence) -> Double {
        let sum = zip(weights, [1] + Self.features(evidence)).reduce(0) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }
}

extension Confidence {
    /// Fitted on 517 utterances of synthetic voices at 16 kHz, of which every fourth was outside the grammar.
    static let standard = Confidence(weights: [3.90, 0.107, 0.033, 0.644, -0.145])
}
