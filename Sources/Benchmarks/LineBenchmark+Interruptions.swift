// Who talks over the assistant, by telephone. In: recordings of callers, of coughs, clicks and noise. Out: how soon it is silent
// for whom it should be, and how often it is for what is no word.

import Audio
import Foundation
import Lines

extension LineBenchmark {
    /// Frames without a sound that are no gap between words: 160 ms.
    private static let silence = 8
    /// So many are no hesitation any more: 0.6 s.
    private static let longSilence = 30

    /// From the caller's first sound to the assistant's silence, as the caller hears it: both ways of the network included.
    static func interruptions(_ lines: Lines) async throws -> Table {
        var reactions: [Double] = []
        for number in 0..<20 {
            let heard = try await assistant(under: lines.sounds[number % lines.sounds.count], lines)
            let silent = heard.indices.first { heard.dropFirst($0).prefix(silence).allSatisfy { !$0 } }
            if let silent { reactions.append(Double(silent) * 0.02) }
        }
        let sample = Sample(reactions)
        return Table(
            "line",
            "from a caller's first sound to the assistant's silence, as the caller hears it (10 to 40 ms of it wait for late packets, twice)",
            ["interruptions", "median ms", "longest ms"],
            [[.share(sample.count, of: 20), sample.milliseconds(0.5, digits: 0), sample.milliseconds(1, digits: 0)]])
    }

    /// Coughs, slams, clicks, noise and music over the assistant.
    static func strays(_ lines: Lines, _ setting: BenchmarkSetting) async throws -> Table {
        let sounds = try sounds(setting, in: .telephone) {
            $0.hasPrefix("oov-") && $0.hasSuffix(".sound.wav")
        }
        var (hesitated, stopped) = (0, 0)
        for sound in sounds {
            let silences = try await assistant(under: sound, lines).split(separator: true).map(\.count)
            stopped += silences.contains { $0 >= longSilence } ? 1 : 0
            hesitated += silences.contains { (silence..<longSilence).contains($0) } ? 1 : 0
        }
        return Table(
            "line", "sounds that are no words, over the assistant",
            ["sounds", "silent for a moment", "for over 0.6 s"],
            [[.count(sounds.count), .count(hesitated), .count(stopped)]])
    }

    /// Of each 20 ms whether the assistant was heard, for three seconds from the moment that `sound` was played into its greeting.
    private static func assistant(under sound: [Int16], _ lines: Lines) async throws -> [Bool] {
        let call = try await lines.callers.dial(lines.address, seconds: 20)
        let lead = sound.firstIndex { abs(Int($0)) > 1_000 } ?? 0
        var (loud, frames, isPlayed) = (0, 0, false)
        var heard: [Bool] = []
        while frames < 500, heard.count < 150, case .frame(let frame) = await call.next() {
            frames += 1
            loud += frame.isLoud ? 1 : 0
            if isPlayed {
                heard.append(frame.isLoud)
            } else if loud > 25, frame.isLoud {
                await call.play(Array(sound.dropFirst(lead)))
                isPlayed = true
            }
        }
        await call.stopPlaying()
        await call.hangUp()
        while case .frame = await call.next() {}
        return heard
    }
}
