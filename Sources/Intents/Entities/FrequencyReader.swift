// SPDX-License-Identifier: Apache-2.0

/// Reads how often a medicine is taken: `twice daily`, `3x a day`, `every 4 to 6 hours`, `q6h`, `bd`, `at night`.
struct FrequencyReader {
    let stream: TokenStream
    let numbers: NumberReader

    typealias Found = (times: Double?, hours: Double?, end: Int)

    /// The prescriber's abbreviations and the plain adverbs, in times a day.
    private static let words: [String: Double] = [
        "od": 1, "qd": 1, "bd": 2, "bid": 2, "tid": 3, "tds": 3, "td": 3, "qid": 4, "qds": 4, "daily": 1,
        "nightly": 1, "nocte": 1, "om": 1, "mane": 1, "qhs": 1, "hs": 1, "qam": 1, "qpm": 1, "qod": 0.5,
        "eod": 0.5,
        "weekly": 1.0 / 7, "wkly": 1.0 / 7, "fortnightly": 1.0 / 14, "monthly": 1.0 / 30,
    ]
    private static let hourWords: Set<String> = ["hours", "hour", "hrs", "hr", "h", "hourly"]
    private static let partsOfDay: Set<String> = [
        "morning", "evening", "night", "bedtime", "bed", "noon", "lunchtime", "lunch", "breakfast", "dinner",
        "teatime", "afternoon", "mornings", "evenings", "nights", "sleep",
    ]

    private static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    func frequency(at position: Int) -> Found? {
        if let found = code(position) ?? hourCode(position) { return found }
        return times(position) ?? every(position) ?? hourly(position) ?? partsOfDay(position)
    }

    /// An abbreviation, with or without its points, such as `bd` or `tid`.
    private func code(_ position: Int) -> Found? {
        if let times = Self.words[stream.word(position)] { return (times, nil, position + 1) }
        var letters = ""
        var end = position
        while letters.count < 3, stream.word(end).utf8.count == 1, stream.word(end + 1) == ".",
            stream.tokens[end].kind == .word
        {
            letters += stream.word(end)
            end += 2
        }
        if end < stream.count, letters.count == 2, stream.isGlued(end), stream.word(end).utf8.count == 1 {
            letters += stream.word(end)
            end += 1
        }
        guard letters.count >= 2, let times = Self.words[letters] else { return nil }
        return (times, nil, end)
    }

    /// `q6h`, `q 4-6 hrs`, `q4-6h`.
    private func hourCode(_ position: Int) -> Found? {
        guard stream.word(position) == "q", let (low, end) = numbers.number(at: position + 1) else {
            return nil
        }
        let range = stream.isOne(end, of: ["-", "to"]) ? numbers.number(at: end + 1) : nil
        let unit = range?.end ?? end
        guard stream.isOne(unit, of: Self.hourWords) else { return nil }
        return (nil, low, unit + 1)
    }

    /// `twice daily`, `3 times a day`, `3x/day`, `1-2 times per week`.
    private func times(_ position: Int) -> Found? {
        var count: Double?
        var end = position + 1
        switch stream.word(position) {
        case "once", "1x": count = 1
        case "twice": count = 2
        case "thrice": count = 3
        default:
            guard let (value, next) = numbers.number(at: position) else { return nil }
            let range = stream.isOne(next, of: ["-", "to", "or"]) ? numbers.number(at: next + 1) : nil
            let after = range?.end ?? next
            if stream.isOne(after, of: ["times", "x", "time"]) { (count, end) = (value, after + 1) }
        }
        guard let count else { return nil }
        if stream.isOne(end, of: ["daily", "nightly"]) { return (count, nil, end + 1) }
        if stream.isOne(end, of: ["weekly", "wkly"]) { return (count / 7, nil, end + 1) }
        if stream.word(end) == "monthly" { return (count / 30, nil, end + 1) }
        guard stream.isOne(end, of: ["a", "per", "each", "every", "/", "in", "the"]) else { return nil }
        var unit = end + 1
        while stream.isOne(unit, of: ["a", "the"]) { unit += 1 }
        if stream.isOne(unit, of: ["day", "24"]) {
            let isHours = stream.word(unit) == "24" && stream.isOne(unit + 1, of: Self.hourWords)
            return (count, nil, isHours ? unit + 2 : unit + 1)
        }
        if stream.isOne(unit, of: ["night", "morning", "evening"]) { return (count, nil, unit + 1) }
        if stream.isOne(unit, of: ["week", "wk"]) { return (count / 7, nil, unit + 1) }
        return stream.word(unit) == "month" ? (count / 30, nil, unit + 1) : nil
    }

    /// `every 8 hours`, `every day`, `every other day`, `every morning and evening`, `alternate days`.
    private func every(_ position: Int) -> Found? {
        if stream.word(position) == "alternate",
            stream.isOne(position + 1, of: ["days", "day", "nights", "mornings"])
        {
            return (0.5, nil, position + 2)
        }
        guard stream.isOne(position, of: ["every", "each"]) else { return nil }
        let next = position + 1
        if stream.word(next) == "day" { return (1, nil, next + 1) }
        if stream.word(next) == "week" { return (1.0 / 7, nil, next + 1) }
        if stream.word(next) == "month" { return (1.0 / 30, nil, next + 1) }
        if stream.isOne(next, of: Self.hourWords) { return (nil, 1, next + 1) }
        if stream.isOne(next, of: ["other", "second"]),
            stream.isOne(next + 1, of: ["day", "night", "morning"])
        {
            return (0.5, nil, next + 2)
        }
        if stream.word(next) == "other", stream.word(next + 1) == "week" { return (1.0 / 14, nil, next + 2) }
        if stream.isOne(next, of: Self.partsOfDay) { return partsOfDay(next) }
        if stream.isOne(next, of: Self.weekdays) { return (1.0 / 7, nil, next + 1) }
        if stream.isOne(next, of: ["meal", "mealtime"]) { return (3, nil, next + 1) }
        guard
            let (low, end) = numbers.number(at: next)
                ?? numbers.ordinal(at: next).map({ (Double($0.value), $0.end) }),
            low > 0
        else { return nil }
        let range = stream.isOne(end, of: ["-", "to", "or"]) ? numbers.number(at: end + 1) : nil
        let unit = range?.end ?? end
        if stream.isOne(unit, of: Self.hourWords) { return (nil, low, unit + 1) }
        if stream.isOne(unit, of: ["days", "day"]) { return (1 / low, nil, unit + 1) }
        return stream.isOne(unit, of: ["weeks", "week"]) ? (1 / low / 7, nil, unit + 1) : nil
    }

    /// `6 hourly`, `4-6 hourly`, `hourly`.
    private func hourly(_ position: Int) -> Found? {
        if stream.word(position) == "hourly" { return (nil, 1, position + 1) }
        guard let (low, end) = numbers.number(at: position) else { return nil }
        var unit = end
        if stream.isOne(end, of: ["-", "to"]), let range = numbers.number(at: end + 1) { unit = range.end }
        if stream.word(unit) == "-" { unit += 1 }
        return stream.word(unit) == "hourly" ? (nil, low, unit + 1) : nil
    }

    /// `at night`, `in the morning and at bedtime`, `with breakfast and dinner`: as often as parts are named.
    private func partsOfDay(_ position: Int) -> Found? {
        var count = 0.0
        var end = position
        var next = position
        while count < 5 {
            while stream.isOne(
                next, of: ["at", "before", "in", "the", "with", "after", "every", "each", "going", "to"])
            {
                next += 1
            }
            guard stream.isOne(next, of: Self.partsOfDay) else { break }
            count += 1
            end = next + 1
            next = stream.isOne(end, of: ["and", ",", "&"]) ? end + 1 : stream.count
            if stream.word(next) == "and" { next += 1 }
        }
        let isOpened = end > position + 1 || stream.isOne(position - 1, of: ["every", "each"])
        return count > 0 && isOpened ? (count, nil, end) : nil
    }
}
