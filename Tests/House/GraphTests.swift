// Modules import what the table of Sources/ARCHITECTURE.md allows, and nothing else.

import Testing

@Suite("The module graph")
struct GraphTests {
    /// What every module may import: Swift's own.
    static let toolchain: Set<String> = [
        "Foundation", "FoundationXML", "FoundationNetworking", "Dispatch", "Glibc", "Synchronization", "Swift",
        "RegexBuilder",
    ]

    @Test("The table is read, and has no cycle")
    func table() throws {
        let graph = try ModuleGraph.fromArchitecture()
        #expect(graph.imports.count >= 15)
        #expect(graph.imports["Hearing"]?.contains("CPocketSphinx") == true)
        #expect(graph.isAcyclic())
        #expect(ModuleGraph(imports: ["A": ["B"], "B": ["A"]]).isAcyclic() == false)
    }

    @Test("Package.swift says what the table says")
    func package() throws {
        let table = try ModuleGraph.fromArchitecture()
        let package = try ModuleGraph.fromPackage()
        #expect(Set(package.imports.keys) == Set(table.imports.keys))
        for (module, uses) in package.imports {
            #expect(uses == table.imports[module], "of \(module)")
        }
    }

    @Test("No file imports more than the table allows its module")
    func imports() throws {
        let graph = try ModuleGraph.fromArchitecture()
        for file in try SourceTree.swiftFiles(below: "Sources") {
            let allowed = try #require(graph.imports[file.module], "no row in the table for \(file)")
            for line in ImportLine.all(in: file) where !Self.toolchain.contains(line.module) {
                #expect(allowed.contains(line.module), "\(file) imports \(line.module)")
            }
        }
    }

    @Test("C libraries are imported privately, each by one module")
    func cLibraries() throws {
        let libraries = Set(
            SourceTree.paths(below: "Sources/CLibraries", suffix: "module.modulemap").compactMap {
                $0.split(separator: "/").dropFirst(2).first.map(String.init)
            })
        #expect(!libraries.isEmpty)
        var importers: [String: Set<String>] = [:]
        for file in try SourceTree.swiftFiles(below: "Sources") {
            for line in ImportLine.all(in: file) where libraries.contains(line.module) {
                #expect(line.isPrivate, "\(file) imports \(line.module) for others to see")
                importers[line.module, default: []].insert(file.module)
            }
        }
        for library in libraries {
            #expect(importers[library]?.count == 1, "\(library) is imported by \(importers[library] ?? [])")
        }
    }

    @Test("An import is recognised however it is written")
    func importLines() {
        let file = SourceFile(
            path: "x",
            text: """
                // import Nothing
                private import CSQLite
                @preconcurrency public import struct Foundation.URL
                let text = "\\nimport Fake"
                """)
        #expect(ImportLine.all(in: file).map(\.module) == ["CSQLite", "Foundation"])
        #expect(ImportLine.all(in: file).map(\.isPrivate) == [true, false])
    }
}
