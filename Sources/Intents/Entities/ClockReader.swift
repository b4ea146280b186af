// SPDX-License-Identifier: Apache-2.0

/// A time of day as said; the half of the day may be open.
struct ClockTime: Hashable {
    var hour: Int
    var minute = 0
    var second = 0
    var grain = Grain.hour
    /// Nothing says whether before or after noon.
    var isOpen: Bool
    /// Seconds ahead of UTC, where a zone was named: `9am BST`.
    var zone: Int?

    /// The time with the half of the day decided by `part`.
    func settled(by part: DayPart) -> ClockTime {
        guard isOpen else { return self }
        var result = self
        result.isOpen = false
        switch part {
        case .morning, .earlyMorning: result.hour = hour == 12 ? 0 : hour
        case .lunch: result.hour = hour < 10 ? hour + 12 : hour
        case .afternoon, .evening, .lateEvening: result.hour = hour < 12 ? hour + 12 : hour
        }
        return result
    }

    /// Seconds since midnight with the usual half of the day: 1 to 7 are after noon, 8 to 12 are not before eight.
    var usual: Int { secondOfDay + (isOpen && hour < 8 && hour > 0 ? 43_200 : 0) }
    var secondOfDay: Int { hour * 3600 + minute * 60 + second }
}

/// Reads times of day: `3pm`, `15:00`, `half past three`, `noon`, `15h30`, and after `at` also `3` and `1030`.
struct ClockReader {
    let stream: TokenStream
    let numbers: NumberReader

    init(_ stream: TokenStream) {
        self.stream = stream
        numbers = NumberReader(stream: stream)
    }

    /// The time at `position`.
    ///
    /// `loose` also takes a bare hour, as after `at`.
    func clock(at position: Int, loose: Bool) -> (time: ClockTime, end: Int)? {
        guard
            var found = named(position) ?? relative(position) ?? figures(position, loose)
                ?? words(position, loose)
        else { return nil }
        if stream.isOne(found.end, of: ["ish"]) { found.end += 1 }
        if stream.word(found.end) == "-", stream.word(found.end + 1) == "ish" { found.end += 2 }
        let isBracketed = stream.word(found.end) == "(" && stream.word(found.end + 2) == ")"
        let name = stream.word(found.end + (isBracketed ? 1 : 0))
        guard let zone = TimeWords.zones[name] else { return found }
        found.time.zone = zone
        found.end += isBracketed ? 3 : 1
        return found
    }

    private func named(_ position: Int) -> (time: ClockTime, end: Int)? {
        let start = stream.word(position) == "12" ? position + 1 : position
        switch stream.meant(start) {
        case "noon": return (ClockTime(hour: 12, isOpen: false), start + 1)
        case "midnight": return (ClockTime(hour: 0, isOpen: false), start + 1)
        default: return nil
        }
    }

    /// `half past three`, `quarter to 5 pm`, `20 past 4`, `half three`.
    private func relative(_ position: Int) -> (time: ClockTime, end: Int)? {
        guard let (minutes, next) = minutesWord(position) else { return nil }
        let isHalf = minutes == 30 && stream.word(next - 1) == "half"
        let word = stream.word(next)
        let isBefore = ["to", "before", "til", "till"].contains(word)
        let isAfter = ["past", "after"].contains(word)
        guard isBefore || isAfter || isHalf else { return nil }
        // "from 13 to 15 July" speaks of days.
        if word == "to", stream.isOne(position - 1, of: ["from", "between", "the"]) { return nil }
        let hourAt = isBefore || isAfter ? next + 1 : next
        guard let (time, end) = clock(at: hourAt, loose: true), time.minute == 0 else { return nil }
        var result = time
        result.minute = isBefore ? 60 - minutes : minutes
        if isBefore {
            result.hour = time.hour == 0 ? 23 : time.isOpen && time.hour == 1 ? 12 : time.hour - 1
        }
        result.grain = .minute
        return (result, end)
    }

    private func minutesWord(_ position: Int) -> (minutes: Int, end: Int)? {
        let start = stream.isOne(position, of: ["a"]) ? position + 1 : position
        if stream.word(start) == "half" { return (30, start + 1) }
        if stream.word(start) == "quarter" { return (15, start + 1) }
        guard let (value, end) = numbers.whole(at: start), (1...59).contains(value) else { return nil }
        let next = stream.isOne(end, of: ["minutes", "minute", "mins", "min"]) ? end + 1 : end
        return stream.isOne(next, of: ["to", "past", "before", "after", "til", "till"])
            ? (value, next) : nil
    }

    private func figures(_ position: Int, _ loose: Bool) -> (time: ClockTime, end: Int)? {
        guard let value = stream.digits(position), !isPartOfNumber(position) else { return nil }
        if stream.digitCount(position) >= 3 { return packed(value, position, loose) }
        guard value <= 24 else { return nil }
        var time = ClockTime(
            hour: value % 24, isOpen: (1...12).contains(value) && !stream.word(position).hasPrefix("0"))
        var end = position + 1
        var isSure = false
        if let minutes = subdivision(end, [":", "h"], loose) {
            (time.minute, time.grain, isSure) = (minutes.value, .minute, true)
            // "9h30" is said by those who count to 24.
            if stream.word(end) == "h" { time.isOpen = false }
            end = minutes.end
            if let seconds = subdivision(end, [":"], false) {
                (time.second, time.grain, end) = (seconds.value, .second, seconds.end)
            }
        } else if stream.word(end) == "h", stream.isGlued(end) {
            (time.isOpen, time.grain, end, isSure) = (false, .minute, end + 1, true)
        }
        if let sure = finish(&time, &end, isSure: isSure, position) { return (sure, end) }
        return isSure || (loose && !isFollowedByUnit(end)) ? (time, end) : nil
    }

    /// `:30`, `h30`, and `.30` where a time is expected.
    private func subdivision(_ position: Int, _ marks: Set<String>, _ loose: Bool) -> (
        value: Int, end: Int
    )? {
        let isPoint = stream.word(position) == "." && (loose || isHalf(position + 2))
        guard marks.contains(stream.word(position)) || isPoint, stream.isGlued(position),
            stream.isGlued(position + 1),
            let value = stream.digits(position + 1), value < 60, stream.digitCount(position + 1) == 2
        else { return nil }
        return (value, position + 2)
    }

    /// `1030`, `730`, only where a time is expected.
    private func packed(_ value: Int, _ position: Int, _ loose: Bool) -> (time: ClockTime, end: Int)? {
        guard stream.digitCount(position) <= 4, value / 100 <= 24, value % 100 < 60 else { return nil }
        var time = ClockTime(
            hour: value / 100 % 24, minute: value % 100, grain: .minute,
            isOpen: (100..<1300).contains(value))
        if stream.word(position).hasPrefix("0") { time.isOpen = false }
        var end = position + 1
        if let sure = finish(&time, &end, isSure: false, position) { return (sure, end) }
        return loose && !isFollowedByUnit(end) ? (time, end) : nil
    }

    /// Takes `am`, `p.m.`, `o'clock` behind the time; nil if nothing there makes it certain.
    private func finish(_ time: inout ClockTime, _ end: inout Int, isSure: Bool, _ start: Int)
        -> ClockTime?
    {
        var isSure = isSure
        if stream.isOne(end, of: ["oclock"]) { (end, isSure) = (end + 1, true) }
        if stream.word(end) == "o", stream.word(end + 1) == "clock" { (end, isSure) = (end + 2, true) }
        if let half = half(end, afterMinutes: time.grain != .hour) {
            if time.hour > 12 {
                time.isOpen = false
            } else {
                time = ClockTime(
                    hour: time.hour, minute: time.minute, second: time.second, grain: time.grain, isOpen: true
                ).settled(by: half.part)
            }
            end = half.end
            return time
        }
        return isSure ? time : nil
    }

    private func isHalf(_ position: Int) -> Bool { half(position, afterMinutes: true) != nil }

    private func half(_ position: Int, afterMinutes: Bool) -> (part: DayPart, end: Int)? {
        let word = stream.word(position)
        if word == "in", stream.word(position + 1) == "the",
            stream.isOne(position + 2, of: ["am", "pm"])
        {
            return (stream.word(position + 2) == "am" ? .morning : .afternoon, position + 3)
        }
        if word == "am" || word == "pm" { return (word == "am" ? .morning : .afternoon, position + 1) }
        guard word == "a" || word == "p" else { return nil }
        let part: DayPart = word == "a" ? .morning : .afternoon
        let next = stream.word(position + 1) == "." ? position + 2 : position + 1
        if stream.word(next) == "m" {
            return (part, stream.word(next + 1) == "." && stream.isGlued(next + 1) ? next + 2 : next + 1)
        }
        guard stream.isGlued(position),
            afterMinutes || (stream.word(position + 1) == "." && word == "p")
        else { return nil }
        return (part, next)
    }

    /// `three pm`, `ten thirty am`, `seven o'clock`, and `three` where a time is expected.
    private func words(_ position: Int, _ loose: Bool) -> (time: ClockTime, end: Int)? {
        guard let hour = NumberReader.units[stream.word(position)], (1...12).contains(hour) else {
            return nil
        }
        var time = ClockTime(hour: hour, isOpen: true)
        var end = position + 1
        var isSure = false
        if let (minutes, next) = spokenMinutes(end) {
            (time.minute, time.grain, end) = (minutes, .minute, next)
            // "twelve oh three" is said of nothing else.
            isSure = minutes < 10
        }
        if let sure = finish(&time, &end, isSure: isSure, position) { return (sure, end) }
        return loose && !isFollowedByUnit(end) ? (time, end) : nil
    }

    /// `thirty`, `forty five`, `oh five`.
    private func spokenMinutes(_ position: Int) -> (value: Int, end: Int)? {
        let start = stream.word(position) == "-" ? position + 1 : position
        let next = stream.word(start + 1) == "-" ? start + 2 : start + 1
        if stream.isOne(start, of: ["oh", "o", "zero"]),
            let unit = NumberReader.units[stream.word(next)], unit < 10
        {
            return (unit, next + 1)
        }
        guard let (value, end) = numbers.whole(at: position), (10...59).contains(value) else {
            return nil
        }
        return (value, end)
    }

    /// `650-650`, `3/4`, `2.5`: digits that belong to something else.
    private func isPartOfNumber(_ position: Int) -> Bool {
        let marks: Set<String> = ["/", "-", ".", ",", "#", "+"]
        let before =
            stream.isGlued(position) && marks.contains(stream.word(position - 1))
            && stream.isGlued(position - 1) && stream.digits(position - 2) != nil
        let next = position + 1
        let after = stream.isOne(next, of: ["/", "%"]) && stream.isGlued(next)
        return before && stream.word(position - 1) != "-" || after
    }

    private func isFollowedByUnit(_ position: Int) -> Bool {
        DurationReader.units[stream.word(position)] != nil && stream.word(position) != "h"
            || stream.isOne(
                position,
                of: ["%", "mg", "ml", "people", "times", "tablets", "pm", "st", "nd", "rd", "th", "/"])
            || (stream.word(position) == "-" && stream.isGlued(position)
                && stream.digitCount(position + 1) > 2)
    }
}
