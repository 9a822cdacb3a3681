// How fast orders are written, beside SQLite alone, and how fast one is found among a million.
// In: empty databases. Out: orders a second, each on the disk before the next begins; milliseconds and memory.

import Commerce
import Conversation
import Foundation
import Platform
import Storage

enum OrdersBenchmark {
    private static let rounds = 5
    private static let ordersOfRound = 200
    /// Callers who order at once: while one is told, the next one's order is written.
    private static let callers = 4
    private static let million = 1_000_000
    /// A Monday at noon: shops have hours.
    private static let noon = Date(timeIntervalSince1970: 1_772_452_800)
    private static let phone = "+380671234567"

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        guard let quote = quote(on: floor) else {
            output.note("orders: skipped, the shop has nothing that could be ordered at \(noon)")
            return
        }
        try await commits(quote, desk: try await setting.desk(floor, "orders"), to: output)
        try await among(million, quote, desk: try await setting.desk(floor, "million"), to: output)
    }

    private static func request(_ number: Int, _ quote: Quote) -> OrderRequest {
        OrderRequest(
            key: RequestKey("bench/\(number)"), quote: quote, phone: phone, isPhoneTrusted: true,
            conversation: "bench-\(number)")
    }

    /// By one caller, then by several, then by SQLite alone, in turns, so that all meet the same disk.
    private static func commits(_ quote: Quote, desk: Store, to output: BenchmarkOutput) async throws {
        let file = await desk.file
        var raw = try RawCommits(at: file.deletingLastPathComponent().appending(path: "raw.sqlite"))
        var seconds: [Double] = []
        var (together, alone) = (0.0, 0.0)
        for round in 0..<rounds {
            let first = 2 * round * ordersOfRound
            for number in 0..<ordersOfRound {
                let watch = Stopwatch()
                _ = try await desk.place(request(first + number, quote), now: noon).get()
                seconds.append(watch.seconds)
            }
            let watch = Stopwatch()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        for number in stride(from: caller, to: ordersOfRound, by: callers) {
                            _ = try await desk.place(request(first + ordersOfRound + number, quote), now: noon).get()
                        }
                    }
                }
                try await group.waitForAll()
            }
            together += watch.seconds
            alone += try raw.copy(latest: ordersOfRound, of: file)
        }
        let placed = Double(rounds * ordersOfRound)
        let sample = Sample(seconds)
        func row(_ who: String, _ seconds: Double, _ sample: Sample?) -> [Table.Cell] {
            [
                .text(who), .count(Int(placed)), .decimal(placed / seconds, digits: 0),
                .decimal(100 * alone / seconds, digits: 0), sample?.milliseconds(0.5, digits: 2) ?? .nothing,
                sample?.milliseconds(0.95, digits: 2) ?? .nothing,
            ]
        }
        output.show(
            Table(
                "orders", "placed, each durable in a transaction of its own, beside SQLite alone writing the same rows",
                ["by", "placed", "a second", "share of SQLite alone %", "median ms", "95 % ms"],
                [
                    row("\(callers) callers at once", together, nil),
                    row("one after the other", seconds.reduce(0, +), sample), row("SQLite alone", alone, nil),
                ]))
    }

    /// "Where is my order", by number and by telephone number, where there are very many.
    private static func among(_ count: Int, _ quote: Quote, desk: Store, to output: BenchmarkOutput) async throws {
        let before = ProcessFacts.memory?.now
        var mine: [String] = []
        for number in 0..<50 { mine.append(try await desk.place(request(number, quote), now: noon).get().number) }
        try await desk.multiplyLatestOrder(by: count)
        for number in 50..<100 { mine.append(try await desk.place(request(number, quote), now: noon).get().number) }
        var byNumber: [Double] = []
        var byPhone: [Double] = []
        for round in 0..<1_000 {
            let watch = Stopwatch()
            let found = try await desk.find(number: mine[round % mine.count], phone: phone, conversation: "x")
            byNumber.append(watch.seconds)
            let other = Stopwatch()
            let latest = try await desk.latest(phone: phone)
            byPhone.append(other.seconds)
            guard found?.isOwner == true, latest?.number == mine.last else {
                output.note("orders: among \(count) the wrong order was found")
                return
            }
        }
        let (number, latest) = (Sample(byNumber), Sample(byPhone))
        let memory = ProcessFacts.memory
        output.show(
            Table(
                "orders", "found among very many",
                [
                    "orders", "by number, median ms", "95 % ms", "by telephone, median ms", "95 % ms of it",
                    "MB of memory more",
                ],
                [
                    [
                        .count(count), number.milliseconds(0.5, digits: 2), number.milliseconds(0.95, digits: 2),
                        latest.milliseconds(0.5, digits: 2), latest.milliseconds(0.95, digits: 2),
                        memory.flatMap { now in before.map { .decimal(now.now - $0, digits: 1) } } ?? .nothing,
                    ]
                ]))
    }

    /// The first thing of the catalogue that never runs out, as often as the shop's minimum asks for.
    private static func quote(on floor: Floor) -> Quote? {
        for product in floor.catalog.products where product.stock == nil {
            for quantity in [1, 2, 5, 10] as [Quantity] {
                guard case .success(let line) = floor.catalog.line(for: product.sku, quantity: quantity) else {
                    continue
                }
                for method in floor.shop.delivery {
                    for payment in floor.shop.payment {
                        let result = floor.shop.quote(
                            Cart(lines: [line]), catalog: floor.catalog, stock: [:], delivery: method.id,
                            address: method.areas.first, payment: payment.id, at: noon)
                        if case .success(let quote) = result { return quote }
                    }
                }
            }
        }
        return nil
    }
}
