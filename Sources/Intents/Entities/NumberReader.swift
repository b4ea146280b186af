// SPDX-License-Identifier: Apache-2.0

/// Reads numbers in digits and in English words.
struct NumberReader {
    let stream: TokenStream

    static let units: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19,
    ]
    static let tens: [String: Int] = [
        "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    ]
    static let ordinals: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
        "ninth": 9,
        "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16,
        "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]

    /// A number such as `3`, `2.5`, `1,200`, `twenty-one`, `a hundred and five`, with the position after it.
    func number(at position: Int) -> (value: Double, end: Int)? {
        if let found = figures(at: position) { return found }
        if let (value, end) = words(at: position) { return (Double(value), end) }
        if stream.word(position) == "couple" {
            return (2.0, position + (stream.word(position + 1) == "of" ? 2 : 1))
        }
        if stream.word(position) == "a",
            ["couple", "dozen", "hundred", "thousand"].contains(stream.word(position + 1))
        {
            let values: [String: Double] = ["couple": 2, "dozen": 12, "hundred": 100, "thousand": 1000]
            let value = values[stream.word(position + 1)] ?? 0
            return (value, position + (stream.word(position + 2) == "of" ? 3 : 2))
        }
        return stream.word(position) == "dozen" ? (12.0, position + 1) : nil
    }

    /// A whole number of at most nine digits or in words.
    func whole(at position: Int) -> (value: Int, end: Int)? {
        if let value = stream.digits(position) { return (value, position + 1) }
        return words(at: position)
    }

    /// `3rd`, `21st`, `third`, `twenty first`.
    func ordinal(at position: Int) -> (value: Int, end: Int)? {
        if let value = stream.digits(position), stream.isGlued(position + 1),
            stream.isOne(position + 1, of: ["st", "nd", "rd", "th"])
        {
            return (value, position + 2)
        }
        if let value = Self.ordinals[stream.word(position)] { return (value, position + 1) }
        guard let tens = Self.tens[stream.word(position)] else { return nil }
        let next = stream.word(position + 1) == "-" ? position + 2 : position + 1
        guard let unit = Self.ordinals[stream.word(next)], unit < 10 else { return nil }
        return (tens + unit, next + 1)
    }

    private func figures(at position: Int) -> (value: Double, end: Int)? {
        guard stream.digits(position) != nil else { return nil }
        var text = stream.word(position)
        var end = position + 1
        while stream.word(end) == ",", stream.isGlued(end), stream.isGlued(end + 1),
            stream.digitCount(end + 1) == 3,
            text.utf8.count <= 12
        {
            text += stream.word(end + 1)
            end += 2
        }
        if stream.isOne(end, of: ["."]), stream.isGlued(end), stream.isGlued(end + 1),
            stream.digits(end + 1) != nil
        {
            text += "." + stream.word(end + 1)
            end += 2
        }
        return Double(text).map { ($0, end) }
    }

    func words(at position: Int) -> (value: Int, end: Int)? {
        guard var (total, end) = belowHundred(at: position) else { return nil }
        while stream.isOne(end, of: ["hundred", "thousand", "million"]), total < 1_000_000 {
            total *= ["hundred": 100, "thousand": 1000, "million": 1_000_000][stream.word(end)] ?? 1
            end += 1
            let rest = stream.word(end) == "and" ? end + 1 : end
            if let more = belowHundred(at: rest) {
                total += more.value
                end = more.end
            }
        }
        return (total, end)
    }

    private func belowHundred(at position: Int) -> (value: Int, end: Int)? {
        if let unit = Self.units[stream.word(position)] { return (unit, position + 1) }
        guard let tens = Self.tens[stream.word(position)] else { return nil }
        let next = stream.word(position + 1) == "-" ? position + 2 : position + 1
        if let unit = Self.units[stream.word(next)], (1...9).contains(unit) { return (tens + unit, next + 1) }
        return (tens, position + 1)
    }
}
