// The map is true: what it names is there.

import Foundation
import Testing

@Suite("The documents")
struct DocumentTests {
    @Test("Every file that the map and the README name is there", arguments: ["Sources/ARCHITECTURE.md", "README.md"])
    func files(document: String) throws {
        guard SourceTree.exists(document) else { return }
        let names = Set(
            (SourceTree.paths(below: "Sources", suffix: ".swift") + SourceTree.paths(below: "Tests", suffix: ".swift"))
                .compactMap { $0.split(separator: "/").last.map(String.init) })
        for match in try SourceTree.text(document).matches(of: #/`([\w\/.+-]+\.(?:swift|json5|md|service))`/#) {
            let path = String(match.1)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let isThere =
                path.hasSuffix(".swift") && names.contains(name)
                || ["", "Sources/", "Models/demo-shop/"].contains { SourceTree.exists($0 + path) }
            #expect(isThere, "\(document) names \(path)")
        }
    }

    @Test("What the Makefile and the CI run call is there and can be run")
    func scripts() {
        for script in [".ci/run", ".ci/test", ".ci/deps", "AudioFixtures/make.py"] {
            #expect(
                FileManager.default.isExecutableFile(atPath: SourceTree.root.appending(path: script).path), "\(script)")
        }
    }
}
