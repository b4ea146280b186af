// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the turns that run, and closes when the server stops.
final class TurnGate: Sendable {
    private struct State {
        var running = 0
        var isClosed = false
        var waiter: UnsafeContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// True when a turn may run; it then must ``leave()``.
    func enter() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.running += 1
            return true
        }
    }

    /// Counts something that must end before the server stops, even one that is stopping.
    func enterAlways() { state.withLock { $0.running += 1 } }

    /// The turn has ended.
    func leave() {
        let waiter: UnsafeContinuation<Void, Never>? = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Lets no further turn run.
    func close() { state.withLock { $0.isClosed = true } }

    /// Returns when no turn runs any longer.
    ///
    /// One caller may wait.
    func waitUntilEmpty() async {
        await withUnsafeContinuation { continuation in
            let isEmpty = state.withLock { state in
                guard state.running > 0 else { return true }
                state.waiter = continuation
                return false
            }
            if isEmpty { continuation.resume() }
        }
    }
}
