// Hours by the clock of the shop, over midnight and over the change to daylight saving and back.

import Commerce
import Foundation
import Testing

struct OpeningHoursTests {
    private func shop(hours: String) throws -> Shop {
        let text = "{name: 'Shop', currency: 'UAH', timeZone: 'Europe/Kyiv', hours: \(hours)}"
        return try Shop.read(json5: Data(text.utf8), source: "shop.json5")
    }

    @Test(
        arguments: [
            ("mon-sat", [1, 2, 3, 4, 5, 6]), ("sun", [7]), ("mon,wed-fri", [1, 3, 4, 5]), ("fri-mon", [1, 5, 6, 7]),
            ("daily", [1, 2, 3, 4, 5, 6, 7]), ("Monday - Tuesday, thu", [1, 2, 4]), ("mon,mon", [1]),
        ] as [(String, [Int])])
    func readsDays(text: String, days: [Int]) throws {
        let shop = try shop(hours: "[{days: '\(text)', open: '08:00', close: '21:00'}]")
        #expect(shop.hours?.spans.first?.days.map(\.rawValue) == days)
    }

    @Test(arguments: ["", "mo", "mon-", "-mon", "mon-tue-wed", "someday", "mon;tue", "mon,,tue"])
    func refusesOtherDays(text: String) {
        #expect(throws: ShopFileError.self) {
            try shop(hours: "[{days: '\(text)', open: '08:00', close: '21:00'}]")
        }
    }

    @Test(arguments: [
        ("24:00", "21:00"), ("8", "21:00"), ("08:00", "24:01"), ("08:60", "21:00"), ("-1:00", "2:00"), ("8:5", "9:00"),
    ])
    func refusesOtherTimes(open: String, close: String) {
        #expect(throws: ShopFileError.self) {
            try shop(hours: "[{days: 'mon', open: '\(open)', close: '\(close)'}]")
        }
    }

    @Test(
        arguments: [
            ("2026-03-02 07:59", false), ("2026-03-02 08:00", true), ("2026-03-02 20:59", true),
            ("2026-03-02 21:00", false),
            ("2026-03-01 12:00", false), ("2026-03-07 23:30", true), ("2026-03-08 01:59", true),
            ("2026-03-08 02:00", false),
            // Sunday has the hours of nobody, but Saturday's night reaches into it.
            ("2026-03-08 08:30", false),
        ] as [(String, Bool)])
    func knowsWhetherItIsOpen(time: String, isOpen: Bool) throws {
        let shop = try shop(
            hours: "[{days: 'mon-fri', open: '08:00', close: '21:00'}, {days: 'sat', open: '18:00', close: '02:00'}]")
        #expect(shop.isOpen(at: moment(time)) == isOpen)
    }

    @Test func allDayIsFromMidnightToMidnight() throws {
        for hours in [
            "[{days: 'mon', open: '00:00', close: '24:00'}]", "[{days: 'mon', open: '00:00', close: '00:00'}]",
        ] {
            let shop = try shop(hours: hours)
            #expect(shop.isOpen(at: moment("2026-03-02 00:00")))
            #expect(shop.isOpen(at: moment("2026-03-02 23:59")))
            #expect(!shop.isOpen(at: moment("2026-03-03 00:00")))
            #expect(!shop.isOpen(at: moment("2026-03-01 23:59")))
        }
    }

    @Test(arguments: [
        ("2026-03-02 12:00", "2026-03-02 12:00"), ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-07 21:00", "2026-03-09 08:00"), ("2026-03-02 05:00", "2026-03-02 08:00"),
        // Over the night in which the clock goes forward, and over the one in which it goes back.
        ("2026-03-28 22:00", "2026-03-30 08:00"), ("2026-10-24 22:00", "2026-10-26 08:00"),
    ])
    func knowsWhenItOpensNext(after: String, next: String) throws {
        let shop = try shop(hours: "[{days: 'mon-sat', open: '08:00', close: '21:00'}]")
        #expect(shop.nextOpening(after: moment(after)) == moment(next))
    }

    @Test func anOpeningInTheSkippedHourIsAfterIt() throws {
        // In Kyiv 03:00 to 04:00 is not there on 29 March 2026.
        let shop = try shop(hours: "[{days: 'sun', open: '03:30', close: '09:00'}]")
        let next = shop.nextOpening(after: moment("2026-03-28 12:00"))
        #expect(next == moment("2026-03-29 04:00"))
        #expect(next.map(shop.isOpen) == true)
    }

    @Test func isOpenThroughTheRepeatedHour() throws {
        // 03:30 comes twice on 25 October 2026; both are within the hours.
        let shop = try shop(hours: "[{days: 'sun', open: '03:00', close: '04:00'}]")
        let first = moment("2026-10-25 02:30").addingTimeInterval(3_600)
        #expect(shop.isOpen(at: first))
        #expect(shop.isOpen(at: first.addingTimeInterval(3_600)))
        #expect(!shop.isOpen(at: first.addingTimeInterval(7_200)))
    }

    @Test func withoutHoursItIsAlwaysOpen() throws {
        let shop = try Shop.read(json5: Data("{name: 'S', currency: 'UAH'}".utf8), source: "shop.json5")
        let night = moment("2026-03-01 03:00")
        #expect(shop.isOpen(at: night))
        #expect(shop.nextOpening(after: night) == night)
    }
}
