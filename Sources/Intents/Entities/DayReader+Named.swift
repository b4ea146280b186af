// SPDX-License-Identifier: Apache-2.0

/// Days that have a name or a number within something larger: `first day of April`, `next summer`, `last Easter`.
extension DayReader {
    /// `last day of October 2018`, `second last week of May`, `third week of the month`: weeks that lie in it whole.
    func nthUnit(_ position: Int) -> Found? {
        var start = stream.word(position) == "the" ? position + 1 : position
        var ordinal = 1
        if let (value, next) = numbers.ordinal(at: start) { (ordinal, start) = (value, next) }
        let isLast = stream.word(start) == "last"
        if isLast { start += 1 }
        guard isLast || start > position, ordinal >= 1, ordinal <= 53,
            let unit = DurationReader.units[stream.word(start)] ?? weekend(start),
            unit == .day || unit == .week,
            stream.isOne(start + 1, of: ["of", "in"])
        else { return nil }
        let article = stream.word(start + 2) == "the" && stream.word(start + 3) == "month"
        let whole =
            article
            ? (unitRange(.month, 0), start + 4)
            : period(start + 2) ?? monthAlone(start + 2) ?? yearAlone(start + 2)
        guard let (range, end) = whole, range.grain != .day, range.grain != .week else { return nil }
        if weekend(start) != nil { return weekend(in: range, ordinal, isLast).map { ($0, end) } }
        return nth(unit, in: range, ordinal, isLast).map { ($0, end) }
    }

    private func nth(_ unit: Grain, in range: DayRange, _ ordinal: Int, _ isLast: Bool) -> DayRange? {
        let length = unit == .week ? 7 : 1
        let monday = range.from.adding(days: (8 - range.from.weekday) % 7)
        let first = isLast ? range.to : unit == .week ? monday : range.from
        let edge = isLast && unit == .week ? first.adding(days: 1 - first.weekday) : first
        let found = edge.adding(days: isLast ? -length * ordinal : length * (ordinal - 1))
        guard found >= range.from, found < range.to else { return nil }
        return DayRange(found, unit)
    }

    private func weekend(_ position: Int) -> Grain? { meant(position) == "weekend" ? .week : nil }

    private func weekend(in range: DayRange, _ ordinal: Int, _ isLast: Bool) -> DayRange? {
        let saturday =
            isLast
            ? range.to.adding(days: -1 - range.to.weekday % 7 - 7 * (ordinal - 1))
            : range.from.adding(days: (6 - range.from.weekday + 7) % 7 + 7 * (ordinal - 1))
        guard saturday >= range.from, saturday < range.to else { return nil }
        return DayRange(from: saturday, to: saturday.adding(days: 2), grain: .day)
    }

    // MARK: Within something said before

    /// A day within a week, or the date of a weekday: `next week on Friday`, `Wednesday the 27th`.
    func narrowed(_ known: DayRange, at position: Int) -> Found? {
        let start = stream.word(position) == "the" ? position + 1 : position
        if known.grain == .week, let weekday = TimeWords.weekdays[meant(start)] {
            return (DayRange(known.from.adding(days: weekday - 1), .day), start + 1)
        }
        guard known.isWeekday, start > position, let (number, end) = numbers.ordinal(at: start),
            (1...31).contains(number), TimeWords.months[meant(end)] == nil, stream.word(end) != "of"
        else { return nil }
        let step = prefer == .past ? -1 : 1
        let dates = (0..<15).compactMap { shift -> CivilDate? in
            let month = today.startOfMonth.adding(months: shift * step)
            return CivilDate(year: month.year, month: month.month, day: number)
        }.filter { step < 0 ? $0 <= today : $0 >= today }
        let fitting = dates.first { $0.weekday == known.from.weekday }
        return (fitting ?? dates.first).map { (DayRange($0, .day), end) }
    }

    /// `the week of November 30th`, `the month of May`.
    func framed(_ position: Int) -> Found? {
        let start = stream.word(position) == "the" ? position + 1 : position
        guard stream.word(start + 1) == "of" else { return rest(start) }
        if stream.word(start) == "week", let (day, end) = days(at: start + 2), day.grain == .day {
            return (DayRange(day.from.startOfWeek, .week), end)
        }
        if stream.word(start) == "month", let month = TimeWords.months[meant(start + 2)] {
            let (year, end) = year(at: start + 3)
            return day(1, month, year ?? (month == today.month ? today.year : nil)).map {
                (DayRange($0, .month), end)
            }
        }
        return rest(start)
    }

    /// `rest of the week`, `later this month`.
    private func rest(_ start: Int) -> Found? {
        let isRest = stream.isOne(start, of: ["rest", "remainder"]) && stream.word(start + 1) == "of"
        let isLater = stream.word(start) == "later" && stream.word(start + 1) == "this"
        guard isRest || isLater else { return nil }
        var unitAt = start + 2
        while isRest, stream.isOne(unitAt, of: ["the", "this"]) { unitAt += 1 }
        guard let unit = DurationReader.units[stream.word(unitAt)], unit.seconds > Grain.day.seconds else {
            return nil
        }
        let range = unitRange(unit, 0)
        let from = isLater ? today.adding(days: 1) : today
        guard from < range.to else { return nil }
        return (DayRange(from: from, to: range.to, grain: .day), unitAt + 1)
    }

    // MARK: Seasons

    /// `this summer`, `next winter`, `this season`: of the northern half of the world, both days of change included.
    func season(_ position: Int, _ shift: Int) -> Found? {
        let starts = [(3, 20), (6, 21), (9, 23), (12, 21)]
        let names = ["spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3]
        let word = stream.word(position)
        let all = (-2...2).flatMap { year in
            starts.indices.compactMap { number -> (number: Int, days: DayRange)? in
                let (start, next) = (starts[number], starts[(number + 1) % 4])
                let from = CivilDate(year: today.year + year, month: start.0, day: start.1)
                let to = CivilDate(
                    year: today.year + year + (number == 3 ? 1 : 0), month: next.0, day: next.1)
                guard let from, let to else { return nil }
                return (number, DayRange(from: from, to: to.adding(days: 1), grain: .day))
            }
        }
        let wanted = names[word].map { number in all.filter { $0.number == number } } ?? all
        guard names[word] != nil || word == "season" || word == "seasons",
            let current = wanted.firstIndex(where: { $0.days.to.adding(days: -1) > today })
        else { return nil }
        let isInside = wanted[current].days.from <= today
        let index = current + (shift > 0 && !isInside ? 0 : shift)
        return wanted.indices.contains(index) ? (wanted[index].days, position + 1) : nil
    }

    // MARK: Holidays

    /// `Christmas`, `Easter Monday 2027`, `last Thanksgiving`, `Thanksgiving in two years`.
    func holiday(_ position: Int) -> Found? {
        let shifts = ["next": 1, "this": 0, "last": -1, "coming": 1, "previous": -1]
        let shift = shifts[stream.word(position)]
        var start = shift == nil ? position : position + 1
        if stream.word(start) == "the" { start += 1 }
        for length in [4, 3, 2, 1] where start + length <= stream.count {
            let name = (start..<(start + length)).map { stream.word($0) }.joined(separator: " ")
            guard let rule = Holiday.byName[name] else { continue }
            let (year, end) = self.year(at: start + length)
            if let year { return rule.date(in: year).map { (DayRange($0, .day), end) } }
            return occurrence(of: rule, shift).map { (DayRange($0, .day), start + length) }
        }
        return nil
    }

    private func occurrence(of rule: Holiday, _ shift: Int?) -> CivilDate? {
        let dates = (-2...2).compactMap { rule.date(in: today.year + $0) }
        if shift == -1 || shift == nil && prefer == .past { return dates.last { $0 < today } }
        return dates.first { shift == 1 ? $0 > today : $0 >= today }
    }
}
