// SPDX-License-Identifier: Apache-2.0

/// Reads dosages: `amoxicillin 500mg twice daily for 7 days`, `1-2 tablets every 4 to 6 hours as needed`.
///
/// A dosage begins at a dose or at a frequency; the word right before the dose is the medicine unless it is an ordinary
/// one. Parts may follow in any order, a few small words apart.
struct DosageReader {
    let stream: TokenStream
    let durations: DurationReader

    init(_ stream: TokenStream) {
        self.stream = stream
        durations = DurationReader(stream)
    }

    private var numbers: NumberReader { durations.numbers }

    static let units: [String: String] = {
        var units: [String: String] = [:]
        let rows = [
            "mg milligram milligrams milligramme milligrammes", "g gram grams gramme grammes",
            "mcg microgram micrograms ug µg",
            "ml millilitre millilitres milliliter milliliters", "l litre litres", "unit units iu u",
            "tablet tablets tab tabs", "capsule capsules cap caps", "pill pills", "drop drops", "puff puffs",
            "spray sprays", "patch patches", "teaspoon teaspoons tsp", "tablespoon tablespoons tbsp",
            "sachet sachets",
            "dose doses", "suppository suppositories", "%",
        ]
        for row in rows {
            let names = row.split(separator: " ").map(String.init)
            for name in names { units[name] = names[0] }
        }
        return units
    }()
    private static let routes: [String: String] = [
        "orally": "oral", "oral": "oral", "mouth": "oral", "po": "oral", "topically": "topical",
        "topical": "topical",
        "intravenously": "intravenous", "intravenous": "intravenous", "iv": "intravenous",
        "im": "intramuscular",
        "intramuscularly": "intramuscular", "subcutaneously": "subcutaneous", "subcutaneous": "subcutaneous",
        "inhaled": "inhaled", "rectally": "rectal", "sublingually": "sublingual", "nasally": "nasal",
    ]
    private static let notMedicines: Set<String> = [
        "prescribe", "take", "taking", "give", "add", "start", "of", "a", "the", "and", "about", "him", "her",
        "them", "me",
        "prescription", "for", "with", "on", "at", "to", "increase", "decrease", "dose", "dosage", "is",
        "medicine", "i",
        "need", "want", "my", "please", "use", "apply", "or", "continue", "patient", "x", "by", "some",
        "another", "need",
        "order", "change", "it", "every", "than", "maximum", "max", "up", "buy", "from", "pack", "packs",
    ]

    /// The dosage that begins at `position`.
    func dosage(at position: Int) -> (value: DosageValue, end: Int)? {
        var value = DosageValue()
        var end = position
        if let name = medicine(at: position) {
            value.name = name.name
            end = name.end
            guard let next = part(end, &value),
                value.dose != nil || value.timesPerDay != nil || value.everyHours != nil
            else { return nil }
            end = next
        } else {
            guard let next = part(end, &value),
                value.dose != nil || value.timesPerDay != nil || value.everyHours != nil
            else { return nil }
            end = next
        }
        while let next = following(end, &value) { end = next }
        // "3 times", "every 2 hours" or "2 g" alone belong to other things.
        let facts = [
            value.name != nil, value.dose != nil, value.timesPerDay != nil || value.everyHours != nil,
        ].count { $0 }
        return facts >= 2 || value.dose != nil || value.asNeeded == true ? (value, end) : nil
    }

    /// The name of a medicine said alone, as the answer to a question.
    func medicine(at position: Int) -> (name: String, end: Int)? {
        guard isMedicineWord(position) else { return nil }
        var end = position + 1
        while end < position + 3, isMedicineWord(end) { end += 1 }
        let isFollowed = dose(end) != nil || frequency(end) != nil
        return isFollowed ? (stream.original(position..<end), end) : nil
    }

    private func isMedicineWord(_ position: Int) -> Bool {
        guard position < stream.count, stream.tokens[position].kind == .word else { return false }
        let word = stream.word(position)
        return word.utf8.count >= 3 && !Self.notMedicines.contains(word) && Self.units[word] == nil
            && numbers.number(at: position) == nil && frequency(position) == nil && Self.routes[word] == nil
            && DurationReader.units[word] == nil
    }

    private func following(_ start: Int, _ value: inout DosageValue) -> Int? {
        var position = start
        for step in 0..<4 {
            if let end = part(position, &value) { return end }
            let isLink = [
                ",", "to", "be", "taken", "take", "by", "and", "per", "dose", "-", "a", "of", "each",
                "tablet",
            ].contains(stream.word(position))
            guard step < 3, isLink else { return nil }
            position += 1
        }
        return nil
    }

    private func part(_ position: Int, _ value: inout DosageValue) -> Int? {
        if value.dose == nil, let found = dose(position) {
            (value.dose, value.doseMax, value.unit) = (found.low, found.high, found.unit)
            if value.name == nil, stream.word(found.end) == "of", isMedicineWord(found.end + 1) {
                value.name = stream.original(found.end + 1..<found.end + 2)
                return found.end + 2
            }
            return found.end
        }
        if value.timesPerDay == nil, value.everyHours == nil, let found = frequency(position) {
            (value.timesPerDay, value.everyHours) = (found.times, found.hours)
            return found.end
        }
        if value.days == nil, let found = length(position) {
            value.days = found.days
            return found.end
        }
        return route(position, &value) ?? need(position, &value)
    }

    /// `500mg`, `1-2 tablets`, `half a tablet`, `two puffs`.
    private func dose(_ position: Int) -> (low: Double, high: Double?, unit: String, end: Int)? {
        if stream.word(position) == "half", stream.isOne(position + 1, of: ["a"]),
            let unit = Self.units[stream.word(position + 2)]
        {
            return (0.5, nil, unit, position + 3)
        }
        guard let (low, end) = amount(position) else { return nil }
        if stream.isOne(end, of: ["-", "to", "or"]), let (high, after) = amount(end + 1), high > low,
            let unit = Self.units[stream.word(after)]
        {
            return (low, high, unit, after + 1)
        }
        guard let unit = Self.units[stream.word(end)] else { return nil }
        // "2 g" is a dose, "2 u" or "3 l" hardly ever; and a share of a hundred is none.
        if ["u", "l", "%", "g", "cap", "tab"].contains(stream.word(end)), !stream.isGlued(end) { return nil }
        return (low, nil, unit, end + 1)
    }

    private func amount(_ position: Int) -> (value: Double, end: Int)? {
        if stream.isOne(position, of: ["a", "an"]), Self.units[stream.word(position + 1)] != nil {
            return (1, position + 1)
        }
        return numbers.number(at: position)
    }

    /// `twice daily`, `3 times a day`, `every 4 to 6 hours`, `bid`, `at night`.
    private func frequency(_ position: Int) -> (times: Double?, hours: Double?, end: Int)? {
        let codes: [String: Double] = [
            "od": 1, "qd": 1, "bd": 2, "bid": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4, "daily": 1,
            "nightly": 1,
        ]
        if let times = codes[stream.word(position)] { return (times, nil, position + 1) }
        if stream.isOne(position, of: ["at", "before"]), stream.isOne(position + 1, of: ["night", "bedtime"])
        {
            return (1, nil, position + 2)
        }
        if let times = times(position) { return times }
        guard stream.isOne(position, of: ["every", "each"]) else { return nil }
        if stream.isOne(position + 1, of: ["day", "night", "morning", "evening"]) {
            return (1, nil, position + 2)
        }
        if stream.word(position + 1) == "other", stream.word(position + 2) == "day" {
            return (0.5, nil, position + 3)
        }
        guard let (low, end) = numbers.number(at: position + 1) else { return nil }
        let range = stream.isOne(end, of: ["-", "to"]) ? numbers.number(at: end + 1) : nil
        let unit = range?.end ?? end
        return stream.isOne(unit, of: ["hours", "hour", "hrs", "hr", "h", "hourly"])
            ? (nil, low, unit + 1) : nil
    }

    private func times(_ position: Int) -> (times: Double?, hours: Double?, end: Int)? {
        var count: Double?
        var end = position + 1
        switch stream.word(position) {
        case "once": count = 1
        case "twice": count = 2
        case "thrice": count = 3
        default:
            if let (value, next) = numbers.number(at: position),
                stream.isOne(next, of: ["times", "x", "time"])
            {
                (count, end) = (value, next + 1)
            }
        }
        guard let count else { return nil }
        if stream.isOne(end, of: ["daily", "nightly"]) { return (count, nil, end + 1) }
        if stream.isOne(end, of: ["a", "per", "each", "every"]), stream.isOne(end + 1, of: ["day"]) {
            return (count, nil, end + 2)
        }
        if stream.isOne(end, of: ["a", "per", "each", "every"]), stream.isOne(end + 1, of: ["week"]) {
            return (count / 7, nil, end + 2)
        }
        return nil
    }

    /// `for 7 days`, `x 5 days`, `for two weeks`.
    private func length(_ position: Int) -> (days: Int, end: Int)? {
        guard stream.isOne(position, of: ["for", "x", "over"]),
            let found = durations.duration(at: position + 1),
            found.value.seconds >= 86_400, found.value.seconds <= 86_400 * 3_660
        else { return nil }
        return (found.value.seconds / 86_400, found.end)
    }

    private func route(_ position: Int, _ value: inout DosageValue) -> Int? {
        let start = stream.isOne(position, of: ["by"]) ? position + 1 : position
        guard value.route == nil, let route = Self.routes[stream.word(start)] else { return nil }
        value.route = route
        return start + 1
    }

    /// `as needed`, `prn`, `when required`, `if needed`.
    private func need(_ position: Int, _ value: inout DosageValue) -> Int? {
        guard value.asNeeded == nil else { return nil }
        if stream.word(position) == "prn" {
            value.asNeeded = true
            return position + 1
        }
        guard stream.isOne(position, of: ["as", "when", "if", "where"]),
            stream.isOne(position + 1, of: ["needed", "required", "necessary"])
        else { return nil }
        value.asNeeded = true
        return position + 2
    }
}
