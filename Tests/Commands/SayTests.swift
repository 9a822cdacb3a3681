// `rozmova say`: a WAV file with speech in it and the words for the ear, or a reason why not.

import Foundation
import Testing

@Suite("Saying", .enabled(if: Program.isBuilt, "the program is not built"))
struct SayTests {
    @Test(
        "Figures are worded, and the file is a WAV in the line's band",
        arguments: [("phone", 8_000), ("kiosk", 16_000)])
    func words(line: String, rate: Int) async throws {
        let scratch = try Scratch()
        let file = scratch.folder.appending(path: "out.wav")
        let run = try await Program.run(["say", "--line", line, "--out", file.path, "Order 1042:", "$19.00"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("nineteen dollars") && !run.output.contains("1042"))
        let bytes = [UInt8](try Data(contentsOf: file))
        #expect(bytes.starts(with: Array("RIFF".utf8)))
        #expect(Int(bytes[24]) | Int(bytes[25]) << 8 == rate)
        // More than a second, and not all of it silence.
        #expect(bytes.count > 2 * rate)
        #expect(bytes.dropFirst(44).contains { $0 > 20 && $0 < 235 })
    }

    @Test(
        "Nothing to say, and nowhere to put it, are failures",
        arguments: [["..."], [" "], ["--out", "/nowhere/x.wav", "hello"]])
    func failures(words: [String]) async throws {
        let scratch = try Scratch()
        let run = try await Program.run(["say"] + words, folder: scratch.folder)
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("rozmova: "))
        #expect(try scratch.names().isEmpty)
    }

    @Test("Long and odd text is spoken without harm")
    func odd() async throws {
        let scratch = try Scratch()
        let text = String(repeating: "<p>\u{1F355} \u{202E}піца & ^_^ %s ", count: 40)
        let run = try await Program.run(["say", "--out", "odd.wav", text], folder: scratch.folder)
        #expect(run.status == 0, "\(run.errors)")
    }
}
