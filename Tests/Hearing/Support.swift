// What the tests of this folder share: a phone map, networks in a line, voices that need no engine, fixtures.

import Audio
import Foundation
import Hearing
import Language
import Testing

/// The package's folder, found from this file.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func englishPhoneMap() throws -> PhoneMap {
    try PhoneMap(json5: Data(contentsOf: packageFolder.appending(path: "Models/en/phones.json5")))
}

/// The models that the program uses for English.
let englishModels = ModelPaths(
    acousticModel: ModelPaths.debian.acousticModel, dictionary: ModelPaths.debian.dictionary,
    telephone: .adapted(folder: packageFolder.appending(path: "Models/en").path))

/// Whether the acoustic model is installed; the tests that hear are skipped without.
var hasModel: Bool { (try? ModelPaths.debian.check()) != nil }

/// Says words as the table has them, and counts how often it is asked.
actor TableVoice: Pronouncing {
    private let table: [String: String]
    private(set) var asked: [String] = []

    init(_ table: [String: String]) { self.table = table }

    func ipa(of word: String, language: String) async throws(SynthesizingError) -> String {
        asked.append(word)
        guard let ipa = table[word] else { throw .failed(word) }
        return ipa
    }
}

/// A network of whole sentences, each a path of its own from the start to a final state of its own.
func network(_ id: String, _ sentences: String...) -> WordNetwork {
    var arcs: [WordNetwork.Arc] = []
    var finals: [Int] = []
    var states = 1
    for sentence in sentences {
        var from = 0
        for word in sentence.split(separator: " ") {
            arcs.append(WordNetwork.Arc(from: from, to: states, word: String(word)))
            from = states
            states += 1
        }
        finals.append(from)
    }
    return WordNetwork(id: id, stateCount: states, finals: finals, arcs: arcs)
}

/// Samples of a recording in `AudioFixtures/kiosk` or `AudioFixtures/phone`.
func recording(_ name: String, _ band: Band) throws -> [Int16] {
    let folder = band == .wideband ? "kiosk" : "phone"
    let path = packageFolder.appending(path: "AudioFixtures/\(folder)/\(name).wav").path(percentEncoded: false)
    return try BandReader.load(path, band: band)
}
