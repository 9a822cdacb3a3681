// How well typed words are understood. In: the words of the recorded utterances, and sentences of other people that are no
// part of the project. Out: right, wrong, not understood, and what it takes; and what is understood that should not be.

import Commerce
import Conversation
import Dialogue
import Foundation
import Platform
import Understanding

enum UnderstandingBenchmark {
    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) throws {
        let understander = try setting.floor().understander
        // Of other scenes only the sound says that nothing must come of them.
        let rows = try FixtureBook.read(setting.recordings).utterances.filter { !$0.words.isEmpty && $0.scene == nil }
        var seconds: [Double] = []
        var results: [(row: FixtureBook.Utterance, meaning: Interpretation, verdict: Verdict)] = []
        for row in rows {
            let watch = Stopwatch()
            let meaning = understander.interpret(typed: row.words, expecting: row.expectation)
            seconds.append(watch.seconds)
            results.append((row, meaning, row.expect.verdict(on: meaning, threshold: Assurance.understanding)))
        }
        func count(_ verdict: Verdict, _ isInside: Bool) -> Int {
            results.count { $0.row.isIntruder != isInside && $0.verdict == verdict }
        }
        let inside = rows.count { !$0.isIntruder }
        let sample = Sample(seconds)
        output.show(
            Table(
                "understanding", "the words of the recordings, typed",
                ["said", "right", "wrong", "not understood", "outside", "accepted", "median ms", "95 % ms"],
                [
                    [
                        .count(inside), .share(count(.right, true), of: inside),
                        .share(count(.wrong, true), of: inside), .share(count(.rejected, true), of: inside),
                        .count(rows.count - inside), .share(count(.wrong, false), of: rows.count - inside),
                        sample.milliseconds(0.5, digits: 2), sample.milliseconds(0.95, digits: 2),
                    ]
                ]))
        output.show(
            Table(
                "understanding", "not right", ["words", "verdict", "acts"],
                results.filter { $0.verdict != .right }.map {
                    [
                        .text($0.row.words), .text($0.verdict.rawValue),
                        .text(JSONText.list($0.meaning.acts.map(\.json)).line),
                    ]
                }))
        try MenuBenchmark.run(setting, to: output)
        try MenuBenchmark.cost(setting, to: output)
        outside(understander, outOfScope(setting, output), to: output)
        service(understander, setting.texts.appending(path: "service-intents.jsonl"), to: output)
    }

    private struct Sentence: Decodable {
        let text: String
        let intent: String?
    }

    private static func sentences(_ file: URL, _ output: BenchmarkOutput) -> [Sentence] {
        guard let data = try? Data(contentsOf: file) else {
            output.note("understanding: \(file.lastPathComponent) is not in \(file.deletingLastPathComponent().path)")
            return []
        }
        return data.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(Sentence.self, from: $0)
        }
    }

    private static func meaning(of text: String, _ understander: Understander) -> [Act] {
        let meaning = understander.interpret(typed: text, expecting: .open)
        return meaning.confidence >= Assurance.understanding ? meaning.acts : []
    }

    /// What people ask of other assistants; none where the texts are not there.
    static func outOfScope(_ setting: BenchmarkSetting, _ output: BenchmarkOutput) -> [String] {
        sentences(setting.texts.appending(path: "out-of-scope.jsonl"), output).map(\.text)
    }

    /// Sentences that are no shop's business: how many would do something.
    private static func outside(_ understander: Understander, _ sentences: [String], to output: BenchmarkOutput) {
        guard !sentences.isEmpty else { return }
        let acts = sentences.map { ($0, meaning(of: $0, understander)) }
        let touching = acts.filter { $0.1.contains { $0.intent.touches } }
        output.show(
            Table(
                "understanding", "sentences of others that are no shop's business",
                ["sentences", "understood", "would touch cart or order"],
                [
                    [
                        .count(acts.count),
                        .share(acts.count { $0.1.contains { $0.intent != .outOfScope } }, of: acts.count),
                        .share(touching.count, of: acts.count),
                    ]
                ]))
        show("would touch cart or order", touching, output)
    }

    private static func show(_ title: String, _ acts: [(String, [Act])], _ output: BenchmarkOutput) {
        guard !acts.isEmpty else { return }
        output.show(
            Table(
                "understanding", title, ["words", "acts"],
                acts.map { [.text($0.0), .text($0.1.map(\.intent.rawValue).joined(separator: ", "))] }))
    }

    /// What the data set calls its intents, and which of ours are right for them.
    private static let serviceIntents: [String: Set<Intent>] = [
        "cancel_order": [.cancelOrder], "change_order": [.changeOrder], "check_cancellation_fee": [.faq],
        "check_invoice": [.invoice], "check_payment_methods": [.faq], "check_refund_policy": [.faq],
        "complaint": [.complaint], "contact_customer_service": [.talkToOperator],
        "contact_human_agent": [.talkToOperator], "delete_account": [.deleteMyData], "delivery_options": [.faq],
        "delivery_period": [.faq], "get_invoice": [.invoice], "get_refund": [.returnOrder, .refundStatus, .faq],
        "payment_issue": [.paymentIssue], "track_order": [.trackOrder], "track_refund": [.refundStatus],
    ]

    /// Requests to shops in general: those that this one knows, and whether the others do something.
    private static func service(_ understander: Understander, _ file: URL, to output: BenchmarkOutput) {
        let sentences = sentences(file, output)
        guard !sentences.isEmpty else { return }
        let groups = Dictionary(grouping: sentences) { $0.intent ?? "" }.sorted { $0.key < $1.key }
        output.show(
            Table(
                "understanding", "requests of others to shops in general",
                ["intent", "sentences", "right", "something else", "not understood", "would touch cart or order"],
                groups.map { name, sentences in
                    let meanings = sentences.map { meaning(of: $0.text, understander) }
                    let known = serviceIntents[name]
                    func share(_ isMeant: ([Act]) -> Bool) -> Table.Cell {
                        .share(meanings.count(where: isMeant), of: meanings.count)
                    }
                    func isRight(_ acts: [Act]) -> Bool { acts.contains { known?.contains($0.intent) == true } }
                    return [
                        .text(name), .count(meanings.count), known == nil ? .nothing : share(isRight),
                        share { !$0.isEmpty && !isRight($0) }, share(\.isEmpty),
                        share { !isRight($0) && $0.contains { $0.intent.touches } },
                    ]
                }))
    }
}

extension Intent {
    /// Whether it changes a cart or an order, or asks to.
    fileprivate var touches: Bool {
        switch self {
        case .addToCart, .removeFromCart, .changeQuantity, .changeModifiers, .clearCart, .repeatOrder, .placeOrder,
            .cancelOrder, .changeOrder, .returnOrder:
            true
        default: false
        }
    }
}
