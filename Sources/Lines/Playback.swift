// What the assistant has said and nobody has heard yet. In: answers. Out: the next samples to go out.

/// Sound that waits to be played; as long as one answer, which the one who plays bounds.
struct Playback {
    private var samples: [Int16] = []
    private var position = 0

    var count: Int { samples.count - position }

    mutating func append(_ more: [Int16]) {
        // What was played is dropped now and then, not with every frame.
        samples.removeFirst(position)
        position = 0
        samples += more
    }

    /// The next samples, at most `count`.
    mutating func take(_ count: Int) -> ArraySlice<Int16> {
        let end = min(position + count, samples.count)
        defer { position = end }
        return samples[position..<end]
    }

    /// Answers how many samples are forgotten.
    @discardableResult mutating func clear() -> Int {
        defer {
            samples.removeAll(keepingCapacity: true)
            position = 0
        }
        return count
    }
}
