// Takes the assistant's own voice out of what a microphone hears, by speexdsp. In: 20 ms heard, and the 20 ms that were
// said and whose echo is in them. Out: the same 20 ms without the echo, a frame later.

private import CSpeexDSP

/// Learns the way from the loudspeaker to the microphone while both are heard.
///
/// The C states have one owner because the type cannot be copied, and they are freed with it; that keeps
/// `@unchecked Sendable` and `@safe` true.
@safe public struct EchoCanceller: ~Copyable, @unchecked Sendable {
    /// As long as an echo may last: a shop's walls give theirs back within 200 ms.
    private static let tailSeconds = 0.2
    /// Decibels by which what is left of the echo is turned down, and while the customer talks too. What is no echo,
    /// the shop's noise, stays as it is: the recogniser hears noisy speech better than repaired speech.
    private static let (suppression, suppressionWhileTalking): (Int32, Int32) = (-40, -15)

    private let echo: OpaquePointer
    private let rest: OpaquePointer
    private let frameLength: Int

    /// For sound of `band`.
    public init(band: Band) {
        frameLength = band.frameLength
        let tail = Int32(Self.tailSeconds * Double(band.rate))
        // Sizes are right, so only memory can be short, and then the process has no future either.
        guard let echo = unsafe speex_echo_state_init(Int32(band.frameLength), tail),
            let rest = unsafe speex_preprocess_state_init(Int32(band.frameLength), Int32(band.rate))
        else { preconditionFailure("speexdsp gave no echo canceller") }
        unsafe self.echo = echo
        unsafe self.rest = rest
        var rate = Int32(band.rate)
        unsafe _ = speex_echo_ctl(echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
        unsafe _ = speex_preprocess_ctl(rest, SPEEX_PREPROCESS_SET_ECHO_STATE, UnsafeMutableRawPointer(echo))
        for (request, value) in [
            (SPEEX_PREPROCESS_SET_ECHO_SUPPRESS, Self.suppression),
            (SPEEX_PREPROCESS_SET_ECHO_SUPPRESS_ACTIVE, Self.suppressionWhileTalking),
            (SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, 0),
        ] {
            var value = value
            unsafe _ = speex_preprocess_ctl(rest, request, &value)
        }
    }

    deinit {
        unsafe speex_preprocess_state_destroy(rest)
        unsafe speex_echo_state_destroy(echo)
    }

    /// The frame `heard` without the echo of `said`.
    public mutating func clean(_ heard: [Int16], said: [Int16]) -> [Int16] {
        precondition(heard.count == frameLength && said.count == frameLength)
        return unsafe [Int16](unsafeUninitializedCapacity: frameLength) { buffer, count in
            unsafe heard.withUnsafeBufferPointer { heard in
                unsafe said.withUnsafeBufferPointer { said in
                    unsafe speex_echo_cancellation(echo, heard.baseAddress, said.baseAddress, buffer.baseAddress)
                }
            }
            unsafe _ = speex_preprocess_run(rest, buffer.baseAddress)
            count = frameLength
        }
    }
}
