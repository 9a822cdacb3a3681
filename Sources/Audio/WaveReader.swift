// Reads RIFF/WAVE block by block, so that the length of a file does not matter.
// In: a path. Out: mono 16-bit samples at the file's own rate, or a `WaveFileError` for a person.

import Foundation

/// How the samples of a WAV file are stored.
public struct WaveFormat: Sendable, Equatable {
    /// Codings that are read.
    public enum Encoding: Sendable, Equatable {
        /// Whole numbers of 1 to 4 bytes; those of one byte have no sign.
        case pcm(bytes: Int)
        /// IEEE 754 numbers of 4 or 8 bytes, full scale at 1.
        case float(bytes: Int)
        /// G.711, one byte.
        case g711(G711)

        var bytesPerSample: Int {
            switch self {
            case .pcm(let bytes), .float(let bytes): bytes
            case .g711: 1
            }
        }
    }

    /// Coding of one sample.
    public let encoding: Encoding
    /// Sampling rate, 8,000...192,000 a second.
    public let rate: Int
    /// Channels, 1...8.
    public let channels: Int

    var bytesPerFrame: Int { encoding.bytesPerSample * channels }
}

/// A WAV file being read from its beginning to its end. Pipes are as good as files.
///
/// A sound whose stated size is 0, unknown or more than the file has (the recorder was killed, or wrote to a pipe) goes
/// on to the end of the file.
public final class WaveReader {
    /// Where the sound comes from.
    public let path: String
    /// As the file says.
    public let format: WaveFormat
    /// Samples of each channel, where the header or the size of the file tells.
    public let sampleCount: Int?

    private let source: ByteSource
    /// Bytes of sound not read yet; nil: until the file ends.
    private var bytesLeft: Int?

    /// Opens the file and reads its header.
    public init(path: String) throws(WaveFileError) {
        self.path = path
        source = try ByteSource(path: path)
        let header = try WaveHeader.read(from: source)
        format = header.format
        bytesLeft = header.soundBytes
        sampleCount = header.soundBytes.map { $0 / header.format.bytesPerFrame }
        if sampleCount == 0 { throw .noSound(path: path) }
    }

    /// The next samples, `count` of them or as many as are left, channels mixed into one; none at the end.
    public func next(_ count: Int) throws(WaveFileError) -> [Int16] {
        let wanted = min(count * format.bytesPerFrame, bytesLeft ?? .max)
        let bytes = try source.read(wanted)
        if let left = bytesLeft { bytesLeft = left - bytes.count }
        // Half a sample at the end of a file that was cut off is no sound.
        return format.monoSamples(bytes)
    }

    /// The whole sound.
    /// - Throws: `tooLong` where it lasts more than `limitSeconds`.
    public static func readAll(
        _ path: String, limitSeconds: Double
    ) throws(WaveFileError) -> (rate: Int, samples: [Int16]) {
        let reader = try WaveReader(path: path)
        let rate = reader.format.rate
        let limit = Int(limitSeconds * Double(rate))
        if let count = reader.sampleCount, count > limit { throw .tooLong(path: path, limitSeconds: limitSeconds) }
        var samples: [Int16] = []
        samples.reserveCapacity(reader.sampleCount ?? 0)
        while true {
            let block = try reader.next(rate)
            if block.isEmpty { break }
            samples += block
            if samples.count > limit { throw .tooLong(path: path, limitSeconds: limitSeconds) }
        }
        if samples.isEmpty { throw .noSound(path: path) }
        return (rate, samples)
    }
}

extension WaveFormat {
    /// Decodes whole frames and mixes their channels with equal weight.
    fileprivate func monoSamples(_ bytes: [UInt8]) -> [Int16] {
        let size = encoding.bytesPerSample
        return (0..<bytes.count / bytesPerFrame).map { frame in
            var sum = 0
            for channel in 0..<channels {
                sum += sample(bytes, at: (frame * channels + channel) * size)
            }
            // Rounded to nearest: cutting off would shift the mean.
            return Int16(clamping: (2 * sum + channels) >> 1 / channels)
        }
    }

    private func sample(_ bytes: [UInt8], at offset: Int) -> Int {
        switch encoding {
        case .pcm(bytes: 1): (Int(bytes[offset]) - 128) << 8
        case .pcm(bytes: 2): Int(Int16(truncatingIfNeeded: bytes.little(offset, 2)))
        case .pcm(let size):
            // The two highest bytes, rounded by the bit below them.
            (Int(Int32(truncatingIfNeeded: bytes.little(offset, size) << (32 - 8 * size))) + 0x8000) >> 16
        case .float(bytes: 4): WaveFormat.scaled(Double(Float(bitPattern: UInt32(bytes.little(offset, 4)))))
        case .float:
            WaveFormat.scaled(
                Double(bitPattern: UInt64(bytes.little(offset, 4)) | UInt64(bytes.little(offset + 4, 4)) << 32))
        case .g711(let law): Int(law.decode(bytes[offset]))
        }
    }

    /// Full scale is 1; what is beyond is clipped, and what is no number is silence.
    private static func scaled(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(max(-32_768, min(32_767, (value * 32_768).rounded())))
    }
}

extension [UInt8] {
    /// The little-endian number of `size` bytes, at most 4, at `offset`.
    func little(_ offset: Int, _ size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
    }
}

/// The bytes of a file or a pipe, forward only.
final class ByteSource {
    let path: String
    /// Bytes in the file; nil for a pipe or a device.
    let size: Int?
    private(set) var position = 0
    private let handle: FileHandle

    init(path: String) throws(WaveFileError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemReason(errno)) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        if isKnown, status.st_mode & S_IFMT == S_IFDIR { throw .cannotOpen(path: path, reason: systemReason(EISDIR)) }
        size = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// The next `count` bytes, fewer only at the end.
    func read(_ count: Int) throws(WaveFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let block: Data?
            do {
                block = try handle.read(upToCount: Swift.min(count - bytes.count, 1 << 20))
            } catch {
                throw .cannotRead(path: path, reason: systemReason(error))
            }
            guard let block, !block.isEmpty else { break }
            bytes += block
        }
        position += bytes.count
        return bytes
    }

    /// Leaves out `count` bytes, or what there is of them.
    func skip(_ count: Int) throws(WaveFileError) {
        var left = count
        while left > 0 {
            let skipped = try read(Swift.min(left, 1 << 16)).count
            if skipped == 0 { return }
            left -= skipped
        }
    }
}

/// The system's words for an `errno`.
func systemReason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

/// The system's words for what Foundation threw.
func systemReason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return underlying.domain == NSPOSIXErrorDomain ? systemReason(Int32(underlying.code)) : error.localizedDescription
}
