// The last moments of a stream, kept so that an utterance's first consonant is not lost while it is being recognised
// as speech. In: every frame. Out: the samples since shortly before a given one.

/// The last samples of one stream; older ones are forgotten.
public struct PreRoll: Sendable {
    /// Long enough for `EndpointDetector`, which tells of a start up to 0.8 s late, and for `leadSeconds` before.
    public static let standardSeconds = 1.2
    /// What is given from before the start: an "f" or "s" there can be fainter than the noise.
    public static let leadSeconds = 0.3

    private let rate: Int
    private let capacity: Int
    private var samples: [Int16] = []
    private var end = 0

    /// Keeps `seconds` of a stream of `band`.
    public init(band: Band, seconds: Double = PreRoll.standardSeconds) {
        rate = band.rate
        capacity = max(band.frameLength, Int(seconds * Double(band.rate)))
    }

    /// Takes the next frame. After a gap in the stream what came before is forgotten.
    public mutating func hear(_ frame: AudioFrame) {
        if frame.sampleIndex != end { samples.removeAll(keepingCapacity: true) }
        samples += frame.samples
        end = frame.sampleIndex + frame.samples.count
        // Cut in large steps, so that not every frame moves all of them.
        if samples.count > 2 * capacity { samples.removeFirst(samples.count - capacity) }
    }

    /// All samples from `leadSeconds` before `start` to the last frame, as far as they are kept.
    public func since(_ start: Int) -> [Int16] {
        let wanted = end - start + Int(PreRoll.leadSeconds * Double(rate))
        return Array(samples.suffix(max(0, min(wanted, capacity))))
    }

    /// Forgets everything, after an utterance whose end shall not be heard again.
    public mutating func forget() { samples.removeAll(keepingCapacity: true) }
}
