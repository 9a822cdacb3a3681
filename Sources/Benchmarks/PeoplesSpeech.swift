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

    /// A recording that is there.
    struct Recording {
        let file: URL
        let words: String
        let speaker: String
        /// What is listened for where it is for the shop; nil where it belongs to no part.
        let expectation: Expectation?
    }

    /// Everything in a folder, in order.
    private static func recordings(in folder: URL, _ expectation: (String) -> Expectation?) -> [Recording] {
        let text = (try? String(contentsOf: folder.appending(path: "transcripts.tsv"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }.filter { $0.count == 2 }
            .map { row in
                // an10-fjmd-b.flac, 0_george_10.flac
                let parts = row[0].split { "-_".contains($0) }
                return Recording(
                    file: folder.appending(path: row[0]), words: row[1],
                    speaker: parts.count > 1 ? String(parts[1]) : row[0], expectation: expectation(row[1]))
            }
    }

    /// Everything that may be heard in a band, whether it is for the shop or not.
    static func recordings(_ setting: BenchmarkSetting, _ band: Band) -> [Recording] {
        let folders = Set(parts.filter { band == .telephone || $0.band == .wideband }.map(\.folder))
        return folders.sorted().flatMap { name in
            recordings(in: setting.speech.appending(path: name)) { words in
                parts.first { $0.folder == name && $0.holds(words) }?.expectation
            }
        }
    }

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        var rows: [[Table.Cell]] = []
        for part in parts {
            let network = floor.network(for: part.expectation)
            var (right, wrong, count) = (0, 0, 0)
            let said = recordings(in: setting.speech.appending(path: part.folder)) { _ in part.expectation }
            for recording in said where part.holds(recording.words) {
                guard let samples = try load(recording.file, band: part.band) else { continue }
                count += 1
                let heard = try await HearingBenchmark.hear(samples, band: part.band, with: recognizer, network)
                let (words, meaning) = floor.understander.best(of: heard.hypotheses, expecting: part.expectation)
                guard meaning.confidence >= Assurance.understanding, !meaning.acts.isEmpty else { continue }
                if words == recording.words { right += 1 } else { wrong += 1 }
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
