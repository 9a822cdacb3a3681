// What is not kept cannot leak: nothing personal stands readable in the file, expiry removes, erasing destroys.

import Commerce
import Foundation
import Privacy
import Testing

@testable import Storage

@Suite struct PrivacyTests {
    private func turn(_ number: Int, heard: String = "to five lake street") -> TurnRecord {
        TurnRecord(
            conversation: "call-1", turn: number, heard: heard, reply: "Cash on delivery?", isAccepted: true,
            intents: ["set_address"], acts: #"[{"intent":"set_address","slots":{"address":"•••"}}]"#)
    }

    private let everything = RetentionPolicy(
        replacing: Dictionary(
            uniqueKeysWithValues: DataKind.allCases.map { ($0, Retention(form: .full, days: 30, purpose: "test")) }))

    /// A customer who said, ordered and wished things.
    private func busyStore(_ folder: Folder, policy: RetentionPolicy) async throws -> Store {
        let store = try await openStore(folder, policy: policy)
        try await store.beginConversation("call-1", line: "phone", caller: alice, now: noon)
        try await store.record(turn(1), now: noon)
        _ = try await store.place(request("k", try quote([largePizzas])), now: noon).get()
        try await store.requestCallback(
            CallbackRequest(key: RequestKey("cb"), phone: alice, conversation: "call-1", reason: "complaint"))
        try await store.endConversation("call-1", outcome: "caller_goodbye", now: noon)
        return store
    }

    @Test func nothingPersonalStandsInTheFile() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder, policy: everything)
        for text in [alice, "380671234567", "Lake Street", "lake street", "Cash on delivery?", "slots"] {
            #expect(folder.bytes.range(of: Data(text.utf8)) == nil, "\(text) can be read in the file")
        }
        // It is there, for who has the key.
        let kept = try #require(try await store.conversation("call-1"))
        #expect(kept.turns == [turn(1)])
        #expect(kept.outcome == "caller_goodbye")
        #expect(try await store.order(number: "1001")?.phone == alice)
        #expect(try await store.callbacks(limit: 5).map(\.request.phone) == [alice])
    }

    @Test func sealedBytesOpenOnlyInTheirPlace() async throws {
        let store = try await openStore(Folder())
        for key in ["a", "b"] { _ = try await store.place(request(key, try quote([largePizzas])), now: noon).get() }
        _ = try await store.sql(
            "UPDATE orders SET sealed_address = (SELECT sealed_address FROM orders WHERE number = 1001) WHERE number = 1002"
        )
        await #expect(throws: StoreError.self) { try await store.order(number: "1002") }
        _ = try await store.sql("UPDATE orders SET sealed_address = sealed_phone WHERE number = 1001")
        await #expect(throws: StoreError.self) { try await store.order(number: "1001") }
    }

    @Test(arguments: [
        (form: RetentionForm.off, turns: 0, text: false), (form: .statistics, turns: 1, text: false),
        (form: .redacted, turns: 1, text: true), (form: .full, turns: 1, text: true),
    ])
    func thePolicyDecidesWhatIsWritten(row: (form: RetentionForm, turns: Int, text: Bool)) async throws {
        let rule = Retention(form: row.form, days: 30, purpose: "test")
        let folder = try Folder()
        let store = try await openStore(folder, policy: RetentionPolicy(replacing: [.transcript: rule, .acts: rule]))
        try await store.beginConversation("call-1", line: "phone", caller: nil, now: noon)
        try await store.record(turn(1), now: noon)
        let kept = try #require(try await store.conversation("call-1"))
        #expect(kept.turns.count == row.turns)
        #expect((kept.turns.first?.heard != nil) == row.text)
        #expect((kept.turns.first?.acts != nil) == row.text)
        #expect((kept.turns.first?.intents == ["set_address"]) == (row.turns > 0))
    }

    @Test func whereNothingIsKeptNothingIsWritten() async throws {
        let off = Retention(form: .off, days: 0, purpose: "")
        let policy = RetentionPolicy(replacing: [.transcript: off, .acts: off, .audio: off, .event: off])
        let store = try await busyStore(try Folder(), policy: policy)
        #expect(try await store.conversation("call-1") == nil)
        // An order is kept all the same until it is done: it could not be delivered otherwise.
        #expect(try await store.sweep(now: days(1)).orders == 0)
        #expect(try await store.order(number: "1001")?.order.quote.address == address)
    }

    @Test func theSweepRemovesWhatIsOverAndNothingElse() async throws {
        let store = try await busyStore(try Folder(), policy: .standard)
        #expect(try await store.sweep(now: days(29)) == SweepReport())
        let month = try await store.sweep(now: days(30))
        #expect(month.transcripts == 1)
        #expect(month.acts == 1)
        #expect(month.conversations == 0)
        #expect(try await store.conversation("call-1")?.turns == [])
        let quarter = try await store.sweep(now: days(90))
        #expect(quarter.conversations == 1)
        #expect(quarter.callbacks == 1)
        // The order is on its way, however long that takes.
        #expect(try await store.sweep(now: days(2_000)).orders == 0)
        for status in [OrderStatus.packed, .handedOver, .delivered] {
            _ = try await store.setStatus(number: "1001", status, by: "desk", now: days(2_000)).get()
        }
        let last = try await store.sweep(now: days(2_000))
        #expect(last.orders == 1)
        #expect(last.subjects == 1)
        for table in ["orders", "order_lines", "order_fees", "order_events", "requests", "outbox", "subjects", "turns"]
        {
            #expect(try await store.number("SELECT count(*) FROM \(table)") == 0, "\(table) still has rows")
        }
    }

    @Test func aShorterPolicyCountsForWhatIsThere() async throws {
        let folder = try Folder()
        _ = try await busyStore(folder, policy: .standard)
        let week = Retention(form: .redacted, days: 7, purpose: "test")
        let store = try await openStore(folder, policy: RetentionPolicy(replacing: [.transcript: week]))
        #expect(try await store.sweep(now: days(7)).transcripts == 1)
    }

    @Test func aFinishedOrderLosesAddressAndNumberWhereThePolicySaysSo() async throws {
        let rule = Retention(form: .redacted, days: 100, purpose: "test")
        let store = try await busyStore(try Folder(), policy: RetentionPolicy(replacing: [.order: rule]))
        #expect(try await store.sweep(now: noon).anonymized == 0)
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon).get()
        #expect(try await store.sweep(now: noon).anonymized == 1)
        let order = try #require(try await store.order(number: "1001"))
        #expect(order.phone == nil)
        #expect(order.order.quote.address == nil)
        #expect(order.order.quote.lines.count == 1)
    }

    @Test func recordingsAreMadeOnlyWherePolicySaysAndGoWithTheirFiles() async throws {
        let folder = try Folder()
        let careful = try await openStore(folder)
        try await careful.beginConversation("call-1", line: "phone", caller: nil, now: noon)
        #expect(try await careful.beginRecording(conversation: "call-1", now: noon) == nil)

        let store = try await openStore(folder, policy: everything)
        let file = try #require(try await store.beginRecording(conversation: "call-1", now: noon))
        #expect(try await store.beginRecording(conversation: "call-1", now: noon) == nil, "a call is recorded once")
        await #expect(throws: StoreError.unknownConversation("call-2")) {
            try await store.beginRecording(conversation: "call-2", now: noon)
        }
        let spoken = Array("to five lake street".utf8)
        try file.append(spoken)
        #expect(try await store.played("call-1") == Played(spoken, false))
        try file.append(spoken)
        try file.finish()
        #expect(try await store.played("call-1") == Played(spoken + spoken, true))
        #expect(folder.bytes.range(of: Data(spoken)) == nil)
        #expect(try await store.sweep(now: days(29)).recordings == 0)
        #expect(folder.recordings.count == 1)
        #expect(try await store.sweep(now: days(30)).recordings == 1)
        #expect(folder.recordings.isEmpty)
        #expect(try await store.played("call-1") == nil)
        #expect(try await store.sweep(now: days(31)).recordings == 0)
    }

    @Test func aRecordingThatWasTamperedWithDoesNotPlay() async throws {
        let folder = try Folder()
        let store = try await openStore(folder, policy: everything)
        try await store.beginConversation("call-1", line: "phone", caller: nil, now: noon)
        let file = try #require(try await store.beginRecording(conversation: "call-1", now: noon))
        for piece in [[1, 2, 3], [4, 5, 6]] as [[UInt8]] { try file.append(piece) }
        let path = try #require(folder.recordings.first)
        let whole = try Data(contentsOf: path)
        // The second piece in the place of the first, and a bit changed.
        let half = whole.count / 2
        for changed in [whole[half...] + whole[..<half], whole[..<10] + [whole[10] ^ 1] + whole[11...]] {
            try Data(changed).write(to: path)
            await #expect(throws: StoreError.self) { try await store.played("call-1") }
        }
        // A call that was cut off plays as far as it went.
        try whole.prefix(whole.count - 1).write(to: path)
        #expect(try await store.played("call-1") == Played([1, 2, 3], false))
    }

    @Test func whatNoRowKnowsIsRemovedAndWhatCannotBeIsTold() async throws {
        let folder = try Folder()
        let store = try await openStore(folder, policy: everything)
        let place = folder.url.appending(path: "recordings")
        // A folder cannot be removed as a file, not even by root.
        try FileManager.default.createDirectory(
            at: place.appending(path: "stuck"), withIntermediateDirectories: true)
        try Data("left over".utf8).write(to: place.appending(path: "stray"))
        let report = try await store.sweep(now: noon)
        #expect(report.recordings == 1)
        #expect(report.undeletable == [place.appending(path: "stuck").path])
    }

    @Test func whoRefusesLeavesNeitherVoiceNorWords() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder, policy: everything)
        try await store.beginConversation("call-2", line: "phone", caller: alice, now: noon)
        for call in ["call-1", "call-2"] {
            try await store.record(
                TurnRecord(
                    conversation: call, turn: 2, heard: "two colas", reply: nil, isAccepted: true, intents: [],
                    acts: nil), now: noon)
            let file = try #require(try await store.beginRecording(conversation: call, now: noon))
            try file.append([1, 2, 3])
        }
        try await store.refuse(conversation: "call-2")
        try await store.record(turn(3), now: noon)
        #expect(try await store.conversation("call-2")?.turns == [])
        #expect(try await store.beginRecording(conversation: "call-2", now: noon) == nil)
        #expect(folder.recordings.count == 1)
        #expect(try await store.played("call-1") == Played([1, 2, 3], false))
        #expect(try await store.conversation("call-1")?.turns.count == 3)
    }

    @Test func linesAndLanguagesHaveRulesOfTheirOwn() async throws {
        let week = Retention(form: .redacted, days: 7, purpose: "test")
        let off = Retention(form: .off, days: 0, purpose: "")
        let policy = RetentionPolicy(except: [.transcript: [.line("kiosk"): week, .language("uk"): off]])
        let store = try await openStore(try Folder(), policy: policy)
        for (call, line, language) in [("a", "phone", "en"), ("b", "kiosk", "en"), ("c", "kiosk", "uk")] {
            try await store.beginConversation(call, line: line, language: language, caller: nil, now: noon)
            try await store.record(
                TurnRecord(
                    conversation: call, turn: 0, heard: "hello", reply: nil, isAccepted: true, intents: [], acts: "[]"),
                now: noon)
        }
        #expect(try await store.conversation("c")?.turns.map(\.heard) == [nil])
        let report = try await store.sweep(now: days(7))
        #expect(report.transcripts == 1)
        #expect(try await store.conversation("b")?.turns.map(\.heard) == [nil])
        #expect(try await store.conversation("a")?.turns.map(\.heard) == ["hello"])
    }

    @Test func aClockThatIsSetBackLengthensNothing() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder, policy: .standard)
        #expect(try await store.sweep(now: days(20)) == SweepReport())
        // Set back by twenty days: what has ten days left has ten days left.
        #expect(try await store.sweep(now: days(0)) == SweepReport())
        try await store.beginConversation("call-2", line: "phone", caller: nil, now: days(0))
        try await store.record(
            TurnRecord(
                conversation: "call-2", turn: 0, heard: "later", reply: nil, isAccepted: true, intents: [], acts: "[]"),
            now: days(0))
        #expect(try await store.sweep(now: days(9)) == SweepReport())
        // Another process knows it too.
        #expect(try await openStore(folder).sweep(now: days(10)).transcripts == 1)
        #expect(try await store.conversation("call-2")?.turns.map(\.heard) == ["later"])
        #expect(try await store.sweep(now: days(29)).transcripts == 0)
        #expect(try await store.sweep(now: days(30)).transcripts == 1)
    }

    @Test func erasingDestroysTheKeyAndKeepsTheAccounts() async throws {
        let folder = try Folder()
        let store = try await busyStore(folder, policy: everything)
        let file = try #require(try await store.beginRecording(conversation: "call-1", now: noon))
        try file.append(Array("sound".utf8))
        _ = try await store.place(request("bob", try quote([colas(1)]), phone: bob, conversation: "b"), now: noon).get()
        var personal: [[UInt8]] = []
        for column in [
            "wrapped_key FROM subjects ORDER BY id", "sealed_transcript FROM turns", "sealed_phone FROM callbacks",
            "sealed_payload FROM outbox ORDER BY id", "sealed_address FROM orders ORDER BY number",
        ] {
            personal.append(try #require(try await store.sql("SELECT \(column)").first?.blob(0)))
        }
        _ = try await store.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        #expect(personal.allSatisfy { folder.bytes.range(of: Data($0.suffix(40))) != nil })

        let report = try #require(try await store.erase(phone: alice, now: noon))
        #expect(report.conversations == 1)
        #expect(report.orders == 1)
        #expect(report.underway == ["1001"])
        let isGone = personal.map { folder.bytes.range(of: Data($0.suffix(40))) == nil }
        #expect(isGone == [true, true, true, true, true])
        #expect(folder.recordings.isEmpty)
        #expect(try await store.conversation("call-1") == nil)
        #expect(try await store.callbacks(limit: 5).isEmpty)
        #expect(try await store.latest(phone: alice) == nil)
        // It is still to be delivered, and told of; the customer does not have it any more.
        #expect(try await store.order(number: "1001")?.order.quote.address == address)
        #expect(try await store.waitingEvents(limit: 9).map(\.id).contains("order-1001-placed"))
        #expect(try await store.export(phone: alice, now: noon) == nil)
        for status in [OrderStatus.packed, .handedOver, .delivered] {
            #expect(try await store.setStatus(number: "1001", status, by: "desk", now: noon).get().status == status)
        }
        _ = try await store.sweep(now: noon)
        #expect(try await store.order(number: "1001")?.phone == alice, "an event of it is still to be told")
        for errand in try await store.take([.event], limit: 99) { try await store.settle(errand, .done) }
        for _ in 0..<9 {
            for errand in try await store.take([.event, .message], limit: 99) { try await store.settle(errand, .done) }
        }
        #expect(try await store.sweep(now: noon).anonymized == 1)
        let order = try #require(try await store.order(number: "1001"))
        #expect(order.phone == nil)
        #expect(order.order.quote.address == nil)
        #expect(order.order.quote.total == dollars(2_300))
        // Nobody else is touched, and the same number starts anew.
        #expect(try await store.latest(phone: bob)?.quote.address == address)
        #expect(try await store.erase(phone: alice, now: noon) == nil)
        _ = try await store.place(request("new", try quote([largePizzas])), now: noon).get()
        #expect(try await store.latest(phone: alice)?.number == "1003")
    }

    @Test func aConversationGoesOnAfterItsCallerWasErased() async throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let store = try await busyStore(folder, policy: everything)
        _ = try await store.erase(phone: alice, now: noon)
        await #expect(throws: StoreError.unknownConversation("call-1")) { try await store.record(turn(2), now: noon) }
    }
}
