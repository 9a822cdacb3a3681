// The sound of a call as bytes of its recording, and back as a WAV file: a head that names the rate, then pairs of samples.

import Audio
import Conversation
import Foundation
import Platform
import Storage

/// Takes the sound of one call into its sealed file. Once that fails nothing more is taken: what follows a gap would be elsewhere in time.
actor StoredSound: SoundSink {
    private var file: RecordingFile?
    private let log = Log(component: "recording")

    init(file: RecordingFile) { self.file = file }

    func take(_ pairs: [Int16]) async {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * pairs.count)
        for sample in pairs {
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
        keep { (file) throws(StoreError) in try file.append(bytes) }
    }

    func finish() async {
        keep { (file) throws(StoreError) in try file.finish() }
        file = nil
    }

    private func keep(_ work: (RecordingFile) throws(StoreError) -> Void) {
        guard let file else { return }
        do throws(StoreError) { try work(file) } catch {
            log.warning("a recording ends early: \(fact: error)")
            self.file = nil
        }
    }

    /// The first piece of every recording.
    static func head(_ band: Band) -> [UInt8] { Array(band.rawValue.utf8) }
}

enum PrivacyRecordingCommand: Command {
    static let usage = Usage(
        name: "privacy recording",
        summary: "writes the recording of a call as WAV, the caller left, the assistant right",
        positionals: [Positional(name: "CALL")],
        options: [
            Option(name: "out", value: "FILE.wav", summary: "where to; left out: CALL.wav in this folder"), .data,
            .config,
        ],
        details: """
            CALL is the identifier of a conversation, as `rozmova privacy export` shows it. The file is not sealed any more:
            remove it when it has been heard.
            """)

    static func run(_ arguments: Arguments) async throws {
        let call = arguments.positionals[0]
        let out = arguments.value("out") ?? "\(call).wav"
        let isWhole = try await Composition(arguments).store(for: usage).writeRecording(of: call, to: out)
        Console.line(out)
        if !isWhole { Console.error("rozmova: the call is going on, or was cut off: the recording ends there") }
    }
}

extension Store {
    /// Writes a recording as WAV; false where it is not whole.
    fileprivate func writeRecording(of call: String, to path: String) throws -> Bool {
        var wave: WaveWriter?
        let isWhole = try readRecording(of: call) { piece in
            guard let wave else {
                guard let band = Band(rawValue: String(decoding: piece, as: UTF8.self)) else {
                    throw Failure("the recording of \(call) is of a newer version")
                }
                wave = try WaveWriter(path: path, rate: band.rate, channels: 2)
                return
            }
            try wave.write(
                stride(from: 0, to: piece.count - 1, by: 2).map {
                    Int16(bitPattern: UInt16(piece[$0]) | UInt16(piece[$0 + 1]) << 8)
                })
        }
        guard let isWhole else { throw Failure("there is no recording of \(call)") }
        try wave?.close()
        return isWhole
    }
}
