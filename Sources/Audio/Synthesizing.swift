// The seams to speech synthesis: text that is worded for the ear goes in, samples or sounds come out.

/// Why nothing can be spoken.
public enum SynthesizingError: Error, Sendable, Equatable {
    /// The engine or its voice is missing: what, and what to do.
    case voice(String)
    /// The engine failed on a text; the text is in the message.
    case failed(String)
}

/// A voice.
public protocol Synthesizing: Sendable {
    /// Speaks `text`, whose numbers are words already, in the language with `language` as its code.
    /// - Returns: mono samples at `band.rate`, without silence before the first sound.
    func synthesize(_ text: String, language: String, band: Band) async throws(SynthesizingError) -> [Int16]
    /// The parts of a text that can be spoken one after the other, so that the first is heard while the next is made.
    func sentences(of text: String) -> [String]
}

/// Gives a pronunciation to words that no dictionary has.
public protocol Pronouncing: Sendable {
    /// The pronunciation of `word` in the International Phonetic Alphabet, without stress on spaces or separators.
    func ipa(of word: String, language: String) async throws(SynthesizingError) -> String
}
