// JSON with its fields in the order given: what programs of the shop's people read, and what is told to other systems. Written by
// bytes: an order is told of with every order, and Foundation's encoder took a third of its time.

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
    /// JSON that was written before, as it is.
    case written(String)
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

    /// One line of JSON, easy on the eye.
    public var line: String { written(between: ", ", behindNames: ": ") }

    /// The same without a space.
    public var compact: String { written(between: ",", behindNames: ":") }

    private func written(between: StaticString, behindNames: StaticString) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        write(to: &bytes, Array("\(between)".utf8), Array("\(behindNames)".utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], _ between: [UInt8], _ behindNames: [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let text), .written(let text): bytes += text.utf8
        case .text(let text): Self.quote(text, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes += between }
                value.write(to: &bytes, between, behindNames)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes += between }
                Self.quote(field.name, to: &bytes)
                bytes += behindNames
                field.value.write(to: &bytes, between, behindNames)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Bytes that JSON, a terminal or JavaScript would take for something else: quotes, controls, and the first byte of U+2028.
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xE2
    }

    private static func quote(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: isSpecial) {
            for scalar in text.unicodeScalars { escape(scalar, to: &bytes) }
        } else {
            bytes += text.utf8
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes += #"\""#.utf8
        case "\\": bytes += #"\\"#.utf8
        case "\n": bytes += #"\n"#.utf8
        case "\r": bytes += #"\r"#.utf8
        case "\t": bytes += #"\t"#.utf8
        case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0x7F:
            let hex = String(scalar.value, radix: 16)
            bytes += (#"\u"# + String(repeating: "0", count: 4 - hex.count) + hex).utf8
        default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }

    /// Compares by what would be written.
    public static func == (left: JSONText, right: JSONText) -> Bool { left.line == right.line }
}
