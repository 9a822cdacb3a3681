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
