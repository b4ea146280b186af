// SPDX-License-Identifier: Apache-2.0

/// Reads lengths of time: `2 weeks`, `an hour and a half`, `half an hour`, `90min`.
struct DurationReader {
    let stream: TokenStream
    let numbers: NumberReader

    init(_ stream: TokenStream) {
        self.stream = stream
        numbers = NumberReader(stream: stream)
    }

    static let units: [String: Grain] = {
        var units: [String: Grain] = [:]
        let names: [(Grain, String)] = [
            (.second, "second seconds sec secs"), (.minute, "minute minutes min mins"),
            (.hour, "hour hours hr hrs h"),
            (.day, "day days"), (.week, "week weeks wk wks"), (.month, "month months"),
            (.quarter, "quarter quarters qtr"),
            (.year, "year years yr yrs ys"),
        ]
        for (grain, list) in names { for name in list.split(separator: " ") { units[String(name)] = grain } }
        return units
    }()

    /// An amount of one unit: `3 days`, `a week`, `a few hours`, `2.5 h`, `half an hour`, `a fortnight`.
    func amount(at position: Int) -> (count: Double, unit: Grain, end: Int)? {
        if let found = fraction(at: position) ?? whole(at: position) { return found }
        if let (value, end) = numbers.number(at: position) {
            var next = end
            while stream.isOne(next, of: ["more", "-", "full", "whole", "other"]) { next += 1 }
            if let unit = unit(at: next) { return (value, unit, next + 1) }
            if stream.word(next) == "and", stream.word(next + 1) == "a", stream.word(next + 2) == "half",
                let unit = unit(at: next + 3)
            {
                return (value + 0.5, unit, next + 4)
            }
            return stream.isOne(next, of: ["fortnight", "fortnights"]) ? (value * 2, .week, next + 1) : nil
        }
        let article = position + 1
        guard stream.isOne(position, of: ["a", "an", "few", "several", "one"]) else {
            return stream.word(position) == "fortnight" ? (2, .week, position + 1) : nil
        }
        if stream.word(article) == "fortnight" { return (2, .week, article + 1) }
        let isFew = stream.isOne(position, of: ["few", "several"]) || stream.isOne(article, of: ["few"])
        let next = stream.isOne(article, of: ["few"]) ? article + 1 : article
        guard let unit = unit(at: next), stream.word(next) != "h" else { return nil }
        return (isFew ? 3 : 1, unit, next + 1)
    }

    /// A whole duration, made of amounts: `2 hours and 15 minutes`, `an hour and a half`.
    func duration(at position: Int) -> (value: DurationValue, end: Int)? {
        guard let first = amount(at: position) else { return nil }
        var seconds = first.count * Double(first.unit.seconds)
        var (grain, end) = (first.unit, first.end)
        if stream.word(end) == "and" {
            let half = stream.word(end + 1) == "a" ? end + 2 : end + 1
            if stream.word(half) == "half", !["past", "an"].contains(stream.word(half + 1)) {
                return value(seconds + 0.5 * Double(grain.seconds), grain, half + 1)
            }
        }
        while true {
            let next = stream.isOne(end, of: ["and", ","]) ? end + 1 : end
            guard let more = amount(at: next), more.unit.seconds < grain.seconds else { break }
            seconds += more.count * Double(more.unit.seconds)
            (grain, end) = (more.unit, more.end)
        }
        return value(seconds, grain, end)
    }

    /// `every day`, `daily`, `every 2 weeks`, `each month`: how long between two.
    func recurrence(at position: Int) -> (every: DurationValue, end: Int)? {
        let adverbs: [String: Grain] = [
            "hourly": .hour, "daily": .day, "weekly": .week, "monthly": .month, "quarterly": .quarter,
            "yearly": .year,
            "annually": .year,
        ]
        if let unit = adverbs[stream.word(position)] {
            return (DurationValue(seconds: unit.seconds, grain: unit), position + 1)
        }
        if stream.isOne(position, of: ["once", "twice"]),
            stream.isOne(position + 1, of: ["a", "an", "per", "every"]), let unit = unit(at: position + 2),
            unit.seconds >= Grain.hour.seconds
        {
            let seconds = stream.word(position) == "twice" ? unit.seconds / 2 : unit.seconds
            return (DurationValue(seconds: seconds, grain: unit), position + 3)
        }
        guard stream.isOne(position, of: ["every", "each"]) else { return nil }
        if stream.word(position + 1) == "other", let unit = unit(at: position + 2) {
            return (DurationValue(seconds: 2 * unit.seconds, grain: unit), position + 3)
        }
        if let unit = unit(at: position + 1), stream.word(position + 1) != "second" {
            return (DurationValue(seconds: unit.seconds, grain: unit), position + 2)
        }
        return duration(at: position + 1).map { ($0.value, $0.end) }
    }

    func unit(at position: Int) -> Grain? { Self.units[stream.word(position)] }

    private func value(_ seconds: Double, _ grain: Grain, _ end: Int) -> (value: DurationValue, end: Int)? {
        guard seconds <= 1e11 else { return nil }
        return (DurationValue(seconds: Int(seconds.rounded()), grain: grain), end)
    }

    /// `all day`, `the whole week`, `another month`, `some days`.
    private func whole(at position: Int) -> (count: Double, unit: Grain, end: Int)? {
        guard stream.isOne(position, of: ["all", "full", "whole", "another", "some", "entire"]) else {
            return nil
        }
        let next = stream.word(position + 1) == "-" ? position + 2 : position + 1
        guard let unit = unit(at: next), stream.word(next) != "h", unit.seconds >= Grain.minute.seconds else {
            return nil
        }
        return (stream.word(position) == "some" ? 3 : 1, unit, next + 1)
    }

    /// `half an hour`, `1/2 hour`, `a quarter of an hour`, `three-quarters of an hour`.
    private func fraction(at position: Int) -> (count: Double, unit: Grain, end: Int)? {
        var share = 0.0
        var next = position
        if let above = stream.digits(position), stream.word(position + 1) == "/",
            let below = stream.digits(position + 2),
            below > 0, above < below, below <= 4
        {
            (share, next) = (Double(above) / Double(below), position + 3)
        } else {
            let start = stream.isOne(position, of: ["a"]) ? position + 1 : position
            if stream.word(start) == "half" { (share, next) = (0.5, start + 1) }
            if stream.word(start) == "quarter", stream.word(start + 1) == "of" {
                (share, next) = (0.25, start + 1)
            }
            if stream.word(start) == "three",
                stream.word(start + 1) == "-" || stream.word(start + 1) == "quarters"
            {
                let word = stream.word(start + 1) == "-" ? start + 2 : start + 1
                if stream.word(word) == "quarters" { (share, next) = (0.75, word + 1) }
            }
        }
        guard share > 0 else { return nil }
        while stream.isOne(next, of: ["of", "a", "an"]) { next += 1 }
        return unit(at: next).map { (share, $0, next + 1) }
    }
}
