// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Cuts short what a running turn waits for.
///
/// The turn itself goes on to its end with what it has.
package final class TurnCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// A turn that nobody has cut short yet.
    package init() {}

    /// True once someone asked for it.
    package var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Asks for it; what the turn waits for is told at once.
    package func cancel() {
        let handler = state.withLock { state in
            state.isCancelled = true
            defer { state.handler = nil }
            return state.handler
        }
        handler?()
    }

    /// Sets what is to be told, or tells it now if it is too late.
    ///
    /// A turn waits for one thing at a time.
    func onCancel(_ handler: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isCancelled { state.handler = handler }
            return state.isCancelled
        }
        if isLate { handler() }
    }

    /// The turn no longer waits.
    func finishWaiting() { state.withLock { $0.handler = nil } }
}
