// SPDX-License-Identifier: Apache-2.0

import Foundation

extension OpeningHours {
    /// True while it is open at that instant, read on the zone's own wall clock.
    package func contains(_ instant: Timestamp) -> Bool {
        guard let zone = TimeZone(identifier: timezone) else { return false }
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
        let local = instant.seconds + zone.secondsFromGMT(for: date)
        let day = ISODateTime.floor(local, 86_400)
        let minute = (local - day * 86_400) / 60
        // 1970-01-01 was a Thursday, ISO weekday 4.
        let weekday = ((day + 3) % 7 + 7) % 7 + 1
        return weekdays.contains(weekday) && minutes.contains(minute)
    }
}
