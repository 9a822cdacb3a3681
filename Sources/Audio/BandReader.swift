// Any recording as a line would have carried it. In: a WAV file of any rate and any number of channels.
// Out: mono samples in a band; for the telephone band after a telephone's low-pass and its µ-law steps.

/// A WAV file being read in a band, block by block. One owner.
public final class BandReader {
    /// Lines refuse recordings that last longer, so that a mistaken path cannot fill the memory or a night.
    public static let longestSeconds: Double = 7_200

    /// Band of the samples given.
    public let band: Band
    private let wave: WaveReader
    /// Nil once the file has ended.
    private var resampler: Resampler?
    private var samplesRead = 0

    /// Opens `path`.
    /// - Throws: `tooLong` at once where the header tells, else when the limit is reached.
    public init(path: String, band: Band) throws(WaveFileError) {
        self.band = band
        wave = try WaveReader(path: path)
        resampler = Resampler(from: wave.format.rate, to: band.rate)
        try check(wave.sampleCount ?? 0)
    }

    /// The next second or so of sound; empty at the end.
    public func next() throws(WaveFileError) -> [Int16] {
        while let output = try block() {
            if !output.isEmpty { return band == .telephone ? G711.muLaw.carried(output) : output }
        }
        return []
    }

    /// The whole of `path` in `band`.
    public static func load(_ path: String, band: Band) throws(WaveFileError) -> [Int16] {
        let reader = try BandReader(path: path, band: band)
        var samples: [Int16] = []
        while true {
            let block = try reader.next()
            if block.isEmpty { break }
            samples += block
        }
        if samples.isEmpty { throw .noSound(path: path) }
        return samples
    }

    /// Nil after the end. A block can be empty: the resampler lags behind.
    private func block() throws(WaveFileError) -> [Int16]? {
        guard let output = resampler == nil ? nil : try wave.next(wave.format.rate) else { return nil }
        samplesRead += output.count
        try check(samplesRead)
        if output.isEmpty { return resampler.take()?.finish() }
        return resampler?.process(output)
    }

    private func check(_ count: Int) throws(WaveFileError) {
        if Double(count) > BandReader.longestSeconds * Double(wave.format.rate) {
            throw .tooLong(path: wave.path, limitSeconds: BandReader.longestSeconds)
        }
    }
}
