// What a conversation is told about itself when it begins, and whom it may want in the end. Values, nothing more.

public import Commerce
public import Dialogue
public import Foundation

/// What a conversation is told about itself.
public struct Surroundings: Sendable {
    /// Unique.
    public let conversation: String
    /// The kind of line.
    public let line: LineKind
    /// E.164, where a trusted line reports it.
    public let caller: String?
    /// The present time.
    public let now: @Sendable () -> Date
    /// A key that was never given before.
    public let freshKey: @Sendable () -> RequestKey
    /// Which variants of the prompts this call hears.
    public let variant: UInt64

    /// Makes surroundings; tests give a fixed time and counted keys.
    public init(
        conversation: String, line: LineKind, caller: String?, now: @escaping @Sendable () -> Date,
        freshKey: @escaping @Sendable () -> RequestKey, variant: UInt64
    ) {
        self.conversation = conversation
        self.line = line
        self.caller = caller
        self.now = now
        self.freshKey = freshKey
        self.variant = variant
    }
}

/// A person whom the caller is to be put through to.
public struct PersonWanted: Sendable, Equatable {
    /// The shop's address for it: `sip:desk@…`.
    public let address: String
    /// To be spoken to the person first.
    public let summary: String
}
