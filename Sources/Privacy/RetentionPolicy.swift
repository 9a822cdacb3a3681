// What is kept, in which form, for how long and what for: the `retention` object of the configuration, as a value.
// What cannot be kept so, and how it is told: `RetentionPolicy+Telling.swift`.

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
    /// Who looked at persons' data: lines of the audit trail, until they are closed.
    case audit
}

/// Where a rule differs from the rest.
public enum RetentionScope: Sendable, Hashable {
    /// On a kind of line: `phone`, `kiosk` or `text`.
    case line(String)
    /// In conversations of a language, by its code.
    case language(String)
}

/// What is kept of everything.
public struct RetentionPolicy: Sendable, Hashable {
    private var rules: [DataKind: Retention]
    private var exceptions: [DataKind: [RetentionScope: Retention]]

    /// The default: transcripts redacted for 30 days, no audio, orders as long as most countries want accounts kept.
    public static let standard = RetentionPolicy()

    /// Makes a policy of the default with some rules replaced, and others where they differ.
    public init(
        replacing rules: [DataKind: Retention] = [:], except exceptions: [DataKind: [RetentionScope: Retention]] = [:]
    ) {
        self.rules = Self.defaults.merging(rules) { _, new in new }
        self.exceptions = exceptions.filter { !$0.value.isEmpty }
    }

    /// The rule for a kind of data where no exception holds.
    public subscript(kind: DataKind) -> Retention {
        rules[kind] ?? Retention(form: .off, days: 0, purpose: "")
    }

    /// The policy of one conversation, with its exceptions in the place of the rules. Where one for the line and one for
    /// the language differ, whatever keeps less counts.
    public func of(line: String, language: String) -> RetentionPolicy {
        var resolved = rules
        for (kind, exceptions) in exceptions {
            let found = [exceptions[.line(line)], exceptions[.language(language)]].compactMap(\.self)
            guard let first = found.first else { continue }
            let last = found.last ?? first
            resolved[kind] = Retention(
                form: min(first.form, last.form), days: min(first.days, last.days), purpose: first.purpose)
        }
        return RetentionPolicy(replacing: resolved)
    }

    /// Where a kind's rule differs, and how: lines first, each by name.
    public func exceptions(_ kind: DataKind) -> [(scope: RetentionScope, rule: Retention)] {
        (exceptions[kind] ?? [:]).sorted { $0.key.order < $1.key.order }.map { (scope: $0.key, rule: $0.value) }
    }

    /// The same without voice, words and meaning: what is left where a caller refuses. That the call took place stays.
    public var withoutWords: RetentionPolicy {
        var rules = rules
        for kind in [DataKind.audio, .transcript, .acts] {
            rules[kind] = Retention(form: .off, days: 0, purpose: self[kind].purpose)
        }
        return RetentionPolicy(replacing: rules)
    }

    /// The same for the same forms and times, whatever they are for.
    public var fingerprint: String {
        DataKind.allCases.flatMap { kind in
            [(name: kind.rawValue, rule: self[kind])]
                + exceptions(kind).map { (name: "\(kind.rawValue)/\($0.scope.order)", rule: $0.rule) }
        }
        .map { "\($0.name)=\($0.rule.form.rawValue)/\($0.rule.days)" }.joined(separator: " ")
    }

    /// Whether anything of turns is kept anywhere.
    public var keepsTurns: Bool { [.transcript, .acts].contains { kept(of: $0) > .off } }

    /// The most that is kept of a kind anywhere.
    public func kept(of kind: DataKind) -> RetentionForm { everywhere(kind).map(\.form).max() ?? .off }

    /// The languages that some rule speaks of, by their codes.
    public var languages: Set<String> {
        Set(
            DataKind.allCases.flatMap { exceptions($0) }.compactMap { exception in
                if case .language(let code) = exception.scope { code } else { nil }
            })
    }

    /// Every rule that may hold for a kind somewhere.
    func everywhere(_ kind: DataKind) -> [Retention] { [self[kind]] + exceptions(kind).map(\.rule) }

    private static let defaults: [DataKind: Retention] = [
        .audio: Retention(form: .off, days: 0, purpose: "hearing again what was misunderstood"),
        .transcript: Retention(form: .redacted, days: 30, purpose: "finding out where callers were misunderstood"),
        .acts: Retention(form: .redacted, days: 30, purpose: "finding out where callers were misunderstood"),
        .profile: Retention(form: .full, days: 365, purpose: "knowing a customer again"),
        .order: Retention(form: .full, days: 1_095, purpose: "delivery, returns and accounts"),
        .event: Retention(form: .full, days: 90, purpose: "telling the shop's other systems, and statistics of calls"),
        .log: Retention(form: .redacted, days: 14, purpose: "running the service"),
        .audit: Retention(form: .full, days: 1_095, purpose: "showing who looked at persons' data"),
    ]
}

extension RetentionScope {
    fileprivate var order: String {
        switch self {
        case .line(let name): "0\(name)"
        case .language(let code): "1\(code)"
        }
    }
}

extension DataKind {
    /// Whether a call's line and language may make a difference: what belongs to a person belongs to all calls of it.
    public var isOfCalls: Bool {
        switch self {
        case .audio, .transcript, .acts: true
        case .profile, .order, .event, .log, .audit: false
        }
    }
}
