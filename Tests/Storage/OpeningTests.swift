// What can be wrong with a file, and that each gets its own clear answer while the file stays as it is.

import Commerce
import Foundation
import Glibc
import Sealing
import Testing

@testable import Storage

@Suite struct OpeningTests {
    private func failure(_ folder: Folder, key: MasterKey = masterKey) -> StoreError? {
        do throws(StoreError) {
            _ = try Store(at: folder.database, masterKey: key, clock: { noon })
            return nil
        } catch {
            return error
        }
    }

    @Test func noFolder() throws {
        let folder = try Folder()
        try FileManager.default.removeItem(at: folder.url)
        guard case .cannotOpen(folder.database.path, _) = failure(folder) else {
            Issue.record("\(String(describing: failure(folder)))")
            return
        }
    }

    /// Permissions do not bind root, so the thread gives up root's rights over files meanwhile.
    /// `setfsuid` is in no header that Swift imports.
    private func asNobody<Result>(_ body: () -> Result) throws -> Result {
        let symbol = unsafe try #require(unsafe dlsym(nil, "setfsuid"))
        let become = unsafe unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
        let before = become(65_534)
        defer { _ = become(UInt32(before)) }
        return body()
    }

    @Test func aFolderWithoutPermission() throws {
        let folder = try Folder()
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
        guard case .cannotOpen(folder.database.path, _) = try asNobody({ failure(folder) }) else {
            Issue.record("a folder that cannot be written was used")
            return
        }
    }

    @Test func aReadOnlyFile() async throws {
        let folder = try Folder()
        _ = try await openStore(folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.database.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        let found = try asNobody { failure(folder) }
        #expect(found == .readOnly(path: folder.database.path))
    }

    @Test(arguments: [
        "not a database, but long enough to be looked at as one", "x", String(repeating: "\u{0}", count: 5_000),
    ])
    func rubbish(text: String) throws {
        let folder = try Folder()
        try Data(text.utf8).write(to: folder.database)
        #expect(failure(folder) == .notOurs(path: folder.database.path))
        #expect(try Data(contentsOf: folder.database) == Data(text.utf8))
    }

    @Test func anotherProgramsDatabase() throws {
        let folder = try Folder()
        do {
            var other = try Database(path: folder.database.path)
            try other.run("CREATE TABLE theirs (a)")
        }
        let before = folder.bytes
        #expect(failure(folder) == .notOurs(path: folder.database.path))
        #expect(folder.bytes == before)
    }

    @Test func aNewerVersionStaysAsItIs() async throws {
        let folder = try Folder()
        do {
            let store = try await openStore(folder)
            _ = try await store.sql("PRAGMA user_version = 99")
        }
        let before = try Data(contentsOf: folder.database)
        #expect(
            failure(folder) == .newerVersion(path: folder.database.path, found: 99, known: Schema.version))
        #expect(try Data(contentsOf: folder.database) == before)
    }

    @Test func anotherKey() async throws {
        let folder = try Folder()
        _ = try await openStore(folder)
        #expect(failure(folder, key: MasterKey(.random())) == .wrongKey(path: folder.database.path))
        #expect(failure(folder) == nil)
    }

    @Test func aDamagedPage() async throws {
        let folder = try Folder()
        do {
            let store = try await openStore(folder)
            _ = try await store.place(request("k", try quote([largePizzas])), now: noon).get()
            _ = try await store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        var bytes = try Data(contentsOf: folder.database)
        for index in 4_096..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: folder.database)
        guard case .corrupt = failure(folder) else {
            Issue.record("\(String(describing: failure(folder)))")
            return
        }
    }

    @Test func aLockThatIsNotGivenBack() async throws {
        let folder = try Folder()
        let holder = try await openStore(folder)
        let store = try await openStore(folder)
        _ = try await holder.sql("BEGIN IMMEDIATE")
        _ = try await store.sql("PRAGMA busy_timeout = 1")
        let agreed = try quote([largePizzas])
        await #expect(throws: StoreError.locked(path: folder.database.path)) {
            try await store.place(request("k", agreed), now: noon)
        }
        _ = try await holder.sql("ROLLBACK")
        _ = try await store.place(request("k", agreed), now: noon).get()
    }

    @Test func manyProcessesStartAtOnce() async throws {
        for _ in 0..<5 {
            let folder = try Folder()
            try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await openStore(folder).number("SELECT count(*) FROM stock_counts") }
                }
                for try await counts in group { #expect(counts == 1) }
            }
        }
    }

    @Test func settingsThatDurabilityRestsOn() async throws {
        let store = try await openStore(Folder())
        #expect(try await store.sql("PRAGMA journal_mode").map { try $0.text(0) } == ["wal"])
        #expect(try await store.number("PRAGMA synchronous") == 2)
        #expect(try await store.number("PRAGMA foreign_keys") == 1)
        #expect(try await store.sql("PRAGMA foreign_key_check").isEmpty)
    }

    @Test func nobodyElseReadsTheFiles() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        for name in ["rozmova.sqlite", "rozmova.sqlite-wal", "rozmova.sqlite-shm"] {
            let path = folder.url.appending(path: name).path
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name) of \(store)")
        }
    }

    @Test func messagesSayWhatToDo() {
        let errors: [StoreError] = [
            .cannotOpen(path: "/p", reason: "r"), .readOnly(path: "/p"), .diskFull(path: "/p"), .locked(path: "/p"),
            .corrupt(path: "/p", reason: "r"), .notOurs(path: "/p"), .newerVersion(path: "/p", found: 2, known: 1),
            .wrongKey(path: "/p"), .keysMissing(path: "/p"), .failed(path: "/p", code: 1, reason: "r"),
        ]
        for error in errors {
            #expect(error.description.contains("/p"))
            #expect(error.description.hasSuffix("."))
        }
    }
}
