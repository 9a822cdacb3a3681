// The chunks before the sound of a RIFF/WAVE file. In: the file's first bytes. Out: its format and the sound's length.
//
// After "Multimedia Programming Interface and Data Specifications 1.0" (IBM, Microsoft 1991), WAVE_FORMAT_EXTENSIBLE,
// and EBU Tech 3306 for RF64, whose sizes are of 64 bits.

/// What stands before the first sample.
struct WaveHeader {
    let format: WaveFormat
    /// Bytes of sound; nil: until the file ends.
    let soundBytes: Int?

    /// Reads up to the first byte of sound.
    static func read(from source: ByteSource) throws(WaveFileError) -> WaveHeader {
        let path = source.path
        let start = try source.read(12)
        if start.isEmpty { throw .notWave(path: path, found: "an empty file") }
        let kind = start.text(0, 4)
        guard kind == "RIFF" || kind == "RF64" || kind == "BW64" else {
            if kind == "RIFX" { throw .unsupported(path: path, what: "a big-endian WAV (RIFX)") }
            throw .notWave(path: path, found: look(start))
        }
        guard start.count == 12 else { throw .truncated(path: path, inside: "its first 12 bytes") }
        guard start.text(8, 4) == "WAVE" else {
            throw .notWave(path: path, found: "a RIFF file of another kind (\(start.text(8, 4)))")
        }

        var format: WaveFormat?
        var wideSize: Int?
        while true {
            let chunk = try source.read(8)
            guard chunk.count == 8 else {
                throw .truncated(path: path, inside: format == nil ? "its header" : "the chunks of its header")
            }
            let size = chunk.little(4, 4)
            switch chunk.text(0, 4) {
            case "fmt ":
                let body = try source.read(min(size, 64))
                guard body.count == min(size, 64) else { throw .truncated(path: path, inside: "its format chunk") }
                format = try self.format(body, path: path)
                try source.skip(size - body.count + size % 2)
            case "ds64":
                let body = try source.read(size + size % 2)
                if body.count >= 16 { wideSize = body.little(8, 4) | body.little(12, 4) << 32 }
            case "data":
                guard let format else {
                    throw .malformed(path: path, what: "the sound comes before the chunk that says how it is stored")
                }
                let stated = size == 0xFFFF_FFFF ? wideSize ?? size : size
                let riffSize = start.little(4, 4)
                return WaveHeader(
                    format: format,
                    soundBytes: soundBytes(stated: stated, riffSize: riffSize, source: source, format: format))
            default:
                // Chunks are padded to an even length.
                try source.skip(size + size % 2)
            }
        }
    }

    /// A header that was never completed says 0 or the largest number there is; then the file's end is the sound's.
    private static func soundBytes(stated: Int, riffSize: Int, source: ByteSource, format: WaveFormat) -> Int? {
        guard let fileSize = source.size else {
            return stated == 0 || stated >= 0x7FFF_0000 ? nil : stated
        }
        let there = fileSize - source.position
        // A completed header with an empty sound: what follows is other chunks.
        let isComplete = riffSize > 0 && abs(riffSize + 8 - fileSize) <= 1
        let bytes = stated == 0 && !isComplete ? there : min(stated, there)
        return bytes / format.bytesPerFrame * format.bytesPerFrame
    }

    private static func format(_ body: [UInt8], path: String) throws(WaveFileError) -> WaveFormat {
        guard body.count >= 16 else { throw .malformed(path: path, what: "its format chunk has \(body.count) bytes") }
        var tag = body.little(0, 2)
        let channels = body.little(2, 2)
        let rate = body.little(4, 4)
        let frameBytes = body.little(12, 2)
        let bits = body.little(14, 2)
        // WAVE_FORMAT_EXTENSIBLE: the tag is the beginning of a GUID; bits are still those of the container.
        if tag == 0xFFFE {
            guard body.count >= 40 else { throw .malformed(path: path, what: "its extended format chunk is cut off") }
            tag = body.little(24, 2)
        }
        guard channels > 0 else { throw .malformed(path: path, what: "it says that it has no channels") }
        guard channels <= 8 else { throw .unsupported(path: path, what: "sound of \(channels) channels") }
        guard (8_000...192_000).contains(rate) else {
            throw .unsupported(path: path, what: "a sampling rate of \(rate) a second (8000 to 192000 are)")
        }
        // Samples of 12 or 20 bits stand in whole bytes, left-aligned, sometimes in more than they need.
        let needed = (bits + 7) / 8
        let container = frameBytes % channels == 0 ? max(needed, frameBytes / channels) : needed
        let encoding: WaveFormat.Encoding
        switch (tag, container) {
        case (1, 1...4): encoding = .pcm(bytes: container)
        case (3, 4), (3, 8): encoding = .float(bytes: container)
        case (6, 1): encoding = .g711(.aLaw)
        case (7, 1): encoding = .g711(.muLaw)
        case (1, _), (3, _), (6, _), (7, _):
            throw .malformed(path: path, what: "samples of \(bits) bits do not go with its codec")
        default: throw .unsupported(path: path, what: "the codec \(codecs[tag] ?? "number \(tag)")")
        }
        return WaveFormat(encoding: encoding, rate: rate, channels: channels)
    }

    /// Codecs that people meet in WAV files and that are not read.
    private static let codecs = [
        0x02: "Microsoft ADPCM", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x40: "G.721 ADPCM", 0x50: "MPEG", 0x55: "MP3",
        0xFF: "AAC", 0x161: "Windows Media Audio", 0x2001: "DTS",
    ]

    /// What a file looks like that is no WAV.
    private static func look(_ start: [UInt8]) -> String {
        let kinds = [
            "fLaC": "FLAC", "OggS": "Ogg", "ID3": "MP3", "FORM": "AIFF", ".snd": "Sun audio",
            "\u{1A}E\u{DF}": "Matroska",
            "caff": "Core Audio",
        ]
        if let kind = kinds.first(where: { start.text(0, $0.key.unicodeScalars.count) == $0.key })?.value {
            return "a \(kind) file"
        }
        if start.count >= 8, start.text(4, 4) == "ftyp" { return "an MPEG-4 file" }
        if start[0] == 0xFF, start.count > 1, start[1] & 0xE0 == 0xE0 { return "an MP3 file" }
        if start.allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || (32..<127).contains($0) }) { return "text" }
        return "something else"
    }
}

extension [UInt8] {
    /// Four-character codes; bytes beyond ASCII as Latin-1, so that comparing never fails.
    fileprivate func text(_ offset: Int, _ length: Int) -> String {
        String(String.UnicodeScalarView(dropFirst(offset).prefix(length).map { Unicode.Scalar($0) }))
    }
}
