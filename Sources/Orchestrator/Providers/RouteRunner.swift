// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What came of a route.
package struct RouteOutcome: Sendable {
    /// One text a provider gave.
    package struct Part: Sendable, Hashable {
        /// The id the text was streamed under, and is stored under.
        package var messageID: String
        /// What was said.
        package var text: String
        /// True when it was cut short.
        package var isPartial: Bool
        /// What it rests on.
        package var sources: JSON?
        /// True when pieces of it have gone out.
        package var wasStreamed: Bool
    }

    /// How the route ended.
    package enum End: Sendable {
        case answered
        case reply(ResponseReference)
        case fail(ResponseReference, ProviderCause)
        case cancelled
    }

    /// Texts in order: cut answers, then the whole one if there was one.
    package var parts: [Part] = []
    /// How it ended.
    package var end: End
    /// Why the last provider that was asked gave no answer.
    package var lastCause: ProviderCause?
}

/// Follows a route: asks its providers in order until one has answered, else ends as the route says.
///
/// Cooldown, budgets and hedging join here: they decide whether and when an entry is asked, nothing else.
package struct RouteRunner: Sendable {
    /// Routes may jump to routes; the validator refuses cycles, and this bounds a chain all the same.
    static let maxJumps = 16

    let snapshot: Snapshot
    let registry: ProviderRegistry
    let delay: any Delay
    let metrics: any TurnMetrics
    let cancellation: TurnCancellation
    let makeStream: @Sendable () -> AnswerStream

    /// A runner for one turn; `makeStream` gives each attempt a stream under a message id of its own.
    package init(
        snapshot: Snapshot, registry: ProviderRegistry, delay: any Delay, metrics: any TurnMetrics,
        cancellation: TurnCancellation, makeStream: @escaping @Sendable () -> AnswerStream
    ) {
        self.snapshot = snapshot
        self.registry = registry
        self.delay = delay
        self.metrics = metrics
        self.cancellation = cancellation
        self.makeStream = makeStream
    }

    /// Follows the route of that name.
    ///
    /// A route that does not exist has failed as unreachable.
    package func run(_ name: String, request: ProviderRequest) async -> RouteOutcome {
        var outcome = RouteOutcome(end: .cancelled)
        var next: String? = name
        for _ in 0..<Self.maxJumps {
            guard let current = next, let route = snapshot.parts.routes[current] else { break }
            next = nil
            if let end = await follow(route, request, &outcome, &next) {
                outcome.end = end
                return outcome
            }
        }
        outcome.end = .fail(.named(BuiltinResponse.unavailable), outcome.lastCause ?? .unreachable)
        return outcome
    }

    // Nil when the route jumps to another, or has no end (which the validator refuses).
    private func follow(
        _ route: Route, _ request: ProviderRequest, _ outcome: inout RouteOutcome, _ next: inout String?
    ) async -> RouteOutcome.End? {
        var index = 0
        while index < route.entries.count {
            switch route.entries[index] {
            case .reply(let response): return .reply(response)
            case .fail(let response): return .fail(response, outcome.lastCause ?? .unreachable)
            case .route(let name):
                next = name
                return nil
            case .provider(let name, let attempts, let total):
                switch await ask(name, attempts: attempts, within: total, request, &outcome) {
                case .answered: return .answered
                case .cancelled: return .cancelled
                case .off: index += 1
                case .failed(let cause):
                    let last = route.entries.count - 1
                    index = route.nextOn.contains(cause) ? index + 1 : max(index + 1, last)
                }
            }
        }
        return nil
    }

    private enum Verdict { case answered, cancelled, off, failed(ProviderCause) }

    private func ask(
        _ name: String, attempts: Int, within total: Duration, _ request: ProviderRequest,
        _ outcome: inout RouteOutcome
    ) async -> Verdict {
        guard let provider = registry.provider(name) else { return .off }
        var cause = ProviderCause.timeout
        let deadline = delay.elapsed() + total
        for _ in 0..<max(1, attempts) {
            let left = deadline - delay.elapsed()
            guard left > .zero else { break }
            let stream = makeStream()
            let start = ContinuousClock.now
            let attempt = ProviderAttempt(provider: provider, delay: delay, cancellation: cancellation)
            switch await attempt.run(request, stream: stream, within: left) {
            case .answered(let answer):
                metrics.providerAsked(name, outcome: "answered")
                metrics.providerBegan(after: (stream.began ?? .now) - start)
                outcome.add(answer.text, stream, sources: answer.sources)
                return .answered
            case .cancelled(let partial):
                metrics.providerAsked(name, outcome: "cancelled")
                outcome.addPartial(partial, stream)
                return .cancelled
            case .failed(let failure, let partial):
                metrics.providerAsked(name, outcome: failure.rawValue)
                outcome.addPartial(partial, stream)
                outcome.lastCause = failure
                cause = failure
                // What was streamed has been read: asking again would say it twice.
                guard failure.isWorthAnotherAttempt, partial.isEmpty else { return .failed(failure) }
            }
        }
        return .failed(cause)
    }
}

extension RouteOutcome {
    fileprivate mutating func add(_ text: String, _ stream: AnswerStream, sources: JSON?) {
        let wasStreamed = !stream.close().isEmpty
        parts.append(
            Part(
                messageID: stream.messageID, text: text, isPartial: false, sources: sources,
                wasStreamed: wasStreamed))
    }

    fileprivate mutating func addPartial(_ text: String, _ stream: AnswerStream) {
        guard !text.isEmpty else { return }
        parts.append(
            Part(messageID: stream.messageID, text: text, isPartial: true, sources: nil, wasStreamed: true))
    }
}
