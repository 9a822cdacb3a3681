// Takes a room's steady noise out of sound, by speexdsp. In: 20 ms of sound. Out: the same 20 ms, half a frame later, with
// what is always there turned down.

private import CSpeexDSP

/// Learns the noise while nobody speaks. For waiting for a phrase, which is found far more often without the noise; other
/// words are heard better with it.
///
/// The C state has one owner because the type cannot be copied, and is freed with it; that keeps `@unchecked Sendable` and
/// `@safe` true.
@safe public struct NoiseRemover: ~Copyable, @unchecked Sendable {
    /// Decibels by which noise is turned down.
    private static let suppression: Int32 = -20

    private let state: OpaquePointer
    private let frameLength: Int

    /// For sound of `band`.
    public init(band: Band) {
        frameLength = band.frameLength
        // Sizes are right, so only memory can be short, and then the process has no future either.
        guard let state = unsafe speex_preprocess_state_init(Int32(band.frameLength), Int32(band.rate)) else {
            preconditionFailure("speexdsp gave no noise remover")
        }
        unsafe self.state = state
        var suppression = Self.suppression
        unsafe _ = speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &suppression)
    }

    deinit { unsafe speex_preprocess_state_destroy(state) }

    /// The frame with its noise turned down.
    public mutating func clean(_ frame: [Int16]) -> [Int16] {
        precondition(frame.count == frameLength)
        var cleaned = frame
        unsafe cleaned.withUnsafeMutableBufferPointer { buffer in
            unsafe _ = speex_preprocess_run(state, buffer.baseAddress)
        }
        return cleaned
    }
}
