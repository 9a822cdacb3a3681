// Conversations that one would be glad to have had, the awkward ones included. Each is a file of `Tests/Stories` that reads like the
// call: what the caller types is played to the demo shop, or to the shop beside the stories that it names, and the answers must be
// those that stand there.

import Commerce
import Dialogue
import Foundation
import Testing

@Suite("Stories")
struct StoryTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Stories").standardized

    static var stories: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }

    @Test("There are thirty-seven")
    func all() { #expect(Self.stories.count == 37) }

    @Test("A conversation goes as it is written", arguments: StoryTests.stories)
    func story(file: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        let (head, story) = (try #require(parts.first), try #require(parts.last))
        var call = try TypedCall.demo(
            caller: Self.value("calls from", in: head), stock: Self.stock(in: head), pin: Self.value("PIN", in: head),
            recommendations: Self.value("recommends", in: head), together: Self.pairs(in: head),
            in: Self.value("shop", in: head).map { Self.folder.appending(path: $0) })
        let played = call.play(story)
        #expect(played == story.trimmingCharacters(in: .newlines), "\(file) went like this:\n\(played)")
    }

    private static func value(_ name: String, in head: String) -> String? {
        head.split(separator: "\n").first { $0.hasPrefix("# \(name): ") }.map { String($0.dropFirst(name.count + 4)) }
    }

    /// `# bought together: hamburger+cola`
    private static func pairs(in head: String) -> BoughtTogether {
        let pair = value("bought together", in: head)?.split(separator: "+").map(String.init) ?? []
        return BoughtTogether(pair.count == 2 ? [.init(pair[0], pair[1], lift: 2)] : [])
    }

    /// `# left: kettle=0`
    private static func stock(in head: String) -> [String: Quantity] {
        let pair = value("left", in: head)?.split(separator: "=").map(String.init) ?? []
        guard pair.count == 2, let left = Quantity(decimal: pair[1]) else { return [:] }
        return [pair[0]: left]
    }
}
