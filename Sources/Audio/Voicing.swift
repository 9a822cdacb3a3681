// Whether a moment of sound is a voice's: vowels repeat themselves from one beat of the vocal folds to the next, and a tenth of
// a second later they are something else already. In: 110 ms of sound without hum. Out: yes or no.

/// Tells vowels from bangs, hisses and coughs, which never repeat themselves, and from tones, which do nothing else.
///
/// The limits were chosen on recordings of 24 synthetic voices, 158 sentences of 74 people and 50 spoken digits against 218
/// noises, bells, games' sounds and pieces of music, all by telephone. Of 1.1 s of the former 19 of 20, of the people's 9 of
/// 10 have four such frames in eight within 0.36 s; of bangs, steps and the like 1 of 12, of music 3 of 4.
enum Voicing {
    /// Samples a second that it works on.
    static let rate = 8_000
    /// Samples that it has to know.
    static let past = window + slow.upperBound
    /// 30 ms, which hold two beats of a low voice.
    private static let window = 240
    /// Between beats of voices: 70 to 400 Hz.
    private static let beats = 20...114
    /// 40 to 80 ms later.
    private static let slow = 320...640
    /// As similar as this from beat to beat, and no more than this afterwards.
    private static let (repeated, changed): (Float, Float) = (0.6, 0.8)

    /// Whether the end of `sound` is a voice's.
    static func isVoice(_ sound: [Float]) -> Bool {
        sound.count == past && repeats(sound, after: beats, by: repeated) && !repeats(sound, after: slow, by: changed)
    }

    /// Whether the last samples are like those before them at any of some distances: their normalised correlation.
    private static func repeats(_ sound: [Float], after distances: ClosedRange<Int>, by least: Float) -> Bool {
        let begin = sound.count - window
        var (energy, before): (Float, Float) = (0, 0)
        for index in 0..<window {
            energy += sound[begin + index] * sound[begin + index]
            let earlier = sound[begin - distances.lowerBound + index]
            before += earlier * earlier
        }
        guard energy > 0 else { return false }
        for distance in distances {
            var product: Float = 0
            for index in begin..<begin + window { product += sound[index] * sound[index - distance] }
            if product > 0, product * product > least * least * energy * before { return true }
            guard distance < distances.upperBound else { break }
            let (new, old) = (sound[begin - distance - 1], sound[begin + window - distance - 1])
            before = max(0, before + new * new - old * old)
        }
        return false
    }
}
