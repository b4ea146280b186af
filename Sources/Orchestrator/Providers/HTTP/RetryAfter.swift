// SPDX-License-Identifier: Apache-2.0

/// Reads how long a server asks to be left alone (RFC 9110 10.2.3).
enum RetryAfter {
    /// The wait, from `retry-after-ms` or `Retry-After` in seconds or as a date; nil for none or nonsense.
    ///
    /// `date` is the answer's own `Date`, `now` ours where it has none.
    static func wait(milliseconds: String?, seconds: String?, date: String?, now: Timestamp) -> Duration? {
        if let value = milliseconds.flatMap(number) { return .milliseconds(Int(value)) }
        guard let seconds else { return nil }
        if let value = number(seconds) { return .milliseconds(Int(value * 1000)) }
        guard let until = httpDate(seconds) else { return nil }
        let from = date.flatMap(httpDate) ?? now.seconds
        return .seconds(max(0, until - from))
    }

    private static func number(_ text: String) -> Double? {
        guard let value = Double(text.trimmedSpaces), value.isFinite, value >= 0, value <= 86_400_000 else {
            return nil
        }
        return value
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7); nil for another form.
    static func httpDate(_ text: String) -> Int? {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (1...31).contains(day), (1970...9999).contains(year),
            (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        // A clock and a month of two digits: `Timestamp` reads the rest.
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let iso =
            "\(year)-\(pad(month + 1))-\(pad(day))T\(pad(time[0])):\(pad(time[1])):\(pad(min(time[2], 59)))Z"
        return Timestamp(iso8601: iso)?.seconds
    }
}
