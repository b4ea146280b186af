// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Two providers asked the same: whoever speaks first has the answer, and the other is cut off.
final class AnswerClaim: Sendable {
    private struct State {
        var owner: Int?
    }

    private let state = Mutex(State())
    private let cancellations = [TurnCancellation(), TurnCancellation()]

    /// True for the one who has the answer, or gets it now.
    func take(_ contender: Int) -> Bool {
        let (isOwner, isNew) = state.withLock { state in
            if state.owner == nil {
                state.owner = contender
                return (true, true)
            }
            return (state.owner == contender, false)
        }
        if isNew { cancellations[1 - contender].cancel() }
        return isOwner
    }

    /// False for the one who was too late.
    func mayFinish(_ contender: Int) -> Bool {
        state.withLock { $0.owner == nil || $0.owner == contender }
    }

    /// True when somebody has it.
    var isTaken: Bool { state.withLock { $0.owner != nil } }

    /// What cuts that contender off.
    func cancellation(_ contender: Int) -> TurnCancellation { cancellations[contender] }

    /// Cuts both off.
    func cancel() {
        for cancellation in cancellations { cancellation.cancel() }
    }
}

extension RouteRunner {
    /// Who is asked too when the first is slow.
    struct Hedge {
        let provider: any Provider
        let candidate: RouteCandidate
        /// Its place behind the first.
        let distance: Int
        let after: Duration
    }

    private enum Event: Sendable {
        case ended(contender: Int, AttemptReport)
        case isSlow
    }

    /// The next candidate that could be asked in time; nil when the route does not hedge.
    func hedge(
        for provider: any Provider, _ others: ArraySlice<RouteCandidate>, _ route: Route
    ) -> Hedge? {
        guard let after = route.hedgeAfter, visible.text.isEmpty else { return nil }
        for (index, candidate) in others.enumerated() where candidate.provider != provider.name {
            guard let other = around.registry.provider(candidate.provider), !other.isFree,
                !around.memory.state(of: candidate.provider).isResting
            else { continue }
            return Hedge(provider: other, candidate: candidate, distance: index + 1, after: after)
        }
        return nil
    }

    /// Asks the first, and after a while the other too; returns how the one who has the answer ended, and how
    /// many candidates are used up.
    func race(
        _ provider: any Provider, _ candidate: RouteCandidate, _ hedge: Hedge, of route: Route,
        within left: Duration, _ journey: inout RouteJourney
    ) async -> (AttemptReport, Int) {
        let claim = AnswerClaim()
        let handler = cancellation.onCancel { claim.cancel() }
        defer { cancellation.remove(handler) }
        let request = journey.request
        var reports: [AttemptReport] = []
        var isHedged = false
        await withTaskGroup(of: Event.self) { group in
            group.addTask {
                .ended(
                    contender: 0,
                    await attempt(
                        provider, candidate, of: route, request, within: left, claim: claim, contender: 0))
            }
            group.addTask { [delay = around.delay] in
                try? await delay.wait(hedge.after)
                return .isSlow
            }
            for await event in group {
                switch event {
                case .isSlow:
                    guard reports.isEmpty, !claim.isTaken, !isHedged, !Task.isCancelled else { continue }
                    isHedged = true
                    group.addTask {
                        let limit = hedge.candidate.limits.total
                        return .ended(
                            contender: 1,
                            await attempt(
                                hedge.provider, hedge.candidate, of: route, request, within: limit,
                                claim: claim, contender: 1))
                    }
                case .ended(_, let report):
                    reports.append(report)
                    let isOver = reports.count == (isHedged ? 2 : 1)
                    if isOver { group.cancelAll() }
                }
            }
        }
        for report in reports { journey.take(report) }
        let best = reports.first { $0.outcome.isAnswer } ?? reports.last { $0.outcome.isFailure }
        let fallback = AttemptReport(provider: provider.name, model: nil, outcome: .cancelled)
        return (best ?? reports.last ?? fallback, isHedged ? hedge.distance + 1 : 1)
    }
}

extension ProviderAttempt.Outcome {
    fileprivate var isAnswer: Bool { if case .answered = self { true } else { false } }
    fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
