// How well people are heard, as far as recordings of them are there. In: folders of recordings with what is said in them.
// Out: a table; none where there are no recordings.

import Audio
import Conversation
import Dialogue
import Foundation
import Hearing
import Understanding

enum PeoplesSpeech {
    /// Recordings of one kind, and what was listened for.
    private struct Part {
        let name: String
        let folder: String
        let band: Band
        let expectation: Expectation
        /// Whether a recording with these words belongs here.
        let holds: @Sendable (String) -> Bool
    }

    /// Settings were chosen with the single digits and 60 of the rows at hand. The means of the telephone's model are moved by
    /// what recordings of `an4-train` sound like, so that folder says nothing about telephones.
    private static let parts = [
        Part(name: "single digits, three speakers", folder: "digits-8k", band: .telephone, expectation: .digits) { _ in
            true
        },
        Part(name: "rows of digits", folder: "an4-train", band: .wideband, expectation: .digits) { text in
            text.split(separator: " ").allSatisfy { digits.contains(String($0)) }
        },
        Part(name: "yes, no", folder: "an4-train", band: .wideband, expectation: .yesNo) {
            ["yes", "no"].contains($0)
        },
        Part(name: "help, repeat", folder: "an4-train", band: .wideband, expectation: .open) {
            ["help", "repeat"].contains($0)
        },
    ]
    private static let digits: Set<String> = [
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        var rows: [[Table.Cell]] = []
        for part in parts {
            let folder = setting.speech.appending(path: part.folder)
            let text = (try? String(contentsOf: folder.appending(path: "transcripts.tsv"), encoding: .utf8)) ?? ""
            let said = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
                .filter { $0.count == 2 && part.holds($0[1]) }
            let network = floor.network(for: part.expectation)
            var (right, wrong, count) = (0, 0, 0)
            for row in said {
                guard let samples = try load(folder.appending(path: row[0]), band: part.band) else { continue }
                count += 1
                let heard = try await HearingBenchmark.hear(samples, band: part.band, with: recognizer, network)
                let (words, meaning) = floor.understander.best(of: heard.hypotheses, expecting: part.expectation)
                guard meaning.confidence >= Assurance.understanding, !meaning.acts.isEmpty else { continue }
                if words == row[1] { right += 1 } else { wrong += 1 }
            }
            guard count > 0 else { continue }
            rows.append([
                .text(part.name), .text(part.band.rawValue), .share(right, of: count), .share(wrong, of: count),
                .share(count - right - wrong, of: count),
            ])
        }
        guard !rows.isEmpty else { return }
        output.show(
            Table("hearing", "people, every word right", ["what", "band", "right", "wrong", "rejected"], rows))
    }

    /// A recording as FLAC, which sox reads; nil where that is not there.
    static func load(_ file: URL, band: Band) throws -> [Int16]? {
        try Tool.sound(in: band) { wave in ("sox", [file.path, "-b", "16", wave]) }
    }
}
