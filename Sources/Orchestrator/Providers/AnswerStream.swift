// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Takes the pieces of one attempt's answer, keeps their text, and passes them on while it is open.
package final class AnswerStream: Sendable {
    /// An answer larger than this is cut there (DESIGN 9).
    package static let maxBytes = 262_144

    private struct State {
        var text = ""
        var isOpen = true
        var isFull = false
        var began: Duration?
        var last: Duration?
    }

    private let state = Mutex(State())
    private let delay: (any Delay)?
    private let forward: (@Sendable (_ piece: String) -> Bool)?

    /// A stream; `forward` gets each piece, in order, and says whether more are wanted.
    package init(delay: (any Delay)? = nil, forward: (@Sendable (_ piece: String) -> Bool)? = nil) {
        self.delay = delay
        self.forward = forward
    }

    /// Takes a piece.
    ///
    /// False when no more are wanted: the answer is full, or nobody waits for it any longer.
    @discardableResult
    package func append(_ piece: String) -> Bool {
        guard !piece.isEmpty else { return state.withLock(\.isOpen) }
        let now = delay?.elapsed()
        let isWanted = state.withLock { state in
            guard state.isOpen else { return false }
            guard state.text.utf8.count + piece.utf8.count <= Self.maxBytes else {
                (state.isOpen, state.isFull) = (false, true)
                return false
            }
            state.text += piece
            if state.began == nil { state.began = now }
            state.last = now
            return true
        }
        guard isWanted else { return false }
        if forward?(piece) ?? true { return true }
        state.withLock { $0.isOpen = false }
        return false
    }

    /// When the first piece came, and the last; nil before the first.
    var times: (began: Duration, last: Duration)? {
        state.withLock { state in
            guard let began = state.began, let last = state.last else { return nil }
            return (began, last)
        }
    }

    /// True when the answer was cut at ``maxBytes``.
    var isFull: Bool { state.withLock(\.isFull) }

    /// True while pieces are wanted.
    package var isOpen: Bool { state.withLock(\.isOpen) }

    /// Takes no more pieces; returns what came.
    @discardableResult
    func close() -> String {
        state.withLock { state in
            state.isOpen = false
            return state.text
        }
    }
}
