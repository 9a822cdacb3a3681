// Where things are that nobody named: the packs and the demo shop beside the program, the data of this user.

import Foundation

enum Places {
    /// The folder that holds `en` and `demo-shop`: `Models` somewhere above a built program, `share/rozmova` beside
    /// an installed one's `bin`.
    static func models() throws -> URL {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = program.deletingLastPathComponent()
        while folder.path != "/" {
            for candidate in [folder.appending(path: "Models"), folder.appending(path: "share/rozmova")]
            where FileManager.default.fileExists(atPath: candidate.appending(path: "demo-shop/shop.json5").path) {
                return candidate
            }
            folder = folder.deletingLastPathComponent()
        }
        throw Failure(
            "neither Models nor share/rozmova stands above \(program.path); name the folders: "
                + "`shop` (or --shop) and `models.languages`, see `rozmova help configuration`")
    }

    /// Where a running `serve` says what it is doing: `$RUNTIME_DIRECTORY` or, for who asks from outside of the service,
    /// `/run/rozmova`, where there is one; else the data folder.
    static func statusSocket(
        data: URL, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        let named = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        let service = "/run/rozmova/status.sock"
        if let named { return "\(named)/status.sock" }
        let own = data.appending(path: "status.sock").path
        return !FileManager.default.fileExists(atPath: own) && FileManager.default.fileExists(atPath: service)
            ? service : own
    }

    /// `$STATE_DIRECTORY`, else `$XDG_STATE_HOME/rozmova`, else `~/.local/state/rozmova`.
    static func data(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
        func named(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        // systemd separates several with colons; the first is ours.
        if let state = named("STATE_DIRECTORY")?.split(separator: ":").first { return URL(filePath: String(state)) }
        if let state = named("XDG_STATE_HOME") { return URL(filePath: state).appending(path: "rozmova") }
        let home = named("HOME").map { URL(filePath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
        return home.appending(path: ".local/state/rozmova")
    }
}
