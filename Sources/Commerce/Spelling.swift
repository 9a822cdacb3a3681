// What a mistyped name or word was probably meant to be. Letters come in; how far apart they are, or the nearest name, goes out.

/// How many letters are put in, left out, changed or swapped with the next (Damerau–Levenshtein, optimal string alignment), in
/// UTF-8; `limit + 1` where it is more than `limit`.
package func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
    var before = [Int](repeating: 0, count: right.count + 1)
    var above = Array(0...right.count)
    for row in 1...max(left.count, 1) where row <= left.count {
        var current = [row] + [Int](repeating: 0, count: right.count)
        for column in 1...max(right.count, 1) where column <= right.count {
            let change = above[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
            var best = min(change, above[column] + 1, current[column - 1] + 1)
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                best = min(best, before[column - 2] + 1)
            }
            current[column] = best
        }
        guard (current.min() ?? 0) <= limit else { return limit + 1 }
        (before, above) = (above, current)
    }
    return above[right.count]
}

/// What a mistyped name was probably meant to be, in the shop's files and wherever else operators type names.
package enum Spelling {
    /// `; did you mean "price"?`, or nothing where no known name is near: two letters of five may be wrong.
    package static func suggestion(for name: String, among known: some Sequence<String>) -> String {
        let wanted = Array(name.lowercased().utf8)
        let near = known.map { candidate in
            let limit = candidate.utf8.count * 2 / 5
            let slips = editDistance(wanted, Array(candidate.lowercased().utf8), limit: limit)
            return (name: candidate, slips: slips, isNear: slips <= limit)
        }.filter(\.isNear)
        guard let best = near.min(by: { $0.slips < $1.slips }) else { return "" }
        return "; did you mean \"\(best.name)\"?"
    }
}
