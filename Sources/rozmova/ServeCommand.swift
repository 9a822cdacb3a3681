// `rozmova serve`: the daemon. It lives with systemd or without: signals, readiness, a watchdog, a socket for
// `rozmova status`, metrics in a file, a shop that is taken up anew when its files change, and the retention sweep.

import Commerce
import Conversation
import Foundation
import Lines
import Platform
import Privacy

enum ServeCommand: Command {
    static let usage = Usage(
        name: "serve",
        summary: "the daemon: takes calls and serves kiosks until SIGTERM, which lets live ones come to their end",
        options: [.shop, .data, .language, .config],
        details: """
            Lines are in the configuration: `lines`. SIGHUP reads configuration and shop anew, telephone lines too: calls go on, a
            line that is gone closes with its last call, one whose transports change waits until it has none. What cannot be taken
            up stays as it was, and `rozmova status` says why. A changed catalogue is taken up by itself. Limits, kiosks, models,
            folders and retention take a restart.
            Passwords come from systemd credentials, else from the environment:
            sip-register-password ($ROZMOVA_SIP_REGISTER_PASSWORD), sip-login-password ($ROZMOVA_SIP_LOGIN_PASSWORD);
            of one line among several, with its name behind: sip-register-password-NAME. The certificate for TLS and its key, in
            one file, are the credential sip-certificate.
            """)

    private static let log = Log(component: "serve")

    static func run(_ arguments: Arguments) async throws {
        // From the first moment: a signal that comes while models are read is not lost.
        let signals = Signals.stream([Signals.terminate, Signals.interrupt, Signals.reload])
        let manager = ServiceManager()
        let house = try Composition(arguments)
        let obstacles = house.obstacles(languages: try house.spokenLanguages())
        guard obstacles.isEmpty else {
            throw Failure("the retention policy cannot be kept:\n" + obstacles.joined(separator: "\n"))
        }
        if house.settings.retention[.log].form == .off { Log.fallSilent() }
        let daemon = try await Daemon(house)
        let path = Places.statusSocket(data: house.dataFolder)
        let socket: LocalSocket
        do {
            socket = try LocalSocket(path: path) { await daemon.status().json.line }
        } catch {
            await daemon.drain(seconds: 0)
            throw Failure("no status socket, is another `rozmova serve` running? \(error.description)")
        }
        defer { socket.close() }
        let serving = Task { await daemon.serve() }
        manager.tell(.ready, status: "taking calls")
        log.info("taking calls, status at \(fact: path)")
        let chores = [
            Task { await watch(daemon, manager) },
            Task { await followShop(daemon, arguments) },
            Task { await writeMetrics(daemon, to: house.settings.metrics) },
            Task { await sweep(daemon) },
            Task { await daemon.doErrands() },
        ]
        var draining: Task<Void, Never>?
        for await signal in signals {
            if signal == Signals.reload, draining == nil {
                manager.tell(.reloading)
                await daemon.reload({ try Composition(arguments) }, withLines: true)
                manager.tell(.ready)
            } else if signal != Signals.reload {
                // The second one is meant more seriously.
                guard draining == nil else {
                    await daemon.hurry()
                    continue
                }
                manager.tell(.stopping, status: "letting calls come to their end")
                draining = Task {
                    await daemon.drain(seconds: house.settings.limits.drainSeconds)
                    serving.cancel()
                    chores.forEach { $0.cancel() }
                    socket.close()
                    log.info("stopped")
                    exit(0)
                }
            }
        }
    }

    // MARK: Chores

    /// Each line's thread has to be seen at work, and the daemon has to answer.
    private static func watch(_ daemon: Daemon, _ manager: ServiceManager) async {
        let pause = min(10, (manager.watchdogSeconds ?? 20) / 2)
        while !Task.isCancelled {
            let status = await daemon.status()
            let pulse = status.phones.map(\.counts.secondsSincePulse).max() ?? 0
            if pulse < 10 {
                manager.tell(.alive, status: "\(status.live.count) calls, \(status.totals.calls) in all")
            } else {
                log.error("a telephone line has not been seen at work for \(pulse) s")
            }
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    /// `catalog import`, or an editor, has changed the shop: it is taken up within seconds. The configuration may name another
    /// folder when it has changed itself.
    private static func followShop(_ daemon: Daemon, _ arguments: Arguments) async {
        let configuration = Settings.file(arguments.value("config"))
        var settings = FileStamp(configuration)
        var folder = try? Composition(arguments).shopFolder()
        func stamps() -> [FileStamp?] {
            [ShopFolder.shopFile, ShopFolder.catalogFile].map { FileStamp(folder?.appending(path: $0).path) }
        }
        var known = stamps()
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(3))
            let latest = FileStamp(configuration)
            if latest != settings {
                settings = latest
                folder = (try? Composition(arguments).shopFolder()) ?? folder
            }
            let now = stamps()
            guard now != known else { continue }
            known = now
            await daemon.reload({ try Composition(arguments) }, withLines: false)
        }
    }

    private static func writeMetrics(_ daemon: Daemon, to path: String?) async {
        guard let path else { return }
        while !Task.isCancelled {
            do {
                // A reader finds the old file or the new one, never a part.
                try await Data(daemon.status().metrics.utf8).write(to: URL(filePath: path), options: .atomic)
            } catch {
                log.warning("the metrics cannot be written: \(fact: Reason.of(error))")
            }
            try? await Task.sleep(for: .seconds(15))
        }
    }

    private static func sweep(_ daemon: Daemon) async {
        while !Task.isCancelled {
            await daemon.sweep()
            try? await Task.sleep(for: .seconds(3_600))
        }
    }
}

/// By what a changed file is known without reading it: another one in its place has another number.
private struct FileStamp: Equatable {
    private let number: UInt64
    private let size: Int64
    private let modified: [Int]

    /// nil where there is no file.
    init?(_ path: String?) {
        var status = stat()
        guard let path, unsafe stat(path, &status) == 0 else { return nil }
        (number, size) = (UInt64(status.st_ino), Int64(status.st_size))
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}
