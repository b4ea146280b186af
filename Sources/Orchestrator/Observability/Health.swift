// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether the server is up, ready, and on the configuration it was given.
package final class Health: Sendable {
    /// Where the server is in its life.
    package enum Phase: String, Sendable, Hashable {
        case starting, ready, draining
    }

    private struct State {
        var phase = Phase.starting
        var isStale = false
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now

    /// A server that is starting.
    package init() {}

    /// Where the server is in its life.
    package var phase: Phase {
        get { state.withLock(\.phase) }
        set { state.withLock { $0.phase = newValue } }
    }

    /// True while the last change of the configuration was refused and an older one is served.
    package var isStale: Bool {
        get { state.withLock(\.isStale) }
        set { state.withLock { $0.isStale = newValue } }
    }

    /// Time since the start.
    package var uptime: Duration { ContinuousClock.now - start }
}
