// SPDX-License-Identifier: Apache-2.0

package import Orchestrator
import Synchronization

/// A provider that does what a test says, one line of its script for each question; the last line repeats.
package final class ScriptedProvider: Provider {
    /// What it does when it is asked.
    package enum Line: Sendable {
        /// Answers in one piece.
        case says(String)
        /// Answers piece by piece.
        case streams([String])
        /// Gives these pieces and then breaks off.
        case cut(after: [String])
        /// Gives these pieces and then nothing more, until it is cancelled.
        case hangs(after: [String])
        /// Fails.
        case fails(ProviderCause)
        /// Fails and asks to be left alone for so long.
        case limits(ProviderCause, retryAfter: Duration)
        /// Does what the question calls for.
        case replies(@Sendable (ProviderRequest, AnswerStream) throws(ProviderError) -> ProviderAnswer)
    }

    private struct State {
        var script: [Line]
        var requests: [ProviderRequest] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// The name it is configured under.
    package let name: String
    private let state: Mutex<State>

    /// A provider with a script.
    package init(_ name: String, _ script: Line...) {
        self.name = name
        state = Mutex(State(script: script))
    }

    /// What it was asked so far.
    package var requests: [ProviderRequest] { state.withLock(\.requests) }

    /// Returns when it has been asked so often, and has given the pieces of a line that hangs.
    package func waitForRequests(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.requests.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    /// Does what the next line says.
    package func answer(
        _ request: ProviderRequest, stream: AnswerStream
    ) async throws(ProviderError) -> ProviderAnswer {
        let line = state.withLock { $0.script.count > 1 ? $0.script.removeFirst() : $0.script.first }
        for piece in line?.pieces ?? [] { stream.append(piece) }
        // What a test's own line does comes before it is counted, as with the pieces.
        var replied: Result<ProviderAnswer, ProviderError>?
        if case .replies(let body) = line {
            do throws(ProviderError) { replied = .success(try body(request, stream)) } catch {
                replied = .failure(error)
            }
        }
        note(request)
        if let replied { return try replied.get() }
        switch line {
        case .says(let text): return ProviderAnswer(text: text)
        case .streams(let pieces): return ProviderAnswer(text: pieces.joined())
        case .cut: throw ProviderError(.cut, provider: name)
        case .fails(let cause): throw ProviderError(cause, provider: name)
        case .limits(let cause, let retryAfter):
            throw ProviderError(cause, provider: name, retryAfter: retryAfter)
        case .hangs, .replies, nil:
            // Longer than any test runs; ends with the task.
            try? await Task.sleep(for: .seconds(3600))
            throw ProviderError(.timeout, provider: name)
        }
    }

    private func note(_ request: ProviderRequest) {
        let ready = state.withLock { state in
            state.requests.append(request)
            let count = state.requests.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return ready
        }
        for watcher in ready { watcher.resume() }
    }
}

extension ScriptedProvider.Line {
    fileprivate var pieces: [String] {
        switch self {
        case .streams(let pieces), .cut(let pieces), .hangs(let pieces): pieces
        case .says, .fails, .limits, .replies: []
        }
    }
}
