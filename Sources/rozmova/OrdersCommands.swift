// `rozmova orders`: what was ordered, for the shop's own people.

import Commerce
import Conversation
import Foundation
import Platform
import Sealing
import Storage

enum OrdersListCommand: Command {
    static let usage = Usage(
        name: "orders list", summary: "lists orders, the newest first",
        options: [
            Option(
                name: "status", value: "STATUS", summary: "only those", choices: OrderStatus.allCases.map(\.rawValue)),
            Option(name: "limit", value: "N", summary: "at most so many; left out: 100"),
            .json, .data, .config,
        ])

    static func run(_ arguments: Arguments) async throws {
        let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
        let status = arguments.value("status").flatMap(OrderStatus.init)
        let store = try await Composition(arguments).store(for: usage)
        for stored in try await store.orders(limit: limit, status: status) {
            if arguments.has("json") { Console.line(stored.json.line) } else { Console.line(summary(stored)) }
        }
    }

    private static func summary(_ stored: StoredOrder) -> String {
        let order = stored.order
        let goods = order.quote.lines.map { "\($0.item.quantity.decimal) × \($0.title)" }.joined(separator: ", ")
        return [
            order.number, OrderText.time(stored.placedAt), order.status.rawValue,
            "\(order.quote.total.decimal) \(order.quote.total.currency.code)", stored.phone ?? "-", goods,
        ].joined(separator: "  ")
    }
}

enum OrdersShowCommand: Command {
    static let usage = Usage(
        name: "orders show", summary: "shows everything about one order",
        positionals: [Positional(name: "NUMBER")], options: [.json, .data, .config])

    static func run(_ arguments: Arguments) async throws {
        let number = arguments.positionals[0]
        let store = try await Composition(arguments).store(for: usage, about: .order(number))
        guard let stored = try await store.order(number: number) else {
            throw Failure("there is no order \(number); `rozmova orders list` shows those there are")
        }
        if arguments.has("json") {
            Console.line(stored.json.line)
        } else {
            OrderText.lines(stored).forEach(Console.line)
            for payment in try await store.payments(ofOrder: number) {
                Console.line(
                    "\(OrderText.time(payment.changedAt))  \(payment.kind) \(payment.amount.decimal): \(payment.state), "
                        + "asked for by \(payment.by)")
            }
        }
    }
}

enum OrdersSetStatusCommand: Command {
    static let usage = Usage(
        name: "orders set-status", summary: "moves an order on: packed, handed over, …",
        positionals: [Positional(name: "NUMBER"), Positional(name: "STATUS")], options: [.json, .data, .config],
        details:
            "STATUS is one of \(names). An order only goes forward; one that has left is not cancelled but returned.")

    private static let names = OrderStatus.allCases.map(\.rawValue).joined(separator: ", ")

    static func run(_ arguments: Arguments) async throws {
        let (number, name) = (arguments.positionals[0], arguments.positionals[1])
        guard let status = OrderStatus(rawValue: name) else {
            throw arguments.mistake("STATUS is one of \(names), not \(name)")
        }
        let composition = try Composition(arguments)
        let store = try await composition.store(for: usage, about: .order(number))
        switch try await store.setStatus(number: number, status, by: "operator", now: composition.clock.now) {
        case .success(let order):
            if arguments.has("json"), let stored = try await store.order(number: number) {
                Console.line(stored.json.line)
            } else {
                Console.line("order \(order.number): \(order.status.rawValue)")
            }
        case .failure(.tooLate(let present)):
            throw Failure("order \(number) is \(present.rawValue): from there it does not become \(name)")
        case .failure(.unpaid(let payment)):
            throw Failure("order \(number) is not paid (\(payment.rawValue)), so it is not packed")
        case .failure:
            throw Failure("there is no order \(number); `rozmova orders list` shows those there are")
        }
    }
}

enum OrdersRefundCommand: Command {
    static let usage = Usage(
        name: "orders refund", summary: "gives back what was paid, or a part of it",
        positionals: [Positional(name: "NUMBER"), Positional(name: "AMOUNT", count: .optional)],
        options: [.key, .data, .config],
        details: "Without AMOUNT all that is left. The gateway is asked by the daemon, or by `rozmova outbox send`.")

    static func run(_ arguments: Arguments) async throws {
        let number = arguments.positionals[0]
        let house = try Composition(arguments)
        let store = try await house.store(for: usage, about: .order(number))
        guard let order = try await store.order(number: number)?.order else { throw unknown(number) }
        let currency = order.quote.total.currency
        let amount = try arguments.positionals.dropFirst().first.map { text in
            guard let amount = Money(decimal: text, currency: currency) else {
                throw arguments.mistake("AMOUNT is a decimal such as 5.00, not \(text)")
            }
            return amount
        }
        let key = arguments.value("key") ?? "refund/\(Digest.hexadecimal(SecureRandom.bytes(16)))"
        let result = try await store.refund(
            number: number, amount: amount, key: RequestKey(key), by: "operator", now: house.clock.now)
        switch result {
        case .success(let amount): Console.line("order \(number): \(amount.decimal) \(currency.code) goes back")
        case .failure(.notFound): throw unknown(number)
        case .failure(.nothingPaid): throw Failure("order \(number): nothing was paid that could go back")
        case .failure(.notThatMuch(let left)):
            throw Failure("order \(number): from 0 to \(left.decimal) \(left.currency.code) can go back")
        case .failure(.otherCurrency(let paid)): throw Failure("order \(number) was paid in \(paid.code)")
        }
    }

    private static func unknown(_ number: String) -> Failure {
        Failure("there is no order \(number); `rozmova orders list` shows those there are")
    }
}

extension Option {
    fileprivate static let key = Option(
        name: "key", value: "KEY", summary: "a name for this refund: given twice, it happens once")
}

/// An order for a person at a terminal.
private enum OrderText {
    static func time(_ date: Date) -> String { date.formatted(.iso8601) }

    static func lines(_ stored: StoredOrder) -> [String] {
        let order = stored.order
        let quote = order.quote
        var lines = ["order \(order.number)  \(order.status.rawValue)  placed \(time(stored.placedAt))"]
        for line in quote.lines {
            let with = line.item.modifiers.map { [$0.amount, $0.id].compactMap(\.self).joined(separator: " ") }
            let without = line.item.without.map { ["no", $0.amount, $0.id].compactMap(\.self).joined(separator: " ") }
            let details = (with + without).joined(separator: ", ")
            lines.append(
                "  \(line.item.quantity.decimal) × \(line.title)\(details.isEmpty ? "" : " (\(details))")"
                    + (line.variant.map { ", \($0)" } ?? "")
                    + "  \(line.total.decimal)")
        }
        lines += quote.fees.map { "  \($0.name)  \($0.amount.decimal)" }
        lines.append("  total  \(quote.total.decimal) \(quote.total.currency.code)")
        lines.append("delivery  \(quote.delivery)\(quote.address.map { ", \($0)" } ?? "")")
        lines.append("payment  \(quote.payment), \(order.paymentStatus.rawValue)")
        lines.append("phone  \(stored.phone ?? "-")")
        if let waybill = order.waybill {
            lines.append("waybill  \(waybill)\(order.parcel.map { ", \($0.rawValue)" } ?? "")")
        }
        lines += stored.history.map { "\(time($0.at))  \($0.status.rawValue), by \($0.by)" }
        return lines
    }
}

extension StoredOrder {
    /// What the contract says of an order, and what only the shop may know.
    fileprivate var json: JSONText {
        let quote = order.quote
        return order.json.adding([
            ("deliveryMethod", .text(quote.delivery)), ("paymentMethod", .text(quote.payment)),
            ("address", .optional(quote.address)), ("phone", .optional(phone)),
            ("placedAt", .text(OrderText.time(placedAt))),
            (
                "history",
                .list(
                    history.map {
                        .object([
                            ("status", .text($0.status.rawValue)), ("at", .text(OrderText.time($0.at))),
                            ("by", .text($0.by)),
                        ])
                    })
            ),
        ])
    }
}

extension JSONText {
    /// An object with more fields behind its own.
    fileprivate func adding(_ more: [(name: String, value: JSONText)]) -> JSONText {
        guard case .object(let fields) = self else { return self }
        return .object(fields + more)
    }
}
