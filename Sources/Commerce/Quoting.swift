// From a cart to the quote that is read back: everything that could keep the order from being placed is looked at here,
// once before the read-back and once more when it is placed.

public import Foundation

/// Every reason why there is no quote, in the order to talk about them: the goods, the sum, the way, the payment.
public struct Refusals: Error, Sendable, Hashable {
    /// At least one.
    public let reasons: [Refusal]

    /// Makes refusals; at least one.
    public init(reasons: [Refusal]) { self.reasons = reasons }
}

extension Shop {
    /// Makes the quote for a cart, or gives every reason against it.
    ///
    /// - Parameters:
    ///   - stock: what is left of each product that has moved since the import, by SKU; the others have what the catalogue says.
    ///   - delivery: a delivery method's identifier.
    ///   - address: as the caller said it; not looked at where the method needs none.
    ///   - payment: a payment method's identifier.
    ///   - now: hours are judged by it.
    public func quote(
        _ cart: Cart, catalog: Catalog, stock: [String: Quantity], delivery: String, address: String?, payment: String,
        at now: Date
    ) -> Result<Quote, Refusals> {
        if cart.lines.isEmpty { return .failure(Refusals(reasons: [.emptyCart])) }
        let (renewed, lineReasons) = examine(cart, catalog: catalog, stock: stock)
        var reasons = lineReasons
        let (lines, goods) = renewed.priced(catalog)
        let isPriced = lines.count == cart.lines.count
        if isPriced, let least = limits.minimumOrder, goods.minorUnits < least.minorUnits {
            reasons.append(.belowMinimum(least))
        }
        let method = deliveryMethod(delivery)
        let fee = method?.fee(for: goods) ?? .zero(currency)
        if isPriced, let most = limits.maximumOrder, (goods + fee).minorUnits > most.minorUnits {
            reasons.append(.aboveMaximum(most))
        }
        let place = address?.trimmed ?? ""
        if let method, isAvailable(method, at: now) {
            if method.needsAddress, !Self.isPlace(place) {
                reasons.append(.addressMissing)
            } else if method.needsAddress, !method.serves(place) {
                reasons.append(.outsideArea(id: delivery))
            }
        } else {
            reasons.append(.deliveryUnavailable(id: delivery))
        }
        if paymentMethod(payment) == nil || method?.takes(payment: payment) == false {
            reasons.append(.paymentUnavailable(id: payment))
        }
        guard reasons.isEmpty, let method else { return .failure(Refusals(reasons: reasons)) }
        return .success(
            Quote(
                lines: lines, goods: goods,
                fees: fee.minorUnits == 0 ? [] : [Fee(name: "delivery", amount: fee)], total: goods + fee,
                delivery: delivery, address: method.needsAddress ? place : nil, payment: payment))
    }

    /// Bytes of an address: no courier reads more, in any script.
    private static let longestPlace = 600

    /// Whether a courier could read it. Signs that turn or hide what stands beside them, or command a screen, are in no address.
    private static func isPlace(_ text: String) -> Bool {
        let hidden: [Unicode.GeneralCategory] = [
            .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
        ]
        return !text.isEmpty && text.utf8.count <= longestPlace
            && !text.unicodeScalars.contains { hidden.contains($0.properties.generalCategory) }
    }

    /// The same order quoted again: what was agreed holds only if it comes out alike.
    public func requote(
        _ quote: Quote, catalog: Catalog, stock: [String: Quantity], at now: Date
    ) -> Result<Quote, Refusals> {
        self.quote(
            Cart(lines: quote.lines.map(\.item)), catalog: catalog, stock: stock, delivery: quote.delivery,
            address: quote.address, payment: quote.payment, at: now)
    }

    /// Why the lines of a cart cannot be had: each line's reason in the cart's order, stock once for each product.
    public func refusals(of cart: Cart, catalog: Catalog, stock: [String: Quantity]) -> [Refusal] {
        examine(cart, catalog: catalog, stock: stock).reasons
    }

    /// The lines as the catalogue of now makes them (a cart may be older: a group may have got a default since) and the
    /// reasons against them.
    private func examine(
        _ cart: Cart, catalog: Catalog, stock: [String: Quantity]
    ) -> (renewed: Cart, reasons: [Refusal]) {
        var wanted: [String: Quantity] = [:]
        for line in cart.lines { wanted[line.sku] = (wanted[line.sku] ?? 0) + line.quantity }
        var reasons: [Refusal] = []
        var renewed: [LineItem] = []
        for line in cart.lines {
            let made = catalog.line(
                for: line.sku, quantity: line.quantity, modifiers: line.modifiers, without: line.without)
            switch made {
            case .failure(let reason): reasons.append(reason)
            case .success(let line):
                renewed.append(line)
                if let most = limits.maximumQuantity, line.quantity > most {
                    reasons.append(.tooMany(sku: line.sku, maximum: most))
                }
            }
            if let product = catalog.product(line.sku), let left = catalog.available(product, stock: stock),
                let want = wanted.removeValue(forKey: line.sku), want > left
            {
                reasons.append(.outOfStock(sku: line.sku, available: left))
            }
        }
        return (Cart(lines: renewed), reasons)
    }
}
