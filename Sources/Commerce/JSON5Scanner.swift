// Walks a JSON5 text to find what Foundation's decoder does not tell: the line and column where it stops being
// JSON5, and fields that stand twice in one object. In: UTF-8 bytes. Out: the first fault, the doubled fields.

/// The place where a text stops being JSON5; line and column count from 1, the column in bytes.
struct JSON5Fault: Error {
    let line: Int
    let column: Int
    let reason: String
    /// Whether the text must not even be tried.
    let isFatal: Bool
}

struct JSON5Scanner {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private(set) var doubledFields: [(name: String, line: Int)] = []
    /// A shop's file needs six levels; a hostile one must not exhaust the stack.
    private static let deepest = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            index = 3
            lineStart = 3
        }
    }

    /// The first fault, or nil for a text that is JSON5.
    mutating func scan() -> JSON5Fault? {
        if let place = bytes.firstThatIsNotUTF8 {
            let before = bytes[..<place]
            return JSON5Fault(
                line: before.count { $0 == 0x0A } + 1,
                column: place - (before.lastIndex(of: 0x0A) ?? -1), reason: "the text is not UTF-8", isFatal: true)
        }
        do throws(JSON5Fault) {
            try skipBlanks()
            try value(depth: 0)
            try skipBlanks()
            if index < bytes.count { throw fault("there is something after the end") }
            return nil
        } catch {
            return error
        }
    }

    private func fault(_ reason: String, isFatal: Bool = false) -> JSON5Fault {
        JSON5Fault(line: line, column: index - lineStart + 1, reason: reason, isFatal: isFatal)
    }

    private var here: UInt8? { index < bytes.count ? bytes[index] : nil }
    private func isHere(_ first: Character, _ second: Character) -> Bool {
        index + 1 < bytes.count && bytes[index] == first.asciiValue && bytes[index + 1] == second.asciiValue
    }

    private mutating func advance() {
        if bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        index += 1
    }

    private mutating func skipBlanks() throws(JSON5Fault) {
        while let byte = here {
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                advance()
            } else if byte != UInt8(ascii: "/") {
                return
            } else if isHere("/", "/") {
                while let byte = here, byte != 0x0A { index += 1 }
            } else if isHere("/", "*") {
                let opened = fault("a comment is opened here and never closed")
                index += 2
                while !isHere("*", "/") {
                    guard here != nil else { throw opened }
                    advance()
                }
                index += 2
            } else {
                return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSON5Fault) {
        guard depth < Self.deepest else { throw fault("is nested too deep", isFatal: true) }
        switch here {
        case nil: throw fault("the text ends where a value should stand")
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try list(depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try quoted()
        default: try bare()
        }
    }

    private mutating func object(depth: Int) throws(JSON5Fault) {
        var names: Set<String> = []
        index += 1
        try skipBlanks()
        while here != UInt8(ascii: "}") {
            let nameLine = line
            let isQuoted = here == UInt8(ascii: "\"") || here == UInt8(ascii: "'")
            let name = isQuoted ? try quoted() : try identifier()
            if !names.insert(name).inserted { doubledFields.append((name, nameLine)) }
            try skipBlanks()
            guard here == UInt8(ascii: ":") else { throw fault("a colon is missing after \"\(name)\"") }
            index += 1
            try skipBlanks()
            try value(depth: depth + 1)
            try endOfItem(before: UInt8(ascii: "}"))
        }
        index += 1
    }

    private mutating func list(depth: Int) throws(JSON5Fault) {
        index += 1
        try skipBlanks()
        while here != UInt8(ascii: "]") {
            try value(depth: depth + 1)
            try endOfItem(before: UInt8(ascii: "]"))
        }
        index += 1
    }

    private mutating func endOfItem(before end: UInt8) throws(JSON5Fault) {
        try skipBlanks()
        if here == UInt8(ascii: ",") {
            index += 1
            try skipBlanks()
        } else if here != end {
            let closing = Character(Unicode.Scalar(end))
            throw fault(here == nil ? "the text ends before \"\(closing)\"" : "a comma or \"\(closing)\" is missing")
        }
    }

    private mutating func quoted() throws(JSON5Fault) -> String {
        let opened = fault("a text is opened here and not closed on its line")
        let quote = bytes[index]
        index += 1
        let start = index
        while let byte = here, byte != quote {
            guard byte != 0x0A, byte != 0x0D else { throw opened }
            guard byte >= 0x20 else { throw fault("a control character stands in a text; \\t is a tabulator") }
            guard byte == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            index += 1
            guard here != nil else { throw opened }
            try escape()
        }
        guard here != nil else { throw opened }
        index += 1
        return String(decoding: bytes[start..<(index - 1)], as: UTF8.self)
    }

    /// What follows a backslash.
    private mutating func escape() throws(JSON5Fault) {
        let hexadecimals = here == UInt8(ascii: "u") ? 4 : here == UInt8(ascii: "x") ? 2 : 0
        let letter = here.map { Character(Unicode.Scalar($0)) } ?? " "
        guard "'\"\\/bfnrtvux\n\r".contains(letter) else { throw fault("no JSON5 escape") }
        advance()
        for _ in 0..<hexadecimals {
            guard let byte = here, Character(Unicode.Scalar(byte)).isHexDigit, byte < 0x80 else {
                throw fault("a hexadecimal digit is missing in an escape")
            }
            index += 1
        }
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func identifier() throws(JSON5Fault) -> String {
        let start = fault("the name of a field should stand here")
        let first = index
        while let byte = here {
            if byte == UInt8(ascii: "\\") {
                index += 1
                guard here == UInt8(ascii: "u") else { throw start }
                try escape()
            } else if Self.isNamePart(byte) {
                index += 1
            } else {
                break
            }
        }
        let name = String(decoding: bytes[first..<index], as: UTF8.self)
        if name.isEmpty { throw here == nil ? fault("the text ends before \"}\"") : start }
        let isOdd = name.unicodeScalars.contains { scalar in
            !scalar.isASCII && !scalar.properties.isIDContinue
        }
        if isOdd || name.first?.isASCII == true && name.first?.isNumber == true { throw start }
        return name
    }

    private mutating func bare() throws(JSON5Fault) {
        let opened = fault("no JSON5 value: a text needs quotes")
        let start = index
        while let byte = here,
            Self.isNamePart(byte) || [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
        {
            index += 1
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if ["true", "false", "null"].contains(word) { return }
        let digits = word.drop { $0 == "+" || $0 == "-" }
        if digits == "Infinity" || digits == "NaN" || Self.isHexadecimal(digits) { return }
        guard let first = digits.first, first == "." || first.isNumber, Double(word) != nil || Double(word + "0") != nil
        else { throw opened }
    }

    private static func isHexadecimal(_ word: Substring) -> Bool {
        word.lowercased().hasPrefix("0x") && word.count > 2 && word.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}

extension [UInt8] {
    /// The index of the first byte that is not part of well-formed UTF-8.
    fileprivate var firstThatIsNotUTF8: Int? {
        var decoder = UTF8()
        var bytes = makeIterator()
        var index = 0
        while true {
            switch decoder.decode(&bytes) {
            case .scalarValue(let scalar): index += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return index
            }
        }
    }
}
