// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension RouteRunner {
    /// What became of one provider of a route.
    enum Verdict {
        case answered
        case calls([ToolCall])
        case cancelled
        /// It was not asked.
        case passed
        /// So many candidates were asked.
        case failed(ProviderCause, asked: Int)
    }

    /// Asks the first of these candidates, as often as it may be asked.
    func ask(
        _ candidates: ArraySlice<RouteCandidate>, of route: Route, _ journey: inout RouteJourney
    ) async -> Verdict {
        guard let candidate = candidates.first, let provider = around.registry.provider(candidate.provider)
        else { return .passed }
        // Retrieval cannot go on with a sentence.
        if !visible.text.isEmpty, !provider.canContinue { return .passed }
        guard provider.isFree || isInBudget(route, journey.request) else {
            around.metrics.providerAsked(provider.name, outcome: ProviderCause.overBudget.rawValue)
            (journey.lastCause, journey.lastStatus) = (.overBudget, nil)
            return .failed(.overBudget, asked: 1)
        }
        let admission = admit(candidate, route)
        if admission == .closed {
            journey.lastCause = around.memory.state(of: provider.name).restingCause ?? journey.lastCause
            return .passed
        }
        return await ask(
            provider, candidate, candidates.dropFirst(), of: route, isProbe: admission == .probe, &journey)
    }

    private func ask(
        _ provider: any Provider, _ candidate: RouteCandidate, _ others: ArraySlice<RouteCandidate>,
        of route: Route, isProbe: Bool, _ journey: inout RouteJourney
    ) async -> Verdict {
        let deadline = around.delay.elapsed() + candidate.limits.total
        var cause = ProviderCause.timeout
        var wait: Duration?
        for number in 0..<max(1, isProbe ? 1 : candidate.attempts) {
            if number > 0, await !pause(wait ?? .zero, until: deadline) {
                return cancellation.isCancelled ? .cancelled : .failed(cause, asked: 1)
            }
            let left = deadline - around.delay.elapsed()
            guard left > .zero else { break }
            let hedge = number == 0 ? self.hedge(for: provider, others, route) : nil
            let report: AttemptReport
            var asked = 1
            if let hedge {
                (report, asked) = await race(provider, candidate, hedge, of: route, within: left, &journey)
            } else {
                report = await attempt(provider, candidate, of: route, journey.request, within: left)
                journey.take(report)
            }
            switch report.outcome {
            case .answered(let answer): return answer.calls.isEmpty ? .answered : .calls(answer.calls)
            case .cancelled: return .cancelled
            case .failed(let error):
                cause = error.cause
                let mayRepeat =
                    cause.isWorthAnotherAttempt && !report.rests && asked == 1 && !error.isOurs
                    && (visible.text.isEmpty || (route.midStream == .resume && !visible.isEnded))
                guard mayRepeat else { return .failed(cause, asked: asked) }
                wait = backoff(route, number, error.retryAfter)
            }
        }
        return .failed(cause, asked: 1)
    }

    private func isInBudget(_ route: Route, _ request: ProviderRequest) -> Bool {
        around.memory.budgets.allows(
            route.budget, route: route.name, user: request.user, at: around.clock.now())
    }

    // The last hope is one where all that could answer besides are left alone too.
    private func admit(_ candidate: RouteCandidate, _ route: Route) -> Cooldown.Admission {
        let others = route.entries.compactMap { entry -> RouteCandidate? in
            guard case .provider(let other) = entry, other.provider != candidate.provider else { return nil }
            return other
        }
        let isLastHope = others.allSatisfy { other in
            guard let provider = around.registry.provider(other.provider) else { return true }
            return provider.isFree || around.memory.state(of: other.provider).isResting
        }
        return around.memory.state(of: candidate.provider)
            .admit(at: around.delay.elapsed(), route.cooldown, isLastHope: isLastHope).admission
    }

    // Half as long to half as long again, so that many turns do not come back together.
    private func backoff(_ route: Route, _ number: Int, _ asked: Duration?) -> Duration {
        let usual = route.backoff * (1 << min(number, 10))
        let jittered = usual * (0.5 + around.random())
        return min(max(jittered, asked ?? .zero), route.longestWait)
    }

    // False when there is no time left for another attempt, or nobody waits any longer.
    private func pause(_ length: Duration, until deadline: Duration) async -> Bool {
        guard !cancellation.isCancelled, !Task.isCancelled else { return false }
        guard length < deadline - around.delay.elapsed() else { return false }
        if length <= .zero { return true }
        let ended = FirstOutcome<Bool>()
        let timer = Task { [delay = around.delay] in
            if (try? await delay.wait(length)) != nil { ended.settle(true) }
        }
        let handler = cancellation.onCancel { ended.settle(false) }
        defer {
            cancellation.remove(handler)
            timer.cancel()
        }
        return await withTaskCancellationHandler {
            await ended.value()
        } onCancel: {
            ended.settle(false)
        }
    }
}
