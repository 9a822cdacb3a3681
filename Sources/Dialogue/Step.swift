// The whole policy as one pure function. Each event is worked off by a `Turn`, whose parts stand in `Turn+….swift`.

/// Decides what a conversation does next.
///
/// - Parameters:
///   - state: where it stands.
///   - event: what happened.
///   - context: everything else that may be looked at.
/// - Returns: the state after it, what to say and what to do. The same arguments give the same step.
public func step(_ state: DialogueState, _ event: DialogueEvent, in context: DialogueContext) -> Step {
    var turn = Turn(state, context)
    if case .ended = state.phase {
        // A late outcome of an order is still told to the trace; nobody is there to hear anything.
        if case .outcome(let outcome) = event { turn.noteAfterEnd(outcome) }
        return turn.finished()
    }
    switch event {
    case .started: turn.greet()
    case .heard(let interpretation): turn.hear(interpretation)
    case .notUnderstood: turn.miss()
    case .overheard: turn.state.clarity.missed()
    case .silence: turn.hearNothing()
    case .cardSaid: turn.refuseCard()
    case .keys(let keys): turn.hear(keys: keys)
    case .outcome(let outcome): turn.take(outcome)
    case .hungUp: turn.state.phase = .ended(.hangup)
    }
    return turn.finished()
}
