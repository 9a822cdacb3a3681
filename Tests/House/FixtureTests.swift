// The recorded calls: each names recordings that are there, and the recordings are ones that something names.

import Foundation
import Testing

@Suite("The recordings")
struct FixtureTests {
    private struct Call: Decodable {
        struct Turn: Decodable { var wav: String? }
        var title: String
        var turns: [Turn]
    }

    @Test("Every recording that a call names is there")
    func wavs() throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        for path in SourceTree.paths(below: "AudioFixtures", suffix: ".call.json5") {
            let call = try decoder.decode(Call.self, from: Data(SourceTree.text(path).utf8))
            #expect(!call.title.isEmpty && !call.turns.isEmpty, "\(path)")
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for wav in call.turns.compactMap(\.wav) {
                #expect(SourceTree.exists("\(folder)/\(wav)"), "\(path) names \(wav)")
            }
        }
    }
}
