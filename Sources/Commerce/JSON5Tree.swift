// A JSON5 text as a loosely typed tree, so that every mistake in it can be found, not only the first.
// In: bytes. Out: the tree and the fields written twice, or the place where the text stops being JSON5.

internal import Foundation

/// Any JSON5 value. Numbers are exact decimals: JSONDecoder makes them from the text, not by way of floating point.
indirect enum JSON5Tree: Decodable {
    case null
    case flag(Bool)
    case number(Decimal)
    case text(String)
    case list([JSON5Tree])
    case object([String: JSON5Tree])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let fields = try? value.decode([String: JSON5Tree].self) {
            self = .object(fields)
        } else if let items = try? value.decode([JSON5Tree].self) {
            self = .list(items)
        } else if let number = try? value.decode(Decimal.self) {
            self = .number(number)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if value.decodeNil() {
            self = .null
        } else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "neither text, number nor list")
        }
    }

    /// Reads a whole text. The decoder on Linux does not say where it failed, so the scanner finds that; and the decoder
    /// ends the process on a name that is not UTF-8 (Swift 6.3, `BufferView._decodeScalar`) and has no depth limit of its
    /// own that suits a small stack, so such texts never reach it.
    static func read(_ bytes: [UInt8], mistakes: MistakeList) throws(ShopFileError) -> JSON5Tree {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        var scanner = JSON5Scanner(bytes)
        let fault = scanner.scan()
        guard fault?.isFatal != true, let tree = try? decoder.decode(JSON5Tree.self, from: Data(bytes)) else {
            throw .malformed(
                file: mistakes.file, line: fault?.line ?? 0, column: fault?.column ?? 0,
                reason: fault?.reason ?? "is not JSON5")
        }
        for doubled in scanner.doubledFields {
            mistakes.add(doubled.name, "is written twice in one object, again in line \(doubled.line)")
        }
        return tree
    }

    /// With its article, for a message.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
