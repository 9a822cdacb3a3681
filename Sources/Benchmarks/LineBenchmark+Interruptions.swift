// Who talks over the assistant, by telephone. In: recordings of callers, of coughs, clicks and noise. Out: how soon it is silent
// for whom it should be, and how often it is for what is no word.

import Audio
import Foundation
import Lines

extension LineBenchmark {
    /// Frames without a sound that are no gap between words: 160 ms.
    private static let silence = 8
    /// More than any pause of the assistant's own: 0.32 s.
    private static let stop = 16
    /// So many are no hesitation any more: 0.6 s.
    private static let longSilence = 30
    /// Half a second after its first sound the assistant is interrupted at the earliest.
    private static let earliest = 25
    /// Frames in which it would have gone on without a pause, of this many at the most: who falls silent by itself is not stopped.
    private static let (ahead, shortPause) = (16, 3)

    /// From the caller's first sound to the assistant's silence, as the caller hears it: both ways of the network included.
    static func interruptions(_ lines: Lines) async throws -> Table {
        var reactions: [Double] = []
        let count = 40
        let greeting = try await assistant(under: [], after: 0, lines)
        let moments = (earliest..<greeting.count - ahead).filter { moment in
            greeting[moment...].prefix(ahead).split(separator: true).allSatisfy { $0.count <= shortPause }
        }
        guard !moments.isEmpty else { return Table("line", "the greeting is too short to be interrupted", [], []) }
        for number in 0..<count {
            let moment = moments[number * moments.count / count]
            let heard = try await assistant(under: lines.sounds[number % lines.sounds.count], after: moment, lines)
            let silent = heard.indices.first { heard.dropFirst($0).prefix(stop).allSatisfy { !$0 } }
            if let silent { reactions.append(Double(silent) * 0.02) }
        }
        let sample = Sample(reactions)
        return Table(
            "line",
            "from a caller's first sound to the assistant's silence, as the caller hears it (10 to 40 ms of it wait for late packets, twice)",
            ["interruptions", "median ms", "95 % ms", "longest ms"],
            [
                [
                    .share(sample.count, of: count), sample.milliseconds(0.5, digits: 0),
                    sample.milliseconds(0.95, digits: 0), sample.milliseconds(1, digits: 0),
                ]
            ])
    }

    /// Coughs, slams, clicks, noise and music over the assistant.
    static func strays(_ lines: Lines, _ setting: BenchmarkSetting) async throws -> Table {
        let sounds = try sounds(setting, in: .telephone) {
            $0.hasPrefix("oov-") && $0.hasSuffix(".sound.wav")
        }
        var (hesitated, stopped) = (0, 0)
        for sound in sounds {
            let silences = try await assistant(under: sound, after: earliest, lines).split(separator: true).map(\.count)
            stopped += silences.contains { $0 >= longSilence } ? 1 : 0
            hesitated += silences.contains { (silence..<longSilence).contains($0) } ? 1 : 0
        }
        return Table(
            "line", "sounds that are no words, over the assistant",
            ["sounds", "silent for a moment", "for over 0.6 s"],
            [[.count(sounds.count), .count(hesitated), .count(stopped)]])
    }

    /// Of each 20 ms whether the assistant was heard, for three seconds from the moment that `sound` was played into its greeting,
    /// `moment` frames after the greeting's first sound.
    private static func assistant(under sound: [Int16], after moment: Int, _ lines: Lines) async throws -> [Bool] {
        let call = try await lines.callers.dial(lines.address, seconds: 20)
        let lead = sound.firstIndex { abs(Int($0)) > 1_000 } ?? 0
        var (frames, since) = (0, 0)
        var heard: [Bool] = []
        while frames < 500, heard.count < 150, case .frame(let frame) = await call.next() {
            frames += 1
            if since > moment { heard.append(frame.isLoud) }
            since += since > 0 || frame.isLoud ? 1 : 0
            if since == moment + 1 { await call.play(Array(sound.dropFirst(lead))) }
        }
        await call.stopPlaying()
        await call.hangUp()
        while case .frame = await call.next() {}
        return heard
    }
}
