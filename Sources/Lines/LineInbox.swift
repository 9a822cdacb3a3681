// What a line's thread gives and the owner of a call takes. In: events, from a thread that never waits. Out: the same in
// order, to one owner who may wait; what is not fetched is bounded.

import Audio

/// Belongs into a lock. Whatever it gives as an `Owner` is resumed once the lock is open again.
struct LineInbox {
    typealias Owner = CheckedContinuation<LineEvent, Never>

    /// What is kept of the caller for an owner who is busy: 10 s. Longer, and the oldest is lost.
    private static let mostFrames = 500

    private var events: [LineEvent] = []
    private var taken = 0
    private var framesWaiting = 0
    private var owner: Owner?
    /// Why nothing comes any more, behind what is still there.
    private(set) var end: LineEnd?
    /// Frames that were dropped since their owner was too busy.
    private(set) var overruns = 0

    /// The next event; nil where there is none, and then `owner` is resumed with the one that comes.
    mutating func take(for owner: Owner) -> LineEvent? {
        if taken < events.count {
            let event = events[taken]
            taken += 1
            if event.isFrame { framesWaiting -= 1 }
            if taken == events.count {
                events.removeAll(keepingCapacity: true)
                taken = 0
            }
            return event
        }
        if let end { return .ended(end) }
        precondition(self.owner == nil, "a call has one owner")
        self.owner = owner
        return nil
    }

    /// Gives an event to the owner who waits, or keeps it.
    mutating func offer(_ event: LineEvent) -> Owner? {
        if let owner = owner.take() { return owner }
        if event.isFrame {
            framesWaiting += 1
            if framesWaiting > Self.mostFrames, let oldest = events[taken...].firstIndex(where: \.isFrame) {
                events.remove(at: oldest)
                framesWaiting -= 1
                overruns += 1
            }
        } else if events.count - taken > 2 * Self.mostFrames {
            // Keys by the hundred that nobody waits for are no keys.
            return nil
        }
        events.append(event)
        return nil
    }

    /// Nothing comes any more; gives the owner who waits for something.
    mutating func finish(_ reason: LineEnd) -> Owner? {
        end = reason
        return owner.take()
    }
}

extension LineEvent {
    fileprivate var isFrame: Bool { if case .frame = self { true } else { false } }
}
