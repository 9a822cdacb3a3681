// What the trials of hearing come to: by band and voice, what must be rejected, cost, operating points, each utterance.

import Audio
import Understanding

struct HearingTables {
    private static let name = "hearing"
    private let trials: [HearingTrial]

    init(_ trials: [HearingTrial]) { self.trials = trials }

    /// In the order to read them.
    var all: [Table] {
        [utterances, intruders, cost] + Band.allCases.map(operatingPoints) + [missed]
    }

    private typealias Outcome = KeyPath<HearingTrial, HearingTrial.Outcome>

    private func cells(_ trials: [HearingTrial], _ outcome: Outcome) -> [Table.Cell] {
        [Verdict.right, .wrong, .rejected].map { verdict in
            .share(trials.count { $0[keyPath: outcome].verdict == verdict }, of: trials.count)
        }
    }

    /// Utterances of the grammar: per band all voices, the two groups of voices, each voice.
    private var utterances: Table {
        var rows: [[Table.Cell]] = []
        for band in Band.allCases.reversed() {
            let inBand = trials.filter { $0.band == band && $0.intruder == nil }
            func row(_ name: String, _ trials: [HearingTrial]) {
                rows.append(
                    [.text(band.rawValue), .text(name), .count(trials.count)]
                        + cells(trials, \.ours) + cells(trials, \.raw))
            }
            row("all", inBand)
            for use in [FixtureBook.Voice.Use.tuning, .judging] { row(use.rawValue, inBand.filter { $0.use == use }) }
            for voice in Set(inBand.map(\.voice)).sorted() { row(voice, inBand.filter { $0.voice == voice }) }
        }
        return Table(
            Self.name, "utterances that callers may say; raw is PocketSphinx by default with one flat grammar",
            ["band", "voices", "said", "right", "wrong", "rejected", "raw right", "raw wrong", "raw rejected"], rows)
    }

    /// What is nobody's order.
    private var intruders: Table {
        var rows: [[Table.Cell]] = []
        for band in Band.allCases.reversed() {
            for kind in Set(trials.compactMap(\.intruder)).sorted() {
                let heard = trials.filter { $0.band == band && $0.intruder == kind }
                rows.append([
                    .text(band.rawValue), .text(kind),
                    .share(heard.count { $0.ours.verdict == .wrong }, of: heard.count),
                    .share(heard.count { $0.raw.verdict == .wrong }, of: heard.count),
                ])
            }
        }
        return Table(
            Self.name, "what must be rejected, as single utterances without a call's sense of who is far away",
            ["band", "kind", "accepted", "raw accepted"], rows)
    }

    private var cost: Table {
        let rows = Band.allCases.reversed().map { band -> [Table.Cell] in
            let heard = trials.filter { $0.band == band }
            let audio = heard.reduce(0) { $0 + $1.ours.audioSeconds }
            func share(_ outcome: Outcome) -> Table.Cell {
                audio > 0
                    ? .decimal(heard.reduce(0) { $0 + $1[keyPath: outcome].cpuSeconds } / audio, digits: 3) : .nothing
            }
            return [.text(band.rawValue), .decimal(audio, digits: 0), share(\.ours), share(\.raw)]
        }
        return Table(
            Self.name, "processor time as a share of the sound's, confidence included",
            ["band", "sound s", "share", "raw share"], rows)
    }

    /// What other thresholds of the confidence would do, for voices that nothing was tuned on.
    private func operatingPoints(_ band: Band) -> Table {
        let judged = trials.filter { $0.band == band && $0.use == .judging }
        let said = judged.filter { $0.intruder == nil }
        let intruders = judged.filter { $0.intruder != nil }
        let rows = stride(from: 0.05, to: 0.975, by: 0.05).map { threshold -> [Table.Cell] in
            func count(_ trials: [HearingTrial], _ verdict: Verdict) -> Table.Cell {
                .share(
                    trials.count { $0.expected.verdict(on: $0.ours.meaning, threshold: threshold) == verdict },
                    of: trials.count)
            }
            return [
                .decimal(threshold, digits: 2), count(said, .right), count(said, .wrong), count(intruders, .wrong),
            ]
        }
        return Table(
            Self.name, "operating points, \(band.rawValue) band, judging voices",
            ["confidence", "accepted right", "accepted wrong", "intruders accepted"], rows)
    }

    /// Every recording that did not come out right, the surest first.
    private var missed: Table {
        let wrong = trials.filter { $0.ours.verdict != .right }
            .sorted { ($0.ours.meaning.confidence, $1.file) > ($1.ours.meaning.confidence, $0.file) }
        return Table(
            Self.name, "not right, the surest first", ["recording", "band", "verdict", "confidence", "heard", "acts"],
            wrong.map {
                [
                    .text($0.file), .text($0.band.rawValue), .text($0.ours.verdict.rawValue),
                    .decimal($0.ours.meaning.confidence, digits: 2), .text($0.ours.words),
                    .text($0.ours.meaning.acts.map(\.intent.rawValue).joined(separator: ", ")),
                ]
            })
    }
}
