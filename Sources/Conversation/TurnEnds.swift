// How much silence ends an utterance. In: what is expected, and what has been said until the pause. Out: milliseconds. A yes is
// answered at once, what is no sentence yet is waited for, an address is thought about.

import Audio
import Understanding

/// When a caller has finished, by how sure it is what was said.
struct TurnEnds {
    /// Silence behind which what has been said is looked at, in milliseconds: more than any pause within a word.
    let anticipation: Int
    /// Ends what was heard for sure and is a whole sentence.
    let sooner: Patience
    /// Ends what was understood, and what nothing is known of yet.
    let usual: Patience
    /// Ends what was not understood: it may be half a sentence.
    let later: Patience

    /// From this confidence on it is sure what was said.
    private static let sure = 0.9

    /// How much silence ends an utterance of which `best` was heard until now.
    func patience(with best: Hypothesis?, isUnderstood: Bool) -> Patience {
        guard let best, isUnderstood else { return later }
        return best.confidence >= Self.sure ? sooner : usual
    }

    fileprivate static let answer = TurnEnds(
        anticipation: 240, sooner: Patience(milliseconds: 360), usual: .short, later: .normal)
    fileprivate static let request = TurnEnds(
        anticipation: 300, sooner: Patience(milliseconds: 500), usual: .normal, later: Patience(milliseconds: 1_000))
    /// People group digits, and a part of a number is a number.
    fileprivate static let thought = TurnEnds(anticipation: 600, sooner: .long, usual: .long, later: .long)
}

extension Expectation {
    /// When a caller who was expected to say this has finished.
    var turnEnds: TurnEnds {
        switch self {
        case .yesNo, .choosing: .answer
        case .open: .request
        case .digits, .address: .thought
        }
    }
}
