// The forms in which sound cards have samples, and how they become ours. In: bytes of interleaved channels.
// Out: mono 16-bit samples, and the other way round.

/// How one sample of one channel is written, little-endian. The order is the order of preference.
enum SampleForm: String, Sendable, CaseIterable {
    case s16, s32, s24, s24packed, float, u8

    /// Bytes of one sample.
    var size: Int {
        switch self {
        case .u8: 1
        case .s16: 2
        case .s24packed: 3
        case .s32, .s24, .float: 4
        }
    }

    /// Mono samples of interleaved ones: the mean of the channels, since which of them the microphone is nobody says.
    func mono(_ bytes: ArraySlice<UInt8>, channels: Int) -> [Int16] {
        let frame = size * channels
        return (0..<(bytes.count / frame)).map { index in
            let start = bytes.startIndex + index * frame
            let sum = (0..<channels).reduce(0) { $0 + sample(bytes, at: start + $1 * size) }
            return Int16(clamping: sum / channels)
        }
    }

    /// Interleaved samples of mono ones: every channel says the same.
    func interleaved(_ samples: ArraySlice<Int16>, channels: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * channels * size)
        for sample in samples {
            for _ in 0..<channels { append(sample, to: &bytes) }
        }
        return bytes
    }

    private func sample(_ bytes: ArraySlice<UInt8>, at place: Int) -> Int {
        func byte(_ offset: Int) -> UInt32 { UInt32(bytes[place + offset]) }
        return switch self {
        case .u8: (Int(byte(0)) - 128) << 8
        case .s16: Int(Int16(truncatingIfNeeded: byte(0) | byte(1) << 8))
        // Of more bits the upper 16 count.
        case .s24, .s24packed: Int(Int16(truncatingIfNeeded: byte(1) | byte(2) << 8))
        case .s32: Int(Int16(truncatingIfNeeded: byte(2) | byte(3) << 8))
        case .float: Self.whole(Float(bitPattern: byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24))
        }
    }

    private static func whole(_ value: Float) -> Int { value.isFinite ? Int(max(-1, min(1, value)) * 32_767) : 0 }

    private func append(_ sample: Int16, to bytes: inout [UInt8]) {
        let bits = UInt16(bitPattern: sample)
        let (low, high) = (UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8))
        switch self {
        case .u8: bytes.append(high ^ 0x80)
        case .s16: bytes += [low, high]
        case .s24packed: bytes += [0, low, high]
        // The fourth byte lies above the sample, and continues its sign.
        case .s24: bytes += [0, low, high, sample < 0 ? 0xFF : 0]
        case .s32: bytes += [0, 0, low, high]
        case .float:
            let pattern = (Float(sample) / 32_768).bitPattern
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
        }
    }
}
