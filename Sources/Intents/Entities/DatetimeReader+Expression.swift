// SPDX-License-Identifier: Apache-2.0

/// One time: its pieces in whatever order they were said.
extension DatetimeReader {
    // MARK: One expression

    static let links: Set<String> = [
        "at", "on", "in", "the", ",", "@", "of", "around", "about", "approximately", "for", "from",
        "between",
        "t", "by",
    ]
    static let atWords: Set<String> = [
        "at", "@", "around", "about", "approximately", "by", "from", "between", "t",
    ]

    /// The longest expression that begins at `position`.
    func expression(_ position: Int, isLoose: Bool = false) -> TimeExpression? {
        var expression = TimeExpression(end: position)
        var isLoose =
            isLoose || stream.isOne(position - 1, of: ["at", "@", "around", "approximately"])
            || (isAnswer && position == 0)
        expression.isAnchored = stream.word(position) == "this" || stream.word(position - 1) == "this"
        while let next = piece(expression.end, &expression, isLoose) {
            expression.end = next
            isLoose = false
        }
        return expression.isEmpty ? nil : expression
    }

    /// Adds one piece behind at most three linking words; nil if there is none.
    func piece(_ start: Int, _ expression: inout TimeExpression, _ isLoose: Bool) -> Int? {
        var position = start
        var isLoose = isLoose
        var opens = false
        for step in 0..<4 {
            if let end = add(
                position, &expression, isLoose, isFirst: start == position && expression.isEmpty)
            {
                expression.opensRange = expression.opensRange || opens
                return end
            }
            let isStart = expression.isEmpty
            guard step < 3, Self.links.contains(stream.word(position)) else { return nil }
            if isStart, !["at", "@", "in", "the", "on"].contains(stream.word(position)) { return nil }
            if ["from", "between"].contains(stream.word(position)) {
                guard expression.days != nil, expression.clock == nil else { return nil }
                opens = true
            }
            if stream.word(position) == "in", stream.word(position + 1) == "the" {
                expression.isAnchored = true
            }
            if Self.atWords.contains(stream.word(position)) { isLoose = true }
            position += 1
        }
        return nil
    }

    func add(_ position: Int, _ expression: inout TimeExpression, _ isLoose: Bool, isFirst: Bool)
        -> Int?
    {
        if expression.exact == nil, let end = offset(position, &expression) { return end }
        if expression.exact != nil { return nil }
        if expression.part == nil, let end = part(position, &expression) { return end }
        if let end = day(position, &expression) { return end }
        guard expression.clock == nil else { return nil }
        // "tonight 815"
        let isNight =
            expression.part != nil && expression.days != nil && stream.digitCount(position) >= 3
        if let (time, end) = clocks.clock(
            at: position, loose: isLoose || isNight || isBeforeDay(position))
        {
            expression.clock = time
            return end
        }
        return nil
    }

    func day(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        if let known = expression.days, let found = days.narrowed(known, at: position) {
            expression.days = found.days
            return found.end
        }
        guard expression.days == nil || expression.days?.isWeekday == true,
            let (found, end) = days.days(at: position)
        else { return nil }
        guard let weekday = expression.days?.from.weekday else {
            expression.days = found
            return end
        }
        if found.isWeekday || found.grain != .day { return nil }
        // "Sunday, Feb 10" on the 12th is two days ago: the weekday tells the year.
        let before = CivilDate(year: found.from.year - 1, month: found.from.month, day: found.from.day)
        let isOff = found.from.weekday != weekday && before?.weekday == weekday
        expression.days = isOff ? before.map { DayRange($0, .day) } ?? found : found
        return end
    }

    /// `8 tonight`, `3 in the afternoon`, `3 tomorrow`: an hour because of what follows.
    func isBeforeDay(_ position: Int) -> Bool {
        guard let (value, end) = durations.numbers.whole(at: position), value <= 1259 else {
            return false
        }
        if stream.word(end) == "in", stream.word(end + 1) == "the" {
            return TimeWords.parts[stream.word(end + 2)] != nil
        }
        if stream.word(end) == "this" { return TimeWords.parts[stream.word(end + 1)] != nil }
        return ["tonight", "tomorrow", "today"].contains(stream.meant(end))
    }

    /// `tonight`, `this morning`, `last night`, `in the evening`, `evening`.
    func part(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        let word = stream.meant(position)
        let isLate = word == "late" && stream.meant(position + 1) == "tonight"
        if word == "tonight" || isLate {
            guard expression.days == nil else { return nil }
            expression.days = DayRange(placer.today, .day)
            expression.part = isLate ? .lateEvening : .evening
            return position + (isLate ? 2 : 1)
        }
        if let end = edgeOfDay(position, &expression) { return end }
        if ["this", "last"].contains(word), let part = TimeWords.parts[stream.meant(position + 1)] {
            guard expression.days == nil, stream.word(position + 1).utf8.count > 2 else { return nil }
            expression.days = DayRange(placer.today.adding(days: word == "last" ? -1 : 0), .day)
            expression.part = part
            return position + 2
        }
        guard let part = TimeWords.parts[word], word.utf8.count > 2, stream.word(position - 1) != "good"
        else { return nil }
        expression.part = part
        return position + 1
    }

    /// `early morning`, `early hours of the morning`, `late evening`.
    func edgeOfDay(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        let word = stream.word(position)
        if ["early", "wee", "small"].contains(word), stream.word(position + 1) == "hours" {
            expression.part = .earlyMorning
            var end = position + 2
            while stream.isOne(end, of: ["of", "the"]) { end += 1 }
            return stream.meant(end) == "morning" ? end + 1 : position + 2
        }
        let next = stream.word(position + 1) == "-" ? position + 2 : position + 1
        guard ["early", "late", "mid"].contains(word), let part = TimeWords.parts[stream.meant(next)],
            stream.word(next).utf8.count > 2
        else { return nil }
        switch (part, word) {
        case (.morning, "early"): expression.part = .earlyMorning
        case (.evening, "late"): expression.part = .lateEvening
        default: expression.part = part
        }
        expression.isAnchored = true
        return next + 1
    }

    // MARK: Offsets

    /// `in 2 hours`, `3 days ago`, `a week from Monday`, `2 weeks from now`.
    func offset(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        if stream.word(position) == "in", let amount = durations.amount(at: position + 1) {
            guard expression.clock == nil || amount.unit.seconds >= Grain.day.seconds else { return nil }
            return shift(amount.count, amount.unit, amount.end, &expression)
        }
        guard expression.clock == nil else { return nil }
        if let end = inMinutes(position, &expression) { return end }
        if expression.isEmpty, let end = weekdays(position, &expression) { return end }
        guard expression.isEmpty, let amount = durations.amount(at: position) else { return nil }
        if let end = chain(position, &expression) { return end }
        let next = stream.word(amount.end)
        if ["ago", "back", "earlier"].contains(next) {
            return shift(-amount.count, amount.unit, amount.end + 1, &expression)
        }
        if ["hence", "later"].contains(next) {
            return shift(amount.count, amount.unit, amount.end + 1, &expression)
        }
        if next == "before", let (base, end) = days.days(at: amount.end + 1), base.grain == .day,
            amount.unit.seconds >= 86_400
        {
            expression.days = DayRange(move(base.from, -amount.count, amount.unit), .day)
            return end
        }
        guard next == "from" || next == "after" else { return nil }
        if stream.isOne(amount.end + 1, of: ["now"]) {
            return shift(amount.count, amount.unit, amount.end + 2, &expression)
        }
        if amount.unit.seconds <= 3600, let (time, end) = clocks.clock(at: amount.end + 1, loose: true),
            let base = placer.place(TimeExpression(clock: time, end: end))
        {
            let seconds = Int((amount.count * Double(amount.unit.seconds)).rounded())
            expression.exact = (base.from.utcSeconds + seconds, .minute)
            return end
        }
        guard amount.unit.seconds >= 86_400, let (base, end) = days.days(at: amount.end + 1),
            base.grain == .day
        else { return nil }
        expression.days = DayRange(move(base.from, amount.count, amount.unit), .day)
        return end
    }

    /// `2 years 1 month and 21 days ago`, `1 day 2 hours later`.
    func chain(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        var amounts: [(count: Double, unit: Grain)] = []
        var end = position
        while amounts.count < 6, let amount = durations.amount(at: end) {
            amounts.append((amount.count, amount.unit))
            end = stream.isOne(amount.end, of: ["and", ","]) ? amount.end + 1 : amount.end
        }
        let signs = ["ago": -1.0, "back": -1, "earlier": -1, "hence": 1, "later": 1]
        let isFromNow = stream.word(end) == "from" && stream.isOne(end + 1, of: ["now", "today"])
        guard amounts.count >= 2, let sign = signs[stream.word(end)] ?? (isFromNow ? 1 : nil),
            amounts.allSatisfy({ abs($0.count) <= 10_000 })
        else { return nil }
        let next = isFromNow ? end + 2 : end + 1
        return move(by: amounts, sign, &expression) ? next : nil
    }

    private func move(
        by amounts: [(count: Double, unit: Grain)], _ sign: Double, _ expression: inout TimeExpression
    ) -> Bool {
        var date = placer.today
        var seconds = 0.0
        for amount in amounts {
            if amount.unit.seconds >= Grain.day.seconds {
                date = move(date, sign * amount.count, amount.unit)
            } else {
                seconds += sign * amount.count * Double(amount.unit.seconds)
            }
        }
        if seconds == 0 {
            expression.days = DayRange(date, .day)
        } else {
            let base = placer.at(date, placer.now.time.secondOfDay).utcSeconds
            expression.exact = (base + Int(seconds.rounded()), .minute)
        }
        return true
    }

    /// "back in 15": minutes, if nothing follows.
    func inMinutes(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        guard expression.isEmpty, stream.word(position) == "in",
            let count = stream.digits(position + 1),
            [5, 10, 15, 20, 30, 40, 45, 60, 90].contains(count), position + 2 == stream.count
        else { return nil }
        return shift(Double(count), .minute, position + 2, &expression)
    }

    /// `2 Thursdays ago`, `3 Fridays from now`.
    func weekdays(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        guard let (count, end) = durations.numbers.whole(at: position), (1...520).contains(count),
            let weekday = TimeWords.weekdays[stream.meant(end)]
        else { return nil }
        let ahead = (weekday - placer.today.weekday + 6) % 7 + 1
        if ["later", "hence"].contains(stream.word(end + 1)) {
            expression.days = DayRange(placer.today.adding(days: ahead + 7 * (count - 1)), .day)
            return end + 2
        }
        if ["ago", "back"].contains(stream.word(end + 1)) {
            let back = (placer.today.weekday - weekday + 6) % 7 + 1
            expression.days = DayRange(placer.today.adding(days: -back - 7 * (count - 1)), .day)
            return end + 2
        }
        guard stream.word(end + 1) == "from", ["now", "today"].contains(stream.word(end + 2)) else {
            return nil
        }
        expression.days = DayRange(placer.today.adding(days: ahead + 7 * (count - 1)), .day)
        return end + 3
    }

    func shift(_ count: Double, _ unit: Grain, _ end: Int, _ expression: inout TimeExpression) -> Int? {
        guard abs(count) <= 100_000 else { return nil }
        if unit.seconds >= Grain.day.seconds {
            guard expression.days == nil else { return nil }
            let date = move(placer.today, count, unit)
            expression.days = unit == .year ? DayRange(date.startOfMonth, .month) : DayRange(date, .day)
            return end
        }
        let grain: Grain = unit == .hour && count == count.rounded() ? .minute : .second
        expression.exact = (
            placer.now.utcSeconds + Int((count * Double(unit.seconds)).rounded()), grain
        )
        return end
    }

    func move(_ date: CivilDate, _ count: Double, _ unit: Grain) -> CivilDate {
        switch unit {
        case .week: date.adding(days: Int((count * 7).rounded()))
        case .month: date.adding(months: Int(count))
        case .quarter: date.adding(months: 3 * Int(count))
        case .year: date.adding(months: Int((count * 12).rounded()))
        default: date.adding(days: Int(count.rounded()))
        }
    }
}
