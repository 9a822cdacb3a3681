// Results for people and for programs. In: rows of cells. Out: an aligned table, or one JSON object a row.

public import Commerce
import Foundation

/// A table of results.
public struct Table: Sendable {
    /// What a field holds.
    enum Cell: Sendable {
        case nothing
        case text(String)
        case count(Int)
        case decimal(Double, digits: Int)
        /// So many of so many.
        case share(Int, of: Int)
    }

    let benchmark: String
    let title: String
    let columns: [String]
    let rows: [[Cell]]

    init(_ benchmark: String, _ title: String, _ columns: [String], _ rows: [[Cell]]) {
        self.benchmark = benchmark
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// For a person: the title, the columns' names, the rows; figures to the right.
    public var lines: [String] {
        let cells = [columns] + rows.map { $0.map(\.text) }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return ["\(benchmark): \(title)"]
            + cells.map { row in
                let fields = row.indices.map { column in
                    let padding = String(repeating: " ", count: widths[column] - row[column].count)
                    return rows.first?[column].isText == true ? row[column] + padding : padding + row[column]
                }
                return "  " + fields.joined(separator: "  ").trimmed
            }
    }

    /// For a program: an object for each row, its fields named as the columns are.
    public var json: [JSONText] {
        rows.map { row in
            .object(
                [("benchmark", .text(benchmark)), ("table", .text(title))]
                    + zip(columns, row).map { (name: Self.fieldName($0), value: $1.json) })
        }
    }

    /// `load at the start` → `loadAtTheStart`
    private static func fieldName(_ column: String) -> String {
        let words = column.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return (words.prefix(1) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }).joined()
    }
}

extension Table.Cell {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }

    fileprivate var text: String {
        switch self {
        case .nothing: "-"
        case .text(let text): text
        case .count(let count): String(count)
        case .decimal(let number, let digits): String(format: "%.\(digits)f", number)
        case .share(_, of: 0): "-"
        case .share(let part, let whole):
            "\(part)/\(whole) " + String(format: "%5.1f %%", 100 * Double(part) / Double(whole))
        }
    }

    fileprivate var json: JSONText {
        switch self {
        case .nothing: .null
        case .text(let text): .text(text)
        case .count(let count): .count(count)
        case .decimal(let number, let digits): .decimal(number, digits: digits)
        case .share(let part, let whole): .object([("count", .count(part)), ("of", .count(whole))])
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// Figures that were measured many times.
struct Sample: Sendable {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var count: Int { sorted.count }

    /// The smallest value that at least this share of all values does not exceed; nil where there is none.
    func quantile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, min(sorted.count, Int((share * Double(sorted.count)).rounded(.up))) - 1)]
    }

    /// The quantile of seconds as milliseconds.
    func milliseconds(_ share: Double, digits: Int = 1) -> Table.Cell {
        quantile(share).map { .decimal($0 * 1_000, digits: digits) } ?? .nothing
    }
}
