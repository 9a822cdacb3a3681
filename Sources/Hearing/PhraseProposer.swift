// Which of very many phrases an utterance may hold. In: how they are pronounced, and the phones that a phone loop heard.
// Out: the few that lie nearest, for a network that then decides among them.

import Audio
import Language

/// Finds phrases anywhere in a row of phones, as likely to be misheard as a phone loop mishears them.
final class PhraseProposer: Sendable {
    /// How many things are proposed.
    static let most = 200

    /// What a pair of phones is worth, in steps: the same, of one family, strangers; and a phone too many or missing. Of 96
    /// names in 82 recordings, among 10,000, these had 75 among the first 120 by microphone and 64 by telephone, with the
    /// worth shared by a name's length; shared by its root, or with strangers at -10, up to 8 fewer.
    private enum Worth {
        static let same: Int32 = 15
        static let alike: Int32 = 3
        static let strange: Int32 = -6
        static let gap: Int32 = -8
    }

    private let assortment: Assortment
    private let numbers: [String: UInt8]
    /// Worth of a phone that is wanted (row) and one that is heard (column).
    private let worth: [Int32]
    /// The pronunciations, one behind the other, sorted, so that neighbours begin alike.
    private let sounds: [UInt8]
    private let entries: [Entry]
    private let longest: Int

    private struct Entry {
        let phrase: Int32
        let start: Int32
        let length: Int32
        /// How many phones at the beginning are those of the entry before.
        let shared: Int32
    }

    /// - Parameter pronunciations: of every word of the assortment; the first is the one that counts.
    init(_ assortment: Assortment, pronunciations: [String: [String]], map: PhoneMap) {
        self.assortment = assortment
        let phones = map.phones.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: phones.enumerated().map { ($1, UInt8($0)) })
        self.numbers = numbers
        worth = phones.flatMap { wanted in
            phones.map { heard in
                wanted == heard ? Worth.same : map.areAlike(wanted, heard) ? Worth.alike : Worth.strange
            }
        }
        var spoken: [String: [UInt8]] = [:]
        for (word, ways) in pronunciations {
            spoken[word] = (ways.first ?? "").split(separator: " ").compactMap { numbers[String($0)] }
        }
        var rows: [(phrase: Int, sound: [UInt8])] = []
        for (index, phrase) in assortment.phrases.enumerated() {
            let sound = phrase.words.flatMap { spoken[$0] ?? [] }
            if !sound.isEmpty { rows.append((index, sound)) }
        }
        rows.sort { $0.sound.lexicographicallyPrecedes($1.sound) }
        var sounds: [UInt8] = []
        var entries: [Entry] = []
        var before: [UInt8] = []
        for row in rows {
            let shared = zip(before, row.sound).prefix { $0 == $1 }.count
            entries.append(
                Entry(
                    phrase: Int32(row.phrase), start: Int32(sounds.count), length: Int32(row.sound.count),
                    shared: Int32(shared)))
            sounds += row.sound
            before = row.sound
        }
        self.sounds = sounds
        self.entries = entries
        longest = rows.map(\.sound.count).max() ?? 0
    }

    /// All phrases of the things that lie nearest to something in `phones`.
    func propose(heard phones: [String], most: Int = PhraseProposer.most) -> [Assortment.Phrase] {
        let heard = phones.compactMap { numbers[$0] }
        guard !heard.isEmpty, !entries.isEmpty else { return [] }
        var best: [Int: Double] = [:]
        for (entry, score) in zip(entries, scores(in: heard)) {
            let thing = assortment.phrases[Int(entry.phrase)].thing
            let value = Double(score) / Double(entry.length)
            if value > best[thing] ?? -.infinity { best[thing] = value }
        }
        let nearest = best.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(most)
        let proposed = Set(nearest.map(\.key))
        return assortment.phrases.filter { proposed.contains($0.thing) }
    }

    /// For each entry the worth of its best alignment: all of it, with any stretch of what was heard.
    private func scores(in heard: [UInt8]) -> [Int32] {
        let width = heard.count + 1
        let kinds = numbers.count
        // One row for each phone of an entry; rows of the beginning it shares with the one before are there already.
        var rows = [Int32](repeating: 0, count: (longest + 1) * width)
        return unsafe rows.withUnsafeMutableBufferPointer { rows in
            unsafe worth.withUnsafeBufferPointer { worth in
                unsafe sounds.withUnsafeBufferPointer { sounds in
                    var scores: [Int32] = []
                    scores.reserveCapacity(entries.count)
                    for entry in entries {
                        for place in Int(entry.shared)..<Int(entry.length) {
                            let wanted = unsafe Int(sounds[Int(entry.start) + place]) * kinds
                            let (above, row) = (place * width, (place + 1) * width)
                            var left = unsafe rows[above] + Worth.gap
                            unsafe rows[row] = left
                            for column in 1..<width {
                                let met = unsafe rows[above + column - 1] + worth[wanted + Int(heard[column - 1])]
                                let skipped = unsafe max(rows[above + column], left) + Worth.gap
                                left = max(met, skipped)
                                unsafe rows[row + column] = left
                            }
                        }
                        let last = Int(entry.length) * width
                        var score = unsafe rows[last]
                        for column in 1..<width { score = unsafe max(score, rows[last + column]) }
                        scores.append(score)
                    }
                    return scores
                }
            }
        }
    }
}
