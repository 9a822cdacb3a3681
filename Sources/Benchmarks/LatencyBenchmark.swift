// How long callers wait for an answer. In: recorded calls, played through the whole path. Out: the computing time between
// the decision that the caller has finished and the first sample of the answer.

import Audio
import Conversation

enum LatencyBenchmark {
    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        var waits: [Band: [Double]] = [:]
        var calls: [Band: Int] = [:]
        for call in try setting.calls() {
            let timings = try await call.play().compactMap(\.timing)
            waits[call.band, default: []] += timings.map { $0.firstAudio - $0.decided }
            calls[call.band, default: 0] += 1
        }
        func row(_ name: String, _ waits: [Double], _ calls: Int) -> [Table.Cell] {
            let sample = Sample(waits)
            return [
                .text(name), .count(calls), .count(sample.count), sample.milliseconds(0.5), sample.milliseconds(0.95),
                sample.milliseconds(1),
            ]
        }
        let rows = Band.allCases.filter { calls[$0] != nil }.map { row($0.rawValue, waits[$0] ?? [], calls[$0] ?? 0) }
        output.show(
            Table(
                "latency", "from the end of speech being decided to the first sample of the answer",
                ["band", "calls", "answers", "median ms", "95 % ms", "longest ms"],
                rows + [row("both", waits.values.flatMap(\.self), calls.values.reduce(0, +))]))
    }
}
