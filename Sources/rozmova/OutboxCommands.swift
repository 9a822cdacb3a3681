// `rozmova outbox`: what is to be done outside, what waits for a person, and doing it by hand.

import Commerce
import Conversation
import Foundation
import Platform
import Services
import Storage

enum OutboxListCommand: Command {
    static let usage = Usage(
        name: "outbox list", summary: "lists errands that wait for a person, and counts the others",
        options: [.json, .data, .config],
        details: """
            Errands are events, messages, payments and parcels that are to be done outside. What a service refuses, or does
            not answer for half a day, waits for a person: see to the reason, then `rozmova outbox retry`. Of a payment look
            at the gateway first whether it was made.
            """)

    static func run(_ arguments: Arguments) async throws {
        let store = try await Composition(arguments).store(for: usage)
        let json = arguments.has("json")
        for errand in try await store.deadErrands(limit: 1_000) {
            if json {
                Console.line(
                    JSONText.object([
                        ("id", .count(Int(errand.id))), ("name", .text(errand.name)), ("kind", .text(errand.kind)),
                        ("order", .optional(errand.order)), ("attempts", .count(errand.attempts)),
                        ("at", .text(errand.at.formatted(.iso8601))), ("reason", .text(errand.reason)),
                    ]).line)
            } else {
                Console.line(
                    "\(errand.id)  \(errand.at.formatted(.iso8601))  \(errand.name)  \(errand.attempts) tries  \(errand.reason)"
                )
            }
        }
        let waiting = try await store.waitingErrands()
        if json {
            Console.line(JSONText.object(waiting.map { ("waiting_\($0.channel.rawValue)", .count($0.count)) }).line)
        } else {
            Console.line("waiting: " + waiting.map { "\($0.channel.rawValue) \($0.count)" }.joined(separator: ", "))
        }
    }
}

enum OutboxRetryCommand: Command {
    static let usage = Usage(
        name: "outbox retry", summary: "has errands that wait for a person tried again",
        positionals: [Positional(name: "ID", count: .optional)],
        options: [.data, .config], details: "Without ID all of them.")

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let id = try arguments.positionals.first.map { text in
            guard let id = Int64(text), id > 0 else { throw arguments.mistake("ID is a number, not \(text)") }
            return id
        }
        let count = try await house.store(for: usage).retry(errand: id, now: house.clock.now)
        if let id, count == 0 { throw Failure("no errand \(id) waits for a person; see `rozmova outbox list`") }
        Console.line("\(count) tried again")
    }
}

enum OutboxSendCommand: Command {
    static let usage = Usage(
        name: "outbox send", summary: "does the errands that are due, and ends",
        options: [.shop, .data, .language, .config],
        details: "For a shop without the daemon: have cron run it. Beside a daemon it does no harm.")

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let services = try house.services(for: try house.floor())
        let clerk = house.clerk(of: try house.store(), services)
        var done = 0
        while case let count = try await clerk.work(), count > 0 { done += count }
        Console.line("\(done) errands")
    }
}

enum CallbacksListCommand: Command {
    static let usage = Usage(
        name: "callbacks list", summary: "lists callers who want to be called back, the latest first",
        options: [
            Option(name: "limit", value: "N", summary: "at most so many; left out: 100"), .json, .data, .config,
        ])

    static func run(_ arguments: Arguments) async throws {
        let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
        for wish in try await Composition(arguments).store(for: usage).callbacks(limit: limit) {
            let (request, at) = (wish.request, wish.at.formatted(.iso8601))
            if arguments.has("json") {
                Console.line(
                    JSONText.object([
                        ("at", .text(at)), ("phone", .optional(request.phone)), ("reason", .text(request.reason)),
                        ("conversation", .text(request.conversation)),
                    ]).line)
            } else {
                Console.line("\(at)  \(request.phone ?? "at the stand")  \(request.reason)")
            }
        }
    }
}

enum BackupCommand: Command {
    static let usage = Usage(
        name: "backup", summary: "copies the database while it is in use",
        positionals: [Positional(name: "FILE")], options: [.data, .config],
        details: """
            FILE must not be there yet. Keys are not in it: the master key keep elsewhere; the customers' keys are in the file
            rozmova-keys of FILE's folder, which every backup, erasure and sweep brings up to date: keep no older ones. To
            restore: stop the daemon, put FILE in the data folder as rozmova.sqlite, remove rozmova.sqlite-wal and -shm, put
            rozmova-keys and the master key beside it, leave rozmova-erased there, run `rozmova check`. Recordings are not in
            backups.
            """)

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        guard house.hasDatabase else { throw Failure("there is no database in \(house.dataFolder.path)") }
        let file = URL(filePath: arguments.positionals[0])
        try await house.store(for: usage).backUp(to: file)
        Console.line(file.path)
    }
}
