// The database as commands meet it: made on first use, refused when it is somebody else's, newer, or not writable.

import Foundation
import Testing

@Suite("The data folder", .enabled(if: Program.isBuilt, "the program is not built"))
struct DataTests {
    @Test("It is made on first use, for this user only, and stays")
    func firstUse() async throws {
        let scratch = try Scratch()
        let data = scratch.folder.appending(path: "state").path
        for _ in 0..<2 {
            let run = try await Program.run(["orders", "list", "--data", data])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
        }
        #expect(try Self.mode(data) == 0o700)
        #expect(try Self.mode("\(data)/rozmova-key") == 0o600)
    }

    @Test("Left out, it is where the service or the user keeps state")
    func standardPlaces() async throws {
        let scratch = try Scratch()
        for (variable, folder) in [("STATE_DIRECTORY", "service"), ("XDG_STATE_HOME", "user/rozmova")] {
            let value = scratch.folder.appending(path: folder.split(separator: "/")[0]).path
            let run = try await Program.run(["orders", "list"], environment: [variable: value])
            #expect(run.status == 0, "\(run.errors)")
            #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/\(folder)/rozmova.sqlite"))
        }
    }

    @Test("Several first uses at once agree on one key")
    func together() async throws {
        let scratch = try Scratch()
        let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<4 {
                group.addTask { try await Program.run(["orders", "list", "--data", scratch.path]).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == [0, 0, 0, 0])
    }

    @Test(
        "An order that is not there is a failure, not a crash", arguments: ["1", "9999999999999999999999", "-1", "x"])
    func noOrder(number: String) async throws {
        let scratch = try Scratch()
        let words = ["--data", scratch.path, "--", number]
        for run in [
            try await Program.run(["orders", "show"] + words),
            try await Program.run(["orders", "set-status"] + words + ["packed"]),
        ] {
            #expect(run.status == 1)
            #expect(run.errors.contains("there is no order \(number)"))
        }
    }

    @Test("A file that is no database is left alone")
    func notADatabase() async throws {
        let scratch = try Scratch()
        let text = String(repeating: "no database ", count: 500)
        let file = try scratch.file("rozmova.sqlite", text)
        let run = try await Program.run(["orders", "list", "--data", scratch.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("rozmova.sqlite"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test("A newer database is refused and not touched")
    func newer() async throws {
        let scratch = try Scratch()
        #expect(try await Program.run(["orders", "list", "--data", scratch.path]).status == 0)
        // The version of the schema is the four bytes at 60 of the file (`PRAGMA user_version`).
        let file = scratch.folder.appending(path: "rozmova.sqlite")
        let handle = try FileHandle(forUpdating: file)
        try handle.seek(toOffset: 60)
        try handle.write(contentsOf: Data([0, 0, 0x03, 0xE7]))
        try handle.close()
        let before = try Data(contentsOf: file)
        let run = try await Program.run(["orders", "list", "--data", scratch.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("999"), "\(run.errors)")
        #expect(try Data(contentsOf: file) == before)
    }

    @Test(
        "A folder that cannot be written is said to be so", .enabled(if: getuid() != 0, "root may write anywhere"))
    func readOnly() async throws {
        let scratch = try Scratch()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: scratch.path)
        let run = try await Program.run(["orders", "list", "--data", scratch.path])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.path)
        #expect(run.status == 1)
        #expect(run.errors.contains(scratch.path))
    }

    @Test(
        "A data folder below a file, or in a place without files, is refused", arguments: ["/etc/passwd/x", "/proc/x"])
    func impossible(folder: String) async throws {
        let run = try await Program.run(["orders", "list", "--data", folder])
        #expect(run.status == 1)
        #expect(run.errors.contains(folder), "\(run.errors)")
    }

    static func mode(_ path: String) throws -> Int {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }
}
