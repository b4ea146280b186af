// SPDX-License-Identifier: Apache-2.0

package import Orchestrator
import Synchronization

/// A clock that moves only when a test moves it.
package final class ManualClock: WallClock {
    private let current: Mutex<Timestamp>

    /// A clock that stands still at this instant.
    package init(_ start: Timestamp) { current = Mutex(start) }

    /// A clock that stands still at an ISO 8601 instant; 1970 when the text is none.
    package convenience init(_ text: String) {
        self.init(Timestamp(iso8601: text) ?? Timestamp(milliseconds: 0))
    }

    /// Where the clock stands.
    package func now() -> Timestamp { current.withLock { $0 } }

    /// Moves the clock on.
    package func advance(by duration: Duration) { current.withLock { $0 = $0 + duration } }

    /// Puts the clock to this instant.
    package func set(_ instant: Timestamp) { current.withLock { $0 = instant } }
}
