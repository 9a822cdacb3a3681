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

    /// What is kept of the caller for an owner who is busy: 10 s. Longer, and the oldest is lost.
    private static let mostFrames = 500

    fileprivate struct State {
        var inbox: [LineEvent] = []
        var taken = 0
        var framesWaiting = 0
        var owner: CheckedContinuation<LineEvent, Never>?
        var end: LineEnd?
        var clock = 0
        var playback: [Int16] = []
        var played = 0
        var isEnding = false
        var hasHungUp = false
        var transfer: CheckedContinuation<Int, Never>?
        var facts = PhoneCallFacts()
        var playedAt: ContinuousClock.Instant?

        var toBePlayed: Int { playback.count - played }
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
            let event = state.withLock { state -> LineEvent? in
                if state.taken < state.inbox.count {
                    let event = state.inbox[state.taken]
                    state.taken += 1
                    if case .frame = event { state.framesWaiting -= 1 }
                    if state.taken == state.inbox.count {
                        state.inbox.removeAll(keepingCapacity: true)
                        state.taken = 0
                    }
                    return event
                }
                if let end = state.end { return .ended(end) }
                precondition(state.owner == nil, "a call has one owner")
                state.owner = owner
                return nil
            }
            if let event { owner.resume(returning: event) }
        }
    }

    /// Puts `samples` behind what is still to be played.
    public func play(_ samples: [Int16]) async {
        state.withLock { state in
            guard !samples.isEmpty, !state.isEnding, state.end == nil else { return }
            if state.toBePlayed == 0 { state.playedAt = .now }
            state.playback.removeFirst(state.played)
            state.played = 0
            state.playback += samples
        }
    }

    /// Stops with the next packet. What the network has already is heard for another moment.
    @discardableResult public func stopPlaying() async -> Int {
        state.withLock { state in
            defer {
                state.playback.removeAll(keepingCapacity: true)
                state.played = 0
                state.playedAt = nil
            }
            return state.toBePlayed
        }
    }

    /// Samples that have not gone out yet.
    public var toBePlayed: Int { get async { state.withLock { $0.toBePlayed } } }

    /// Hangs up once everything has gone out.
    public func hangUp() async {
        let isDone = state.withLock { state -> Bool in
            state.isEnding = true
            let isDone = state.toBePlayed == 0 && !state.hasHungUp
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
                if state.end != nil { return 481 }
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
        let owner = state.withLock { state -> (CheckedContinuation<LineEvent, Never>, LineEvent)? in
            let end = min(state.played + band.frameLength, state.playback.count)
            if end > state.played {
                answer(state.playback[state.played..<end])
                state.played = end
                if let began = state.playedAt.take() {
                    state.facts.note(wait: began.duration(to: .now) / .seconds(1))
                }
            }
            if state.isEnding, state.toBePlayed == 0, !state.hasHungUp {
                state.hasHungUp = true
                hangsUp = true
            }
            let frame = AudioFrame(sampleIndex: state.clock, samples: heard)
            state.clock += heard.count
            return state.offer(.frame(frame), most: Self.mostFrames)
        }
        if hangsUp { line.hangUp(self, status: 487) }
        if let (owner, event) = owner { owner.resume(returning: event) }
    }

    func press(_ key: Character) { post(.key(key)) }

    func ended(_ reason: LineEnd, heard: Int, lost: Int) {
        let transfer = state.withLock { state in
            state.end = reason
            state.facts.heard = heard
            state.facts.lost = lost
            state.playback = []
            state.played = 0
            return state.transfer.take()
        }
        transfer?.resume(returning: 481)
        let owner = state.withLock { $0.owner.take() }
        owner?.resume(returning: .ended(reason))
    }

    func transferred(_ status: Int) { state.withLock { $0.transfer.take() }?.resume(returning: status) }

    private func post(_ event: LineEvent) {
        let owner = state.withLock { $0.offer(event, most: Self.mostFrames) }
        if let (owner, event) = owner { owner.resume(returning: event) }
    }
}

/// What the network did to a call.
public struct PhoneCallFacts: Sendable, Equatable {
    /// Packets heard, and pieces of 10 ms that were concealed; known at the end.
    public internal(set) var heard = 0, lost = 0
    /// Frames that were dropped since their owner was too busy.
    public internal(set) var overruns = 0
    /// From `play` on a quiet line to the packet that began it, in seconds: the last ones.
    public internal(set) var waits: [Double] = []

    mutating func note(wait: Double) {
        waits.append(wait)
        if waits.count > 64 { waits.removeFirst() }
    }
}

extension PhoneCall.State {
    /// Gives an event to the owner who waits, or keeps it.
    fileprivate mutating func offer(
        _ event: LineEvent, most: Int
    ) -> (CheckedContinuation<LineEvent, Never>, LineEvent)? {
        if let owner = owner.take() { return (owner, event) }
        if case .frame = event {
            framesWaiting += 1
            if framesWaiting > most, let oldest = inbox[taken...].firstIndex(where: \.isFrame) {
                inbox.remove(at: oldest)
                framesWaiting -= 1
                facts.overruns += 1
            }
        } else if inbox.count - taken > 2 * most {
            // Keys by the hundred that nobody waits for are no keys.
            return nil
        }
        inbox.append(event)
        return nil
    }
}

extension LineEvent {
    fileprivate var isFrame: Bool { if case .frame = self { true } else { false } }
}
