// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport

/// Counts requests by person or address.
///
/// A sliding window made of two fixed ones: what the last window counted fades as the present one passes, so there
/// is no burst of twice the limit around a boundary, and an entry costs one number. Both windows hold at most
/// `maxKeys` keys; the keys beyond share one count, so that inventing keys neither grows memory nor helps.
package final class RequestLimiter: Sendable {
    /// What is left of a limit.
    package struct Quota: Sendable, Hashable {
        /// Requests in a window.
        package var limit: Int
        /// Requests left in it.
        package var remaining: Int
        /// Seconds until there are all of them again; after a refusal, until there is one.
        package var reset: Int
    }

    /// What becomes of a request.
    package enum Decision: Sendable, Hashable {
        case admitted(Quota)
        case refused(Quota)
    }

    fileprivate struct Windows {
        var start = Timestamp(milliseconds: 0)
        var length = Duration.zero
        /// The same as a number, since dividing durations takes as long as all the rest here.
        var seconds = 0.0
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
            let fraction = windows.passed(at: now)
            let count = windows.present[key, default: 0]
            let fading = Double(windows.past[key] ?? 0) * (1 - fraction)
            let most = limit.max * factor
            let reset = max(1, Int(windows.seconds * (1 - fraction)) + 1)
            guard Double(count) + fading < Double(most) else {
                return .refused(Quota(limit: most, remaining: 0, reset: reset))
            }
            windows.present[key] = count + 1
            let left = max(0, Int(Double(most) - Double(count + 1) - fading))
            return .admitted(Quota(limit: most, remaining: left, reset: reset))
        }
    }
}

extension RequestLimiter.Windows {
    fileprivate mutating func turn(to now: Timestamp, length: Duration) {
        // A reload may change the length, and a clock may step back: begin anew.
        if length != self.length || now < start {
            self = Self(start: now, length: length, seconds: length / .seconds(1))
            return
        }
        let passed = passed(at: now)
        guard passed >= 1 else { return }
        past = passed < 2 ? present : [:]
        present.removeAll(keepingCapacity: true)
        start = start + length * Int(passed)
    }

    /// How much of the present window has passed: 1 is all of it.
    fileprivate func passed(at now: Timestamp) -> Double {
        Double(now.milliseconds - start.milliseconds) / 1000 / seconds
    }
}

extension RequestLimiter.Quota {
    /// The header fields that say so (draft-ietf-httpapi-ratelimit-headers-06, 5).
    package var headers: [(name: String, value: String)] {
        [
            ("RateLimit-Limit", String(limit)), ("RateLimit-Remaining", String(remaining)),
            ("RateLimit-Reset", String(reset)),
        ]
    }

    /// Adds them to an answer.
    package func mark(_ answer: inout HTTPHeaders) {
        for header in headers { answer.add(header.name, header.value) }
    }
}
