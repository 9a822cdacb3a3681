// Brings an utterance to the level that the recogniser was made for. In: an utterance as it comes, how loud the same caller was
// before. Out: the same to a recogniser, with one factor for all of it, so that nothing changes in the middle of a word.

public import Audio
import Foundation

/// An utterance on its way into a recogniser.
///
/// The recogniser knows how loud speech usually is, and takes two seconds to learn otherwise: of loud callers it hears other
/// words, with confidence. Whoever is heard as most people are is left alone.
public actor LevelledUtterance: UtteranceRecognizing {
    /// Held back until so many seconds came: they have a vowel in them.
    private static let opening = 0.7
    /// Of the loudest sounds, in dBFS: louder is too loud, and is brought to the second.
    private static let (loudest, target) = (-20.0, -27.0)
    /// What is so much fainter than the loudest frame is no loud sound.
    private static let near = 10.0
    /// Of a caller's usual speech, in dBFS: fainter is too faint, and is brought to the second, by so many decibels at most:
    /// noise is raised too.
    private static let (faintest, raised, most) = (-40.0, -30.0, 20.0)

    private let recognition: any UtteranceRecognizing
    private let band: Band
    private let usual: Double?
    private var held: [Int16] = []
    private var factor: Double?

    /// - Parameter usual: the level of what the caller said before and was understood, in dBFS.
    public init(_ recognition: any UtteranceRecognizing, band: Band, usual: Double?) {
        self.recognition = recognition
        self.band = band
        self.usual = usual
    }

    /// Takes the next samples.
    public func hear(_ samples: [Int16]) async {
        held += samples
        guard factor != nil || Double(held.count) >= Self.opening * Double(band.rate) else { return }
        await handOn()
    }

    /// Ends the utterance and gives what was heard.
    public func finish(isHurried: Bool) async -> Recognition {
        await handOn()
        return await recognition.finish(isHurried: isHurried)
    }

    /// Ends it without a result.
    public func abandon() async { await recognition.abandon() }

    private func handOn() async {
        let factor = factor ?? pow(10, Self.gain(of: held, usual: usual, band) / 20)
        self.factor = factor
        let samples = held
        held = []
        await recognition.hear(SoundLevel.scaled(samples, by: factor))
    }

    /// Decibels for an utterance that begins so.
    static func gain(of opening: [Int16], usual: Double?, _ band: Band) -> Double {
        let frames = stride(from: 0, to: opening.count, by: band.frameLength).map {
            SoundLevel.ofFrame(opening[$0..<min(opening.count, $0 + band.frameLength)])
        }
        let limit = (frames.max() ?? -100) - near
        let powers = frames.filter { $0 >= limit }.map { pow(10, $0 / 10) }
        let level = 10 * log10(powers.reduce(1e-10, +) / Double(max(1, powers.count)))
        if level > loudest { return target - level }
        // An opening alone may be a breath: only who was that faint before is raised.
        guard let usual, usual < faintest else { return 0 }
        return max(0, min(most, raised - usual, loudest - level))
    }
}
