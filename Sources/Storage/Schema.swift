// The shape of the database and how an older one becomes the present one. Migrations only ever get added.

/// The tables. Amounts are minor units, quantities thousandths, times seconds since 1970; every column named `sealed_…`
/// is personal and encrypted under its subject's key, so that destroying one key erases one person.
enum Schema {
    /// What `PRAGMA application_id` says of our files: "rozm".
    static let applicationID: Int64 = 0x726F_7A6D
    static var version: Int { migrations.count }

    /// Brings the file up to date. Two processes that start at once migrate once: the second one waits, looks again and
    /// finds it done.
    static func migrate(_ database: inout Database) throws(StoreError) {
        let found = try checkedVersion(&database)
        try database.makeDurable()
        guard found < version else { return }
        try database.transaction { (database: inout Database) throws(StoreError) in
            for (index, statements) in migrations.enumerated() where try index >= checkedVersion(&database) {
                for statement in statements { try database.run(statement) }
                try database.run(versionStatement(index + 1))
            }
        }
    }

    /// The version of a file that is ours or empty; looks only, so that a file of someone else stays untouched.
    private static func checkedVersion(_ database: inout Database) throws(StoreError) -> Int {
        let found = try Int(number("PRAGMA user_version", in: &database))
        let owner = try number("PRAGMA application_id", in: &database)
        let tables = try number("SELECT count(*) FROM sqlite_schema", in: &database)
        guard owner == applicationID || (found == 0 && owner == 0 && tables == 0) else {
            throw .notOurs(path: database.path)
        }
        guard found <= version else { throw .newerVersion(path: database.path, found: found, known: version) }
        return found
    }

    private static func number(_ sql: String, in database: inout Database) throws(StoreError) -> Int64 {
        guard let row = try database.run(sql).first else { preconditionFailure("\(sql) answers with a row") }
        return try row.integer(0)
    }

    private static func versionStatement(_ version: Int) -> String { "PRAGMA user_version = \(version)" }

    private static let migrations: [[String]] = [first, second, third, fourth, fifth, sixth, seventh, eighth, ninth]

    private static let statuses = "'placed', 'packed', 'handed_over', 'delivered', 'cancelled', 'returned'"
    private static let payments = "'on_delivery', 'pending', 'authorized', 'paid', 'failed', 'refunded'"

    private static let first = [
        "PRAGMA application_id = \(applicationID)",
        // `key_fingerprint` proves that the key file is the right one before anything is written under another.
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
        // A customer (handle: keyed hash of the number) or the unknown caller of one conversation (keyed hash of its
        // identifier).
        """
        CREATE TABLE subjects (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            handle BLOB UNIQUE,
            wrapped_key BLOB,
            created_at INTEGER NOT NULL,
            erased_at INTEGER,
            CHECK ((handle IS NULL) = (erased_at IS NOT NULL) AND (wrapped_key IS NULL) = (erased_at IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            line TEXT NOT NULL,
            subject INTEGER NOT NULL REFERENCES subjects (id),
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX conversations_of_subject ON conversations (subject)",
        """
        CREATE TABLE turns (
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            turn INTEGER NOT NULL CHECK (turn >= 0),
            at INTEGER NOT NULL,
            accepted INTEGER CHECK (accepted IN (0, 1)),
            intents TEXT,
            sealed_transcript BLOB,
            transcript_expires_at INTEGER,
            sealed_acts BLOB,
            acts_expires_at INTEGER,
            PRIMARY KEY (conversation, turn)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE recordings (
            path TEXT PRIMARY KEY,
            conversation TEXT NOT NULL REFERENCES conversations (id),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX recordings_of_conversation ON recordings (conversation)",
        // AUTOINCREMENT: a number is never given twice, not even after an old order has expired.
        """
        CREATE TABLE orders (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            request_key TEXT NOT NULL UNIQUE,
            sealed_digest BLOB,
            subject INTEGER NOT NULL REFERENCES subjects (id),
            conversation TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN (\(statuses))),
            payment_status TEXT NOT NULL CHECK (payment_status IN (\(payments))),
            delivery TEXT NOT NULL,
            payment TEXT NOT NULL,
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            goods INTEGER NOT NULL CHECK (goods >= 0),
            total INTEGER NOT NULL CHECK (total >= 0),
            sealed_address BLOB,
            sealed_phone BLOB,
            waybill TEXT,
            placed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('orders', 1000)",
        "CREATE INDEX orders_of_subject ON orders (subject)",
        """
        CREATE TABLE order_lines (
            order_number INTEGER NOT NULL REFERENCES orders (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            sku TEXT NOT NULL,
            title TEXT NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity > 0),
            modifiers TEXT NOT NULL,
            unit_price INTEGER NOT NULL,
            total INTEGER NOT NULL,
            PRIMARY KEY (order_number, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE order_fees (
            order_number INTEGER NOT NULL REFERENCES orders (number) ON DELETE CASCADE,
            position INTEGER NOT NULL CHECK (position >= 0),
            name TEXT NOT NULL,
            amount INTEGER NOT NULL,
            PRIMARY KEY (order_number, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE order_events (
            id INTEGER PRIMARY KEY,
            order_number INTEGER NOT NULL REFERENCES orders (number) ON DELETE CASCADE,
            status TEXT NOT NULL CHECK (status IN (\(statuses))),
            at INTEGER NOT NULL,
            by TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX events_of_order ON order_events (order_number)",
        // The first outcome of a key: an order, or why there is none.
        """
        CREATE TABLE requests (
            key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64),
            order_number INTEGER UNIQUE REFERENCES orders (number) ON DELETE CASCADE,
            refusal TEXT,
            at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            CHECK ((order_number IS NULL) <> (refusal IS NULL))
        ) STRICT, WITHOUT ROWID
        """,
        // Each count of the stock, as a catalogue brought it.
        """
        CREATE TABLE stock_counts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            digest BLOB NOT NULL,
            at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX counts_by_digest ON stock_counts (digest)",
        // The present count and the sum of what moved since. The last CHECK is the promise that nothing is sold twice.
        """
        CREATE TABLE stock (
            sku TEXT PRIMARY KEY,
            count_id INTEGER NOT NULL REFERENCES stock_counts (id),
            counted INTEGER NOT NULL CHECK (counted >= 0),
            moved INTEGER NOT NULL DEFAULT 0,
            CHECK (counted + moved >= 0)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE stock_movements (
            order_number INTEGER NOT NULL REFERENCES orders (number) ON DELETE CASCADE,
            sku TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason IN ('sold', 'cancelled')),
            count_id INTEGER NOT NULL REFERENCES stock_counts (id),
            quantity INTEGER NOT NULL CHECK (quantity <> 0),
            at INTEGER NOT NULL,
            PRIMARY KEY (order_number, sku, reason)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE callbacks (
            key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64),
            subject INTEGER NOT NULL REFERENCES subjects (id),
            sealed_phone BLOB,
            conversation TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX callbacks_of_subject ON callbacks (subject)",
        // What the outside is to learn, written with the act that it tells of, taken from here until it has arrived.
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            subject INTEGER NOT NULL REFERENCES subjects (id),
            order_number INTEGER REFERENCES orders (number) ON DELETE CASCADE,
            sealed_payload BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            delivered_at INTEGER,
            expires_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX outbox_of_subject ON outbox (subject)",
        "CREATE INDEX outbox_of_order ON outbox (order_number)",
        "CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL",
    ]
    /// Payments, parcels, and what makes of the outbox a book of errands.
    private static let second = [
        "ALTER TABLE orders ADD COLUMN carrier TEXT",
        // Of older orders nobody knows whether the number was only said.
        "ALTER TABLE orders ADD COLUMN phone_trusted INTEGER NOT NULL DEFAULT 0 CHECK (phone_trusted IN (0, 1))",
        // Orders of this count have been removed, and their movements with them: its sum cannot be checked any more.
        "ALTER TABLE stock_counts ADD COLUMN swept INTEGER NOT NULL DEFAULT 0",
        // `wanted`: the gateway may not know of it; `unclear`: nobody knows whether it does.
        """
        CREATE TABLE payments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            order_number INTEGER NOT NULL REFERENCES orders (number) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('charge', 'link', 'refund')),
            amount INTEGER NOT NULL CHECK (amount > 0),
            currency TEXT NOT NULL CHECK (length(currency) = 3),
            state TEXT NOT NULL CHECK (state IN ('wanted', 'waiting', 'authorized', 'paid', 'declined', 'over', 'unclear')),
            reference TEXT,
            refund_of INTEGER REFERENCES payments (id),
            reason TEXT,
            by TEXT NOT NULL,
            expires_at INTEGER,
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            CHECK ((kind = 'refund') = (refund_of IS NOT NULL))
        ) STRICT
        """,
        "CREATE INDEX payments_of_order ON payments (order_number)",
        // The promise that no order is paid twice.
        """
        CREATE UNIQUE INDEX one_payment_of_order ON payments (order_number)
        WHERE kind <> 'refund' AND state IN ('wanted', 'waiting', 'authorized', 'paid', 'unclear')
        """,
        """
        CREATE TABLE parcels (
            order_number INTEGER PRIMARY KEY REFERENCES orders (number) ON DELETE CASCADE,
            carrier TEXT NOT NULL,
            waybill TEXT UNIQUE,
            status TEXT,
            told_status TEXT,
            changes INTEGER NOT NULL DEFAULT 0,
            withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'event'
            CHECK (channel IN ('event', 'message', 'payment', 'parcel'))
        """,
        "ALTER TABLE outbox ADD COLUMN payment INTEGER REFERENCES payments (id) ON DELETE CASCADE",
        "ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN first_at INTEGER",
        "ALTER TABLE outbox ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN dead_at INTEGER",
        "ALTER TABLE outbox ADD COLUMN error TEXT",
        "DROP INDEX outbox_waiting",
        "CREATE INDEX outbox_open ON outbox (channel, id) WHERE delivered_at IS NULL AND dead_at IS NULL",
        """
        CREATE INDEX outbox_open_of_subject ON outbox (subject, channel, id)
        WHERE delivered_at IS NULL AND dead_at IS NULL
        """,
        "CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL",
        "CREATE INDEX outbox_of_payment ON outbox (payment)",
        // What is known of a customer from one call to the next. Their cart is the one that was broken off.
        """
        CREATE TABLE profiles (
            subject INTEGER PRIMARY KEY REFERENCES subjects (id) ON DELETE CASCADE,
            sealed_phone BLOB NOT NULL,
            sealed_addresses BLOB,
            sealed_method BLOB,
            sealed_cart BLOB,
            cart_at INTEGER,
            setup_reference TEXT,
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT
        """,
    ]

    /// What came of each conversation.
    private static let third = [
        """
        CREATE TABLE outcomes (
            conversation TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
            result TEXT NOT NULL CHECK (result IN ('order', 'handed_over', 'answered', 'abandoned')),
            step TEXT,
            reason TEXT,
            turns INTEGER NOT NULL,
            reprompts INTEGER NOT NULL,
            variant INTEGER NOT NULL,
            orders INTEGER NOT NULL,
            value INTEGER NOT NULL,
            currency TEXT
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// What is needed to forget: recordings under keys of their own, expiry that is found without looking at every row.
    private static let fourth = [
        "ALTER TABLE conversations ADD COLUMN language TEXT NOT NULL DEFAULT ''",
        // The caller wanted neither voice nor words of this call kept.
        "ALTER TABLE conversations ADD COLUMN refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1))",
        // A number that was only said makes nobody a customer, but whoever has it can be erased.
        "ALTER TABLE orders ADD COLUMN said_handle BLOB",
        // Of an order whose customer was erased while it was on its way.
        "ALTER TABLE orders ADD COLUMN forget_when_done INTEGER NOT NULL DEFAULT 0 CHECK (forget_when_done IN (0, 1))",
        "CREATE INDEX orders_said ON orders (said_handle) WHERE said_handle IS NOT NULL",
        "CREATE INDEX orders_done ON orders (expires_at) WHERE status IN ('delivered', 'cancelled', 'returned')",
        """
        CREATE INDEX orders_sealed ON orders (number)
        WHERE status IN ('delivered', 'cancelled', 'returned') AND sealed_digest IS NOT NULL
        """,
        "CREATE INDEX orders_to_forget ON orders (number) WHERE forget_when_done = 1",
        "CREATE INDEX conversations_expiring ON conversations (expires_at)",
        "CREATE INDEX transcripts_expiring ON turns (transcript_expires_at) WHERE transcript_expires_at IS NOT NULL",
        "CREATE INDEX acts_expiring ON turns (acts_expires_at) WHERE acts_expires_at IS NOT NULL",
        "CREATE INDEX outbox_expiring ON outbox (expires_at)",
        "CREATE INDEX refusals_expiring ON requests (expires_at) WHERE order_number IS NULL",
        // Nothing was ever recorded into the first table of this name.
        "DROP TABLE recordings",
        // A file in the folder `recordings` that has no row here is removed; without its row nobody can play it.
        """
        CREATE TABLE recordings (
            file TEXT PRIMARY KEY,
            conversation TEXT NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
            sealed_key BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX recordings_expiring ON recordings (expires_at)",
    ]

    /// How often something was recommended in a conversation, and how much of it was taken.
    private static let sixth = [
        "ALTER TABLE outcomes ADD COLUMN recommended INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outcomes ADD COLUMN taken INTEGER NOT NULL DEFAULT 0",
    ]

    /// Of several receivers of events the one that a row is for.
    private static let eighth = ["ALTER TABLE outbox ADD COLUMN receiver TEXT"]

    /// What the maker calls what was bought.
    private static let ninth = ["ALTER TABLE order_lines ADD COLUMN variant TEXT"]
}
