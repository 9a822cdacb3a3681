// `rozmova help`: every command from its own description, so that the help cannot drift from the parser.

enum HelpCommand: Command {
    static let usage = Usage(
        name: "help", summary: "explains a command",
        positionals: [Positional(name: "COMMAND", count: .any)],
        details: "`rozmova help configuration` lists the settings of the configuration file.")

    static func run(_ arguments: Arguments) async throws {
        let topic = arguments.positionals.joined(separator: " ")
        if topic.isEmpty {
            Console.line(HelpText.overview(Rozmova.commands.map { $0.usage }))
        } else if topic == "configuration" {
            Console.line(HelpText.configuration)
        } else {
            let family = Rozmova.commands.map { $0.usage }.filter { $0.name.hasPrefix(topic + " ") }
            if !family.isEmpty {
                Console.line(family.map(HelpText.command).joined(separator: "\n\n"))
            } else {
                let (command, rest) = try CommandFinder(commands: Rozmova.commands).find(arguments.positionals)
                if let word = rest.first { throw arguments.mistake("\(command.usage.name) has no part \(word)") }
                Console.line(HelpText.command(command.usage))
            }
        }
    }
}

/// Help as text.
enum HelpText {
    static func overview(_ commands: [Usage]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        return """
            rozmova sells by voice: it hears, understands, confirms, and writes orders.

            Usage: rozmova COMMAND [OPTION…] [WORD…]

            \(commands.map { "  \(padded($0.name, width))  \($0.summary)" }.joined(separator: "\n"))

            rozmova help COMMAND says more; rozmova help configuration lists the settings.
            Exit status: 0 done, 1 the work failed, 2 wrong usage.
            """
    }

    static func command(_ usage: Usage) -> String {
        let options = usage.options.map { option in
            (form: "--\(option.name)\(option.value.map { " " + $0 } ?? "")", option: option)
        }
        let width = options.map(\.form.count).max() ?? 0
        let lines = options.map { form, option in
            let choices = option.choices.isEmpty ? "" : ": " + option.choices.joined(separator: ", ")
            return "  \(padded(form, width))  \(option.summary)\(choices)"
        }
        return
            ([synopsis(usage), "", "  \(usage.summary)"]
            + (usage.details.isEmpty ? [] : ["", usage.details])
            + (lines.isEmpty ? [] : [""] + lines)).joined(separator: "\n")
    }

    /// One line: `Usage: rozmova say [--out FILE] TEXT…`.
    static func synopsis(_ usage: Usage) -> String {
        let options = usage.options.map { "[--\($0.name)\($0.value.map { " " + $0 } ?? "")]" }
        let words = usage.positionals.map { positional in
            switch positional.count {
            case .one: positional.name
            case .optional: "[\(positional.name)]"
            case .any: "[\(positional.name)…]"
            case .oneOrMore: "\(positional.name)…"
            }
        }
        return (["Usage: rozmova \(usage.name)"] + options + words).joined(separator: " ")
    }

    /// Every setting with its default.
    static var configuration: String {
        let width = Settings.reference.map(\.name.count).max() ?? 0
        return """
            Settings of the configuration (--config FILE, else \(Settings.standardFile) where it exists), in JSON5:

            \(Settings.reference.map { "  \(padded($0.name, width))  \($0.summary)" }.joined(separator: "\n"))
            """
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: width - text.count)
    }
}
