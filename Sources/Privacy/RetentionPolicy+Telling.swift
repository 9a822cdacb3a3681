// The policy for people: a table to be read aloud, the record of processing, and what of it could not be kept as it says.
// In: the policy. Out: lines of text for the operator; callers hear it in the words of their language pack.

extension RetentionPolicy {
    /// Why this policy could not be kept, one reason for each; none where it can.
    public var obstacles: [String] {
        var reasons: [String] = []
        for kind in DataKind.allCases {
            if everywhere(kind).contains(where: { $0.form != .off && $0.purpose.allSatisfy(\.isWhitespace) }) {
                reasons.append(
                    "retention.\(kind.rawValue).purpose: what is it kept for? Data without a purpose may not be kept")
            }
        }
        if everywhere(.profile).contains(where: { $0.form == .redacted }) {
            reasons.append("retention.profile.form: nobody is known again by a redacted profile; choose off or full")
        }
        if everywhere(.log).contains(where: { $0.form == .full }) {
            reasons.append(
                "retention.log.form: the daemon writes nothing into its log that a caller said; choose redacted")
        }
        if self[.audit].form != .full {
            reasons.append("retention.audit.form: who looked at persons' data has to be shown; choose full")
        }
        // A transcript, a recording and the acts hang on the note that the call took place.
        for kind in [DataKind.audio, .transcript, .acts] {
            let longest = everywhere(kind).map(\.days).max() ?? 0
            if longest > self[.event].days {
                reasons.append(
                    "retention.event.days: \(self[.event].days) are fewer than the \(longest) of \(kind.rawValue), which "
                        + "cannot be kept without the call that it belongs to")
            }
        }
        return reasons
    }

    /// A table to be read aloud.
    public var table: [String] {
        let rows = [["what", "how", "how long", "what for"]] + rows.map { [$0.what, $0.form, $0.time, $0.purpose] }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  "
                + row[3]
        }
    }

    /// The record of processing activities (GDPR, Article 30) as Markdown, for a controller to complete.
    public var record: String {
        let lines =
            rows.map { row in
                "| \(Self.cell(row.what)) | \(row.kind.contents) | \(row.kind.persons) | \(row.form) | \(row.time) | \(Self.cell(row.purpose)) |"
            }
        return """
            # Record of processing

            Made from the retention policy that the service runs with.

            | what | which data | of whom | how it is kept | how long | what for |
            |---|---|---|---|---|---|
            \(lines.joined(separator: "\n"))

            - **Never written**, whatever stands above: card numbers, PINs and security codes. A recording is silent there.
            - **Protection**: everything personal is encrypted (XChaCha20-Poly1305) under a key of its customer, of its call
              where nobody is known; those keys under a master key that is kept apart from the data and from its backups.
            - **Deletion**: an hourly sweep removes what is over. Orders stay for the accounts without the person.
            - **Rights**: access and erasure by telephone, or by `rozmova privacy export` and `rozmova privacy erase`.
            - **Recipients**: the payment gateway, the carrier, the gateway for messages and the receiver of events, where
              the configuration names them.
            """
    }

    private struct Row {
        let kind: DataKind
        let what: String
        let form: String
        let time: String
        let purpose: String
    }

    private var rows: [Row] {
        DataKind.allCases.flatMap { kind in
            [(kind.rawValue, self[kind])].map { Self.row(kind, $0, $1) }
                + exceptions(kind).map { Self.row(kind, "\(kind.rawValue) \($0.scope.words)", $0.rule) }
        }
    }

    private static func row(_ kind: DataKind, _ what: String, _ rule: Retention) -> Row {
        Row(
            kind: kind, what: what, form: rule.form.words,
            time: rule.form == .off ? "-" : rule.days == 1 ? "1 day" : "\(rule.days) days",
            purpose: rule.form == .off ? "-" : rule.purpose)
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}

extension RetentionForm {
    /// For a sentence: "transcript: kept redacted".
    fileprivate var words: String {
        switch self {
        case .off: "not kept"
        case .statistics: "only that it happened"
        case .redacted: "redacted"
        case .full: "in full"
        }
    }
}

extension RetentionScope {
    fileprivate var words: String {
        switch self {
        case .line(let name): "on a \(name) line"
        case .language(let code): "in \(code)"
        }
    }
}

extension DataKind {
    fileprivate var contents: String {
        switch self {
        case .audio: "both sides of a call as sound"
        case .transcript: "what was said, in writing"
        case .acts: "what was understood: wishes, products, numbers"
        case .profile: "telephone number, addresses, a token of the payment gateway, a cart that was broken off"
        case .order: "goods, amounts, status; address and telephone number"
        case .event:
            "time, line and end of a call; wishes to be called back (a week at least); messages to other systems"
        case .log: "the course of the service; nothing that a caller said or is"
        case .audit: "user of the machine, command, time; a mark in the place of the customer's number"
        }
    }

    fileprivate var persons: String {
        switch self {
        case .audio, .transcript, .acts, .event: "callers"
        case .profile, .order: "customers"
        case .log: "nobody"
        case .audit: "the shop's people"
        }
    }
}
