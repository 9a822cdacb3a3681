// The configuration: the reference file and the program know the same settings, and a mistake is named with its place.

import Foundation
import Testing

@Suite("The configuration", .enabled(if: Program.isBuilt, "the program is not built"))
struct ConfigurationTests {
    /// Names in the reference with dots, those commented out included: each is a setting by default.
    static func reference() throws -> Set<String> {
        let text = try String(contentsOf: Program.root.appending(path: "systemd/rozmova.json5"), encoding: .utf8)
        var names: Set<String> = []
        var outer: [String] = []
        for line in text.split(separator: "\n") {
            guard let match = line.firstMatch(of: #/^\s*(?:\/\/ )?([a-z][A-Za-z]*): (\{$|\{.*\},$|".*",$)/#) else {
                if line.contains(#/^\s*\},?$/#), !outer.isEmpty { outer.removeLast() }
                continue
            }
            if match.2 == "{" {
                outer.append(String(match.1))
            } else {
                names.insert((outer + [String(match.1)]).joined(separator: "."))
            }
        }
        return names
    }

    @Test("The reference has every setting, and no other")
    func sameSettings() async throws {
        let known = Set(try await Program.run(["help", "configuration"]).commandLikeNames)
        #expect(try Self.reference() == known)
        #expect(known.contains("retention.audio") && known.contains("shop"))
    }

    @Test("The reference is what one gets without any")
    func referenceIsDefault() async throws {
        let scratch = try Scratch()
        let reference = Program.root.appending(path: "systemd/rozmova.json5").path
        let without = try await Program.run(["privacy", "policy", "--config", try scratch.file("empty.json5", "{}")])
        let with = try await Program.run(["privacy", "policy", "--config", reference])
        #expect(without.status == 0)
        #expect(with.output == without.output)
    }

    @Test("All mistakes come at once, each with its path and what was probably meant")
    func mistakes() async throws {
        let scratch = try Scratch()
        let file = try scratch.file(
            "bad.json5",
            """
            {shp: "x", language: 5, models: {acustic: "y"}, lines: [], data: "",
             retention: {audio: {form: "ful"}, transcripts: {days: 1}}}
            """)
        let run = try await Program.run(["privacy", "policy", "--config", file])
        #expect(run.status == 1)
        for part in [
            "shp: is no setting; did you mean \"shop\"?", "language: has to be a text",
            "models.acustic: is no setting; did you mean \"acoustic\"?", "lines: this version", "data: is empty",
            "retention.audio.form", "retention.transcripts",
        ] {
            #expect(run.errors.contains(part), "\(part) in \(run.errors)")
        }
    }

    @Test(
        "A configuration that is not there or no JSON5 is refused",
        arguments: ["nowhere.json5", "rubbish.json5", "list.json5"])
    func unreadable(name: String) async throws {
        let scratch = try Scratch()
        _ = try scratch.file("rubbish.json5", "\u{1}\u{2}{{{")
        _ = try scratch.file("list.json5", "[1, 2]")
        let run = try await Program.run(["privacy", "policy", "--config", "\(scratch.path)/\(name)"])
        #expect(run.status == 1)
        #expect(run.errors.contains(name))
        #expect(run.output.isEmpty)
    }
}

extension Run {
    /// The first words of lines that are indented by two spaces.
    fileprivate var commandLikeNames: [String] {
        output.matches(of: #/\n  ([a-z][A-Za-z.]*) /#).map { String($0.1) }
    }
}
