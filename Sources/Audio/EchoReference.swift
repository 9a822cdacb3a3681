// Which part of what was said a microphone hears now. In: what goes to the loudspeaker, and with each frame from the
// microphone how far both devices are behind. Out: the samples whose echo is in that frame.

/// Keeps what was said until it has been heard, and lines it up by the devices' own delays.
public struct EchoReference: Sendable {
    /// Given so much newer than the delays say: an echo that came before its cause could not be removed.
    static let leadSeconds = 0.01
    /// Delays that devices tell jump by a period; over so many frames (2.5 s) they average.
    private static let smoothing = 128.0
    /// Off by so much (2 ms), the reference is moved, a sample a frame: clocks of two devices drift apart.
    private static let tolerance = 0.002
    /// Off by so much, it jumps: a device stood still.
    private static let jump = 0.04

    private let rate: Int
    private var kept: [Int16] = []
    /// Index of the first sample kept, of the first that is given next, and how far off that seems to be.
    private var first = 0
    private var next: Int?
    private var drift = 0.0
    /// How often the reference jumped.
    public private(set) var jumps = 0

    /// For sound of `band`.
    public init(band: Band) { rate = band.rate }

    /// Takes what was handed to the loudspeaker; every sample of it, silence too.
    public mutating func say(_ samples: [Int16]) {
        kept += samples
        // Two seconds are more than any device's buffer and any room's echo.
        if kept.count > 4 * rate {
            first += kept.count - 2 * rate
            kept.removeFirst(kept.count - 2 * rate)
        }
    }

    /// The echo's cause in the `count` samples that were just read.
    /// - Parameters:
    ///   - saidBehind: samples handed over that the loudspeaker has not played yet.
    ///   - heardBehind: samples that the microphone has and that were not read yet.
    public mutating func cause(of count: Int, saidBehind: Int, heardBehind: Int) -> [Int16] {
        let end = first + kept.count
        let wanted = end - saidBehind - heardBehind - count + Int(Self.leadSeconds * Double(rate))
        var start = next ?? wanted
        let off = Double(wanted - start)
        drift += (off - drift) / Self.smoothing
        if abs(off) > Self.jump * Double(rate), abs(drift) > Self.tolerance * Double(rate) {
            start = wanted
            drift = 0
            jumps += 1
        } else if abs(drift) > Self.tolerance * Double(rate) {
            let step = drift > 0 ? 1 : -1
            start += step
            drift -= Double(step)
        }
        next = start + count
        return (start..<start + count).map { kept.indices.contains($0 - first) ? kept[$0 - first] : 0 }
    }

    /// A device began anew: nothing is known of its delay, and what was said is not heard any more.
    public mutating func forget() {
        first += kept.count
        kept.removeAll(keepingCapacity: true)
        next = nil
        drift = 0
    }
}
