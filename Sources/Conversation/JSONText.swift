// JSON with its fields in the order given, one line: what programs of the shop's people read.

/// A value to be written as JSON.
public enum JSONText: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case flag(Bool)
    /// A number, as the plain decimal it is written with.
    case number(String)
    /// Text, escaped where JSON needs it.
    case text(String)
    /// A list.
    case list([JSONText])
    /// An object, its fields in this order.
    case object([(name: String, value: JSONText)])

    /// A whole number.
    public static func count(_ number: Int) -> JSONText { .number(String(number)) }

    /// A number with at most `digits` digits behind the point.
    public static func decimal(_ number: Double, digits: Int) -> JSONText {
        guard number.isFinite else { return .null }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        return .number("\((number * scale).rounded() / scale)")
    }

    /// The text, or `null`.
    public static func optional(_ text: String?) -> JSONText { text.map { .text($0) } ?? .null }

    /// One line of JSON.
    public var line: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .flag(let flag): out += flag ? "true" : "false"
        case .number(let number): out += number
        case .text(let text): Self.quote(text, to: &out)
        case .list(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += ", " }
                value.write(to: &out)
            }
            out += "]"
        case .object(let fields):
            out += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { out += ", " }
                Self.quote(field.name, to: &out)
                out += ": "
                field.value.write(to: &out)
            }
            out += "}"
        }
    }

    private static func quote(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _
            where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }

    /// Compares by what would be written.
    public static func == (left: JSONText, right: JSONText) -> Bool { left.line == right.line }
}
