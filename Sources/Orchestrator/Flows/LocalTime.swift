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

    /// A spoken time of day on the day on which another value begins; the value as it is where either is unknown.
    ///
    /// "Actually at four" says nothing about the day that was agreed on.
    func moving(_ value: JSON, toDayOf other: JSON) -> JSON {
        guard let span = TimeSpan(value, in: self), let day = TimeSpan(other, in: self)?.firstDay,
            let own = span.firstDay,
            var object = value.members
        else { return value }
        let shift = (day - own) * 86_400_000
        object["from"] = span.from.map { .string(iso8601(local: $0 + shift)) } ?? .null
        object["to"] = span.to.map { .string(iso8601(local: $0 + shift)) } ?? .null
        return .object(object)
    }

    // The offset holds at the instant, which is known only with the offset: the second guess is right but for an hour
    // that the clocks skip.
    private func iso8601(local: Int) -> String {
        let seconds = ISODateTime.floor(local, 1000)
        let guess = seconds - offset(at: seconds - offset(at: seconds))
        let offset = offset(at: guess)
        return ISODateTime.text(localMilliseconds: seconds * 1000, milliseconds: false)
            + ISODateTime.offsetText(offset)
    }
}
