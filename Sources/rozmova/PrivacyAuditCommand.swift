// `rozmova privacy audit`: who looked at persons' data, and the proof that nothing of the trail is missing or changed.

import Conversation
import Foundation
import Storage

enum PrivacyAuditCommand: Command {
    static let usage = Usage(
        name: "privacy audit", summary: "lists who looked at persons' data, the latest first",
        options: [
            Option(name: "verify", value: nil, summary: "proves instead that no line is missing or changed"),
            Option(name: "customer", value: "CUSTOMER", summary: "only lines about that number, in E.164"),
            Option(name: "order", value: "NUMBER", summary: "only lines about that order"),
            Option(name: "limit", value: "N", summary: "at most so many; left out: 100"), .json, .data, .config,
        ],
        details: """
            Every command that reads or changes persons' data adds a line before it does. Lines are proved one by the other, the
            last one apart, under a key that only the operator's opens; the database itself refuses to change or remove one.
            `--verify` exits with 1 where a line was changed, moved or taken out, at the end too. It does not see that the whole
            database was replaced by an older copy of itself: note the number of lines elsewhere.
            """)

    static func run(_ arguments: Arguments) async throws {
        let store = try Composition(arguments).store()
        let json = arguments.has("json")
        if arguments.has("verify") { return try await verify(store, json: json) }
        let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
        for line in try await store.auditTrail(limit: limit, about: try about(arguments)) {
            let at = line.at.formatted(.iso8601)
            guard json else {
                Console.line("\(line.number)  \(at)  \(line.by)  \(line.act)\(line.about.map { "  \($0)" } ?? "")")
                continue
            }
            Console.line(
                JSONText.object([
                    ("number", .count(Int(line.number))), ("at", .text(at)), ("by", .text(line.by)),
                    ("act", .text(line.act)), ("about", .optional(line.about)),
                ]).line)
        }
    }

    private static func about(_ arguments: Arguments) throws -> AuditSubject? {
        if let number = arguments.value("order") { return .order(number) }
        guard let phone = arguments.value("customer") else { return nil }
        guard PhoneNumber.isE164(phone) else {
            throw arguments.mistake("--customer is a number in E.164, such as +380671234567, not \(phone)")
        }
        return .customer(phone)
    }

    private static func verify(_ store: Store, json: Bool) async throws {
        let count = try await store.provedAudit()
        Console.line(
            json
                ? JSONText.object([("lines", .count(Int(count))), ("whole", .flag(true))]).line
                : "\(count) lines, whole")
    }
}

extension Store {
    /// How many lines the audit trail has.
    /// - Throws: a `Failure`, where one was changed, moved or taken out.
    func provedAudit() throws -> Int64 {
        switch try verifyAudit() {
        case .success(let count): return count
        case .failure(let fault):
            let what =
                switch fault {
                case .changed(let number): "line \(number) is not as it was written"
                case .missing(let number): "line \(number) is missing"
                case .cutOff(let number): "what came after line \(number) is missing"
                }
            throw Failure(
                "the audit trail was tampered with: \(what). Keep a copy of the database, and find out who could write to it"
            )
        }
    }
}
