// From the International Phonetic Alphabet to the model's phones.

import Foundation
import Hearing
import Language
import Testing

@Suite struct PhoneMapTests {
    @Test(arguments: [
        ("jˈoʊɡɚt", "Y OW G ER T"),  // yoghurt
        ("mˌɑːzɚɹˈɛlə", "M AA Z ER EH L AH"),  // mozzarella
        ("tʃˈɑːɹdʒɚ", "CH AA R JH ER"),  // charger: tʃ is no T SH
        ("bˈʌʔn̩", "B AH T AH N"),  // button: a combining mark
        ("ʃwˈɔːɹzkɑːpf", "SH W AO R Z K AA P F"),  // Schwarzkopf
        ("fɹãsˈe", "F R AE S EH"),  // composed and decomposed ã are one
        ("fɹa\u{303}sˈe", "F R AE S EH"),
    ]) func likeliestReading(ipa: String, phones: String) throws {
        let readings = try englishPhoneMap().pronunciations(of: ipa)
        #expect(readings.first?.joined(separator: " ") == phones)
    }

    @Test func otherReadingsComeAfterAndAreBounded() throws {
        let map = try PhoneMap(json5: Data(#"{version: 1, phones: {a: ["A1", "A2"], b: ["B1", "B2"]}}"#.utf8))
        #expect(
            try map.pronunciations(of: "ab", limit: 3)
                == [["A1", "B1"], ["A1", "B2"], ["A2", "B1"]])
        #expect(try map.pronunciations(of: String(repeating: "ab", count: 30), limit: 4).count == 4)
    }

    @Test func unknownSymbolIsNamed() throws {
        #expect(throws: PhoneMapError.unknownSymbol("ʘ", in: "aʘ")) { try englishPhoneMap().pronunciations(of: "aʘ") }
    }

    @Test(arguments: ["", "{}", #"{version: 2, phones: {}}"#, #"{version: 1, phones: {a: []}}"#, "\u{0}\u{ff}"])
    func rubbishIsNoMap(text: String) {
        #expect(throws: PhoneMapError.self) { try PhoneMap(json5: Data(text.utf8)) }
    }

    @Test(.enabled(if: hasModel, "pocketsphinx-en-us is not installed")) func everyPhoneIsOneOfTheModel() throws {
        let model = try ModelPaths.debian.phones()
        #expect(model.contains("AA") && model.contains("SIL"))
        #expect(try englishPhoneMap().phones.subtracting(model).isEmpty)
    }
}
