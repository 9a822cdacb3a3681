// One direction of one PCM of ALSA. In: its name, the rate that would be best. Out: mono samples at the rate that it has,
// as they come and never waiting for longer than was said; or an error code, from which it may recover.

private import CALSA
import Glibc

/// Why a device cannot be used.
public struct SoundDeviceError: Error, Sendable, Equatable {
    /// What failed, with the name of the PCM.
    public let reason: String
}

/// What a PCM agreed to.
struct AlsaForm: Sendable, Equatable {
    var form = SampleForm.s16
    var rate = 0
    var channels = 1
    /// Frames, of which the device tells at once, and which fit into it.
    var period = 0, buffer = 0
}

/// Owns one PCM. Not to be used from two threads at once. Safe, as the handle never leaves and ends with the one owner.
@safe struct AlsaStream: ~Copyable {
    enum Direction: Sendable { case capture, playback }

    /// What came of reading or writing.
    enum Result: Equatable {
        /// So many frames; none where none came or went in time.
        case frames(Int)
        /// A negative code of ALSA.
        case failed(Int)
    }

    /// What is asked for, where a PCM leaves a choice: 20 ms at once, as calls have them.
    private static let periodSeconds = 0.02
    /// A long buffer costs no time: capture is read as it comes, playback is never filled further than it has to be.
    private static let periods = 16
    /// Tried one after the other behind the rate that would be best.
    private static let usualRates = [48_000, 32_000, 44_100]

    let name: String
    let form: AlsaForm
    private let pcm: OpaquePointer

    /// Opens it and agrees with it.
    static func open(_ name: String, _ direction: Direction, rate: Int) throws(SoundDeviceError) -> AlsaStream {
        ca_be_quiet()
        var opened: OpaquePointer?
        let stream = direction == .capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK
        let code = unsafe snd_pcm_open(&opened, name, stream, Int32(SND_PCM_NONBLOCK))
        guard code >= 0, let pcm = unsafe opened else {
            throw SoundDeviceError(reason: "\(name): \(text(of: Int(code)))")
        }
        do throws(SoundDeviceError) {
            let form = try unsafe negotiate(pcm, name, best: rate)
            try unsafe setThresholds(pcm, name, form)
            return unsafe AlsaStream(name: name, form: form, pcm: pcm)
        } catch {
            unsafe snd_pcm_close(pcm)
            throw error
        }
    }

    private init(name: String, form: AlsaForm, pcm: OpaquePointer) {
        self.name = name
        self.form = form
        unsafe self.pcm = pcm
    }

    deinit { unsafe _ = snd_pcm_close(pcm) }

    // MARK: Sound

    /// Begins, playback behind `lead` frames of silence; gives how many. What runs already goes on.
    func start(lead: Int = 0) -> Result {
        guard unsafe snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED else { return .frames(0) }
        if case .failed(let code) = write([Int16](repeating: 0, count: lead)[...]) { return .failed(code) }
        let code = unsafe snd_pcm_start(pcm)
        return code < 0 ? .failed(Int(code)) : .frames(lead)
    }

    /// Waits for sound, at most so many milliseconds, and puts it behind `samples`.
    func read(into samples: inout [Int16], waiting milliseconds: Int) -> Result {
        let ready = unsafe snd_pcm_wait(pcm, Int32(milliseconds))
        if ready < 0 { return .failed(Int(ready)) }
        if ready == 0 { return .frames(0) }
        var bytes = [UInt8](repeating: 0, count: form.period * form.channels * form.form.size)
        let count = unsafe bytes.withUnsafeMutableBytes { raw in
            unsafe snd_pcm_readi(pcm, raw.baseAddress, snd_pcm_uframes_t(form.period))
        }
        if count == -Int(EAGAIN) { return .frames(0) }
        guard count >= 0 else { return .failed(count) }
        samples += form.form.mono(bytes.prefix(count * form.channels * form.form.size), channels: form.channels)
        return .frames(count)
    }

    /// Writes what there is room for.
    func write(_ samples: ArraySlice<Int16>) -> Result {
        guard !samples.isEmpty else { return .frames(0) }
        let bytes = form.form.interleaved(samples, channels: form.channels)
        let count = unsafe bytes.withUnsafeBytes { raw in
            unsafe snd_pcm_writei(pcm, raw.baseAddress, snd_pcm_uframes_t(samples.count))
        }
        if count == -Int(EAGAIN) { return .frames(0) }
        return count < 0 ? .failed(count) : .frames(count)
    }

    /// Of capture: frames between the next that is read and the microphone. Of playback: between the next that is written
    /// and the loudspeaker. Zero where the device does not say.
    var delay: Int {
        var frames: snd_pcm_sframes_t = 0
        guard unsafe snd_pcm_delay(pcm, &frames) >= 0 else { return 0 }
        return max(0, frames)
    }

    /// Makes it ready again after an error; false where that does not help.
    func recover(from code: Int) -> Bool { unsafe snd_pcm_recover(pcm, Int32(code), 1) >= 0 }

    /// What a code means.
    static func text(of code: Int) -> String {
        unsafe snd_strerror(Int32(code)).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    // MARK: Agreeing

    private static func negotiate(
        _ pcm: OpaquePointer, _ name: String, best: Int
    ) throws(SoundDeviceError) -> AlsaForm {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_hw_params_malloc(&allocated) >= 0, let wish = unsafe allocated else {
            preconditionFailure("no memory for the settings of a PCM")
        }
        defer { unsafe snd_pcm_hw_params_free(wish) }
        func need(_ what: String, _ code: Int32) throws(SoundDeviceError) {
            if code < 0 { throw SoundDeviceError(reason: "\(name): no \(what): \(text(of: Int(code)))") }
        }
        try need("settings", unsafe snd_pcm_hw_params_any(pcm, wish))
        try need(
            "interleaved samples", unsafe snd_pcm_hw_params_set_access(pcm, wish, SND_PCM_ACCESS_RW_INTERLEAVED))
        var agreed = AlsaForm()
        let form = SampleForm.allCases.first { unsafe snd_pcm_hw_params_set_format(pcm, wish, $0.alsa) >= 0 }
        guard let form else { throw SoundDeviceError(reason: "\(name): none of its forms of samples is known") }
        agreed.form = form
        var channels: UInt32 = 1
        try need("channels", unsafe snd_pcm_hw_params_set_channels_near(pcm, wish, &channels))
        agreed.channels = Int(channels)
        let exact = ([best] + usualRates).first {
            unsafe snd_pcm_hw_params_test_rate(pcm, wish, UInt32($0), 0) >= 0
        }
        var rate = UInt32(exact ?? best)
        try need("rate", unsafe snd_pcm_hw_params_set_rate_near(pcm, wish, &rate, nil))
        agreed.rate = Int(rate)
        var period = snd_pcm_uframes_t((Double(rate) * periodSeconds).rounded())
        try need("period", unsafe snd_pcm_hw_params_set_period_size_near(pcm, wish, &period, nil))
        var buffer = period * snd_pcm_uframes_t(periods)
        try need("buffer", unsafe snd_pcm_hw_params_set_buffer_size_near(pcm, wish, &buffer))
        try need("such settings", unsafe snd_pcm_hw_params(pcm, wish))
        agreed.period = Int(period)
        agreed.buffer = Int(buffer)
        return agreed
    }

    private static func setThresholds(_ pcm: OpaquePointer, _ name: String, _ form: AlsaForm) throws(SoundDeviceError) {
        var allocated: OpaquePointer?
        guard unsafe snd_pcm_sw_params_malloc(&allocated) >= 0, let wish = unsafe allocated else {
            preconditionFailure("no memory for the settings of a PCM")
        }
        defer { unsafe snd_pcm_sw_params_free(wish) }
        // Never begun by what is written: `start` says when.
        guard unsafe snd_pcm_sw_params_current(pcm, wish) >= 0,
            unsafe snd_pcm_sw_params_set_start_threshold(pcm, wish, snd_pcm_uframes_t(form.buffer)) >= 0,
            unsafe snd_pcm_sw_params_set_avail_min(pcm, wish, snd_pcm_uframes_t(form.period)) >= 0,
            unsafe snd_pcm_sw_params(pcm, wish) >= 0
        else { throw SoundDeviceError(reason: "\(name): refuses its thresholds") }
    }

    // MARK: What there is

    /// The PCMs that ALSA lists, each with what it is in one line.
    static func names() -> [(name: String, description: String)] {
        ca_be_quiet()
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard unsafe snd_device_name_hint(-1, "pcm", &hints) >= 0, let list = unsafe hints else { return [] }
        defer { unsafe _ = snd_device_name_free_hint(list) }
        func text(_ hint: UnsafeMutableRawPointer, _ key: String) -> String? {
            guard let value = unsafe snd_device_name_get_hint(hint, key) else { return nil }
            defer { unsafe free(value) }
            return unsafe String(cString: value)
        }
        var found: [(String, String)] = []
        var next = unsafe list
        while let hint = unsafe next.pointee {
            if let name = unsafe text(hint, "NAME"), name != "null" {
                let words = unsafe text(hint, "DESC")?.split(separator: "\n").joined(separator: ", ")
                found.append((name, words ?? ""))
            }
            unsafe next += 1
        }
        return found
    }
}

extension SampleForm {
    fileprivate var alsa: snd_pcm_format_t {
        switch self {
        case .s16: SND_PCM_FORMAT_S16_LE
        case .s32: SND_PCM_FORMAT_S32_LE
        case .s24: SND_PCM_FORMAT_S24_LE
        case .s24packed: SND_PCM_FORMAT_S24_3LE
        case .float: SND_PCM_FORMAT_FLOAT_LE
        case .u8: SND_PCM_FORMAT_U8
        }
    }
}
