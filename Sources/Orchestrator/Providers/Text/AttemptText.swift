// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Takes one attempt's pieces to the visible answer: what was masked is put back, and a continuation is joined.
final class AttemptText: Sendable {
    private struct State {
        var unmasker: Unmasker
        var joiner: ContinuationJoiner
        var isRefused = false
    }

    private let visible: VisibleAnswer
    private let state: Mutex<State>

    /// A way into that answer, which goes on behind what is seen of it.
    init(into visible: VisibleAnswer, mask: MaskTable, isJoined: Bool = true) {
        self.visible = visible
        state = Mutex(
            State(unmasker: Unmasker(mask), joiner: ContinuationJoiner(seen: isJoined ? visible.text : "")))
    }

    /// True when what came does not go on with the answer.
    var isRefused: Bool { state.withLock(\.isRefused) }

    /// Takes a piece; false when no more are wanted.
    func take(_ piece: String, streamed: Bool = true) -> Bool {
        let verdict = state.withLock { state in
            let text = state.unmasker.take(piece)
            return text.isEmpty ? .wait : state.joiner.take(text)
        }
        return pass(verdict, streamed: streamed)
    }

    /// The attempt has ended; false when nothing of it could be joined.
    @discardableResult
    func finish(streamed: Bool = true) -> Bool {
        let verdict = state.withLock { state -> ContinuationJoiner.Verdict in
            let rest = state.unmasker.finish()
            guard !rest.isEmpty else { return state.joiner.finish() }
            switch state.joiner.take(rest) {
            case .text(let text): return .text(text)
            case .refused: return .refused
            case .wait: return state.joiner.finish()
            }
        }
        let isJoined = pass(verdict, streamed: streamed)
        visible.finish(streamed: streamed)
        return isJoined
    }

    private func pass(_ verdict: ContinuationJoiner.Verdict, streamed: Bool) -> Bool {
        switch verdict {
        case .wait: return true
        case .text(let text): return visible.append(text, streamed: streamed)
        case .refused:
            state.withLock { $0.isRefused = true }
            return false
        }
    }
}
