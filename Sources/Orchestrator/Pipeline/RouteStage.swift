// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Asks the providers of a route.
struct RouteStage: TurnStage {
    let registries: ProviderRegistries
    let store: any ConversationStore
    let delay: any Delay
    let metrics: any TurnMetrics
    let speaker: Speaker

    init(_ settings: ServiceSettings, speaker: Speaker) {
        registries = settings.registries
        store = settings.store
        delay = settings.delay
        metrics = settings.metrics
        self.speaker = speaker
    }

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        guard let route = turn.route else { return .next }
        let utterance = try await turn.ledger.storeUtterance()
        let request = await request(for: turn, history: route.history, before: utterance.sequence)
        let ledger = turn.ledger
        let runner = RouteRunner(
            snapshot: turn.snapshot, registry: registries.registry(for: turn.snapshot), delay: delay,
            metrics: metrics, cancellation: turn.cancellation,
            makeStream: { Self.stream(into: ledger) })
        let outcome = await runner.run(route.name, request: request)
        take(outcome, &turn)
        if turn.outcome != .cancelled { turn.replies += turn.followUp }
        return .answered
    }

    private static func stream(into ledger: TurnLedger) -> AnswerStream {
        let id = RandomID.uuid()
        return AnswerStream(messageID: id) { piece, isFirst in
            if isFirst { ledger.publish(.streamStart(messageID: id)) }
            ledger.publish(.streamToken(messageID: id, text: piece))
        }
    }

    // Without its history a question can still be answered, so a read that fails costs only that.
    private func request(for turn: Turn, history: Int, before sequence: Int) async -> ProviderRequest {
        var lines: [ProviderRequest.Line] = []
        if history > 0,
            let messages = try? await store.latestMessages(in: turn.conversation.id, limit: history * 2 + 1)
        {
            lines = messages.filter { $0.sequence < sequence }.suffix(history * 2)
                .map { ProviderRequest.Line(author: $0.author, text: $0.text) }
        }
        return ProviderRequest(
            assistant: turn.assistant.id, persona: speaker.bound(to: turn).persona, history: lines,
            utterance: turn.ledger.isSensitive ? TurnLedger.mask : turn.text)
    }

    private func take(_ outcome: RouteOutcome, _ turn: inout Turn) {
        for part in outcome.parts {
            if part.wasStreamed { turn.ledger.publish(.streamEnd(messageID: part.messageID)) }
            var reply = TurnReply(Reply(text: part.text))
            reply.reply.sources = part.sources
            reply.messageID = part.messageID
            reply.isPartial = part.isPartial
            turn.replies.append(reply)
        }
        switch outcome.end {
        case .answered:
            turn.outcome = .replied
        case .cancelled:
            turn.outcome = .cancelled
        case .reply(let response):
            end(with: response, outcome, &turn)
        case .fail(let response, let cause):
            turn.failure = cause
            end(with: response, outcome, &turn)
        }
    }

    // Retrieval that finds nothing has not failed: nobody understood the question.
    private func end(with response: ResponseReference, _ outcome: RouteOutcome, _ turn: inout Turn) {
        let hasFailed = outcome.lastCause.map { $0 != .declined } ?? false
        if hasFailed { turn.counted.append(.providerFailed) }
        if turn.unrecognised != nil { turn.counted.append(.notUnderstood) }
        turn.outcome = hasFailed ? .providerFailed : .notUnderstood
        turn.replies.append(TurnReply(speaker.bound(to: turn).say(response)))
    }
}
