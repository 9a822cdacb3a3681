// What the recogniser may hear: the automaton of an expectation with the shop's phrases written out and states shared
// where they can be. The same automaton gives the meaning, so the two cannot drift apart.

import Commerce
import Foundation
import Language

/// An acceptor over words. No empty arc leads to a state that another one leaves.
public struct WordGraph: Sendable, Equatable {
    /// One word from one state to another.
    public struct Arc: Sendable, Hashable {
        /// The state that it leaves.
        public let from: Int
        /// The state that it reaches.
        public let to: Int
        /// The word, in lower case.
        public let word: String
        /// Natural logarithm of its likelihood, at most 0.
        public let logWeight: Double
    }

    /// From one state to another without a word.
    public struct EmptyArc: Sendable, Hashable {
        /// The state that it leaves.
        public let from: Int
        /// The state that it reaches.
        public let to: Int
        /// Natural logarithm of its likelihood, at most 0.
        public let logWeight: Double
    }

    /// A digest of the content, as text.
    public let id: String
    /// States are numbered from 0, the start.
    public let stateCount: Int
    /// Where an utterance may end.
    public let finals: [Int]
    /// In the order of their states and words.
    public let arcs: [Arc]
    /// In the order of their states.
    public let empties: [EmptyArc]
}
