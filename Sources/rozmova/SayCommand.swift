// `rozmova say`: what the assistant would sound like, and how it words what is written.

import Audio
import Language
import Speaking

enum SayCommand: Command {
    static let usage = Usage(
        name: "say", summary: "writes what the assistant would sound like into a WAV file",
        positionals: [Positional(name: "TEXT", count: .oneOrMore)],
        options: [
            Option(name: "out", value: "FILE.wav", summary: "the file; left out: say.wav"),
            Option(
                name: "line", value: "LINE", summary: "as heard on it; left out: kiosk", choices: ["phone", "kiosk"]),
            .language, .config,
        ],
        details: "Prices, quantities, times and telephone numbers in TEXT are worded for the ear, as in a conversation."
    )

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let pack = try house.pack()
        let band: Band = arguments.value("line") == "phone" ? .telephone : .wideband
        let words = pack.rules.forEar(arguments.positionals.joined(separator: " "))
        let samples = try await house.speaker(pack).synthesize(words, language: pack.code, band: band)
        guard !samples.isEmpty else { throw Failure("there is nothing in this text that can be said") }
        let file = try WaveWriter(path: arguments.value("out") ?? "say.wav", rate: band.rate, channels: 1)
        try file.write(samples)
        try file.close()
        Console.line(words)
        Console.line("\(file.path), \(samples.count * 1_000 / band.rate) ms")
    }
}
