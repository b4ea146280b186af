// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

struct CivilDateTests {
    @Test func `days and dates convert both ways over four centuries`() {
        var previous = CivilDate(daysSinceEpoch: -100_001)
        for days in -100_000...100_000 {
            let date = CivilDate(daysSinceEpoch: days)
            #expect(
                date.daysSinceEpoch == days && previous < date && date.weekday == previous.weekday % 7 + 1)
            let isNext = date.day == previous.day + 1 && date.month == previous.month
            #expect(isNext || date.day == 1 && date.month == previous.month % 12 + 1)
            previous = date
        }
    }

    @Test func `known days are right`() throws {
        let date = try #require(CivilDate(year: 2026, month: 3, day: 9))
        #expect(date.daysSinceEpoch == 20_521)
        #expect(date.weekday == 1)
        #expect(CivilDate(year: 2026, month: 2, day: 29) == nil)
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
        #expect(CivilDate(year: 1900, month: 2, day: 29) == nil)
        #expect(date.adding(months: -3) == CivilDate(year: 2025, month: 12, day: 9))
        #expect(
            CivilDate(year: 2026, month: 1, day: 31)?.adding(months: 1)
                == CivilDate(year: 2026, month: 2, day: 28))
    }

    @Test func `an instant knows its local time and writes it`() throws {
        let date = try #require(CivilDate(year: 2026, month: 7, day: 1))
        let time = try #require(CivilTime(hour: 0, minute: 30))
        let instant = ZonedInstant(date, time, zone: FixedOffset(seconds: -16_200))
        #expect(instant.iso8601 == "2026-07-01T00:30:00-04:30")
        #expect(instant.date == date)
        #expect(instant.time == time)
        #expect(ZonedInstant(utcSeconds: -1, offset: 0).iso8601 == "1969-12-31T23:59:59+00:00")
    }

    @Test func `an hour that is skipped moves on, one that comes twice is the first`() throws {
        let spring = try #require(CivilDate(year: 2026, month: 3, day: 29))
        let autumn = try #require(CivilDate(year: 2026, month: 10, day: 25))
        let time = try #require(CivilTime(hour: 1, minute: 30))
        #expect(ZonedInstant(spring, time, zone: London()).iso8601 == "2026-03-29T02:30:00+01:00")
        #expect(ZonedInstant(autumn, time, zone: London()).iso8601 == "2026-10-25T01:30:00+01:00")
    }
}
