// `rozmova report`: what came of the conversations of a period.

import Commerce
import Conversation
import Foundation
import Language
import Platform
import Storage

enum ReportCommand: Command {
    static let usage = Usage(
        name: "report", summary: "shows what came of the conversations of a period",
        options: [
            Option(name: "from", value: "TIME", summary: "those that began then or later; left out: 30 days ago"),
            Option(name: "to", value: "TIME", summary: "those that began before then; left out: now"),
            Option(name: "words", value: "N", summary: "shows at most so many that were not understood; left out: 20"),
            .json, .shop, .data, .language, .config,
        ],
        details: """
            Resolved is what was ordered or answered without a person; at the first attempt, where nothing had to be asked \
            again. Of each variant of a prompt stands how many conversations ended well, and between which shares the true \
            one lies with a probability of 95 % (Wilson's interval). A recommendation is taken when it goes into the cart \
            afterwards. Only what the retention policy keeps is counted.
            """)

    static func run(_ arguments: Arguments) async throws {
        let house = try Composition(arguments)
        let to = try time("to", arguments) ?? house.clock.now
        let from = try time("from", arguments) ?? to.addingTimeInterval(-30 * 86_400)
        guard from < to else { throw arguments.mistake("--from is a time before --to") }
        let words = try arguments.integer("words", in: 0...10_000) ?? 20
        let store = try await house.store(for: usage)
        let report = ConversationReport(
            outcomes: try await store.outcomes(from: from, to: to),
            open: try await store.openConversations(from: from, to: to),
            notUnderstood: try await store.notUnderstood(from: from, to: to, limit: words),
            variants: try variants(house))
        if arguments.has("json") {
            Console.line(report.json(from: from, to: to).line)
        } else {
            report.lines(from: from, to: to).forEach(Console.line)
        }
    }

    private static func time(_ name: String, _ arguments: Arguments) throws -> Date? {
        guard let text = arguments.value(name) else { return nil }
        if let date = try? Date(text, strategy: .iso8601) { return date }
        if let day = try? Date(text + "T00:00:00Z", strategy: .iso8601) { return day }
        throw arguments.mistake(
            "--\(name) is a time such as 2026-03-02T12:00:00Z or a day such as 2026-03-02, not \(text)")
    }

    /// The prompts that are compared: what the shop says in several ways, and the greeting, which everybody hears.
    private static func variants(_ house: Composition) throws -> [String: Int] {
        let (shop, _) = try house.shop()
        var counts = shop.prompts.mapValues(\.count)
        if counts["greeting"] == nil { counts["greeting"] = try house.pack(for: shop).prompts.variants(of: "greeting") }
        return counts.filter { $0.value > 1 }
    }
}
