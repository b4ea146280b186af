// SPDX-License-Identifier: Apache-2.0

/// Dates as written: `2026-03-09`, `9/3/26`, `9 March`, `March 9th, 2026`, `the 15th`.
extension DayReader {
    func written(_ position: Int) -> Found? {
        iso(position) ?? slashed(position) ?? dayMonth(position) ?? monthDay(position) ?? monthAlone(position)
            ?? dayAlone(position) ?? quarter(position) ?? yearAlone(position)
    }

    /// Day and month with a year, or with the year the preference asks for.
    func day(_ day: Int, _ month: Int, _ year: Int?) -> CivilDate? {
        if let year { return CivilDate(year: year, month: month, day: day) }
        // Eight years reach the next 29th of February from anywhere.
        let years = prefer == .past ? (0..<9).map { today.year - $0 } : (0..<9).map { today.year + $0 }
        let dates = years.lazy.compactMap { CivilDate(year: $0, month: month, day: day) }
        return dates.first { prefer == .past ? $0 <= today : $0 >= today }
    }

    /// The year at `position`, behind a comma or `of` or `in` if need be, and the position after it.
    func year(at position: Int) -> (year: Int?, end: Int) {
        if let shifted = shiftedYear(position) ?? spokenYear(position) { return shifted }
        var start = position
        if stream.isOne(start, of: [",", "of", "in", "'"]) { start += 1 }
        if let value = stream.digits(start), stream.digitCount(start) == 4, (1000...2999).contains(value),
            !isClock(start + 1)
        {
            return (value, start + 1)
        }
        guard start == position || stream.word(position) == "'", let value = stream.digits(start),
            stream.digitCount(start) == 2, value > 12, !isClock(start + 1)
        else { return (nil, position) }
        return (Self.century(value), start + 1)
    }

    /// `June next year`, `May of last year`.
    private func shiftedYear(_ position: Int) -> (year: Int?, end: Int)? {
        let start = stream.isOne(position, of: ["of", "in", ","]) ? position + 1 : position
        let shifts = ["next": 1, "this": 0, "last": -1]
        guard let shift = shifts[stream.word(start)], stream.word(start + 1) == "year" else { return nil }
        return (today.year + shift, start + 2)
    }

    /// `two thousand and eighteen`, `nineteen seventy eight`, `twenty twenty six`.
    private func spokenYear(_ position: Int) -> (year: Int?, end: Int)? {
        let start = stream.isOne(position, of: ["of", "in", ","]) ? position + 1 : position
        if stream.word(start) == "two", stream.word(start + 1) == "thousand" {
            let next = stream.word(start + 2) == "and" ? start + 3 : start + 2
            let rest = numbers.words(at: next).flatMap { $0.value < 100 ? $0 : nil }
            return (2000 + (rest?.value ?? 0), rest?.end ?? start + 2)
        }
        guard let century = ["nineteen": 1900, "twenty": 2000][stream.word(start)],
            stream.tokens.indices.contains(start + 1), stream.tokens[start + 1].kind == .word,
            let (rest, end) = numbers.words(at: start + 1), (10...99).contains(rest)
        else { return nil }
        return (century + rest, end)
    }

    private func isClock(_ position: Int) -> Bool {
        stream.isOne(position, of: [":", "h", "am", "pm", "a", "p", "oclock"])
    }

    static func century(_ value: Int) -> Int {
        value >= 100 ? value : value < 50 ? 2000 + value : 1900 + value
    }

    /// `2026-03-09`, also with a time behind it after `T`.
    private func iso(_ position: Int) -> Found? {
        guard stream.digitCount(position) == 4, let year = stream.digits(position) else { return nil }
        let mark = stream.word(position + 1)
        guard mark == "-" || mark == "/" || mark == ".", stream.isGlued(position + 1),
            let month = stream.digits(position + 2) ?? TimeWords.months[stream.word(position + 2)]
        else { return nil }
        guard stream.word(position + 3) == mark, let day = stream.digits(position + 4),
            stream.isGlued(position + 4)
        else {
            guard mark == "-", stream.digitCount(position + 2) == 2 else { return nil }
            return CivilDate(year: year, month: month, day: 1).map { (DayRange($0, .month), position + 3) }
        }
        return CivilDate(year: year, month: month, day: day).map { (DayRange($0, .day), position + 5) }
    }

    /// `9/3`, `9.3.2026`, `9-3-26`: day first, unless only month first is a date.
    private func slashed(_ position: Int) -> Found? {
        let mark = stream.word(position + 1)
        guard let first = stream.digits(position), ["/", ".", "-"].contains(mark),
            stream.isGlued(position + 1),
            stream.digitCount(position) <= 2, stream.isGlued(position + 2),
            let second = namedMonth(position + 2),
            !(stream.isGlued(position) && stream.isOne(position - 1, of: ["/", ".", "-", ":"]))
        else { return nil }
        var (year, end): (Int?, Int) = (nil, position + 3)
        if stream.word(end) == mark, stream.isGlued(end), stream.isGlued(end + 1),
            let value = stream.digits(end + 1)
        {
            (year, end) = (stream.digitCount(end + 1) <= 2 ? Self.century(value) : value, end + 2)
        } else if mark != "/", mark != "-" || second.isNumber && isRange(position) {
            return nil
        }
        let isWhole = !stream.isOne(end, of: ["/", "%", "-"]) || !stream.isGlued(end)
        guard isWhole,
            let date = ordered(first, second.month, year, isNumber: second.isNumber)
        else { return nil }
        return (DayRange(date, .day), end)
    }

    private func ordered(_ first: Int, _ second: Int, _ year: Int?, isNumber: Bool) -> CivilDate? {
        guard isNumber else { return day(first, second, year) }
        let (usual, other) = (day(first, second, year), day(second, first, year))
        return monthFirst ? other ?? usual : usual ?? other
    }

    /// `2-3` with something behind it that makes it a range of other things.
    private func isRange(_ position: Int) -> Bool {
        stream.tokens.indices.contains(position + 3) && stream.tokens[position + 3].kind == .word
            || stream.isOne(position - 1, of: ["between", "from"]) || (stream.digits(position + 2) ?? 0) <= 12
    }

    private func namedMonth(_ position: Int) -> (month: Int, isNumber: Bool)? {
        if let number = stream.digits(position), stream.digitCount(position) <= 2 { return (number, true) }
        return TimeWords.months[stream.word(position)].map { ($0, false) }
    }

    /// `9 March 2026`, `9th of March`, `the third of march`, `20th of the previous month`.
    private func dayMonth(_ position: Int) -> Found? {
        let start = stream.word(position) == "the" ? position + 1 : position
        guard let (number, after) = numbers.ordinal(at: start) ?? plainDay(start), (1...31).contains(number)
        else { return nil }
        var next = stream.word(after) == "of" ? after + 1 : after
        if stream.isOne(next, of: ["-", "."]) { next += 1 }
        if let month = TimeWords.months[stream.meant(next)] {
            let skip = stream.word(next + 1) == "." ? next + 2 : next + 1
            let (year, end) = year(at: skip)
            return day(number, month, year).map { (DayRange($0, .day), year == nil ? next + 1 : end) }
        }
        guard next > after, let (range, end) = relativeMonth(next) else { return nil }
        return CivilDate(year: range.year, month: range.month, day: number).map { (DayRange($0, .day), end) }
    }

    private func plainDay(_ position: Int) -> (value: Int, end: Int)? {
        stream.digitCount(position) <= 2 ? stream.digits(position).map { ($0, position + 1) } : nil
    }

    /// `twenty one` behind the name of a month; smaller numbers may count something else.
    private func spokenDay(_ position: Int) -> (value: Int, end: Int)? {
        numbers.words(at: position).flatMap { $0.value >= 10 ? $0 : nil }
    }

    private func relativeMonth(_ position: Int) -> (first: CivilDate, end: Int)? {
        let start = stream.word(position) == "the" ? position + 1 : position
        let shifts = ["next": 1, "this": 0, "current": 0, "last": -1, "previous": -1, "following": 1]
        if stream.word(start) == "month" { return (unitRange(.month, 0).from, start + 1) }
        guard let shift = shifts[stream.word(start)], stream.word(start + 1) == "month" else { return nil }
        return (unitRange(.month, shift).from, start + 2)
    }

    /// `March 9`, `March the 9th, 2026`, `Feb.
    ///
    /// 3rd`.
    private func monthDay(_ position: Int) -> Found? {
        guard let month = TimeWords.months[stream.meant(position)] else { return nil }
        var next = position + 1
        if stream.isOne(next, of: [".", ","]) { next += 1 }
        if stream.isOne(next, of: ["-", "/"]), stream.isGlued(next), stream.isGlued(next + 1) { next += 1 }
        if stream.word(next) == "the" { next += 1 }
        guard let (number, after) = numbers.ordinal(at: next) ?? plainDay(next) ?? spokenDay(next),
            (1...31).contains(number),
            !stream.isOne(after, of: [":", "am", "pm"]) || !stream.isGlued(after)
        else { return nil }
        let (year, end) = year(at: after)
        return day(number, month, year).map { (DayRange($0, .day), end) }
    }

    /// `March`, `March 2026`: the month that has not ended.
    func monthAlone(_ position: Int) -> Found? {
        guard let month = TimeWords.months[stream.meant(position)] else { return nil }
        let (year, end) = year(at: position + 1)
        if let year, let first = CivilDate(year: year, month: month, day: 1) {
            return (DayRange(first, .month), end)
        }
        guard
            !TimeWords.ambiguous.contains(stream.word(position)) || stream.count == 1
                || stream.isOne(position - 1, of: TimeWords.cues)
        else { return nil }
        let ahead = (month - today.month + 12) % 12
        let shift = prefer == .past && ahead > 0 ? ahead - 12 : ahead
        return (DayRange(today.startOfMonth.adding(months: shift), .month), position + 1)
    }

    /// `2014` where only a year makes sense.
    func yearAlone(_ position: Int) -> Found? {
        guard stream.digitCount(position) == 4, let year = stream.digits(position),
            (1900...2099).contains(year),
            !isClock(position + 1),
            stream.isOne(
                position - 1, of: ["in", "since", "before", "after", "until", "by", "of", "year", "during"]),
            let first = CivilDate(year: year, month: 1, day: 1)
        else { return nil }
        return (DayRange(first, .year), position + 1)
    }

    /// `the 15th`, `on the first`: the next day of that number.
    private func dayAlone(_ position: Int) -> Found? {
        let isArticled = stream.word(position) == "the"
        let start = isArticled ? position + 1 : position
        guard let (number, end) = numbers.ordinal(at: start), (1...31).contains(number) else { return nil }
        let isFigure = stream.digits(start) != nil
        let isOn = stream.isOne(
            position - 1, of: ["on", "until", "by", "from", "to", "before", "after", "for"])
        let isOther =
            end < stream.count && stream.tokens[end].kind == .word
            && !stream.isOne(end, of: Self.afterDay)
        guard !isOther, isFigure || (isOn && isArticled) else { return nil }
        let step = prefer == .past ? -1 : 1
        for shift in 0...12 {
            let month = today.startOfMonth.adding(months: shift * step)
            guard let date = CivilDate(year: month.year, month: month.month, day: number) else { continue }
            if prefer == .past ? date <= today : date >= today { return (DayRange(date, .day), end) }
        }
        return nil
    }

    /// Words that go on with the sentence: "the 27th floor" is no day.
    private static let afterDay: Set<String> = [
        "at", "in", "please", "or", "and", "to", "until", "through", "around", "if", "i", "we", "you", "he",
        "she", "they", "it", "is", "are", "was", "will", "would", "works", "with", "for", "instead", "then",
        "my", "a", "from", "between", "before", "after", "this", "next", "that", "thru", "till", "because",
        "as", "im", "but", "about", "so", "can", "could", "do", "does", "suits", "sounds", "morning",
        "afternoon", "evening", "by",
    ]

    /// `Q4 2018`, `2018Q4`, `third quarter`.
    private func quarter(_ position: Int) -> Found? {
        if stream.word(position) == "q", let number = stream.digits(position + 1), (1...4).contains(number) {
            let (year, end) = year(at: position + 2)
            return CivilDate(year: year ?? today.year, month: 3 * number - 2, day: 1).map {
                (DayRange($0, .quarter), end)
            }
        }
        if stream.digitCount(position) == 4, stream.word(position + 1) == "q",
            let year = stream.digits(position),
            let number = stream.digits(position + 2), (1...4).contains(number)
        {
            return CivilDate(year: year, month: 3 * number - 2, day: 1).map {
                (DayRange($0, .quarter), position + 3)
            }
        }
        let start = stream.word(position) == "the" ? position + 1 : position
        guard let (number, next) = numbers.ordinal(at: start), (1...4).contains(number),
            stream.isOne(next, of: ["quarter", "qtr"])
        else { return nil }
        let (year, end) = year(at: next + 1)
        return CivilDate(year: year ?? today.year, month: 3 * number - 2, day: 1).map {
            (DayRange($0, .quarter), end)
        }
    }
}
