// Who is calling, as a conversation finds out: effects that carry secrets go to the desk that knows callers apart, and what
// is told of a turn goes without them.

import Commerce
import Dialogue
import Understanding

extension Optional where Wrapped == any IdentityDesk {
    /// Does what is about who is calling. Without a number, or a desk that knows callers apart, nothing is opened.
    nonisolated(nonsending) func perform(_ effect: Effect, phone: String?, conversation: String) async -> EffectOutcome?
    {
        guard let identity = self, let phone else { return .proved(.failed) }
        switch effect {
        case .checkPIN(let pin):
            return .proved(
                await attempt { () async throws(OrderDeskError) in try await identity.check(pin: pin, phone: phone) })
        case .checkCode(let code):
            return .proved(
                await attempt { () async throws(OrderDeskError) in
                    try await identity.check(code: code, phone: phone, conversation: conversation)
                })
        case .sendCode:
            return .codeSent(
                await attempt { () async throws(OrderDeskError) in
                    try await identity.sendCode(phone: phone, conversation: conversation)
                })
        case .choosePIN(let pin):
            return .pinChosen(
                await attempt { () async throws(OrderDeskError) in
                    try await identity.choose(pin: pin, phone: phone)
                })
        default: return nil
        }
    }
}

/// What a desk answered, or that it failed.
nonisolated(nonsending) func attempt<Value: Sendable & Hashable>(
    _ act: () async throws(OrderDeskError) -> Value
) async -> EffectOutcome.Attempt<Value> {
    do { return .done(try await act()) } catch { return .failed }
}

extension [Act] {
    /// The acts without their values, where those are or may be a PIN or a code; nil where they are not. Where one may be
    /// there, everything may be it but a wish that names no value at all.
    func withoutSecrets(mayBeThere: Bool) -> [Act]? {
        let isPlain = !isEmpty && allSatisfy { $0.slots.isEmpty && $0.items.isEmpty && $0.intent != .inform }
        guard contains(where: { $0.intent == .givePIN }) || mayBeThere && !isPlain else { return nil }
        return map { Act($0.intent, confidence: $0.confidence) }
    }
}
