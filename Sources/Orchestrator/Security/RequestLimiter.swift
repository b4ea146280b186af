// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts requests by person or address.
///
/// A sliding window made of two fixed ones: what the last window counted fades as the present one passes, so there
/// is no burst of twice the limit around a boundary, and an entry costs one number. Both windows hold at most
/// `maxKeys` keys; the keys beyond share one count, so that inventing keys neither grows memory nor helps.
package final class RequestLimiter: Sendable {
    /// What becomes of a request.
    package enum Decision: Sendable, Hashable {
        case admitted
        /// Refused; admitted again after so many seconds.
        case refused(retryAfter: Int)
    }

    fileprivate struct Windows {
        var start = Timestamp(milliseconds: 0)
        var length = Duration.zero
        var present: [String: Int] = [:]
        var past: [String: Int] = [:]
    }

    private let maxKeys: Int
    private let windows = Mutex(Windows())

    /// Counts at most that many keys apart.
    package init(maxKeys: Int = 65_536) { self.maxKeys = maxKeys }

    /// Counts a request, unless it is one too many; `factor` widens the limit (a flood limit is 20 times as wide).
    package func admit(_ key: String, _ limit: RequestLimit, factor: Int = 1, now: Timestamp) -> Decision {
        let length = max(limit.per, .milliseconds(1))
        return windows.withLock { windows in
            windows.turn(to: now, length: length)
            let key = windows.present[key] == nil && windows.present.count >= maxKeys ? "" : key
            let fraction = (now - windows.start) / length
            let count = windows.present[key, default: 0]
            let fading = Double(windows.past[key] ?? 0) * (1 - fraction)
            guard Double(count) + fading < Double(limit.max) * Double(factor) else {
                let wait = length * (1 - fraction)
                return .refused(retryAfter: max(1, Int(wait.components.seconds) + 1))
            }
            windows.present[key] = count + 1
            return .admitted
        }
    }
}

extension RequestLimiter.Windows {
    fileprivate mutating func turn(to now: Timestamp, length: Duration) {
        // A reload may change the length, and a clock may step back: begin anew.
        if length != self.length || now < start {
            self = Self(start: now, length: length)
            return
        }
        let passed = (now - start) / length
        guard passed >= 1 else { return }
        past = passed < 2 ? present : [:]
        present.removeAll(keepingCapacity: true)
        start = start + length * Int(passed)
    }
}
