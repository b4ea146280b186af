// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension RouteRunner {
    /// Asks once, and keeps account of it.
    func attempt(
        _ provider: any Provider, _ candidate: RouteCandidate, of route: Route, _ request: ProviderRequest,
        within left: Duration, claim: AnswerClaim? = nil, contender: Int = 0
    ) async -> AttemptReport {
        let delay = around.delay
        let start = delay.elapsed()
        let request = prepared(request, for: candidate, provider)
        // Behind tool calls a model goes on with words of its own, not with a broken sentence.
        let text = AttemptText(into: visible, mask: mask, isJoined: request.exchanges.isEmpty)
        let stream = AnswerStream(delay: delay) { piece in
            guard claim?.take(contender) ?? true else { return false }
            return text.take(piece)
        }
        let attempt = ProviderAttempt(
            provider: provider, state: around.memory.state(of: provider.name),
            settings: around.snapshot.parts.providers[provider.name], limits: candidate.limits, delay: delay,
            cancellation: claim?.cancellation(contender) ?? cancellation)
        var outcome = await attempt.run(request, stream: stream, within: left)
        outcome = settle(offered(outcome, request), stream, text, claim, contender)
        if case .answered(var answer) = outcome, answer.sources == nil, !request.passages.isEmpty {
            answer.sources = .array(request.passages.map(\.json))
            outcome = .answered(answer)
        }
        var report = AttemptReport(
            provider: provider.name, model: candidate.model, outcome: outcome,
            began: stream.times?.began)
        if report.began == nil, case .answered = outcome { report.began = delay.elapsed() }
        if claim?.mayFinish(contender) == false { report.began = nil }
        account(for: &report, provider, request, stream)
        note(&report, route, request, start: start)
        return report
    }

    // What was not offered is not asked for: such calls are left out.
    private func offered(
        _ outcome: ProviderAttempt.Outcome, _ request: ProviderRequest
    ) -> ProviderAttempt.Outcome {
        guard case .answered(var answer) = outcome, !answer.calls.isEmpty else { return outcome }
        answer.calls.removeAll { call in !request.tools.contains { $0.name == call.name } }
        return answer.calls.isEmpty && answer.text.isEmpty
            ? .failed(ProviderError(.malformed, provider: "", isOurs: false)) : .answered(answer)
    }

    // A whole answer takes the way of the pieces; what does not join has failed.
    private func settle(
        _ outcome: ProviderAttempt.Outcome, _ stream: AnswerStream, _ text: AttemptText,
        _ claim: AnswerClaim?, _ contender: Int
    ) -> ProviderAttempt.Outcome {
        let isWhole = stream.times == nil && stream.close().isEmpty
        stream.close()
        guard claim?.mayFinish(contender) ?? true else { return .cancelled }
        switch outcome {
        case .answered(var answer):
            if isWhole {
                guard claim?.take(contender) ?? true else { return .cancelled }
                let kept = answer.text.prefixOfBytes(AnswerStream.maxBytes)
                if kept.utf8.count < answer.text.utf8.count { answer.isCutShort = true }
                _ = text.take(kept, streamed: false)
            }
            text.finish(streamed: !isWhole)
            if text.isRefused { return .failed(ProviderError(.malformed, provider: "", isOurs: true)) }
            if stream.isFull || visible.isEnded { answer.isCutShort = true }
            return .answered(answer)
        case .cancelled:
            visible.drop()
            return outcome
        case .failed:
            // What waits for the end of its sentence is said; what was not joined yet is not.
            visible.finish()
            guard visible.isEnded || stream.isFull else { return outcome }
            // The floor or a limit ended the answer, and the provider was told to stop.
            var answer = ProviderAnswer(text: visible.text)
            answer.isCutShort = true
            return .answered(answer)
        }
    }

    private func prepared(
        _ request: ProviderRequest, for candidate: RouteCandidate, _ provider: any Provider
    ) -> ProviderRequest {
        var request = request
        request.model = candidate.model ?? request.model
        request.temperature = candidate.temperature ?? request.temperature
        request.maxTokens = candidate.maxTokens ?? request.maxTokens
        request.begun = mask.mask(visible.text)
        if let name = candidate.groundedIn,
            let ground = around.registry.provider(name) as? any PassageSource
        {
            request.passages = ground.passages(for: request.utterance)
        }
        return request
    }

    private func account(
        for report: inout AttemptReport, _ provider: any Provider, _ request: ProviderRequest,
        _ stream: AnswerStream
    ) {
        guard !provider.isFree else { return }
        if case .answered(let answer) = report.outcome, let usage = answer.usage {
            report.tokens = usage
        } else if report.began != nil {
            report.tokens = .estimate(questionBytes: request.bytes, answerBytes: stream.close().utf8.count)
            report.isEstimated = true
        }
        guard report.tokens.input + report.tokens.output > 0 else { return }
        let settings = around.snapshot.parts.providers[provider.name]
        var model = request.model ?? settings?.model
        if model.flatMap({ around.snapshot.parts.prices[$0] }) == nil,
            case .answered(let answer) = report.outcome
        {
            model = answer.model ?? model
        }
        let price = model.flatMap { around.snapshot.parts.prices[$0] }
        report.dollars = price?.cost(input: report.tokens.input, output: report.tokens.output)
    }

    private func note(
        _ report: inout AttemptReport, _ route: Route, _ request: ProviderRequest, start: Duration
    ) {
        let now = around.delay.elapsed()
        let state = around.memory.state(of: report.provider)
        around.memory.budgets.add(
            report.tokens, dollars: report.dollars ?? 0, route: route.name, user: request.user,
            at: around.clock.now())
        around.metrics.providerUsed(report.provider, report.tokens, dollars: report.dollars ?? 0)
        switch report.outcome {
        case .answered:
            let first = (report.began ?? now) - start
            state.succeeded(firstPiece: first)
            around.metrics.providerAsked(report.provider, outcome: "answered")
            around.metrics.providerBegan(after: first)
        case .cancelled:
            state.abandoned(at: now)
            around.metrics.providerAsked(report.provider, outcome: "cancelled")
        case .failed(let error):
            if error.isOurs || !error.cause.isWorthAnotherAttempt {
                state.abandoned(at: now)
            } else {
                report.rests = state.failed(
                    error.cause, at: now, route.cooldown,
                    retryAfter: error.retryAfter.map { min($0, route.longestWait) })
            }
            around.metrics.providerAsked(report.provider, outcome: error.cause.rawValue)
            log(error, report, route, request, took: now - start)
        }
    }

    // Names from the configuration, ids and numbers: nothing that was said, and nothing of the vendor's words.
    private func log(
        _ error: ProviderError, _ report: AttemptReport, _ route: Route, _ request: ProviderRequest,
        took: Duration
    ) {
        var fields = JSONObject([
            .init(name: "conversation", value: .string(request.conversation)),
            .init(name: "route", value: .string(route.name)),
            .init(name: "provider", value: .string(report.provider)),
            .init(name: "reason", value: .string(error.cause.rawValue)),
            .init(name: "ms", value: .integer(took.milliseconds)),
        ])
        if let status = error.status { fields["status"] = .integer(status) }
        if report.began != nil { fields["begun"] = true }
        if report.rests { fields["rests"] = true }
        around.log.log(.warning, "provider-failed", nil, fields)
    }
}

/// A provider that can also give what it found, for a model to answer from.
protocol PassageSource: Provider {
    /// What fits the question, best first.
    func passages(for utterance: String) -> [ProviderRequest.Passage]
}

extension String {
    /// The longest beginning of at most so many bytes that ends between characters.
    func prefixOfBytes(_ most: Int) -> String {
        guard utf8.count > most else { return self }
        var end = utf8.index(startIndex, offsetBy: most)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
