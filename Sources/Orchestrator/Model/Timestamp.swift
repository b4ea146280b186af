// SPDX-License-Identifier: Apache-2.0

/// An instant: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// What is stored and what goes over the wire.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, negative before it.
    package var milliseconds: Int

    /// The instant that many milliseconds after 1970-01-01T00:00:00Z.
    package init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// The instant an ISO 8601 date and time with an offset or `Z` names; nil for anything else.
    ///
    /// Digits past the millisecond are dropped.
    package init?(iso8601 text: String) {
        guard let reading = ISODateTime(text), reading.hasTime, let offset = reading.offset else {
            return nil
        }
        self.init(milliseconds: reading.localMilliseconds - offset * 1000)
    }

    /// The instant an ISO 8601 date with or without a time names; what has no offset is local time in `zone`.
    package init?(iso8601 text: String, in zone: NamedZone) {
        guard let reading = ISODateTime(text) else { return nil }
        let local = ISODateTime.floor(reading.localMilliseconds, 1000)
        let guess = zone.offset(at: local)
        self = reading.instant(assuming: zone.offset(at: local - guess))
    }

    /// ISO 8601 in UTC with milliseconds: `2026-03-09T10:00:00.000Z`.
    package var iso8601: String {
        ISODateTime.text(localMilliseconds: milliseconds, milliseconds: true, offset: "Z")
    }

    /// Whole seconds since 1970, rounded towards the past.
    package var seconds: Int { ISODateTime.floor(milliseconds, 1000) }

    /// Orders by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant that much later; parts of a millisecond are dropped.
    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds + wholeMilliseconds(duration))
    }

    /// The instant that much earlier; parts of a millisecond are dropped.
    package static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds - wholeMilliseconds(duration))
    }

    /// How much later the first instant is.
    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }

    private static func wholeMilliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The same as ``iso8601``.
    package var description: String { iso8601 }
}
