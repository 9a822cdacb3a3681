// What is known of a customer from one call to the next, as far as the policy's rule for profiles lets it be kept:
// number, addresses that were confirmed with an order, the saved method's token, the cart that was broken off.

public import Commerce
public import Foundation
import Privacy

/// A customer, for the shop's people.
public struct StoredCustomer: Sendable, Hashable {
    /// E.164.
    public let phone: String
    /// Where orders went, the latest first.
    public let addresses: [String]
    /// Whether a method of payment is left with the gateway.
    public let hasSavedMethod: Bool
    /// How many orders there are.
    public let orders: Int
    /// What was bought most often at once, the latest where several were bought as often.
    public let usual: [LineItem]
    /// When the first order was placed, and the latest thing happened.
    public let since: Date
    /// When anything last changed.
    public let changedAt: Date
}

extension Store {
    /// Customers with a profile, the one who did something last first.
    public func customers(limit: Int) throws(StoreError) -> [StoredCustomer] {
        let rows = try database.run(
            "SELECT subject FROM profiles ORDER BY changed_at DESC, subject LIMIT ?", [.integer(limit)])
        var customers: [StoredCustomer] = []
        for row in rows {
            if let customer = try customer(subject: row.integer(0)) { customers.append(customer) }
        }
        return customers
    }

    /// The customer of a number; nil for one without a profile.
    public func customer(phone: String) throws(StoreError) -> StoredCustomer? {
        guard let subject = try vault.knownSubject(.customer(phone), in: &database) else { return nil }
        return try customer(subject: subject)
    }

    /// Whether a method of payment is left for this number.
    public func savedMethod(phone: String) throws(StoreError) -> SavedMethod? {
        guard let id = try vault.knownSubject(.customer(phone), in: &database),
            let subject = try vault.subject(id: id, in: &database)
        else { return nil }
        return try database.savedMethod(of: subject, vault: vault)
    }

    /// Keeps the gateway's token of a method; nil forgets it. False where the policy keeps no profiles.
    public func keep(method: SavedMethod?, phone: String, now: Date) throws(StoreError) -> Bool {
        try change(phone: phone, now: now) { (database: inout Database, subject, vault) throws(StoreError) in
            let sealed = method.map { vault.seal(json($0), for: subject, at: "profiles/method/\(subject.id)") }
            try database.run(
                "UPDATE profiles SET sealed_method = ? WHERE subject = ?",
                [.blob(orNull: sealed), .integer(subject.id)])
        }
    }

    /// Keeps a cart that is being filled, so that it can be gone on with after the conversation broke off; an empty one
    /// forgets it. False where the policy keeps no profiles.
    public func keep(cart: Cart, phone: String, now: Date) throws(StoreError) -> Bool {
        try change(phone: phone, now: now) { (database: inout Database, subject, vault) throws(StoreError) in
            let sealed =
                cart.lines.isEmpty
                ? nil
                : vault.seal(json(cart.lines.map(StoredLine.init)), for: subject, at: "profiles/cart/\(subject.id)")
            try database.run(
                "UPDATE profiles SET sealed_cart = ?, cart_at = ? WHERE subject = ?",
                [.blob(orNull: sealed), sealed == nil ? .null : .integer(now.seconds), .integer(subject.id)])
        }
    }

    /// The cart that was broken off by this number in the last three days.
    public func brokenOffCart(phone: String, now: Date) throws(StoreError) -> Cart? {
        guard let id = try vault.knownSubject(.customer(phone), in: &database) else { return nil }
        let rows = try database.run(
            "SELECT sealed_cart FROM profiles WHERE subject = ? AND cart_at BETWEEN ? AND ?",
            [.integer(id), .integer(now.seconds - 3 * 86_400), .integer(now.seconds)])
        let text = try vault.open(
            rows.first?.optionalBlob(0), for: vault.subject(id: id, in: &database), at: "profiles/cart/\(id)",
            in: database.path)
        guard let text, let lines = try? JSONDecoder().decode([StoredLine].self, from: Data(text.utf8)) else {
            return nil
        }
        return Cart(lines: lines.compactMap(\.item))
    }

    /// The cart that was broken off, and orders whose parcels went on since this number last heard of them.
    public func welcome(phone: String, now: Date) throws(StoreError) -> Welcome {
        guard let id = try vault.knownSubject(.customer(phone), in: &database) else { return Welcome() }
        let rows = try database.run(
            """
            SELECT number FROM orders JOIN parcels ON order_number = number
            WHERE subject = ? AND parcels.status IS NOT told_status AND parcels.status <> 'created'
                AND withdrawn = 0 AND parcels.changed_at > ?
            ORDER BY number DESC LIMIT 3
            """, [.integer(id), .integer(now.seconds - 30 * 86_400)])
        var news: [Order] = []
        for row in rows {
            if let found = try database.order(number: String(row.integer(0)), vault: vault) { news.append(found.order) }
            try database.run(
                "UPDATE parcels SET told_status = status WHERE order_number = ?", [.integer(row.integer(0))])
        }
        return Welcome(cart: try brokenOffCart(phone: phone, now: now), news: news)
    }

    func change(
        phone: String, now: Date, _ body: (inout Database, Subject, Vault) throws(StoreError) -> Void
    ) throws(StoreError) -> Bool {
        guard policy[.profile].form == .full else { return false }
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            let subject = try desk.vault.subject(.customer(phone), in: &database, now: now)
            try database.remember(phone, address: nil, subject: subject, desk: desk)
            try body(&database, subject, desk.vault)
        }
        return true
    }

    func customer(subject id: Int64) throws(StoreError) -> StoredCustomer? {
        let rows = try database.run(
            """
            SELECT sealed_phone, sealed_addresses, sealed_method, created_at, changed_at,
                (SELECT count(*) FROM orders WHERE orders.subject = profiles.subject)
            FROM profiles WHERE subject = ?
            """, [.integer(id)])
        let subject = try vault.subject(id: id, in: &database)
        guard let row = rows.first,
            let phone = try vault.open(row.blob(0), for: subject, at: "profiles/phone/\(id)", in: database.path)
        else { return nil }
        return StoredCustomer(
            phone: phone, addresses: try database.addresses(sealed: row.optionalBlob(1), subject, vault),
            hasSavedMethod: try row.optionalBlob(2) != nil, orders: Int(try row.integer(5)),
            usual: try usual(subject: id), since: Date(seconds: try row.integer(3)),
            changedAt: Date(seconds: try row.integer(4)))
    }

    /// Of the last twenty orders that were not given up.
    private func usual(subject: Int64) throws(StoreError) -> [LineItem] {
        let rows = try database.run(
            "SELECT number FROM orders WHERE subject = ? AND status <> 'cancelled' ORDER BY number DESC LIMIT 20",
            [.integer(subject)])
        var counts: [(lines: [LineItem], times: Int)] = []
        for row in rows {
            guard let found = try database.order(number: String(row.integer(0)), vault: vault) else { continue }
            let lines = found.order.quote.lines.map(\.item)
            if let index = counts.firstIndex(where: { Set($0.lines) == Set(lines) }) {
                counts[index].times += 1
            } else {
                counts.append((lines, 1))
            }
        }
        let most = counts.map(\.times).max()
        return counts.first { $0.times == most }?.lines ?? []
    }
}

extension Database {
    /// Writes down that a customer was here, and the address of an order.
    mutating func remember(
        _ phone: String, address: String?, subject: Subject, desk: Desk
    ) throws(StoreError) {
        guard desk.policy[.profile].form == .full else { return }
        let (vault, now) = (desk.vault, Value.integer(desk.now.seconds))
        let expiry = Value.integer(desk.expiry(.profile))
        let known = try run(
            "UPDATE profiles SET changed_at = ?, expires_at = ? WHERE subject = ? RETURNING sealed_addresses",
            [now, expiry, .integer(subject.id)])
        if known.isEmpty {
            try run(
                """
                INSERT INTO profiles (subject, sealed_phone, created_at, changed_at, expires_at) VALUES (?1, ?2, ?3, ?3, ?4)
                """,
                [
                    .integer(subject.id), .blob(vault.seal(phone, for: subject, at: "profiles/phone/\(subject.id)")),
                    now, expiry,
                ])
        }
        guard let address else { return }
        let earlier = try addresses(sealed: known.first?.optionalBlob(0), subject, vault)
        // A line for each: one that had lines itself would be several.
        let line = address.split(whereSeparator: \.isNewline).joined(separator: " ")
        if earlier.first == line { return }
        let latest = ([line] + earlier.filter { $0 != line }).prefix(5).joined(separator: "\n")
        try run(
            "UPDATE profiles SET sealed_addresses = ? WHERE subject = ?",
            [
                .blob(vault.seal(latest, for: subject, at: "profiles/addresses/\(subject.id)")), .integer(subject.id),
            ])
    }

    /// The token of the method that a customer left with the gateway.
    mutating func savedMethod(of subject: Subject, vault: Vault) throws(StoreError) -> SavedMethod? {
        let rows = try run("SELECT sealed_method FROM profiles WHERE subject = ?", [.integer(subject.id)])
        let text = try vault.open(
            rows.first?.optionalBlob(0), for: subject, at: "profiles/method/\(subject.id)", in: path)
        return text.flatMap { try? JSONDecoder().decode(SavedMethod.self, from: Data($0.utf8)) }
    }

    fileprivate mutating func addresses(
        sealed: [UInt8]?, _ subject: Subject?, _ vault: Vault
    ) throws(StoreError) -> [String] {
        let text = try vault.open(
            sealed, for: subject, at: "profiles/addresses/\(subject?.id ?? 0)", in: path)
        return text?.split(separator: "\n").map(String.init) ?? []
    }
}

/// A line of a cart as text.
private struct StoredLine: Codable {
    let sku: String
    let quantity: Int
    let modifiers: String

    init(_ line: LineItem) {
        (sku, quantity) = (line.sku, line.quantity.thousandths)
        modifiers = StoredModifiers.text(of: line)
    }

    var item: LineItem? {
        guard quantity > 0, let stored = StoredModifiers(text: modifiers) else { return nil }
        return LineItem(
            sku: sku, quantity: Quantity(thousandths: quantity), modifiers: stored.chosen, without: stored.left)
    }
}
