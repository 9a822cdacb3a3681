// Events with several receivers: each hears of what it wants, in order for one customer, and keeps no other waiting.

import Commerce
import Foundation
import Testing

@testable import Storage

@Suite struct ReceiverTests {
    @Test func severalReceiversAreToldEachInTheirOwnTime() async throws {
        let folder = try Folder()
        let store = try await openStore(folder)
        for name in ["a", "b"] { _ = try await store.place(request(name, try quote([colas(1)])), now: noon).get() }
        _ = try await store.cancel(number: "1001", phone: alice, conversation: "call-1", now: noon).get()
        let receivers = [
            EventReceiver(name: "crm"), EventReceiver(name: "till", kinds: ["order.cancelled", "payment"]),
        ]
        func take() async throws -> [String: Errand] {
            let errands = try await store.take([.event], receivers: receivers, limit: 9)
            return Dictionary(uniqueKeysWithValues: errands.map { ($0.name, $0) })
        }
        let first = try await take()
        #expect(first.keys.sorted() == ["order-1001-cancelled@till", "order-1001-placed@crm"])
        // One does not answer, the other goes on; neither gets another's.
        for errand in first.values {
            guard case .event(let payload, let receiver?) = errand.task else {
                Issue.record("\(errand.task)")
                return
            }
            #expect(payload.contains(#""id":"order-1001-"#) && errand.name.hasSuffix("@\(receiver)"))
        }
        try await store.settle(try #require(first["order-1001-cancelled@till"]), .dead(reason: "gone"))
        try await store.settle(try #require(first["order-1001-placed@crm"]), .done)
        let second = try await take()
        #expect(second.keys.sorted() == ["order-1002-placed@crm"])
        try await store.settle(try #require(second["order-1002-placed@crm"]), .done)
        #expect(try await take().keys.sorted() == ["order-1001-cancelled@crm"])
        #expect(try await store.deadErrands(limit: 9).map(\.name) == ["order-1001-cancelled@till"])
        #expect(try await store.retry(errand: nil, now: noon) == 1)
        #expect(try await take().keys.sorted() == ["order-1001-cancelled@till"])
        // Whoever is erased is erased from what waits for each.
        _ = try await store.erase(phone: alice, now: noon)
        #expect(
            try await store.number("SELECT count(*) FROM outbox WHERE receiver IS NOT NULL AND delivered_at IS NULL")
                == 0)
    }
}
