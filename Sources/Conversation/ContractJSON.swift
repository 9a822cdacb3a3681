// The JSON of the public contract: acts, carts, orders, turns. Names and meanings here are promises to people's scripts.

public import Commerce
import Dialogue
import Language
public import Understanding

extension Act {
    /// `{"intent": …, "confidence": …, "items": […], "slots": {…}}`
    public var json: JSONText {
        .object([
            ("intent", .text(intent.rawValue)),
            ("confidence", .decimal(confidence, digits: 2)),
            ("items", .list(items.map(\.json))),
            ("slots", .object(Slot.allCases.compactMap { slot in slots[slot].map { (slot.rawValue, .text($0)) } })),
        ])
    }
}

extension ItemPhrase {
    /// `sku` is null where only modifiers were said or the name fits several products, which are `candidates` then.
    var json: JSONText {
        var fields: [(name: String, value: JSONText)] = [
            ("sku", .optional(sku)), ("quantity", .number((quantity ?? 1).decimal)),
            ("modifiers", .list(modifiers.map(\.json))), ("without", .list(without.map(\.json))),
        ]
        // Which of them is meant will be asked.
        if sku != nil, !unclear.isEmpty {
            fields.append(("unclear", .list(unclear.map { .list($0.map(\.json)) })))
        }
        if candidates.count > 1 { fields.append(("candidates", .list(candidates.map { .text($0) }))) }
        return .object(fields)
    }
}

extension ChosenModifier {
    var json: JSONText {
        var fields: [(name: String, value: JSONText)] = [("group", .text(group)), ("id", .text(id))]
        if let amount { fields.append(("amount", .text(amount))) }
        return .object(fields)
    }
}

extension PricedLine {
    var json: JSONText {
        let variant: [(name: String, value: JSONText)] = variant.map { [("variant", .text($0))] } ?? []
        return .object(
            [("sku", .text(item.sku))] + variant + [
                ("quantity", .number(item.quantity.decimal)), ("modifiers", .list(item.modifiers.map(\.json))),
                ("without", .list(item.without.map(\.json))), ("total", .text(total.decimal)),
            ])
    }
}

extension Order {
    /// `{"number": …, "status": …, "lines": […], "fees": […], "total": …, "payment": …, "waybill": …}`
    public var json: JSONText {
        .object([
            ("number", .text(number)), ("status", .text(status.rawValue)),
            ("lines", .list(quote.lines.map(\.json))),
            (
                "fees",
                .list(quote.fees.map { .object([("name", .text($0.name)), ("amount", .text($0.amount.decimal))]) })
            ),
            ("total", .text(quote.total.decimal)), ("currency", .text(quote.total.currency.code)),
            ("payment", .text(paymentStatus.rawValue)), ("waybill", .optional(waybill)),
        ])
    }
}

extension ToldOrder {
    /// The order; for who may know its status only, all else is null or empty.
    var json: JSONText {
        guard !isWhole else { return order.json }
        return .object([
            ("number", .text(number)), ("status", .text(status.rawValue)), ("lines", .list([])), ("fees", .list([])),
            ("total", .null), ("currency", .null), ("payment", .null), ("waybill", .null),
        ])
    }
}

extension TurnReport {
    /// The turn as `talk --json` and `call --json` print it.
    public var json: JSONText {
        var fields: [(name: String, value: JSONText)] = [
            ("turn", .count(turn)), ("heard", .optional(heard)),
            ("confidence", confidence.map { .decimal($0, digits: 2) } ?? .null), ("accepted", .flag(isAccepted)),
            ("acts", .list(acts.map(\.json))), ("reply", .text(reply?.text ?? "")), ("state", .text(state)),
            ("asking", .optional(asking)),
            (
                "cart",
                .object([
                    ("lines", .list(cart.map(\.json))), ("total", .text(cartTotal.decimal)),
                    ("currency", .text(cartTotal.currency.code)),
                ])
            ),
            ("order", order?.json ?? .null),
        ]
        if let timing {
            fields.append(
                (
                    "timing",
                    .object([
                        ("speechEnd", .decimal(timing.speechEnd, digits: 3)),
                        ("decided", .decimal(timing.decided, digits: 3)),
                        ("firstAudio", .decimal(timing.firstAudio, digits: 3)),
                    ])
                ))
        }
        return .object(fields)
    }
}
