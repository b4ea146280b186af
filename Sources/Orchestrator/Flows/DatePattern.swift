// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A date as another system wants it: `yyyy-MM-dd`, `HH:mm`, `dd.MM.yyyy HH:mm:ss`.
///
/// The letters stand for year, month, day, hour, minute and second on local clocks; everything else stays.
struct DatePattern {
    private let pattern: String
    private let time: LocalTime

    /// Nil for a text that has none of the letters in their number.
    init?(_ pattern: String, in time: LocalTime) {
        guard ["yyyy", "MM", "dd", "HH", "mm", "ss"].contains(where: pattern.contains) else { return nil }
        self.pattern = pattern
        self.time = time
    }

    /// The beginning of a date or of a stretch of time; nothing for what is no date.
    func text(of value: JSON) -> String {
        guard let span = TimeSpan(value, in: time), let local = span.from ?? span.to else { return "" }
        // `2026-03-09T10:00:00`
        let written = Array(ISODateTime.text(localMilliseconds: local, milliseconds: false))
        let parts: [(String, Range<Int>)] = [
            ("yyyy", 0..<4), ("MM", 5..<7), ("dd", 8..<10), ("HH", 11..<13), ("mm", 14..<16), ("ss", 17..<19),
        ]
        return parts.reduce(pattern) { $0.replacing($1.0, with: String(written[$1.1])) }
    }
}
