// A long list of words as it stands in its file: sorted, a word a line. In: the bytes. Out: whether a word is in it. Nothing is built
// from it, so that a program that starts does not wait for it.

import Foundation

/// Words to look up.
public struct WordList: Sendable {
    private let bytes: [UInt8]

    /// Takes sorted lines.
    public init(sorted bytes: [UInt8]) { self.bytes = bytes }

    /// The file `name` of a pack.
    static func load(_ name: String, in folder: URL) throws(LanguagePackError) -> WordList {
        WordList(sorted: Array(try PackFile.data(name, in: folder)))
    }

    /// Whether nothing is in it.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Whether a word is in it.
    public func contains(_ word: String) -> Bool {
        let wanted = Array(word.utf8)
        var (low, high) = (0, bytes.count)
        while low < high {
            // The line that the middle is in.
            var start = (low + high) / 2
            while start > low, bytes[start - 1] != Self.newline { start -= 1 }
            let end = bytes[start...].firstIndex(of: Self.newline) ?? bytes.count
            let line = bytes[start..<end]
            if line.elementsEqual(wanted) { return true }
            if line.lexicographicallyPrecedes(wanted) { low = end + 1 } else { high = start }
        }
        return false
    }

    private static let newline = UInt8(ascii: "\n")
}
