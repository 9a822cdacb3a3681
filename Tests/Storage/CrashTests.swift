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
}
