// `rozmova check`: a line for each thing that `serve` would need, and status 1 where one would not do.

import Audio
import Foundation
import Testing

@Suite("Checking", .enabled(if: Program.isBuilt, "the program is not built"))
struct CheckTests {
    @Test("Everything that came with the program is in order")
    func standard() async throws {
        let run = try await Program.run(["check"])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        for part in ["configuration", "shop", "language", "models", "key", "database", "speech"] {
            #expect(run.output.contains("\n\(part): ok") || run.output.hasPrefix("\(part): ok"), "\(part)")
        }
    }

    @Test("One thing that is wrong does not hide the others")
    func several() async throws {
        let scratch = try Scratch()
        let config = try scratch.file(
            "config.json5", #"{models: {acoustic: "/nowhere/model"}, shop: "/nowhere/shop", data: "data"}"#)
        let run = try await Program.run(["check", "--config", config])
        #expect(run.status == 1)
        #expect(run.output.contains("/nowhere/model") && run.output.contains("/nowhere/shop"))
        #expect(run.output.contains("database: ok"))
    }

    @Test("A language without a pack is named, with what to do")
    func language() async throws {
        for words in [["check"], ["say", "--out", "x.wav", "x"]] {
            let run = try await Program.run(words + ["--language", "uk"])
            #expect(run.status == 1)
            #expect((run.output + run.errors).contains("uk"))
        }
    }

    @Test("A mistake in a pack's sentences is found, and shown")
    func sentences() async throws {
        let scratch = try Scratch()
        let pack = scratch.folder.appending(path: "en")
        try FileManager.default.copyItem(at: Program.root.appending(path: "Models/en"), to: pack)
        let book = pack.appending(path: "sentences.json5")
        let text = try String(contentsOf: book, encoding: .utf8)
        try Data(text.replacing("rules: {", with: "rules: {broken: \"(one|two\",").utf8).write(to: book)
        let config = try scratch.file("config.json5", "{models: {languages: \"\(scratch.path)\"}}")
        for words in [["check"], ["understand"]] {
            let run = try await Program.run(words + ["--config", config])
            #expect(run.status == 1)
            #expect((run.output + run.errors).contains("(one|two"), "\(run.output)\(run.errors)")
        }
    }

    @Test("Checking makes nothing, and says where nothing can be made")
    func makesNothing() async throws {
        let scratch = try Scratch()
        let data = scratch.folder.appending(path: "state").path
        let run = try await Program.run(["check", "--data", data])
        #expect(run.output.contains("database: ok, will be made in \(data)"))
        #expect(try scratch.names().isEmpty)
        #expect(
            try await Program.run(["check", "--data", "/etc/passwd/state"]).output.contains("database: /etc/passwd"))
    }

    @Test("A kiosk's devices are tried: they speak, or it is said which does not")
    func kiosk() async throws {
        let scratch = try Scratch()
        _ = try scratch.file("card.conf", "rate 48000 channels 2")
        let alsa = try scratch.alsa(card: "counter")
        let config = try scratch.file(
            "config.json5",
            #"{data: "data", lines: [{kind: "kiosk", name: "counter", microphone: "counter"}, {kind: "kiosk", microphone: "gone"}]}"#
        )
        let run = try await Program.run(
            ["check", "--config", config], environment: ["ALSA_CONFIG_PATH": alsa])
        #expect(run.status == 1)
        #expect(run.output.contains("counter: ok, 48000 Hz s16 ×2"), "\(run.output)")
        #expect(run.output.contains("kiosk-2: gone: "), "\(run.output)")
        let loud = try await Program.run(
            ["check", "--sound", "--config", config], environment: ["ALSA_CONFIG_PATH": alsa])
        #expect(loud.output.contains("customers may interrupt"), "\(loud.output)")
        #expect(loud.output.contains("the microphone is silent") && loud.output.contains("nobody spoke"))
        // Two seconds of the greeting at least, in stereo.
        #expect(try Data(contentsOf: scratch.folder.appending(path: "speaker.raw")).count > 2 * 4 * 48_000)
    }

    @Test(
        "Who tries a kiosk's microphone hears whether it is set too faint or too loud",
        arguments: [
            (-48.0, "too faint: turn the microphone up" as String?), (-30, nil),
            (-8, "too loud: turn the microphone down"),
        ])
    func levels(level: Double, advice: String?) async throws {
        let scratch = try Scratch()
        // A quiet room for a second, and then somebody who speaks again and again.
        let file = Program.root.appending(path: "AudioFixtures/kiosk/a-large-pepperoni-pizza-please.rms.wav")
        let words = try BandReader.load(file.path, band: .wideband)
        let factor = pow(10, (level - SoundLevel.ofFrame(words[...])) / 20)
        let room = (0..<16_000).map { Int16($0 * 7_919 % 13 - 6) }
        let said = SoundLevel.scaled(words, by: factor) + room
        let sound = room + (0..<8).flatMap { _ in said }
        let bytes = sound.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        try Data(bytes).write(to: scratch.folder.appending(path: "mic.raw"))
        let alsa = try scratch.alsa(card: "counter")
        let config = try scratch.file(
            "config.json5", #"{data: "data", lines: [{kind: "kiosk", name: "counter", microphone: "counter"}]}"#)
        let run = try await Program.run(
            ["check", "--sound", "--config", config], environment: ["ALSA_CONFIG_PATH": alsa])
        #expect(run.output.contains("who spoke came in at"), "\(run.output)")
        if let advice { #expect(run.output.contains(advice), "\(run.output)") }
        #expect(run.output.contains("which is too") == (advice != nil), "\(run.output)")
        #expect(run.errors.contains("say something to counter now"))
    }

    @Test("A database without its key is found")
    func lostKey() async throws {
        let scratch = try Scratch()
        #expect(try await Program.run(["orders", "list", "--data", scratch.path]).status == 0)
        try FileManager.default.removeItem(atPath: "\(scratch.path)/rozmova-key")
        let run = try await Program.run(["check", "--data", scratch.path])
        #expect(run.status == 1)
        #expect(run.output.contains("key: rozmova-key is missing"))
        #expect(try !scratch.names().contains("rozmova-key"))
    }

    @Test("A key that others may read is found")
    func openKey() async throws {
        let scratch = try Scratch()
        #expect(try await Program.run(["orders", "list", "--data", scratch.path]).status == 0)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: "\(scratch.path)/rozmova-key")
        let run = try await Program.run(["check", "--data", scratch.path])
        #expect(run.status == 1)
        #expect(run.output.contains("chmod 600"))
    }
}
