// Sound that was not heard for sure is heard again as if the speaker were larger, then smaller. In: what was heard each
// time. Out: one finding. What is said for sure is heard alike each time; what only sounds alike, or is none of the network's
// sentences, is not.

import Audio
import Foundation

/// When to hear again, and what the hearings are worth together.
enum Rehearing {
    /// From this confidence on one hearing is enough: 43 of 100 requests by telephone.
    static let sure = 0.9
    /// Below this there is nothing that others could agree with: none of 280 recordings came to be believed from there.
    static let hopeless = 0.15
    /// Seconds of sound beyond which nothing is heard again.
    static let longest = 8.0
    /// By what all frequencies are multiplied, with the pace: as much as a vocal tract is longer or shorter than the
    /// usual one (vocal tract length normalisation), and less than what makes other phones.
    static let stretches = [0.94, 1.06]
    /// Shares from which on two hearings of the same words need no third.
    private static let settled = 1.5

    /// What one of several hearings adds to a reading, before it is divided by their number. Confidences of three hearings
    /// that agree are too small for what they are worth together: 0.26 each are right as often as 0.45 of one hearing.
    static func share(_ confidence: Double) -> Double { 1 - pow(1 - confidence, 2) }

    /// Whether the first two hearings agree well enough.
    static func isSettled(_ hearings: [Hypothesis]) -> Bool {
        hearings.count == 2 && hearings[0].words == hearings[1].words
            && hearings.reduce(0) { $0 + share($1.confidence) } >= settled
    }

    /// The readings of several hearings of the same sound, likeliest first; where nothing was heard there is none of them.
    /// - Parameter count: of all hearings.
    static func together(_ hearings: [Hypothesis], of count: Int) -> [Hypothesis] {
        var shares: [(words: [String], share: Double)] = []
        for hearing in hearings {
            let share = share(hearing.confidence) / Double(count)
            if let known = shares.firstIndex(where: { $0.words == hearing.words }) {
                shares[known].share += share
            } else {
                shares.append((hearing.words, share))
            }
        }
        return shares.sorted { $0.share > $1.share }.map {
            Hypothesis(words: $0.words, confidence: $0.share, isShare: true)
        }
    }
}
