// How the code is written: sizes, openings, comments beside what the compiler cannot check, and languages kept apart.

import Testing

@Suite("The style of the house")
struct StyleTests {
    static let longest = 400

    @Test("Files open with a comment and stay readable in one sitting")
    func files() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") + SourceTree.swiftFiles(below: "Tests") {
            #expect(file.lines.count <= Self.longest, "\(file) has \(file.lines.count) lines")
            #expect(file.text.hasPrefix("//"), "\(file) does not say what it owns")
        }
    }

    @Test("Nothing is left to be done later")
    func unfinished() throws {
        // Put together here, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"]
        let texts =
            try SourceTree.swiftFiles(below: "Sources") + SourceTree.swiftFiles(below: "Tests")
            + ["Package.swift", "Makefile", ".ci/run", ".ci/test", ".ci/deps", "Sources/ARCHITECTURE.md"].map {
                SourceFile(path: $0, text: try SourceTree.text($0))
            }
        for file in texts {
            for mark in marks {
                #expect(!file.text.contains(mark), "\(file) has a \(mark)")
            }
        }
    }

    @Test("Beside every promise to the compiler stands what keeps it")
    func promises() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") {
            for line in Self.barePromises(in: file) {
                Issue.record("\(file):\(line) promises without saying why")
            }
        }
    }

    @Test("A promise without a reason is found, one with a reason is not")
    func promiseRule() {
        let bare = SourceFile(path: "x", text: "let a = 1\nlet b = 2\nlet c = 3\nnonisolated(unsafe) var d = 4\n")
        #expect(Self.barePromises(in: bare) == [4])
        let told = SourceFile(path: "x", text: "/// Only its thread sees it.\nfinal class A: @unchecked Sendable {}\n")
        #expect(Self.barePromises(in: told).isEmpty)
    }

    /// Lines with an unchecked promise and no comment on them or on one of the three before.
    static func barePromises(in file: SourceFile) -> [Int] {
        let promise = #/@unchecked\s+Sendable|nonisolated\(unsafe\)|@unsafe\b|@safe\b/#
        let code = file.codeAndLiterals().code.split(separator: "\n", omittingEmptySubsequences: false)
        let lines = file.lines
        return code.indices.filter { index in
            code[index].contains(promise)
                && !lines[max(0, index - 3)...index].contains { $0.contains("//") }
        }.map { $0 + 1 }
    }

    /// What callers hear and say stands in language packs, shops and the English rules; these modules know no language.
    static let wordless = ["Understanding", "Dialogue", "Conversation"]

    @Test("Modules without a language hold no words of one", arguments: wordless)
    func noWords(module: String) throws {
        for file in try SourceTree.swiftFiles(below: "Sources/\(module)") {
            for literal in Self.sentences(in: file) {
                Issue.record("\(file):\(literal.line) holds words: \"\(literal.text)\"")
            }
        }
    }

    @Test("A sentence in the code is found, a key is not")
    func sentenceRule() {
        let file = SourceFile(
            path: "x",
            text: """
                let a = "Anything else?"
                let b = "ask.delivery_method"
                let c = "yes" // "no"

                precondition(
                    true, "lines are not empty")
                """)
        #expect(Self.sentences(in: file).map(\.line) == [1, 3])
    }

    /// Literals that look like speech: two words with a space between, or a word that only a caller says. What goes to a
    /// programmer or an operator does not count: preconditions, errors, log lines, notes for a trace.
    static func sentences(in file: SourceFile) -> [Literal] {
        let forPeople = #/precondition|fatalError|assert|Error|throw |reason:|log\b|log\.|trace|note|CodingKey|try!/#
        let words: Set = [
            "yes", "no", "please", "okay", "thanks", "thank you", "hello", "goodbye", "sorry", "and", "a", "an", "the",
        ]
        let lines = file.lines
        return file.codeAndLiterals().literals.filter { literal in
            // A message may stand on the line after the call that it belongs to.
            let around = lines[max(0, literal.line - 2)..<min(lines.count, literal.line)]
            if around.contains(where: { $0.contains(forPeople) }) { return false }
            // An error's own description, however long.
            let member = lines[..<literal.line].last { $0.contains(#/^ {0,8}[a-z ]*(var|func|init|let|case) ?/#) }
            if member?.contains("var description") == true { return false }
            let outside = literal.text.replacing(#/\\\([^)]*\)/#, with: "")
            return words.contains(outside.lowercased()) || outside.contains(#/[A-Za-z']{2,},? [A-Za-z']{2,}/#)
        }
    }
}
