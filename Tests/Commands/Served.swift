// A daemon as it is run, for tests: `rozmova serve` with a telephone on loopback, a shop and a database of its own.

import Foundation
import Synchronization

/// A daemon of its own, on a port and in folders of its own. `@unchecked Sendable`: of its process only its number and its end
/// are asked for.
final class Served: @unchecked Sendable {
    let scratch: Scratch
    let port: Int
    private let process = Process()
    private let log: URL

    private static let ports = Mutex(21_060 + Int(ProcessInfo.processInfo.processIdentifier % 2_000) * 10)

    /// Ports that nothing else of these tests uses: an even one and the next.
    static func freePort() -> Int {
        ports.withLock { next in
            next += 2
            return next
        }
    }

    /// - Parameters:
    ///   - phone: the telephone's settings beside its address and port; `FOLDER` stands for the daemon's folder.
    ///   - beside: another line, such as a kiosk whose devices are the test card `counter`.
    ///   - sound: more of ALSA's configuration; `FOLDER` here too.
    ///   - person: where callers who want a person are put through to.
    ///   - drain: the seconds that calls have to end in after the daemon was told to.
    init(
        phone: String = #"trusted: ["127.0.0.1"], calls: 1"#, beside: String? = nil, sound: String = "",
        person: String? = nil, decoders: Int = 1, drain: Int = 5, secrets: [String: String] = [:]
    ) throws {
        scratch = try Scratch()
        port = Self.freePort()
        log = scratch.folder.appending(path: "log")
        try Data().write(to: log)
        let shop = scratch.folder.appending(path: "shop")
        try FileManager.default.copyItem(at: Program.root.appending(path: "Models/demo-shop"), to: shop)
        if let person {
            let file = shop.appending(path: "shop.json5")
            try String(contentsOf: file, encoding: .utf8)
                .replacingOccurrences(
                    of: #"operator: {hours: "same"}"#,
                    with:
                        #"operator: {transferTo: "\#(person)", hours: [{days: "mon-sun", open: "00:00", close: "24:00"}]}"#
                )
                .write(to: file, atomically: true, encoding: .utf8)
        }
        let config = try Self.configure(
            scratch, decoders: decoders, drain: drain, lines: Self.line(port, phone) + ", " + (beside ?? ""))
        let alsa = try scratch.alsa(
            card: "counter", and: sound.replacingOccurrences(of: "FOLDER", with: scratch.path))
        process.executableURL = URL(filePath: Program.path)
        process.arguments = ["serve", "--config", config]
        process.environment = [
            "HOME": scratch.folder.path, "XDG_RUNTIME_DIR": scratch.folder.path, "PATH": "/usr/bin:/bin",
            "ALSA_CONFIG_PATH": alsa,
        ].merging(secrets) { $1 }
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { process.interrupt(); process.terminate() } }

    /// Other lines, and the daemon is told so.
    func reload(lines: [String]) throws {
        try Self.configure(scratch, decoders: 1, drain: 5, lines: lines.joined(separator: ", "))
        signal(SIGHUP)
    }

    /// A telephone on loopback with these settings.
    static func line(_ port: Int, _ settings: String) -> String {
        #"{kind: "phone", address: "127.0.0.1", port: \#(port), \#(settings)}"#
    }

    @discardableResult
    private static func configure(_ scratch: Scratch, decoders: Int, drain: Int, lines: String) throws -> String {
        try scratch.file(
            "serve.json5",
            """
            {shop: "shop", data: "data", metrics: "rozmova.prom", limits: {decoders: \(decoders), drainSeconds: \(drain)},
             lines: [\(lines.replacingOccurrences(of: "FOLDER", with: scratch.path))]}
            """)
    }

    var errors: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
    var isRunning: Bool { process.isRunning }
    var exitStatus: Int32 { process.isRunning ? -1 : process.terminationStatus }
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for something, at most 30 seconds.
    func until(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<300 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    /// Whether a kiosk's display has this in it.
    func shows(_ text: String, on file: String = "display.json") -> Bool { display(file).contains(text) }

    /// All that a kiosk's display has in it.
    func display(_ file: String = "display.json") -> String {
        (try? String(contentsOf: scratch.folder.appending(path: file), encoding: .utf8)) ?? ""
    }

    /// Writes a word to a kiosk's button, a FIFO.
    func press(_ word: String, at file: String = "button") throws {
        let button = try FileHandle(forWritingTo: scratch.folder.appending(path: file))
        try button.write(contentsOf: Data("\(word)\n".utf8))
        try button.close()
    }

    func status() async throws -> Run {
        try await Program.run(["status", "--json", "--config", "\(scratch.path)/serve.json5"])
    }

    /// Total and goods of each order there is, in the order of these texts.
    func orders() async throws -> [String] { try await Program.orders(["--config", "\(scratch.path)/serve.json5"]) }
}

extension Program {
    /// Total and goods of each order in a database, in the order of these texts.
    static func orders(_ words: [String]) async throws -> [String] {
        try await run(["orders", "list"] + words).lines.map { line in
            let fields = line.components(separatedBy: "  ")
            return fields.count == 6 ? "\(fields[3]): \(fields[5])" : String(line)
        }.sorted()
    }
}
