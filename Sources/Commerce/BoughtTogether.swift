// What goes with what, as the orders of all customers tell. In: pairs that a store counted. Out: companions of a product.

/// Products that are bought together more often than chance would have it.
public struct BoughtTogether: Sendable, Hashable {
    /// Two products.
    public struct Pair: Sendable, Hashable {
        /// The SKU of one.
        public let first: String
        /// The SKU of the other.
        public let second: String
        /// How many times as often both are in one order as they would be if neither cared for the other.
        public let lift: Double

        /// Makes a pair.
        public init(_ first: String, _ second: String, lift: Double) {
            self.first = first
            self.second = second
            self.lift = lift
        }
    }

    private let companions: [String: [String]]

    /// Nothing, or what the pairs say.
    public init(_ pairs: [Pair] = []) {
        var companions: [String: [String]] = [:]
        // Of the same lift always in the same order.
        for pair in pairs.sorted(by: { ($1.lift, $0.first, $0.second) < ($0.lift, $1.first, $1.second) }) {
            companions[pair.first, default: []].append(pair.second)
            companions[pair.second, default: []].append(pair.first)
        }
        self.companions = companions
    }

    /// SKUs that go with a product, the strongest first.
    public func companions(of sku: String) -> [String] { companions[sku] ?? [] }
}
