// The project's own files, as the rules of the house look at them: paths from the root, lines, and Swift text without
// its comments.

import Foundation

struct SourceFile: Sendable, CustomStringConvertible {
    /// From the root of the project: `Sources/Audio/AudioFrame.swift`.
    let path: String
    let text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var module: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    var description: String { path }
}

enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Paths below `folder` whose names end so, from the root of the project, sorted; nothing where there is no such folder.
    static func paths(below folder: String, suffix: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }
            .sorted()
    }

    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        try paths(below: folder, suffix: ".swift").map { SourceFile(path: $0, text: try text($0)) }
    }
}

/// A string literal and the line that it begins on.
struct Literal: Sendable {
    let line: Int
    let text: String
}

extension SourceFile {
    /// The text with comments blanked out, line by line as before, and the string literals in it. Literals inside an
    /// interpolation belong to the literal around them.
    func codeAndLiterals() -> (code: String, literals: [Literal]) {
        var scanner = SwiftScanner(text)
        return scanner.scan()
    }
}

/// Just enough of Swift's grammar to tell code, comments and string literals apart.
private struct SwiftScanner {
    private let source: [Character]
    private var position = 0
    private var line = 1
    private var code = ""
    private var literals: [Literal] = []

    init(_ text: String) { source = Array(text) }

    mutating func scan() -> (code: String, literals: [Literal]) {
        while position < source.count {
            if begins("//") {
                while position < source.count, source[position] != "\n" { position += 1 }
            } else if begins("/*") {
                skipBlockComment()
            } else if source[position] == "\"" || begins("#\"") {
                scanLiteral()
            } else {
                take()
            }
        }
        return (code, literals)
    }

    private func begins(_ text: String) -> Bool {
        source[position...].starts(with: text)
    }

    private mutating func take() {
        if source[position] == "\n" { line += 1 }
        code.append(source[position])
        position += 1
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if begins("/*") {
                depth += 1
                position += 2
            } else if begins("*/") {
                depth -= 1
                position += 2
            } else {
                if source[position] == "\n" { take() } else { position += 1 }
            }
        } while depth > 0 && position < source.count
    }

    private mutating func scanLiteral() {
        let first = line
        let raw = source[position] == "#"
        if raw { position += 1 }
        let fence = begins("\"\"\"") ? "\"\"\"" : "\""
        let end = raw ? fence + "#" : fence
        position += fence.count
        var text = ""
        var nesting = 0
        while position < source.count {
            if nesting == 0, begins(end) { break }
            if !raw, nesting == 0, begins("\\(") {
                nesting = 1
                text += "\\("
                position += 2
                continue
            }
            if nesting > 0 {
                if source[position] == "(" { nesting += 1 }
                if source[position] == ")" { nesting -= 1 }
            } else if !raw, source[position] == "\\", position + 1 < source.count {
                text.append(source[position])
                position += 1
            }
            if source[position] == "\n" { line += 1 }
            text.append(source[position])
            position += 1
        }
        position += end.count
        literals.append(Literal(line: first, text: text))
        code += "\"\"" + String(repeating: "\n", count: line - first)
    }
}
