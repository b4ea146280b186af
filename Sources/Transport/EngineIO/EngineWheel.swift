// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Gives all sessions of an endpoint their time with one timer.
///
///     slot:  0    1    2   ...  511      one slot is a twentieth of the shorter heartbeat time
///            |    |    +- sessions to visit in that slot
///
/// A visit tells when to come again, so a deadline that moves costs nothing. One that is over stays until its slot
/// comes, at most a heartbeat; one whose time is beyond the wheel is visited once more on the way.
final class EngineWheel: Sendable {
    private struct State {
        var slots: [[EngineConnection]] = Array(repeating: [], count: EngineWheel.slots)
        /// The last slot that was visited, counted from the clock's beginning.
        var reached = 0
        var count = 0
        var isTicking = false
    }

    static let slots = 512

    private let tick: Int
    private let state = Mutex(State())

    init(interval: Int) { tick = min(250, max(2, interval / 20)) }

    /// Milliseconds of a clock that never goes back.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    func add(_ connection: EngineConnection, due: Int) {
        let starts = state.withLock { state in
            if state.count == 0 { state.reached = Self.now() / tick }
            put(connection, due, &state)
            defer { state.isTicking = true }
            return !state.isTicking
        }
        // Ends by itself when nobody is left.
        if starts {
            Task { [weak self, tick] in
                repeat { try? await Task.sleep(for: .milliseconds(tick)) } while self?.advance() == true
            }
        }
    }

    private func put(_ connection: EngineConnection, _ due: Int, _ state: inout State) {
        let slot = min(max((due + tick - 1) / tick, state.reached + 1), state.reached + Self.slots - 1)
        state.slots[slot % Self.slots].append(connection)
        state.count += 1
    }

    // False when nobody is left.
    private func advance() -> Bool {
        let now = Self.now()
        while let due = takeSlot(before: now) {
            for connection in due {
                guard let next = connection.visit(now: now) else { continue }
                state.withLock { put(connection, next, &$0) }
            }
        }
        return state.withLock { state in
            state.isTicking = state.count > 0
            return state.isTicking
        }
    }

    private func takeSlot(before now: Int) -> [EngineConnection]? {
        state.withLock { state in
            let target = now / tick
            // After a long pause one round sees everybody.
            state.reached = max(state.reached, target - Self.slots)
            guard state.reached < target else { return nil }
            state.reached += 1
            let slot = state.reached % Self.slots
            defer { state.slots[slot] = [] }
            state.count -= state.slots[slot].count
            return state.slots[slot]
        }
    }
}
