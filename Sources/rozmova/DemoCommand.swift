// `rozmova demo`: recorded callers order, change their mind and are interrupted by a television, for somebody to watch.

import Commerce
import Conversation
import Dialogue
import Foundation
import Platform
import Storage

enum DemoCommand: Command {
    static let usage = Usage(
        name: "demo", summary: "plays recorded calls through the whole path and shows what came of them",
        positionals: [Positional(name: "DIR", count: .optional)], options: [.shop, .language, .config],
        details: """
            DIR holds the calls; left out: AudioFixtures beside the program's models. The calls that have a place in the
            demo (`demo: 1`) are played, in that order, against the shop and a database that is removed again. Both sides
            of each call are written as WAV into a folder for you to listen to.
            """)

    static func run(_ arguments: Arguments) async throws {
        let folder = try arguments.positionals.first.map { URL(filePath: $0) } ?? Places.recordings()
        let calls = try TestCommand.callFiles(in: folder)
            .map { (file: $0, call: try read($0)) }
            .filter { $0.call.demo != nil }
            .sorted { ($0.call.demo ?? 0, $0.file.path) < ($1.call.demo ?? 0, $1.file.path) }
        guard let first = calls.first else {
            throw Failure("no call of \(folder.path) has a place in the demo: `demo: 1`")
        }
        let clock = WallClock.fixed(first.call.now ?? Date())
        let player = try CallPlayer(try Composition(arguments, clock: clock))
        let data = try TemporaryFolder("rozmova-demo-data")
        let sound = try TemporaryFolder("rozmova-demo", stays: true)
        let desk = try await player.desk(in: data, clock: clock)

        Console.line("\(player.floor.shop.name): \(calls.count) recorded calls")
        var summaries: [(title: String, orders: [StoredOrder])] = []
        for (number, (file, call)) in calls.enumerated() {
            let who = call.caller.map { "\(call.line.rawValue), \($0)" } ?? call.line.rawValue
            Console.line("\n\(number + 1). \(call.title) (\(who))\n")
            let before = Set(try await desk.orders(limit: .max).map(\.order.number))
            let recording = sound.url.appending(
                path: file.lastPathComponent.replacing(".call.json5", with: ".wav"))
            let played = try await player.play(
                call, in: file.deletingLastPathComponent(), desk: desk, clock: clock, identifiers: Identifiers(),
                recording: recording
            ) { report, turn in
                let note = turn > 0 ? call.turns[turn - 1].note : nil
                Transcript.lines(of: report, by: note).forEach(Console.line)
            }
            let orders = try await desk.orders(limit: .max).filter { !before.contains($0.order.number) }.reversed()
            Console.line(Transcript.end(played.end))
            Console.line(Transcript.note + summary(Array(orders)))
            Console.line(Transcript.note + "listen: \(recording.path), \(Int(played.seconds.rounded())) s")
            summaries.append((call.title, Array(orders)))
        }
        Console.line("\nOrders\n")
        table(summaries).forEach(Console.line)
        Console.line("\nBoth sides of every call, the caller left, the shop right: \(sound.url.path)")
    }

    private static func read(_ file: URL) throws -> TestersCall {
        do { return try TestersCall.read(file) } catch { throw Failure("\(file.path): \(error.description)") }
    }

    private static func summary(_ orders: [StoredOrder]) -> String {
        if orders.isEmpty { return "no order" }
        return orders.map { stored in
            let quote = stored.order.quote
            return "order \(stored.order.number) \(stored.order.status.rawValue), "
                + "\(quote.total.decimal) \(quote.total.currency.code), \(quote.delivery), \(quote.payment)"
        }.joined(separator: "; ")
    }

    /// Number, total, status, delivery and goods in columns; a call without an order has a dash.
    private static func table(_ calls: [(title: String, orders: [StoredOrder])]) -> [String] {
        var rows = [["call", "order", "total", "status", "to", "goods"]]
        for (number, call) in calls.enumerated() {
            if call.orders.isEmpty { rows.append(["\(number + 1)", "-", "", "", "", ""]) }
            for stored in call.orders {
                let quote = stored.order.quote
                rows.append([
                    "\(number + 1)", stored.order.number, quote.total.decimal, stored.order.status.rawValue,
                    quote.address ?? quote.delivery,
                    quote.lines.map { "\($0.item.quantity.decimal) × \($0.title)" }.joined(separator: ", "),
                ])
            }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return ("  " + cells.joined(separator: "  ")).trimmingTrailingSpaces
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop(while: { $0 == " " }).reversed()) }
}

extension Places {
    /// The recorded calls: beside the models of a built program, or in them where they were installed.
    static func recordings() throws -> URL {
        let models = try models()
        let places = [models.deletingLastPathComponent(), models].map { $0.appending(path: "AudioFixtures") }
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw Failure("there are no recordings beside \(models.path); name their folder: rozmova demo DIR")
        }
        return found
    }
}
