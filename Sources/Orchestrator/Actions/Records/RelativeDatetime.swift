// SPDX-License-Identifier: Apache-2.0

/// The ISO 8601 date that a relative one stands for; nil when the text is no relative date.
///
/// `today 09:00`, `tomorrow 10:30`, `yesterday 16:00`, `+3d 10:00`, `-2d 14:30`, `+1w 09:00` give a time with
/// its offset; the same without a time of day give the date alone. `now`, `+2h` and `-30m` count from this
/// instant.
/// `offsetAt` gives the seconds east of UTC at an instant, which it gets in seconds since 1970 UTC.
package func resolveRelativeDatetime(
    _ text: String, now: Timestamp, offsetAt: (Int) -> Int
) -> String? {
    // Seeds are mostly other text; this keeps it from being taken apart.
    guard text.utf8.count <= 20, let first = text.utf8.first, "ynt+-".utf8.contains(first) else { return nil }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count <= 2, let word = words.first, let shift = RelativeShift(word) else { return nil }
    switch shift {
    case .seconds(let seconds): return words.count == 1 ? instantText(now.seconds + seconds, offsetAt) : nil
    case .days(let days):
        let today = ISODateTime.floor(now.seconds + offsetAt(now.seconds), 86_400)
        guard words.count == 2 else { return ISODateTime.dateText(days: today + days) }
        guard let time = secondsOfDay(words[1]) else { return nil }
        return localText((today + days) * 86_400 + time, offsetAt)
    }
}

private enum RelativeShift {
    case days(Int), seconds(Int)

    init?(_ word: Substring) {
        switch word {
        case "now": self = .seconds(0)
        case "today": self = .days(0)
        case "tomorrow": self = .days(1)
        case "yesterday": self = .days(-1)
        default:
            guard let unit = word.last, let sign = word.first, sign == "+" || sign == "-",
                let count = Int(word.dropFirst().dropLast()), (0...100_000).contains(count)
            else { return nil }
            let signed = sign == "-" ? -count : count
            switch unit {
            case "d": self = .days(signed)
            case "w": self = .days(signed * 7)
            case "h": self = .seconds(signed * 3600)
            case "m": self = .seconds(signed * 60)
            default: return nil
            }
        }
    }
}

private func secondsOfDay(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count),
        let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
        (0..<60).contains(minute)
    else { return nil }
    return (hour * 60 + minute) * 60
}

// The offset holds at the instant, which is known only with the offset: the second guess is right but for an
// hour that the clocks skip, and there it is an hour that exists.
private func localText(_ local: Int, _ offsetAt: (Int) -> Int) -> String {
    let guess = local - offsetAt(local)
    return instantText(local - offsetAt(guess), offsetAt)
}

private func instantText(_ seconds: Int, _ offsetAt: (Int) -> Int) -> String {
    let offset = offsetAt(seconds)
    let local = ISODateTime.text(localMilliseconds: (seconds + offset) * 1000, milliseconds: false)
    return local + ISODateTime.offsetText(offset)
}
