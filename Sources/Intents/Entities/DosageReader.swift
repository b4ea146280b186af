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
            "mg mgs milligram milligrams milligramme milligrammes", "g gm gms gram grams gramme grammes",
            "mcg mcgs microgram micrograms microg ug µg μg",
            "ml mls millilitre millilitres milliliter milliliters cc", "l litre litres", "unit units iu u",
            "tablet tablets tab tabs", "capsule capsules cap caps", "pill pills caplet caplets", "drop drops",
            "puff puffs inhalation inhalations",
            "spray sprays", "patch patches", "teaspoon teaspoons tsp", "tablespoon tablespoons tbsp",
            "sachet sachets", "lozenge lozenges", "ampoule ampoules vial vials", "application applications",
            "mmol mmols", "meq",
            "dose doses", "suppository suppositories pessary pessaries", "%",
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
        "inhaled": "inhaled", "rectally": "rectal", "sublingually": "sublingual", "sublingual": "sublingual",
        "sl": "sublingual", "tongue": "sublingual",
        "nasally": "nasal", "intranasally": "nasal", "nostril": "nasal", "nostrils": "nasal", "nose": "nasal",
        "sc": "subcutaneous", "subcut": "subcutaneous", "subq": "subcutaneous", "sq": "subcutaneous",
        "pr": "rectal", "rectal": "rectal", "eye": "ocular", "eyes": "ocular", "ear": "aural",
        "ears": "aural",
        "inhale": "inhaled", "inhaler": "inhaled", "inhalation": "inhaled", "nebulised": "inhaled",
        "nebulized": "inhaled", "skin": "topical", "vaginally": "vaginal",
    ]
    private static let notMedicines: Set<String> = [
        "prescribe", "take", "taking", "give", "add", "start", "of", "a", "the", "and", "about", "him", "her",
        "them", "me",
        "prescription", "for", "with", "on", "at", "to", "increase", "decrease", "dose", "dosage", "is",
        "medicine", "i",
        "need", "want", "my", "please", "use", "apply", "or", "continue", "patient", "x", "by", "some",
        "another", "need",
        "half", "order", "change", "it", "every", "than", "maximum", "max", "up", "buy", "from", "pack",
        "packs",
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
        // "vitamin D"
        if end < stream.count, stream.word(end).utf8.count == 1, stream.tokens[end].capital { end += 1 }
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
                "tablet", "tablets",
                "capsule", "capsules", "with", "food", "meals", "after", "before", "(", ")", ";", "the",
                "total",
                "orally", "only", "then", "water", "in", "maximum", "max", "under", "into", "on",
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

    /// `500mg`, `1-2 tablets`, `half a tablet`, `one and a half tablets`, `2 x 500mg`.
    private func dose(_ position: Int) -> (low: Double, high: Double?, unit: String, end: Int)? {
        if stream.word(position) == "half" {
            var next = position + 1
            while stream.isOne(next, of: ["a", "an", "of"]) { next += 1 }
            if let unit = Self.units[stream.word(next)] { return (0.5, nil, unit, next + 1) }
        }
        guard let (low, end) = amount(position) else { return nil }
        if stream.isOne(end, of: ["-", "to", "or"]), let (high, after) = amount(end + 1), high > low,
            let unit = Self.units[stream.word(after)]
        {
            return (low, high, unit, after + 1)
        }
        guard let unit = Self.units[stream.word(end)] else { return nil }
        // "500mg-1g" is a range in one unit.
        if stream.isOne(end + 1, of: ["-", "to"]), let (high, after) = amount(end + 2),
            Self.units[stream.word(after)] == unit, high > low
        {
            return (low, high, unit, after + 1)
        }
        // "2 g" is a dose, "2 u" or "3 l" hardly ever; and a share of a hundred is none.
        if ["u", "l", "%", "cap", "tab"].contains(stream.word(end)), !stream.isGlued(end) {
            guard ["cap", "tab"].contains(stream.word(end)) else { return nil }
        }
        if stream.word(end) == "g", !stream.isGlued(end), frequency(end + 1) == nil { return nil }
        return (low, nil, unit, end + 1)
    }

    private func amount(_ position: Int) -> (value: Double, end: Int)? {
        if stream.isOne(position, of: ["a", "an"]), Self.units[stream.word(position + 1)] != nil {
            return (1, position + 1)
        }
        if let above = stream.digits(position), stream.word(position + 1) == "/",
            stream.isGlued(position + 1),
            let below = stream.digits(position + 2), (2...4).contains(below), above < below
        {
            return (Double(above) / Double(below), position + 3)
        }
        guard let (value, end) = numbers.number(at: position) else { return nil }
        if stream.word(end) == "and", stream.word(end + 1) == "a", stream.word(end + 2) == "half" {
            return (value + 0.5, end + 3)
        }
        if let above = stream.digits(end), stream.word(end + 1) == "/", let below = stream.digits(end + 2),
            (2...4).contains(below), above < below
        {
            return (value + Double(above) / Double(below), end + 3)
        }
        return (value, end)
    }

    private func frequency(_ position: Int) -> FrequencyReader.Found? {
        let start =
            stream.word(position) == "up" && stream.word(position + 1) == "to" ? position + 2 : position
        return FrequencyReader(stream: stream, numbers: numbers).frequency(at: start)
    }

    /// `for 7 days`, `x 5 days`, `x7d`, `for the next two weeks`, `7 day course`.
    private func length(_ position: Int) -> (days: Int, end: Int)? {
        guard stream.isOne(position, of: ["for", "x", "over", "during"]) else {
            guard let found = span(position), stream.isOne(found.end, of: ["course", "supply"]) else {
                return nil
            }
            return (found.days, found.end + 1)
        }
        var start = position + 1
        while stream.isOne(start, of: ["the", "next", "another", "about", "up", "to", "at", "least"]) {
            start += 1
        }
        return span(start)
    }

    private func span(_ position: Int) -> (days: Int, end: Int)? {
        if let (count, end) = numbers.number(at: position), stream.word(end) == "d", count >= 1,
            count <= 3_660
        {
            return (Int(count), end + 1)
        }
        let range = numbers.number(at: position)
        let low = range.flatMap { stream.isOne($0.end, of: ["-", "to"]) ? $0.end + 1 : nil }
        guard let found = durations.duration(at: low ?? position), found.value.seconds >= 86_400,
            found.value.seconds <= 86_400 * 3_660
        else { return nil }
        guard low != nil, let range, let unit = durations.amount(at: low ?? position)?.unit else {
            return (found.value.seconds / 86_400, found.end)
        }
        return (Int(range.value) * unit.seconds / 86_400, found.end)
    }

    private func route(_ position: Int, _ value: inout DosageValue) -> Int? {
        var start = position
        while stream.isOne(
            start,
            of: [
                "by", "in", "into", "each", "both", "the", "affected", "under", "on", "to", "via", "left",
                "right",
            ])
        {
            start += 1
        }
        guard value.route == nil, let route = Self.routes[stream.word(start)] else { return nil }
        value.route = route
        return start + 1
    }

    /// `as needed`, `prn`, `when required`, `if needed`.
    private func need(_ position: Int, _ value: inout DosageValue) -> Int? {
        guard value.asNeeded == nil else { return nil }
        if stream.isOne(position, of: ["prn", "sos"]) {
            value.asNeeded = true
            return position + 1
        }
        guard stream.isOne(position, of: ["as", "when", "if", "where", "whenever"]),
            stream.isOne(position + 1, of: ["needed", "required", "necessary"])
        else { return nil }
        value.asNeeded = true
        return position + 2
    }
}
