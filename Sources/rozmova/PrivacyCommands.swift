// `rozmova privacy`: what is kept and for how long, a customer's data and their end, and the sweep that removes the rest.

import Commerce
import Conversation
import Foundation
import Platform
import Privacy
import Sealing
import Storage

enum PrivacyPolicyCommand: Command {
    static let usage = Usage(
        name: "privacy policy", summary: "shows what is kept, in which form, for how long and what for",
        options: [
            Option(
                name: "format", value: "FORMAT",
                summary: "table, or markdown: the record of processing (GDPR, Art. 30)",
                choices: ["table", "markdown"]), .json, .config,
        ])

    static func run(_ arguments: Arguments) async throws {
        let policy = try Settings.load(arguments.value("config")).retention
        if arguments.has("json") {
            for kind in DataKind.allCases {
                Console.line(JSONText.object([("kind", .text(kind.rawValue))] + policy[kind].fields).line)
                for exception in policy.exceptions(kind) {
                    let (name, value) =
                        switch exception.scope {
                        case .line(let line): ("line", line)
                        case .language(let code): ("language", code)
                        }
                    Console.line(
                        JSONText.object([("kind", .text(kind.rawValue)), (name, .text(value))] + exception.rule.fields)
                            .line)
                }
            }
        } else if arguments.value("format") == "markdown" {
            Console.line(policy.record)
        } else {
            policy.table.forEach { Console.line($0) }
        }
        policy.obstacles.forEach { Console.error("rozmova: this cannot be kept: \($0)") }
    }
}

extension Retention {
    fileprivate var fields: [(name: String, value: JSONText)] {
        [("form", .text(form.rawValue)), ("days", .count(days)), ("purpose", .text(purpose))]
    }
}

enum PrivacySweepCommand: Command {
    static let usage = Usage(
        name: "privacy sweep", summary: "removes everything whose time is over",
        options: [.json, .data, .config])

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let report = try await house.store().sweep(now: house.clock.now)
        let counts = [
            ("transcripts", report.transcripts), ("acts", report.acts), ("conversations", report.conversations),
            ("recordings", report.recordings), ("orders", report.orders), ("anonymized", report.anonymized),
            ("callbacks", report.callbacks), ("events", report.events), ("profiles", report.profiles),
            ("subjects", report.subjects), ("audit", report.audit),
        ]
        if arguments.has("json") {
            Console.line(JSONText.object(counts.map { ($0.0, .count($0.1)) }).line)
        } else {
            Console.line("removed " + counts.map { "\($0.0): \($0.1)" }.joined(separator: ", "))
        }
        try report.undeletable.tellUndeletable()
        report.unreached.tellUnreached()
    }
}

enum PrivacyExportCommand: Command {
    static let usage = Usage(
        name: "privacy export", summary: "prints everything that is kept of a customer, as JSON",
        positionals: [Positional(name: "CUSTOMER")], options: [.data, .config],
        details: "CUSTOMER is a number in E.164, such as +380671234567. Recordings: rozmova privacy recording.")

    static func run(_ arguments: Arguments) async throws {
        let phone = try arguments.customer()
        let house = try Composition(arguments)
        let store = try await house.store(for: usage, about: .customer(phone))
        guard let text = try await store.export(phone: phone, now: house.clock.now) else {
            throw Failure("nothing is kept of \(phone)")
        }
        Console.line(text)
    }
}

enum PrivacyEraseCommand: Command {
    static let usage = Usage(
        name: "privacy erase", summary: "removes everything of a customer, for good",
        positionals: [Positional(name: "CUSTOMER")], options: [.yes, .json, .data, .config],
        details: """
            Destroys the customer's key and removes profile, conversations, recordings, callbacks and what was to be told.
            Orders stay for the accounts, without name, number and address; one that is on its way keeps them until it is
            done. In backups the customer is noise from now on. Asks first, unless --yes is given.
            """)

    static func run(_ arguments: Arguments) async throws {
        let phone = try arguments.customer()
        let house = try Composition(arguments)
        guard arguments.has("yes") || Console.confirm("Remove everything of \(phone)? It cannot be taken back.") else {
            throw Failure("nothing was removed; say yes, or give --yes")
        }
        let store = try await house.store(for: usage, about: .customer(phone))
        guard let report = try await store.erase(phone: phone, now: house.clock.now) else {
            throw Failure("nothing is kept of \(phone)")
        }
        if arguments.has("json") {
            Console.line(
                JSONText.object([
                    ("conversations", .count(report.conversations)), ("orders", .count(report.orders)),
                    ("underway", .list(report.underway.map { .text($0) })),
                ]).line)
        } else {
            Console.line("erased; \(report.orders) orders stay for the accounts, without the person")
            if !report.underway.isEmpty {
                Console.line(
                    "on their way, so with an address until they are done: \(report.underway.joined(separator: ", "))")
            }
        }
        report.unreached.tellUnreached()
        try report.undeletable.tellUndeletable()
    }
}

enum PrivacyRotateKeyCommand: Command {
    static let usage = Usage(
        name: "privacy rotate-key", summary: "seals all keys under a new master key",
        options: [
            Option(
                name: "new-key", value: "FILE",
                summary: "where the new key is, or is to be made; left out: it takes the old one's place"),
            .data, .config,
        ],
        details: """
            Stop the daemon before. Where the key is a credential of the service, --new-key is needed: give FILE to the service
            as rozmova-key afterwards. Then destroy the old key: copies of the database that were made by hand are noise
            without it.
            """)

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        guard house.hasDatabase else { throw Failure("there is no database in \(house.dataFolder.path)") }
        guard LocalSocket.ask(Places.statusSocket(data: house.dataFolder)) == nil else {
            throw Failure("a `rozmova serve` is running on this data: stop it first, it has the old key")
        }
        let (keys, unreached) = try await house.rotateKey(for: usage, newKey: arguments.value("new-key"))
        Console.line("\(keys) keys are under the new master key")
        unreached.tellUnreached()
    }
}

extension [String] {
    /// Copies of keys beside backups, which still open what should be closed.
    fileprivate func tellUnreached() {
        for path in self {
            Console.error(
                "rozmova: \(path) could not be brought up to date, so its backups are not: make a backup there once more"
            )
        }
    }

    fileprivate func tellUndeletable() throws {
        guard isEmpty else {
            throw Failure(
                "these recordings cannot be removed, and are tried again by the next sweep: "
                    + joined(separator: ", "))
        }
    }
}

extension Option {
    static let yes = Option(name: "yes", value: nil, summary: "does not ask")
}
