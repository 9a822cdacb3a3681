// `rozmova privacy`: what is kept and for how long.

import Foundation
import Privacy

enum PrivacyPolicyCommand: Command {
    static let usage = Usage(
        name: "privacy policy", summary: "shows what is kept, in which form, for how long and what for",
        options: [.json, .config])

    static func run(_ arguments: Arguments) async throws {
        let policy = try Settings.load(arguments.value("config")).retention
        for kind in DataKind.allCases {
            let rule = policy[kind]
            if arguments.has("json") {
                try Console.json(
                    Rule(kind: kind.rawValue, form: rule.form.rawValue, days: rule.days, purpose: rule.purpose))
            } else {
                let days = rule.form == .off ? "" : ", \(rule.days) days"
                Console.line("\(kind.rawValue): \(rule.form.rawValue)\(days)  (\(rule.purpose))")
            }
        }
    }

    private struct Rule: Encodable {
        let kind: String
        let form: String
        let days: Int
        let purpose: String
    }
}
