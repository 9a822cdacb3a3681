// A caller's whole side in one recording, spoken whatever the assistant does.
// In: a file, read as it is needed, or samples. Out: the caller's next 20 ms.

import Audio

/// The caller who does not listen, and stays on the line until the last answer has been heard.
struct ContinuousCaller {
    /// Silence behind the recording, in frames: 2 s, long enough for the last words to be taken as ended.
    private static let tailFrames = 100

    /// Nil once the recording is used up.
    private var reader: BandReader?
    private let frameLength: Int
    private var block: [Int16]
    private var position = 0
    private var tail = ContinuousCaller.tailFrames

    init(_ samples: [Int16], band: Band) {
        block = samples
        frameLength = band.frameLength
    }

    init(_ reader: BandReader) {
        self.reader = reader
        block = []
        frameLength = reader.band.frameLength
    }

    mutating func next(isPlaying: Bool) -> CallerStep {
        do throws(WaveFileError) {
            try fill()
        } catch {
            return .ended(.failed(error.description))
        }
        if position < block.count {
            let end = min(position + frameLength, block.count)
            defer { position = end }
            return .samples(block[position..<end])
        }
        if tail == 0, !isPlaying { return .ended(.inputEnd) }
        tail = max(0, tail - 1)
        return .samples([])
    }

    /// Reads on where less than a frame is left.
    private mutating func fill() throws(WaveFileError) {
        while let source = reader, block.count - position < frameLength {
            let more = try source.next()
            if more.isEmpty { reader = nil }
            block = block[position...] + more
            position = 0
        }
    }
}
