// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import Synchronization

/// Time that passes only when a test lets it.
package final class ManualDelay: Delay {
    private struct Sleeper {
        let id: Int
        let until: Duration
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Duration.zero
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var nextID = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Time at its beginning.
    package init() {}

    /// Time let pass so far.
    package func elapsed() -> Duration { state.withLock(\.now) }

    /// Returns when a test has let that much time pass.
    package func wait(_ duration: Duration) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let hasPassed = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in sleep(id, duration, continuation) }
        } onCancel: {
            wakeCancelled(id)
        }
        if !hasPassed { throw CancellationError() }
    }

    private func sleep(_ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Bool, Never>) {
        let (settled, watchers): (Bool?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            if state.cancelled.remove(id) != nil { return (false, []) }
            if duration <= .zero { return (true, []) }
            state.sleepers.append(Sleeper(id: id, until: state.now + duration, continuation: continuation))
            let count = state.sleepers.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (nil, ready)
        }
        if let settled { continuation.resume(returning: settled) }
        for watcher in watchers { watcher.resume() }
    }

    private func wakeCancelled(_ id: Int) {
        let sleeper: Sleeper? = state.withLock { state in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(returning: false)
    }

    /// Returns when at least so many wait for time to pass.
    package func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets time pass, and wakes whoever has waited long enough.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.until <= state.now }.sorted { $0.until < $1.until }
            state.sleepers.removeAll { $0.until <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }
}
