// How fast orders are written. In: an empty database. Out: orders a second, each on the disk before the next begins.

import Commerce
import Conversation
import Foundation
import Platform
import Storage

enum OrdersBenchmark {
    private static let count = 200
    /// A Monday at noon: shops have hours.
    private static let noon = Date(timeIntervalSince1970: 1_772_452_800)

    static func run(_ setting: BenchmarkSetting, to output: BenchmarkOutput) async throws {
        let floor = try setting.floor()
        guard let quote = quote(on: floor) else {
            output.note("orders: skipped, the shop has nothing that could be ordered at \(noon)")
            return
        }
        let desk = try await setting.desk(floor, "orders")
        var seconds: [Double] = []
        var placed = 0
        let whole = Stopwatch()
        for number in 0..<count {
            let watch = Stopwatch()
            let request = OrderRequest(
                key: RequestKey("bench/\(number)"), quote: quote, phone: "+380671234567",
                isPhoneTrusted: true, conversation: "bench-\(number)")
            if case .success = try await desk.place(request, now: noon) { placed += 1 }
            seconds.append(watch.seconds)
        }
        let sample = Sample(seconds)
        output.show(
            Table(
                "orders", "placed one after the other, each durable",
                ["placed", "a second", "median ms", "95 % ms"],
                [
                    [
                        .share(placed, of: count), .decimal(Double(placed) / whole.seconds, digits: 0),
                        sample.milliseconds(0.5), sample.milliseconds(0.95),
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
