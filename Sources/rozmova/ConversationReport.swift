// The figures of `rozmova report`. In: outcomes. Out: lines for a person, or one JSON object.

import Commerce
import Conversation
import Foundation
import Storage

struct ConversationReport {
    let outcomes: [ConversationSummary]
    /// Conversations without an outcome.
    let open: Int
    /// Redacted.
    let notUnderstood: [String]
    /// How many variants the compared prompts have, by their keys.
    let variants: [String: Int]

    private func count(_ isCounted: (ConversationSummary) -> Bool) -> Int { outcomes.count(where: isCounted) }

    private static func isResolved(_ outcome: ConversationSummary) -> Bool {
        outcome.result == .order || outcome.result == .answered
    }

    /// So many abandoned, by where it was and why, the most first.
    private var abandoned: [(place: String, count: Int)] {
        let places = outcomes.filter { $0.result == .abandoned }.map { "\($0.step ?? "-"), \($0.reason ?? "-")" }
        return Dictionary(grouping: places) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { ($1.count, $0.place) < ($0.count, $1.place) }
    }

    /// Orders and their value, by currency.
    private var sales: [(currency: String, orders: Int, value: Int64)] {
        var sums: [String: (orders: Int, value: Int64)] = [:]
        for outcome in outcomes {
            guard let value = outcome.value else { continue }
            let before = sums[value.currency.code] ?? (0, 0)
            sums[value.currency.code] = (before.orders + outcome.orders, before.value + value.minorUnits)
        }
        return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value.orders, $0.value.value) }
    }

    private var recommended: Int { outcomes.reduce(0) { $0 + $1.recommended } }
    private var taken: Int { outcomes.reduce(0) { $0 + $1.taken } }

    private struct Variant {
        let prompt: String
        let index: Int
        let resolved: Int
        let all: Int
    }

    private var byVariant: [Variant] {
        variants.sorted { $0.key < $1.key }.flatMap { prompt, count in
            (0..<count).map { index in
                let heard = outcomes.filter { $0.variant % count == index }
                return Variant(
                    prompt: prompt, index: index, resolved: heard.count(where: Self.isResolved), all: heard.count)
            }
        }
    }

    /// Wilson's score interval for 95 %: E. B. Wilson, 1927; also right for few and for none.
    static func interval(_ share: Int, of all: Int) -> ClosedRange<Double> {
        guard all > 0 else { return 0...1 }
        let (number, z) = (Double(all), 1.96)
        let ratio = Double(share) / number
        let middle = (ratio + z * z / (2 * number)) / (1 + z * z / number)
        let half =
            z / (1 + z * z / number) * (ratio * (1 - ratio) / number + z * z / (4 * number * number)).squareRoot()
        return max(0, middle - half)...min(1, middle + half)
    }

    private static func percent(_ share: Int, of all: Int) -> String {
        all == 0 ? "-" : String(format: "%.1f %%", 100 * Double(share) / Double(all))
    }

    // MARK: For a person

    func lines(from: Date, to: Date) -> [String] {
        let all = outcomes.count
        func line(_ name: String, _ share: Int) -> String { "  \(name)  \(share)  \(Self.percent(share, of: all))" }
        var lines = [
            "conversations from \(from.formatted(.iso8601)) to \(to.formatted(.iso8601)): \(all), without an end: \(open)",
            line("resolved without a person", count(Self.isResolved)),
            line("resolved at the first attempt", count { Self.isResolved($0) && $0.reprompts == 0 }),
            line("handed over to a person", count { $0.result == .handedOver }),
            line("abandoned", count { $0.result == .abandoned }),
        ]
        lines += abandoned.map { "    \($0.place)  \($0.count)" }
        lines += sales.map { "  orders  \($0.orders)  \(Self.decimal($0.value, $0.currency)) \($0.currency)" }
        if recommended > 0 {
            let range = Self.interval(taken, of: recommended)
            lines.append(
                "  recommended  \(recommended), taken  \(taken)  "
                    + String(format: "%.0f–%.0f %%", 100 * range.lowerBound, 100 * range.upperBound))
        }
        let turns = outcomes.reduce(0) { $0 + $1.turns }
        let asked = outcomes.reduce(0) { $0 + $1.reprompts }
        lines.append("  turns  \(turns), asked again  \(asked)  \(Self.percent(asked, of: turns))")
        for variant in byVariant {
            let range = Self.interval(variant.resolved, of: variant.all)
            lines.append(
                "  \(variant.prompt), variant \(variant.index + 1)  \(variant.resolved) of \(variant.all) resolved  "
                    + String(format: "%.0f–%.0f %%", 100 * range.lowerBound, 100 * range.upperBound))
        }
        if !notUnderstood.isEmpty { lines.append("  not understood:") }
        return lines + notUnderstood.map { "    \($0)" }
    }

    private static func decimal(_ minorUnits: Int64, _ code: String) -> String {
        Currency(code: code).map { Money(minorUnits: minorUnits, currency: $0).decimal } ?? String(minorUnits)
    }

    // MARK: For a program

    func json(from: Date, to: Date) -> JSONText {
        .object([
            ("from", .text(from.formatted(.iso8601))), ("to", .text(to.formatted(.iso8601))),
            ("conversations", .count(outcomes.count)), ("open", .count(open)),
            ("resolved", .count(count(Self.isResolved))),
            ("resolvedAtFirstAttempt", .count(count { Self.isResolved($0) && $0.reprompts == 0 })),
            ("handedOver", .count(count { $0.result == .handedOver })),
            ("abandoned", .list(abandoned.map { .object([("at", .text($0.place)), ("count", .count($0.count))]) })),
            (
                "orders",
                .list(
                    sales.map {
                        .object([
                            ("currency", .text($0.currency)), ("count", .count($0.orders)),
                            ("total", .text(Self.decimal($0.value, $0.currency))),
                        ])
                    })
            ),
            ("turns", .count(outcomes.reduce(0) { $0 + $1.turns })),
            ("askedAgain", .count(outcomes.reduce(0) { $0 + $1.reprompts })),
            ("recommended", .count(recommended)), ("taken", .count(taken)),
            (
                "variants",
                .list(
                    byVariant.map { variant in
                        let range = Self.interval(variant.resolved, of: variant.all)
                        return .object([
                            ("prompt", .text(variant.prompt)), ("variant", .count(variant.index + 1)),
                            ("conversations", .count(variant.all)), ("resolved", .count(variant.resolved)),
                            ("low", .decimal(range.lowerBound, digits: 3)),
                            ("high", .decimal(range.upperBound, digits: 3)),
                        ])
                    })
            ),
            ("notUnderstood", .list(notUnderstood.map { .text($0) })),
        ])
    }
}
