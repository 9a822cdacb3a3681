// Wrong usage gets status 2, the right way to use the command, and nothing on standard output.

import Foundation
import Testing

@Suite("Usage", .enabled(if: Program.isBuilt, "the program is not built"))
struct UsageTests {
    @Test(
        "A wrong command line is refused with status 2 and a word about it",
        arguments: [
            ([], "say what to do"),
            (["hlp"], "did you mean \"help\"?"),
            (["\u{FFFD}\u{1}x"], "there is no command"),
            (["catalog"], "catalog needs one of: import, list, search"),
            (["catalog", "imprt", "x"], "did you mean \"import\"?"),
            (["orders", "show"], "NUMBER is missing"),
            (["orders", "show", "1", "2"], "takes 1 word, but got 2"),
            (["orders", "list", "--jsn"], "did you mean \"--json\"?"),
            (["orders", "list", "--json", "--json"], "--json is given twice"),
            (["orders", "list", "--json=yes"], "--json takes no value"),
            (["orders", "list", "--data"], "--data needs a DIR"),
            (["orders", "list", "--data", "--json"], "--data needs a DIR before --json"),
            (["orders", "set-status", "1", "lost"], "placed, packed, handed_over, delivered, cancelled, returned"),
            (["help", "me"], "there is no command me"),
        ] as [([String], String)])
    func refused(words: [String], message: String) async throws {
        let run = try await Program.run(words)
        #expect(run.status == 2)
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect(run.errors.contains("See: rozmova help"))
        #expect(run.output.isEmpty)
    }

    @Test("Help names every command, and each explains itself in two ways")
    func help() async throws {
        let overview = try await Program.run(["help"])
        #expect(overview.status == 0)
        let names = overview.commandNames
        #expect(names.contains("catalog import") && names.contains("help"))
        for name in names {
            let words = name.split(separator: " ").map(String.init)
            let one = try await Program.run(["help"] + words)
            let other = try await Program.run(words + ["--help"])
            #expect(one.status == 0 && one.output.hasPrefix("Usage: rozmova \(name)"))
            #expect(one.output == other.output)
        }
    }

    @Test("The README shows every command")
    func readme() async throws {
        let readme = Program.root.appending(path: "README.md")
        guard let text = try? String(contentsOf: readme, encoding: .utf8) else { return }
        for name in try await Program.run(["help"]).commandNames {
            // `rozmova orders list` / `show`: the family is named once.
            let parts = name.split(separator: " ").map(String.init)
            #expect(parts.allSatisfy(text.contains) && text.contains("rozmova \(parts[0])"), "\(name)")
        }
    }
}

extension Run {
    /// The commands of `rozmova help`: lines with two spaces before and at least two behind the name.
    var commandNames: [String] {
        output.matches(of: #/\n  ([a-z][a-z -]*?)  +\S/#).map { String($0.1) }
    }
}
