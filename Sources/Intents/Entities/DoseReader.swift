// SPDX-License-Identifier: Apache-2.0

/// Reads how much is taken at a time: `500mg`, `1-2 tablets`, `half a tablet`.
struct DoseReader {
    let stream: TokenStream
    let numbers: NumberReader

    typealias Found = (low: Double, high: Double?, unit: String, end: Int)

    static let units: [String: String] = {
        var units: [String: String] = [:]
        let rows = [
            "mg mgs milligram milligrams milligramme milligrammes", "g gm gms gram grams gramme grammes",
            "mcg mcgs microgram micrograms microg ug µg μg",
            "ml mls millilitre millilitres milliliter milliliters cc", "l litre litres", "unit units iu u",
            "tablet tablets tab tabs", "capsule capsules cap caps", "pill pills caplet caplets",
            "drop drops gtt gtts",
            "puff puffs inhalation inhalations",
            "spray sprays", "patch patches", "teaspoon teaspoons tsp", "tablespoon tablespoons tbsp",
            "sachet sachets", "lozenge lozenges", "ampoule ampoules vial vials", "application applications",
            "mmol mmols", "meq",
            "dose doses", "suppository suppositories supp supps pessary pessaries", "%",
        ]
        for row in rows {
            let names = row.split(separator: " ").map(String.init)
            for name in names { units[name] = names[0] }
        }
        return units
    }()
    private static let shares = ["½": 0.5, "¼": 0.25, "¾": 0.75]
    /// As prescribers count tablets.
    private static let roman: [String: Double] = ["i": 1, "ii": 2, "iii": 3]

    /// `500mg`, `1-2 tablets`, `half a tablet`, `one and a half tablets`, `2 x 500mg`.
    func dose(at position: Int) -> Found? {
        if let part = part(at: position) { return part }
        guard let (low, end) = amount(at: position) else { return nil }
        if stream.isOne(end, of: ["-", "to", "or"]), let (high, after) = amount(at: end + 1), high > low,
            let unit = Self.units[stream.word(after)]
        {
            return (low, high, unit, after + 1)
        }
        guard let unit = Self.units[stream.word(end)] else { return nil }
        // "500mg-1g" is a range in one unit.
        if stream.isOne(end + 1, of: ["-", "to"]), let (high, after) = amount(at: end + 2),
            Self.units[stream.word(after)] == unit, high > low
        {
            return (low, high, unit, after + 1)
        }
        // "2 g" is a dose, "2 u" or "3 l" hardly ever; and a share of a hundred is none.
        if ["u", "l", "%", "cap", "tab"].contains(stream.word(end)), !stream.isGlued(end) {
            guard ["cap", "tab"].contains(stream.word(end)) else { return nil }
        }
        let frequencies = FrequencyReader(stream: stream, numbers: numbers)
        if stream.word(end) == "g", !stream.isGlued(end), frequencies.frequency(at: end + 1) == nil {
            return nil
        }
        return (low, nil, unit, end + 1)
    }

    /// `half a tablet`, `a quarter of a tablet`, `half a sleeping tablet`.
    private func part(at position: Int) -> Found? {
        var start = position
        while stream.isOne(start, of: ["a", "one"]) { start += 1 }
        guard let share = ["half": 0.5, "quarter": 0.25][stream.word(start)] else { return nil }
        var next = start + 1
        while stream.isOne(next, of: ["a", "an", "of"]) { next += 1 }
        for place in next...next + 1 {
            if let unit = Self.units[stream.word(place)] { return (share, nil, unit, place + 1) }
        }
        return nil
    }

    /// A number of doses: `2`, `1 1/2`, `1½`, `two and a half`, `ii`.
    func amount(at position: Int) -> (value: Double, end: Int)? {
        if let share = Self.shares[stream.word(position)] { return (share, position + 1) }
        if let count = Self.roman[stream.word(position)], Self.units[stream.word(position + 1)] != nil {
            return (count, position + 1)
        }
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
        if let share = Self.shares[stream.word(end)] { return (value + share, end + 1) }
        let words = (end..<end + 6).filter { stream.word($0) != "-" }.prefix(3)
        if words.map(stream.word) == ["and", "a", "half"] {
            return (value + 0.5, words[words.endIndex - 1] + 1)
        }
        if let above = stream.digits(end), stream.word(end + 1) == "/", let below = stream.digits(end + 2),
            (2...4).contains(below), above < below
        {
            return (value + Double(above) / Double(below), end + 3)
        }
        return (value, end)
    }
}
