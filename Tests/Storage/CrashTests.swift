// The process may end between any two statements, and the disk may fill at any of them: nothing is half, nothing is
// twice.

import Commerce
import Foundation
import Synchronization
import Testing

@testable import Storage

@Suite struct CrashTests {
    /// An act that is cut short, and what then has to be true.
    struct Act: Sendable, CustomTestStringConvertible {
        let name: String
        let run: @Sendable (Store) async throws -> Void
        /// Throws unless the act is not there at all or wholly there; says which.
        let isDone: @Sendable (Store) async throws -> Bool
        var testDescription: String { name }
    }

    static let acts = [
        Act(
            name: "place",
            run: { _ = try await $0.place(request("k", try quote([largePizzas, colas(2)])), now: noon).get() },
            isDone: { store in
                let tables = [
                    "orders", "order_lines", "order_fees", "order_events", "requests", "stock_movements", "outbox",
                ]
                var rows: [Int64] = []
                for table in tables { rows.append(try await store.number("SELECT count(*) FROM \(table)")) }
                let stock = try await store.stock()
                if rows == [0, 0, 0, 0, 0, 0, 0], stock == [:] { return false }
                #expect(rows == [1, 2, 1, 1, 1, 1, 1])
                #expect(stock == ["cola": 1])
                return true
            }),
        Act(
            name: "cancel",
            run: { _ = try await $0.cancel(number: "1001", phone: alice, conversation: "", now: noon).get() },
            isDone: { store in
                let status = try await store.order(number: "1001")?.order.status
                let events = try await store.number("SELECT count(*) FROM order_events")
                let waiting = try await store.waitingEvents(limit: 10).count
                let stock = try await store.stock()
                if status == .placed, events == 1, waiting == 1, stock == ["cola": 1] { return false }
                #expect(status == .cancelled)
                #expect(events == 2)
                #expect(waiting == 2)
                #expect(stock == [:])
                return true
            }),
    ]

    /// A folder in which everything before the act has happened.
    private func prepared(for act: Act) async throws -> Folder {
        let folder = try Folder()
        let store = try await openStore(folder)
        if act.name == "cancel" { _ = try await store.place(request("k", try quote([colas(2)])), now: noon).get() }
        return folder
    }

    @Test(arguments: acts) func theProcessIsKilledBeforeAnyStatement(act: Act) async throws {
        // What the disk holds at the moment of each statement is what a killed process would leave.
        let folder = try await prepared(for: act)
        let store = try await openStore(folder)
        let remains = Mutex<[Folder]>([])
        await store.observe { _ in
            let copy = try? folder.copy()
            remains.withLock { kept in if let copy { kept.append(copy) } }
        }
        try await act.run(store)
        let copies = remains.withLock { $0 }
        #expect(copies.count > 8)
        for copy in copies {
            let survivor = try await openStore(copy)
            #expect(try await !act.isDone(survivor))
            try await act.run(survivor)
            #expect(try await act.isDone(survivor))
        }
        let after = try await openStore(try folder.copy())
        #expect(try await act.isDone(after))
        try await act.run(after)
        #expect(try await act.isDone(after))
    }

    @Test(arguments: acts) func anyStatementFails(act: Act) async throws {
        let folder = try await prepared(for: act)
        let store = try await openStore(folder)
        var failed = 0
        for victim in 0... {
            let statements = Mutex(0)
            await store.observe { _ throws(StoreError) in
                let number = statements.withLock { count in
                    count += 1
                    return count - 1
                }
                if number == victim { throw .diskFull(path: "test") }
            }
            do {
                try await act.run(store)
                break
            } catch {
                #expect(error as? StoreError == .diskFull(path: "test"))
            }
            failed += 1
            await store.observe { _ in }
            #expect(try await !act.isDone(store))
        }
        #expect(failed > 8)
        await store.observe { _ in }
        #expect(try await act.isDone(store))
    }

    @Test func theDiskIsFull() async throws {
        let store = try await openStore(Folder())
        let pages = try await store.number("PRAGMA page_count")
        _ = try await store.sql("PRAGMA max_page_count = \(pages)")
        // Free places in the present pages may take some orders; the first that does not fit leaves nothing.
        var placed = 0
        let agreed = try quote([largePizzas])
        var failure: StoreError?
        for attempt in 0..<200 where failure == nil {
            do {
                _ = try await store.place(request("k\(attempt)", agreed), now: noon).get()
                placed += 1
            } catch let error as StoreError {
                failure = error
            }
        }
        guard case .diskFull = failure else {
            Issue.record("expected a full disk, not \(String(describing: failure))")
            return
        }
        #expect(try await store.orders(limit: 1_000).count == placed)
        // Room again: the same key is free to succeed.
        _ = try await store.sql("PRAGMA max_page_count = 1000000")
        #expect(try await store.place(request("k\(placed)", agreed), now: noon).get().number == String(1_001 + placed))
        #expect(try await store.sql("PRAGMA integrity_check").map { try $0.text(0) } == ["ok"])
    }

    /// A power cut may leave any part of the write-ahead log. What comes out is what was committed up to some moment:
    /// never half an order, and never an order that the books do not know.
    @Test func theLogIsTornAtAnyByte() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        let agreed = try quote([largePizzas, colas(1)])
        for number in 0..<3 { _ = try await store.place(request("k\(number)", agreed), now: noon).get() }
        let log = folder.database.path + "-wal"
        let whole = try Data(contentsOf: URL(filePath: log))
        var generator = SeededGenerator(seed: 5)
        var counts: Set<Int> = []
        for _ in 0..<40 {
            let copy = try folder.copy()
            var torn = whole.prefix(Int.random(in: 0...whole.count, using: &generator))
            // The last sector may be there and hold something else.
            if Bool.random(using: &generator), torn.count > 600 { torn[torn.count - 300] ^= 0xFF }
            try torn.write(to: URL(filePath: copy.database.path + "-wal"))
            let survivor = try await openStore(copy)
            #expect(try await survivor.checkBooks() == [])
            let orders = try await survivor.orders(limit: 10)
            counts.insert(orders.count)
            // Whoever asks again under the same keys gets what there is, or it is done now; nothing is twice.
            for number in 0..<3 { _ = try await survivor.place(request("k\(number)", agreed), now: noon).get() }
            #expect(try await survivor.orders(limit: 10).count == 3)
            #expect(try await survivor.stock() == ["cola": 0])
            #expect(try await survivor.checkBooks() == [])
        }
        #expect(counts.count > 1)
    }

    @Test func theClockJumps() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        let agreed = try quote([colas(1)])
        for (number, moment) in [noon, days(400), days(-400)].enumerated() {
            let order = try await store.place(request("k\(number)", agreed), now: moment).get()
            #expect(order.number == String(1_001 + number))
            #expect(try await store.place(request("k\(number)", agreed), now: days(9)).get() == order)
        }
        _ = try await store.cancel(number: "1002", phone: alice, conversation: "", now: days(-1)).get()
        #expect(try await store.checkBooks() == [])
        #expect(try await store.stock() == ["cola": 1])
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
