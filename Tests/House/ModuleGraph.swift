// The table of modules in Sources/ARCHITECTURE.md, read as the law, and what Package.swift says of the same graph.

import Foundation

/// Which modules there are and what each may import.
struct ModuleGraph: Sendable, Equatable {
    var imports: [String: Set<String>] = [:]

    /// Reads rows such as `| 1 | Hearing | decoders | Platform, Audio, CPocketSphinx |`; "all" is every module of the
    /// table that is not a C library, "–" is none. Several modules of one row stand between semicolons.
    static func fromArchitecture() throws -> ModuleGraph {
        var rows: [(modules: [String], uses: String)] = []
        for line in try SourceTree.text("Sources/ARCHITECTURE.md").split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, Int(cells[0]) != nil else { continue }
            rows.append((cells[1].split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }, cells[3]))
        }
        let modules = Set(rows.flatMap(\.modules))
        var graph = ModuleGraph()
        for row in rows {
            for module in row.modules {
                graph.imports[module] =
                    row.uses == "all"
                    ? modules.subtracting([module, "rozmova"])
                    : Set(row.uses.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
                        .subtracting(["–"])
            }
        }
        return graph
    }

    /// Reads `library("Hearing", uses: …)` and the executable target.
    static func fromPackage() throws -> ModuleGraph {
        let text = SourceFile(path: "Package.swift", text: try SourceTree.text("Package.swift")).text
        var graph = ModuleGraph()
        for match in text.matches(of: #/\n\s+library\(([^)]*)\)/#) {
            let names = match.1.matches(of: #/"(\w+)"/#).map { String($0.1) }
            if let module = names.first { graph.imports[module] = Set(names.dropFirst()) }
        }
        if let match = text.firstMatch(of: #/executableTarget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/#) {
            graph.imports[String(match.1)] = Set(match.2.matches(of: #/"(\w+)"/#).map { String($0.1) })
        }
        return graph
    }

    /// Every module is above everything it may import: no way leads back.
    func isAcyclic() -> Bool {
        var left = imports
        while !left.isEmpty {
            let free = left.filter { entry in entry.value.allSatisfy { left[$0] == nil } }
            if free.isEmpty { return false }
            for module in free.keys { left[module] = nil }
        }
        return true
    }
}

/// An import of a file: `private import CSQLite`.
struct ImportLine: Sendable {
    let module: String
    let isPrivate: Bool

    static func all(in file: SourceFile) -> [ImportLine] {
        let line =
            #/
            (?:^|\n)\s* (?:@\w+(?:\(\w+\))?\s+)*
            ((?:public|package|internal|fileprivate|private)\s+)? import\s+
            (?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)? (\w+)
            /#
        return file.codeAndLiterals().code.matches(of: line).map {
            ImportLine(module: String($0.2), isPrivate: $0.1?.hasPrefix("private") ?? false)
        }
    }
}
