// Standard output that goes away or is full: the program ends, says so where somebody can still hear it, and does no harm.

import Foundation
import Testing

@Suite("Standard output", .enabled(if: Program.isBuilt, "the program is not built"))
struct OutputTests {
    /// Runs a line of shell in which `$0` is the program.
    static func shell(_ line: String) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line, Program.path]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let told = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: told, as: UTF8.self))
    }

    @Test("A reader that has enough is no reason to complain")
    func closed() throws {
        let run = try Self.shell(#"{ "$0" catalog list; echo "status $?" >&2; } | head -n 1"#)
        #expect(run.output.split(separator: "\n").count == 1)
        // 0 where everything was written before the reader left.
        #expect(["status 1\n", "status 0\n"].contains(run.errors))
    }

    @Test("A full disk is told")
    func full() throws {
        let run = try Self.shell(#""$0" help > /dev/full"#)
        #expect(run.status == 1)
        #expect(run.errors.contains("standard output cannot be written: no space left on device"))
    }

    @Test("No standard input is the end of input")
    func noInput() throws {
        let run = try Self.shell(#""$0" understand --json <&-"#)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
    }
}
