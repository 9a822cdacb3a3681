// The two codings of telephone networks, ITU-T G.711: 8 bits a sample, in steps that grow with the level.
// In: 16-bit samples or code bytes. Out: the other.

/// µ-law (North America, Japan) and A-law (elsewhere).
public enum G711: Sendable, CaseIterable {
    /// 14-bit range, 8 segments of 16 steps; the byte is sent inverted.
    case muLaw
    /// 13-bit range, 8 segments of 16 steps; every other bit of the byte is sent inverted.
    case aLaw

    /// The sample that `code` stands for.
    public func decode(_ code: UInt8) -> Int16 {
        switch self {
        case .muLaw: G711.muLawSamples[Int(code)]
        case .aLaw: G711.aLawSamples[Int(code)]
        }
    }

    /// The code whose sample is next to `sample`.
    public func encode(_ sample: Int16) -> UInt8 {
        switch self {
        case .muLaw: G711.muLawCode(sample)
        case .aLaw: G711.aLawCode(sample)
        }
    }

    /// What is left of `samples` after a telephone network has carried them.
    public func carried(_ samples: [Int16]) -> [Int16] { samples.map { decode(encode($0)) } }

    private static let muLawSamples: [Int16] = (0...255).map { code in
        let bits = ~UInt8(code)
        let segment = Int(bits >> 4 & 7)
        let magnitude = ((Int(bits & 15) << 3) + muLawBias) << segment - muLawBias
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }

    private static let aLawSamples: [Int16] = (0...255).map { code in
        let bits = UInt8(code) ^ 0x55
        let segment = Int(bits >> 4 & 7)
        let step = Int(bits & 15) << 4
        let magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1)
        return Int16(bits & 0x80 != 0 ? magnitude : -magnitude)
    }

    /// Added before the segment is looked for, so that each begins at a power of two.
    private static let muLawBias = 0x84

    private static func muLawCode(_ sample: Int16) -> UInt8 {
        let magnitude = min(abs(Int(sample)), 32_635) + muLawBias
        // Biased magnitudes are 0x84...0x7FFF: the highest bit is the 8th to the 15th, segments 0 to 7.
        let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7
        let code = UInt8(segment << 4 | (magnitude >> (segment + 3) & 15))
        return ~(sample < 0 ? code | 0x80 : code)
    }

    private static func aLawCode(_ sample: Int16) -> UInt8 {
        // Negative samples are mirrored without 0, as the standard's tables do: -1 lies beside 0.
        let magnitude = sample < 0 ? ~Int(sample) : Int(sample)
        let segment = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7)
        let step = segment == 0 ? magnitude >> 4 : magnitude >> (segment + 3) & 15
        let code = UInt8(segment << 4 | step)
        return (sample < 0 ? code : code | 0x80) ^ 0x55
    }
}
