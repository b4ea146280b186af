// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells what time it is, so that a test can say it.
package protocol WallClock: Sendable {
    /// The present instant.
    func now() -> Timestamp
}

/// The machine's clock.
package struct SystemWallClock: WallClock {
    /// The machine's clock.
    package init() {}

    /// The present instant as the machine knows it.
    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }
}
