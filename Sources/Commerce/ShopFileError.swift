// What is wrong with a shop's file: every mistake with its place, in one message a shopkeeper can act on.

/// One mistake in a shop's file.
public struct ShopFileMistake: Sendable, Hashable, CustomStringConvertible {
    /// The file's name.
    public let file: String
    /// Where: `products[12].price`, or the line of a feed.
    public let path: String
    /// What is wrong there and, where it can be said, what would be right.
    public let reason: String

    /// Makes a mistake.
    public init(file: String, path: String, reason: String) {
        self.file = file
        self.path = path
        self.reason = reason
    }

    /// `catalog.json5: products[12].price: is negative`.
    public var description: String { path.isEmpty ? "\(file): \(reason)" : "\(file): \(path): \(reason)" }
}

/// Why a shop or a catalogue was not taken. Nothing of it is used; trying again helps only after the file changed.
public enum ShopFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is not there, or cannot be read or written.
    case unreadable(file: String, reason: String)
    /// The text breaks off being JSON5, XML or a table here; counted from 1, 0 where the place is not known.
    case malformed(file: String, line: Int, column: Int, reason: String)
    /// It can be read, but says something wrong: all of it.
    case mistakes([ShopFileMistake])

    /// The whole message, a line for each mistake.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .malformed(let file, 0, _, let reason): "\(file): \(reason)"
        case .malformed(let file, let line, let column, let reason): "\(file):\(line):\(column): \(reason)"
        case .mistakes(let all): all.map(\.description).joined(separator: "\n")
        }
    }
}

/// Gathers the mistakes of one file while it is being read.
final class MistakeList {
    let file: String
    private(set) var all: [ShopFileMistake] = []

    init(file: String) { self.file = file }

    func add(_ path: String, _ reason: String) {
        all.append(ShopFileMistake(file: file, path: path, reason: reason))
    }

    /// Ends the reading: an error if there was any mistake.
    func check() throws(ShopFileError) {
        if !all.isEmpty { throw .mistakes(all) }
    }
}

/// What a mistyped name was probably meant to be, in the shop's files and wherever else operators type names.
package enum Spelling {
    /// `; did you mean "price"?`, or nothing where no known name is near.
    package static func suggestion(for name: String, among known: some Sequence<String>) -> String {
        let wanted = Array(name.lowercased())
        var best: (name: String, distance: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased())
            guard abs(letters.count - wanted.count) <= 2 else { continue }
            let distance = editDistance(wanted, letters)
            if distance < (best?.distance ?? .max) { best = (candidate, distance) }
        }
        guard let best, best.distance <= wanted.count / 3 else { return "" }
        return "; did you mean \"\(best.name)\"?"
    }

    private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substituted = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
