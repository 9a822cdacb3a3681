// What is bought together is counted over customers, and never says what one of them bought.

import Commerce
import Foundation
import Testing

@testable import Storage

@Suite("Bought together")
struct TogetherTests {
    private static let cheese = LineItem(sku: "cheese", quantity: Quantity(thousandths: 100))
    private static let goods = catalog(stock: 1_000)
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A process of its own: it has not counted yet.
    private func store() async throws -> Store { try await openStore(folder, catalog: Self.goods) }

    /// An order of each customer.
    @discardableResult
    private func place(_ lines: [LineItem], by customers: [Int]) async throws -> [Order] {
        let store = try await store()
        var orders: [Order] = []
        for customer in customers {
            let request = request(
                UUID().uuidString, try quote(lines, from: Self.goods), phone: "+3806712345\(customer)")
            orders.append(try await store.place(request, now: noon).get())
        }
        return orders
    }

    private func companionsOfPizza() async throws -> [String] {
        try await store().boughtTogether().companions(of: "pizza")
    }

    @Test("Five customers make a pair, one of them as often as he likes does not; what was given up does not count")
    func support() async throws {
        // Others buy other things: what is in every order goes with nothing.
        try await place([colas(1)], by: [70, 71, 72])
        try await place([largePizzas, Self.cheese], by: [10, 10, 10, 10, 10, 11, 12, 13])
        #expect(try await companionsOfPizza() == [])
        let fifth = try await place([largePizzas, Self.cheese], by: [14])
        #expect(try await companionsOfPizza() == ["cheese"])
        _ = try await store().cancel(number: fifth[0].number, phone: "+380671234514", conversation: "", now: noon)
        #expect(try await companionsOfPizza() == [])
    }

    @Test("What is bought with everything says nothing; of two companions the closer one is first")
    func lift() async throws {
        let six = Array(10...15)
        try await place([largePizzas, colas(1)], by: six)
        try await place([largePizzas, Self.cheese], by: six)
        try await place([colas(1)], by: six)
        // Cola is in 12 of 18 orders, in 6 of 12 with pizza: 6 · 18 / (12 · 12) = 0.75. Cheese: 6 · 18 / (12 · 6) = 1.5.
        #expect(try await companionsOfPizza() == ["cheese"])
        let pairs = try await store().boughtTogether()
        #expect(pairs == BoughtTogether([.init("cheese", "pizza", lift: 1.5)]))
    }

    @Test("Counted once an hour")
    func kept() async throws {
        let store = try await store()
        #expect(try await store.boughtTogether() == BoughtTogether())
        try await place([colas(1)], by: [70])
        try await place([largePizzas, Self.cheese], by: Array(10...15))
        #expect(try await store.boughtTogether() == BoughtTogether())
        #expect(try await companionsOfPizza() == ["cheese"])
    }
}
