// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation

extension OpeningHours {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Reads `Mon-Fri 08:00-18:00 Europe/London`; `Mon,Wed` and single days too.
    ///
    /// Nil for anything else.
    init?(parsing text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3, let weekdays = Self.weekdays(parts[0]) else { return nil }
        let times = parts[1].split(separator: "-").compactMap { Self.minutes(String($0)) }
        guard times.count == 2, times[0] < times[1] else { return nil }
        self.init(weekdays: weekdays, minutes: times[0]..<times[1], timezone: parts[2])
    }

    private static func weekdays(_ text: String) -> Set<Int>? {
        var found: Set<Int> = []
        for part in text.lowercased().split(separator: ",") {
            let ends = part.split(separator: "-").map { days.firstIndex(of: String($0.prefix(3))) }
            guard let first = ends.first, let from = first, let last = ends.last, let to = last,
                ends.count <= 2
            else { return nil }
            for step in 0...((to - from + 7) % 7) { found.insert((from + step) % 7 + 1) }
        }
        return found.isEmpty ? nil : found
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}

/// Reports a zone that the time zone database does not have.
func checkTimezone(_ name: Located<String>, _ findings: inout LinkFindings) {
    guard !name.value.isEmpty, TimeZone(identifier: name.value) == nil else { return }
    let near = nearestName(to: name.value, in: TimeZone.knownTimeZoneIdentifiers)
    findings.error(
        "timezone-unknown", at: name.range, "there is no time zone '\(shortened(name.value))'",
        help: near.map { "did you mean '\($0)'?" } ?? "use an IANA name such as Europe/London")
}
