// The cart: what the caller wants so far. Lines come from `Catalog.line`, which has checked them.

/// What the caller wants so far, in the order it was said.
public struct Cart: Sendable, Hashable {
    /// No two lines are alike but for the quantity.
    public var lines: [LineItem]

    /// Makes a cart.
    public init(lines: [LineItem] = []) { self.lines = lines }

    /// Adds a line, to a line that is alike if there is one. Gives the index of the line it went to.
    @discardableResult
    public mutating func add(_ line: LineItem) -> Int {
        if let index = lines.firstIndex(where: { $0.isAlike(line) }) {
            lines[index].quantity = lines[index].quantity + line.quantity
            return index
        }
        lines.append(line)
        return lines.count - 1
    }

    /// Takes a line out.
    public mutating func remove(at index: Int) { lines.remove(at: index) }

    /// Sets how many of a line there shall be; nothing or less takes it out.
    public mutating func changeQuantity(at index: Int, to quantity: Quantity) {
        if quantity > 0 {
            lines[index].quantity = quantity
        } else {
            remove(at: index)
        }
    }

    /// Puts a changed line in the place of another; where a different line is alike now, they become one. Gives the index of
    /// the line it is now.
    @discardableResult
    public mutating func replace(at index: Int, with line: LineItem) -> Int {
        lines[index] = line
        guard let twin = lines.indices.first(where: { $0 != index && lines[$0].isAlike(line) }) else { return index }
        let (kept, gone) = (min(index, twin), max(index, twin))
        lines[kept].quantity = lines[kept].quantity + lines[gone].quantity
        lines.remove(at: gone)
        return kept
    }

    /// The lines with their prices of today and what they cost together. A line of something that is not sold any more has
    /// no price and is left out: `Shop.quote` says so.
    public func priced(_ catalog: Catalog) -> (lines: [PricedLine], goods: Money) {
        let priced = lines.compactMap(catalog.priced)
        return (priced, priced.reduce(.zero(catalog.currency)) { $0 + $1.total })
    }
}

extension LineItem {
    /// Whether it differs from `other` in quantity at most.
    public func isAlike(_ other: LineItem) -> Bool {
        sku == other.sku && modifiers == other.modifiers && without == other.without
    }
}
