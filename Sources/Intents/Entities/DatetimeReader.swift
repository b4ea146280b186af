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

    init(
        _ stream: TokenStream, _ context: EntityContext, prefer: TimePreference, isAnswer: Bool = false
    ) {
        self.stream = stream
        self.isAnswer = isAnswer
        let now = ZonedInstant(utcSeconds: context.now, zone: context.zone)
        placer = TimePlacer(now: now, zone: context.zone, prefer: prefer)
        durations = DurationReader(stream)
        days = DayReader(
            stream: stream, numbers: durations.numbers, today: now.date, prefer: prefer,
            monthFirst: context.monthFirst)
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
            } else if let next = recurrence(position) ?? whenever(position) ?? bounded(position)
                ?? plain(position)
            {
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
    func whenever(_ position: Int) -> Found? {
        let now = placer.now.utcSeconds
        if stream.word(position) == "right", stream.word(position + 1) == "now" {
            return instant(now, position..<position + 2)
        }
        if stream.isOne(position, of: ["now", "immediately", "atm"]) {
            return instant(now, position..<position + 1)
        }
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
    func counted(_ position: Int) -> Found? {
        guard stream.isOne(position, of: ["next", "last", "past"]),
            let amount = durations.amount(at: position + 1),
            amount.unit.seconds <= 3600, amount.count <= 100_000
        else { return nil }
        let isNext = stream.word(position) == "next"
        let unit = amount.unit.seconds
        // As with days, what is counted are whole ones: they begin with the next full minute or hour.
        let local = placer.now.utcSeconds + placer.now.offset
        let near = local - local % unit + (isNext ? unit : 0) - placer.now.offset
        let far = near + Int(amount.count * Double(unit)) * (isNext ? 1 : -1)
        let value = DatetimeValue(
            from: ZonedInstant(utcSeconds: min(near, far), zone: placer.zone),
            to: ZonedInstant(utcSeconds: max(near, far), zone: placer.zone), grain: amount.unit)
        return Found(value: .datetime(value), tokens: position..<amount.end)
    }

    static let openPhrases: [String: [[String]]] = {
        let phrases = [
            "as soon as possible", "as early as possible", "as soon as you can", "as soon as u can",
            "first available",
            "next available", "earliest available", "any time", "any day", "soonest available",
            "the earliest", "the soonest",
            "asap", "earliest", "soonest", "anytime", "whenever",
        ]
        return Dictionary(grouping: phrases.map { $0.split(separator: " ").map(String.init) }) { $0[0] }
    }()

    /// Whether a time can begin with this token: most words are passed over with one look.
    static func mayBegin(_ token: Token) -> Bool {
        token.kind == .number || (token.kind == .word && beginnings.contains(token.meant))
    }

    static let beginnings: Set<String> = {
        let tables = [
            Array(TimeWords.weekdays.keys), Array(TimeWords.months.keys), Array(TimeWords.parts.keys),
            Array(NumberReader.units.keys), Array(NumberReader.tens.keys),
            Array(NumberReader.ordinals.keys),
            Array(openPhrases.keys), Array(bounds),
            Holiday.byName.keys.map { String($0.prefix { $0 != " " }) },
        ]
        let others = """
            today tomorrow yesterday tonight now right immediately atm weekend noon midnight next following coming upcoming
            this current last past previous the in a an few several couple half quarter fortnight end beginning start middle
            early late mid later rest remainder once twice q eod eom eoy cob day wee every each hourly daily weekly monthly quarterly yearly annually dozen three
            """
        return Set(tables.joined()).union(others.split(whereSeparator: \.isWhitespace).map(String.init))
    }()

    func instant(_ utc: Int, _ tokens: Range<Int>) -> Found {
        Found(value: .datetime(placer.instant(utc, .second).value), tokens: tokens)
    }

    /// `3pm every day`, `9am every Sunday`.
    func clockThenRecurrence(_ position: Int) -> Found? {
        let isLoose = stream.isOne(position - 1, of: ["at", "@"])
        guard var start = expression(position, isLoose: isLoose), start.days == nil, start.exact == nil,
            start.clock != nil, stream.isOne(start.end, of: ["every", "each", "daily"])
        else { return nil }
        let next = start.end
        if stream.isOne(next, of: ["every", "each"]), let day = expression(next + 1), day.clock == nil,
            day.days?.isWeekday == true
        {
            start.days = day.days
            return set(.week, 1, start, position..<day.end)
        }
        guard let (every, end) = durations.recurrence(at: next), every.grain != .week else { return nil }
        return Found(value: .set(every: every, from: placer.place(start)?.from), tokens: position..<end)
    }

    private func set(_ grain: Grain, _ count: Int, _ start: TimeExpression, _ tokens: Range<Int>) -> Found {
        let every = DurationValue(seconds: count * grain.seconds, grain: grain)
        return Found(value: .set(every: every, from: placer.place(start)?.from), tokens: tokens)
    }

    /// `every Monday at 9`, `daily`, `every 2 weeks`.
    func recurrence(_ position: Int) -> Found? {
        if stream.isOne(position, of: ["every", "each"]), stream.word(position + 1) == "other",
            let next = expression(position + 2), next.exact == nil, next.days?.isWeekday == true
        {
            return set(.week, 2, next, position..<next.end)
        }
        if stream.isOne(position, of: ["every", "each"]), let next = expression(position + 1),
            next.exact == nil,
            next.days?.isWeekday == true || next.days == nil && next.part != nil
        {
            let grain: Grain = next.days == nil ? .day : .week
            let every = DurationValue(seconds: grain.seconds, grain: grain)
            return Found(
                value: .set(every: every, from: placer.place(next)?.from), tokens: position..<next.end)
        }
        if let found = clockThenRecurrence(position) { return found }
        guard let (every, end) = durations.recurrence(at: position) else { return nil }
        let start = stream.word(end) == "at" ? expression(end) : nil
        return Found(
            value: .set(every: every, from: start.flatMap { placer.place($0)?.from }),
            tokens: position..<(start?.end ?? end))
    }
}
