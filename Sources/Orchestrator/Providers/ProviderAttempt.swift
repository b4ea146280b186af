// SPDX-License-Identifier: Apache-2.0

/// One question to one provider: ends when it has answered, failed, run out of time or been cut short,
/// whichever comes first.
struct ProviderAttempt {
    /// How an attempt ended, with the text that had come by then.
    enum Outcome: Sendable, Hashable {
        case answered(ProviderAnswer)
        case failed(ProviderCause, partial: String)
        case cancelled(partial: String)
    }

    private enum Signal: Sendable {
        case answer(Result<ProviderAnswer, ProviderError>)
        case deadline
        case cancelled
    }

    let provider: any Provider
    let delay: any Delay
    let cancellation: TurnCancellation

    func run(_ request: ProviderRequest, stream: AnswerStream, within limit: Duration) async -> Outcome {
        let first = FirstOutcome<Signal>()
        // Both tasks are cancelled below as soon as there is an outcome.
        let asking = Task { [provider] in
            do throws(ProviderError) {
                first.settle(.answer(.success(try await provider.answer(request, stream: stream))))
            } catch {
                first.settle(.answer(.failure(error)))
            }
        }
        let timing = Task { [delay] in
            guard (try? await delay.wait(limit)) != nil else { return }
            first.settle(.deadline)
        }
        cancellation.onCancel { first.settle(.cancelled) }
        let signal = await withTaskCancellationHandler {
            await first.value()
        } onCancel: {
            first.settle(.cancelled)
        }
        cancellation.finishWaiting()
        asking.cancel()
        timing.cancel()
        return outcome(of: signal, partial: stream.close())
    }

    private func outcome(of signal: Signal, partial: String) -> Outcome {
        switch signal {
        case .answer(.success(let answer)):
            answer.text.isEmpty ? .failed(.malformed, partial: partial) : .answered(answer)
        case .answer(.failure(let error)): .failed(error.cause, partial: partial)
        case .deadline: .failed(.timeout, partial: partial)
        case .cancelled: .cancelled(partial: partial)
        }
    }
}
