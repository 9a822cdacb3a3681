// Money and quantities: whole numbers inside, decimal text outside. No floating point touches a price.

/// A currency by its ISO 4217 code.
public struct Currency: Sendable, Hashable {
    /// Three capital letters, such as `UAH`.
    public let code: String
    /// Digits behind the decimal point: 2 for most, 0 for `JPY`, 3 for `KWD`.
    public let digits: Int

    /// Makes the currency of an ISO 4217 code; nil for text that is not three letters A–Z.
    public init?(code: String) {
        let capitals = code.uppercased()
        guard capitals.utf8.count == 3, capitals.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        self.code = capitals
        digits =
            switch capitals {
            case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
                "XOF", "XPF":
                0
            case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
            default: 2
            }
    }

    /// Minor units in one major unit.
    public var minorPerMajor: Int64 { (0..<digits).reduce(1) { units, _ in units * 10 } }
}

/// An amount in minor units of one currency.
public struct Money: Sendable, Hashable {
    /// Cents, kopiykas: minor units of `currency`.
    public let minorUnits: Int64
    /// Whose minor units they are.
    public let currency: Currency

    /// Makes an amount of `minorUnits`.
    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads a plain decimal such as `19.00`; nil for anything else, for more digits than the currency has, and for amounts
    /// beyond a million million major units.
    public init?(decimal text: String, currency: Currency) {
        guard let units = FixedPoint.parse(text, digits: currency.digits) else { return nil }
        self.init(minorUnits: units, currency: currency)
    }

    /// The amount as a plain decimal with all digits of the currency: `19.00`.
    public var decimal: String { FixedPoint.text(minorUnits, digits: currency.digits) }

    /// Nothing, in `currency`.
    public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency: currency) }

    /// The sum of two amounts of one currency; mixing currencies is a programmer's mistake and traps.
    public static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "amounts of two currencies added")
        return Money(minorUnits: left.minorUnits + right.minorUnits, currency: left.currency)
    }

    /// The price of `quantity` at this price for one, rounded half up to a minor unit (a negative one half down). Prices up
    /// to `greatestPrice` and quantities up to `Quantity.mostOfOneLine` fit by far; beyond what money can be it traps.
    public func times(_ quantity: Quantity) -> Money {
        let exact = Int128(minorUnits) * Int128(quantity.thousandths)
        let rounded = (exact + (exact < 0 ? -500 : 500)) / 1_000
        return Money(minorUnits: Int64(rounded), currency: currency)
    }

    /// In minor units: no price, fee or limit in a shop's file may be more, so that no sum of a cart can overflow.
    static let greatestPrice: UInt64 = 100_000_000_000
}

/// How many, or how much of weighed goods: thousandths, so that 0.5 kg is exact.
public struct Quantity: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral {
    /// 1,000 for one.
    public let thousandths: Int

    /// Makes a quantity of `thousandths`.
    public init(thousandths: Int) { self.thousandths = thousandths }

    /// Makes a whole number.
    public init(integerLiteral value: Int) { thousandths = value * 1_000 }

    /// Makes a whole number.
    public init(_ whole: Int) { thousandths = whole * 1_000 }

    /// Reads a plain decimal with up to three digits behind the point.
    public init?(decimal text: String) {
        guard let value = FixedPoint.parse(text, digits: 3) else { return nil }
        thousandths = Int(value)
    }

    /// What one line of a cart may hold, whatever the shop's own limit: nobody orders 18,000 waters by voice.
    public static let mostOfOneLine: Quantity = 10_000

    /// The whole number that it is, or nil.
    public var whole: Int? { thousandths % 1_000 == 0 ? thousandths / 1_000 : nil }
    /// The shortest plain decimal: `2`, `0.5`.
    public var decimal: String { FixedPoint.shortText(Int64(thousandths), digits: 3) }

    /// Orders quantities by size.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.thousandths < right.thousandths }
    /// Their sum.
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(thousandths: left.thousandths + right.thousandths)
    }
    /// What is left.
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(thousandths: left.thousandths - right.thousandths)
    }
}

/// Decimal text to whole numbers and back.
enum FixedPoint {
    static func parse(_ text: String, digits: Int) -> Int64? {
        var rest = Substring(text)
        let negative = rest.hasPrefix("-")
        if negative { rest = rest.dropFirst() }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let major = parts.first, (1...12).contains(major.count) else { return nil }
        let minor = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || (1...max(digits, 1)).contains(minor.count), minor.count <= digits else { return nil }
        let padded = major + minor + String(repeating: "0", count: digits - minor.count)
        guard padded.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int64(padded) else { return nil }
        return negative ? -value : value
    }

    static func text(_ value: Int64, digits: Int) -> String {
        String(decoding: bytes(value, digits: digits), as: UTF8.self)
    }

    static func shortText(_ value: Int64, digits: Int) -> String {
        var long = bytes(value, digits: digits)
        guard digits > 0 else { return String(decoding: long, as: UTF8.self) }
        while long.last == UInt8(ascii: "0") { long.removeLast() }
        if long.last == UInt8(ascii: ".") { long.removeLast() }
        return String(decoding: long, as: UTF8.self)
    }

    /// By bytes: an order has a dozen of them.
    private static func bytes(_ value: Int64, digits: Int) -> [UInt8] {
        var reversed: [UInt8] = []
        var rest = value.magnitude
        while rest > 0 || reversed.count <= digits + (digits > 0 ? 1 : 0) {
            if digits > 0, reversed.count == digits { reversed.append(UInt8(ascii: ".")) }
            reversed.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        if value < 0 { reversed.append(UInt8(ascii: "-")) }
        return reversed.reversed()
    }
}
