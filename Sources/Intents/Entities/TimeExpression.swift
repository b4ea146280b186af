// SPDX-License-Identifier: Apache-2.0

/// What was said about one time, before it is placed on the calendar.
struct TimeExpression {
    var days: DayRange?
    var clock: ClockTime?
    var part: DayPart?
    /// Counted from now on, to the second.
    var exact: (utc: Int, grain: Grain)?
    /// A number that a range may make a day or an hour of.
    var bare: Int?
    /// `from` or `between` stood inside: a range must follow.
    var opensRange = false
    /// `in the`, `this`: enough for a part of a day to stand alone.
    var isAnchored = false
    var end: Int

    var isEmpty: Bool { days == nil && clock == nil && part == nil && exact == nil }
}

/// A stretch of local time with its grain.
struct TimeSpan {
    var from: ZonedInstant
    var to: ZonedInstant
    var grain: Grain

    var value: DatetimeValue { DatetimeValue(from: from, to: to, grain: grain) }
}

/// Places expressions on the calendar.
///
/// An hour from 1 to 7 without am or pm is taken after noon, one from 8 to 12 as it stands; on the current day the half
/// that is still to come. A time without a day is the next one, or the last one if the past is preferred.
struct TimePlacer {
    let now: ZonedInstant
    let zone: any TimeZoneRules
    let prefer: TimePreference

    var today: CivilDate { now.date }

    func place(_ expression: TimeExpression) -> TimeSpan? {
        if let exact = expression.exact { return instant(exact.utc, exact.grain) }
        if var clock = expression.clock {
            if let part = expression.part { clock = clock.settled(by: part) }
            return place(clock, on: expression.days?.from)
        }
        if let part = expression.part { return place(part, on: expression.days?.from) }
        return expression.days.map { place($0) }
    }

    func place(_ days: DayRange) -> TimeSpan {
        TimeSpan(from: start(of: days.from), to: start(of: days.to), grain: days.grain)
    }

    func start(of date: CivilDate) -> ZonedInstant {
        ZonedInstant(date, CivilTime(secondOfDay: 0), zone: zone)
    }

    /// The instant at which clocks `zone` seconds ahead of UTC, else those here, show that time.
    func at(_ date: CivilDate, _ secondOfDay: Int, zone ahead: Int?) -> ZonedInstant {
        guard let ahead else { return at(date, secondOfDay) }
        return ZonedInstant(utcSeconds: date.daysSinceEpoch * 86_400 + secondOfDay - ahead, zone: zone)
    }

    func at(_ date: CivilDate, _ secondOfDay: Int) -> ZonedInstant {
        secondOfDay >= 86_400
            ? start(of: date.adding(days: 1))
            : ZonedInstant(date, CivilTime(secondOfDay: secondOfDay), zone: zone)
    }

    func instant(_ utc: Int, _ grain: Grain) -> TimeSpan {
        let length = min(grain.seconds, Grain.day.seconds)
        return TimeSpan(
            from: ZonedInstant(utcSeconds: utc, zone: zone),
            to: ZonedInstant(utcSeconds: utc + length, zone: zone),
            grain: grain)
    }

    private func place(_ clock: ClockTime, on date: CivilDate?) -> TimeSpan {
        let instant = at(date ?? today, seconds(clock, on: date), zone: clock.zone)
        var from = instant
        if date == nil {
            if prefer != .past, from.utcSeconds <= now.utcSeconds {
                from = at(today.adding(days: 1), clock.usual, zone: clock.zone)
            }
            if prefer == .past, from.utcSeconds > now.utcSeconds {
                from = at(today.adding(days: -1), clock.usual, zone: clock.zone)
            }
        }
        return self.instant(from.utcSeconds, clock.grain)
    }

    /// The second of the day, with the half of the day decided.
    private func seconds(_ clock: ClockTime, on date: CivilDate?) -> Int {
        guard clock.isOpen, date == nil || date == today else { return clock.usual }
        let other = (clock.usual + 43_200) % 86_400
        let candidates = [clock.usual, other].map { ($0, at(today, $0).utcSeconds) }
        let fitting = candidates.first {
            prefer == .past ? $0.1 <= now.utcSeconds : $0.1 > now.utcSeconds
        }
        return fitting?.0 ?? clock.usual
    }

    private func place(_ part: DayPart, on date: CivilDate?) -> TimeSpan {
        var date = date ?? today
        let isOver = at(date, part.hours.upperBound * 3600).utcSeconds <= now.utcSeconds
        if date == today, isOver, prefer != .past { date = date.adding(days: 1) }
        return TimeSpan(
            from: at(date, part.hours.lowerBound * 3600), to: at(date, part.hours.upperBound * 3600),
            grain: .hour)
    }
}
