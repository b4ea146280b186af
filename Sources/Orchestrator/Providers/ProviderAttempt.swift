// SPDX-License-Identifier: Apache-2.0

/// One question to one provider: ends when it has answered, failed, run out of time or been cut short,
/// whichever comes first.
struct ProviderAttempt {
    /// How an attempt ended.
    enum Outcome: Sendable, Hashable {
        case answered(ProviderAnswer)
        case failed(ProviderError)
        case cancelled
    }

    private enum Signal: Sendable {
        case answer(Result<ProviderAnswer, ProviderError>)
        case deadline
        case cancelled
    }

    let provider: any Provider
    let state: ProviderState
    let settings: ProviderSettings?
    let limits: RouteCandidate.Limits
    let delay: any Delay
    let cancellation: TurnCancellation

    /// Asks; `within` is what is left of the candidate's total.
    func run(_ request: ProviderRequest, stream: AnswerStream, within total: Duration) async -> Outcome {
        let first = FirstOutcome<Signal>()
        // Both tasks are cancelled below as soon as there is an outcome.
        let asking = Task { await first.settle(.answer(ask(request, stream))) }
        let timing = Task { [delay, limits] in
            let start = delay.elapsed()
            while true {
                let due = Self.due(stream, limits, from: start, within: total)
                let left = due - delay.elapsed()
                guard left > .zero else { return first.settle(.deadline) }
                guard (try? await delay.wait(left)) != nil else { return }
            }
        }
        let handler = cancellation.onCancel { first.settle(.cancelled) }
        let signal = await withTaskCancellationHandler {
            await first.value()
        } onCancel: {
            first.settle(.cancelled)
        }
        cancellation.remove(handler)
        asking.cancel()
        timing.cancel()
        return outcome(of: signal, stream)
    }

    // The next moment at which patience ends.
    private static func due(
        _ stream: AnswerStream, _ limits: RouteCandidate.Limits, from start: Duration, within total: Duration
    ) -> Duration {
        let next = stream.times.map { $0.last + limits.idle } ?? start + limits.firstToken
        return min(next, start + total)
    }

    private func ask(
        _ request: ProviderRequest, _ stream: AnswerStream
    ) async -> Result<ProviderAnswer, ProviderError> {
        do throws(ProviderError) {
            try await state.enter(settings, delay: delay, name: provider.name)
            defer { state.leave() }
            return .success(try await provider.answer(request, stream: stream))
        } catch {
            return .failure(error)
        }
    }

    private func outcome(of signal: Signal, _ stream: AnswerStream) -> Outcome {
        switch signal {
        case .answer(.success(let answer)):
            let isEmpty = answer.text.isEmpty && answer.calls.isEmpty
            return isEmpty
                ? .failed(ProviderError(.malformed, provider: provider.name)) : .answered(answer)
        case .answer(.failure(let error)): return .failed(error)
        case .deadline: return .failed(ProviderError(.timeout, provider: provider.name))
        case .cancelled: return .cancelled
        }
    }
}
