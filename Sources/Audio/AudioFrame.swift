// What all sound inside Rozmova is: mono, 16-bit, in frames of 20 ms that carry their place in the stream.

/// The sampling rates that lines, the recogniser and the synthesiser agree on.
public enum Band: String, Sendable, CaseIterable {
    /// Telephone: 8,000 samples a second, 300–3,400 Hz of them heard.
    case telephone
    /// Kiosk and wideband calls: 16,000 samples a second.
    case wideband

    /// Samples a second.
    public var rate: Int { self == .telephone ? 8_000 : 16_000 }
    /// Samples in one 20 ms frame.
    public var frameLength: Int { rate / 50 }
}

/// 20 ms of mono 16-bit sound. The index of its first sample is the clock of the call.
public struct AudioFrame: Sendable, Equatable {
    /// Index of the first sample since the line was opened.
    public let sampleIndex: Int
    /// `Band.frameLength` samples; the last frame of a recording is filled up with zeros.
    public let samples: [Int16]

    /// Makes a frame of `samples` that begins at `sampleIndex`.
    public init(sampleIndex: Int, samples: [Int16]) {
        self.sampleIndex = sampleIndex
        self.samples = samples
    }
}
