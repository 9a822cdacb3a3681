// A telephone line for many calls at once. In: settings. Out: calls as they come in, each of them an `AudioLine`.
// The C shim's thread calls back into here; nothing on the way back waits for anybody.

import Audio
private import CLine
import Foundation
import Synchronization

/// What happens on a line as a whole.
public enum PhoneLineEvent: Sendable {
    /// A call rings: answer or reject it.
    case incoming(PhoneCall)
    /// The registrar answered with this SIP status, or could not be reached.
    case registered(status: Int)
    /// A call was put on hold, or taken back.
    case held(UInt64, Bool)
}

/// A telephone line by SIP and RTP.
public final class PhoneLine: Sendable {
    /// What happens, one after the other, until the line is closed. Has one reader.
    public let events: AsyncStream<PhoneLineEvent>
    private let continuation: AsyncStream<PhoneLineEvent>.Continuation
    private let state = Mutex(State())

    private struct State {
        var handle: Handle?
        var calls: [UInt64: PhoneCall] = [:]
        var dialled: [UInt64: CheckedContinuation<Result<PhoneCall, PhoneLineError>, Never>] = [:]
        /// Who waits for changes of the settings, in their order.
        var changing: [CheckedContinuation<PhoneLineError?, Never>] = []
        var isClosed = false
    }

    /// The shim's line. `@unchecked Sendable`: its functions may be called from any thread until it is stopped, which
    /// `State` sees to.
    @safe private struct Handle: @unchecked Sendable {
        let line: OpaquePointer
    }

    private init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_000))
    }

    /// Opens a line. It is registered, where it has an account, some moments later.
    public static func open(_ settings: PhoneLineSettings) throws(PhoneLineError) -> PhoneLine {
        let line = PhoneLine()
        try line.start(settings)
        return line
    }

    /// Hangs up every call and closes the line; waits for that, up to two seconds.
    public func close() async {
        let handle = state.withLock { state in
            state.isClosed = true
            return state.handle.take()
        }
        guard let handle else { return }
        await withCheckedContinuation { done in
            // It waits for its thread: not on one that tasks share.
            Thread.detachNewThread {
                unsafe cl_stop(handle.line)
                done.resume()
            }
        }
        continuation.finish()
    }

    /// Takes other settings for calls from now on, and registers anew where the account is another. Calls go on. The transports have
    /// to be the same; nothing changes where it fails.
    public func change(to settings: PhoneLineSettings) async throws(PhoneLineError) {
        let failure: PhoneLineError? = await withCheckedContinuation { waiting in
            let isOpen = state.withLock { state in
                guard let handle = state.handle else { return false }
                state.changing.append(waiting)
                unsafe withShimConfig(settings) { config in unsafe cl_change(handle.line, &config) }
                return true
            }
            if !isOpen { waiting.resume(returning: .closed) }
        }
        if let failure { throw failure }
    }

    /// Calls `address` and waits until somebody answers, at most `seconds`.
    public func dial(_ address: String, seconds: Double) async throws(PhoneLineError) -> PhoneCall {
        guard PhoneLineSettings.isAddress(address) else { throw .notAnswered(400) }
        let number = Mutex<UInt64>(0)
        let patience = Task {
            try await Task.sleep(for: .seconds(seconds))
            self.use { unsafe cl_hang_up($0.line, number.withLock { $0 }, 487) }
        }
        defer { patience.cancel() }
        let result: Result<PhoneCall, PhoneLineError> = await withCheckedContinuation { waiting in
            let isOpen = state.withLock { state in
                guard let handle = state.handle else { return false }
                // Under the lock: the answer must not come before it is waited for.
                let id = unsafe cl_dial(handle.line, address)
                number.withLock { $0 = id }
                state.dialled[id] = waiting
                return true
            }
            if !isOpen { waiting.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// What was counted until now.
    public var counts: PhoneLineCounts {
        var counted = cl_statistics()
        use { unsafe cl_count($0.line, &counted) }
        var counts = PhoneLineCounts()
        counts.sent = Int(counted.sent)
        counts.sentLate = Int(counted.sent_late)
        counts.heard = Int(counted.heard)
        counts.heardLate = Int(counted.late)
        counts.stray = Int(counted.stray)
        counts.lost = Int(counted.lost)
        counts.resynchronised = Int(counted.resynced)
        counts.forged = Int(counted.forged)
        counts.replayed = Int(counted.replayed)
        counts.ignored = Int(counted.ignored)
        counts.refused = Int(counted.refused)
        counts.failedLogins = Int(counted.failed_digests)
        counts.calls = Int(counted.calls)
        counts.secondsSincePulse = Double(counted.alive) / 1_000
        return counts
    }

    // MARK: For its calls

    func answer(_ call: PhoneCall) { use { unsafe cl_answer($0.line, call.id) } }

    func hangUp(_ call: PhoneCall, status: Int) { use { unsafe cl_hang_up($0.line, call.id, UInt16(status)) } }

    func transfer(_ call: PhoneCall, to address: String, replacing other: PhoneCall?) {
        use { unsafe cl_transfer($0.line, call.id, address, other?.id ?? 0) }
    }

    /// Does something with the shim's line while it is certainly there.
    private func use(_ body: (Handle) -> Void) {
        state.withLock { state in
            if let handle = state.handle { body(handle) }
        }
    }

    // MARK: Opening

    private func start(_ settings: PhoneLineSettings) throws(PhoneLineError) {
        var error: Int32 = 0
        // The line holds itself until the shim's last event: callbacks come until then.
        let opened = unsafe withShimConfig(settings) { config in
            unsafe cl_start(&config, eventCallback, frameCallback, Unmanaged.passRetained(self).toOpaque(), &error)
        }
        guard let opened = unsafe opened else {
            unsafe Unmanaged.passUnretained(self).release()
            throw .cannotOpen(reason(error))
        }
        let handle = unsafe Handle(line: opened)
        state.withLock { $0.handle = handle }
    }

    // MARK: From the shim's thread

    fileprivate func take(_ kind: cl_kind, _ event: borrowing ShimEvent) {
        switch kind {
        case CL_INCOMING:
            let call = PhoneCall(id: event.call, caller: event.caller, band: event.band, isOutgoing: false, on: self)
            state.withLock { $0.calls[event.call] = call }
            continuation.yield(.incoming(call))
        case CL_ANSWERED:
            let waiting = state.withLock { state in state.dialled.removeValue(forKey: event.call) }
            guard let waiting else { return }
            let call = PhoneCall(id: event.call, caller: event.caller, band: event.band, isOutgoing: true, on: self)
            state.withLock { $0.calls[event.call] = call }
            waiting.resume(returning: .success(call))
        case CL_KEY: call(event.call)?.press(event.key)
        case CL_HELD: continuation.yield(.held(event.call, event.code == 1))
        case CL_TRANSFER: call(event.call)?.transferred(event.code)
        case CL_CHANGED:
            let waiting = state.withLock { $0.changing.isEmpty ? nil : $0.changing.removeFirst() }
            waiting?.resume(returning: event.code == 0 ? nil : .cannotOpen(reason(Int32(event.code))))
        case CL_STOPPED:
            let waiting = state.withLock { state in
                defer { state.changing = [] }
                return state.changing
            }
            waiting.forEach { $0.resume(returning: .closed) }
        case CL_REGISTERED: continuation.yield(.registered(status: event.code))
        case CL_ENDED:
            let (call, waiting) = state.withLock { state in
                (state.calls.removeValue(forKey: event.call), state.dialled.removeValue(forKey: event.call))
            }
            waiting?.resume(returning: .failure(.notAnswered(event.code)))
            call?.ended(
                event.code == 408 ? .failed("no sound from the caller any more") : .hangup, heard: event.heard,
                lost: event.lost)
        default: break
        }
    }

    fileprivate func exchange(_ id: UInt64, heard: [Int16], answer: (ArraySlice<Int16>) -> Void) {
        call(id)?.exchange(heard: heard, answer: answer)
    }

    private func call(_ id: UInt64) -> PhoneCall? { state.withLock { $0.calls[id] } }
}

/// The settings as the shim has them; it copies texts while `body` runs, until then they are held here.
private func withShimConfig<Outcome>(
    _ settings: PhoneLineSettings, _ body: (inout cl_config) -> Outcome
) -> Outcome {
    var texts = Texts()
    defer { texts.free() }
    var config = unsafe cl_config()
    unsafe config.address = texts.keep(settings.address)
    unsafe config.port = UInt16(settings.port)
    unsafe config.tls_port = UInt16(settings.tlsPort ?? 0)
    unsafe config.tcp = settings.usesTCP
    unsafe config.rtp_low = UInt16(settings.soundPorts.lowerBound)
    unsafe config.rtp_high = UInt16(settings.soundPorts.upperBound)
    unsafe config.media_address = texts.keep(optional: settings.soundAddress)
    unsafe config.user = texts.keep(optional: settings.login?.user)
    unsafe config.password = texts.keep(optional: settings.login?.password)
    unsafe config.certificate = texts.keep(optional: settings.certificate)
    unsafe config.registrar = texts.keep(optional: settings.account.flatMap { $0.registers ? $0.registrar : nil })
    unsafe config.account = texts.keep(optional: settings.account?.address)
    unsafe config.login = texts.keep(optional: settings.account?.user)
    unsafe config.login_password = texts.keep(optional: settings.account?.password)
    unsafe config.authorities = texts.keep(optional: settings.account?.authorities)
    unsafe config.max_calls = Int32(settings.calls)
    unsafe config.pending_per_source = Int32(settings.pendingPerSource)
    unsafe config.invites_per_minute = Int32(settings.invitesPerMinute)
    unsafe config.keep_alive_ms = Int32(settings.keepAlive * 1_000)
    unsafe config.wideband = settings.isWidebandPreferred
    let encryption =
        switch settings.encryption {
        case .off: CL_PLAIN
        case .offered: CL_SRTP_OFFERED
        case .required: CL_SRTP_REQUIRED
        }
    unsafe config.srtp = Int32(encryption.rawValue)
    let networks = unsafe settings.trusted.map { unsafe texts.keep($0) }
    return unsafe networks.withUnsafeBufferPointer { networks in
        unsafe config.networks = networks.baseAddress
        unsafe config.network_count = Int32(networks.count)
        return unsafe body(&config)
    }
}

/// What the system says of an error.
private func reason(_ error: Int32) -> String { unsafe String(cString: strerror(error)) }

/// An event of the shim in Swift's own types.
private struct ShimEvent: ~Copyable {
    let call: UInt64
    let code: Int
    let key: Character
    let caller: PhoneCaller
    let heard: Int
    let lost: Int

    var band: Band { code == Band.wideband.rate ? .wideband : .telephone }

    init(_ event: cl_event) {
        call = event.call
        code = Int(event.code)
        key = Character(UnicodeScalar(UInt8(bitPattern: event.key)))
        heard = Int(event.heard)
        lost = Int(event.lost)
        caller = PhoneCaller(
            peer: text(of: event.peer), claimed: text(of: event.from), asserted: text(of: event.asserted))
    }
}

/// A C array of characters up to its zero.
private func text<Characters>(of characters: Characters) -> String {
    unsafe withUnsafeBytes(of: characters) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// C strings that live until they are freed.
@safe private struct Texts {
    private var kept: [UnsafeMutablePointer<CChar>] = unsafe []

    mutating func keep(_ text: String) -> UnsafePointer<CChar> {
        guard let copy = unsafe strdup(text) else { preconditionFailure("no memory for a setting") }
        unsafe kept.append(copy)
        return unsafe UnsafePointer(copy)
    }

    mutating func keep(optional text: String?) -> UnsafePointer<CChar>? {
        if let text { unsafe keep(text) } else { nil }
    }

    mutating func free() {
        unsafe kept.forEach { unsafe Glibc.free($0) }
        unsafe kept = []
    }
}

private let eventCallback: cl_event_fn = { event, context in
    guard let context = unsafe context else { return }
    let unmanaged = unsafe Unmanaged<PhoneLine>.fromOpaque(context)
    let line = unsafe unmanaged.takeUnretainedValue()
    let kind = unsafe cl_kind(UInt32(event.pointee.kind))
    line.take(kind, unsafe ShimEvent(event.pointee))
    // Nothing comes after it.
    if kind == CL_STOPPED { unsafe unmanaged.release() }
}

private let frameCallback: cl_frame_fn = { call, heard, answer, count, context in
    guard let context = unsafe context else { return }
    let line = unsafe Unmanaged<PhoneLine>.fromOpaque(context).takeUnretainedValue()
    let samples = unsafe Array(UnsafeBufferPointer(start: heard, count: Int(count)))
    line.exchange(call, heard: samples) { said in
        for (index, sample) in said.prefix(Int(count)).enumerated() { unsafe answer[index] = sample }
    }
}
