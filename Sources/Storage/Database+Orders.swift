// Orders as rows: written whole, read whole, moved from status to status. Called inside a transaction.

import Commerce
import Foundation
import Privacy

/// An order as the tables have it.
struct OrderRow {
    let number: Int64
    let subject: Int64
    let conversation: String
    let placedAt: Date
    let phone: String?
    let carrier: String?
    var order: Order

    /// The same conversation, or the same trusted number.
    func isOwned(
        by phone: String?, conversation: String, vault: Vault, in database: inout Database
    ) throws(StoreError) -> Bool {
        if conversation == self.conversation { return true }
        guard let phone else { return false }
        return try vault.knownSubject(.customer(phone), in: &database) == subject
    }
}

extension Database {
    /// The outcome that a key has had.
    mutating func outcome(of key: RequestKey, vault: Vault) throws(StoreError) -> OrderOutcome? {
        let rows = try run("SELECT order_number, refusal FROM requests WHERE key = ?", [.text(key.value)])
        guard let row = rows.first else { return nil }
        if let number = try row.optionalInteger(0) {
            guard let order = try order(number: String(number), vault: vault)?.order else { throw row.unexpected(0) }
            return .success(order)
        }
        guard let refusal = Refusal(stored: try row.text(1)) else { throw row.unexpected(1) }
        return .failure(refusal)
    }

    /// Keeps a refusal as the outcome of its key, for as long as somebody may still ask under it.
    mutating func note(_ refusal: Refusal, of key: RequestKey, desk: Desk) throws(StoreError) {
        try run(
            "INSERT INTO requests (key, refusal, at, expires_at) VALUES (?, ?, ?, ?)",
            [
                .text(key.value), .text(refusal.stored), .integer(desk.now.seconds),
                .integer(desk.now.seconds + desk.setBack + Self.week),
            ])
    }

    /// Writes an order with everything that belongs to it.
    mutating func write(_ request: OrderRequest, carrier: String?, desk: Desk) throws(StoreError) -> Order {
        let (vault, now) = (desk.vault, desk.now)
        let quote = request.quote
        // A number that was only said may be somebody else's: it is written down, but makes nobody a customer.
        let customer = request.isPhoneTrusted ? request.phone : nil
        let subject = try vault.subject(
            customer.map(Party.customer) ?? .conversation(request.conversation), in: &self, now: now)
        // The bytes of a digest hold the address, so they are sealed like it.
        let digest = vault.seal(quote.digest.bytes, for: subject, at: "orders/digest/\(request.key.value)")
        let seal = { (text: String?, column: String) -> Value in
            text.map { .blob(vault.seal($0, for: subject, at: "orders/\(column)/\(request.key.value)")) } ?? .null
        }
        // Paid to the courier or at the counter: nothing is to be waited for.
        let isPaidThere = ["on_delivery", "counter"].contains(quote.payment)
        let isFree = quote.total.minorUnits == 0
        let paymentStatus: PaymentStatus = isPaidThere ? .onDelivery : isFree ? .paid : .pending
        try run(
            """
            INSERT INTO orders (request_key, sealed_digest, subject, conversation, status, payment_status, delivery, payment,
                currency, goods, total, sealed_address, sealed_phone, phone_trusted, said_handle, carrier, placed_at,
                expires_at)
            VALUES (?, ?, ?, ?, 'placed', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(request.key.value), .blob(digest),
                .integer(subject.id),
                .text(request.conversation), .text(paymentStatus.rawValue), .text(quote.delivery), .text(quote.payment),
                .text(quote.total.currency.code), .integer(quote.goods.minorUnits), .integer(quote.total.minorUnits),
                seal(quote.address, "address"), seal(request.phone, "phone"), .integer(request.isPhoneTrusted ? 1 : 0),
                .blob(orNull: customer == nil ? request.phone.map(vault.saidHandle) : nil), .text(orNull: carrier),
                .integer(now.seconds), .integer(desk.expiry(.order)),
            ])
        let number = lastRowID
        for (position, line) in quote.lines.enumerated() {
            try run(
                """
                INSERT INTO order_lines (order_number, position, sku, title, quantity, modifiers, unit_price, total, variant)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(number), .integer(position), .text(line.item.sku), .text(line.title),
                    .integer(line.item.quantity.thousandths), .text(StoredModifiers.text(of: line.item)),
                    .integer(line.unitPrice.minorUnits), .integer(line.total.minorUnits), .text(orNull: line.variant),
                ])
        }
        for (position, fee) in quote.fees.enumerated() {
            try run(
                "INSERT INTO order_fees (order_number, position, name, amount) VALUES (?, ?, ?, ?)",
                [.integer(number), .integer(position), .text(fee.name), .integer(fee.amount.minorUnits)])
        }
        try sell(quote.lines, order: number, now: now)
        try run(
            "INSERT INTO requests (key, order_number, at, expires_at) VALUES (?, ?, ?, ?)",
            [
                .text(request.key.value), .integer(number), .integer(now.seconds), .integer(desk.expiry(.order)),
            ])
        try addStatus(.placed, of: number, by: "caller", now: now)
        let order = Order(
            number: String(number), status: .placed, paymentStatus: paymentStatus, quote: quote, waybill: nil,
            isLinkSent: paymentStatus == .pending && quote.payment == "link")
        try post(.order(order, .placed, phone: request.phone), to: subject, order: number, desk: desk)
        if paymentStatus == .pending {
            try ask(
                quote.payment == PaymentMethod.saved ? .charge : .link, quote.total, key: "\(request.key.value)/pay",
                order: number,
                subject: subject.id, by: "caller", desk: desk)
        }
        if let customer { try remember(customer, address: quote.address, subject: subject, desk: desk) }
        return order
    }

    /// Moves an order to a status that its present one leads to, with all that follows from it.
    mutating func move(
        _ found: OrderRow, to status: OrderStatus, by: String, desk: Desk
    ) throws(StoreError) -> OrderOutcome {
        var order = found.order
        if order.status == status { return .success(order) }
        if let refusal = order.refusal(toMove: status) { return .failure(refusal) }
        order.status = status
        try run(
            "UPDATE orders SET status = ? WHERE number = ?", [.text(status.rawValue), .integer(found.number)])
        try addStatus(status, of: found.number, by: by, now: desk.now)
        // Of an erased customer there is nothing to tell.
        if let subject = try desk.vault.subject(id: found.subject, in: &self) {
            try post(.order(order, status, phone: found.phone), to: subject, order: found.number, desk: desk)
        }
        if status == .packed {
            try capture(found, desk: desk)
            try askForParcel(found, desk: desk)
        }
        if status == .cancelled {
            try putBack(order: found.number, now: desk.now)
            try giveBack(found, by: by, desk: desk)
            try withdraw(found, desk: desk)
        }
        return .success(order)
    }

    private mutating func addStatus(
        _ status: OrderStatus, of number: Int64, by: String, now: Date
    ) throws(StoreError) {
        try run(
            "INSERT INTO order_events (order_number, status, at, by) VALUES (?, ?, ?, ?)",
            [.integer(number), .text(status.rawValue), .integer(now.seconds), .text(by)])
    }

    /// The order of a number as a caller says it; nil for one that does not exist and for what is no number.
    mutating func order(number text: String, vault: Vault) throws(StoreError) -> OrderRow? {
        guard let number = Int64(text), String(number) == text else { return nil }
        let rows = try run(
            """
            SELECT subject, conversation, status, payment_status, delivery, payment, currency, goods, total,
                sealed_address, sealed_phone, waybill, placed_at, request_key, carrier,
                (SELECT status FROM parcels WHERE order_number = number),
                (SELECT reason FROM payments WHERE order_number = number AND kind <> 'refund' ORDER BY id DESC LIMIT 1),
                EXISTS (SELECT 1 FROM payments WHERE order_number = number AND kind = 'link'
                    AND state IN ('wanted', 'waiting'))
            FROM orders WHERE number = ?
            """, [.integer(number)])
        guard let row = rows.first else { return nil }
        guard let status = OrderStatus(rawValue: try row.text(2)) else { throw row.unexpected(2) }
        guard let paymentStatus = PaymentStatus(rawValue: try row.text(3)) else { throw row.unexpected(3) }
        guard let currency = Currency(code: try row.text(6)) else { throw row.unexpected(6) }
        let key = try row.text(13)
        let subject = try vault.subject(id: row.integer(0), in: &self)
        let quote = Quote(
            lines: try lines(of: number, currency: currency),
            goods: Money(minorUnits: try row.integer(7), currency: currency),
            fees: try fees(of: number, currency: currency),
            total: Money(minorUnits: try row.integer(8), currency: currency), delivery: try row.text(4),
            address: try vault.open(row.optionalBlob(9), for: subject, at: "orders/address/\(key)", in: path),
            payment: try row.text(5))
        return OrderRow(
            number: number, subject: try row.integer(0), conversation: try row.text(1),
            placedAt: Date(seconds: try row.integer(12)),
            phone: try vault.open(row.optionalBlob(10), for: subject, at: "orders/phone/\(key)", in: path),
            carrier: try row.optionalText(14),
            order: Order(
                number: text, status: status, paymentStatus: paymentStatus, quote: quote,
                waybill: try row.optionalText(11), parcel: try row.optionalText(15).flatMap(ParcelStatus.init),
                decline: try row.optionalText(16).flatMap(Decline.init), isLinkSent: try row.integer(17) == 1))
    }

    private mutating func lines(of number: Int64, currency: Currency) throws(StoreError) -> [PricedLine] {
        let rows = try run(
            """
            SELECT sku, title, quantity, modifiers, unit_price, total, variant FROM order_lines
            WHERE order_number = ? ORDER BY position
            """, [.integer(number)])
        var lines: [PricedLine] = []
        for row in rows {
            guard let modifiers = StoredModifiers(text: try row.text(3)) else { throw row.unexpected(3) }
            lines.append(
                PricedLine(
                    item: LineItem(
                        sku: try row.text(0), quantity: Quantity(thousandths: Int(try row.integer(2))),
                        modifiers: modifiers.chosen, without: modifiers.left),
                    title: try row.text(1), unitPrice: Money(minorUnits: try row.integer(4), currency: currency),
                    total: Money(minorUnits: try row.integer(5), currency: currency), variant: try row.optionalText(6)))
        }
        return lines
    }

    private mutating func fees(of number: Int64, currency: Currency) throws(StoreError) -> [Fee] {
        let rows = try run(
            "SELECT name, amount FROM order_fees WHERE order_number = ? ORDER BY position", [.integer(number)])
        var fees: [Fee] = []
        for row in rows {
            fees.append(
                Fee(name: try row.text(0), amount: Money(minorUnits: try row.integer(1), currency: currency)))
        }
        return fees
    }
}
