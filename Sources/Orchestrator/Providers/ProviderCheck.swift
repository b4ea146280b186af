// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Asks each configured provider one question and says what came of it.
package struct ProviderCheck: Sendable {
    /// What is asked: little to answer, so that it costs little.
    static let question = "Reply with the single word OK."

    /// How one provider fared.
    package struct Finding: Sendable {
        /// Off, fine, or the word of its failure.
        package enum State: Sendable, Hashable {
            case off
            case answered
            case failed(ProviderCause, status: Int?)
        }

        /// Its name.
        package var provider: String
        /// Its type.
        package var type: String
        /// How it fared.
        package var state: State
        /// The model that answered, as it names it.
        package var model: String?
        /// Until the first piece.
        package var firstToken: Duration?
        /// Until the end.
        package var took: Duration

        /// True for one that is on and did not answer.
        package var hasFailed: Bool { if case .failed = state { true } else { false } }

        /// For programs.
        package var json: JSON {
            var object = JSONObject([
                .init(name: "provider", value: .string(provider)), .init(name: "type", value: .string(type)),
            ])
            switch state {
            case .off: object["state"] = "off"
            case .answered: object["state"] = "answered"
            case .failed(let cause, let status):
                object["state"] = "failed"
                object["cause"] = .string(cause.rawValue)
                if let status { object["status"] = .integer(status) }
            }
            if let model { object["model"] = .string(model) }
            if let firstToken { object["first_token_ms"] = .integer(firstToken.milliseconds) }
            if state != .off { object["total_ms"] = .integer(took.milliseconds) }
            let known = ProviderType.named(type)?.capabilities ?? []
            object["capabilities"] = .array(
                ProviderType.Capability.allCases.filter(known.contains).map { .string($0.rawValue) })
            return .object(object)
        }
    }

    private let snapshot: Snapshot
    private let registry: ProviderRegistry
    private let delay: any Delay

    /// A check of a snapshot's providers.
    package init(_ snapshot: Snapshot, registry: ProviderRegistry, delay: any Delay = SystemDelay()) {
        self.snapshot = snapshot
        self.registry = registry
        self.delay = delay
    }

    /// Asks them one after the other, by name.
    package func run() async -> [Finding] {
        var findings: [Finding] = []
        for settings in snapshot.parts.providers.values.sorted(by: { $0.name < $1.name }) {
            findings.append(await check(settings))
        }
        return findings
    }

    private func check(_ settings: ProviderSettings) async -> Finding {
        var finding = Finding(
            provider: settings.name, type: settings.type, state: .off, model: nil, firstToken: nil,
            took: .zero)
        guard let provider = registry.provider(settings.name) else { return finding }
        var request = ProviderRequest(assistant: "providers-check", utterance: Self.question)
        request.maxTokens = 16
        request.model = model(of: settings)
        var limits = RouteCandidate.Limits()
        limits.firstToken = .seconds(30)
        let stream = AnswerStream(delay: delay)
        let attempt = ProviderAttempt(
            provider: provider, state: ProviderState(), settings: settings, limits: limits, delay: delay,
            cancellation: TurnCancellation())
        let start = delay.elapsed()
        let outcome = await attempt.run(request, stream: stream, within: .seconds(60))
        finding.took = delay.elapsed() - start
        finding.firstToken = stream.times.map { $0.began - start }
        switch outcome {
        case .answered(let answer):
            finding.state = .answered
            finding.model = answer.model
        // The question is none that files could answer.
        case .failed(let error) where error.cause == .declined && provider.isFree: finding.state = .answered
        case .failed(let error): finding.state = .failed(error.cause, status: error.status)
        case .cancelled: finding.state = .failed(.cut, status: nil)
        }
        return finding
    }

    // Its own, or the one that the first route asks it for.
    private func model(of settings: ProviderSettings) -> String? {
        if settings.model != nil { return nil }
        let routes = snapshot.parts.routes.values.sorted { $0.name < $1.name }
        for case .provider(let candidate) in routes.flatMap(\.entries)
        where candidate.provider == settings.name && candidate.model != nil {
            return candidate.model
        }
        return nil
    }
}

extension ProviderCause {
    /// What an operator can make of it.
    package var advice: String {
        switch self {
        case .connectionRefused: "nobody listens at its address"
        case .unreachable: "its name is unknown, there is no way to it, or its certificate is not trusted"
        case .timeout: "it did not answer in time"
        case .rateLimited: "it takes no more questions for now"
        case .overloaded: "it is overloaded"
        case .serverError: "it failed"
        case .rejected: "it refused the question: check the key, the model and the address"
        case .malformed: "what it sent is no answer: check the type and the address"
        case .cut: "it broke off"
        case .declined: "the model declined"
        case .overBudget: "what may be spent is spent"
        }
    }
}
