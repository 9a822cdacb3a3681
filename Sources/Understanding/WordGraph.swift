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

    /// Where a phrase of the assortment may be said; its own likelihood is not in the weight.
    public struct Blank: Sendable, Hashable {
        /// The state that it leaves.
        public let from: Int
        /// The state that it reaches.
        public let to: Int
        /// The family of products that may stand here, −1 for any.
        public let family: Int
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
    /// In the order of their states; none where the catalogue is small enough to be written out.
    public let blanks: [Blank]

    /// Makes a graph and its name.
    init(stateCount: Int, finals: [Int], arcs: [Arc], empties: [EmptyArc], blanks: [Blank]) {
        self.stateCount = stateCount
        self.finals = finals
        self.arcs = arcs
        self.empties = empties
        self.blanks = blanks
        // FNV-1a over everything that matters.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        func mix(_ numbers: Int...) {
            for number in numbers {
                for shift in stride(from: 0, to: 32, by: 8) { mix(UInt8(truncatingIfNeeded: number >> shift)) }
            }
        }
        func thousandths(_ logWeight: Double) -> Int { Int((logWeight * 1_000).rounded()) }
        for arc in arcs {
            arc.word.utf8.forEach { mix($0) }
            mix(0, arc.from, arc.to, thousandths(arc.logWeight))
        }
        for arc in empties { mix(arc.from, arc.to, thousandths(arc.logWeight)) }
        for blank in blanks { mix(blank.from, blank.to, blank.family, thousandths(blank.logWeight)) }
        finals.forEach { mix($0) }
        id = "g" + String(hash, radix: 16)
    }
}
