// Each act leaves exactly one event behind, and it waits until it is delivered.

import Commerce
import Foundation
import Testing

@testable import Storage

@Suite struct OutboxTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func anOrderIsToldOnceAsACloudEvent() async throws {
        let store = try await openStore(Folder())
        let agreed = try quote([largePizzas, colas(1)])
        for _ in 0..<2 { _ = try await store.place(request("k", agreed), now: noon).get() }
        let events = try await store.waitingEvents(limit: 10)
        #expect(events.map(\.id) == ["order-1001-placed"])
        let event = try object(try #require(events.first).payload)
        #expect(event["specversion"] as? String == "1.0")
        #expect(event["type"] as? String == "order.placed")
        #expect(event["subject"] as? String == "1001")
        #expect(event["time"] as? String == "2026-03-02T12:00:00Z")
        let data = try #require(event["data"] as? [String: Any])
        #expect(data["total"] as? String == "24.50")
        #expect(data["address"] as? String == address)
        #expect(data["phone"] as? String == alice)
        #expect((data["lines"] as? [[String: Any]])?.map { $0["quantity"] as? Double } == [2, 1])
        #expect((data["fees"] as? [[String: Any]])?.first?["amount"] as? String == "2.00")
    }

    @Test func timesAreAsTheStandardHasThem() {
        // From the calendar's first years on, in steps that meet every month and hour.
        for step in -1_200...3_000 {
            let date = Date(timeIntervalSince1970: Double(step) * 9_876_543 - 7)
            #expect(date.timestamp == date.formatted(.iso8601))
        }
    }

    @Test func deliveredEventsAreNotGivenAgain() async throws {
        let store = try await openStore(Folder())
        _ = try await store.place(request("k", try quote([colas(1)])), now: noon).get()
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "", now: noon)
        #expect(try await store.waitingEvents(limit: 10).map(\.kind) == ["order.placed", "order.cancelled"])
        #expect(try await store.waitingEvents(limit: 1).map(\.kind) == ["order.placed"])
        let taken = try #require(try await store.take([.event], limit: 1).first)
        try await store.settle(taken, .done, now: days(1))
        #expect(try await store.waitingEvents(limit: 10).map(\.kind) == ["order.cancelled"])
        // A delivered one is kept as events are; one that still waits is not lost by it.
        #expect(try await store.sweep(now: days(91)).events == 1)
        #expect(try await store.waitingEvents(limit: 10).map(\.kind) == ["order.cancelled"])
    }

    @Test func aCallbackIsKeptOnceAndTold() async throws {
        let store = try await openStore(Folder())
        let wish = CallbackRequest(key: RequestKey("cb"), phone: nil, conversation: "stand-1", reason: "complaint")
        for _ in 0..<3 { try await store.requestCallback(wish) }
        #expect(try await store.callbacks(limit: 10).map(\.request) == [wish])
        #expect(try await store.waitingEvents(limit: 10).map(\.id) == ["callback-cb"])
    }
}
