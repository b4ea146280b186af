// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// The present and the clocks of the people an assistant talks to: what dates are read and written by.
package struct LocalTime: Sendable, TimeZoneRules {
    /// The present instant; one turn has one.
    package var now: Timestamp
    /// Hours as `3:00 PM` rather than `15:00`.
    package var isTwelveHour: Bool
    private let zone: NamedZone?

    /// Clocks of a zone; an unknown zone is UTC.
    package init(now: Timestamp, timezone: String = "UTC", isTwelveHour: Bool = false) {
        self.now = now
        self.isTwelveHour = isTwelveHour
        zone = timezone == "UTC" ? nil : NamedZone.named(timezone)
    }

    /// Clocks as an assistant's settings want them: `clock: 12h` asks for AM and PM.
    package init(now: Timestamp, assistant: Assistant) {
        let style = assistant.parts.settings["clock"]?.text
        self.init(now: now, timezone: assistant.parts.timezone, isTwelveHour: style == "12h")
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970.
    package func offset(at utcSeconds: Int) -> Int { zone?.offset(at: utcSeconds) ?? 0 }

    /// Now in ISO 8601 with the zone's offset.
    package var iso8601: String {
        let offset = offset(at: now.seconds)
        return ISODateTime.text(localMilliseconds: (now.seconds + offset) * 1000, milliseconds: false)
            + ISODateTime.offsetText(offset)
    }

    /// What local clocks show: milliseconds since 1970 as if there were no zones.
    func local(_ instant: Timestamp) -> Int { instant.milliseconds + offset(at: instant.seconds) * 1000 }

    /// What local clocks show at a written date and time; one without an offset is local already.
    func local(_ written: ISODateTime) -> Int {
        guard let offset = written.offset else { return written.localMilliseconds }
        return local(Timestamp(milliseconds: written.localMilliseconds - offset * 1000))
    }

    /// Today, in days after 1970-01-01.
    var today: Int { ISODateTime.floor(local(now), 86_400_000) }
}
