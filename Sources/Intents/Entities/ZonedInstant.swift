// SPDX-License-Identifier: Apache-2.0

/// How far local time is ahead of UTC, whenever asked.
public protocol TimeZoneRules: Sendable {
    /// Seconds that local time is ahead of UTC at an instant given in seconds since 1970.
    func offset(at utcSeconds: Int) -> Int
}

/// A zone that never changes its clocks.
public struct FixedOffset: TimeZoneRules, Hashable {
    /// Seconds ahead of UTC.
    public let seconds: Int

    /// A zone `seconds` ahead of UTC.
    public init(seconds: Int = 0) { self.seconds = seconds }

    /// The same at all times.
    public func offset(at utcSeconds: Int) -> Int { seconds }
}

/// An instant together with the offset of the zone it is spoken of in.
public struct ZonedInstant: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let utcSeconds: Int
    /// Seconds that local time is ahead of UTC then.
    public let offset: Int

    /// An instant with a known offset.
    public init(utcSeconds: Int, offset: Int) {
        self.utcSeconds = utcSeconds
        self.offset = offset
    }

    /// An instant as `zone` names it.
    public init(utcSeconds: Int, zone: any TimeZoneRules) {
        self.init(utcSeconds: utcSeconds, offset: zone.offset(at: utcSeconds))
    }

    /// The instant at which clocks in `zone` show `date` and `time`.
    ///
    /// Of an hour that occurs twice, the first; in an hour
    /// that is skipped, as much after the change as the clock is after it.
    public init(_ date: CivilDate, _ time: CivilTime, zone: any TimeZoneRules) {
        let local = date.daysSinceEpoch * 86_400 + time.secondOfDay
        let candidates = [zone.offset(at: local - 86_400), zone.offset(at: local + 86_400)]
        let fitting = candidates.map { local - $0 }.filter { zone.offset(at: $0) == local - $0 }
        self.init(utcSeconds: fitting.min() ?? local - candidates[0], zone: zone)
    }

    /// The day that local calendars show.
    public var date: CivilDate {
        let local = utcSeconds + offset
        return CivilDate(daysSinceEpoch: (local - CivilTime(secondOfDay: local).secondOfDay) / 86_400)
    }

    /// The time that local clocks show.
    public var time: CivilTime { CivilTime(secondOfDay: utcSeconds + offset) }

    /// `2026-03-09T00:00:00+00:00`.
    public var iso8601: String {
        let (date, time) = (date, time)
        let zone = abs(offset)
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month))-\(Self.padded(date.day))T"
            + "\(Self.padded(time.hour)):\(Self.padded(time.minute)):\(Self.padded(time.second))"
            + "\(offset < 0 ? "-" : "+")\(Self.padded(zone / 3600)):\(Self.padded(zone / 60 % 60))"
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(abs(number))
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
            + digits
    }
}
