// Ears and a voice for conversations with sound, and recorded sound for them.
// In: a shop ready to talk, paths of recordings. Out: the equipment of calls; the band that recordings belong to.

import Audio
import Commerce
import Conversation
import Dialogue
import Foundation
import Hearing
import Language
import Speaking
import Understanding

extension Composition {
    /// A recogniser with room for `decoders` utterances at once; the voice says the words that its dictionary lacks.
    func recognizer(for pack: LanguagePack, voice: Speaker, decoders: Int = 1) throws -> Recognizer {
        try Recognizer(models: try models(for: pack.code), lexicon: try lexicon(of: pack, voice), decoders: decoders)
    }

    /// Waits for a phrase that wakes a kiosk.
    func spotter(of wake: Settings.Wake, pack: LanguagePack, voice: Speaker) async throws -> PhraseSpotter {
        try await PhraseSpotter(
            models: try models(for: pack.code), lexicon: try lexicon(of: pack, voice), phrase: wake.phrase,
            threshold: wake.threshold)
    }

    private func lexicon(of pack: LanguagePack, _ voice: Speaker) throws -> Lexicon {
        try Lexicon(
            dictionary: try models(for: pack.code).dictionary, phoneMap: pack.phones, pronouncing: voice,
            language: pack.code)
    }

    /// What a spoken conversation needs beside its session.
    func equipment(for floor: Floor) throws -> CallEquipment {
        let voice = speaker(floor.pack)
        return equipment(
            for: floor, recognizer: try recognizer(for: floor.pack, voice: voice), voice: voice,
            networks: floor.networks())
    }

    /// The same of parts that are there already, and that calls share.
    func equipment(
        for floor: Floor, recognizer: any Recognizing, voice: Speaker, networks: [Expectation: WordNetwork]
    ) -> CallEquipment {
        CallEquipment(
            recognizer: recognizer, synthesizer: voice, networks: networks, language: floor.pack.code,
            bridge: floor.speech(.oneMoment))
    }
}

extension Floor {
    /// How a prompt without values sounds in this shop.
    func speech(_ key: PromptKey) -> String {
        pack.prompts.render(key.rawValue, [:], variant: 0, overrides: shop.prompts, rules: pack.rules).speech
    }
}

extension LineKind {
    /// The band that this kind of line brings.
    var band: Band { self == .kiosk ? .wideband : .telephone }

    /// The line that recordings were made for: a telephone's have 8,000 samples a second.
    /// - Throws: what is wrong with a file that cannot be read.
    static func fitting(_ recordings: [String]) throws -> LineKind {
        // A pipe can be read but once, and says its rate when it is.
        let rates = try recordings.filter(isFile).map { try WaveReader(path: $0).format.rate }
        return rates.contains { $0 < Band.wideband.rate } ? .phone : .kiosk
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        // What is not there is opened all the same, and says so.
        return unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }
}

extension Option {
    static let line = Option(
        name: "line", value: "LINE", summary: "what it is heard through; left out: what the recording's rate fits",
        choices: ["phone", "kiosk"])
}

extension Arguments {
    /// What `--line` says, else what fits the recordings.
    func line(for recordings: [String]) throws -> LineKind {
        try value("line").flatMap(LineKind.init) ?? LineKind.fitting(recordings)
    }
}
