// Writes 16-bit WAV as it comes, one channel or two. In: blocks of samples. Out: a file that can be played at any moment.

import Foundation
import Synchronization

/// A recording being written. Any thread may write; blocks stand in the order in which they came.
///
/// The header is corrected with each block that reaches the disk (about every second), so that a killed process leaves
/// a playable file without its last second. A recording is personal: only its owner may read the file.
public final class WaveWriter: Sendable {
    /// Where the sound goes.
    public let path: String
    /// Samples a second.
    public let rate: Int
    /// 1, or 2: the caller left, the assistant right.
    public let channels: Int
    private let file: Mutex<OpenFile?>

    private struct Closed: Error {}

    private struct OpenFile {
        let handle: FileHandle
        var pending: [UInt8] = []
        var soundBytes = 0
    }

    /// Creates the file, or empties it.
    public init(path: String, rate: Int, channels: Int) throws(WaveFileError) {
        precondition((1...2).contains(channels) && rate > 0)
        self.path = path
        self.rate = rate
        self.channels = channels
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemReason(errno)) }
        file = Mutex(OpenFile(handle: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)))
        try write { try $0.handle.write(contentsOf: self.header(soundBytes: 0)) }
    }

    deinit {
        // Who wants to know whether the end was written calls `close`.
        try? close()
    }

    /// Appends samples; of two channels they stand in pairs.
    public func write(_ samples: [Int16]) throws(WaveFileError) {
        let full = rate * channels * 2
        try write { file in
            for sample in samples {
                file.pending.append(UInt8(truncatingIfNeeded: sample))
                file.pending.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
            if file.pending.count >= full { try self.flush(&file) }
        }
    }

    /// Appends both sides of a call; the shorter one is filled up with silence.
    public func write(left: [Int16], right: [Int16]) throws(WaveFileError) {
        precondition(channels == 2)
        var pairs: [Int16] = []
        for index in 0..<max(left.count, right.count) {
            pairs.append(index < left.count ? left[index] : 0)
            pairs.append(index < right.count ? right[index] : 0)
        }
        try write(pairs)
    }

    /// Writes what is pending and completes the header. Writing after it is an error, closing again is not.
    public func close() throws(WaveFileError) {
        guard file.withLock({ $0 != nil }) else { return }
        defer { file.withLock { $0 = nil } }
        try write { try self.flush(&$0) }
    }

    /// Does `work` on the open file, and turns the system's errors into one that names it.
    private func write(_ work: (inout OpenFile) throws -> Void) throws(WaveFileError) {
        do {
            try file.withLock { file in
                // Taken out, so that the pending bytes are not copied.
                guard var open = file.take() else { throw Closed() }
                defer { file = open }
                try work(&open)
            }
        } catch {
            let reason = error is Closed ? "it was closed before" : systemReason(error)
            throw .cannotWrite(path: path, reason: reason)
        }
    }

    private func flush(_ file: inout OpenFile) throws {
        guard !file.pending.isEmpty else { return }
        try file.handle.write(contentsOf: file.pending)
        file.soundBytes += file.pending.count
        try file.handle.seek(toOffset: 0)
        try file.handle.write(contentsOf: header(soundBytes: file.soundBytes))
        try file.handle.seekToEnd()
        file.pending.removeAll(keepingCapacity: true)
    }

    private func header(soundBytes: Int) -> [UInt8] {
        let frame = 2 * channels
        // Beyond 4 GB, 18 hours of a wideband call, the header says the largest number, which readers take as "to the end".
        let size = min(soundBytes, 0xFFFF_FFFF - 36)
        return Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(channels, 2) + little(rate, 4) + little(rate * frame, 4) + little(frame, 2) + little(16, 2)
            + Array("data".utf8) + little(size, 4)
    }

    private func little(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
