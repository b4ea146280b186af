// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets tasks wait until a number of threads have ended.
final class ThreadLatch: Sendable {
    private struct State {
        var remaining: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(remaining: count)) }

    /// Says that one thread has ended.
    func countDown() {
        let waiters = state.withLock { state in
            state.remaining -= 1
            guard state.remaining == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume() }
    }

    /// Returns when all have ended.
    func wait() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                if state.remaining > 0 { state.waiters.append(waiter) }
                return state.remaining <= 0
            }
            if isOver { waiter.resume() }
        }
    }
}
