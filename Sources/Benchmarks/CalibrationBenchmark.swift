// Where the weights of the confidence come from. In: recordings of what customers say and of what nobody means for the shop.
// Out: the weights that fit the tuning voices best, and how well confidences tell right from wrong for the others.

import Audio
import Conversation
import Dialogue
import Foundation
import Hearing
import Understanding

enum CalibrationBenchmark {
    /// Something to be heard.
    private struct Sound {
        let samples: [Int16]
        let expectation: Expectation
        let isForShop: Bool
        let isForTuning: Bool
        /// For how many utterances it stands: there are more recordings of some kinds than their share in calls.
        let weight: Double
        /// Whether words, and what they mean, are what was said.
        let isRight: (String, Interpretation) -> Bool
    }

    /// One that was heard as something.
    private struct Heard {
        let trial: HearingCalibration.Trial
        let confidence: Double
        let isForTuning: Bool
        let isForShop: Bool
    }

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        let recognizer = try setting.recognizer(floor.pack, setting.voice(floor.pack))
        let texts = UnderstandingBenchmark.outOfScope(setting, output)
        var weights: [[Table.Cell]] = []
        var separation: [[Table.Cell]] = []
        for band in Band.allCases {
            let sounds =
                try recordings(setting, band) + people(setting, band)
                + (try await sentences(setting, floor, texts, band))
            output.note("calibration: \(sounds.count) sounds, \(band.rawValue)")
            var heard: [Heard] = []
            for sound in sounds {
                let network = floor.network(for: sound.expectation)
                guard let found = try await recognizer.trial(of: sound.samples, network: network, band: band) else {
                    continue
                }
                let (words, meaning) = floor.understander.best(of: [found.best], expecting: sound.expectation)
                let isRight = sound.isForShop && sound.isRight(words, meaning)
                heard.append(
                    Heard(
                        trial: .init(features: found.features, isRight: isRight, weight: sound.weight),
                        confidence: found.best.confidence, isForTuning: sound.isForTuning,
                        isForShop: sound.isForShop))
            }
            let fitted = HearingCalibration.fit(heard.filter(\.isForTuning).map(\.trial))
            weights.append([.text(band.rawValue)] + fitted.map { .decimal($0, digits: 3) })
            for isForTuning in [true, false] {
                let part = heard.filter { $0.isForTuning == isForTuning }
                separation.append(
                    [.text(band.rawValue), .text(isForTuning ? "tuning" : "judging"), .count(part.count)]
                        + cells(part) { $0.confidence }
                        + cells(part) { HearingCalibration.confidence($0.trial.features, fitted) })
            }
        }
        output.show(
            Table(
                name, "weights that fit the tuning voices best",
                ["band", "bias", "fit", "pace", "density", "mismatch", "faintness", "unexplained", "expectedness"],
                weights))
        output.show(
            Table(
                name,
                "right ones told from misheard ones and from what is not for the shop (area under the curve), "
                    + "equal-error rate of both; as it is, and with these weights",
                [
                    "band", "voices", "heard", "misheard", "not for the shop", "equal error", "misheard, new",
                    "not for the shop, new", "equal error, new",
                ], separation))
    }

    private static let name = "calibration"

    private static func cells(_ heard: [Heard], _ confidence: (Heard) -> Double) -> [Table.Cell] {
        let right = heard.filter(\.trial.isRight).map(confidence)
        let wrong = heard.filter { !$0.trial.isRight }
        func against(_ wrong: [Heard]) -> (areaUnderCurve: Double, equalErrorRate: Double) {
            HearingCalibration.separation(right: right, wrong: wrong.map(confidence))
        }
        return [
            .decimal(against(wrong.filter(\.isForShop)).areaUnderCurve, digits: 3),
            .decimal(against(wrong.filter { !$0.isForShop }).areaUnderCurve, digits: 3),
            .decimal(against(wrong).equalErrorRate, digits: 3),
        ]
    }

    // MARK: Sounds

    private static func recordings(_ setting: BenchmarkSetting, _ band: Band) throws -> [Sound] {
        let book = try FixtureBook.read(setting.recordings)
        return try book.utterances.flatMap { row in
            try row.recordings.map { voice, name in
                Sound(
                    samples: try setting.recording(name, in: band),
                    expectation: row.expectation, isForShop: !row.isIntruder,
                    isForTuning: book.voices[voice]?.use == .tuning, weight: row.isIntruder ? strangersWeight : 1
                ) { row.expect.verdict(on: $1, threshold: 0) == .right }
            }
        }
    }

    /// What is not for the shop counts more than its share in calls: an order that nobody gave is worse than a question.
    private static let strangersWeight = 1.5

    /// What is listened for where somebody says what is not for the shop.
    private static let states: [Expectation] = [.open, .yesNo, .open]

    /// Speakers take turns in being tuned on and judged by.
    private static func people(_ setting: BenchmarkSetting, _ band: Band) throws -> [Sound] {
        let recordings = PeoplesSpeech.recordings(setting, band)
        let speakers = Set(recordings.map(\.speaker)).sorted()
        return try recordings.enumerated().compactMap { index, recording in
            guard let samples = try PeoplesSpeech.load(recording.file, band: band) else { return nil }
            return Sound(
                samples: ForeignSound.at(ForeignSound.close, samples),
                expectation: recording.expectation ?? states[index % states.count],
                isForShop: recording.expectation != nil,
                isForTuning: speakers.firstIndex(of: recording.speaker).map { $0 % 2 == 0 } ?? true,
                weight: recording.expectation == nil ? 1 : 0.5
            ) { words, _ in words == recording.words }
        }
    }

    /// What people ask of other assistants, every other one cut short after two to four words: those are the most easily
    /// taken for an order. Said by voices of both kinds in turn.
    private static func sentences(
        _ setting: BenchmarkSetting, _ floor: Floor, _ texts: [String], _ band: Band
    ) async throws -> [Sound] {
        let foreign = ForeignSound(setting, floor)
        var chance = Chance(seed: 17)
        var sounds: [Sound] = []
        for (index, text) in texts.shuffled(using: &chance).prefix(most).enumerated() {
            let words = text.split(separator: " ")
            let said = index % 4 < 2 ? words[...] : words.prefix(2 + index % 3)
            let samples = try await foreign.say(said.joined(separator: " "), by: voices[index % voices.count])
            sounds.append(
                Sound(
                    samples: Resampler.convert(samples, from: Band.wideband.rate, to: band.rate),
                    expectation: states[index % states.count], isForShop: false, isForTuning: index % 2 == 0,
                    weight: strangersWeight
                ) { _, _ in false })
        }
        return sounds
    }

    /// The first, third and so on are voices for tuning.
    private static let voices = ["en-us", "gmw/en", "en-us+f3", "gmw/en-GB-x-rp", "en-us+m3", "gmw/en-GB-scotland"]
    private static let most = 240
}
