// What a caller said yes to, as bytes: cart, total, address and payment. Any change of them changes the bytes.

/// The bytes of a quote in canonical form: two quotes have the same digest exactly when cart, total, address and payment
/// are the same. Only a quote makes one.
public struct OrderDigest: Sendable, Hashable {
    /// The canonical form. First its version, then every field in the order of `Quote`, text and lists led by their length
    /// as eight bytes, highest first, so that no two quotes can run together into the same bytes.
    public let bytes: [UInt8]
}

extension Quote {
    /// The digest that a confirmation names.
    public var digest: OrderDigest {
        var writer = CanonicalWriter()
        writer.list(lines) { writer, line in
            writer.text(line.item.sku)
            writer.number(Int64(line.item.quantity.thousandths))
            writer.list(line.item.modifiers) { $0.modifier($1) }
            writer.list(line.item.without) { $0.modifier($1) }
            writer.text(line.title)
            writer.money(line.unitPrice)
            writer.money(line.total)
        }
        writer.money(goods)
        writer.list(fees) { writer, fee in
            writer.text(fee.name)
            writer.money(fee.amount)
        }
        writer.money(total)
        writer.text(delivery)
        writer.optional(address)
        writer.text(payment)
        return OrderDigest(bytes: writer.bytes)
    }
}

private struct CanonicalWriter {
    /// The version of the form: raised whenever a field is added, so that old digests never match new ones.
    private(set) var bytes: [UInt8] = [1]

    mutating func number(_ value: Int64) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func text(_ text: String) {
        number(Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func optional(_ text: String?) {
        bytes.append(text == nil ? 0 : 1)
        if let text { self.text(text) }
    }

    mutating func money(_ money: Money) {
        text(money.currency.code)
        number(money.minorUnits)
    }

    mutating func modifier(_ modifier: ChosenModifier) {
        text(modifier.group)
        text(modifier.id)
        optional(modifier.amount)
    }

    mutating func list<Item>(_ items: [Item], _ write: (inout CanonicalWriter, Item) -> Void) {
        number(Int64(items.count))
        for item in items { write(&self, item) }
    }
}
