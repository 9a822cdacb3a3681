// A customer's data as the operator meets it: heard, exported, erased; a policy that cannot be kept; another master key.

import Foundation
import Testing

@Suite("Privacy", .enabled(if: Program.isBuilt, "the program is not built"))
struct PrivacyTests {
    private static let caller = "+380671234567"

    private func talk(_ words: String, in scratch: Scratch) async throws -> Run {
        try await Program.run(
            ["talk", "--data", scratch.path, "--caller", Self.caller], input: Data(words.utf8))
    }

    @Test("A customer is exported, and erased after a yes")
    func exportAndErase() async throws {
        let scratch = try Scratch()
        #expect(try await talk("two colas\ndeliver to five lake street\n", in: scratch).status == 0)
        let export = try await Program.run(["privacy", "export", Self.caller, "--data", scratch.path])
        let kept = try #require(
            try JSONSerialization.jsonObject(with: Data(export.output.utf8)) as? [String: Any])
        #expect(kept["phone"] as? String == Self.caller)
        #expect((kept["conversations"] as? [Any])?.count == 1)
        #expect(export.output.contains("two colas") && !export.output.contains("lake street"))

        let erase = ["privacy", "erase", Self.caller, "--data", scratch.path]
        let asked = try await Program.run(erase, input: Data("no\n".utf8))
        #expect(asked.status == 1 && asked.errors.contains("cannot be taken back"))
        #expect(try await Program.run(["privacy", "export", Self.caller, "--data", scratch.path]).status == 0)
        #expect(try await Program.run(erase, input: Data("yes\n".utf8)).status == 0)
        let gone = try await Program.run(["privacy", "export", Self.caller, "--data", scratch.path])
        #expect(gone.status == 1 && gone.errors.contains("nothing is kept of"))
        #expect(try await Program.run(erase + ["--yes"]).status == 1)
    }

    @Test("The policy is a table, a record, and JSON; what cannot be kept is told")
    func policy() async throws {
        let scratch = try Scratch()
        let config = try scratch.file(
            "c.json5", #"{retention: {transcript: {days: 365}, audio: {lines: {kiosk: {form: "full", days: 3}}}}}"#)
        let table = try await Program.run(["privacy", "policy", "--config", config])
        #expect(table.output.contains("audio on a kiosk line  in full"))
        #expect(table.errors.contains("retention.event.days: 90 are fewer than the 365 of transcript"))
        let record = try await Program.run(["privacy", "policy", "--format", "markdown", "--config", config])
        #expect(record.output.hasPrefix("# Record of processing"))
        let json = try await Program.run(["privacy", "policy", "--json", "--config", config])
        #expect(json.output.split(separator: "\n").count == 9)
        #expect(json.output.contains(#"{"kind": "audio", "line": "kiosk", "form": "full", "days": 3"#))
        let check = try await Program.run(["check", "--config", config, "--data", "\(scratch.path)/d"])
        #expect(check.status == 1 && check.output.contains("retention: retention.event.days"))
    }

    @Test("The daemon does not start with a policy that it could not keep, or beside files that others can read")
    func refusals() async throws {
        let scratch = try Scratch()
        let line = #"lines: [{kind: "phone", address: "127.0.0.1", port: 5999, trusted: ["127.0.0.1"]}]"#
        let log = try scratch.file("log.json5", #"{data: "d", retention: {log: {form: "full"}}, \#(line)}"#)
        let run = try await Program.run(["serve", "--config", log])
        #expect(run.status == 1 && run.errors.contains("retention.log.form"))

        // A rule that would never hold: nobody speaks that language here.
        let language = try scratch.file(
            "language.json5", #"{data: "d", retention: {audio: {languages: {ua: {form: "off"}}}}, \#(line)}"#)
        let unspoken = try await Program.run(["serve", "--config", language])
        #expect(unspoken.status == 1 && unspoken.errors.contains("a rule is for the language ua"), "\(unspoken.errors)")

        let data = "\(scratch.path)/open"
        #expect(try await Program.run(["orders", "list", "--data", data]).status == 0)
        for (path, mode) in [(data, 0o755), ("\(data)/rozmova.sqlite", 0o644)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let open = try scratch.file("open.json5", #"{data: "open", \#(line)}"#)
            let run = try await Program.run(["serve", "--config", open])
            #expect(run.status == 1 && run.errors.contains("others can use it"), "\(run.errors)")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: data)
        }
    }

    @Test("A new master key opens what the old one sealed, also where it was cut short")
    func rotation() async throws {
        let scratch = try Scratch()
        #expect(try await talk("two colas\n", in: scratch).status == 0)
        let key = "\(scratch.path)/rozmova-key"
        let before = try String(contentsOfFile: key, encoding: .utf8)
        let rotated = try await Program.run(["privacy", "rotate-key", "--data", scratch.path])
        #expect(rotated.status == 0, "\(rotated.errors)")
        let after = try String(contentsOfFile: key, encoding: .utf8)
        #expect(before != after)
        let export = ["privacy", "export", Self.caller, "--data", scratch.path]
        #expect(try await Program.run(export).output.contains("two colas"))
        // Killed between the database and the file: the next command goes on.
        try FileManager.default.moveItem(atPath: key, toPath: key + ".new")
        try before.write(toFile: key, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        #expect(try await Program.run(export).output.contains("two colas"))
        #expect(try String(contentsOfFile: key, encoding: .utf8) == after)
        #expect(!FileManager.default.fileExists(atPath: key + ".new"))
    }
}
