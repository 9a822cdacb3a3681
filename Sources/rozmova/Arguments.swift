// The words behind a command's name, checked against its description: options with their values, and the rest.

import Commerce

struct Arguments: Sendable {
    /// Words that are no options, in order.
    let positionals: [String]
    private let values: [String: String]
    private let flags: Set<String>
    private let usage: Usage

    /// Reads `--name VALUE`, `--name=VALUE`, `--flag` and plain words; everything behind `--` is plain.
    /// - Returns: nil where `--help` is among them.
    init?(_ words: [String], of usage: Usage) throws {
        var plain: [String] = []
        var values: [String: String] = [:]
        var flags: Set<String> = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                plain += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                plain.append(word)
                continue
            }
            if word == "--help" || word == "-h" { return nil }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let option = usage.options.first(where: { "--\($0.name)" == parts[0] }) else {
                throw UsageError(
                    message: "there is no option \(parts[0])"
                        + Spelling.suggestion(for: String(parts[0]), among: usage.options.map { "--\($0.name)" }),
                    usage: usage)
            }
            guard values[option.name] == nil, !flags.contains(option.name) else {
                throw UsageError(message: "--\(option.name) is given twice", usage: usage)
            }
            if option.value == nil {
                guard parts.count == 1 else {
                    throw UsageError(message: "--\(option.name) takes no value", usage: usage)
                }
                flags.insert(option.name)
            } else {
                values[option.name] = try Self.value(of: option, inline: parts.dropFirst().first, &rest, usage)
            }
        }
        try Self.check(plain.count, against: usage, first: plain.first)
        positionals = plain
        self.values = values
        self.flags = flags
        self.usage = usage
    }

    /// Whether `--name` was given; `name` has to be one of the command's options.
    func has(_ name: String) -> Bool { flags.contains(name) }

    /// What was given for `--name`.
    func value(_ name: String) -> String? { values[name] }

    /// What was given for `--name` as a whole number of `range`.
    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                message: "--\(name) is a whole number from \(range.lowerBound) to \(range.upperBound), not \(text)",
                usage: usage)
        }
        return number
    }

    /// A mistake in the arguments that only the command can see.
    func mistake(_ message: String) -> UsageError { UsageError(message: message, usage: usage) }

    private static func value(
        of option: Option, inline: Substring?, _ rest: inout ArraySlice<String>, _ usage: Usage
    ) throws -> String {
        guard let value = inline.map(String.init) ?? rest.popFirst(), !value.isEmpty else {
            throw UsageError(message: "--\(option.name) needs a \(option.value ?? "value")", usage: usage)
        }
        // `--out --json` forgot a value; a file of such a name can be written `--out=--json`.
        if inline == nil, value.hasPrefix("--") {
            throw UsageError(
                message: "--\(option.name) needs a \(option.value ?? "value") before \(value)", usage: usage)
        }
        guard option.choices.isEmpty || option.choices.contains(value) else {
            throw UsageError(
                message: "--\(option.name) is one of \(option.choices.joined(separator: ", ")), not \(value)",
                usage: usage)
        }
        return value
    }

    private static func check(_ count: Int, against usage: Usage, first: String?) throws {
        var least = 0
        var most: Int? = 0
        for positional in usage.positionals {
            switch positional.count {
            case .one: (least, most) = (least + 1, most.map { $0 + 1 })
            case .optional: most = most.map { $0 + 1 }
            case .any: most = nil
            case .oneOrMore: (least, most) = (least + 1, nil)
            }
        }
        if count < least {
            throw UsageError(
                message: "\(usage.positionals[min(count, usage.positionals.count - 1)].name) is missing", usage: usage)
        }
        if let most, count > most {
            let what =
                most == 0
                ? "takes no words, but got \(first ?? "")"
                : "takes \(most) word\(most == 1 ? "" : "s"), but got \(count)"
            throw UsageError(message: what, usage: usage)
        }
    }
}
