// One telephone call as a line. In: 20 ms from the network each 20 ms, what the assistant says. Out: events for the call's
// owner, 20 ms for the network. The network's thread never waits for the owner: what is not fetched is bounded.

public import Audio
import Synchronization

/// Who calls, as far as the network says.
public struct PhoneCaller: Sendable, Equatable {
    /// Address and port of the signalling's other end.
    public let peer: String
    /// What the caller's side says of itself; anybody can say anything.
    public let claimed: String
    /// What an exchange vouches for (P-Asserted-Identity); empty where none does.
    public let asserted: String

    /// Names a caller.
    public init(peer: String, claimed: String, asserted: String) {
        self.peer = peer
        self.claimed = claimed
        self.asserted = asserted
    }
}

/// A telephone call. It lasts until it is hung up from either side.
public final class PhoneCall: AudioLine {
    /// The call's number on its line.
    public let id: UInt64
    /// Who calls.
    public let caller: PhoneCaller
    /// The band that its codec brings.
    public let band: Band
    /// Whether this side called.
    public let isOutgoing: Bool
    private let line: PhoneLine
    private let state: Mutex<State>

    fileprivate struct State {
        var inbox = LineInbox()
        var clock = 0
        var playback = Playback()
        var isEnding = false
        var hasHungUp = false
        var transfer: CheckedContinuation<Int, Never>?
        var facts = PhoneCallFacts()
        var playedAt: ContinuousClock.Instant?
    }

    init(id: UInt64, caller: PhoneCaller, band: Band, isOutgoing: Bool, on line: PhoneLine) {
        self.id = id
        self.caller = caller
        self.band = band
        self.isOutgoing = isOutgoing
        self.line = line
        state = Mutex(State())
    }

    /// Takes a call that rings; sound flows once the caller's side has acknowledged it.
    public func answer() { line.answer(self) }

    /// Turns a call away that rings.
    public func reject(_ status: Int) { line.hangUp(self, status: status) }

    /// What the network did to it until now.
    public var facts: PhoneCallFacts { state.withLock { $0.facts } }

    // MARK: As a line

    /// The caller's next 20 ms, or what else happened; waits for it. Stands still while the call is held.
    public func next() async -> LineEvent {
        await withCheckedContinuation { owner in
            let event = state.withLock { $0.inbox.take(for: owner) }
            if let event { owner.resume(returning: event) }
        }
    }

    /// Puts `samples` behind what is still to be played.
    public func play(_ samples: [Int16]) async {
        state.withLock { state in
            guard !samples.isEmpty, !state.isEnding, state.inbox.end == nil else { return }
            if state.playback.count == 0 { state.playedAt = .now }
            state.playback.append(samples)
        }
    }

    /// Stops with the next packet. What the network has already is heard for another moment.
    @discardableResult public func stopPlaying() async -> Int {
        state.withLock { state in
            state.playedAt = nil
            return state.playback.clear()
        }
    }

    /// Samples that have not gone out yet.
    public var toBePlayed: Int { get async { state.withLock { $0.playback.count } } }

    /// Hangs up once everything has gone out.
    public func hangUp() async {
        let isDone = state.withLock { state -> Bool in
            state.isEnding = true
            let isDone = state.playback.count == 0 && !state.hasHungUp
            if isDone { state.hasHungUp = true }
            return isDone
        }
        if isDone { line.hangUp(self, status: 487) }
    }

    /// Hangs up at once.
    public func drop() {
        state.withLock { $0.hasHungUp = true }
        line.hangUp(self, status: 503)
    }

    /// Sends the other side to `address`, by the other side's own telephone system; `call` is one to be put in its place.
    /// - Returns: the SIP status that it came to: 200 where somebody answered.
    public func transfer(to address: String, replacing call: PhoneCall? = nil) async -> Int {
        guard PhoneLineSettings.isAddress(address) else { return 400 }
        return await withCheckedContinuation { waiting in
            let refusal = state.withLock { state -> Int? in
                if state.inbox.end != nil { return 481 }
                if state.transfer != nil { return 491 }
                state.transfer = waiting
                return nil
            }
            if let refusal { return waiting.resume(returning: refusal) }
            line.transfer(self, to: address, replacing: call)
        }
    }

    /// Gives up waiting for a transfer.
    public func giveUpTransfer() { transferred(408) }

    // MARK: From the network's thread

    /// 20 ms came; fills `answer`, which is silent, with what is to be said.
    func exchange(heard: [Int16], answer: (ArraySlice<Int16>) -> Void) {
        var hangsUp = false
        let (owner, event) = state.withLock { state in
            let said = state.playback.take(band.frameLength)
            if !said.isEmpty {
                answer(said)
                if let began = state.playedAt.take() {
                    state.facts.note(wait: began.duration(to: .now) / .seconds(1))
                }
            }
            if state.isEnding, state.playback.count == 0, !state.hasHungUp {
                state.hasHungUp = true
                hangsUp = true
            }
            let event = LineEvent.frame(AudioFrame(sampleIndex: state.clock, samples: heard))
            state.clock += heard.count
            return (state.inbox.offer(event), event)
        }
        if hangsUp { line.hangUp(self, status: 487) }
        owner?.resume(returning: event)
    }

    func press(_ key: Character) { post(.key(key)) }

    func ended(_ reason: LineEnd, heard: Int, lost: Int) {
        let (owner, transfer) = state.withLock { state in
            state.facts.heard = heard
            state.facts.lost = lost
            state.playback.clear()
            return (state.inbox.finish(reason), state.transfer.take())
        }
        transfer?.resume(returning: 481)
        owner?.resume(returning: .ended(reason))
    }

    func transferred(_ status: Int) { state.withLock { $0.transfer.take() }?.resume(returning: status) }

    private func post(_ event: LineEvent) {
        state.withLock { $0.inbox.offer(event) }?.resume(returning: event)
    }
}

/// What the network did to a call.
public struct PhoneCallFacts: Sendable, Equatable {
    /// Packets heard, and pieces of 10 ms that were concealed; known at the end.
    public internal(set) var heard = 0, lost = 0
    /// From `play` on a quiet line to the packet that began it, in seconds: the last ones.
    public internal(set) var waits: [Double] = []

    mutating func note(wait: Double) {
        waits.append(wait)
        if waits.count > 64 { waits.removeFirst() }
    }
}
