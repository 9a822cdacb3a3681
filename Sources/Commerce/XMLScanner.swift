// Walks the XML of a product feed, tag by tag. A feed comes from outside, and FoundationXML's parser ends the process on
// an undeclared entity or a name that is not UTF-8 (Swift 6.3); this one answers every text with events or a fault.
// In: UTF-8 bytes. Out: tags and texts. Document types are refused: without them there are no entities that grow or
// reach for files.

struct XMLScanner {
    enum Event: Equatable {
        /// `<name …>`; an empty element `<name/>` is followed by its end.
        case start(String, attributes: [String: String])
        case end
        case text(String)
    }

    /// Tags that are open.
    private(set) var open: [String] = []
    private(set) var line = 1
    /// Whether texts are wanted: outside of fields they are passed over unread.
    var wantsText = false

    private let bytes: [UInt8]
    private let file: String
    private var index = 0
    private var lineStart = 0
    private var hasRoot = false
    private var emptyElementIsOpen = false
    private static let deepest = 16

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next event, nil after the last.
    mutating func next() throws(ShopFileError) -> Event? {
        if emptyElementIsOpen {
            emptyElementIsOpen = false
            open.removeLast()
            return .end
        }
        while let byte = here {
            if byte != UInt8(ascii: "<") {
                if let text = try characters() { return .text(text) }
            } else if isHere("<!--") {
                try skip(past: "-->", "a comment")
            } else if isHere("<![CDATA[") {
                if let text = try section() { return .text(text) }
            } else if isHere("<?") {
                try skip(past: "?>", "a processing instruction")
            } else if isHere("<!") {
                throw fault("a document type declaration stands here, which no feed needs and which may do harm")
            } else if isHere("</") {
                try endTag()
                return .end
            } else {
                return try startTag()
            }
        }
        if let last = open.last { throw fault("the text ends before </\(last)>") }
        if !hasRoot { throw fault("there is no element") }
        return nil
    }

    func fault(_ reason: String) -> ShopFileError {
        .malformed(file: file, line: line, column: index - lineStart + 1, reason: reason)
    }

    private var here: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func isHere(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

    private mutating func advance() {
        if bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        index += 1
    }

    private mutating func skipBlanks() {
        while let byte = here, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { advance() }
    }

    private mutating func skip(past end: String, _ what: String) throws(ShopFileError) {
        let opened = fault("\(what) is opened here and never closed")
        while !isHere(end) {
            if here == nil { throw opened }
            advance()
        }
        index += end.utf8.count
    }

    private func string(_ content: [UInt8]) throws(ShopFileError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw fault("the text is not UTF-8") }
        return text
    }

    private mutating func characters() throws(ShopFileError) -> String? {
        var content: [UInt8] = []
        let isWanted = wantsText
        while let byte = here, byte != UInt8(ascii: "<") {
            if open.isEmpty, byte > 0x20 { throw fault("there is text outside of the elements") }
            if byte == UInt8(ascii: "&") {
                let scalar = try entity()
                if isWanted { content.append(contentsOf: Array(String(scalar).utf8)) }
            } else {
                if isWanted { content.append(byte) }
                advance()
            }
        }
        return isWanted ? try string(content) : nil
    }

    private mutating func section() throws(ShopFileError) -> String? {
        if open.isEmpty { throw fault("there is text outside of the elements") }
        let start = index + 9
        try skip(past: "]]>", "a CDATA section")
        return wantsText ? try string(Array(bytes[start..<(index - 3)])) : nil
    }

    private mutating func entity() throws(ShopFileError) -> Unicode.Scalar {
        let unknown = fault("no entity of XML stands here; a plain \"&\" is written \"&amp;\"")
        let start = index + 1
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw unknown }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        index = end + 1
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let isHexadecimal = name.hasPrefix("#x")
            guard name.hasPrefix("#"),
                let value = UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10),
                value > 0, let scalar = Unicode.Scalar(value)
            else { throw unknown }
            return scalar
        }
    }

    private mutating func name() throws(ShopFileError) -> String {
        let start = index
        while let byte = here {
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte >= 0x80
            let isSign = byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            // "-" and "." stand just before the digits, "/" does not belong to a name.
            let isInner = (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte) && byte != UInt8(ascii: "/")
            guard isLetter || isSign || isInner && index > start else { break }
            index += 1
        }
        if index == start { throw fault("a name should stand here; a plain \"<\" is written \"&lt;\"") }
        return try string(Array(bytes[start..<index]))
    }

    private mutating func startTag() throws(ShopFileError) -> Event {
        if open.isEmpty, hasRoot { throw fault("there is a second outermost element") }
        if open.count >= Self.deepest { throw fault("is nested too deep for a feed") }
        index += 1
        let name = try name()
        var attributes: [String: String] = [:]
        while true {
            let before = index
            skipBlanks()
            if isHere("/>") {
                index += 2
                emptyElementIsOpen = true
                break
            }
            if here == UInt8(ascii: ">") {
                index += 1
                break
            }
            guard index > before else { throw fault("the tag <\(name)> is not closed") }
            let attribute = try self.name()
            let content = try value(of: attribute)
            if attributes.updateValue(content, forKey: attribute) != nil {
                throw fault("the attribute \"\(attribute)\" is there twice")
            }
        }
        hasRoot = true
        open.append(name)
        return .start(name, attributes: attributes)
    }

    private mutating func value(of attribute: String) throws(ShopFileError) -> String {
        skipBlanks()
        guard here == UInt8(ascii: "=") else { throw fault("the attribute \"\(attribute)\" has no value") }
        index += 1
        skipBlanks()
        guard let quote = here, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fault("the value of \"\(attribute)\" is not in quotes")
        }
        index += 1
        var content: [UInt8] = []
        while let byte = here, byte != quote {
            if byte == UInt8(ascii: "<") { throw fault("the value of \"\(attribute)\" is not closed") }
            if byte == UInt8(ascii: "&") {
                content.append(contentsOf: Array(String(try entity()).utf8))
            } else {
                content.append(byte)
                advance()
            }
        }
        guard here != nil else { throw fault("the value of \"\(attribute)\" is not closed") }
        index += 1
        return try string(content)
    }

    private mutating func endTag() throws(ShopFileError) {
        let start = fault("a closing tag does not fit: </\(open.last ?? "")> should stand here")
        index += 2
        let name = try name()
        skipBlanks()
        guard here == UInt8(ascii: ">"), name == open.last else { throw start }
        index += 1
        open.removeLast()
    }
}
