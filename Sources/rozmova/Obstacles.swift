// Why a retention policy could not be kept here: what it says, languages that nobody speaks here, who else can read the files, and how
// long the journal keeps the log.
// In: settings and the data folder. Out: one reason for each; `serve` does not start with any.

import Foundation
import Platform
import Privacy

extension Composition {
    /// Every reason why `serve` would not do what the policy says; `languages` are those that conversations are held in.
    func obstacles(languages: [String]) -> [String] {
        let others = settings.retention.languages.subtracting(languages).sorted().map { code in
            "retention: a rule is for the language \(code), but conversations are held in "
                + languages.joined(separator: ", ") + ", so it would never hold"
        }
        return settings.retention.obstacles + others + openFiles() + Journal.obstacles(to: settings.retention[.log])
    }

    /// Files that somebody else can read or put something else in the place of.
    private func openFiles() -> [String] {
        let names = ["", "rozmova.sqlite", "rozmova.sqlite-wal", "rozmova-keys", "rozmova-erased", "recordings"]
        return names.compactMap { name in
            let path = name.isEmpty ? dataFolder.path : dataFolder.appending(path: name).path
            var status = stat()
            // The folder may be a link, as systemd makes it; nothing in it may.
            guard unsafe (name.isEmpty ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
            if status.st_mode & S_IFMT == S_IFLNK {
                return "\(path): is a link; what is kept has to be in the data folder"
            }
            let mode = status.st_mode & 0o777
            if mode & 0o077 != 0 {
                let wanted = status.st_mode & S_IFMT == S_IFDIR ? "700" : "600"
                return "\(path): others can use it (mode \(String(mode, radix: 8))). Run: chmod \(wanted) \(path)"
            }
            return status.st_uid == geteuid() ? nil : "\(path): belongs to another user, number \(status.st_uid)"
        }
    }
}

/// The log of the daemon, where systemd keeps it.
enum Journal {
    /// Why the log would be kept longer than the rule says; none where it does not go to the journal.
    static func obstacles(
        to rule: Retention, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        guard rule.form != .off, takesStandardError(environment["JOURNAL_STREAM"]) else { return [] }
        let name = environment["LOG_NAMESPACE"].map { "journald@\($0).conf" } ?? "journald.conf"
        let path = "/etc/systemd/\(name)"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        if let seconds = longest(in: text), seconds <= rule.seconds { return [] }
        return [
            "retention.log.days: the journal may keep the log for longer than \(rule.days) days. Under [Journal] in \(path) "
                + "MaxRetentionSec and MaxFileSec have to come to no more together, such as \(rule.days * 24 - 12)h and 12h"
        ]
    }

    /// Whether standard error is the stream that systemd names: device and file.
    private static func takesStandardError(_ stream: String?) -> Bool {
        var status = stat()
        guard let stream, unsafe fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// For how many seconds a line may be kept: a file of the journal goes when its youngest line is so old. nil is for ever.
    static func longest(in configuration: String) -> Int64? {
        guard let retention = seconds("MaxRetentionSec", in: configuration), retention > 0 else { return nil }
        // A file is filled for a month where nothing else is said (journald.conf(5)).
        return retention + (seconds("MaxFileSec", in: configuration) ?? 2_629_800)
    }

    /// What a setting says, such as `2week` or `1209600`; nil where it says nothing that is known.
    private static func seconds(_ name: String, in configuration: String) -> Int64? {
        let units: [String: Int64] = [
            "": 1, "s": 1, "sec": 1, "min": 60, "h": 3_600, "hour": 3_600, "d": 86_400, "day": 86_400, "days": 86_400,
            "w": 604_800, "week": 604_800, "weeks": 604_800, "month": 2_629_800, "year": 31_557_600,
        ]
        let line = configuration.split(separator: "\n").last { $0.hasPrefix(name + "=") }
        guard let value = line?.dropFirst(name.count + 1).filter({ $0 != " " && $0 != "\t" }),
            let number = Int32(value.prefix { $0.isNumber }), let unit = units[value.drop { $0.isNumber }.lowercased()]
        else { return nil }
        return Int64(number) * unit
    }
}
