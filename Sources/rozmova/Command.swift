// What a command is: a description that the parser and the help text are made from, and the work.

import Commerce

/// One command of the program.
protocol Command: Sendable {
    /// Its name and what it takes.
    static var usage: Usage { get }
    /// Does the work. Throws `UsageError` (exit status 2) or anything else (1); `Failure` carries the message for a person.
    static func run(_ arguments: Arguments) async throws
}

/// A command's name, what may stand behind it, and what it does.
struct Usage: Sendable {
    /// One word or two: `catalog import`.
    let name: String
    /// One line.
    let summary: String
    /// Words without a dash, in order.
    var positionals: [Positional] = []
    /// Options, beside `--help`, which every command has.
    var options: [Option] = []
    /// More to know, a few lines; may be empty.
    var details = ""
}

/// A word without a dash.
struct Positional: Sendable {
    enum Count: Sendable { case one, optional, any, oneOrMore }
    /// In capitals: `FILE`.
    let name: String
    var count = Count.one
}

/// `--name`, or `--name VALUE`.
struct Option: Sendable {
    /// Without the dashes.
    let name: String
    /// What the value is called; nil for an option without one.
    let value: String?
    /// One line.
    let summary: String
    /// The only values that it takes; empty takes any.
    var choices: [String] = []

    static let config = Option(
        name: "config", value: "FILE", summary: "the configuration; left out: \(Settings.standardFile), where it exists"
    )
    static let shop = Option(name: "shop", value: "DIR", summary: "the shop's folder; left out: the demo shop")
    static let data = Option(
        name: "data", value: "DIR",
        summary: "the database's folder; left out: $STATE_DIRECTORY, else $XDG_STATE_HOME/rozmova")
    static let language = Option(name: "language", value: "CODE", summary: "the language of the conversation: en")
    static let json = Option(name: "json", value: nil, summary: "one JSON object a line")
}

/// The command line is not one: what is wrong, and how it is used.
struct UsageError: Error, CustomStringConvertible {
    let message: String
    /// The command that it is about; nil where there is none.
    var usage: Usage?

    var description: String {
        guard let usage else { return "rozmova: \(message)\nSee: rozmova help" }
        return "rozmova \(usage.name): \(message)\n\(HelpText.synopsis(usage))\nSee: rozmova help \(usage.name)"
    }
}

/// The work failed.
struct Failure: Error {
    /// What happened, where, and what to do; nil where the command has said it already.
    let message: String?

    init(_ message: String) { self.message = message }
    private init() { message = nil }

    /// For a command whose output says what failed.
    static let alreadyTold = Failure()
}

/// Finds a command by the first words of the command line.
struct CommandFinder {
    let commands: [any Command.Type]

    /// - Returns: the command and the words behind its name.
    func find(_ words: [String]) throws -> (any Command.Type, [String]) {
        guard let first = words.first else { throw UsageError(message: "say what to do") }
        if ["--help", "-h", "--version"].contains(first) { return (HelpCommand.self, []) }
        let second = words.dropFirst().first
        for command in commands {
            if let second, command.usage.name == "\(first) \(second)" { return (command, Array(words.dropFirst(2))) }
            if command.usage.name == first { return (command, Array(words.dropFirst())) }
        }
        // `catalog` alone, or with a wrong second word.
        let names = commands.map { $0.usage.name }
        let family = names.filter { $0.hasPrefix(first + " ") }.map { String($0.dropFirst(first.count + 1)) }
        if !family.isEmpty {
            guard let second, !second.hasPrefix("-") else {
                throw UsageError(message: "\(first) needs one of: \(family.joined(separator: ", "))")
            }
            throw UsageError(
                message: "there is no \(first) \(second)" + Spelling.suggestion(for: second, among: family))
        }
        throw UsageError(message: "there is no command \(first)" + Spelling.suggestion(for: first, among: names))
    }
}
