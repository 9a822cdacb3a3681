// `rozmova privacy audit`: who looked at persons' data, and the proof that nothing of the trail is missing or changed.

import Commerce
import Conversation
import Foundation
import Storage

enum PrivacyAuditCommand: Command {
    static let usage = Usage(
        name: "privacy audit", summary: "lists who looked at persons' data, the latest first",
        options: [
            Option(name: "verify", value: nil, summary: "proves instead that no line is missing or changed"),
            Option(
                name: "archive", value: "FILE", summary: "copies all lines with their proofs into a new file instead"),
            Option(name: "file", value: "FILE", summary: "with --verify: proves such a file, not the database"),
            Option(name: "customer", value: "CUSTOMER", summary: "only lines about that number, in E.164"),
            Option(name: "order", value: "NUMBER", summary: "only lines about that order"),
            Option(name: "limit", value: "N", summary: "at most so many; left out: 100"), .json, .data, .config,
        ],
        details: """
            Every command that reads or changes persons' data adds a line before it does. Lines are proved one by the other, the
            last one apart, under a key that only the operator's opens; the database itself refuses to change or remove one.
            `--verify` exits with 1 where a line was changed, moved or taken out, at the end too. It does not see that the whole
            database was replaced by an older copy of itself: note the number of lines elsewhere.

            Lines that were kept for `retention.audit.days` are closed by the sweep: they go from the beginning, and what is left
            still proves itself, and where it begins. Who needs them longer copies them before, with --archive; --verify --file
            proves the copy, beside the database that it came from.
            """)

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let json = arguments.has("json")
        if let file = arguments.value("archive") { return try await archive(house, to: file, json: json) }
        let store = try house.store()
        if arguments.has("verify") { return try await verify(store, arguments.value("file"), json: json) }
        guard arguments.value("file") == nil else { throw arguments.mistake("--file goes with --verify") }
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

    private static func verify(_ store: Store, _ archive: String?, json: Bool) async throws {
        let proof = try await store.provedAudit(archive: archive)
        guard json else { return Console.line(proof.words) }
        Console.line(
            JSONText.object([
                ("lines", .count(Int(proof.lines))), ("closed", .count(Int(proof.closed))), ("whole", .flag(true)),
            ]).line)
    }

    /// The copy holds its own making as its last line.
    private static func archive(_ house: Composition, to file: String, json: Bool) async throws {
        guard house.hasDatabase else { throw Failure("there is no database in \(house.dataFolder.path)") }
        let url = URL(filePath: file)
        guard !FileManager.default.fileExists(atPath: url.path) else {
            throw Failure("\(url.path) is there already, and is not written over")
        }
        let count = try await house.store(for: usage).archiveAudit(to: url)
        Console.line(json ? JSONText.object([("lines", .count(Int(count)))]).line : "\(count) lines in \(url.path)")
    }
}

extension AuditProof {
    /// For a line.
    var words: String {
        "\(lines) lines, whole" + (closed == 0 ? "" : "; line \(closed) and those before it were closed")
    }
}

extension Store {
    /// What the audit trail, or a copy of it, proves.
    /// - Throws: a `Failure`, where a line was changed, moved or taken out.
    func provedAudit(archive: String? = nil) throws -> AuditProof {
        let found = if let archive { try verifyAudit(archive: URL(filePath: archive)) } else { try verifyAudit() }
        switch found {
        case .success(let proof): return proof
        case .failure(let fault):
            let what =
                switch fault {
                case .changed(let number): "line \(number) is not as it was written"
                case .missing(let number): "line \(number) is missing"
                case .cutOff(let number): "what came after line \(number) is missing"
                case .beginning: "where it begins is not as it was written"
                }
            throw Failure(
                "the audit trail was tampered with: \(what). Keep a copy of the database, and find out who could write to it"
            )
        }
    }
}
