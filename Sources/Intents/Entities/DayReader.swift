// SPDX-License-Identifier: Apache-2.0

/// A stretch of whole days as said.
struct DayRange: Hashable {
    var from: CivilDate
    /// The first day after it.
    var to: CivilDate
    var grain: Grain
    /// Said as a weekday alone: a date beside it is the more exact.
    var isWeekday = false

    init(_ from: CivilDate, _ grain: Grain, count: Int = 1) {
        self.from = from
        self.grain = grain
        switch grain {
        case .week: to = from.adding(days: 7 * count)
        case .month: to = from.adding(months: count)
        case .quarter: to = from.adding(months: 3 * count)
        case .year: to = from.adding(months: 12 * count)
        default: to = from.adding(days: count)
        }
    }

    init(from: CivilDate, to: CivilDate, grain: Grain) {
        (self.from, self.to, self.grain) = (from, to, grain)
    }
}

/// Reads days, weeks, months and dates.
///
/// Conventions, with `today` a Tuesday: a bare "Friday" is the next one after today (before today if the past is
/// preferred), "this Friday" is the one of this week unless it has gone, "next Friday" is the one of next week, weeks
/// begin on Monday, "last Friday" is the one before today. `9/3` is the 9th of March unless only the other order is a
/// date. A date without a year is the next one, today included (the last one if the past is preferred).
struct DayReader {
    let stream: TokenStream
    let numbers: NumberReader
    let today: CivilDate
    let prefer: TimePreference
    var monthFirst = false

    typealias Found = (days: DayRange, end: Int)

    func days(at position: Int) -> Found? {
        if isSpoken(position),
            let found = named(position) ?? framed(position) ?? nthUnit(position) ?? nthWeekday(position)
                ?? edge(position)
        {
            return found
        }
        if let found = written(position) { return found }
        return isSpoken(position)
            ? period(position) ?? weekday(position) ?? holiday(position) : spokenAfterNumber(position)
    }

    private func isSpoken(_ position: Int) -> Bool {
        position < stream.count && stream.tokens[position].kind == .word
    }

    private func spokenAfterNumber(_ position: Int) -> Found? {
        nthUnit(position) ?? nthWeekday(position)
    }

    func meant(_ position: Int) -> String { stream.meant(position) }

    // MARK: Words

    private func named(_ position: Int) -> Found? {
        let start = stream.word(position) == "the" ? position + 1 : position
        if stream.word(start) == "day", meant(start + 2) == "tomorrow",
            stream.word(start + 1) == "after"
        {
            return (DayRange(today.adding(days: 2), .day), start + 3)
        }
        if stream.word(start) == "day", meant(start + 2) == "yesterday",
            stream.word(start + 1) == "before"
        {
            return (DayRange(today.adding(days: -2), .day), start + 3)
        }
        if stream.word(start) == "eod" || stream.word(start) == "cob" {
            return (DayRange(today, .day), start + 1)
        }
        if stream.word(start) == "eom" { return (part(of: unitRange(.month, 0), 1), start + 1) }
        if stream.word(start) == "eoy" { return (part(of: unitRange(.year, 0), 1), start + 1) }
        let shifts = ["today": 0, "tomorrow": 1, "yesterday": -1]
        guard let shift = shifts[meant(position)] else { return nil }
        let day = today.adding(days: shift)
        if stream.word(position + 1) == "week" {
            return (DayRange(day.adding(days: 7), .day), position + 2)
        }
        return (DayRange(day, .day), position + 1)
    }

    private func weekday(_ position: Int) -> Found? {
        guard let number = TimeWords.weekdays[meant(position)], isMeant(position) else { return nil }
        let ahead = (number - today.weekday + 7) % 7
        let shift = prefer == .past ? (ahead == 0 ? -7 : ahead - 7) : (ahead == 0 ? 7 : ahead)
        var days = DayRange(today.adding(days: shift), .day)
        days.isWeekday = true
        return weekday(number, days, position + 1)
    }

    /// "Monday week", "Monday of next week".
    private func weekday(_ number: Int, _ days: DayRange, _ end: Int) -> Found {
        if stream.word(end) == "week" { return (DayRange(days.from.adding(days: 7), .day), end + 1) }
        let next = stream.isOne(end, of: ["of", "in"]) ? end + 1 : end
        if let (week, after) = period(next), week.grain == .week {
            return (DayRange(week.from.adding(days: number - 1), .day), after)
        }
        return (days, end)
    }

    /// Whether an ambiguous word (`sat`, `may`) is meant as a time.
    private func isMeant(_ position: Int) -> Bool {
        guard TimeWords.ambiguous.contains(stream.word(position)) else { return true }
        if stream.count == 1 || stream.isOne(position - 1, of: TimeWords.cues) { return true }
        let isCapital = stream.tokens[position].capital && position > 0
        let next =
            stream.tokens.indices.contains(position + 1) ? stream.tokens[position + 1].kind : .mark
        return isCapital || next == .number
            || (stream.word(position + 1) == "," && stream.count > position + 2)
    }

    // MARK: Periods

    /// `next week`, `this month`, `last year`, `next 3 days`, `next Friday`, `this weekend`, `next March`, `the week`.
    func period(_ position: Int) -> Found? {
        var start = stream.word(position) == "the" ? position + 1 : position
        let word = stream.word(start)
        if meant(start) == "weekend", start > position || stream.count == 1 {
            return (weekend(0), start + 1)
        }
        guard let shift = Self.shifts[word] else { return nil }
        start += 1
        if let found = counted(start, shift) { return found }
        if let unit = DurationReader.units[stream.word(start)], unit.seconds >= Grain.day.seconds {
            let isFollowing = stream.word(start + 1) == "after" && stream.word(start + 2) == "next"
            return (unitRange(unit, shift + (isFollowing ? 1 : 0)), start + 1 + (isFollowing ? 2 : 0))
        }
        if let number = TimeWords.weekdays[meant(start)] {
            return (shiftedWeekday(number, shift, word), start + 1)
        }
        if let number = TimeWords.months[meant(start)] {
            return (DayRange(shiftedMonth(number, shift), .month), start + 1)
        }
        if let found = season(start, shift) { return found }
        return meant(start) == "weekend" ? (weekend(shift), start + 1) : nil
    }

    private static let shifts: [String: Int] = [
        "next": 1, "following": 1, "coming": 1, "upcoming": 1, "this": 0, "current": 0, "last": -1,
        "past": -1, "previous": -1,
    ]

    /// `next 3 days`, `last two weeks`: they begin, or end, beside the current one.
    private func counted(_ position: Int, _ shift: Int) -> Found? {
        guard shift != 0, let (count, end) = numbers.number(at: position) ?? few(position), count >= 1,
            count <= 1000,
            let unit = DurationReader.units[stream.word(end)], unit.seconds >= Grain.day.seconds
        else { return nil }
        let first = unitRange(unit, shift > 0 ? 1 : -Int(count)).from
        return (DayRange(first, unit, count: Int(count)), end + 1)
    }

    private func few(_ position: Int) -> (value: Double, end: Int)? {
        stream.isOne(position, of: ["few", "several"]) ? (3, position + 1) : nil
    }

    /// The current day, week, month, quarter or year, moved by `shift`.
    func unitRange(_ unit: Grain, _ shift: Int) -> DayRange {
        switch unit {
        case .week: DayRange(today.startOfWeek.adding(days: 7 * shift), .week)
        case .month: DayRange(today.startOfMonth.adding(months: shift), .month)
        case .quarter:
            DayRange(today.startOfMonth.adding(months: -((today.month - 1) % 3) + 3 * shift), .quarter)
        case .year: DayRange(today.startOfMonth.adding(months: 1 - today.month + 12 * shift), .year)
        default: DayRange(today.adding(days: shift), .day)
        }
    }

    private func shiftedWeekday(_ number: Int, _ shift: Int, _ word: String) -> DayRange {
        let ahead = (number - today.weekday + 7) % 7
        if ["coming", "upcoming"].contains(word) {
            return DayRange(today.adding(days: ahead == 0 ? 7 : ahead), .day)
        }
        switch shift {
        case 1: return DayRange(today.startOfWeek.adding(days: 6 + number), .day)
        case -1: return DayRange(today.adding(days: ahead == 0 ? -7 : ahead - 7), .day)
        default: return DayRange(today.adding(days: ahead), .day)
        }
    }

    private func shiftedMonth(_ number: Int, _ shift: Int) -> CivilDate {
        let ahead = (number - today.month + 12) % 12
        let months = shift < 0 ? (ahead == 0 ? -12 : ahead - 12) : shift > 0 && ahead == 0 ? 12 : ahead
        return today.startOfMonth.adding(months: months)
    }

    /// Saturday and Sunday.
    private func weekend(_ shift: Int) -> DayRange {
        let saturday = today.startOfWeek.adding(days: 5 + 7 * shift)
        return DayRange(from: saturday, to: saturday.adding(days: 2), grain: .day)
    }

    /// `end of the month`, `beginning of next week`, `early March`.
    private func edge(_ position: Int) -> Found? {
        var start = stream.word(position) == "the" ? position + 1 : position
        let edges = [
            "end": 1, "beginning": -1, "start": -1, "middle": 0, "early": -1, "late": 1, "mid": 0,
        ]
        guard let side = edges[stream.word(start)] else { return nil }
        let needsOf = !["early", "late", "mid"].contains(stream.word(start))
        start += 1
        if needsOf {
            guard stream.word(start) == "of" else { return nil }
            start += 1
        } else if stream.word(start) == "-" {
            start += 1
        }
        if stream.isOne(start, of: ["around", "about"]) { start += 1 }
        let next = stream.word(start) == "the" ? start + 1 : start
        if let unit = DurationReader.units[stream.word(next)],
            unit == .week || unit == .month || unit == .year
        {
            return (part(of: unitRange(unit, 0), side), next + 1)
        }
        guard let (range, end) = period(start) ?? monthAlone(start) ?? yearAlone(start),
            range.grain != .day
        else { return nil }
        return (part(of: range, side), end)
    }

    private func part(of range: DayRange, _ side: Int) -> DayRange {
        switch (range.grain, side) {
        case (.week, -1): DayRange(from: range.from, to: range.from.adding(days: 3), grain: .day)
        case (.week, 1): DayRange(from: range.from.adding(days: 4), to: range.to, grain: .day)
        case (.week, _):
            DayRange(from: range.from.adding(days: 2), to: range.from.adding(days: 4), grain: .day)
        case (.year, -1): DayRange(range.from, .month, count: 3)
        case (.year, 1): DayRange(range.from.adding(months: 8), .month, count: 4)
        case (.year, _): DayRange(range.from.adding(months: 4), .month, count: 4)
        case (_, -1): DayRange(from: range.from, to: range.from.adding(days: 10), grain: .day)
        case (_, 1): DayRange(from: range.from.adding(days: 20), to: range.to, grain: .day)
        default:
            DayRange(from: range.from.adding(days: 10), to: range.from.adding(days: 20), grain: .day)
        }
    }

    /// `first Monday of March`, `last Friday in October 2026`, `second Tuesday of next month`.
    private func nthWeekday(_ position: Int) -> Found? {
        let start = stream.word(position) == "the" ? position + 1 : position
        let isLast = stream.word(start) == "last"
        guard let (ordinal, next) = isLast ? (0, start + 1) : numbers.ordinal(at: start), ordinal <= 5,
            let weekday = TimeWords.weekdays[meant(next)]
        else { return nil }
        if stream.word(next + 1) == "after", !isLast, let (base, end) = days(at: next + 2),
            base.grain == .day
        {
            let ahead = (weekday - base.from.weekday + 6) % 7 + 1
            return (DayRange(base.from.adding(days: ahead + 7 * (ordinal - 1)), .day), end)
        }
        guard stream.isOne(next + 1, of: ["of", "in"]) else { return nil }
        let article = stream.isOne(next + 2, of: ["the"]) && stream.word(next + 3) == "month"
        let month =
            article ? (unitRange(.month, 0), next + 4) : period(next + 2) ?? monthAlone(next + 2)
        guard let (range, end) = month, range.grain == .month else { return nil }
        if isLast {
            let back = (range.to.adding(days: -1).weekday - weekday + 7) % 7
            return (DayRange(range.to.adding(days: -1 - back), .day), end)
        }
        let ahead = (weekday - range.from.weekday + 7) % 7
        let found = range.from.adding(days: ahead + 7 * (ordinal - 1))
        return found < range.to ? (DayRange(found, .day), end) : nil
    }
}
