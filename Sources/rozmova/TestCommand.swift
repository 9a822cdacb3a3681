// `rozmova test`: plays testers' calls, each on a database of its own, and compares with what they expect.

import Commerce
import Conversation
import Foundation
import Platform

enum TestCommand: Command {
    static let usage = Usage(
        name: "test", summary: "plays every *.call.json5 of a folder and compares with what it expects",
        positionals: [Positional(name: "DIR")],
        options: [
            .now, Option(name: "seed", value: "N", summary: "makes the identifiers; left out: 1"), .json, .shop,
            .language, .config,
        ],
        details: """
            Each call is played on a database of its own, which is removed. Time stands still at the call's own `now`,
            else at --now. A call with `knownFailure` is played too; it fails nothing. Fails where any other call does.
            """)

    static func run(_ arguments: Arguments) async throws {
        let folder = URL(filePath: arguments.positionals[0])
        let files = try callFiles(in: folder)
        let clock = WallClock.fixed(try arguments.clock().now)
        let seed = try arguments.integer("seed", in: 0...Int.max) ?? 1
        let player = try CallPlayer(try Composition(arguments, clock: clock))
        var counts: [Verdict.Result: Int] = [:]
        for file in files {
            let verdict = await judge(file, below: folder, player: player, clock: clock, seed: seed)
            counts[verdict.result, default: 0] += 1
            if arguments.has("json") {
                Console.line(verdict.json.line)
            } else {
                verdict.lines.forEach(Console.line)
            }
        }
        let (passed, failed, known) = (counts[.passed] ?? 0, counts[.failed] ?? 0, counts[.knownFailure] ?? 0)
        if arguments.has("json") {
            Console.line(
                JSONText.object([
                    ("passed", .count(passed)), ("failed", .count(failed)), ("knownFailures", .count(known)),
                ]).line)
        } else {
            Console.line("\(passed) passed, \(failed) failed, \(known) known failure\(known == 1 ? "" : "s")")
        }
        if failed > 0 { throw Failure.alreadyTold }
    }

    /// Every call file below a folder, by name; or the one file that was named.
    static func callFiles(in folder: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
            throw Failure("\(folder.path) is not there; name a folder with *.call.json5 in it")
        }
        if !isFolder.boolValue { return [folder] }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let files = paths.filter { $0.hasSuffix(".call.json5") }.sorted().map { folder.appending(path: $0) }
        guard !files.isEmpty else {
            throw Failure("\(folder.path) has no *.call.json5 in it, nor has any folder below")
        }
        return files
    }

    private static func judge(
        _ file: URL, below folder: URL, player: CallPlayer, clock: WallClock, seed: Int
    ) async -> Verdict {
        let name = file == folder ? file.lastPathComponent : String(file.path.dropFirst(folder.path.count + 1))
        do {
            let call = try TestersCall.read(file)
            let clock = call.now.map(WallClock.fixed) ?? clock
            do {
                let data = try TemporaryFolder("rozmova-test")
                let played = try await player.play(
                    call, in: file.deletingLastPathComponent(), desk: try await player.desk(in: data, clock: clock),
                    clock: clock, identifiers: Identifiers(seed: seed))
                return Verdict(
                    name: name, call: call, reasons: CallCheck(call, played).differences,
                    turns: played.exchanges.flatMap(\.reports))
            } catch {
                return Verdict(name: name, call: call, reasons: [Reason.of(error)], turns: [])
            }
        } catch {
            return Verdict(name: name, call: nil, reasons: [error.description], turns: [])
        }
    }
}

/// What became of a call file.
private struct Verdict {
    enum Result: String { case passed, failed, knownFailure = "known_failure" }

    let name: String
    /// nil where the file is no call.
    let call: TestersCall?
    /// Why it fails; empty where it passes.
    let reasons: [String]
    let turns: [TurnReport]

    var result: Result {
        if reasons.isEmpty { return .passed }
        return call?.knownFailure == nil ? .failed : .knownFailure
    }

    var lines: [String] {
        let word =
            switch result {
            case .passed: "pass "
            case .failed: "FAIL "
            case .knownFailure: "known"
            }
        let known = call?.knownFailure
        let note = known.map { reasons.isEmpty ? " (passes now, though known to fail: \($0))" : " (\($0))" } ?? ""
        return ["\(word)  \(name): \(call?.title ?? "is no call")\(note)"] + reasons.map { "         \($0)" }
    }

    var json: JSONText {
        .object([
            ("call", .text(name)), ("title", .optional(call?.title)), ("result", .text(result.rawValue)),
            ("reasons", .list(reasons.map { .text($0) })), ("knownFailure", .optional(call?.knownFailure)),
            ("turns", .list(turns.map(\.json))),
        ])
    }
}
