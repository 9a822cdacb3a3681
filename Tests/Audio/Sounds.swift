// Sounds and WAV bytes that the tests of this folder make: tones, noise, syllables, and headers right and wrong.

import Foundation

/// A generator of the same numbers each time.
struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// From -1 to 1.
    mutating func roll() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(Int64(bitPattern: state)) / Double(Int64.max)
    }
}

func tone(_ hertz: Double, seconds: Double, rate: Int, amplitude: Double = 0.5) -> [Int16] {
    (0..<Int(seconds * Double(rate))).map { index in
        Int16(amplitude * 32_767 * sin(2 * .pi * hertz * Double(index) / Double(rate)))
    }
}

/// Root of the mean square, full scale being 1.
func level(_ samples: some Collection<Int16>) -> Double {
    let squares = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    return (squares / Double(max(1, samples.count))).squareRoot() / 32_768
}

/// A file of its own in the temporary folder, removed with the value.
final class ScratchFile {
    let path: String

    init(_ bytes: [UInt8]? = nil) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("rozmova-\(UUID().uuidString).wav").path
        if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var bytes: [UInt8] { (try? Data(contentsOf: URL(fileURLWithPath: path))).map(Array.init) ?? [] }
}

func little(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

/// The bytes of a WAV file, every field of which can be wrong.
struct WaveBytes {
    var kind = "RIFF"
    var tag = 1
    var channels = 1
    var rate = 8_000
    var bits = 16
    var container: Int?
    var isExtensible = false
    var before: [(String, [UInt8])] = []
    var sound: [UInt8] = little(1_000, 2) + little(-1_000, 2)
    var statedSize: Int?
    var statedRIFFSize: Int?
    var after: [(String, [UInt8])] = []

    var bytes: [UInt8] {
        let frame = (container ?? (bits + 7) / 8) * channels
        var format = little(isExtensible ? 0xFFFE : tag, 2) + little(channels, 2) + little(rate, 4)
        format += little(rate * frame, 4) + little(frame, 2) + little(bits, 2)
        if isExtensible {
            format += little(22, 2) + little(bits, 2) + little(0, 4) + little(tag, 2)
            format += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        }
        var body = Array("WAVE".utf8)
        for (name, content) in before + [("fmt ", format)] { body += chunk(name, content) }
        body += Array("data".utf8) + little(statedSize ?? sound.count, 4) + sound
        if !after.isEmpty, sound.count % 2 == 1 { body.append(0) }
        for (name, content) in after { body += chunk(name, content) }
        return Array(kind.utf8) + little(statedRIFFSize ?? body.count, 4) + body
    }

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
    }
}
