// A product feed in RSS 2.0: the direct children of each <item>, by their names without the feed's prefix.

enum FeedXML {
    /// Google's own limit for the longest field, a description, is 5,000 characters.
    private static let longestField = 100_000

    static func rows(of bytes: [UInt8], source: String) throws(ShopFileError) -> [FeedRow] {
        try checkEncoding(bytes, source: source)
        var scanner = XMLScanner(bytes, file: source)
        var rows: [FeedRow] = []
        var prefix = "g:"
        var itemDepth: Int?
        var field: String?
        var isGoogle = false
        var googleFields: Set<String> = []
        var text = ""
        while let event = try scanner.next() {
            let depth = scanner.open.count
            switch event {
            case .start(let name, let attributes):
                if depth == 1 {
                    guard name == "rss" || name == "channel" else {
                        throw scanner.fault("is XML, but no RSS 2.0 product feed: it begins with <\(name)>")
                    }
                    let google = attributes.first {
                        $0.key.hasPrefix("xmlns:") && $0.value.contains("base.google.com/ns/1.0")
                    }
                    if let google { prefix = google.key.dropFirst("xmlns:".count) + ":" }
                }
                if itemDepth == nil, name == "item" {
                    itemDepth = depth
                    rows.append(FeedRow(line: scanner.line))
                } else if let itemDepth, depth == itemDepth + 1 {
                    // Elements of other namespaces are not the feed's; RSS's own have no prefix.
                    isGoogle = name.hasPrefix(prefix)
                    field = isGoogle ? String(name.dropFirst(prefix.count)) : name.contains(":") ? nil : name
                    text = ""
                }
            case .text(let part):
                text += part
                if text.utf8.count > longestField { throw scanner.fault("a field is longer than any product's") }
            case .end:
                if let ended = field, depth == itemDepth {
                    // Of what may be repeated, such as product_type, the first counts; a g: field beats RSS's own.
                    let last = rows.count - 1
                    if isGoogle ? googleFields.insert(ended).inserted : rows[last].fields[ended] == nil {
                        rows[last].fields[ended] = text
                    }
                    field = nil
                } else if let item = itemDepth, depth < item {
                    itemDepth = nil
                    googleFields.removeAll(keepingCapacity: true)
                }
            }
            scanner.wantsText = field != nil && scanner.open.count == (itemDepth ?? 0) + 1
        }
        return rows
    }

    /// In another encoding than UTF-8 markup could hide from the scanner.
    private static func checkEncoding(_ bytes: [UInt8], source: String) throws(ShopFileError) {
        func refused(_ reason: String) -> ShopFileError {
            .malformed(file: source, line: 1, column: 1, reason: reason)
        }
        if bytes.contains(0) { throw refused("is XML in another encoding than UTF-8") }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self).lowercased()
        guard let declaration = head.split(separator: "?>").first, declaration.contains("<?xml "),
            let value = declaration.split(separator: "encoding=").dropFirst().first
        else { return }
        let name = value.dropFirst().prefix { $0 != "\"" && $0 != "'" }
        guard name == "utf-8" || name == "us-ascii" else {
            throw refused("is XML in the encoding \"\(name)\", not in UTF-8")
        }
    }
}
