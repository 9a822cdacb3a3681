// The door to SQLite: owns one connection. Statements and values go in, rows come out, no C type leaves.

private import CSQLite
import Foundation

/// One connection, used by one thread at a time: the store's actor owns it.
///
/// `@safe`: the pointers live exactly as long as this value, which cannot be copied, and no statement is left half-way.
@safe struct Database: ~Copyable {
    let path: String
    private let handle: OpaquePointer
    /// Prepared once, kept: every statement text is a literal of this module, so there are a few dozen.
    private var statements: [String: OpaquePointer] = unsafe [:]
    /// Tests look at what is on the disk before each statement of a transaction, or throw there.
    var beforeStatement: ((String) throws(StoreError) -> Void)?

    /// Outcomes, wishes and errands are kept for so long at least, in seconds: somebody still has to hear of them.
    static let week: Int64 = 7 * 86_400

    /// How long a statement waits for another process, in milliseconds: longer than any of our transactions by far.
    static let patience: Int32 = 10_000

    /// Opens or makes the file. Nothing is written yet.
    init(path: String) throws(StoreError) {
        let opened = unsafe try Self.connect(to: path)
        self.path = path
        unsafe handle = opened
    }

    private static func connect(to path: String) throws(StoreError) -> OpaquePointer {
        // SQLite takes a file shorter than its header for an empty one and writes over it.
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0
        if (1..<100).contains(size) { throw .notOurs(path: path) }
        // SQLite would make it readable for everyone. Where this fails, SQLite says why.
        let made = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if made >= 0 { close(made) }
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let handle = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw error(code, reason: unsafe String(cString: sqlite3_errstr(code)), path: path)
        }
        unsafe sqlite3_busy_timeout(handle, patience)
        // Without permission to write SQLite opens the file for reading, without a word.
        if unsafe sqlite3_db_readonly(handle, "main") == 1 {
            unsafe sqlite3_close_v2(handle)
            throw .readOnly(path: path)
        }
        return unsafe handle
    }

    deinit {
        while let statement = unsafe sqlite3_next_stmt(handle, nil) { unsafe sqlite3_finalize(statement) }
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs a statement to its end and gives all its rows.
    @discardableResult
    mutating func run(_ sql: String, _ values: [Value] = []) throws(StoreError) -> [Row] {
        try beforeStatement?(sql)
        let statement = unsafe try prepared(sql)
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        precondition(
            unsafe Int(sqlite3_bind_parameter_count(statement)) == values.count, "values for another statement: \(sql)")
        for (index, value) in values.enumerated() {
            try check(unsafe bind(value, at: Int32(index + 1), of: statement))
        }
        var rows: [Row] = []
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw failure(code) }
            let columns = unsafe sqlite3_data_count(statement)
            rows.append(Row(path: path, values: (0..<columns).map { unsafe column($0, of: statement) }))
        }
    }

    /// Rows that the last `INSERT`, `UPDATE` or `DELETE` changed.
    var changes: Int { unsafe Int(sqlite3_changes64(handle)) }

    /// The key of the last row that was inserted.
    var lastRowID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Everything in `body` or nothing of it. The write lock is taken at once: a reader that becomes a writer half-way
    /// could only fail.
    mutating func transaction<Result>(
        _ body: (inout Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try transaction(beginning: "BEGIN IMMEDIATE", body)
    }

    /// Lets `body` look at one moment of the database, whatever others write meanwhile.
    mutating func snapshot<Result>(
        _ body: (inout Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try transaction(beginning: "BEGIN", body)
    }

    private mutating func transaction<Result>(
        beginning: String, _ body: (inout Database) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try run(beginning)
        let result: Result
        do throws(StoreError) {
            result = try body(&self)
            try run("COMMIT")
        } catch {
            rollBack()
            throw error
        }
        return result
    }

    /// Turns the write-ahead log on and waits for every commit to reach the disk: an order that was answered for
    /// survives a power cut.
    mutating func makeDurable() throws(StoreError) {
        // SQLite does not wait here by itself where another process does the same at the same time.
        for attempt in 0... {
            do throws(StoreError) {
                try run("PRAGMA journal_mode = WAL")
                break
            } catch {
                guard error.retryHelps, attempt < 200 else { throw error }
                sqlite3_sleep(20)
            }
        }
        try run("PRAGMA synchronous = FULL")
        try run("PRAGMA foreign_keys = ON")
        // What is deleted is overwritten, so that erasing leaves nothing in free pages.
        try run("PRAGMA secure_delete = ON")
        // What a statement has to put aside stays in memory.
        try run("PRAGMA temp_store = MEMORY")
    }

    // MARK: - Settings of the database itself

    /// A value that is kept under a name.
    mutating func setting(_ name: String) throws(StoreError) -> [UInt8]? {
        try run("SELECT value FROM settings WHERE name = ?", [.text(name)]).first?.blob(0)
    }

    /// Keeps a value under a name; nil forgets it.
    mutating func set(_ name: String, _ value: [UInt8]?) throws(StoreError) {
        guard let value else {
            try run("DELETE FROM settings WHERE name = ?", [.text(name)])
            return
        }
        try run(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            [.text(name), .blob(value)])
    }

    // MARK: - Inside

    private mutating func prepared(_ sql: String) throws(StoreError) -> OpaquePointer {
        if let statement = unsafe statements[sql] { return unsafe statement }
        var statement: OpaquePointer?
        try check(unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement = unsafe statement else { preconditionFailure("an empty statement") }
        unsafe statements[sql] = statement
        return unsafe statement
    }

    private func bind(_ value: Value, at index: Int32, of statement: OpaquePointer) -> Int32 {
        // SQLITE_TRANSIENT, which C spells as a cast of -1: SQLite copies the bytes before it returns.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch value {
        case .null: unsafe sqlite3_bind_null(statement, index)
        case .integer(let number): unsafe sqlite3_bind_int64(statement, index, number)
        case .text(let text): unsafe sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copied)
        case .blob(let blob):
            // An empty array has no address, and no address would be NULL.
            blob.isEmpty
                ? unsafe sqlite3_bind_zeroblob(statement, index, 0)
                : unsafe sqlite3_bind_blob(statement, index, blob, Int32(blob.count), copied)
        }
    }

    private func column(_ index: Int32, of statement: OpaquePointer) -> Value {
        let count = unsafe Int(sqlite3_column_bytes(statement, index))
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, index))
        case SQLITE_TEXT:
            guard let bytes = unsafe sqlite3_column_text(statement, index) else { return .text("") }
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let bytes = unsafe sqlite3_column_blob(statement, index) else { return .blob([]) }
            return .blob(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: return .null
        }
    }

    private func rollBack() {
        // A full disk ends the transaction by itself.
        if unsafe sqlite3_get_autocommit(handle) == 0 { unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }

    private func check(_ code: Int32) throws(StoreError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> StoreError {
        Self.error(code, reason: unsafe String(cString: sqlite3_errmsg(handle)), path: path)
    }

    private static func error(_ code: Int32, reason: String, path: String) -> StoreError {
        switch code & 0xFF {
        case SQLITE_CANTOPEN, SQLITE_PERM: .cannotOpen(path: path, reason: reason)
        case SQLITE_READONLY: .readOnly(path: path)
        case SQLITE_FULL: .diskFull(path: path)
        case SQLITE_BUSY, SQLITE_LOCKED: .locked(path: path)
        case SQLITE_CORRUPT: .corrupt(path: path, reason: reason)
        case SQLITE_NOTADB: .notOurs(path: path)
        default: .failed(path: path, code: Int(code), reason: reason)
        }
    }
}
