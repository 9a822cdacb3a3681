// What is kept, in which form, for how long and what for: the `retention` object of the configuration, as a value.

/// How much of something is kept.
public enum RetentionForm: String, Sendable, CaseIterable, Comparable {
    /// Nothing.
    case off
    /// That it happened, never what was said.
    case statistics
    /// With digits, names and addresses blacked out.
    case redacted
    /// All of it; card digits and PINs are not even in here.
    case full

    /// Orders forms by how much they keep.
    public static func < (left: RetentionForm, right: RetentionForm) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What is kept of one kind of data.
public struct Retention: Sendable, Hashable {
    /// How much of it.
    public let form: RetentionForm
    /// Days until the sweep removes it; 0 where nothing is kept.
    public let days: Int
    /// Why, in the operator's words: what `rozmova privacy policy` shows.
    public let purpose: String

    /// Makes a rule; with the form `off` there are no days.
    public init(form: RetentionForm, days: Int, purpose: String) {
        self.form = form
        self.days = form == .off ? 0 : days
        self.purpose = purpose
    }

    /// The time for which it is kept, in seconds.
    public var seconds: Int64 { Int64(days) * 86_400 }
}

/// The kinds of data that a policy speaks of.
public enum DataKind: String, Sendable, CaseIterable {
    /// Recordings of what was said.
    case audio
    /// What was said, in writing.
    case transcript
    /// What was understood.
    case acts
    /// What is known of a customer from one call to the next.
    case profile
    /// Orders. Until it is done an order is always kept whole: it could not be delivered otherwise. The form says what
    /// stays afterwards.
    case order
    /// Calls that took place, and messages to the shop's other systems once they were delivered.
    case event
    /// The daemon's log.
    case log
}

/// What is kept of everything.
public struct RetentionPolicy: Sendable, Hashable {
    private var rules: [DataKind: Retention]

    /// The default: transcripts redacted for 30 days, no audio, orders as long as most countries want accounts kept.
    public static let standard = RetentionPolicy()

    /// Makes a policy of the default with some rules replaced.
    public init(replacing rules: [DataKind: Retention] = [:]) {
        self.rules = Self.defaults.merging(rules) { _, new in new }
    }

    /// The rule for a kind of data.
    public subscript(kind: DataKind) -> Retention {
        rules[kind] ?? Retention(form: .off, days: 0, purpose: "")
    }

    private static let defaults: [DataKind: Retention] = [
        .audio: Retention(form: .off, days: 0, purpose: "not recorded"),
        .transcript: Retention(form: .redacted, days: 30, purpose: "finding out where callers were misunderstood"),
        .acts: Retention(form: .redacted, days: 30, purpose: "finding out where callers were misunderstood"),
        .profile: Retention(form: .full, days: 365, purpose: "knowing a customer again"),
        .order: Retention(form: .full, days: 1_095, purpose: "delivery, returns and accounts"),
        .event: Retention(form: .full, days: 90, purpose: "telling the shop's other systems, and statistics of calls"),
        .log: Retention(form: .redacted, days: 14, purpose: "running the service"),
    ]
}
