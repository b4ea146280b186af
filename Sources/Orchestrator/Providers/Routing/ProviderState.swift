// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What is known of one provider from one turn to the next: whether it works, how busy it is, how fast.
package final class ProviderState: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: UnsafeContinuation<Bool, Never>
    }

    private struct State {
        var cooldown = Cooldown()
        var running = 0
        var waiting: [Waiter] = []
        /// On their way into the line.
        var pending: Set<Int> = []
        var nextID = 0
        /// Seconds to the first piece, the last few counting most.
        var latency: Double?
    }

    private let state = Mutex(State())

    /// Nothing is known yet.
    package init() {}

    /// Questions that run now, and questions that wait.
    package var load: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }

    /// Seconds to its first piece lately; nil before it has answered.
    var latency: Double? { state.withLock(\.latency) }
}

// MARK: cooldown

extension ProviderState {
    /// Whether a question may be put now, and why not.
    func admit(
        at now: Duration, _ rule: CooldownRule, isLastHope: Bool
    ) -> (admission: Cooldown.Admission, cause: ProviderCause?) {
        state.withLock { ($0.cooldown.admit(at: now, rule, isLastHope: isLastHope), $0.cooldown.cause) }
    }

    /// Why it is left alone; nil while it is not.
    var restingCause: ProviderCause? {
        state.withLock { $0.cooldown.isResting ? $0.cooldown.cause : nil }
    }

    /// True while it is left alone.
    var isResting: Bool { state.withLock(\.cooldown.isResting) }

    /// It has answered; its first piece came after so long.
    func succeeded(firstPiece: Duration) {
        let seconds = firstPiece / .seconds(1)
        state.withLock { state in
            state.cooldown.succeeded()
            state.latency = state.latency.map { $0 * 0.8 + seconds * 0.2 } ?? seconds
        }
    }

    /// It has failed; true when it rests from now on.
    func failed(
        _ cause: ProviderCause, at now: Duration, _ rule: CooldownRule, retryAfter: Duration?
    ) -> Bool {
        state.withLock { state in
            let before = state.cooldown.isResting
            state.cooldown.failed(cause, at: now, rule, retryAfter: retryAfter)
            return state.cooldown.isResting && !before
        }
    }

    /// A question ended without an outcome.
    func abandoned(at now: Duration) { state.withLock { $0.cooldown.abandoned(at: now) } }
}

// MARK: places

extension ProviderState {
    /// Takes a place, waiting for one if need be; each is given back with ``leave()``.
    /// - Throws: `overloaded`, ours: too many wait, or it took too long.
    func enter(
        _ settings: ProviderSettings?, delay: any Delay, name: String
    ) async throws(ProviderError) {
        guard let settings else { return state.withLock { $0.running += 1 } }
        let id: Int? = state.withLock { state in
            if state.running < settings.concurrency {
                state.running += 1
                return -1
            }
            guard state.waiting.count < settings.queue else { return nil }
            state.nextID += 1
            state.pending.insert(state.nextID)
            return state.nextID
        }
        if id == -1 { return }
        if let id, await wait(id, settings, delay) { return }
        throw ProviderError(.overloaded, provider: name, isOurs: true)
    }

    /// Gives the place to the next in line.
    func leave() {
        let next: Waiter? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }

    private func wait(_ id: Int, _ settings: ProviderSettings, _ delay: any Delay) async -> Bool {
        // Ends with the wait, or is cancelled right below.
        let timer = Task {
            if (try? await delay.wait(settings.queueWait)) != nil { giveUp(id) }
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let settled: Bool? = state.withLock { state in
                    guard state.pending.remove(id) != nil else { return false }
                    // A place may have become free since we asked for one.
                    if state.running < settings.concurrency {
                        state.running += 1
                        return true
                    }
                    state.waiting.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            giveUp(id)
        }
    }

    private func giveUp(_ id: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.pending.remove(id)
                return nil
            }
            return state.waiting.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
