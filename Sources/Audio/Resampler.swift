// From any sampling rate to any other, by speexdsp. In: blocks of mono samples of any length.
// Out: the same sound at the other rate, aligned with the input and exactly as long.

private import CSpeexDSP

/// Converts one stream of mono samples. One owner feeds it, block by block, and finishes it.
///
/// The C state has one owner because the type cannot be copied, and it is freed with it; that keeps `@unchecked Sendable`
/// and `@safe` true.
@safe public struct Resampler: ~Copyable, @unchecked Sendable {
    /// speexdsp's scale ends at 10. With 8 (160 taps) the passband ends at 0.94 of the lower band edge and images are
    /// under -100 dB, far below what 16 bits hold; higher only costs time.
    private static let quality: Int32 = 8

    private let inputRate: Int
    private let outputRate: Int
    /// Nil where the rates are equal and samples pass through.
    private let state: OpaquePointer?
    private var taken = 0
    private var given = 0

    /// Begins a stream. Both rates are in samples a second, 1,000...768,000.
    public init(from inputRate: Int, to outputRate: Int) {
        precondition((1_000...768_000).contains(inputRate) && (1_000...768_000).contains(outputRate))
        self.inputRate = inputRate
        self.outputRate = outputRate
        guard inputRate != outputRate else {
            unsafe state = nil
            return
        }
        unsafe state = speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), Resampler.quality, nil)
        // Rates and quality are right, so only memory can be short, and then the process has no future either.
        guard let state = unsafe state else { preconditionFailure("speexdsp gave no resampler") }
        // The filter's delay would shift the sound: skip it here, and push the end out in `finish`.
        unsafe speex_resampler_skip_zeros(state)
    }

    deinit {
        if let state = unsafe state { unsafe speex_resampler_destroy(state) }
    }

    /// Takes the next samples; gives what can be said about the output so far, which lags a few milliseconds.
    public mutating func process(_ input: [Int16]) -> [Int16] {
        taken += input.count
        guard unsafe state != nil else { return input }
        let output = run(input)
        given += output.count
        return output
    }

    /// Ends the stream: gives the rest, so that in all `outputRate / inputRate` as many samples came out as went in,
    /// rounded up.
    public consuming func finish() -> [Int16] {
        guard unsafe state != nil else { return [] }
        var missing = (taken * outputRate + inputRate - 1) / inputRate - given
        var rest: [Int16] = []
        let silence = [Int16](repeating: 0, count: max(64, inputRate / 100))
        while missing > 0 {
            let more = run(silence).prefix(missing)
            rest += more
            missing -= more.count
        }
        return rest
    }

    /// `samples` at another rate, all at once.
    public static func convert(_ samples: [Int16], from inputRate: Int, to outputRate: Int) -> [Int16] {
        var resampler = Resampler(from: inputRate, to: outputRate)
        let output = resampler.process(samples)
        return output + resampler.finish()
    }

    private func run(_ input: [Int16]) -> [Int16] {
        guard let state = unsafe state else { return input }
        var consumed = 0
        var output: [Int16] = []
        output.reserveCapacity(input.count * outputRate / inputRate + 16)
        while consumed < input.count {
            let room = (input.count - consumed) * outputRate / inputRate + 16
            var used = UInt32(input.count - consumed)
            let block = unsafe [Int16](unsafeUninitializedCapacity: room) { buffer, count in
                var written = UInt32(room)
                unsafe input.withUnsafeBufferPointer { samples in
                    guard let from = samples.baseAddress, let to = buffer.baseAddress else { return }
                    // It can fail only for a null state or overlapping buffers.
                    _ = unsafe speex_resampler_process_int(state, 0, from + consumed, &used, to, &written)
                }
                count = Int(written)
            }
            output += block
            consumed += Int(used)
            precondition(used > 0 || !block.isEmpty, "speexdsp makes no progress")
        }
        return output
    }
}
