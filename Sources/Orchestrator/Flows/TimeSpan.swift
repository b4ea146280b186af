// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A date, a time or a stretch of time as it stands in a slot or a record.
///
/// Understood are ISO 8601 texts and objects `{ from, to, grain }`, either end of which may be missing.
struct TimeSpan {
    /// What local clocks show at its first moment, in milliseconds since 1970.
    var from: Int?
    /// The same for the first moment after it.
    var to: Int?
    /// `day`, `week`, `hour`, ...; how exact it was said.
    var grain: String

    private static let dayLength = 86_400_000

    init?(_ value: JSON, in time: LocalTime) {
        switch value {
        case .string(let text):
            guard let written = ISODateTime(text) else { return nil }
            let start = time.local(written)
            from = start
            to = written.hasTime ? start + 60_000 : start + Self.dayLength
            grain = written.hasTime ? "minute" : "day"
        case .object(let object):
            let ends = ["from", "to"].map {
                object[$0]?.text.flatMap { ISODateTime($0) }.map { time.local($0) }
            }
            guard ends[0] != nil || ends[1] != nil else { return nil }
            (from, to) = (ends[0], ends[1])
            grain = object["grain"]?.text ?? "minute"
        default: return nil
        }
    }

    /// The first day in days after 1970-01-01.
    var firstDay: Int? { from.map { ISODateTime.floor($0, Self.dayLength) } }

    /// The last day that belongs to it.
    var lastDay: Int? { to.map { ISODateTime.floor($0 - 1, Self.dayLength) } }

    /// True when it begins at a time of day rather than being whole days.
    var hasTime: Bool { ["second", "minute", "hour"].contains(grain) }
}
