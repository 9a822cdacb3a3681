// WAV files as people have them: every coding, headers that lie, files that are none, and recordings of our own.

import Audio
import Foundation
import Testing

@Suite struct WaveReaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let wave: WaveBytes
        let samples: [Int16]
        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(what: "8 bits", wave: WaveBytes(bits: 8, sound: [0, 128, 255]), samples: [-32_768, 0, 32_512]),
        Row(
            what: "16 bits", wave: WaveBytes(sound: little(-32_768, 2) + little(32_767, 2)), samples: [-32_768, 32_767]),
        Row(
            what: "24 bits, rounded and clipped",
            wave: WaveBytes(
                bits: 24, sound: little(0x12_34_7F, 3) + little(0x12_34_80, 3) + little(0x7F_FF_FF, 3) + little(-1, 3)),
            samples: [0x1234, 0x1235, 32_767, 0]),
        Row(
            what: "20 bits in 3 bytes", wave: WaveBytes(bits: 20, container: 3, sound: little(0x123450, 3)),
            samples: [0x1234]),
        Row(
            what: "32 bits", wave: WaveBytes(bits: 32, sound: little(0x4000_0000, 4) + little(-0x4000_0000, 4)),
            samples: [0x4000, -0x4000]),
        Row(
            what: "floats: full scale, beyond, no number",
            wave: WaveBytes(
                tag: 3, bits: 32,
                sound: [0.5, -1, 1.5, .nan].flatMap { (value: Float) in little(Int(value.bitPattern), 4) }),
            samples: [16_384, -32_768, 32_767, 0]),
        Row(
            what: "double floats", wave: WaveBytes(tag: 3, bits: 64, sound: little(Int(0.25.bitPattern), 8)),
            samples: [8_192]),
        Row(
            what: "µ-law", wave: WaveBytes(tag: 7, bits: 8, sound: [0x00, 0x80, 0xFF]), samples: [-32_124, 32_124, 0]),
        Row(
            what: "A-law", wave: WaveBytes(tag: 6, bits: 8, sound: [0x2A, 0xAA, 0xD5]), samples: [-32_256, 32_256, 8]),
        Row(what: "extensible", wave: WaveBytes(isExtensible: true), samples: [1_000, -1_000]),
        Row(
            what: "extensible float",
            wave: WaveBytes(tag: 3, bits: 32, isExtensible: true, sound: little(Int(Float(0.5).bitPattern), 4)),
            samples: [16_384]),
        Row(
            what: "stereo, mixed",
            wave: WaveBytes(channels: 2, sound: little(1_000, 2) + little(3_000, 2) + little(-5, 2) + little(5, 2)),
            samples: [2_000, 0]),
        Row(
            what: "eight loud channels",
            wave: WaveBytes(channels: 8, sound: [[UInt8]](repeating: little(32_767, 2), count: 8).flatMap(\.self)),
            samples: [32_767]),
        Row(
            what: "other chunks around, odd ones too",
            wave: WaveBytes(before: [("LIST", [1, 2, 3]), ("fact", little(2, 4))], after: [("id3 ", [1])]),
            samples: [1_000, -1_000]),
        Row(
            what: "size never completed: 0", wave: WaveBytes(statedSize: 0, statedRIFFSize: 0),
            samples: [1_000, -1_000]),
        Row(
            what: "size of a pipe: the largest", wave: WaveBytes(statedSize: 0xFFFF_FFFF, statedRIFFSize: 0xFFFF_FFFF),
            samples: [1_000, -1_000]),
        Row(what: "cut off: larger than the file", wave: WaveBytes(statedSize: 4_000), samples: [1_000, -1_000]),
        Row(
            what: "cut off inside a sample", wave: WaveBytes(sound: little(7, 2) + [9], statedSize: 4_000), samples: [7]
        ),
        Row(
            what: "RF64 with its size apart",
            wave: WaveBytes(
                kind: "RF64", before: [("ds64", little(0, 8) + little(2, 8) + little(0, 12))], statedSize: 0xFFFF_FFFF,
                statedRIFFSize: 0xFFFF_FFFF),
            samples: [1_000]),
    ]

    @Test(arguments: rows)
    func everyKindOfFileIsRead(row: Row) throws {
        let file = try ScratchFile(row.wave.bytes)
        let sound = try WaveReader.readAll(file.path, limitSeconds: 1)
        #expect(sound.samples == row.samples)
        #expect(sound.rate == row.wave.rate)
    }

    @Test(arguments: [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
    func everyRateIsRead(rate: Int) throws {
        let file = try ScratchFile(WaveBytes(rate: rate).bytes)
        let format = try WaveReader(path: file.path).format
        #expect(format.encoding == .pcm(bytes: 2) && format.rate == rate && format.channels == 1)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]
        /// What the message has to say beside the path.
        let says: String
        var testDescription: String { what }
    }

    static let bad: [Bad] = [
        Bad(what: "empty", bytes: [], says: "an empty file"),
        Bad(what: "text", bytes: Array("two large pizzas\n".utf8), says: "but text"),
        Bad(what: "FLAC", bytes: Array("fLaC".utf8) + [0, 0, 0, 34], says: "a FLAC file"),
        Bad(what: "MP3", bytes: [0xFF, 0xFB, 0x90, 0x64, 0, 0], says: "an MP3 file"),
        Bad(what: "rubbish", bytes: [1, 2, 3, 200, 201], says: "something else"),
        Bad(what: "AVI", bytes: Array("RIFF".utf8) + little(4, 4) + Array("AVI ".utf8), says: "another kind (AVI )"),
        Bad(what: "big-endian", bytes: Array("RIFX".utf8) + little(4, 4) + Array("WAVE".utf8), says: "RIFX"),
        Bad(what: "10 bytes", bytes: Array(WaveBytes().bytes.prefix(10)), says: "first 12 bytes"),
        Bad(what: "ends in the format", bytes: Array(WaveBytes().bytes.prefix(30)), says: "format chunk"),
        Bad(what: "ends before the sound", bytes: Array(WaveBytes().bytes.prefix(40)), says: "before the sound begins"),
        Bad(what: "ends after the header", bytes: Array(WaveBytes().bytes.prefix(44)), says: "no sound"),
        Bad(
            what: "complete and without sound", bytes: WaveBytes(sound: [], after: [("LIST", [1, 2])]).bytes,
            says: "no sound"),
        Bad(
            what: "a chunk larger than all",
            bytes: Array("RIFF".utf8) + little(9, 4) + Array("WAVEjunk".utf8) + little(0xFFFF_FFFF, 4), says: "header"),
        Bad(
            what: "sound first",
            bytes: Array("RIFF".utf8) + little(9, 4) + Array("WAVEdata".utf8) + little(4, 4) + [1, 2, 3, 4],
            says: "comes before"),
        Bad(what: "no channels", bytes: WaveBytes(channels: 0).bytes, says: "no channels"),
        Bad(what: "9 channels", bytes: WaveBytes(channels: 9).bytes, says: "9 channels"),
        Bad(what: "rate 0", bytes: WaveBytes(rate: 0).bytes, says: "rate of 0"),
        Bad(what: "rate 4000", bytes: WaveBytes(rate: 4_000).bytes, says: "rate of 4000"),
        Bad(what: "16-bit µ-law", bytes: WaveBytes(tag: 7, bits: 16).bytes, says: "16 bits"),
        Bad(what: "IMA ADPCM", bytes: WaveBytes(tag: 0x11, bits: 4).bytes, says: "IMA ADPCM"),
        Bad(what: "unknown codec", bytes: WaveBytes(tag: 0x1234).bytes, says: "number 4660"),
        Bad(what: "no bits", bytes: WaveBytes(bits: 0).bytes, says: "0 bits"),
        Bad(
            what: "too long", bytes: WaveBytes(sound: [UInt8](repeating: 1, count: 16_002)).bytes,
            says: "longer than 1 s"),
    ]

    @Test(arguments: bad)
    func whatIsNoSoundIsRefusedInWords(row: Bad) throws {
        let file = try ScratchFile(row.bytes)
        let error = #expect(throws: WaveFileError.self) { try WaveReader.readAll(file.path, limitSeconds: 1) }
        let message = error?.description ?? ""
        #expect(message.contains(row.says), "\(message)")
        #expect(message.hasPrefix(file.path))
    }

    @Test func aMissingFileAndAFolderAreNamed() throws {
        let missing = #expect(throws: WaveFileError.self) { try WaveReader(path: "/nonexistent/order.wav") }
        #expect(missing?.description.contains("No such file or directory") == true)
        let folder = #expect(throws: WaveFileError.self) { try WaveReader(path: "/") }
        #expect(folder?.description.contains("irectory") == true, "\(String(describing: folder))")
    }

    @Test func blocksAreTheSameAsTheWhole() throws {
        let sound = tone(440, seconds: 0.3, rate: 8_000)
        let file = try ScratchFile(WaveBytes(sound: sound.flatMap { little(Int($0), 2) }).bytes)
        let reader = try WaveReader(path: file.path)
        #expect(reader.sampleCount == sound.count)
        var blocks: [Int16] = []
        while true {
            let block = try reader.next(77)
            if block.isEmpty { break }
            #expect(block.count <= 77)
            blocks += block
        }
        #expect(blocks == sound)
    }
}

@Suite struct WaveWriterTests {
    @Test func whatIsWrittenIsRead() throws {
        let file = try ScratchFile()
        let sound = tone(300, seconds: 1.5, rate: 8_000)
        let writer = try WaveWriter(path: file.path, rate: 8_000, channels: 1)
        for start in stride(from: 0, to: sound.count, by: 160) { try writer.write(Array(sound[start..<start + 160])) }
        try writer.close()
        try writer.close()
        #expect(throws: WaveFileError.self) { try writer.write([1]) }
        let back = try WaveReader.readAll(file.path, limitSeconds: 10)
        #expect(back.rate == 8_000 && back.samples == sound)
        #expect(file.bytes.count == 44 + 2 * sound.count)
        #expect(file.bytes[40..<44] == little(2 * sound.count, 4)[...])
    }

    @Test func theCallerIsLeftAndTheAssistantRight() throws {
        let file = try ScratchFile()
        let writer = try WaveWriter(path: file.path, rate: 16_000, channels: 2)
        try writer.write(left: [1, 2, 3], right: [-1])
        try writer.close()
        #expect(file.bytes[44...] == ([1, -1, 2, 0, 3, 0].flatMap { little($0, 2) })[...])
        #expect(try WaveReader(path: file.path).format.channels == 2)
    }

    @Test func aKilledRecordingKeepsAllButItsLastSecond() throws {
        let file = try ScratchFile()
        let writer = try WaveWriter(path: file.path, rate: 8_000, channels: 1)
        for _ in 0..<35 { try writer.write(tone(300, seconds: 0.1, rate: 8_000)) }
        // Read while it is still open: what a killed process leaves.
        let left = try ScratchFile(file.bytes)
        #expect(left.bytes[40..<44] == little(left.bytes.count - 44, 4)[...])
        #expect(try WaveReader.readAll(left.path, limitSeconds: 9).samples.count >= 20_000)
        try writer.close()
    }

    @Test func onlyItsOwnerMayReadIt() throws {
        let file = try ScratchFile()
        try WaveWriter(path: file.path, rate: 8_000, channels: 1).close()
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aFullDiskAndAMissingFolderAreErrors() throws {
        #expect(throws: WaveFileError.cannotWrite(path: "/nonexistent/a.wav", reason: "No such file or directory")) {
            try WaveWriter(path: "/nonexistent/a.wav", rate: 8_000, channels: 1)
        }
        #expect(throws: WaveFileError.cannotWrite(path: "/dev/full", reason: "No space left on device")) {
            try WaveWriter(path: "/dev/full", rate: 8_000, channels: 1)
        }
    }
}

@Suite struct BandReaderTests {
    @Test(arguments: [8_000, 22_050, 44_100, 96_000], Band.allCases)
    func everyFileFitsIntoABand(rate: Int, band: Band) throws {
        let sound = tone(1_000, seconds: 0.5, rate: rate)
        let file = try ScratchFile(WaveBytes(rate: rate, sound: sound.flatMap { little(Int($0), 2) }).bytes)
        let samples = try BandReader.load(file.path, band: band)
        #expect(samples.count == (sound.count * band.rate + rate - 1) / rate)
        #expect(abs(level(samples) - level(sound)) < 0.01)
    }

    @Test func aTelephoneCarriesNothingAbove4kHzAndOnlyItsOwnSteps() throws {
        let high = tone(6_000, seconds: 0.5, rate: 16_000)
        let file = try ScratchFile(WaveBytes(rate: 16_000, sound: high.flatMap { little(Int($0), 2) }).bytes)
        let samples = try BandReader.load(file.path, band: .telephone)
        #expect(level(samples.dropFirst(100).dropLast(100)) < 0.001)
        #expect(samples == G711.muLaw.carried(samples))
        #expect(level(try BandReader.load(file.path, band: .wideband)) > 0.3)
    }

    @Test func aRecordingOfHoursIsRefusedBeforeItIsRead() throws {
        // Two hours and a second of 8-bit sound; the file system keeps the zeros as a hole.
        let header = WaveBytes(bits: 8, sound: [], statedSize: 7_201 * 8_000).bytes
        let file = try ScratchFile(header)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file.path))
        try handle.truncate(atOffset: UInt64(header.count + 7_201 * 8_000))
        #expect(throws: WaveFileError.tooLong(path: file.path, limitSeconds: 7_200)) {
            try BandReader(path: file.path, band: .telephone)
        }
    }
}
