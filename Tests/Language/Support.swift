// What the tests of Language share: the English rules from the pack, and folders that are gone afterwards.

import Foundation
import Testing

@testable import Language

enum Support {
    static let models = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Models").standardizedFileURL

    static func english() throws -> EnglishRules { try EnglishRules.load(from: models.appending(path: "en")) }

    /// Runs `body` with a folder that holds `files`.
    static func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rozmova-language-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder)
    }
}

extension String {
    var words: [String] { split(separator: " ").map(String.init) }
}
