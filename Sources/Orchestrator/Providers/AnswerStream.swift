// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Takes the pieces of one attempt's answer, keeps their text, and passes them on while it is open.
package final class AnswerStream: Sendable {
    /// An answer larger than this is cut there (DESIGN 9).
    package static let maxBytes = 262_144

    private struct State {
        var text = ""
        var isOpen = true
        var began: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    /// The id of the message the pieces become.
    let messageID: String
    private let forward: (@Sendable (_ piece: String, _ isFirst: Bool) -> Void)?

    /// A stream into that message; `forward` gets each piece, in order.
    package init(
        messageID: String = "", forward: (@Sendable (_ piece: String, _ isFirst: Bool) -> Void)? = nil
    ) {
        self.messageID = messageID
        self.forward = forward
    }

    /// Takes a piece.
    ///
    /// False when no more are wanted: the answer is full, or nobody waits for it any longer.
    @discardableResult
    package func append(_ piece: String) -> Bool {
        guard !piece.isEmpty else { return state.withLock(\.isOpen) }
        let isFirst: Bool? = state.withLock { state in
            guard state.isOpen, state.text.utf8.count + piece.utf8.count <= Self.maxBytes else {
                state.isOpen = false
                return nil
            }
            defer { state.text += piece }
            if state.text.isEmpty { state.began = .now }
            return state.text.isEmpty
        }
        guard let isFirst else { return false }
        forward?(piece, isFirst)
        return true
    }

    /// When the first piece came; nil before it, and for an answer that came whole.
    var began: ContinuousClock.Instant? { state.withLock(\.began) }

    /// Takes no more pieces; returns what came.
    func close() -> String {
        state.withLock { state in
            state.isOpen = false
            return state.text
        }
    }
}
