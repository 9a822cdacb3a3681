// Commerce's values as the JSON text of a column. Reading gives nil for text that is not what was written.

import Commerce
import Foundation

/// What a line was modified by.
struct StoredModifiers: Decodable {
    private struct Choice: Decodable {
        let group: String
        let id: String
        let amount: String?
    }

    private let modifiers: [Choice]
    private let without: [Choice]

    /// What `init(text:)` reads.
    static func text(of item: LineItem) -> String {
        JSONText.object([("modifiers", list(item.modifiers)), ("without", list(item.without))]).compact
    }

    /// Modifiers as the contract has them.
    static func list(_ modifiers: [ChosenModifier]) -> JSONText {
        .list(
            modifiers.map { choice in
                let amount: [(name: String, value: JSONText)] = choice.amount.map { [("amount", .text($0))] } ?? []
                return .object([("group", .text(choice.group)), ("id", .text(choice.id))] + amount)
            })
    }

    init?(text: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    var chosen: [ChosenModifier] { modifiers.map { ChosenModifier(group: $0.group, id: $0.id, amount: $0.amount) } }
    var left: [ChosenModifier] { without.map { ChosenModifier(group: $0.group, id: $0.id, amount: $0.amount) } }
}

/// A value as JSON that is the same each time.
func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("our own values have a JSON form") }
    return String(decoding: data, as: UTF8.self)
}

/// A notice with the number that it goes to.
struct StoredNotice: Codable {
    let kind: String
    let to: String
    var order: String?
    var amount: Int64?
    var currency: String?
    var url: String?
    var waybill: String?
    var status: String?
    var code: String?
    var until: Date?
    var orders: [String]?
    var addresses: [String]?
    var conversations: Int?

    init(_ notice: Notice, to: String) {
        self.to = to
        switch notice {
        case .paymentLink(let order, let amount, let url):
            (kind, self.order, self.url) = ("link", order, url)
            (self.amount, currency) = (amount.minorUnits, amount.currency.code)
        case .paymentOver(let order): (kind, self.order) = ("over", order)
        case .parcel(let order, let waybill, let status):
            (kind, self.order, self.waybill, self.status) = ("parcel", order, waybill, status.rawValue)
        case .data(let kept):
            (kind, orders, addresses, conversations) = ("data", kept.orders, kept.addresses, kept.conversations)
        case .code(let code, let until): (kind, self.code, self.until) = ("code", code, until)
        }
    }

    init?(text: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    /// nil for what `init` did not make.
    var notice: Notice? {
        if kind == "code", let code, let until { return .code(code, until: until) }
        if kind == "data", let orders, let addresses, let conversations {
            return .data(
                KeptData(orders: orders, addresses: addresses, conversations: conversations, recordings: 0))
        }
        guard let order else { return nil }
        return switch (kind, amount, currency.flatMap(Currency.init), url, waybill, status.flatMap(ParcelStatus.init)) {
        case ("link", let amount?, let currency?, let url?, _, _):
            .paymentLink(order: order, amount: Money(minorUnits: amount, currency: currency), url: url)
        case ("over", _, _, _, _, _): .paymentOver(order: order)
        case ("parcel", _, _, _, let waybill?, let status?): .parcel(order: order, waybill: waybill, status)
        default: nil
        }
    }
}

extension Refusal {
    /// Its name and its facts.
    private struct Stored: Codable {
        var name: String
        var sku: String?
        var quantity: Int?
        var group: String?
        var min: Int?
        var max: Int?
        var amount: Int64?
        var currency: String?
        var id: String?
        var status: String?
    }

    /// As text. `changed` is never kept: see `Store.place`.
    var stored: String {
        var stored = Stored(name: "")
        switch self {
        case .emptyCart: stored.name = "emptyCart"
        case .unknownProduct(let sku): (stored.name, stored.sku) = ("unknownProduct", sku)
        case .outOfStock(let sku, let available):
            (stored.name, stored.sku, stored.quantity) = ("outOfStock", sku, available.thousandths)
        case .tooMany(let sku, let maximum):
            (stored.name, stored.sku, stored.quantity) = ("tooMany", sku, maximum.thousandths)
        case .notAStep(let sku, let step):
            (stored.name, stored.sku, stored.quantity) = ("notAStep", sku, step.thousandths)
        case .modifierCount(let sku, let group, let min, let max):
            (stored.name, stored.sku, stored.group, stored.min, stored.max) = ("modifierCount", sku, group, min, max)
        case .modifierUnavailable(let sku, let group, let id):
            (stored.name, stored.sku, stored.group, stored.id) = ("modifierUnavailable", sku, group, id)
        case .belowMinimum(let money):
            (stored.name, stored.amount, stored.currency) = ("belowMinimum", money.minorUnits, money.currency.code)
        case .aboveMaximum(let money):
            (stored.name, stored.amount, stored.currency) = ("aboveMaximum", money.minorUnits, money.currency.code)
        case .deliveryUnavailable(let id): (stored.name, stored.id) = ("deliveryUnavailable", id)
        case .outsideArea(let id): (stored.name, stored.id) = ("outsideArea", id)
        case .addressMissing: stored.name = "addressMissing"
        case .paymentUnavailable(let id): (stored.name, stored.id) = ("paymentUnavailable", id)
        case .changed, .unpaid: preconditionFailure("\(self) is no outcome of a key")
        case .tooLate(let status): (stored.name, stored.status) = ("tooLate", status.rawValue)
        case .notFound: stored.name = "notFound"
        }
        return json(stored)
    }

    /// Reads what `stored` wrote.
    init?(stored text: String) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)) else { return nil }
        let quantity = stored.quantity.map { Quantity(thousandths: $0) }
        let money: Money? =
            if let amount = stored.amount, let currency = stored.currency.flatMap(Currency.init) {
                Money(minorUnits: amount, currency: currency)
            } else { nil }
        switch (stored.name, stored.sku, quantity, money, stored.id) {
        case ("emptyCart", _, _, _, _): self = .emptyCart
        case ("addressMissing", _, _, _, _): self = .addressMissing
        case ("notFound", _, _, _, _): self = .notFound
        case ("unknownProduct", let sku?, _, _, _): self = .unknownProduct(sku: sku)
        case ("outOfStock", let sku?, let quantity?, _, _): self = .outOfStock(sku: sku, available: quantity)
        case ("tooMany", let sku?, let quantity?, _, _): self = .tooMany(sku: sku, maximum: quantity)
        case ("notAStep", let sku?, let quantity?, _, _): self = .notAStep(sku: sku, step: quantity)
        case ("modifierCount", let sku?, _, _, _):
            guard let group = stored.group, let min = stored.min, let max = stored.max else { return nil }
            self = .modifierCount(sku: sku, group: group, min: min, max: max)
        case ("modifierUnavailable", let sku?, _, _, let id?):
            guard let group = stored.group else { return nil }
            self = .modifierUnavailable(sku: sku, group: group, id: id)
        case ("belowMinimum", _, _, let money?, _): self = .belowMinimum(money)
        case ("aboveMaximum", _, _, let money?, _): self = .aboveMaximum(money)
        case ("deliveryUnavailable", _, _, _, let id?): self = .deliveryUnavailable(id: id)
        case ("outsideArea", _, _, _, let id?): self = .outsideArea(id: id)
        case ("paymentUnavailable", _, _, _, let id?): self = .paymentUnavailable(id: id)
        case ("tooLate", _, _, _, _):
            guard let status = stored.status.flatMap(OrderStatus.init) else { return nil }
            self = .tooLate(status)
        default: return nil
        }
    }
}
