// A PIN from the counter, used in talk and scanned for; and the trail that commands leave behind.

import Foundation
import Testing

@Suite("Who is calling, and who looked", .enabled(if: Program.isBuilt))
struct TrustTests {
    private static let caller = "+380671234567"

    /// Every byte of every file below a folder.
    private func bytes(in folder: URL) throws -> Data {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().reduce(into: Data()) {
            $0 += (try? Data(contentsOf: folder.appending(path: $1))) ?? Data()
        }
    }

    private func setPIN(_ pin: String, in data: String, to caller: String = caller) async throws -> Run {
        try await Program.run(["customers", "set-pin", caller, "--data", data], input: Data("\(pin)\n".utf8))
    }

    @Test("A PIN from the counter opens what a number does not, and stands nowhere")
    func pin() async throws {
        let scratch = try Scratch()
        let data = scratch.folder.appending(path: "data")
        let talk = { (lines: [String]) in
            try await Program.run(
                ["talk", "--json", "--caller", Self.caller, "--data", data.path],
                input: Data((lines.joined(separator: "\n") + "\n").utf8))
        }
        _ = try await talk(["four large pizzas", "deliver it to 5 lake street", "that's all", "yes"])
        #expect(try await setPIN("739164", in: data.path).status == 0)
        let run = try await talk(["what is my address", "112233", "739164", "goodbye"])
        #expect(run.output.contains("\"state\":\"verifying\"") || run.output.contains("\"state\": \"verifying\""))
        #expect(run.output.contains("5 Lake Street"))
        for secret in ["739164", "112233"] {
            #expect(!run.output.contains(secret) && !run.errors.contains(secret))
            #expect(try bytes(in: data).range(of: Data(secret.utf8)) == nil)
        }
        let wrong = try await talk(["what is my address", "112233", "332211", "221133", "739164", "739164"])
        #expect(!wrong.output.contains("Lake Street"), "three wrong ones in one call")
    }

    @Test("Where all is kept that is said, a PIN is not: neither in the database nor in what it gives out again")
    func everythingKept() async throws {
        let scratch = try Scratch()
        let data = scratch.folder.appending(path: "data")
        let full = #"{form: "full", days: 30, purpose: "test"}"#
        let config = try scratch.file(
            "rozmova.json5", "{retention: {transcript: \(full), acts: \(full), profile: \(full)}}")
        let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        var chance = SystemRandomNumberGenerator()
        var secrets: [String] = []
        for _ in 0..<4 {
            // Figures that no price, quantity or address here has.
            let pin = (0..<6).map { _ in Int.random(in: 6...9, using: &chance) }
            let secret = pin.map(String.init).joined()
            let spelled = pin.map { words[$0] }.joined(separator: " ")
            secrets += [secret, spelled, secret.map(String.init).joined(separator: " ")]
            let ways = [
                secret, spelled, "my pin is \(secret)", "er the pin could be \(secret) or so",
                "it is \(spelled) i think",
                "\(secret) please",
            ]
            var lines = ["two colas", "what is my address"]
            for _ in 0..<8 { lines += [ways.randomElement(using: &chance) ?? secret, "what is my address"] }
            let run = try await Program.run(
                ["talk", "--json", "--caller", Self.caller, "--data", data.path, "--config", config],
                input: Data((lines.joined(separator: "\n") + "\n").utf8))
            #expect(run.output.contains("two colas"))
            for secret in secrets { #expect(!run.output.contains(secret), "\(secret)") }
        }
        let kept = try await Program.run(["privacy", "export", Self.caller, "--data", data.path, "--config", config])
        let report = try await Program.run(["report", "--data", data.path, "--config", config])
        #expect(kept.output.contains("two colas") && kept.output.contains("what is my address"))
        let stored = try bytes(in: data)
        for secret in secrets {
            #expect(!kept.output.contains(secret) && !report.output.contains(secret), "\(secret)")
            #expect(stored.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
    }

    @Test(
        "A PIN that is none is refused, and one on the command line is wrong usage",
        arguments: ["123", "123456789", "12a4", "1234", "7777", "1985", "4567", ""])
    func refused(pin: String) async throws {
        let scratch = try Scratch()
        let run = try await setPIN(pin, in: scratch.path)
        #expect(run.status == 1 && run.output.isEmpty, "\(run.errors)")
        let named = try await Program.run(["customers", "set-pin", Self.caller, "8264", "--data", scratch.path])
        #expect(named.status == 2)
    }

    @Test("Commands that read persons' data leave a line, and the proof finds one that is gone")
    func audit() async throws {
        let scratch = try Scratch()
        let data = scratch.path
        _ = try await setPIN("739164", in: data)
        for words in [
            ["orders", "list"], ["orders", "show", "1001"], ["customers", "list"], ["customers", "show", Self.caller],
            ["callbacks", "list"], ["outbox", "list"], ["report"],
        ] {
            _ = try await Program.run(words + ["--data", data])
        }
        let trail = try await Program.run(["privacy", "audit", "--data", data])
        let acts = trail.lines.reversed().map { $0.split(separator: "  ")[3] }
        #expect(
            acts == [
                "customers set-pin", "orders list", "orders show", "customers list", "customers show",
                "callbacks list", "outbox list", "report",
            ])
        #expect(trail.lines.contains { $0.hasSuffix("order 1001") } && !trail.output.contains("671234567"))
        let about = try await Program.run(["privacy", "audit", "--customer", Self.caller, "--json", "--data", data])
        #expect(about.lines.count == 2)
        var proof = try await Program.run(["privacy", "audit", "--verify", "--data", data])
        #expect(proof.status == 0 && proof.output == "8 lines, whole\n")
        let copy = "\(data)/trail"
        let archive = try await Program.run(["privacy", "audit", "--archive", copy, "--data", data])
        #expect(archive.output == "9 lines in \(copy)\n", "\(archive.errors)")
        let archived = try await Program.run(["privacy", "audit", "--verify", "--file", copy, "--data", data])
        #expect(archived.output == "9 lines, whole\n", "\(archived.errors)")
        #expect(try await Program.run(["privacy", "audit", "--archive", copy, "--data", data]).status == 1)
        // What somebody without the key can do: put back an older file is not seen, to change this one is.
        let file = scratch.folder.appending(path: "rozmova.sqlite")
        var database = try Data(contentsOf: file)
        let place = try #require(database.range(of: Data("customers show".utf8)))
        database.replaceSubrange(place, with: Data("customers shew".utf8))
        try database.write(to: file)
        proof = try await Program.run(["privacy", "audit", "--verify", "--data", data])
        #expect(proof.status == 1 && proof.errors.contains("line 5 is not as it was written"), "\(proof.errors)")
    }

    @Test("Without the key nothing is read, and nothing is claimed")
    func noKey() async throws {
        let scratch = try Scratch()
        _ = try await setPIN("739164", in: scratch.path)
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "rozmova-key"))
        for words in [["customers", "list"], ["orders", "list"], ["privacy", "audit", "--verify"]] {
            let run = try await Program.run(words + ["--data", scratch.path])
            #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("rozmova-key is missing"))
        }
    }
}
