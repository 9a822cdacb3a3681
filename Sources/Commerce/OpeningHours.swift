// When something is open, in the shop's own time zone.

/// Days of the week as the shop's file names them.
public enum Weekday: Int, Sendable, CaseIterable, Hashable {
    case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday
}

/// A span of minutes on some days.
public struct OpeningSpan: Sendable, Hashable {
    /// On which days.
    public let days: [Weekday]
    /// Minutes after midnight.
    public let open: Int
    /// Minutes after midnight; at most `open` means past midnight.
    public let close: Int

    /// Makes a span.
    public init(days: [Weekday], open: Int, close: Int) {
        self.days = days
        self.open = open
        self.close = close
    }
}

/// Spans in which something is open.
public struct OpeningHours: Sendable, Hashable {
    /// In the order of the file.
    public let spans: [OpeningSpan]

    /// Makes hours.
    public init(spans: [OpeningSpan]) { self.spans = spans }
}
