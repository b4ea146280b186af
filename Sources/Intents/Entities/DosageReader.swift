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
    private var doses: DoseReader { DoseReader(stream: stream, numbers: numbers) }

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
    private static let notMedicines: Set<String> = words(
        """
        prescribe take taking took taken give given giving add start started of a the and about him her them me prescription for with
        on at to increase decrease dose dosage is medicine i need want my please use using used apply or continue patient x by some
        another half order change it every than maximum max up buy from pack packs have has had having get got getting says said
        check its just inject insert instil inhale dissolve suck swallow chew been being doing doctor dr gp consultant they she he
        we you prescribed popping put told normally usually only still now im ive safe is was were be that this one all each daily
        day days night morning evening meal meals food water bed again same first thing because why when if can could should would
        what how many much too long until while after before not no so but right ok okay spoonful spoon course mouth eye ear left
        """)
    /// Words that stand between the parts of a dosage.
    private static let links: Set<String> = words(
        """
        , to be taken take by and per dose - a of each tablet tablets capsule capsules with food meals after before ( ) ; : the total
        orally only then water in maximum max under into on cream ointment gel lotion drops drop inhaler spray sprays solution syrup
        suspension patch patches sachet sachets suppository suppositories modified release mr dispersible chewable soluble apply use
        inhale inject insert instil dissolve suck swallow chew put given just ac pc it via spacer side both affected nostril up thinly
        spoonful spoon mouth all at once eye nasal oral cr xl sr nebuliser ou os ad as au
        """)
    private static let measures: Set<String> = ["mg", "g", "mcg", "ml", "l", "unit", "mmol", "meq"]
    /// What may stand before a number that counts doses.
    private static let beforeCounts: Set<String> = words(
        """
        take taking took taken have having had use using insert apply suck give given swallow t , : ; tablet tablets tabs tab
        capsule capsules caps patch patches lozenge lozenges suppositories sachets popping on need
        """)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    /// The dosage that begins at `position`.
    func dosage(at position: Int) -> (value: DosageValue, end: Int)? {
        var value = DosageValue()
        let name = medicine(at: position)
        value.name = name?.name
        guard let first = part(name?.end ?? position, &value) ?? count(name?.end ?? position, &value) else {
            return nil
        }
        var end = first
        while let next = following(end, &value) { end = next }
        // "3 times", "every 2 hours" or "2 g" alone belong to other things.
        let facts = [
            value.name != nil, value.dose != nil, value.timesPerDay != nil || value.everyHours != nil,
        ].count { $0 }
        guard
            value.dose != nil || value.timesPerDay != nil || value.everyHours != nil || value.asNeeded == true
        else { return nil }
        return facts >= 2 || value.dose != nil || value.asNeeded == true ? (value, end) : nil
    }

    /// A number of something that is not named, where a frequency follows: `2 nocte prn`, `one to be taken at night`,
    /// `take one cetirizine a day`.
    private func count(_ position: Int, _ value: inout DosageValue) -> Int? {
        let opens = position == 0 || stream.isOne(position - 1, of: Self.beforeCounts)
        guard opens, value.dose == nil, let (low, end) = doses.amount(at: position), low <= 10 else {
            return nil
        }
        let range = stream.isOne(end, of: ["-", "to", "or"]) ? doses.amount(at: end + 1) : nil
        var trial = value
        (trial.dose, trial.doseMax) = (low, range?.value)
        var next = range?.end ?? end
        trial.unit =
            stream.word(position - 1) == "t"
            ? "tablet" : (1...3).lazy.compactMap { DoseReader.units[stream.word(position - $0)] }.first
        while let after = following(next, &trial) {
            next = after
            guard trial.timesPerDay != nil || trial.everyHours != nil || trial.asNeeded != nil else {
                continue
            }
            value = trial
            return next
        }
        return nil
    }

    /// The name of a medicine said alone, as the answer to a question.
    func medicine(at position: Int) -> (name: String, end: Int)? {
        guard isMedicineWord(position) else { return nil }
        var end = position + 1
        while end < position + 3, isMedicineWord(end) { end += 1 }
        // "vitamin D"
        if end < stream.count, stream.word(end).utf8.count == 1, stream.tokens[end].capital { end += 1 }
        let isFollowed = doses.dose(at: end) != nil || frequency(end) != nil
        return isFollowed ? (stream.original(position..<end), end) : nil
    }

    private func isMedicineWord(_ position: Int) -> Bool {
        guard position < stream.count, stream.tokens[position].kind == .word else { return false }
        let word = stream.word(position)
        return word.utf8.count >= 3 && !Self.notMedicines.contains(word) && DoseReader.units[word] == nil
            && numbers.number(at: position) == nil && frequency(position) == nil && Self.routes[word] == nil
            && DurationReader.units[word] == nil
    }

    /// The next part, behind words that only link; one or two words before it that nothing else claims name the medicine.
    private func following(_ start: Int, _ value: inout DosageValue) -> Int? {
        var position = start
        for _ in 0..<8 {
            if let end = part(position, &value) { return end }
            if value.dose != nil, value.timesPerDay == nil, value.everyHours == nil,
                let again = doseAgain(position, &value)
            {
                position = again
            } else if value.dose != nil, value.unit == nil, let unit = DoseReader.units[stream.word(position)]
            {
                value.unit = unit
                position += 1
            } else if Self.links.contains(stream.word(position)) {
                position += 1
            } else {
                break
            }
        }
        guard value.name == nil, value.dose != nil, isMedicineWord(position) else { return nil }
        var end = position + 1
        while end < position + 2, isMedicineWord(end) { end += 1 }
        var named = value
        named.name = stream.original(position..<end)
        guard let next = following(end, &named) else { return nil }
        value = named
        return next
    }

    /// The count beside a strength: `500mg capsules, one capsule three times a day`, `40 mg, one to be taken each night`.
    ///
    /// The strength is the dose, whichever comes first: `one tablet of bisoprolol 5mg`, `one 5ml spoonful`.
    private func doseAgain(_ position: Int, _ value: inout DosageValue) -> Int? {
        if let again = doses.dose(at: position) {
            if Self.measures.contains(again.unit), !Self.measures.contains(value.unit ?? "") {
                (value.dose, value.doseMax, value.unit) = (again.low, again.high, again.unit)
            }
            return again.end
        }
        guard let (count, end) = doses.amount(at: position), count <= 4,
            frequency(end) != nil || Self.links.contains(stream.word(end))
        else { return nil }
        return end
    }

    private func part(_ position: Int, _ value: inout DosageValue) -> Int? {
        if value.dose == nil, let found = doses.dose(at: position) {
            // How strong a cream is, not how much of it is used.
            if found.unit == "%" { return found.end }
            (value.dose, value.doseMax, value.unit) = (found.low, found.high, found.unit)
            if value.name == nil, stream.word(found.end) == "of", isMedicineWord(found.end + 1) {
                value.name = stream.original(found.end + 1..<found.end + 2)
                return found.end + 2
            }
            return found.end
        }
        let isDaily = value.dose != nil && stream.isOne(position, of: ["a", "per", "/"])
        if isDaily, value.timesPerDay == nil,
            let times = ["day": 1, "night": 1, "week": 1.0 / 7][stream.word(position + 1)]
        {
            value.timesPerDay = times
            return position + 2
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

    private func frequency(_ position: Int) -> FrequencyReader.Found? {
        let start =
            stream.word(position) == "up" && stream.word(position + 1) == "to" ? position + 2 : position
        return FrequencyReader(stream: stream, numbers: numbers).frequency(at: start)
    }

    /// `for 7 days`, `x 5 days`, `x7d`, `for the next two weeks`, `7 day course`, `5/7`.
    private func length(_ position: Int) -> (days: Int, end: Int)? {
        if let short = shorthand(position) { return short }
        guard stream.isOne(position, of: ["for", "x", "over", "during"]) else {
            guard let found = span(position), stream.isOne(found.end, of: ["course", "supply"]) else {
                return nil
            }
            return (found.days, found.end + 1)
        }
        var start = position + 1
        while stream.isOne(
            start,
            of: [
                "the", "next", "another", "about", "up", "to", "at", "least", "no", "more", "than", "only",
                "just", "a",
                "total", "of", "maximum", "max", "full",
            ]), span(start) == nil
        {
            start += 1
        }
        return span(start)
    }

    /// As British prescribers write it: `5/7` days, `2/52` weeks, `1/12` months.
    private func shorthand(_ position: Int) -> (days: Int, end: Int)? {
        guard let count = stream.digits(position), (1...31).contains(count), stream.word(position + 1) == "/",
            let days = [7: 1, 52: 7, 12: 30][stream.digits(position + 2) ?? 0], stream.isGlued(position + 2)
        else { return nil }
        return (count * days, position + 3)
    }

    private func span(_ position: Int) -> (days: Int, end: Int)? {
        if let (count, end) = numbers.number(at: position), stream.word(end) == "d", count >= 1,
            count <= 3_660
        {
            return (Int(count), end + 1)
        }
        if let (count, end) = numbers.number(at: position),
            stream.isOne(end, of: ["nights", "night", "mornings"]),
            count >= 1, count <= 3_660
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
        else {
            guard stream.word(position) == "when", stream.isOne(position + 1, of: ["i", "you"]),
                stream.isOne(position + 2, of: ["need", "needed"])
            else { return nil }
            value.asNeeded = true
            return stream.word(position + 3) == "it" ? position + 4 : position + 3
        }
        value.asNeeded = true
        return position + 2
    }
}
