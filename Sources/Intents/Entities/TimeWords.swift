// SPDX-License-Identifier: Apache-2.0

/// The English words of calendars and clocks.
enum TimeWords {
    static let weekdays: [String: Int] = table([
        "monday mon mondays", "tuesday tue tues tuesdays", "wednesday wed weds wednesdays",
        "thursday thu thur thurs thursdays", "friday fri fridays", "saturday sat saturdays",
        "sunday sun sundays",
    ])
    static let months: [String: Int] = table([
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug",
        "september sep sept", "october oct", "november nov", "december dec",
    ])
    /// Also ordinary words: they need a sign that a time is meant.
    static let ambiguous: Set<String> = [
        "mon", "wed", "sat", "sun", "may", "march", "mar", "jan", "dec", "second",
    ]
    /// Words after which an ambiguous one is a time.
    static let cues: Set<String> = [
        "on", "this", "next", "last", "by", "until", "till", "from", "to", "every", "before", "after",
        "in",
        "of", "for",
        "since", "-", "coming", "past", "around", "or", "and", "between", "during", "mid", "early",
        "late",
    ]
    static let parts: [String: DayPart] = [
        "morning": .morning, "mornings": .morning, "afternoon": .afternoon, "afternoons": .afternoon,
        "evening": .evening,
        "evenings": .evening, "night": .evening, "nights": .evening, "lunch": .lunch,
        "lunchtime": .lunch,
        "am": .morning, "pm": .afternoon, "mornin": .morning, "overnight": .evening,
    ]
    /// Zones as they are written behind a clock, in seconds ahead of UTC; `ist` is India's, `bst` Britain's summer time.
    static let zones: [String: Int] = [
        "gmt": 0, "utc": 0, "z": 0, "wet": 0, "bst": 3600, "cet": 3600, "west": 3600, "cest": 7200,
        "eet": 7200,
        "eest": 10_800, "msk": 10_800, "ist": 19_800, "sgt": 28_800, "hkt": 28_800, "awst": 28_800,
        "jst": 32_400, "kst": 32_400, "aest": 36_000, "aedt": 39_600, "nzst": 43_200, "nzdt": 46_800,
        "est": -18_000, "edt": -14_400, "cst": -21_600, "cdt": -18_000, "mst": -25_200, "mdt": -21_600,
        "pst": -28_800, "pdt": -25_200, "akst": -32_400, "hst": -36_000,
    ]

    /// The long words people misspell, recognised with one slip.
    private static let long: [(word: String, bytes: [UInt8])] =
        (Array(weekdays.keys) + Array(months.keys) + [
            "tomorrow", "yesterday", "tonight", "afternoon", "evening", "weekend",
        ])
        .filter { $0.utf8.count >= 6 && !$0.hasSuffix("days") }.sorted().map { ($0, Array($0.utf8)) }
    private static let unlike: Set<String> = ["sundry", "marches", "holiday", "holidays"]
    private static let slips: [String: String] = [
        "todays": "today", "tomorrows": "tomorrow", "yesterdays": "yesterday", "tonights": "tonight",
        "tmrw": "tomorrow", "tmw": "tomorrow", "tmr": "tomorrow", "tomorow": "tomorrow",
        "tommorow": "tomorrow",
        "tommorrow": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow", "tonite": "tonight",
        "tdy": "today",
        "wendsday": "wednesday", "wensday": "wednesday", "febuary": "february", "ystrday": "yesterday",
        "wkend": "weekend", "noontime": "noon", "midday": "noon", "noonish": "noon", "midmorning": "morning",
        "midafternoon": "afternoon",
    ]

    /// The word meant by `word`: itself, or the word of time it is one slip away from.
    static func meant(_ word: String) -> String {
        if let known = slips[word] { return known }
        guard word.utf8.count >= 6, weekdays[word] == nil, months[word] == nil else { return word }
        if unlike.contains(word) { return word }
        let bytes = Array(word.utf8)
        return long.first {
            abs($0.bytes.count - bytes.count) <= 1 && EditDistance.isAtMostOne(bytes, $0.bytes)
        }?.word ?? word
    }

    private static func table(_ rows: [String]) -> [String: Int] {
        var table: [String: Int] = [:]
        for (number, row) in rows.enumerated() {
            for word in row.split(separator: " ") { table[String(word)] = number + 1 }
        }
        return table
    }
}

/// A part of a day.
enum DayPart {
    case earlyMorning, morning, lunch, afternoon, evening, lateEvening

    /// Hours of the day, the last one exclusive: conventions of Duckling.
    var hours: Range<Int> {
        switch self {
        case .earlyMorning: 0..<9
        case .lateEvening: 21..<24
        case .morning: 0..<12
        case .lunch: 12..<14
        case .afternoon: 12..<19
        case .evening: 18..<24
        }
    }
}
