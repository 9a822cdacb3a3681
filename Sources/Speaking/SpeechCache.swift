// Samples that will be wanted again: standing prompts and what is said often, the least recently used going first.
// In: a sentence with its language and band, and its samples. Out: the samples, while there is room for them.

import Audio

/// What a cache holds and what it was good for.
public struct CacheStatistics: Sendable, Equatable {
    /// Sentences that were found.
    public internal(set) var hits = 0
    /// Sentences that had to be made.
    public internal(set) var misses = 0
    /// Sentences that went to make room.
    public internal(set) var evictions = 0
    /// Sentences kept now.
    public internal(set) var entries = 0
    /// What they take in memory.
    public internal(set) var bytes = 0
}

/// A least-recently-used cache that holds at most so many bytes.
struct SpeechCache {
    struct Key: Hashable {
        let text: String
        let language: String
        let band: Band
    }

    private struct Entry {
        let samples: [Int16]
        var used: UInt64
    }

    let limit: Int
    private(set) var statistics = CacheStatistics()
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    /// Digests of what was asked for once. A sentence is kept when it is asked for again, so that what is said to one caller
    /// alone (an address, a name) neither stays in memory nor drives prompts out.
    private var askedOnce: Set<Int> = []
    private static let mostAskedOnce = 4096

    init(limit: Int) { self.limit = limit }

    /// The samples of a sentence; counted.
    mutating func samples(for key: Key) -> [Int16]? {
        clock += 1
        guard let samples = entries[key]?.samples else {
            statistics.misses += 1
            return nil
        }
        statistics.hits += 1
        entries[key]?.used = clock
        return samples
    }

    /// Keeps the samples of a sentence that is standing or was asked for before.
    mutating func offer(_ samples: [Int16], for key: Key, isStanding: Bool) {
        clock += 1
        let size = Self.size(samples, key)
        guard entries[key] == nil, size <= limit else { return }
        if !isStanding, askedOnce.insert(key.hashValue).inserted {
            if askedOnce.count > Self.mostAskedOnce { askedOnce = [] }
            return
        }
        askedOnce.remove(key.hashValue)
        while statistics.bytes + size > limit, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
            entries[oldest.key] = nil
            statistics.bytes -= Self.size(oldest.value.samples, oldest.key)
            statistics.evictions += 1
        }
        entries[key] = Entry(samples: samples, used: clock)
        statistics.bytes += size
        statistics.entries = entries.count
    }

    private static func size(_ samples: [Int16], _ key: Key) -> Int { samples.count * 2 + key.text.utf8.count + 96 }
}
