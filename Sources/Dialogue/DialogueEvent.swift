// What happens to a conversation and what the conversation wants done. Both are values: the performer of effects stands outside
// and answers each of them with an outcome that names what it answers.

public import Commerce
public import Understanding

/// Something that happened.
public enum DialogueEvent: Sendable, Hashable {
    /// The line is open: answered with the greeting.
    case started
    /// An utterance with what it means.
    case heard(Interpretation)
    /// Speech that was rejected or means nothing here; `confidence` from 0 to 1.
    case notUnderstood(confidence: Double)
    /// The same while the assistant was speaking, who goes on: nothing is answered.
    case overheard
    /// Nothing said for as long as the line waits.
    case silence
    /// Figures as many as a card has: they are not looked at, and the caller is told not to say them.
    case cardSaid
    /// Telephone keys, ended by `#` or a pause.
    case keys(String)
    /// What came of an effect.
    case outcome(EffectOutcome)
    /// The caller is gone. Nothing is spoken or done any more.
    case hungUp
}

/// Something to be done. Only `placeOrder` buys anything.
public enum Effect: Sendable, Hashable {
    /// The caller said yes to exactly this quote, whose digest this is. Once under its key.
    case placeOrder(OrderDigest, Quote, RequestKey)
    /// The caller said yes to cancelling it.
    case cancelOrder(number: String)
    /// The order of a number that the caller said.
    case findOrder(number: String)
    /// The latest order of the trusted number that calls.
    case findLatestOrder(purpose: LatestPurpose)
    /// Keep a wish to be called back; `reason` is an intent's name or the state where it went wrong.
    case requestCallback(RequestKey, phone: String?, reason: String)
    /// Put the caller through to a person once the reply has been spoken; `summary` is for the person's ear.
    case transfer(to: String, summary: String)
    /// Look whether this is the PIN of the trusted number that calls.
    case checkPIN(SecretDigits)
    /// Look whether this is the code that was sent in this call.
    case checkCode(SecretDigits)
    /// Send a code to the trusted number that calls.
    case sendCode
    /// Keep this PIN for the next time; nil keeps none.
    case choosePIN(SecretDigits?)
    /// Find out what is kept of the trusted number that calls, and send it there too where that can be done.
    case tellData(sends: Bool)
    /// Erase all that is kept of the trusted number that calls: it has proved itself and said yes.
    case eraseData
    /// Keep neither voice nor words of this conversation, and remove those that were kept so far.
    case refuseRecording
    /// Close the line when the reply has been spoken.
    case end(CallEnd)
}

/// What a caller's latest order is wanted for.
public enum LatestPurpose: String, Sendable, Hashable {
    /// To order the same again.
    case repeatOrder = "repeat_order"
    /// To hear where it is.
    case track = "track_order"
    /// To give it up.
    case cancel = "cancel_order"
}

/// Why a call ended; raw values are those of the public contract.
public enum CallEnd: String, Sendable, Hashable {
    /// The caller had finished.
    case callerGoodbye = "caller_goodbye"
    /// The caller hung up.
    case hangup
    /// Nobody answered any more, or nothing could be understood.
    case silence
    /// A person took over.
    case transferred
    /// There was no more input.
    case inputEnd = "input_end"
}

/// What came of an effect. Each names the effect it answers, so that a late one cannot be taken for another.
public enum EffectOutcome: Sendable, Hashable {
    /// Of `placeOrder` under this key.
    case placed(RequestKey, Attempt<OrderOutcome>)
    /// Of `cancelOrder`.
    case cancelled(number: String, Attempt<OrderOutcome>)
    /// Of `findOrder`; nil is no such order.
    case found(number: String, Attempt<FoundOrder?>)
    /// Of `findLatestOrder`; nil is none.
    case latest(LatestPurpose, Attempt<Order?>)
    /// Of `requestCallback` under this key: whether it is kept.
    case callback(RequestKey, Attempt<Bool>)
    /// Of `tellData`; nil is nothing.
    case dataTold(Attempt<KeptData?>)
    /// Of `eraseData`.
    case dataErased(Attempt<ErasedData>)
    /// Of `refuseRecording`: whether what was kept is gone already.
    case refused(Bool)
    /// Of `transfer`: whether a person took over.
    case transferred(Bool)
    /// Of `checkPIN` and `checkCode`: who is calling; nil is a wrong one.
    case proved(Attempt<KnownCustomer?>)
    /// Of `sendCode`: whether one is on its way.
    case codeSent(Attempt<Bool>)
    /// Of `choosePIN`: whether it is kept.
    case pinChosen(Attempt<Bool>)

    /// What the order desk answered, or why it could not.
    public enum Attempt<Value: Sendable & Hashable>: Sendable, Hashable {
        /// It answered.
        case done(Value)
        /// It failed, nothing was changed, and trying again may help. Why is for the log, not for the caller.
        case failed
    }
}

/// An order that was asked for by its number.
public struct FoundOrder: Sendable, Hashable {
    /// The order.
    public let order: Order
    /// Whether this conversation or this trusted number placed it.
    public let isOwner: Bool

    /// Makes one.
    public init(order: Order, isOwner: Bool) {
        self.order = order
        self.isOwner = isOwner
    }
}
