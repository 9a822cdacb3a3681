// What came of a conversation: one line for the shop's statistics, without a word of what was said and without anybody's name.

/// What came of a conversation.
public struct ConversationSummary: Sendable, Hashable {
    /// In the order in which the best of them counts.
    public enum Result: String, Sendable, CaseIterable {
        /// Something was ordered.
        case order
        /// A person was asked for, and will call back or come.
        case handedOver = "handed_over"
        /// What was asked was answered, and nothing was left open.
        case answered
        /// The caller went away, or was given up, before that.
        case abandoned
    }

    /// What came of it.
    public let result: Result
    /// Where an abandoned conversation stood: what was asked for, else the state.
    public let step: String?
    /// Why it failed: `not_understood`, `silence`, `hung_up`, `left_cart`, `nothing_asked`.
    public let reason: String?
    /// What the caller said, so many times.
    public let turns: Int
    /// How often something had to be asked again.
    public let reprompts: Int
    /// Which variants of the prompts were heard: what remains of it by the number of a prompt's variants tells which.
    public let variant: Int
    /// Orders that were placed.
    public let orders: Int
    /// What they come to.
    public let value: Money?
    /// Products that were recommended.
    public let recommended: Int
    /// Those of them that went into the cart afterwards.
    public let taken: Int

    /// Describes it.
    public init(
        result: Result, step: String?, reason: String?, turns: Int, reprompts: Int, variant: Int, orders: Int,
        value: Money?, recommended: Int = 0, taken: Int = 0
    ) {
        self.result = result
        self.step = step
        self.reason = reason
        self.turns = turns
        self.reprompts = reprompts
        self.variant = variant
        self.orders = orders
        self.value = value
        self.recommended = recommended
        self.taken = taken
    }
}
