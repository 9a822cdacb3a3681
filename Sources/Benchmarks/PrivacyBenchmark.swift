// What redaction misses and what it takes too much of, and what forgetting costs: sealing a turn, erasing a customer, sweeping a million
// rows. In: made sentences and empty databases. Out: shares and times.

import Conversation
import Foundation
import Language
import Platform
import Privacy
import Sealing
import Storage

enum PrivacyBenchmark {
    private static let sentences = 1_000
    private static let turns = 10_000
    private static let turnsOfCall = 100
    private static let million = 1_000_000
    /// A Monday at noon.
    private static let noon = Date(timeIntervalSince1970: 1_772_452_800)
    private static let phone = "+380671234567"

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let speech = try PrivateSpeech.read(setting.recordings)
        for isJudging in [false, true] {
            redact(
                speech.sentences(
                    sentences, isJudging: isJudging, rules: floor.pack.rules,
                    seed: UInt64(bitPattern: Int64(setting.seed))),
                floor.redactor, names: isJudging ? "names for judging" : "names for tuning", to: output)
        }
        try await erase(try await setting.desk(floor, "erase"), to: output)
        try await sweep(try await setting.desk(floor, "sweep"), to: output)
    }

    // MARK: Redaction

    private static func redact(
        _ sentences: [PrivateSentence], _ redactor: Redactor, names: String, to output: BenchmarkOutput
    ) {
        var counts: [String: (there: Int, missed: Int)] = [:]
        var (falsely, words, missed) = (0, 0, 0)
        for sentence in sentences {
            let kept = redactor.text(sentence.text, asked: .nothing, form: .redacted) ?? ""
            var left = PrivateSpeech.words(kept)
            // Plain words first: what is left over of the kept ones is private.
            var taken = 0
            for word in sentence.plain {
                if let place = left.firstIndex(of: word) { left.remove(at: place) } else { taken += 1 }
            }
            falsely += sentence.secrets.isEmpty && taken > 0 ? 1 : 0
            words += taken
            var isMissed = false
            for secret in sentence.secrets {
                let survives = secret.words.contains { left.contains($0) }
                counts[secret.kind, default: (0, 0)].there += 1
                counts[secret.kind, default: (0, 0)].missed += survives ? 1 : 0
                isMissed = isMissed || survives
            }
            missed += isMissed ? 1 : 0
        }
        let secret = sentences.filter { !$0.secrets.isEmpty }.count
        output.show(
            Table(
                "privacy", "made sentences, blacked out, \(names)",
                ["sentences", "with details", "with one missed", "plain", "of them changed", "plain words lost"],
                [
                    [
                        .count(sentences.count), .count(secret), .share(missed, of: secret),
                        .count(sentences.count - secret), .share(falsely, of: sentences.count - secret), .count(words),
                    ]
                ]))
        output.show(
            Table(
                "privacy", "by kind, \(names)", ["detail", "there", "missed"],
                counts.sorted { $0.key < $1.key }.map {
                    [.text($0.key), .count($0.value.there), .share($0.value.missed, of: $0.value.there)]
                }))
    }

    // MARK: Forgetting

    private static func turn(_ number: Int, of call: String) -> TurnRecord {
        TurnRecord(
            conversation: call, turn: number, heard: "two large pepperoni pizzas and a cola please",
            reply: "Two large pepperoni pizzas and one cola, twenty two dollars. Anything else?", isAccepted: true,
            intents: ["add_to_cart"],
            acts: #"[{"intent":"add_to_cart","confidence":0.94,"items":[{"sku":"pizza","quantity":2}]}]"#)
    }

    private static func erase(_ store: Store, to output: BenchmarkOutput) async throws {
        var written: [Double] = []
        for call in 0..<turns / turnsOfCall {
            try await store.beginConversation("\(call)", line: "phone", caller: phone, now: noon)
            for number in 0..<turnsOfCall {
                let watch = Stopwatch()
                try await store.record(turn(number, of: "\(call)"), now: noon)
                written.append(watch.seconds)
            }
        }
        let key = SealingKey.random()
        let text = Array(String(repeating: "two large pepperoni pizzas ", count: 8).utf8)
        let sealing = Stopwatch()
        for _ in 0..<turns { _ = key.seal(text, context: "turns/transcript/0/0") }
        let sealed = sealing.seconds / Double(turns)
        let watch = Stopwatch()
        let report = try await store.erase(phone: phone, now: noon)
        output.show(
            Table(
                "privacy", "a customer with many turns",
                ["turns", "written, median ms", "of it sealing, µs", "conversations erased", "erased in ms"],
                [
                    [
                        .count(turns), Sample(written).milliseconds(0.5, digits: 2),
                        .decimal(sealed * 1_000_000, digits: 1), .count(report?.conversations ?? 0),
                        .decimal(watch.seconds * 1_000, digits: 0),
                    ]
                ]))
    }

    /// Half of a million turns are over. Meanwhile somebody asks the store, as a caller would.
    private static func sweep(_ store: Store, to output: BenchmarkOutput) async throws {
        try await store.beginConversation("call", line: "phone", caller: phone, now: noon)
        try await store.record(turn(0, of: "call"), now: noon)
        try await store.multiplyLatestTurn(by: million)
        // The first sweep of a database takes the policy up, which looks at every row.
        _ = try await store.sweep(now: noon)
        let over = noon.addingTimeInterval(Double(RetentionPolicy.standard[.transcript].seconds))
        let idle = Stopwatch()
        _ = try await store.sweep(now: noon)
        let nothing = idle.seconds
        let asking = Task {
            var waits: [Double] = []
            while !Task.isCancelled {
                let watch = Stopwatch()
                _ = try? await store.kept(phone: "+380500000000")
                waits.append(watch.seconds)
                try? await Task.sleep(for: .milliseconds(5))
            }
            return waits
        }
        let watch = Stopwatch()
        let report = try await store.sweep(now: over)
        let seconds = watch.seconds
        asking.cancel()
        let waits = Sample(await asking.value)
        output.show(
            Table(
                "privacy", "a sweep among very many rows",
                ["rows", "nothing over, ms", "removed", "in seconds", "others wait, 95 % ms", "at most ms"],
                [
                    [
                        .count(million), .decimal(nothing * 1_000, digits: 1), .count(report.transcripts),
                        .decimal(seconds, digits: 1), waits.milliseconds(0.95), waits.milliseconds(1),
                    ]
                ]))
    }
}
