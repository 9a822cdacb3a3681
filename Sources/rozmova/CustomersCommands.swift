// `rozmova customers`: who orders, for the shop's own people, and letting a customer leave a card with the gateway.

import Commerce
import Conversation
import Foundation
import Platform
import Sealing
import Services
import Storage

enum CustomersListCommand: Command {
    static let usage = Usage(
        name: "customers list", summary: "lists customers, the one who did something last first",
        options: [
            Option(name: "limit", value: "N", summary: "at most so many; left out: 100"), .json, .data, .config,
        ])

    static func run(_ arguments: Arguments) async throws {
        let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
        for customer in try await Composition(arguments).store(for: usage).customers(limit: limit) {
            Console.line(
                arguments.has("json")
                    ? customer.json.line
                    : "\(customer.phone)  \(customer.orders) orders  since \(customer.since.formatted(.iso8601))")
        }
    }
}

enum CustomersShowCommand: Command {
    static let usage = Usage(
        name: "customers show", summary: "shows what is known of a customer",
        positionals: [Positional(name: "CUSTOMER")], options: [.json, .data, .config],
        details: "CUSTOMER is a number in E.164, such as +380671234567.")

    static func run(_ arguments: Arguments) async throws {
        let phone = try arguments.customer()
        let store = try await Composition(arguments).store(for: usage, about: .customer(phone))
        guard let customer = try await store.customer(phone: phone) else {
            throw Failure("nothing is known of \(phone); `rozmova customers list` shows who there is")
        }
        if arguments.has("json") { return Console.line(customer.json.line) }
        Console.line("\(customer.phone)  \(customer.orders) orders")
        customer.addresses.forEach { Console.line("address  \($0)") }
        Console.line("saved card  \(customer.hasSavedMethod ? "yes" : "no")")
        for line in customer.usual { Console.line("usual  \(line.quantity.decimal) × \(line.sku)") }
    }
}

enum CustomersSaveCardCommand: Command {
    static let usage = Usage(
        name: "customers save-card", summary: "makes a page of the gateway's where a customer leaves a card",
        positionals: [Positional(name: "CUSTOMER")],
        options: [
            Option(name: "done", value: "REFERENCE", summary: "the page was filled in: keeps the card's token"),
            .shop, .data, .language, .config,
        ],
        details: """
            Prints the page's address, to be sent to the customer, and its REFERENCE. Card numbers are typed there and nowhere
            else; what is kept is the gateway's token.
            """)

    static func run(_ arguments: Arguments) async throws {
        let phone = try arguments.customer()
        let house = try Composition(arguments)
        guard let gateway = try house.services(for: try house.floor()).gateway else {
            throw Failure("no payment gateway is configured: see `payment` in `rozmova help configuration`")
        }
        let store = try await house.store(for: usage, about: .customer(phone))
        guard let reference = arguments.value("done") else {
            let key = RequestKey("setup/\(Digest.hexadecimal(SecureRandom.bytes(16)))")
            let link = try await gateway.setupLink(for: String(Digest.hex(of: phone).prefix(16)), key: key)
            Console.line("\(link.url)  \(link.reference)")
            return
        }
        guard let method = try await gateway.savedMethod(onLink: reference) else {
            throw Failure("no card was left on \(reference) yet")
        }
        guard try await store.keep(method: method, phone: phone, now: house.clock.now) else {
            throw Failure("the retention policy keeps no profiles, so no card can be kept")
        }
        Console.line("kept")
    }
}

enum CustomersSetPINCommand: Command {
    static let usage = Usage(
        name: "customers set-pin", summary: "gives a customer a PIN, or takes it away",
        positionals: [Positional(name: "CUSTOMER")],
        options: [
            Option(name: "remove", value: nil, summary: "the customer has no PIN any more"), .data, .config,
        ],
        details: """
            The PIN is read from the terminal, twice and without showing it, or from a line of standard input: never from the
            command line, which others see. It has \(SecretDigits.pinLength.lowerBound) to \
            \(SecretDigits.pinLength.upperBound) figures. Let the customer key it in where you cannot see it.
            """)

    static func run(_ arguments: Arguments) async throws {
        let phone = try arguments.customer()
        let pin = arguments.has("remove") ? nil : try read(for: phone)
        let store = try await Composition(arguments).store(for: usage, about: .customer(phone))
        guard try await store.choose(pin: pin, phone: phone) else {
            throw Failure("the retention policy keeps no profiles, so no PIN can be kept")
        }
        Console.line(pin == nil ? "removed" : "set")
    }

    private static func read(for phone: String) throws -> SecretDigits {
        let pin = try line("PIN of \(phone): ")
        guard SecretDigits.pinLength.contains(pin.count) else {
            throw Failure(
                "a PIN has \(SecretDigits.pinLength.lowerBound) to \(SecretDigits.pinLength.upperBound) figures, not \(pin.count)"
            )
        }
        guard !pin.isEasyToGuess(phone: phone) else {
            throw Failure("that PIN is too easy to guess: a row, a year, or a part of the number")
        }
        if Console.isTerminal, try line("once more: ") != pin { throw Failure("those were two different PINs") }
        return pin
    }

    private static func line(_ prompt: String) throws -> SecretDigits {
        guard let text = Console.secret(prompt) else { throw Failure("no PIN was given on standard input") }
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { throw Failure("a PIN has only figures") }
        return SecretDigits(text)
    }
}

extension Arguments {
    /// The first word as a number in E.164.
    func customer() throws -> String {
        guard PhoneNumber.isE164(positionals[0]) else {
            throw mistake("CUSTOMER is a number in E.164, such as +380671234567, not \(positionals[0])")
        }
        return positionals[0]
    }
}

extension StoredCustomer {
    fileprivate var json: JSONText {
        .object([
            ("phone", .text(phone)), ("orders", .count(orders)), ("addresses", .list(addresses.map { .text($0) })),
            ("savedCard", .flag(hasSavedMethod)),
            (
                "usual",
                .list(usual.map { .object([("sku", .text($0.sku)), ("quantity", .number($0.quantity.decimal))]) })
            ),
            ("since", .text(since.formatted(.iso8601))), ("changedAt", .text(changedAt.formatted(.iso8601))),
        ])
    }
}
