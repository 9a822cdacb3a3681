// Conversations as scripts hold them: lines of JSON, mistakes in the input, testers' calls that pass, fail and cannot be read.

import Foundation
import Testing

@Suite("Conversations by command", .enabled(if: Program.isBuilt, "the program is not built"))
struct ConversationTests {
    private static let noon = ["--now", "2026-03-02T12:00:00Z"]
    private static let hasModel = FileManager.default.fileExists(
        atPath: "/usr/share/pocketsphinx/model/en-us/en-us/mdef")

    private func objects(_ run: Run) throws -> [[String: Any]] {
        try run.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    @Test("talk answers each line, an empty one too, and says how it ended")
    func talk() async throws {
        let scratch = try Scratch()
        let run = try await Program.run(
            ["talk", "--json", "--data", scratch.path] + Self.noon,
            input: Data("a large pepperoni pizza\n\n".utf8) + Data([0xFF, 0xFE, 0x0A])
                + Data((String(repeating: "x", count: 5_000) + "\n").utf8))
        let lines = try objects(run)
        #expect(run.status == 0 && lines.count == 6, "\(run.errors)")
        #expect(lines.dropLast().compactMap { $0["turn"] as? Int } == [0, 1, 2, 3, 4])
        #expect(lines[0]["heard"] is NSNull && lines[0]["state"] as? String == "greeting")
        #expect((lines[1]["cart"] as? [String: Any])?["total"] as? String == "9.50")
        #expect(lines[2]["heard"] as? String == "" && lines[2]["accepted"] as? Bool == false)
        for line in lines[3...4] {
            #expect(line["accepted"] as? Bool == false && (line["acts"] as? [Any])?.isEmpty == true)
            #expect((line["cart"] as? [String: Any])?["total"] as? String == "9.50")
        }
        #expect(lines[5]["ended"] as? String == "input_end")
        #expect(run.errors.split(separator: "\n").count == 2, "\(run.errors)")
    }

    @Test("A number that is none is wrong usage", arguments: ["0671234567", "+0671234567", "+38067", "+38067123456x"])
    func caller(number: String) async throws {
        let run = try await Program.run(["talk", "--caller", number])
        #expect(run.status == 2 && run.errors.contains("E.164"))
    }

    @Test("understand gives an object for every line, also where there is nothing to understand")
    func understand() async throws {
        let run = try await Program.run(
            ["understand", "--json"], input: Data("two colas and a latte\n\nqwrt zxcv\nyes".utf8))
        let lines = try objects(run)
        #expect(run.status == 0 && lines.count == 4)
        #expect(lines.map { $0["text"] as? String } == ["two colas and a latte", "", "qwrt zxcv", "yes"])
        let acts = lines.map { ($0["acts"] as? [[String: Any]] ?? []).compactMap { $0["intent"] as? String } }
        #expect(acts == [["add_to_cart"], [], [], ["affirm"]])
        #expect(lines[2]["confidence"] as? Double == 0)
    }

    @Test("Recordings that are not there", .enabled(if: hasModel, "the recogniser's model is not installed"))
    func missing() async throws {
        let yes = Program.root.appending(path: "AudioFixtures/kiosk/yes-please.rms.wav").path
        let heard = try await Program.run(["hear", "--json", "--state", "yes_no", "/no/such.wav", yes])
        #expect(heard.status == 1 && heard.errors.contains("/no/such.wav"))
        let lines = try objects(heard)
        #expect(lines.count == 1 && lines[0]["file"] as? String == yes, "the others are heard all the same")
        #expect((lines[0]["audioSeconds"] as? Double ?? 0) > 0.5)

        let scratch = try Scratch()
        let call = try await Program.run(["call", "--data", scratch.path, yes, "/no/such.wav"])
        #expect(call.status == 1 && call.errors.contains("/no/such.wav"))
        #expect(call.output.isEmpty, "no call begins that cannot go on")
    }

    @Test(
        "Testers' calls pass, fail, are known to fail, or are no calls",
        .enabled(if: hasModel, "the recogniser's model is not installed"))
    func test() async throws {
        let scratch = try Scratch()
        func call(_ expectation: String, more: String = "") -> String {
            """
            {title: "a pizza in writing", line: "phone", caller: "+380671234567", now: "2026-03-02T12:00:00Z", \(more)
             turns: [{text: "a large pepperoni pizza", expect: \(expectation)}], expect: {orders: 0, ended: "input_end"}}
            """
        }
        let right = #"{intents: ["add_to_cart"], state: "ordering", asking: null, total: "9.50", reply: "*pepperoni*"}"#
        _ = try scratch.file("a/right.call.json5", call(right))
        var run = try await Program.run(["test", scratch.path])
        #expect(run.status == 0 && run.lines.last == "1 passed, 0 failed, 0 known failures", "\(run.output)")

        _ = try scratch.file("b-wrong.call.json5", call(#"{total: "8.50", reply: "*goodbye*"}"#))
        _ = try scratch.file("c-known.call.json5", call(#"{total: "8.50"}"#, more: #"knownFailure: "prices","#))
        _ = try scratch.file("d-slip.call.json5", call(#"{totel: "9.50"}"#))
        run = try await Program.run(["test", scratch.path])
        #expect(run.status == 1 && run.lines.last == "1 passed, 2 failed, 1 known failure", "\(run.output)")
        #expect(run.output.contains("total is 9.50, not 8.50; no reply is like “*goodbye*”"))
        #expect(run.output.contains(#"turns[0].expect.totel: is no field; did you mean "total"?"#))
        #expect(run.output.contains("(prices)"))

        let json = try objects(try await Program.run(["test", "--json", scratch.path]))
        #expect(json.compactMap { $0["result"] as? String } == ["passed", "failed", "known_failure", "failed"])
        #expect(json.last?["failed"] as? Int == 2)

        let empty = try await Program.run(["test", try Scratch().path])
        #expect(empty.status == 1 && !empty.errors.isEmpty)
    }
}
