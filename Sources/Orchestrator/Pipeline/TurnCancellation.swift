// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Cuts a turn short from outside: "stop", an emergency, the end of the server.
///
/// What the turn waits for is told at once; the turn itself goes on to its end with what it has.
package final class TurnCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var handlers: [(id: Int, handler: @Sendable () -> Void)] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    /// A turn that nobody has cut short yet.
    package init() {}

    /// True once someone asked for it.
    package var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Asks for it; what the turn waits for is told at once.
    package func cancel() {
        let handlers = state.withLock { state in
            state.isCancelled = true
            defer { state.handlers = [] }
            return state.handlers
        }
        for entry in handlers { entry.handler() }
    }

    /// Adds what is to be told, or tells it now if it is too late; take it away with ``remove(_:)``.
    func onCancel(_ handler: @escaping @Sendable () -> Void) -> Int {
        let id: Int? = state.withLock { state in
            guard !state.isCancelled else { return nil }
            state.nextID += 1
            state.handlers.append((state.nextID, handler))
            return state.nextID
        }
        if id == nil { handler() }
        return id ?? 0
    }

    /// The turn no longer waits for that.
    func remove(_ id: Int) { state.withLock { $0.handlers.removeAll { $0.id == id } } }
}
