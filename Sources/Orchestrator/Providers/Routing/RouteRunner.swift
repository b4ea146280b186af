// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Follows a route: asks its providers in order until one has answered, else ends as the route says.
///
/// Whatever dies on the way, there is one visible text: see ``VisibleAnswer``.
package struct RouteRunner: Sendable {
    /// Routes may jump to routes; the validator refuses cycles, and this bounds a chain all the same.
    static let maxJumps = 16

    /// What a runner needs beside the question.
    package struct Surroundings: Sendable {
        var snapshot: Snapshot
        var registry: ProviderRegistry
        var memory: RouteMemory
        var delay: any Delay
        var clock: any WallClock
        var metrics: any TurnMetrics
        var log: any LogSink
        /// 0..<1.
        var random: @Sendable () -> Double = { Double.random(in: 0..<1) }
        /// The words of a response.
        var words: @Sendable (ResponseReference) -> String = { _ in "" }
    }

    let around: Surroundings
    let visible: VisibleAnswer
    let mask: MaskTable
    let cancellation: TurnCancellation

    /// A runner for one turn, whose answer becomes `visible`.
    init(
        _ around: Surroundings, visible: VisibleAnswer, mask: MaskTable = MaskTable([]),
        cancellation: TurnCancellation
    ) {
        self.around = around
        self.visible = visible
        self.mask = mask
        self.cancellation = cancellation
    }

    /// Follows the route of that name.
    ///
    /// A route that does not exist has failed as unreachable.
    package func run(_ name: String, request: ProviderRequest) async -> RouteOutcome {
        var journey = RouteJourney(request, start: around.delay.elapsed())
        var next: String? = name
        for _ in 0..<Self.maxJumps {
            guard let current = next, let route = around.snapshot.parts.routes[current] else { break }
            next = nil
            if let end = await follow(route, &journey, &next) { return await finish(end, journey) }
        }
        let end = RouteOutcome.End.fail(
            .named(BuiltinResponse.unavailable), journey.lastCause ?? .unreachable)
        return await finish(end, journey)
    }

    // Nil when the route jumps to another, or has no end (which the validator refuses).
    private func follow(
        _ route: Route, _ journey: inout RouteJourney, _ next: inout String?
    ) async -> RouteOutcome.End? {
        journey.ending = route.ending
        if answerFromCache(route, &journey) { return .answered }
        let candidates = order.candidates(of: route, for: journey.request, moved: &journey.moved)
        var index = 0
        asking: while index < candidates.count {
            switch await ask(candidates[index...], of: route, &journey) {
            case .answered:
                keep(route, journey)
                return .answered
            case .calls(let calls): return .calls(calls)
            case .cancelled: return .cancelled
            case .passed: index += 1
            case .failed(let cause, let asked):
                guard route.nextOn.contains(cause), goesOn(route, journey) else { break asking }
                index += asked
            }
        }
        return end(of: route, journey, &next)
    }

    private var order: RouteOrder {
        RouteOrder(parts: around.snapshot.parts, memory: around.memory, random: around.random)
    }

    private func end(
        of route: Route, _ journey: RouteJourney, _ next: inout String?
    ) -> RouteOutcome.End? {
        let isBegun = !visible.text.isEmpty
        for entry in route.entries {
            switch entry {
            case .provider: continue
            case .route(let name):
                if isBegun, !goesOn(route, journey) { return .cut(journey.lastCause ?? .cut) }
                next = name
                return nil
            case .reply(let response):
                return isBegun ? .cut(journey.lastCause ?? .cut) : .reply(response)
            case .fail(let response):
                let cause = journey.lastCause ?? .unreachable
                return isBegun ? .cut(cause) : .fail(response, cause)
            }
        }
        return nil
    }

    // With a text begun, whether another provider may still be asked.
    private func goesOn(_ route: Route, _ journey: RouteJourney) -> Bool {
        if visible.isEnded { return false }
        guard !visible.text.isEmpty else { return true }
        switch route.midStream {
        case .resume: return true
        case .restart: return visible.takeBack()
        case .stop: return false
        }
    }

    private func finish(_ end: RouteOutcome.End, _ journey: RouteJourney) async -> RouteOutcome {
        var outcome = RouteOutcome(end: end)
        (outcome.lastCause, outcome.lastDetail) = (journey.lastCause, journey.lastDetail)
        outcome.lastStatus = journey.lastStatus
        outcome.usage = journey.usage
        outcome.usage.took = around.delay.elapsed() - journey.start
        outcome.threads = journey.threads
        outcome.finding = visible.finding
        switch end {
        case .cancelled: visible.drop()
        case .cut: visible.close(with: around.words(journey.ending))
        case .answered, .calls, .reply, .fail: visible.finish()
        }
        await visible.delivered()
        let text = visible.text
        if !text.isEmpty {
            outcome.answer = RouteOutcome.Answer(
                messageID: visible.messageID, text: text, isPartial: end.isCut || journey.isCutShort,
                sources: journey.sources, wasStreamed: visible.wasStreamed)
        }
        return outcome
    }
}

extension RouteOutcome.End {
    fileprivate var isCut: Bool {
        switch self {
        case .cut, .cancelled: true
        case .answered, .calls, .reply, .fail: false
        }
    }
}

// MARK: cache

extension RouteRunner {
    private func answerFromCache(_ route: Route, _ journey: inout RouteJourney) -> Bool {
        guard route.cacheFor != nil, journey.request.isStateless, visible.text.isEmpty,
            let kept = around.memory.cache.answer(
                to: AnswerCache.Key(journey.request, route: route.name), at: around.delay.elapsed())
        else { return false }
        visible.append(kept.text, streamed: false)
        visible.finish(streamed: false)
        journey.sources = kept.sources
        journey.usage.provider = kept.provider
        journey.usage.model = kept.model
        journey.usage.isCached = true
        around.metrics.providerAsked(kept.provider, outcome: "cached")
        return true
    }

    private func keep(_ route: Route, _ journey: RouteJourney) {
        guard let length = route.cacheFor, journey.request.isStateless, !journey.isCutShort,
            visible.finding == nil, let provider = journey.usage.provider
        else { return }
        let answer = AnswerCache.Answer(
            text: visible.text, sources: journey.sources, provider: provider, model: journey.usage.model)
        around.memory.cache.keep(
            answer, for: AnswerCache.Key(journey.request, route: route.name), at: around.delay.elapsed(),
            length)
    }
}
