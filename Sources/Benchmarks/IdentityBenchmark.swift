// What it costs to know who is calling and to note who looked. In: an empty database. Out: milliseconds of a PIN that is right,
// wrong, or not there, of a line of the audit trail, and of a line's proof.

import Commerce
import Foundation
import Platform
import Storage

enum IdentityBenchmark {
    private static let rounds = 40
    private static let lines = 2_000

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let desk = try await setting.desk(try setting.floor(), "identity")
        try await pins(desk, to: output)
        try await audit(desk, to: output)
    }

    /// In turns, so that a difference between the three would be seen: it would tell a stranger something.
    private static func pins(_ desk: Store, to output: BenchmarkOutput) async throws {
        let (pin, wrong) = (SecretDigits("739164"), SecretDigits("461937"))
        let phones = ["+380671234567", "+380671234568", "+380671234569"]
        for phone in phones.dropLast() { _ = try await desk.choose(pin: pin, phone: phone) }
        let cases = [
            (name: "right", phone: phones[0], pin: pin), (name: "wrong, then locked", phone: phones[1], pin: wrong),
            (name: "no PIN, then locked", phone: phones[2], pin: wrong),
        ]
        var seconds: [String: [Double]] = [:]
        for _ in 0..<rounds {
            for trial in cases {
                let watch = Stopwatch()
                _ = try await desk.check(pin: trial.pin, phone: trial.phone)
                seconds[trial.name, default: []].append(watch.seconds)
            }
        }
        output.show(
            Table(
                "identity", "a PIN looked at, of three kinds in turns", ["PIN", "times", "median ms", "95 % ms"],
                cases.map { trial in
                    let sample = Sample(seconds[trial.name] ?? [])
                    return [
                        .text(trial.name), .count(rounds), sample.milliseconds(0.5, digits: 1),
                        sample.milliseconds(0.95, digits: 1),
                    ]
                }))
    }

    private static func audit(_ desk: Store, to output: BenchmarkOutput) async throws {
        var seconds: [Double] = []
        for number in 0..<lines {
            let watch = Stopwatch()
            try await desk.audit(
                "orders show", by: "operator (1000)", about: .order(String(number)), now: Date(timeIntervalSince1970: 0)
            )
            seconds.append(watch.seconds)
        }
        let watch = Stopwatch()
        let isWhole = try await desk.verifyAudit() == .success(AuditProof(closed: 0, last: Int64(lines)))
        let proof = watch.seconds
        let sample = Sample(seconds)
        output.show(
            Table(
                "identity", "lines of the audit trail, each durable; the proof of all of them",
                ["lines", "median ms", "95 % ms", "proved", "µs a line"],
                [
                    [
                        .count(lines), sample.milliseconds(0.5, digits: 2), sample.milliseconds(0.95, digits: 2),
                        .text(isWhole ? "whole" : "not whole"), .decimal(proof / Double(lines) * 1e6, digits: 0),
                    ]
                ]))
    }
}
