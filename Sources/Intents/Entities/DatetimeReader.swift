// SPDX-License-Identifier: Apache-2.0

/// Finds times in a text: pieces (day, clock, part of the day, offset) joined by small words, then ranges of them.
struct DatetimeReader {
    let stream: TokenStream
    let placer: TimePlacer
    let days: DayReader
    let clocks: ClockReader
    let durations: DurationReader
    /// The text answers the question for a time, so a bare hour or `morning` is one.
    let isAnswer: Bool

    struct Found {
        var value: EntityValue
        var tokens: Range<Int>
    }

    init(_ stream: TokenStream, _ context: EntityContext, prefer: TimePreference, isAnswer: Bool = false) {
        self.stream = stream
        self.isAnswer = isAnswer
        let now = ZonedInstant(utcSeconds: context.now, zone: context.zone)
        placer = TimePlacer(now: now, zone: context.zone, prefer: prefer)
        durations = DurationReader(stream)
        days = DayReader(stream: stream, numbers: durations.numbers, today: now.date, prefer: prefer)
        clocks = ClockReader(stream)
    }

    /// All times in the text, in order.
    func all() -> [Found] {
        var found: [Found] = []
        var position = 0
        while position < stream.count {
            // "at" and "on" are no part of the time; what follows looks back at them.
            if !Self.mayBegin(stream.tokens[position]) {
                position += 1
            } else if let next = recurrence(position) ?? whenever(position) ?? bounded(position) ?? plain(position) {
                found.append(next)
                position = max(position + 1, next.tokens.upperBound)
            } else {
                position += 1
            }
        }
        return found
    }

    // MARK: Without a date

    /// `now`, `asap`, `the earliest you have`: the next fourteen days count as "as soon as possible".
    private func whenever(_ position: Int) -> Found? {
        let now = placer.now.utcSeconds
        if stream.word(position) == "right", stream.word(position + 1) == "now" { return instant(now, position..<position + 2) }
        if stream.isOne(position, of: ["now", "immediately", "atm"]) { return instant(now, position..<position + 1) }
        guard let phrases = Self.openPhrases[stream.word(position)] else { return counted(position) }
        for words in phrases {
            guard words.indices.allSatisfy({ stream.word(position + $0) == words[$0] }) else { continue }
            let end = ZonedInstant(utcSeconds: now + 14 * 86_400, zone: placer.zone)
            let value = DatetimeValue(from: placer.now, to: end, grain: .day)
            return Found(value: .datetime(value), tokens: position..<position + words.count)
        }
        return counted(position)
    }

    /// `next 3 hours`, `last 30 minutes`.
    private func counted(_ position: Int) -> Found? {
        guard stream.isOne(position, of: ["next", "last", "past"]), let amount = durations.amount(at: position + 1),
            amount.unit.seconds <= 3600, amount.count <= 100_000
        else { return nil }
        let isNext = stream.word(position) == "next"
        let other = placer.now.utcSeconds + Int(amount.count * Double(amount.unit.seconds)) * (isNext ? 1 : -1)
        let edge = ZonedInstant(utcSeconds: other, zone: placer.zone)
        let value = DatetimeValue(from: isNext ? placer.now : edge, to: isNext ? edge : placer.now, grain: amount.unit)
        return Found(value: .datetime(value), tokens: position..<amount.end)
    }

    private static let openPhrases: [String: [[String]]] = {
        let phrases = [
            "as soon as possible", "as early as possible", "as soon as you can", "as soon as u can", "first available",
            "next available", "earliest available", "any time", "any day", "soonest available", "the earliest", "the soonest",
            "asap", "earliest", "soonest", "anytime", "whenever",
        ]
        return Dictionary(grouping: phrases.map { $0.split(separator: " ").map(String.init) }) { $0[0] }
    }()

    /// Whether a time can begin with this token: most words are passed over with one look.
    private static func mayBegin(_ token: Token) -> Bool {
        token.kind == .number || (token.kind == .word && beginnings.contains(token.meant))
    }

    private static let beginnings: Set<String> = {
        let tables = [
            Array(TimeWords.weekdays.keys), Array(TimeWords.months.keys), Array(TimeWords.parts.keys),
            Array(NumberReader.units.keys), Array(NumberReader.tens.keys), Array(NumberReader.ordinals.keys),
            Array(openPhrases.keys), Array(bounds), TimeWords.holidays.keys.map { String($0.prefix { $0 != " " }) },
        ]
        let others = """
            today tomorrow yesterday tonight now right immediately atm weekend noon midnight next following coming upcoming
            this current last past previous the in a an few several couple half quarter fortnight end beginning start middle
            early late mid q eod eom eoy cob day every each hourly daily weekly monthly quarterly yearly annually dozen three
            """
        return Set(tables.joined()).union(others.split(whereSeparator: \.isWhitespace).map(String.init))
    }()

    private func instant(_ utc: Int, _ tokens: Range<Int>) -> Found {
        Found(value: .datetime(placer.instant(utc, .second).value), tokens: tokens)
    }

    /// `every Monday at 9`, `daily`, `every 2 weeks`.
    private func recurrence(_ position: Int) -> Found? {
        if stream.isOne(position, of: ["every", "each"]), let next = expression(position + 1), next.exact == nil,
            next.days?.isWeekday == true || next.days == nil && next.part != nil
        {
            let grain: Grain = next.days == nil ? .day : .week
            let every = DurationValue(seconds: grain.seconds, grain: grain)
            return Found(value: .set(every: every, from: placer.place(next)?.from), tokens: position..<next.end)
        }
        guard let (every, end) = durations.recurrence(at: position) else { return nil }
        let start = stream.word(end) == "at" ? expression(end) : nil
        return Found(
            value: .set(every: every, from: start.flatMap { placer.place($0)?.from }), tokens: position..<(start?.end ?? end))
    }

    // MARK: With a bound on one side

    private static let bounds: Set<String> = ["after", "before", "by", "until", "till", "since", "from", "between", "within"]

    /// `after 3pm`, `before Friday`, `by Monday`, `since May`, `from Monday`, `between 2 and 4`, `within 3 days`.
    private func bounded(_ position: Int) -> Found? {
        let word = stream.word(position)
        guard Self.bounds.contains(word) else { return nil }
        if word == "within" { return within(position) }
        if word == "from" || word == "between", let span = range(position + 1, isOpened: true) {
            return Found(value: .datetime(span.span.value), tokens: position..<span.end)
        }
        guard word != "between", let expression = expression(position + 1, isLoose: word != "since" && word != "from"),
            let span = placer.place(expression)
        else { return nil }
        return Found(value: .datetime(bound(word, expression, span).value), tokens: position..<expression.end)
    }

    private func within(_ position: Int) -> Found? {
        let start = stream.word(position + 1) == "the" ? position + 2 : position + 1
        guard let amount = durations.amount(at: start) else { return nil }
        let now = placer.now.utcSeconds
        let end = ZonedInstant(utcSeconds: now + Int(amount.count * Double(amount.unit.seconds)), zone: placer.zone)
        let value = DatetimeValue(from: placer.now, to: end, grain: amount.unit)
        return Found(value: .datetime(value), tokens: position..<amount.end)
    }

    /// Four weeks bound what is open; a clock is bound by its day.
    private func bound(_ word: String, _ expression: TimeExpression, _ span: TimeSpan) -> TimeSpan {
        var result = span
        let now = placer.now
        let hasClock = expression.clock != nil || expression.part != nil
        let far = 28 * 86_400
        switch word {
        case "after", "from":
            if word == "after", expression.clock == nil { result.from = span.to }
            result.to = hasClock
                ? placer.start(of: span.from.date.adding(days: 1))
                : ZonedInstant(utcSeconds: result.from.utcSeconds + far, zone: placer.zone)
        case "since":
            result.to = now.utcSeconds > span.from.utcSeconds ? now : span.to
        default:
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

    private func plain(_ position: Int) -> Found? {
        if let range = range(position, isOpened: false) {
            return Found(value: .datetime(range.span.value), tokens: position..<range.end)
        }
        guard let expression = expression(position), !expression.opensRange, isStanding(expression),
            let span = placer.place(expression)
        else { return nil }
        return Found(value: .datetime(span.value), tokens: position..<expression.end)
    }

    /// A part of a day alone is a time only after `in the` or `this`: "good morning" is none.
    private func isStanding(_ expression: TimeExpression) -> Bool {
        guard expression.days == nil, expression.clock == nil, expression.part != nil else { return true }
        return expression.isAnchored || isAnswer
    }

    private static let joints: Set<String> = ["to", "until", "till", "til", "untill", "through", "thru", "-"]

    /// `Monday to Friday`, `2-4pm`, `13 to 15 July`, `Thursday between 9:30 and 11`.
    private func range(_ position: Int, isOpened: Bool) -> (span: TimeSpan, end: Int)? {
        let first = expression(position, isLoose: isOpened) ?? bareNumber(position)
        guard var first, first.exact == nil else { return nil }
        let opened = isOpened || first.opensRange
        guard Self.joints.contains(stream.word(first.end)) || (opened && stream.word(first.end) == "and") else { return nil }
        let next = stream.word(first.end + 1) == "the" && stream.digits(first.end + 2) != nil ? first.end + 2 : first.end + 1
        let isClock = first.clock != nil || (opened && first.bare != nil)
        let second = expression(next, isLoose: isClock) ?? (first.days != nil ? bareNumber(next) : nil)
        guard var second, second.exact == nil else { return nil }
        if second.clock == nil, second.days?.grain == .day, let bare = bareNumber(position), bare.end == first.end { first = bare }
        if first.clock == nil, first.days?.grain == .day, let bare = bareNumber(next), bare.end == second.end { second = bare }
        let end = second.end
        share(&first, &second)
        guard first.bare == nil, second.bare == nil, let start = placer.place(first), let stop = placer.place(second)
        else { return nil }
        return join(start, stop, first, second).map { ($0, end) }
    }

    /// Each side takes from the other what it left unsaid.
    private func share(_ first: inout TimeExpression, _ second: inout TimeExpression) {
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
        if first.days == nil, first.clock != nil { first.days = second.days }
        if second.days == nil, second.clock != nil { second.days = first.days }
        if first.part == nil { first.part = second.part }
        if second.part == nil { second.part = first.part }
        guard var start = first.clock, let stop = second.clock, start.isOpen, !stop.isOpen else { return }
        let later = start.hour % 12 + 12
        start.hour = stop.hour >= 12 && later * 60 + start.minute < stop.hour * 60 + stop.minute ? later : start.hour % 12
        start.isOpen = false
        first.clock = start
    }

    /// Days are meant inclusively, clocks up to the time said.
    private func join(
        _ start: TimeSpan, _ stop: TimeSpan, _ first: TimeExpression, _ second: TimeExpression
    ) -> TimeSpan? {
        var stop = stop
        if stop.from.utcSeconds < start.from.utcSeconds {
            let days = second.days == nil ? 1 : second.days?.isWeekday == true ? 7 : 0
            guard days > 0 else { return nil }
            stop.from = placer.at(stop.from.date.adding(days: days), stop.from.time.secondOfDay)
            stop.to = placer.at(stop.to.date.adding(days: days), stop.to.time.secondOfDay)
        }
        let to = second.clock == nil ? stop.to : stop.from
        guard to.utcSeconds > start.from.utcSeconds else { return nil }
        return TimeSpan(from: start.from, to: to, grain: stop.grain)
    }

    private func bareNumber(_ position: Int) -> TimeExpression? {
        guard let (value, end) = durations.numbers.ordinal(at: position) ?? durations.numbers.whole(at: position), value <= 31,
            !stream.isGlued(position) || stream.isOne(position - 1, of: ["-"])
        else { return nil }
        return TimeExpression(bare: value, end: end)
    }

    // MARK: One expression

    private static let links: Set<String> = [
        "at", "on", "in", "the", ",", "@", "of", "around", "about", "approximately", "for", "from", "between", "t", "by",
    ]
    private static let atWords: Set<String> = ["at", "@", "around", "about", "approximately", "by", "from", "between", "t"]

    /// The longest expression that begins at `position`.
    func expression(_ position: Int, isLoose: Bool = false) -> TimeExpression? {
        var expression = TimeExpression(end: position)
        var isLoose = isLoose || stream.isOne(position - 1, of: ["at", "@", "around", "approximately"])
            || (isAnswer && position == 0)
        expression.isAnchored = stream.word(position) == "this" || stream.word(position - 1) == "this"
        while let next = piece(expression.end, &expression, isLoose) {
            expression.end = next
            isLoose = false
        }
        return expression.isEmpty ? nil : expression
    }

    /// Adds one piece behind at most three linking words; nil if there is none.
    private func piece(_ start: Int, _ expression: inout TimeExpression, _ isLoose: Bool) -> Int? {
        var position = start
        var isLoose = isLoose
        var opens = false
        for step in 0..<4 {
            if let end = add(position, &expression, isLoose, isFirst: start == position && expression.isEmpty) {
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
            if stream.word(position) == "in", stream.word(position + 1) == "the" { expression.isAnchored = true }
            if Self.atWords.contains(stream.word(position)) { isLoose = true }
            position += 1
        }
        return nil
    }

    private func add(_ position: Int, _ expression: inout TimeExpression, _ isLoose: Bool, isFirst: Bool) -> Int? {
        if expression.exact == nil, expression.clock == nil, let end = offset(position, &expression) { return end }
        if expression.exact != nil { return nil }
        if expression.part == nil, let end = part(position, &expression) { return end }
        if let end = day(position, &expression) { return end }
        guard expression.clock == nil else { return nil }
        if let (time, end) = clocks.clock(at: position, loose: isLoose || isBeforeDay(position)) {
            expression.clock = time
            return end
        }
        return nil
    }

    private func day(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        guard expression.days == nil || expression.days?.isWeekday == true, let (found, end) = days.days(at: position)
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
    private func isBeforeDay(_ position: Int) -> Bool {
        guard let (value, end) = durations.numbers.whole(at: position), value <= 1259 else { return false }
        if stream.word(end) == "in", stream.word(end + 1) == "the" { return TimeWords.parts[stream.word(end + 2)] != nil }
        if stream.word(end) == "this" { return TimeWords.parts[stream.word(end + 1)] != nil }
        return ["tonight", "tomorrow", "today"].contains(stream.meant(end))
    }

    /// `tonight`, `this morning`, `last night`, `in the evening`, `evening`.
    private func part(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        let word = stream.meant(position)
        if word == "tonight" || (word == "late" && stream.word(position + 1) == "tonight") {
            guard expression.days == nil else { return nil }
            expression.days = DayRange(placer.today, .day)
            expression.part = .evening
            return position + (word == "late" ? 2 : 1)
        }
        if ["this", "last"].contains(word), let part = TimeWords.parts[stream.meant(position + 1)] {
            guard expression.days == nil, stream.word(position + 1).utf8.count > 2 else { return nil }
            expression.days = DayRange(placer.today.adding(days: word == "last" ? -1 : 0), .day)
            expression.part = part
            return position + 2
        }
        guard let part = TimeWords.parts[word], word.utf8.count > 2, stream.word(position - 1) != "good" else { return nil }
        expression.part = part
        return position + 1
    }

    // MARK: Offsets

    /// `in 2 hours`, `3 days ago`, `a week from Monday`, `2 weeks from now`.
    private func offset(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        if stream.word(position) == "in", let amount = durations.amount(at: position + 1) {
            return shift(amount.count, amount.unit, amount.end, &expression)
        }
        if expression.isEmpty, let end = weekdays(position, &expression) { return end }
        guard expression.isEmpty, let amount = durations.amount(at: position) else { return nil }
        let next = stream.word(amount.end)
        if ["ago", "back", "earlier"].contains(next) { return shift(-amount.count, amount.unit, amount.end + 1, &expression) }
        if ["hence", "later"].contains(next) { return shift(amount.count, amount.unit, amount.end + 1, &expression) }
        guard next == "from" || next == "after" else { return nil }
        if stream.isOne(amount.end + 1, of: ["now"]) {
            return shift(amount.count, amount.unit, amount.end + 2, &expression)
        }
        guard amount.unit.seconds >= 86_400, let (base, end) = days.days(at: amount.end + 1), base.grain == .day else { return nil }
        expression.days = DayRange(move(base.from, amount.count, amount.unit), .day)
        return end
    }

    /// `2 Thursdays ago`, `3 Fridays from now`.
    private func weekdays(_ position: Int, _ expression: inout TimeExpression) -> Int? {
        guard let (count, end) = durations.numbers.whole(at: position), (1...520).contains(count),
            let weekday = TimeWords.weekdays[stream.meant(end)]
        else { return nil }
        let ahead = (weekday - placer.today.weekday + 6) % 7 + 1
        if ["ago", "back"].contains(stream.word(end + 1)) {
            let back = (placer.today.weekday - weekday + 6) % 7 + 1
            expression.days = DayRange(placer.today.adding(days: -back - 7 * (count - 1)), .day)
            return end + 2
        }
        guard stream.word(end + 1) == "from", ["now", "today"].contains(stream.word(end + 2)) else { return nil }
        expression.days = DayRange(placer.today.adding(days: ahead + 7 * (count - 1)), .day)
        return end + 3
    }

    private func shift(_ count: Double, _ unit: Grain, _ end: Int, _ expression: inout TimeExpression) -> Int? {
        guard abs(count) <= 100_000 else { return nil }
        if unit.seconds >= Grain.day.seconds {
            guard expression.days == nil else { return nil }
            let date = move(placer.today, count, unit)
            expression.days = unit == .year ? DayRange(date.startOfMonth, .month) : DayRange(date, .day)
            return end
        }
        let grain: Grain = unit == .hour && count == count.rounded() ? .minute : .second
        expression.exact = (placer.now.utcSeconds + Int((count * Double(unit.seconds)).rounded()), grain)
        return end
    }

    private func move(_ date: CivilDate, _ count: Double, _ unit: Grain) -> CivilDate {
        switch unit {
        case .week: date.adding(days: Int((count * 7).rounded()))
        case .month: date.adding(months: Int(count))
        case .quarter: date.adding(months: 3 * Int(count))
        case .year: date.adding(months: Int((count * 12).rounded()))
        default: date.adding(days: Int(count.rounded()))
        }
    }
}
