// A sound card without hardware for these tests: ALSA loads the plugin that the package built, from a folder of its own.

import Foundation
import Lines
import Testing

/// One card: a folder with what its microphone hears and what its loudspeaker said.
final class TestCard: Sendable {
    private let folder: URL

    /// Beside the test bundle, which is the program that is running now.
    private static let library = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "libTestCard.so").path

    static let isBuilt = FileManager.default.fileExists(atPath: library)

    /// ALSA reads its configuration once for the process.
    private static let configuration: Void = {
        let file = FileManager.default.temporaryDirectory.appending(path: "rozmova-cards-\(getpid()).conf")
        let text = """
            </usr/share/alsa/alsa.conf>
            pcm_type.testcard { lib "\(library)" }
            pcm.card { @args [FOLDER] @args.FOLDER { type string } type testcard folder $FOLDER }
            """
        try? Data(text.utf8).write(to: file)
        unsafe setenv("ALSA_CONFIG_PATH", file.path, 1)
    }()

    /// - Parameters:
    ///   - microphone: what it hears, bytes as the card has them.
    ///   - form: words of `card.conf`, such as `speed 0`.
    init(hearing microphone: [UInt8] = [], _ form: String = "") throws {
        _ = Self.configuration
        folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-card-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(microphone).write(to: folder.appending(path: "mic.raw"))
        try Data(form.utf8).write(to: folder.appending(path: "card.conf"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var settings: KioskLineSettings {
        var settings = KioskLineSettings()
        settings.name = "stand"
        settings.microphone = "card:FOLDER='\(folder.path)'"
        settings.loudspeaker = settings.microphone
        return settings
    }

    /// What the loudspeaker said, as bytes.
    var said: [UInt8] { (try? Data(contentsOf: folder.appending(path: "speaker.raw"))).map(Array.init) ?? [] }

    /// From now on it has a fault; nil repairs it.
    func fault(_ words: String?) throws {
        let file = folder.appending(path: "fault")
        if let words { try Data(words.utf8).write(to: file) } else { try FileManager.default.removeItem(at: file) }
    }
}

/// 16-bit samples as bytes.
func bytes(_ samples: [Int16]) -> [UInt8] {
    samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
}

/// 16-bit samples of bytes.
func samples(_ bytes: [UInt8]) -> [Int16] {
    stride(from: 0, to: bytes.count - 1, by: 2).map {
        Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
    }
}
