// Owns the database: opens it, holds the key that seals it and the shop that orders are checked against.
// In: calls from any task, served one after the other on a thread of its own. Out: values, once they are durable.
// What it does stands beside it by topic: orders, stock, conversations, outbox, sweep, erasing.

public import Commerce
public import Foundation
internal import Platform
public import Privacy
public import Sealing

/// Everything that is kept between calls, in one SQLite file. Several processes may have it open at once.
public actor Store {
    /// SQLite blocks while it waits for a lock or a disk, so it has a thread that nobody else needs.
    private let executor: PinnedExecutor
    /// The executor above.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    var database: Database
    var vault: Vault
    let policy: RetentionPolicy
    /// By how much the clock was ever set back, in seconds.
    var setBack: Int64
    /// What an order is checked against again when it is placed.
    var shop: ShopFront?
    /// `OrderDesk` carries no time; the composition says what time it is.
    nonisolated let clock: @Sendable () -> Date
    let secrets: SecretChecker
    /// What is bought together, as last counted.
    var countedPairs: CountedPairs?

    /// Opens or makes the database, on the calling thread, and brings it up to date.
    /// - Parameters:
    ///   - url: the file; its folder has to exist.
    ///   - masterKey: seals the keys of all customers; another one than the file was made with is refused.
    ///   - policy: decides what is written at all, and for how long.
    ///   - clock: the present time for orders and callbacks.
    ///   - secretCost: what it costs to try a PIN.
    public init(
        at url: URL, masterKey: MasterKey, policy: RetentionPolicy = .standard, clock: @escaping @Sendable () -> Date,
        secretCost: SecretHash.Cost = .standard
    ) throws(StoreError) {
        var database = try Database(path: url.path)
        try Schema.migrate(&database)
        let vault = try Vault(masterKey: masterKey, in: &database)
        let setBack = try RetentionClock(in: &database).setBack
        try database.takeKeys(Desk(vault: vault, policy: policy, now: clock(), setBack: setBack))
        self.setBack = setBack
        self.vault = vault
        self.database = database
        self.policy = policy
        self.clock = clock
        executor = PinnedExecutor(name: "store")
        secrets = SecretChecker(cost: secretCost)
    }

    /// What one act at `now` needs beside its own facts.
    func desk(_ now: Date) -> Desk { Desk(vault: vault, policy: policy, now: now, setBack: setBack) }

    /// The folder of the database.
    var folder: URL { URL(filePath: database.path).deletingLastPathComponent() }

    /// Takes up a shop. A count of the stock that this database has not seen yet begins to count now; a known one goes
    /// on.
    public func use(shop: Shop, catalog: Catalog, now: Date) throws(StoreError) {
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            try database.takeCount(of: catalog, always: false, desk: desk)
        }
        self.shop = ShopFront(shop: shop, catalog: catalog)
    }

    /// Takes up a catalogue that was just imported: its stock was counted at this moment, whatever was sold before.
    public func catalogImported(_ catalog: Catalog, now: Date) throws(StoreError) {
        let desk = desk(now)
        try database.transaction { (database: inout Database) throws(StoreError) in
            try database.takeCount(of: catalog, always: true, desk: desk)
        }
        if let shop { self.shop = ShopFront(shop: shop.shop, catalog: catalog) }
    }
}

/// A shop and its goods, handed on as one: they are large values.
final class ShopFront: Sendable {
    let shop: Shop
    let catalog: Catalog

    init(shop: Shop, catalog: Catalog) { (self.shop, self.catalog) = (shop, catalog) }
}

extension Date {
    /// Whole seconds since 1970, as all tables have them.
    var seconds: Int64 { Int64(timeIntervalSince1970.rounded(.down)) }
    init(seconds: Int64) { self.init(timeIntervalSince1970: Double(seconds)) }
}
