// `rozmova kiosk tune`: how sure a kiosk has to be that it was called. In: recordings of people who say the phrase, and of
// the shop without it. Out: how strongly the phrase is found in each, and the threshold between them.

import Audio
import Commerce
import Conversation
import Foundation
import Hearing

enum KioskTuneCommand: Command {
    static let usage = Usage(
        name: "kiosk tune", summary: "proposes the threshold of a wake phrase from recordings",
        positionals: [Positional(name: "FILE", count: .oneOrMore)],
        options: [
            Option(
                name: "phrase", value: "TEXT", summary: "the phrase; left out: the first kiosk's in the configuration"),
            Option(
                name: "without", value: "PATH",
                summary: "a recording, or a folder of them, in which nobody says it: silence, the shop's noise, talk"),
            .json, .shop, .language, .config,
        ],
        details: """
            FILE is somebody who says the phrase, once. A few people at the stand and half an hour of the shop will do; as
            with `arecord -D DEVICE -f S16_LE -r 16000 -c 1 FILE`.
            """)

    /// One false wake in two hours is what a shop may be disturbed by.
    private static let falseWakesAnHour = 0.5

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        guard let phrase = arguments.value("phrase") ?? house.settings.kiosks.lazy.compactMap(\.wake).first?.phrase
        else {
            throw arguments.mistake("which phrase? Use --phrase, or configure a kiosk with `wake`")
        }
        let pack = try house.pack(for: try? house.shopRules())
        let spotter = try await house.spotter(
            of: Settings.Wake(phrase: phrase), pack: pack, voice: house.speaker(pack))
        var said: [Double?] = []
        for path in arguments.positionals {
            said.append(try await spotter.strengths(in: try BandReader.load(path, band: .wideband)).max())
        }
        var others: [Double] = []
        var seconds = 0.0
        for path in try arguments.value("without").map(recordings) ?? [] {
            let samples = try BandReader.load(path, band: .wideband)
            seconds += Double(samples.count) / Double(Band.wideband.rate)
            others += try await spotter.strengths(in: samples)
        }
        let found = WakeProposal(said: said, others: others, hours: seconds / 3_600, allowed: falseWakesAnHour)
        let threshold = "1e\(Int(found.threshold))"
        if arguments.has("json") {
            let fields: [(name: String, value: JSONText)] = [
                ("phrase", .text(phrase)), ("threshold", .text(threshold)), ("said", .count(found.said)),
                ("heard", .count(found.heard)), ("hoursWithout", .decimal(found.hours, digits: 3)),
                ("falseWakes", .count(found.falseWakes)),
            ]
            return Console.line(JSONText.object(fields).line)
        }
        for (path, strength) in zip(arguments.positionals, said) {
            Console.line("\(path): \(strength.map { "found, 1e\(Int($0))" } ?? "not found")")
        }
        Console.line(
            """
            wake: {phrase: "\(phrase)", threshold: \(threshold)}
            hears \(found.heard) of \(found.said); in \(Int(found.hours * 60)) min without the phrase it is woken \
            \(found.falseWakes) times
            """)
        if found.hours == 0 { Console.error("rozmova kiosk tune: without --without nobody knows what else wakes it") }
    }

    /// A file, or all WAV files of a folder.
    private static func recordings(_ path: String) throws -> [String] {
        guard (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeDirectory
        else { return [path] }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".wav") }.sorted()
            .map { "\(path)/\($0)" }
    }
}
