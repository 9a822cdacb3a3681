// Figures that nobody may see again: PINs and one-time codes, from the keys of a telephone to the hash that they become.

import Foundation

/// A PIN or a code. Its memory is kept out of the swap space where the system lets it be, and wiped when nobody holds it any more;
/// no description shows it.
///
/// `@unchecked Sendable` and `@safe`: the bytes are written before `init` returns, only read after it, and freed with it.
@safe public final class SecretDigits: @unchecked Sendable, Hashable, CustomStringConvertible {
    /// Figures of a PIN.
    public static let pinLength = 4...8
    /// Figures of a one-time code.
    public static let codeLength = 6

    private let memory: UnsafeMutableRawBufferPointer
    /// Pages are locked as a whole, so a secret has pages of its own.
    private let pages: Int

    /// Takes the figures of a text, and nothing else of it.
    public init(_ text: String) {
        let figures = text.compactMap(\.wholeNumberValue).filter { (0...9).contains($0) }
        let page = Int(getpagesize())
        pages = (figures.count / page + 1) * page
        let start = UnsafeMutableRawPointer.allocate(byteCount: pages, alignment: page)
        unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: figures.count)
        _ = unsafe mlock(start, pages)
        for (index, figure) in figures.enumerated() { unsafe memory[index] = UInt8(ascii: "0") + UInt8(figure) }
    }

    deinit {
        guard let start = unsafe memory.baseAddress else { return }
        // An ordinary assignment before freeing may be left out by the compiler.
        unsafe explicit_bzero(start, memory.count)
        _ = unsafe munlock(start, pages)
        unsafe start.deallocate()
    }

    /// How many figures.
    public var count: Int { unsafe memory.count }

    /// Lends the figures as ASCII bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(memory))
    }

    /// Whether a PIN of these figures would be among the first that anybody tries: all the same, all up or down by one, a year
    /// of life, or a part of the customer's own number.
    public func isEasyToGuess(phone: String) -> Bool {
        let figures = unsafe memory.map { Int($0) - 48 }
        let steps = Set(zip(figures.dropFirst(), figures).map { $0 - $1 })
        let text = figures.map(String.init).joined()
        let isYear = figures.count == 4 && (1_920...2_029).contains(Int(text) ?? 0)
        return steps == [0] || steps == [1] || steps == [-1] || isYear || phone.contains(text)
    }

    /// Whether the figures are the same; takes as long whether they are or not.
    public static func == (one: SecretDigits, other: SecretDigits) -> Bool {
        guard one.count == other.count else { return false }
        return unsafe zip(one.memory, other.memory).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// By the length only: nothing that tells the figures apart leaves the wiped memory.
    public func hash(into hasher: inout Hasher) { hasher.combine(count) }

    /// Marks.
    public var description: String { "•••" }
}
