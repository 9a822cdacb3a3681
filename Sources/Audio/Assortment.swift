// Catalogues too large to be listened for at once. In: a network with blanks, the phrases that may stand in them, and
// which of them an utterance may hold. Out: a network with those alone.

import Foundation

/// Phrases of a shop, far more than can be listened for at once: for each utterance a few of them are proposed.
///
/// A class, as many networks share one and it is large.
public final class Assortment: Sendable {
    /// One way to say one of the shop's things.
    public struct Phrase: Sendable, Equatable {
        /// In lower case, as the lexicon spells them.
        public let words: [String]
        /// The number of the thing: all its ways to be said are proposed together.
        public let thing: Int
        /// What it can be combined with: only blanks of its kind, or of any, take it.
        public let kind: Int

        /// Makes a phrase.
        public init(words: [String], thing: Int, kind: Int) {
            self.words = words
            self.thing = thing
            self.kind = kind
        }
    }

    /// Of any kind.
    public static let anyKind = -1

    /// A digest of the phrases, as text.
    public let id: String
    /// All of them.
    public let phrases: [Phrase]
    /// How many things there are of each kind, and of any.
    private let things: [Int: Int]

    /// Makes an assortment of them.
    public init(phrases: [Phrase]) {
        self.phrases = phrases
        // FNV-1a over the words and what they stand for.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt64) { hash = (hash ^ byte) &* 0x100_0000_01b3 }
        for phrase in phrases {
            for word in phrase.words {
                for byte in word.utf8 { mix(UInt64(byte)) }
                mix(0)
            }
            mix(UInt64(truncatingIfNeeded: phrase.thing))
            mix(UInt64(truncatingIfNeeded: phrase.kind))
        }
        id = "a" + String(hash, radix: 16)
        var things = Dictionary(grouping: phrases, by: \.kind).mapValues { Set($0.map(\.thing)).count }
        things[Self.anyKind] = Set(phrases.map(\.thing)).count
        self.things = things
    }

    /// Natural logarithm of the share that one thing has of all those that fit a blank.
    fileprivate func logShare(of kind: Int) -> Double { -log(Double(max(things[kind] ?? 1, 1))) }
}

extension WordNetwork {
    /// Where one of the assortment's phrases may be said.
    public struct Blank: Sendable, Hashable {
        /// The state it leaves.
        public let from: Int
        /// The state it reaches.
        public let to: Int
        /// The kind of phrases that may stand here.
        public let kind: Int
        /// Natural logarithm of its weight, at most 0: its phrases share it.
        public let logWeight: Double

        /// Makes a blank.
        public init(from: Int, to: Int, kind: Int, logWeight: Double = 0) {
            self.from = from
            self.to = to
            self.kind = kind
            self.logWeight = logWeight
        }
    }

    /// The network with these phrases of its assortment in its blanks; `id` names it. Every thing is as likely as another
    /// whatever its kind, and all that are proposed share the likelihood of all.
    public func filled(with phrases: [Assortment.Phrase], id: String) -> WordNetwork {
        guard let assortment else { return self }
        let proposed = log(Double(max(Set(phrases.map(\.thing)).count, 1)))
        var arcs = arcs
        var stateCount = stateCount
        /// The state behind a beginning of a phrase, on the way to a place: shared by all blanks that lead there.
        var onward: [Beginning: Int] = [:]
        let byKind = Dictionary(grouping: phrases, by: \.kind)
        var seen: Set<Arc> = []
        for blank in blanks {
            let fitting = blank.kind == Assortment.anyKind ? phrases : byKind[blank.kind] ?? []
            guard !fitting.isEmpty else { continue }
            let share = assortment.logShare(of: blank.kind) - assortment.logShare(of: Assortment.anyKind) - proposed
            let weight = min(0, blank.logWeight + share)
            for phrase in fitting {
                var place = blank.from
                for (index, word) in phrase.words.enumerated() {
                    var next = blank.to
                    if index < phrase.words.count - 1 {
                        let beginning = Beginning(
                            words: Array(phrase.words[...index]), kind: blank.kind, to: blank.to)
                        next = onward[beginning] ?? stateCount
                        if next == stateCount {
                            onward[beginning] = next
                            stateCount += 1
                        }
                    }
                    let arc = Arc(from: place, to: next, word: word, logWeight: index == 0 ? weight : 0)
                    if seen.insert(arc).inserted { arcs.append(arc) }
                    place = next
                }
            }
        }
        return WordNetwork(id: id, stateCount: stateCount, finals: finals, arcs: arcs, empties: empties)
    }

    private struct Beginning: Hashable {
        let words: [String]
        let kind: Int
        let to: Int
    }
}
