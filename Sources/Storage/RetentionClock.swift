// Time as retention counts it: what the clock shows, plus all that it was ever set back by. So nothing lives longer because
// somebody turns the clock back, and a clock that went wrong for a while and was put right keeps nothing for ever.

import Foundation

/// What the last sweep knew of time, in seconds.
struct RetentionClock {
    private static let name = "retention_clock"

    /// What the clock showed then.
    private var last: Int64
    /// By how much it was ever set back.
    private(set) var setBack: Int64

    /// Reads it.
    init(in database: inout Database) throws(StoreError) {
        let text = try database.setting(Self.name).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let numbers = text.split(separator: " ").compactMap { Int64($0) }
        (last, setBack) = numbers.count == 2 ? (numbers[0], numbers[1]) : (.min, 0)
    }

    /// The time of retention where the clock shows `now`.
    mutating func time(_ now: Date) -> Int64 {
        if now.seconds < last { setBack += last - now.seconds }
        last = now.seconds
        return now.seconds + setBack
    }

    /// Keeps it.
    func save(in database: inout Database) throws(StoreError) {
        try database.set(Self.name, Array("\(last) \(setBack)".utf8))
    }
}
