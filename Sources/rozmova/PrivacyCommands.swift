// `rozmova privacy`: what is kept and for how long, and the sweep that removes the rest.

import Conversation
import Foundation
import Platform
import Privacy
import Storage

enum PrivacyPolicyCommand: Command {
    static let usage = Usage(
        name: "privacy policy", summary: "shows what is kept, in which form, for how long and what for",
        options: [.json, .config])

    static func run(_ arguments: Arguments) async throws {
        let policy = try Settings.load(arguments.value("config")).retention
        for kind in DataKind.allCases {
            let rule = policy[kind]
            if arguments.has("json") {
                Console.line(
                    JSONText.object([
                        ("kind", .text(kind.rawValue)), ("form", .text(rule.form.rawValue)),
                        ("days", .count(rule.days)), ("purpose", .text(rule.purpose)),
                    ]).line)
            } else {
                let days = rule.form == .off ? "" : ", \(rule.days) days"
                Console.line("\(kind.rawValue): \(rule.form.rawValue)\(days)  (\(rule.purpose))")
            }
        }
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
            ("callbacks", report.callbacks), ("events", report.events), ("subjects", report.subjects),
        ]
        if arguments.has("json") {
            Console.line(JSONText.object(counts.map { ($0.0, .count($0.1)) }).line)
        } else {
            Console.line("removed " + counts.map { "\($0.0): \($0.1)" }.joined(separator: ", "))
        }
        guard report.undeletable.isEmpty else {
            throw Failure(
                "these recordings cannot be removed and are tried again by the next sweep: "
                    + report.undeletable.joined(separator: ", "))
        }
    }
}
