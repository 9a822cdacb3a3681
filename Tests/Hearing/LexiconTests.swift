// Pronunciations from a small dictionary and from a voice.

import Audio
import Foundation
@testable import Hearing
import Testing

@Suite struct LexiconTests {
    private func lexicon(_ text: String, voice: TableVoice? = nil) throws -> Lexicon {
        let file = FileManager.default.temporaryDirectory.appending(path: "lexicon-\(UUID().uuidString).dict")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try Lexicon(
            dictionary: file.path(percentEncoded: false), phoneMap: englishPhoneMap(), pronouncing: voice,
            language: "en")
    }

    @Test func everyAlternativeIsFoundWhereverItStands() async throws {
        let lexicon = try lexicon(
            "read R EH D\nready R EH D IY\nred R EH D\nread(2) R IY D\nread(3) R EH D\nlast L AE S T")
        let found = try await lexicon.pronunciations(of: ["read", "red", "last"])
        #expect(found == ["read": ["R EH D", "R IY D"], "red": ["R EH D"], "last": ["L AE S T"]])
    }

    @Test func linesThatAreNoEntriesAreSkipped() async throws {
        let lexicon = try lexicon("\n\nyes\n;;; yes\r\nyes  Y EH S \r\n(2) AA\nno N OW\n")
        #expect(try await lexicon.pronunciations(of: ["yes", "no"]) == ["yes": ["Y EH S"], "no": ["N OW"]])
    }

    @Test func theVoiceIsAskedOnceAndOnlyForWhatIsMissing() async throws {
        let voice = TableVoice(["yoghurt": "jˈɒɡət"])
        let lexicon = try lexicon("yes Y EH S\n", voice: voice)
        for _ in 0..<2 {
            let found = try await lexicon.pronunciations(of: ["yes", "yoghurt"])
            #expect(found["yoghurt"]?.contains("Y AA G AH T") == true)
            #expect((2...4).contains(found["yoghurt"]?.count ?? 0))
        }
        #expect(await voice.asked == ["yoghurt"])
    }

    @Test(arguments: ["nowhere", "click", "mute"]) func wordsThatCannotBeSaidAreNamed(word: String) async throws {
        // not known to the voice; a sound that the map lacks; no sound at all
        let lexicon = try lexicon("yes Y EH S\n", voice: TableVoice(["click": "ʘ", "mute": "ˈ"]))
        let error = await #expect(throws: RecognizingError.self) {
            _ = try await lexicon.pronunciations(of: ["yes", word])
        }
        #expect("\(String(describing: error))".contains(word))
    }

    @Test func emptyDictionaryHasNoWords() async throws {
        let lexicon = try lexicon("")
        await #expect(throws: RecognizingError.self) { _ = try await lexicon.pronunciations(of: ["yes"]) }
    }
}
