// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// Dates and times as people write them.
///
/// | value | text |
/// |---|---|
/// | an instant | `Tue 10 Mar at 15:00`, with `clock: 12h` in the settings `Tue 10 Mar at 3:00 PM` |
/// | part of a day | `Tue 10 Mar from 12:00 to 18:00` |
/// | a day; several | `Tue 10 Mar`; `Tue 10 Mar to Thu 12 Mar` |
/// | a week | `the week of 9 Mar` |
/// | a month, a quarter, a year | `March 2026`, `January to March 2026`, `2026` |
/// | without an end or a start | `from Tue 10 Mar`, `until Tue 10 Mar` |
///
/// A day more than half a year away carries its year: `Tue 10 Mar 2027 at 15:00`.
struct DateText {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November",
        "December",
    ]
    private static let halfYear = 183

    let time: LocalTime

    /// The date and, where one is known and wanted, the time of day; nil when the value is no date.
    func date(_ value: JSON, timeOfDay: Bool = true) -> String? {
        guard let span = TimeSpan(value, in: time) else { return nil }
        switch (span.from, span.to) {
        case (let from?, let to?): return text(span, from, to, timeOfDay && span.hasTime)
        case (let from?, nil): return "from " + moment(from, timeOfDay && span.hasTime)
        case (nil, let to?):
            return "until " + moment(span.hasTime ? to : to - 1, timeOfDay && span.hasTime)
        case (nil, nil): return nil
        }
    }

    /// The time of day of an instant, or of the beginning of a stretch; nil when the value has none.
    func timeOfDay(_ value: JSON) -> String? {
        guard let span = TimeSpan(value, in: time), span.hasTime else { return nil }
        return (span.from ?? span.to).map(clock)
    }

    private func text(_ span: TimeSpan, _ from: Int, _ to: Int, _ timeOfDay: Bool) -> String {
        let (first, last) = (span.firstDay ?? 0, span.lastDay ?? 0)
        let date = CivilDate(daysSinceEpoch: first)
        switch span.grain {
        case "week" where last - first == 6: return "the week of " + dayOfMonth(first)
        case "month" where last - first < 31: return "\(Self.months[date.month - 1]) \(date.year)"
        case "quarter" where last - first < 92:
            return "\(Self.months[date.month - 1]) to \(Self.months[min(date.month + 1, 11)]) \(date.year)"
        case "year" where last - first < 366: return String(date.year)
        default: break
        }
        let length = span.grain == "hour" ? 3_600_000 : 60_000
        if timeOfDay, to - from > length {
            // The last minute belongs to what was said: "from 9:30 to 11:00" ends at 11:01.
            let to = span.grain == "minute" ? to - 60_000 : to
            return first == last
                ? "\(day(first)) from \(clock(from)) to \(clock(to))"
                : "\(moment(from, true)) to \(moment(to, true))"
        }
        if span.hasTime || first >= last { return moment(from, timeOfDay) }
        return "\(day(first)) to \(day(last))"
    }

    private func moment(_ local: Int, _ timeOfDay: Bool) -> String {
        let text = day(ISODateTime.floor(local, 86_400_000))
        return timeOfDay ? "\(text) at \(clock(local))" : text
    }

    private func day(_ days: Int) -> String {
        "\(Self.weekdays[((days + 3) % 7 + 7) % 7]) \(dayOfMonth(days))"
    }

    private func dayOfMonth(_ days: Int) -> String {
        let date = CivilDate(daysSinceEpoch: days)
        let text = "\(date.day) \(Self.months[date.month - 1].prefix(3))"
        return abs(days - time.today) > Self.halfYear ? "\(text) \(date.year)" : text
    }

    private func clock(_ local: Int) -> String {
        let minutes = (local - ISODateTime.floor(local, 86_400_000) * 86_400_000) / 60_000
        let (hour, minute) = (minutes / 60, minutes % 60)
        let past = minute < 10 ? "0\(minute)" : "\(minute)"
        guard time.isTwelveHour else { return (hour < 10 ? "0" : "") + "\(hour):\(past)" }
        return "\((hour + 11) % 12 + 1):\(past) \(hour < 12 ? "AM" : "PM")"
    }
}
