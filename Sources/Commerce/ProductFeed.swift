// Takes up a Google Merchant product feed: RSS 2.0 XML or tab-separated, or a catalogue in the shop's own JSON5.
// In: the bytes of the file. Out: a catalogue, or every mistake with its line.
// The feed's format: https://support.google.com/merchants/answer/7052112

public import Foundation

extension Catalog {
    /// Reads a catalogue of any of the three formats, whole or not at all; which one it is shows from its first characters.
    ///
    /// Of a feed are used `id`, `title`, `description` (its first sentences), `brand`, `price`, `sale_price` with
    /// `sale_price_effective_date`, `availability`, `product_type` or `google_product_category`, `item_group_id` with `size`,
    /// `color`, `material` and `pattern`; all else is passed over. Only `id`, `title` and `price` have to be there. A sale
    /// that is not on at `now` is left out: import again when one begins or ends. `preorder` and `backorder` count as out of
    /// stock, since nobody can say on the telephone when they come.
    /// - Parameters:
    ///   - data: the file, in UTF-8; a table also in UTF-16 with its mark, as spreadsheets write it.
    ///   - source: what messages call the file.
    ///   - currency: the shop's; another one in the file is a mistake.
    ///   - now: whether a sale is on is judged by it.
    public static func importing(
        _ data: Data, source: String, currency: Currency, now: Date
    ) throws(ShopFileError) -> Catalog {
        let isWide = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
        let data = isWide ? Data((String(data: data, encoding: .utf16) ?? "").utf8) : data
        let bytes = Array(data)
        let mistakes = MistakeList(file: source)
        let start = bytes.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let rows: [FeedRow]
        switch start {
        case UInt8(ascii: "{"), UInt8(ascii: "/"):
            return try read(json5: data, source: source, currency: currency)
        case UInt8(ascii: "<"): rows = try FeedXML.rows(of: bytes, source: source)
        default: rows = try FeedTable.rows(of: bytes, mistakes: mistakes)
        }
        var skus: [String: Int] = [:]
        let items = rows.compactMap { row -> FeedItem? in
            guard let item = FeedItem(row, currency: currency, now: now, mistakes: mistakes) else { return nil }
            if let first = skus.updateValue(row.line, forKey: item.sku) {
                mistakes.add(row.path("id"), "\"\(item.sku)\" is already in line \(first)")
            }
            return item
        }
        if rows.isEmpty { mistakes.add("", "holds no products") }
        try mistakes.check()
        return FeedCatalog.make(of: items, currency: currency)
    }
}

/// One product of a feed as it stands there.
struct FeedRow {
    /// Where it begins, counted from 1.
    let line: Int
    /// By the feed's names, without a prefix: `item_group_id`.
    var fields: [String: String] = [:]

    func path(_ field: String) -> String { "line \(line), \(field)" }
}

/// One product of a feed, checked.
struct FeedItem {
    let sku: String
    let title: String
    let description: String?
    let brand: String?
    let price: Money
    let salePrice: Money?
    let isInStock: Bool
    /// From the widest to the narrowest.
    let category: [String]
    let groupID: String?
    /// What tells variants apart, in the order of `variantNames`.
    let variant: [(name: String, value: String)]

    static let variantNames = ["size", "color", "material", "pattern"]

    /// nil, with a mistake for each, where something is missing or wrong.
    init?(_ row: FeedRow, currency: Currency, now: Date, mistakes: MistakeList) {
        let before = mistakes.all.count
        let text = { (name: String) -> String? in
            guard let raw = row.fields[name], raw.contains(where: { !$0.isWhitespace }) else { return nil }
            return FileFields.text(.text(raw), path: row.path(name), mistakes: mistakes)
        }
        let required = { (name: String) -> String in
            if let found = text(name) { return found }
            if mistakes.all.last?.path != row.path(name) { mistakes.add(row.path(name), "is missing") }
            return ""
        }
        sku = required("id")
        title = required("title")
        if !title.isEmpty, !title.contains(where: { $0.isLetter || $0.isNumber }) {
            mistakes.add(row.path("title"), "has no letter or digit to say")
        }
        description = row.fields["description"].flatMap(FeedText.firstSentences)
        brand = text("brand")
        price = FeedItem.money(required("price"), path: row.path("price"), currency, mistakes) ?? .zero(currency)
        var sale = text("sale_price").flatMap { FeedItem.money($0, path: row.path("sale_price"), currency, mistakes) }
        if let lower = sale, lower.minorUnits > price.minorUnits {
            mistakes.add(row.path("sale_price"), "\(lower.decimal) is more than the price, \(price.decimal)")
        }
        if let dates = text("sale_price_effective_date") {
            if let span = FeedText.span(dates) {
                if !span.contains(now) { sale = nil }
            } else {
                mistakes.add(
                    row.path("sale_price_effective_date"),
                    "\"\(dates)\" is no span: 2026-02-24T11:00+0100/2026-02-28T23:00+0100")
            }
        }
        salePrice = sale
        let availability = text("availability")?.lowercased().replacingOccurrences(of: " ", with: "_") ?? "in_stock"
        isInStock = availability == "in_stock"
        let known = ["in_stock", "out_of_stock", "preorder", "backorder"]
        if !known.contains(availability) {
            let near = Spelling.suggestion(for: availability, among: known)
            mistakes.add(
                row.path("availability"), "\"\(availability)\" is none of \(known.joined(separator: ", "))" + near)
        }
        let path = text("product_type") ?? text("google_product_category")
        let steps = (path ?? "").split(separator: ">").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        // A bare number is a place in Google's own list, which says nothing to a caller.
        category = steps.allSatisfy { $0.contains(where: \.isLetter) } ? steps : []
        groupID = text("item_group_id")
        variant = Self.variantNames.compactMap { name in text(name).map { (name, $0) } }
        if mistakes.all.count > before { return nil }
    }

    /// `15.00 USD`; noughts beyond the currency's digits are let pass, since tools write `1500.00 JPY`.
    private static func money(
        _ text: String, path: String, _ currency: Currency, _ mistakes: MistakeList
    ) -> Money? {
        if text.isEmpty { return nil }
        let parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == 2, let written = Currency(code: parts[1]) else {
            mistakes.add(path, "\"\(text)\" is no price: a decimal and a currency such as \"15.00 USD\"")
            return nil
        }
        guard written == currency else {
            mistakes.add(path, "\"\(written.code)\" is not the shop's \"\(currency.code)\"")
            return nil
        }
        var decimal = parts[0]
        if let point = decimal.firstIndex(of: ".") {
            while decimal.hasSuffix("0"), decimal.distance(from: point, to: decimal.endIndex) > currency.digits + 1 {
                decimal.removeLast()
            }
            if decimal.hasSuffix("."), decimal.count > 1 { decimal.removeLast() }
        }
        guard let money = Money(decimal: decimal, currency: currency),
            (0...Int64(Money.greatestPrice)).contains(money.minorUnits)
        else {
            let digits = currency.digits
            mistakes.add(
                path,
                "\"\(text)\" is no price in \(currency.code): not negative, at most \(digits) digits behind the point")
            return nil
        }
        return money
    }
}

/// Texts of a feed that have a form of their own.
enum FeedText {
    /// What can be read aloud of a description: no markup, whole sentences up to 300 characters, or a cut at a word.
    static func firstSentences(_ text: String) -> String? {
        var plain = String.UnicodeScalarView()
        var length = 0
        var isMarkup = false
        for scalar in text.unicodeScalars {
            if scalar == "<" {
                isMarkup = true
            } else if scalar == ">", isMarkup {
                isMarkup = false
                plain.append(" ")
            } else if !isMarkup {
                let isBlank = scalar.isControl || !scalar.isASCII && scalar.properties.isWhitespace
                plain.append(isBlank ? " " : scalar)
                // More than can be taken below: the rest of a long text need not be looked at.
                length += 1
                if length > 600 { break }
            }
        }
        let words = String(plain).split(separator: " ")
        var taken: [Substring] = []
        length = 0
        var sentenceEnd = 0
        for word in words {
            length += word.count + 1
            if length > 300 { break }
            taken.append(word)
            if let last = word.last, ".!?…".contains(last) { sentenceEnd = taken.count }
        }
        if taken.count < words.count, sentenceEnd > 0 { taken.removeSubrange(sentenceEnd...) }
        let result = taken.joined(separator: " ")
        return result.isEmpty ? nil : result
    }

    /// A span in ISO 8601, `2026-02-24T11:00+0100/2026-02-28T23:00+0100`; without a zone it is UTC. The end is not in it.
    static func span(_ text: String) -> Range<Date>? {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { moment(String($0)) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start <= end else { return nil }
        return start..<end
    }

    private static func moment(_ text: String) -> Date? {
        var clock = Substring(text.trimmingCharacters(in: .whitespaces))
        var offset = 0
        if clock.hasSuffix("Z") {
            clock.removeLast()
        } else if let sign = clock.dropFirst(10).lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let digits = clock[sign...].dropFirst().filter { $0 != ":" }
            guard digits.count == 4, let number = Int(digits), number % 100 < 60, number < 1_500 else { return nil }
            offset = (number / 100 * 60 + number % 100) * (clock[sign] == "-" ? -60 : 60)
            clock = clock[..<sign]
        }
        let numbers = clock.split { "-T: ".contains($0) }.map { Int($0) }
        guard [3, 5, 6].contains(numbers.count), !numbers.contains(nil) else { return nil }
        let parts = numbers.compactMap { $0 } + [0, 0, 0]
        guard (1...9_999).contains(parts[0]), (1...12).contains(parts[1]), (1...31).contains(parts[2]),
            (0...24).contains(parts[3]), (0..<60).contains(parts[4]), (0...60).contains(parts[5])
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
        return calendar.date(from: components)?.addingTimeInterval(TimeInterval(-offset))
    }
}
