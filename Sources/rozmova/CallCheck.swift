// What a tester's call expects, compared with what came of it. In: both. Out: every difference, in words.

import Commerce
import Conversation
import Dialogue
import Foundation
import Language
import Understanding

/// The differences of one call.
struct CallCheck: Sendable {
    private(set) var differences: [String] = []

    /// Compares. A turn that nobody answered leaves state and cart as they were.
    init(_ call: TestersCall, _ played: PlayedCall) {
        var last = played.exchanges.first?.reports.last
        for (index, turn) in call.turns.enumerated() where !turn.isHangup {
            let place = "turn \(index + 1), \(turn.title)"
            guard played.exchanges.indices.contains(index + 1) else {
                differences.append("\(place): was not reached, the call had ended: \(played.end.rawValue)")
                continue
            }
            let exchange = played.exchanges[index + 1]
            last = exchange.reports.last ?? last
            let found = Self.differences(turn.expect, exchange, last)
            guard !found.isEmpty else { continue }
            differences.append("\(place): \(found.joined(separator: "; "))")
            differences += exchange.reports.flatMap { Transcript.lines(of: $0) }.map { "    \($0)" }
        }
        if let orders = call.expect.orders, let last = played.exchanges.last, last.orders != orders {
            differences.append("the call: placed \(last.orders) orders, not \(orders)")
        }
        if let ended = call.expect.ended, ended != played.end.rawValue {
            differences.append("the call: ended with \(played.end.rawValue), not \(ended)")
        }
    }

    private static func differences(
        _ expected: TestersCall.TurnExpectation, _ exchange: PlayedCall.Exchange, _ last: TurnReport?
    ) -> [String] {
        var found: [String] = []
        func compare(_ name: String, _ wanted: String?, _ got: String) {
            if let wanted, wanted != got { found.append("\(name) is \(got.isEmpty ? "empty" : got), not \(wanted)") }
        }
        let reports = exchange.reports
        if let intents = expected.intents {
            let got = reports.flatMap(\.acts).map(\.intent.rawValue)
            if got != intents { found.append("intents are [\(got.joined(separator: ", "))], not \(intents)") }
        }
        compare("state", expected.state, last?.state ?? "")
        switch expected.asking {
        case .nothing: compare("asking", "null", last?.asking ?? "null")
        case .slot(let slot): compare("asking", slot, last?.asking ?? "null")
        case nil: break
        }
        compare("total", expected.total, last?.cartTotal.decimal ?? "")
        if let pattern = expected.reply {
            let replies = reports.compactMap(\.reply?.text)
            if !replies.contains(where: { Wildcard(pattern).matches($0) }) {
                found.append("no reply is like “\(pattern)”")
            }
        }
        compare("heard", expected.heard?.lowercased(), reports.compactMap(\.heard).joined(separator: " ").lowercased())
        compare(
            "accepted", expected.accepted.map(String.init), String(!reports.isEmpty && reports.allSatisfy(\.isAccepted))
        )
        compare("orders", expected.orders.map(String.init), String(exchange.orders))
        return found
    }
}

extension TestersCall.Turn {
    /// What is done, for a person.
    var title: String {
        switch doing {
        case .wav(let path): URL(filePath: path).lastPathComponent
        case .text(let text): "“\(text)”"
        case .silence(let seconds): "\(seconds) s of silence"
        case .keys(let keys): "keys \(keys)"
        case .hangup: "hangs up"
        }
    }
}

/// A pattern in which `*` is any text; case does not matter.
struct Wildcard: Sendable {
    private let parts: [String]

    init(_ pattern: String) {
        parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    func matches(_ text: String) -> Bool {
        var rest = text.lowercased()[...]
        guard let first = parts.first, let last = parts.last, rest.hasPrefix(first) else { return false }
        if parts.count == 1 { return rest == first }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = rest.range(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
