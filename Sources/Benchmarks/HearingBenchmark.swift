// How well recordings are heard. In: every recorded utterance in both bands, through the recogniser and through
// PocketSphinx as it comes. Out: trials; `HearingTables` makes the tables of them.

import Audio
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Understanding

/// One recording, heard.
struct HearingTrial: Sendable {
    /// What one of the two recognisers made of it.
    struct Outcome: Sendable {
        let words: String
        let meaning: Interpretation
        let verdict: Verdict
        let audioSeconds: Double
        let cpuSeconds: Double
    }

    let file: String
    let voice: String
    let use: FixtureBook.Voice.Use
    /// Nothing must come of it: what it is instead.
    let intruder: String?
    let band: Band
    let expected: Expected
    let ours: Outcome
    let raw: Outcome
}

enum HearingBenchmark {
    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        // The recordings ask for what the demo shop sells.
        guard !setting.hasOwnShop else { return try await OwnCatalogueBenchmark.run(setting, to: output) }
        try await utterances(setting, to: output)
        try await LineColours.run(setting, to: output)
        try await PeoplesSpeech.run(setting, to: output)
        try await CatalogueBenchmark.run(setting, to: output)
    }

    private static func utterances(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let book = try FixtureBook.read(setting.recordings)
        let floor = try setting.floor()
        let networks = floor.networks()
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        for network in networks.values { try await recognizer.prepare(network) }
        let baseline = try RawBaseline(models: setting.models)
        let flat = WordNetwork(everythingOf: networks.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value))
        let count = Band.allCases.count * book.utterances.reduce(0) { $0 + $1.voices.count }
        output.note("hearing: \(count) recordings, each twice; this takes some minutes")
        var trials: [HearingTrial] = []
        for band in Band.allCases {
            for row in book.utterances {
                guard let network = networks[row.expectation] else { continue }
                func outcome(_ recognition: Recognition) -> HearingTrial.Outcome {
                    let (words, meaning) = floor.understander.best(
                        of: recognition.hypotheses, expecting: row.expectation)
                    return HearingTrial.Outcome(
                        words: words, meaning: meaning,
                        verdict: row.expect.verdict(on: meaning, threshold: Assurance.understanding),
                        audioSeconds: recognition.audioSeconds, cpuSeconds: recognition.cpuSeconds)
                }
                for (voice, name) in row.recordings {
                    let samples = try setting.recording(name, in: band)
                    trials.append(
                        HearingTrial(
                            file: name, voice: voice, use: book.voices[voice]?.use ?? .judging,
                            intruder: row.intruder, band: band, expected: row.expect,
                            ours: outcome(try await hear(samples, band: band, with: recognizer, network)),
                            raw: outcome(try await baseline.hear(samples, band: band, network: flat))))
                }
            }
        }
        HearingTables(trials).all.forEach(output.show)
    }

    /// As a line brings it: 20 ms at a time.
    static func hear(
        _ samples: [Int16], band: Band, with recognizer: Recognizer, _ network: WordNetwork, channel: Channel? = nil
    ) async throws -> Recognition {
        let utterance = try await recognizer.begin(network, band: band, channel: channel)
        for start in stride(from: 0, to: samples.count, by: band.frameLength) {
            await utterance.hear(Array(samples[start..<min(start + band.frameLength, samples.count)]))
        }
        return await utterance.finish()
    }
}

extension FixtureBook.Utterance {
    /// Judges what was heard, as a call would.
    func verdict(on heard: [Hypothesis], by understander: Understander) -> Verdict {
        let (_, meaning) = understander.best(of: heard, expecting: expectation)
        return expect.verdict(on: meaning, threshold: Assurance.understanding)
    }

    /// What it is where nothing must come of it.
    fileprivate var intruder: String? {
        guard isIntruder else { return nil }
        return scene == "television" ? "far speech" : words.isEmpty ? "no speech" : "other speech"
    }
}

extension WordNetwork {
    /// One flat grammar of everything that any of `networks` accepts. Nothing leads back to the start of a network, so
    /// all of them can begin in the same state.
    init(everythingOf networks: [WordNetwork]) {
        var stateCount = 1
        var finals: Set<Int> = []
        var arcs: [Arc] = []
        var empties: [EmptyArc] = []
        var seen: Set<String> = []
        for network in networks where seen.insert(network.id).inserted {
            let offset = stateCount - 1
            func state(_ number: Int) -> Int { number == 0 ? 0 : number + offset }
            arcs += network.arcs.map {
                Arc(from: state($0.from), to: state($0.to), word: $0.word, logWeight: $0.logWeight)
            }
            empties += network.empties.map { EmptyArc(from: state($0.from), to: state($0.to)) }
            finals.formUnion(network.finals.map(state))
            stateCount += network.stateCount - 1
        }
        self.init(id: "everything", stateCount: stateCount, finals: finals.sorted(), arcs: arcs, empties: empties)
    }
}
