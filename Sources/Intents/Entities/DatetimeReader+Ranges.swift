// SPDX-License-Identifier: Apache-2.0

/// Times bound on one side, and from one time to another.
extension DatetimeReader {
    // MARK: With a bound on one side

    static let bounds: Set<String> = [
        "after", "before", "by", "until", "till", "since", "from", "between", "within", "later", "for",
        "through",
    ]

    /// `after 3pm`, `before Friday`, `by Monday`, `since May`, `from Monday`, `between 2 and 4`, `within 3 days`.
    func bounded(_ position: Int) -> Found? {
        let word = stream.word(position)
        guard Self.bounds.contains(word) else { return nil }
        if word == "within" { return within(position) }
        if word == "for" { return lasting(position) }
        if word == "later" {
            return stream.word(position + 1) == "than" ? afterAndBefore(position) : nil
        }
        if word == "after" || word == "from", let both = afterAndBefore(position) { return both }
        if word == "from" || word == "between", let span = range(position + 1, isOpened: true) {
            return Found(value: .datetime(span.span.value), tokens: position..<span.end)
        }
        if word == "from", let found = beginning(position + 1) {
            return Found(value: found.value, tokens: position..<found.tokens.upperBound)
        }
        guard word != "between",
            let expression = expression(position + 1, isLoose: word != "since" && word != "from"),
            let span = placer.place(expression)
        else { return nil }
        return Found(
            value: .datetime(bound(word, expression, span).value), tokens: position..<expression.end)
    }

    /// `later than 9:30 but before 11:00 on Thursday`, `after 2 and before 4pm`.
    func afterAndBefore(_ position: Int) -> Found? {
        let start = stream.word(position + 1) == "than" ? position + 2 : position + 1
        guard let first = expression(start, isLoose: true), first.clock != nil else { return nil }
        var next = first.end
        while stream.isOne(next, of: [",", "but", "and"]) { next += 1 }
        guard next > first.end, stream.isOne(next, of: ["before", "earlier", "until"]) else {
            return nil
        }
        next += stream.word(next + 1) == "than" ? 2 : 1
        guard let second = expression(next, isLoose: true), second.clock != nil else { return nil }
        guard let span = span(from: first, to: second) else { return nil }
        return Found(value: .datetime(span.value), tokens: position..<second.end)
    }

    /// `4pm for thirty minutes`, `18 Dec for 10 days`.
    func beginning(_ position: Int) -> Found? {
        guard let start = expression(position, isLoose: stream.word(position - 1) == "from"),
            start.exact == nil, stream.word(start.end) == "for",
            let (length, end) = durations.duration(at: start.end + 1)
        else { return nil }
        return span(of: length, from: start).map {
            Found(value: .datetime($0.value), tokens: position..<end)
        }
    }

    /// `for 10 days from 18 December`.
    func lasting(_ position: Int) -> Found? {
        guard let (length, end) = durations.duration(at: position + 1),
            stream.isOne(end, of: ["from", "starting", "beginning"])
        else { return nil }
        let next = stream.isOne(end + 1, of: ["on", "from", "at"]) ? end + 2 : end + 1
        guard let start = expression(next, isLoose: stream.word(end) == "from"), start.exact == nil
        else {
            return nil
        }
        return span(of: length, from: start).map {
            Found(value: .datetime($0.value), tokens: position..<start.end)
        }
    }

    private func span(of length: DurationValue, from start: TimeExpression) -> TimeSpan? {
        guard let first = placer.place(start) else { return nil }
        let isClock = start.clock != nil
        guard isClock || length.seconds >= Grain.day.seconds else { return nil }
        let isMinute = isClock && length.grain == .minute
        let end = first.from.utcSeconds + length.seconds + (isMinute ? 60 : 0)
        let grain: Grain = isMinute ? .minute : length.seconds < Grain.day.seconds ? .hour : .day
        return TimeSpan(
            from: first.from, to: ZonedInstant(utcSeconds: end, zone: placer.zone), grain: grain)
    }

    func within(_ position: Int) -> Found? {
        let start = stream.word(position + 1) == "the" ? position + 2 : position + 1
        guard let amount = durations.amount(at: start) else { return nil }
        let now = placer.now.utcSeconds
        let end = ZonedInstant(
            utcSeconds: now + Int(amount.count * Double(amount.unit.seconds)), zone: placer.zone)
        let value = DatetimeValue(from: placer.now, to: end, grain: amount.unit)
        return Found(value: .datetime(value), tokens: position..<amount.end)
    }

    /// Four weeks bound what is open; a clock is bound by its day.
    func bound(_ word: String, _ expression: TimeExpression, _ span: TimeSpan) -> TimeSpan {
        var result = span
        let now = placer.now
        let hasClock = expression.clock != nil || expression.part != nil
        let far = 28 * 86_400
        switch word {
        case "after", "from":
            if word == "after", expression.clock == nil { result.from = span.to }
            result.to =
                hasClock
                ? placer.start(of: span.from.date.adding(days: 1))
                : ZonedInstant(utcSeconds: result.from.utcSeconds + far, zone: placer.zone)
        case "since":
            result.to = now.utcSeconds > span.from.utcSeconds ? now : span.to
        default:
            // Up to a moment, which does not belong to it.
            if expression.clock != nil { result.grain = .second }
            result.to = word == "before" || expression.clock != nil ? span.from : span.to
            let day = placer.start(of: span.from.date)
            result.from = hasClock && day.utcSeconds > now.utcSeconds ? day : now
            if result.from.utcSeconds >= result.to.utcSeconds {
                result.from = ZonedInstant(utcSeconds: result.to.utcSeconds - far, zone: placer.zone)
            }
        }
        return result
    }

    // MARK: Plain times and ranges

    func plain(_ position: Int) -> Found? {
        if let range = years(position) ?? range(position, isOpened: false) {
            return Found(value: .datetime(range.span.value), tokens: position..<range.end)
        }
        if let found = beginning(position) { return found }
        guard let expression = expression(position), !expression.opensRange, isStanding(expression),
            let span = placer.place(expression)
        else { return nil }
        return Found(value: .datetime(span.value), tokens: position..<expression.end)
    }

    /// A part of a day alone is a time only after `in the` or `this`: "good morning" is none.
    func isStanding(_ expression: TimeExpression) -> Bool {
        guard expression.days == nil, expression.clock == nil, expression.part != nil else {
            return true
        }
        return expression.isAnchored || isAnswer
    }

    static let joints: Set<String> = ["to", "until", "till", "til", "untill", "through", "thru", "-"]

    /// `Monday to Friday`, `2-4pm`, `13 to 15 July`, `Thursday between 9:30 and 11`.
    func range(_ position: Int, isOpened: Bool) -> (span: TimeSpan, end: Int)? {
        let first = expression(position, isLoose: isOpened) ?? bareNumber(position)
        guard var first, first.exact == nil else { return nil }
        let opened = isOpened || first.opensRange
        guard
            Self.joints.contains(stream.word(first.end)) || (opened && stream.word(first.end) == "and")
        else { return nil }
        let next =
            stream.word(first.end + 1) == "the" && stream.digits(first.end + 2) != nil
            ? first.end + 2 : first.end + 1
        let isClock = first.clock != nil || (opened && first.bare != nil)
        let second = expression(next, isLoose: isClock) ?? (first.days != nil ? bareNumber(next) : nil)
        guard var second, second.exact == nil else { return nil }
        let opening = stream.word(position) == "the" ? position + 1 : position
        if second.clock == nil, second.days?.grain == .day, let bare = bareNumber(opening),
            bare.end == first.end
        {
            first = bare
        }
        if first.clock == nil, first.days?.grain == .day, let bare = bareNumber(next),
            bare.end == second.end
        {
            second = bare
        }
        let end = second.end
        return span(from: first, to: second).map { ($0, end) }
    }

    private func span(from first: TimeExpression, to second: TimeExpression) -> TimeSpan? {
        var (first, second) = (first, second)
        share(&first, &second)
        guard first.bare == nil, second.bare == nil, let start = placer.place(first),
            let stop = placer.place(second)
        else { return nil }
        return join(start, stop, first, second)
    }

    /// `1960 - 1961`.
    private func years(_ position: Int) -> (span: TimeSpan, end: Int)? {
        guard let first = fullYear(position), Self.joints.contains(stream.word(position + 1)),
            let last = fullYear(position + 2), last > first,
            let from = CivilDate(year: first, month: 1, day: 1),
            let to = CivilDate(year: last + 1, month: 1, day: 1),
            !stream.isGlued(position + 3) || stream.isOne(position + 3, of: [",", ".", "?", "!"])
        else { return nil }
        return (placer.place(DayRange(from: from, to: to, grain: .year)), position + 3)
    }

    private func fullYear(_ position: Int) -> Int? {
        guard stream.digitCount(position) == 4, let year = stream.digits(position),
            (1900...2099).contains(year)
        else { return nil }
        return year
    }

    /// Each side takes from the other what it left unsaid.
    func share(_ first: inout TimeExpression, _ second: inout TimeExpression) {
        if let bare = first.bare, let clock = second.clock, (0...24).contains(bare) {
            first.clock = ClockTime(hour: bare % 24, isOpen: bare <= 12 && bare > 0)
            first.clock?.grain = clock.grain
            first.bare = nil
        } else if let bare = first.bare, let days = second.days, days.grain == .day {
            let day = CivilDate(year: days.from.year, month: days.from.month, day: bare)
            if let day { (first.days, first.bare) = (DayRange(day, .day), nil) }
        }
        if let bare = second.bare, let days = first.days, days.grain == .day, first.clock == nil {
            let day = CivilDate(year: days.from.year, month: days.from.month, day: bare)
            if let day { (second.days, second.bare) = (DayRange(day, .day), nil) }
        }
        // "next Monday to Wednesday", "next week from Wednesday to Friday": the days that follow.
        if let start = first.days, start.grain == .day, let stop = second.days, stop.isWeekday {
            let ahead = (stop.from.weekday - start.from.weekday + 7) % 7
            second.days = DayRange(start.from.adding(days: ahead), .day)
        }
        if first.days == nil, first.clock != nil { first.days = second.days }
        if second.days == nil, second.clock != nil { second.days = first.days }
        if first.clock?.zone == nil { first.clock?.zone = second.clock?.zone }
        if first.part == nil { first.part = second.part }
        if second.part == nil { second.part = first.part }
        guard var start = first.clock, let stop = second.clock, start.isOpen, !stop.isOpen else {
            return
        }
        let later = start.hour % 12 + 12
        start.hour =
            stop.hour >= 12 && later * 60 + start.minute < stop.hour * 60 + stop.minute
            ? later : start.hour % 12
        start.isOpen = false
        first.clock = start
    }

    /// Days are meant inclusively, and so is a minute: a slot at 11:00 is one "between 9:30 and 11:00".
    ///
    /// An hour alone is meant as the moment it begins.
    func join(
        _ start: TimeSpan, _ stop: TimeSpan, _ first: TimeExpression, _ second: TimeExpression
    ) -> TimeSpan? {
        var stop = stop
        if stop.from.utcSeconds < start.from.utcSeconds {
            let days = second.days == nil ? 1 : second.days?.isWeekday == true ? 7 : 0
            guard days > 0 else { return nil }
            stop.from = placer.at(stop.from.date.adding(days: days), stop.from.time.secondOfDay)
            stop.to = placer.at(stop.to.date.adding(days: days), stop.to.time.secondOfDay)
        }
        guard second.clock != nil else {
            guard stop.to.utcSeconds > start.from.utcSeconds else { return nil }
            return TimeSpan(from: start.from, to: stop.to, grain: stop.grain)
        }
        guard stop.from.utcSeconds > start.from.utcSeconds else { return nil }
        let isMinute = first.clock?.grain == .minute || second.clock?.grain == .minute
        let end = stop.from.utcSeconds + (isMinute ? 60 : 0)
        return TimeSpan(
            from: start.from, to: ZonedInstant(utcSeconds: end, zone: placer.zone),
            grain: isMinute ? .minute : stop.grain)
    }

    func bareNumber(_ position: Int) -> TimeExpression? {
        guard
            let (value, end) = durations.numbers.ordinal(at: position)
                ?? durations.numbers.whole(at: position), value <= 31,
            !stream.isGlued(position) || stream.isOne(position - 1, of: ["-"])
        else { return nil }
        return TimeExpression(bare: value, end: end)
    }
}
