// Text on its last step to the voice: cut into sentences, freed of what a voice stumbles over, respelled where it errs.
// In: text worded for the ear. Out: sentences to be synthesised one after the other.

import Foundation

/// How texts are prepared for the voice.
public enum Wording {
    /// Longer pieces would keep a caller waiting for their first sample; about fifteen seconds of speech.
    static let longestSentence = 220

    /// The sentences of a text, each short enough to be synthesised at once, so that the first can be heard while the next
    /// is made. Sentences without an end are cut at commas, or between words where there are none.
    public static func sentences(of speech: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        let characters = Array(plain(speech))
        for (index, character) in characters.enumerated() {
            sentence.append(character)
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            if ".?!…".contains(character), next == " " {
                sentences += pieces(of: sentence)
                sentence = ""
            }
        }
        return sentences + pieces(of: sentence)
    }

    /// One space between words and nothing but letters, marks, figures, punctuation and signs: control characters steer
    /// eSpeak NG (0x01 begins a command), and it reads pictures out by their names.
    static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .unassigned, .surrogate,
                .otherSymbol, .modifierSymbol:
                scalars.append(" ")
            case .format: continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars).split(separator: " ").joined(separator: " ")
    }

    /// Replaces whole words by spellings that the voice gets right; `respellings` has them in lower case.
    static func respelled(_ text: String, _ respellings: [String: String]) -> String {
        guard !respellings.isEmpty else { return text }
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isLetter || character == "'" {
                word.append(character)
                continue
            }
            result += respellings[word.lowercased()] ?? word
            result.append(character)
            word = ""
        }
        return String(result.dropLast())
    }

    private static func pieces(of sentence: String) -> [String] {
        var pieces: [String] = []
        var rest = sentence[...]
        while !rest.dropFirst(longestSentence).isEmpty {
            let head = rest.prefix(longestSentence)
            let tail = head.dropFirst(longestSentence / 3)
            let cut =
                tail.lastIndex { ",;:".contains($0) } ?? tail.lastIndex(of: " ") ?? head.index(before: head.endIndex)
            pieces.append(String(rest[...cut]))
            rest = rest[rest.index(after: cut)...]
        }
        pieces.append(String(rest))
        return pieces.map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.contains { $0.isLetter || $0.isNumber } }
    }
}
