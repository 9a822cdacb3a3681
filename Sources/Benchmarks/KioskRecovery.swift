// How long a kiosk takes to notice that a device is lost, and to hear again once it is back. In: the tests' sound card, which
// ALSA loads where it was built. Out: a table of every way to lose a device.

import Audio
import Foundation
import Lines
import Platform

enum KioskRecovery {
    /// Words for the card, and what they are to an engineer.
    private static let losses = [
        ("an error for ever", "EIO"), ("overruns for ever", "EPIPES"), ("unplugged", "ENODEV"),
        ("standing still", "STALL"), ("calls that do not return", "BLOCK"),
        ("the loudspeaker's error for ever", "EIO playback"),
        ("the loudspeaker's overruns for ever", "EPIPES playback"),
        ("the loudspeaker standing still", "STALL playback"),
        ("the loudspeaker's calls that do not return", "BLOCK playback"),
    ]
    /// Seconds that a device is away; longest wait for anything.
    private static let (away, patience) = (5.0, 20.0)

    /// Nothing where the card was not built: it belongs to the tests.
    static func table(_ output: BenchmarkOutput) async throws -> Table? {
        let card = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "libTestCard.so")
        guard FileManager.default.fileExists(atPath: card.path) else {
            output.note("kiosk: without \(card.lastPathComponent), which the tests build, no device can be lost")
            return nil
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-card-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = folder.appending(path: "asound.conf")
        try Data(
            """
            </usr/share/alsa/alsa.conf>
            pcm_type.testcard { lib "\(card.path)" }
            pcm.bench { type testcard folder "\(folder.path)" }
            """.utf8
        ).write(to: configuration)
        unsafe setenv("ALSA_CONFIG_PATH", configuration.path, 1)
        var rows: [[Table.Cell]] = []
        for (name, words) in losses { rows.append([.text(name)] + (try await lose(words, in: folder))) }
        return Table(
            "kiosk", "a device that is away for 5 s: seconds until it is noticed, and until it is heard again",
            ["loss", "noticed after", "heard again after it is back"], rows)
    }

    private static func lose(_ words: String, in folder: URL) async throws -> [Table.Cell] {
        var settings = KioskLineSettings()
        (settings.microphone, settings.loudspeaker) = ("bench", "bench")
        let line = KioskLine.open(settings, log: Log(component: "kiosk") { _ in })
        defer { line.close() }
        let reader = Task { while case .frame = await line.next() {} }
        defer { reader.cancel() }
        guard await until({ line.facts.isWorking }) != nil else { return [.text("no sound"), .nothing] }
        let fault = folder.appending(path: "fault")
        try Data(words.utf8).write(to: fault)
        let watch = Stopwatch()
        let noticed = await until { !line.facts.isWorking }
        while watch.seconds < away { try await Task.sleep(for: .milliseconds(20)) }
        try FileManager.default.removeItem(at: fault)
        let back = await until { line.facts.isWorking }
        return [noticed, back].map { seconds in
            seconds.map { .decimal($0, digits: 1) } ?? .text("never")
        }
    }

    /// Seconds until it holds; nil where it does not in time.
    private static func until(_ condition: () -> Bool) async -> Double? {
        let watch = Stopwatch()
        while watch.seconds < patience {
            if condition() { return watch.seconds }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}
