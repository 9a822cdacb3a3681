// Somebody else's JSON, read with suspicion: what is not there or of another type is nil, and numbers may be texts.

import Foundation

/// A value of an answer.
enum AnswerJSON {
    case object([String: AnswerJSON])
    case list([AnswerJSON])
    case text(String)
    case number(Decimal)
    case flag(Bool)
    case null

    /// nil for what is no JSON, or is nested deeper than any answer we ask for.
    init?(_ data: Data) {
        guard let value = try? JSONDecoder().decode(AnswerJSON.self, from: data) else { return nil }
        self = value
    }

    subscript(name: String) -> AnswerJSON? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    subscript(index: Int) -> AnswerJSON? {
        if case .list(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }

    var items: [AnswerJSON] { if case .list(let items) = self { items } else { [] } }
    var isTrue: Bool { if case .flag(true) = self { true } else { false } }

    /// A text, or a number as one.
    var text: String? {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        default: nil
        }
    }

    var integer: Int64? { text.flatMap(Int64.init) }
}

extension AnswerJSON: Decodable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Decimal.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let items = try? value.decode([AnswerJSON].self) {
            self = .list(items)
        } else {
            self = .object(try value.decode([String: AnswerJSON].self))
        }
    }
}
