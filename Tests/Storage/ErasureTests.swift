// Whoever is erased stays erased: after a kill in the middle of it, in backups, after a restore. Keys change, persons stay.

import Commerce
import Foundation
import Privacy
import Sealing
import Testing

@testable import Storage

@Suite struct ErasureTests {
    private let everything = RetentionPolicy(
        replacing: Dictionary(
            uniqueKeysWithValues: DataKind.allCases.map { ($0, Retention(form: .full, days: 30, purpose: "test")) }))

    /// Alice and Bob, who both called, said things and ordered; Alice's voice is recorded.
    private func busyStore(_ folder: Folder) async throws -> Store {
        let store = try await openStore(folder, policy: everything)
        for (name, phone) in [("alice", alice), ("bob", bob)] {
            try await store.beginConversation(name, line: "phone", caller: phone, now: noon)
            try await store.record(
                TurnRecord(
                    conversation: name, turn: 0, heard: "I am \(name)", reply: nil, isAccepted: true, intents: [],
                    acts: "[]"), now: noon)
            let wish = request(name, try quote([largePizzas]), phone: phone, conversation: name)
            _ = try await store.place(wish, now: noon).get()
            let file = try #require(try await store.beginRecording(conversation: name, now: noon))
            try file.append([1, 2, 3])
        }
        return store
    }

    private func isThere(_ phone: String, in store: Store) async throws -> Bool {
        try await store.export(phone: phone, now: noon) != nil
    }

    @Test func aBackupHasNoKeysAndARestoreBringsNobodyBack() async throws {
        let (folder, shelf) = (try Folder(), try Folder())
        let store = try await busyStore(folder)
        let keys = try await store.sql("SELECT wrapped_key FROM subjects").map { try $0.blob(0) }
        try await store.backUp(to: shelf.database)
        let copy = try Data(contentsOf: shelf.database)
        #expect(keys.count >= 2)
        for key in keys { #expect(copy.range(of: Data(key)) == nil, "a key stands in the backup") }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: shelf.url.path).sorted() == [
                "rozmova-keys", "rozmova.sqlite",
            ])

        // With its keys it is whole; without them it is refused and left as it is.
        let whole = try shelf.copy()
        let restored = try await openStore(whole, policy: everything)
        #expect(try await restored.conversation("alice")?.turns.first?.heard == "I am alice")
        let bare = try shelf.copy()
        try FileManager.default.removeItem(at: bare.url.appending(path: "rozmova-keys"))
        await #expect(throws: StoreError.keysMissing(path: bare.url.appending(path: "rozmova-keys").path)) {
            try await openStore(bare)
        }

        // Once Alice is erased the same backup knows her no more.
        #expect(try await store.erase(phone: alice, now: noon)?.unreached == [])
        let later = try await openStore(shelf, policy: everything)
        #expect(try await !isThere(alice, in: later))
        #expect(try await isThere(bob, in: later))
        #expect(try await later.conversation("bob")?.turns.first?.heard == "I am bob")
        #expect(try await later.conversation("alice") == nil)
        let order = try #require(try await later.order(number: "1001"))
        #expect(order.phone == nil && order.order.quote.address == nil)
        #expect(order.order.quote.total == dollars(2_300))
        #expect(try await later.checkBooks().isEmpty)
    }

    @Test func anOldCopyOfTheKeysBringsNobodyBackBesideTheNotes() async throws {
        let (folder, shelf) = (try Folder(), try Folder())
        let store = try await busyStore(folder)
        try await store.backUp(to: shelf.database)
        let old = try shelf.copy()
        _ = try await store.erase(phone: alice, now: noon)
        // Somebody puts everything of an old day back; what was noted since lies in the data folder.
        try FileManager.default.copyItem(
            at: folder.url.appending(path: "rozmova-erased"), to: old.url.appending(path: "rozmova-erased"))
        let restored = try await openStore(old, policy: everything)
        #expect(try await !isThere(alice, in: restored))
        #expect(try await isThere(bob, in: restored))
        #expect(try await restored.order(number: "1001")?.order.quote.address == nil)
        // She may become a customer again, and is not taken for the one who was erased.
        _ = try await restored.place(request("new", try quote([largePizzas])), now: noon).get()
        #expect(try await isThere(alice, in: try await openStore(old, policy: everything)))
    }

    @Test func aRingThatCannotBeReachedIsTold() async throws {
        let (folder, shelf, other) = (try Folder(), try Folder(), try Folder())
        let store = try await busyStore(folder)
        try await store.backUp(to: shelf.database)
        try await store.backUp(to: other.database)
        // One was removed by its owner, the other one's disk is not there.
        try FileManager.default.removeItem(at: other.url.appending(path: "rozmova-keys"))
        let hidden = shelf.url.deletingLastPathComponent().appending(path: UUID().uuidString)
        try FileManager.default.moveItem(at: shelf.url, to: hidden)
        defer { try? FileManager.default.removeItem(at: hidden) }
        let report = try #require(try await store.erase(phone: alice, now: noon))
        #expect(report.unreached == [shelf.url.appending(path: "rozmova-keys").path])
    }

    @Test func aKillInTheMiddleOfItLeavesItFinishable() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder)
        let moments = Moments(folder)
        await store.observe { _ in moments.keep() }
        _ = try await store.erase(phone: alice, now: noon)
        moments.keep()
        #expect(moments.copies.count > 10)
        var wasWhole = 0
        for copy in moments.copies {
            let survivor = try await openStore(copy, policy: everything)
            // Before it was noted nothing has happened; afterwards opening finishes it.
            if try await isThere(alice, in: survivor) {
                wasWhole += 1
                #expect(try await survivor.conversation("alice")?.turns.first?.heard == "I am alice")
                #expect(try await survivor.erase(phone: alice, now: noon)?.underway == ["1001"])
            }
            _ = try await survivor.sweep(now: noon)
            #expect(try await !isThere(alice, in: survivor))
            #expect(copy.recordings.count == 1)
            #expect(try await survivor.order(number: "1001")?.order.quote.address == address, "it is on its way")
            #expect(try await survivor.conversation("bob")?.turns.first?.heard == "I am bob")
        }
        #expect((1..<moments.copies.count).contains(wasWhole))
    }

    @Test func aKillInTheMiddleOfASweepLeavesItFinishable() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder)
        let moments = Moments(folder)
        await store.observe { _ in moments.keep() }
        let report = try await store.sweep(now: days(30))
        for copy in moments.copies {
            let survivor = try await openStore(copy, policy: everything)
            _ = try await survivor.sweep(now: days(30))
            for table in ["turns", "conversations", "recordings"] {
                #expect(try await survivor.number("SELECT count(*) FROM \(table)") == 0, "\(table) still has rows")
            }
            #expect(copy.recordings.isEmpty)
        }
        #expect(report.transcripts == 2)
        #expect(moments.copies.count > 10)
    }

    @Test func whoOnlySaidTheNumberIsErasedToo() async throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let store = try await openStore(folder, policy: everything)
        try await store.beginConversation("call-1", line: "kiosk", caller: nil, now: noon)
        let said = OrderRequest(
            key: RequestKey("said"), quote: try quote([largePizzas]), phone: alice, isPhoneTrusted: false,
            conversation: "call-1")
        _ = try await store.place(said, now: noon).get()
        #expect(try await store.erase(phone: bob, now: noon) == nil)
        #expect(try await store.erase(phone: alice, now: noon)?.conversations == 1)
        #expect(try await store.conversation("call-1") == nil)
        #expect(try await store.order(number: "1001")?.phone == alice, "it is on its way")
        #expect(try await store.erase(phone: alice, now: noon) == nil)
    }

    @Test func aNewMasterKeyOpensWhatTheOldOneSealed() async throws {
        let (folder, shelf) = (try Folder(), try Folder())
        let store = try await busyStore(folder)
        try await store.backUp(to: shelf.database)
        let next = MasterKey(.random())
        let rotated = try await store.rotate(to: next)
        #expect(rotated.keys >= 2)
        await #expect(throws: StoreError.wrongKey(path: folder.database.path)) { try await openStore(folder) }
        // Whoever still has the old one writes nothing that nobody could open.
        await #expect(throws: StoreError.wrongKey(path: folder.database.path)) {
            try await store.beginConversation("late", line: "phone", caller: "+380501112233", now: noon)
        }
        let renewed = try await openStore(folder, key: next, policy: everything)
        #expect(try await renewed.conversation("alice")?.turns.first?.heard == "I am alice")
        #expect(try await renewed.latest(phone: bob)?.number == "1002", "hashes of numbers are as they were")
        // Twice, and the keys beside the backup went along.
        let third = MasterKey(.random())
        _ = try await renewed.rotate(to: third)
        let last = try await openStore(folder, key: third, policy: everything)
        #expect(try await last.latest(phone: bob)?.number == "1002")
        let ring = try KeyRing(in: shelf.url)
        for row in try await last.sql("SELECT id, handle, wrapped_key FROM subjects WHERE handle IS NOT NULL") {
            #expect(try ring.wrappedKey(of: row.integer(0), handle: row.blob(1)) == row.blob(2))
        }
    }

    @Test func afterErasingAndAfterExpiryNoByteOfIt() async throws {
        let planted = [alice, "380671234567", "Lake Street", "Oleksandra", "two large pizzas", "complaint-of-hers"]
        for isErased in [true, false] {
            let (folder, shelf) = (try Folder(), try Folder())
            let store = try await openStore(folder, policy: everything)
            try await store.beginConversation("call-1", line: "phone", caller: alice, now: noon)
            for turn in 0..<20 {
                try await store.record(
                    TurnRecord(
                        conversation: "call-1", turn: turn, heard: "Oleksandra, two large pizzas, \(alice)",
                        reply: "to \(address)", isAccepted: true, intents: ["set_address"],
                        acts: #"[{"phone":"\#(alice)"}]"#),
                    now: noon)
            }
            _ = try await store.place(request("k", try quote([colas(1)])), now: noon).get()
            try await store.requestCallback(
                CallbackRequest(key: RequestKey("cb"), phone: alice, conversation: "call-1", reason: "complaint"))
            let file = try #require(try await store.beginRecording(conversation: "call-1", now: noon))
            try file.append(Array("Oleksandra".utf8))
            try await store.backUp(to: shelf.database)
            let handle = try await store.sql("SELECT handle, wrapped_key FROM subjects ORDER BY id")[0]
            _ = try await store.cancel(number: "1001", phone: alice, conversation: "call-1", now: noon).get()
            if isErased {
                _ = try await store.erase(phone: alice, now: noon)
            } else {
                _ = try await store.sweep(now: days(31))
            }
            for text in planted {
                #expect(folder.bytes.range(of: Data(text.utf8)) == nil, "\(text) can be read")
                #expect(shelf.bytes.range(of: Data(text.utf8)) == nil, "\(text) can be read in the backup")
            }
            // Her key is nowhere, sealed or not; neither is it beside the backup.
            let wrapped = try handle.blob(1)
            for place in [folder, shelf] {
                #expect(place.bytes.range(of: Data(wrapped)) == nil)
                #expect(place.bytes.range(of: Data(Digest.hexadecimal(wrapped).utf8)) == nil)
            }
        }
    }

    @Test func theFilesBesideTheDatabaseAreForNobodyElse() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder)
        try await store.backUp(to: folder.url.appending(path: "copy"))
        _ = try await store.erase(phone: alice, now: noon)
        for name in ["rozmova.sqlite", "rozmova-keys", "rozmova-erased", "copy"]
            + folder.recordings.map({ "recordings/\($0.lastPathComponent)" })
        {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.url.appending(path: name).path)[
                .posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
        // A link in the place of the notes leads nowhere.
        let notes = folder.url.appending(path: "rozmova-erased")
        let victim = folder.url.appending(path: "victim")
        try Data("mine".utf8).write(to: victim)
        try FileManager.default.removeItem(at: notes)
        try FileManager.default.createSymbolicLink(at: notes, withDestinationURL: victim)
        await #expect(throws: StoreError.self) { try await store.erase(phone: bob, now: noon) }
        #expect(try Data(contentsOf: victim) == Data("mine".utf8))
        #expect(try await isThere(bob, in: store))
    }
}

/// Copies of a folder as it was at several moments: what is left where the process is killed there.
private final class Moments: @unchecked Sendable {
    private let folder: Folder
    private(set) var copies: [Folder] = []

    init(_ folder: Folder) { self.folder = folder }

    func keep() { if let copy = try? folder.copy() { copies.append(copy) } }
}
