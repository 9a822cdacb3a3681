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
            guard
                let match = line.firstMatch(
                    of: #/^\s*(?:\/\/ +)?([a-z][A-Za-z]*): (\{$|\[\{$|[\[{].*[\]}],$|".*",$|\d+,$|true,$)/#)
            else {
                if line.contains(#/^\s*(?:\/\/ +)?\}\]?,?$/#), !outer.isEmpty { outer.removeLast() }
                continue
            }
            if match.2 == "{" || match.2 == "[{" {
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

    @Test(
        "The service's unit leaves little to do harm with",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "no systemd-analyze here"))
    func unit() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
        process.arguments = [
            "security", "--offline=yes", "--no-pager", Program.root.appending(path: "systemd/rozmova.service").path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let exposure = try #require(text.firstMatch(of: #/Overall exposure level[^:]*: ([\d.]+)/#))
        #expect(try #require(Double(exposure.1)) <= 1.5, "\(exposure.0)")
    }

    @Test("All mistakes come at once, each with its path and what was probably meant")
    func mistakes() async throws {
        let scratch = try Scratch()
        let file = try scratch.file(
            "bad.json5",
            """
            {shp: "x", language: 5, models: {acustic: "y"}, carriers: [], carrier: {}, data: "",
             retention: {audio: {form: "ful"}, transcripts: {days: 1}}}
            """)
        let run = try await Program.run(["privacy", "policy", "--config", file])
        #expect(run.status == 1)
        for part in [
            "shp: is no setting; did you mean \"shop\"?", "language: has to be a text",
            "models.acustic: is no setting; did you mean \"acoustic\"?", "carriers: has to be an object",
            "carrier: is no setting; did you mean \"carriers\"?", "data: is empty",
            "retention.audio.form", "retention.transcripts",
        ] {
            #expect(run.errors.contains(part), "\(part) in \(run.errors)")
        }
    }

    @Test("What is wrong with a line is told before it rings")
    func lineMistakes() async throws {
        let scratch = try Scratch()
        let file = try scratch.file(
            "line.json5",
            """
            {lines: [{kind: "phone", port: 99999, transports: ["udp", "tls", "smoke"], trusted: ["10.0.0.0/33", "shop"],
              register: {registrar: "example.com"}, soundPorts: "many", calls: 0, whenBusy: "sing", countryCode: "UA",
              wideband: "yes", microphone: "x"}, {kind: "phone", port: 5060, srtp: "required", ringSeconds: 0}, {kind: "kiosk", port: 1, microphoneGain: 90},
              {kind: "kiosk", name: "a b", wake: {threshold: 2, phrse: "x"}}, {kind: "drum"},
              {kind: "kiosk", name: "x"}, {kind: "phone", name: "x", trusted: ["::1"], srtp: "yes"}],
             limits: {decoders: -1}}
            """)
        let run = try await Program.run(["serve", "--config", file])
        #expect(run.status == 1)
        for part in [
            "lines[0].port: has to be a whole number from 1 to 65535", "smoke is none of udp, tcp, tls",
            "10.0.0.0/33 is no address", "shop is no address",
            "lines[0].register: needs", "lines[0].soundPorts", "lines[0].calls", "lines[0].whenBusy",
            "lines[0].countryCode", "lines[0].wideband: has to be true or false", "lines[1].srtp: needs tls",
            "lines[0].microphone: is no setting of a telephone line", "lines[2].port: is no setting of a kiosk",
            "lines[2].microphoneGain: has to be a number from -40", "lines[3].name: has to be letters",
            "lines[3].wake.phrase: is missing",
            "lines[3].wake.threshold: has to be", "did you mean \"phrase\"", "lines[4].kind",
            "lines[1].ringSeconds", "lines[6].name: is another", "lines[6].port: is another",
            "lines[6].srtp: has to be off, offered or required",
            "limits.decoders",
        ] {
            #expect(run.errors.contains(part), "\(part) in \(run.errors)")
        }
        let nobody = try await Program.run(
            ["serve", "--config", try scratch.file("nobody.json5", "{lines: [{kind: \"phone\"}]}")])
        #expect(nobody.errors.contains("nobody could call"))
        let none = try await Program.run(["serve", "--config", try scratch.file("none.json5", "{}")])
        #expect(none.status == 1 && none.errors.contains("`lines`"))
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
