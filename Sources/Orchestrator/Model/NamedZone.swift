// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A time zone by its IANA name, or `±HH:MM`.
package final class NamedZone: Sendable {
    /// As it was written.
    package let name: String
    private let zone: TimeZone
    // Only names that exist are kept, so the system's zone table is the limit.
    private static let known = Mutex<[String: NamedZone]>([:])

    private init?(_ name: String) {
        let fixed = ISODateTime("1970-01-01T00:00\(name)")?.offset.flatMap { TimeZone(secondsFromGMT: $0) }
        guard let zone = fixed ?? TimeZone(identifier: name) else { return nil }
        self.name = name
        self.zone = zone
    }

    /// The zone of that name; nil when there is none.
    package static func named(_ name: String) -> NamedZone? {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard let zone = NamedZone(name) else { return nil }
        known.withLock { $0[name] = zone }
        return zone
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970 UTC.
    package func offset(at utcSeconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(utcSeconds)))
    }
}
