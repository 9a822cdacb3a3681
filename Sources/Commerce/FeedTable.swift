// A product feed as a tab-separated table: a header row with the names of the fields, then a row for each product.
// A value in quotes may hold tabs, line ends and doubled quotes.

enum FeedTable {
    static func rows(of bytes: [UInt8], mistakes: MistakeList) throws(ShopFileError) -> [FeedRow] {
        var records = RecordReader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        guard let header = try records.next(source: mistakes.file) else {
            throw .malformed(file: mistakes.file, line: 1, column: 1, reason: "is empty")
        }
        let names = header.values.map(fieldName)
        let needed = ["id", "title", "price"].filter { !names.contains($0) }
        guard needed.count < 3 else {
            throw .malformed(
                file: mistakes.file, line: header.line, column: 1,
                reason: "is no catalogue: neither JSON5 nor XML, nor a table whose first row names id, title and price")
        }
        for name in needed { mistakes.add("line \(header.line)", "has no column \"\(name)\"") }
        for name in Set(names).sorted() where !name.isEmpty && names.count(where: { $0 == name }) > 1 {
            mistakes.add("line \(header.line)", "has the column \"\(name)\" twice")
        }
        var rows: [FeedRow] = []
        while let record = try records.next(source: mistakes.file) {
            if record.values.count > names.count {
                mistakes.add(
                    "line \(record.line)", "has \(record.values.count) values, but there are \(names.count) columns")
                continue
            }
            var row = FeedRow(line: record.line)
            for (name, value) in zip(names, record.values) where !value.isEmpty && row.fields[name] == nil {
                row.fields[name] = value
            }
            rows.append(row)
        }
        return needed.isEmpty ? rows : []
    }

    /// `Sale Price` and `g:sale_price` are both `sale_price`.
    private static func fieldName(_ column: String) -> String {
        let name = column.trimmed.lowercased().split(separator: " ").joined(separator: "_")
        return name.hasPrefix("g:") ? String(name.dropFirst(2)) : name
    }
}

/// Walks the bytes record by record; a blank line is none.
private struct RecordReader {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var line = 1

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func next(source: String) throws(ShopFileError) -> (line: Int, values: [String])? {
        while index < bytes.endIndex {
            let start = line
            var values: [String] = []
            var isEnd = false
            while !isEnd {
                values.append(try value(source: source))
                // A field ends at a tab, at the end of its line or at the end of all.
                isEnd = index == bytes.endIndex || bytes[index] != UInt8(ascii: "\t")
                if index < bytes.endIndex { step() }
            }
            if values.contains(where: { !$0.isEmpty }) { return (start, values) }
        }
        return nil
    }

    private mutating func step() {
        let isReturn = bytes[index] == 0x0D
        if bytes[index] == 0x0A || isReturn { line += 1 }
        index += 1
        if isReturn, index < bytes.endIndex, bytes[index] == 0x0A { index += 1 }
    }

    private var isAtEnd: Bool {
        index == bytes.endIndex || bytes[index] == 0x09 || bytes[index] == 0x0A || bytes[index] == 0x0D
    }

    private mutating func value(source: String) throws(ShopFileError) -> String {
        let fault = { [line] (reason: String) -> ShopFileError in
            .malformed(file: source, line: line, column: 1, reason: reason)
        }
        var content: [UInt8] = []
        if !isAtEnd, bytes[index] == UInt8(ascii: "\"") {
            index += 1
            while true {
                guard index < bytes.endIndex else { throw fault("a quote is opened in this line and never closed") }
                let byte = bytes[index]
                if byte == UInt8(ascii: "\"") {
                    index += 1
                    guard index < bytes.endIndex, bytes[index] == byte else { break }
                } else if byte == 0x0A {
                    line += 1
                }
                content.append(byte)
                index += 1
            }
            guard isAtEnd else { throw fault("something follows a closing quote") }
        } else {
            let start = index
            while !isAtEnd { index += 1 }
            content = Array(bytes[start..<index])
        }
        guard let text = String(validating: content, as: UTF8.self) else { throw fault("the text is not UTF-8") }
        return text.trimmed
    }
}
