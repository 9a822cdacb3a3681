// What it helps that a call's later utterances are heard knowing its earlier ones. In: every voice's recordings, as if one call
// each, over lines of several colours. Out: a table.

import Audio
import Conversation
import Foundation
import Hearing

enum LineColours {
    /// What a telephone or a microphone does to everybody's voice.
    private enum Colour: String, CaseIterable {
        case none = "as it is"
        case thin = "thin: 6 dB an octave less below 1,000 Hz"

        /// The same sound, as loud, through a filter of one pole.
        func applied(to samples: [Int16], _ band: Band) -> [Int16] {
            guard self == .thin else { return samples }
            let share = 1 - exp(-2 * Double.pi * 1_000 / Double(band.rate))
            var low = 0.0
            let coloured = samples.map { sample -> Double in
                low += (Double(sample) - low) * share
                return Double(sample) - low
            }
            func power(_ sound: [Double]) -> Double { sound.reduce(1) { $0 + $1 * $1 } }
            let factor = sqrt(power(samples.map(Double.init)) / power(coloured))
            return coloured.map { Int16(min(max($0 * factor, -32_768), 32_767)) }
        }
    }

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let book = try FixtureBook.read(setting.recordings)
        let floor = try setting.floor()
        let networks = floor.networks()
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        let voices = Set(book.utterances.filter { !$0.isIntruder }.flatMap { $0.recordings.map(\.voice) }).sorted()
        var rows: [[Table.Cell]] = []
        for band in Band.allCases {
            for colour in Colour.allCases {
                var (said, alone, inCall) = (0, [Verdict: Int](), [Verdict: Int]())
                for voice in voices {
                    var channel: Channel?
                    for row in book.utterances where !row.isIntruder {
                        guard let name = row.recordings.first(where: { $0.voice == voice })?.name,
                            let network = networks[row.expectation]
                        else { continue }
                        let samples = colour.applied(to: try setting.recording(name, in: band), band)
                        func verdict(_ channel: Channel?) async throws -> (Verdict, Channel?) {
                            let heard = try await HearingBenchmark.hear(
                                samples, band: band, with: recognizer, network, channel: channel)
                            return (row.verdict(on: heard.hypotheses, by: floor.understander), heard.channel)
                        }
                        said += 1
                        alone[try await verdict(nil).0, default: 0] += 1
                        let (came, heard) = try await verdict(channel)
                        inCall[came, default: 0] += 1
                        if let heard { channel.take(heard) }
                    }
                }
                rows.append(
                    [.text(band.rawValue), .text(colour.rawValue), .count(said)]
                        + [alone, inCall].flatMap { counts in
                            [Verdict.right, .wrong].map { .share(counts[$0] ?? 0, of: said) }
                        })
            }
        }
        output.show(
            Table(
                "hearing", "each voice's utterances as those of one call, beside each heard as if it were the first",
                ["band", "line", "said", "right alone", "wrong alone", "right in a call", "wrong in a call"], rows))
    }
}
