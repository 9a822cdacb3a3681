// What goes into a statement and what comes out of a row: the types of SQLite that our tables use, as values.

/// One value of a statement or a row.
enum Value: Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    static func integer(_ value: Int) -> Value { .integer(Int64(value)) }
    static func text(orNull text: String?) -> Value { text.map(Value.text) ?? .null }
    static func blob(orNull bytes: [UInt8]?) -> Value { bytes.map(Value.blob) ?? .null }
    static func integer(orNull value: Int64?) -> Value { value.map(Value.integer) ?? .null }
}

/// One row of an answer, copied out: nothing of SQLite stays alive behind it.
///
/// The tables are STRICT and we wrote the statements, so another type than the one asked for means a damaged file.
struct Row {
    let path: String
    let values: [Value]

    func integer(_ column: Int) throws(StoreError) -> Int64 {
        guard let value = try optionalInteger(column) else { throw unexpected(column) }
        return value
    }

    func optionalInteger(_ column: Int) throws(StoreError) -> Int64? {
        switch values[column] {
        case .integer(let value): value
        case .null: nil
        default: throw unexpected(column)
        }
    }

    func text(_ column: Int) throws(StoreError) -> String {
        guard let value = try optionalText(column) else { throw unexpected(column) }
        return value
    }

    func optionalText(_ column: Int) throws(StoreError) -> String? {
        switch values[column] {
        case .text(let value): value
        case .null: nil
        default: throw unexpected(column)
        }
    }

    func blob(_ column: Int) throws(StoreError) -> [UInt8] {
        guard let value = try optionalBlob(column) else { throw unexpected(column) }
        return value
    }

    func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
        switch values[column] {
        case .blob(let value): value
        case .null: nil
        default: throw unexpected(column)
        }
    }

    /// What a column says does not make sense: the file was damaged or changed by other hands.
    func unexpected(_ column: Int) -> StoreError {
        .corrupt(path: path, reason: "column \(column) of a row holds something else than was written")
    }
}
