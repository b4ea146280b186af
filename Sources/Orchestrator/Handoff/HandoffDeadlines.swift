// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// When which conversation has waited long enough.
///
/// One loop for all of them; a deadline costs an entry in a dictionary. Set again at start from the store.
final class HandoffDeadlines: Sendable {
    private struct State {
        var deadlines: [String: Timestamp] = [:]
        /// When the loop wakes by itself; nil when nothing is due.
        var wakesAt: Timestamp?
        var wake: UnsafeContinuation<Void, Never>?
        var isWoken = false
    }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let delay: any Delay

    init(clock: any WallClock, delay: any Delay) {
        self.clock = clock
        self.delay = delay
    }

    /// Sets a conversation's deadline; nil when it waits no longer.
    func set(_ conversation: String, _ deadline: Timestamp?) {
        let isSooner = state.withLock { state in
            state.deadlines[conversation] = deadline
            guard let deadline else { return false }
            return state.wakesAt.map { deadline < $0 } ?? true
        }
        if isSooner { wake() }
    }

    /// Takes out the conversations whose deadline has come.
    func takeDue() -> [String] {
        let now = clock.now()
        return state.withLock { state in
            let due = state.deadlines.filter { $0.value <= now }.sorted { $0.value < $1.value }.map(\.key)
            for id in due { state.deadlines[id] = nil }
            return due
        }
    }

    // The first deadline, which the loop now sleeps until.
    private func next() -> Timestamp? {
        state.withLock { state in
            state.wakesAt = state.deadlines.values.min()
            return state.wakesAt
        }
    }

    /// Calls `expire` for each conversation whose deadline comes, until the task is cancelled.
    func run(_ expire: @Sendable (String) async -> Void) async {
        while !Task.isCancelled {
            for id in takeDue() { await expire(id) }
            await sleep(until: next())
        }
    }

    // Until the deadline, until an earlier one is set, or until the task is cancelled.
    private func sleep(until deadline: Timestamp?) async {
        let timer = deadline.map { deadline in
            // Cancelled below, when the sleep ends for any reason.
            Task { [delay, clock] in
                try? await delay.wait(max(.milliseconds(1), deadline - clock.now()))
                self.wake()
            }
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isWoken = state.withLock { state in
                    if !state.isWoken { state.wake = continuation }
                    defer { state.isWoken = false }
                    return state.isWoken
                }
                if isWoken { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        timer?.cancel()
    }

    private func wake() {
        let continuation: UnsafeContinuation<Void, Never>? = state.withLock { state in
            if state.wake == nil { state.isWoken = true }
            defer { state.wake = nil }
            return state.wake
        }
        continuation?.resume()
    }
}
