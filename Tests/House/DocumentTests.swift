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

    @Test("Every command and every goal of the Makefile that the README names is there")
    func commands() throws {
        let sources = try SourceTree.swiftFiles(below: "Sources/rozmova").map(\.text).joined()
        // `name: "orders list"` of a command's usage: the family is what follows the program's name.
        let families = Set(sources.matches(of: #/Usage\(\s*name: "([a-z]+)/#).map { String($0.1) })
        #expect(families.count >= 8)
        let makefile = try SourceTree.text("Makefile")
        let readme = try SourceTree.text("README.md")
        for match in readme.matches(of: #/(?:`|\n)(rozmova|make) ([a-z]+)\b/#) {
            let name = String(match.2)
            let isThere = match.1 == "make" ? makefile.contains("\n\(name):") : families.contains(name)
            #expect(isThere, "the README names \(match.1) \(name)")
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
