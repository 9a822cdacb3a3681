// When something is open, by the clock on the wall of the shop: daylight saving moves the clock, not the hours.

public import Foundation

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

    /// Whether it is open at `date`. A closing time is no longer open; a span that goes past midnight counts to the day it
    /// began on.
    public func isOpen(at date: Date, timeZone: TimeZone) -> Bool {
        let clock = Self.calendar(timeZone).dateComponents([.weekday, .hour, .minute], from: date)
        guard let day = clock.weekday, let hour = clock.hour, let minute = clock.minute else { return false }
        // Foundation counts days from Sunday, 1.
        let today = Weekday.monday.advanced(by: day - 2)
        let minutes = hour * 60 + minute
        return spans.contains { span in
            if span.close > span.open {
                return span.days.contains(today) && (span.open..<span.close).contains(minutes)
            }
            return span.days.contains(today) && minutes >= span.open
                || span.days.contains(today.advanced(by: -1)) && minutes < span.close
        }
    }

    /// The first moment from `date` on at which it is open, `date` itself if it is; nil if it never opens. An opening time
    /// that daylight saving skips is the moment after the gap.
    public func nextOpening(after date: Date, timeZone: TimeZone) -> Date? {
        if isOpen(at: date, timeZone: timeZone) { return date }
        let calendar = Self.calendar(timeZone)
        let openings = spans.flatMap { span in
            span.days.compactMap { day in
                let clock = DateComponents(
                    hour: span.open / 60, minute: span.open % 60, second: 0, weekday: day.rawValue % 7 + 1)
                return calendar.nextDate(after: date, matching: clock, matchingPolicy: .nextTime)
            }
        }
        return openings.min()
    }

    private static func calendar(_ timeZone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar
    }
}

extension Shop {
    /// The zone that its hours count in.
    public var zone: TimeZone { TimeZone(identifier: timeZone) ?? .gmt }

    /// Whether the shop is open.
    public func isOpen(at date: Date) -> Bool { hours?.isOpen(at: date, timeZone: zone) ?? true }

    /// The first moment from `date` on at which the shop is open; nil if it never opens.
    public func nextOpening(after date: Date) -> Date? {
        hours.map { $0.nextOpening(after: date, timeZone: zone) } ?? date
    }

    /// Whether a delivery method can be chosen now: while it works, or at any time where orders wait until it does.
    public func isAvailable(_ method: DeliveryMethod, at date: Date) -> Bool {
        ordersWhenClosed || hours(of: method)?.isOpen(at: date, timeZone: zone) ?? true
    }

    /// The first moment from `date` on at which a delivery method works; `date` itself if it does, nil if it never does.
    public func nextTime(for method: DeliveryMethod, after date: Date) -> Date? {
        hours(of: method).map { $0.nextOpening(after: date, timeZone: zone) } ?? date
    }

    /// Its own hours or, without any, the shop's.
    public func hours(of method: DeliveryMethod) -> OpeningHours? { method.hours ?? hours }
}
