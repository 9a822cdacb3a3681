// Runs the built program as anybody would: words, standard input and an environment in; both outputs and the exit
// status out. Each run has a data folder of its own.

import Foundation
import Testing

/// What became of one run.
struct Run: Sendable {
    let status: Int32
    let output: String
    let errors: String

    var lines: [Substring] { output.split(separator: "\n") }
}

/// The program that was built with the tests.
enum Program {
    /// Beside the test bundle, which is the program that is running now.
    static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "rozmova").path

    static let isBuilt = FileManager.default.isExecutableFile(atPath: path)

    /// The project's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs `rozmova` with these words; it is killed, with status 9, where it takes longer than a minute.
    static func run(
        _ words: [String], input: Data = Data(), environment: [String: String] = [:], folder: URL? = nil
    ) async throws -> Run {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = words
        process.currentDirectoryURL = folder ?? scratch.folder
        // The sound server's library leaves a folder behind where it has no folder for what is running.
        let own = ["HOME": scratch.folder.path, "XDG_RUNTIME_DIR": scratch.folder.path, "PATH": "/usr/bin:/bin"]
        process.environment = own.merging(environment) { $1 }
        // Files, not pipes: no output is too long for them, and nobody has to read while the program runs.
        let inputFile = scratch.folder.appending(path: "input")
        try input.write(to: inputFile)
        let files = try ["output", "errors"].map { name in
            let file = scratch.folder.appending(path: name)
            try Data().write(to: file)
            return try FileHandle(forWritingTo: file)
        }
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = files[0]
        process.standardError = files[1]
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                let identifier = process.processIdentifier
                DispatchQueue.global().asyncAfter(deadline: .now() + 60) {
                    if process.isRunning { kill(identifier, SIGKILL) }
                }
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: scratch.folder.appending(path: name)), as: UTF8.self)
        }
        return Run(status: status, output: try text("output"), errors: try text("errors"))
    }
}

/// A folder that goes away with its owner.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file into the folder and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    var path: String { folder.path }

    /// A configuration of ALSA with a sound card that needs no hardware: the plugin that was built with the tests, in this
    /// folder (`Tests/Support/TestCard`), and with other devices.
    func alsa(card name: String, and others: String = "") throws -> String {
        let plugin = URL(filePath: Program.path).deletingLastPathComponent().appending(path: "libTestCard.so").path
        return try file(
            "alsa.conf",
            """
            </usr/share/alsa/alsa.conf>
            pcm_type.testcard { lib "\(plugin)" }
            pcm.\(name) { type testcard folder "\(path)" }
            \(others)
            """)
    }
}
