// What a measure says of a product: of weighed goods how much, of counted ones how many, or nothing.

import Commerce

extension ActBuilder {
    func inLargerUnit(_ thousandths: Int, _ unit: String) -> Quantity {
        Quantity(thousandths: ["g", "ml"].contains(unit) ? thousandths / 1_000 : thousandths)
    }

    /// A measure in the unit that the product is sold by. Of what is counted packages are as many, and a small whole number of
    /// kilos or liters too; other weights say nothing about how many.
    func quantity(of measure: (thousandths: Int32, unit: String), _ product: Product?) -> Quantity? {
        let thousandths = Int(measure.thousandths)
        let sold = product?.unit ?? ""
        if measure.unit != sold, let (said, its) = Self.parts(measure.unit, sold) {
            return Quantity(thousandths: (thousandths * said + its / 2) / its)
        }
        switch (measure.unit, sold) {
        case (let unit, _) where product?.isCounted == true && Self.weights.contains(unit):
            let isSmall = thousandths % 1_000 == 0 && thousandths <= Self.mostBottles && Self.large.contains(unit)
            return isSmall ? Quantity(thousandths: thousandths) : nil
        // "A meter of cheese" is asked about.
        case (let unit, _) where unit != sold && product?.isCounted == false: return nil
        default: return Quantity(thousandths: thousandths)
        }
    }

    /// Two units of the same kind, each in parts of the smallest; nil where they measure different things.
    private static func parts(_ unit: String, _ other: String) -> (Int, Int)? {
        for kind in parts { if let one = kind[unit], let two = kind[other] { return (one, two) } }
        return nil
    }

    /// Weights in milligrams (the international pound and ounce), volumes in milliliters, lengths in millimeters.
    private static let parts: [[String: Int]] = [
        ["mg": 1, "g": 1_000, "kg": 1_000_000, "lb": 453_592, "oz": 28_350], ["ml": 1, "cl": 10, "l": 1_000],
        ["mm": 1, "cm": 10, "m": 1_000],
    ]

    /// Units that say how much something is, not how many.
    static let weights: Set = [
        "kg", "g", "mg", "l", "ml", "cl", "lb", "oz", "m", "cm", "mm", "in", "ft", "w", "v", "gb", "tb",
    ]
    private static let large: Set = ["kg", "l", "lb"]
    /// Nobody who wants more of them counts in liters; in thousandths.
    private static let mostBottles = 12_000
}
