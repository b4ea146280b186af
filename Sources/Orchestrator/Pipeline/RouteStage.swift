// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// Asks the providers of a route.
struct RouteStage: TurnStage {
    let settings: ServiceSettings
    let speaker: Speaker

    init(_ settings: ServiceSettings, speaker: Speaker) {
        self.settings = settings
        self.speaker = speaker
    }

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        guard let route = turn.route else { return .next }
        let ai = turn.snapshot.parts.server.channels[turn.conversation.channel]?.ai
        // Switched off, only what is declared answers.
        if let ai, ai.isDeclared, !ai.isEnabled { return .answered }
        let utterance = try await turn.ledger.storeUtterance()
        let mask = MaskTable(turn.assistant.parts.mask)
        let asking = turn.incoming.content.asking.over(ai)
        let persona = asking.systemPrompt ?? speaker.bound(to: turn).persona
        let builder = RequestBuilder(store: settings.store, persona: persona)
        var request = await builder.request(
            for: turn, history: route.history, before: utterance.sequence, mask: mask)
        asking.apply(to: &request, history: route.history, mask)
        request.tools = ToolBench.offers(of: turn.assistant)
        request.record = await record(for: turn, mask)
        let runner = RouteRunner(
            surroundings(turn), visible: visible(turn), mask: mask, cancellation: turn.cancellation)
        let outcome = await run(runner, route.name, &request, mask, &turn)
        take(outcome, &turn)
        if turn.outcome != .cancelled { turn.replies += turn.followUp }
        return .answered
    }

    // A model may ask for actions before it answers; what changes anything ends the turn with a question.
    private func run(
        _ runner: RouteRunner, _ route: String, _ request: inout ProviderRequest, _ mask: MaskTable,
        _ turn: inout Turn
    ) async -> RouteOutcome {
        let bench = ToolBench(actions: StoringActionRunner(settings.actions, ledger: turn.ledger), mask: mask)
        var outcome = await runner.run(route, request: request)
        for _ in 0..<ToolBench.maxRounds {
            guard case .calls(let calls) = outcome.end else { return outcome }
            for call in calls {
                switch await bench.carryOut(call, for: &turn) {
                case .result(let text): request.exchanges.append(.init(call: call, result: text))
                case .asks(let questions):
                    turn.followUp = questions
                    outcome.end = .answered
                    return outcome
                }
            }
            let taken = outcome.usage
            outcome = await runner.run(route, request: request)
            outcome.usage.add(taken)
        }
        if case .calls = outcome.end { outcome.end = .fail(.named(BuiltinResponse.unavailable), .declined) }
        return outcome
    }

    private func record(for turn: Turn, _ mask: MaskTable) async -> String? {
        guard let action = turn.assistant.parts.record else { return nil }
        let context = ActionContext(
            caller: turn.caller, conversation: turn.conversation.scope,
            settings: turn.assistant.parts.settings,
            time: LocalTime(now: turn.now, assistant: turn.assistant),
            collections: turn.snapshot.parts.collections)
        // Without it a question can still be answered.
        guard let output = try? await settings.actions.run(action, input: JSONObject(), context: context)
        else {
            return nil
        }
        return mask.mask(output.encodedText.prefixOfBytes(ToolBench.maxResultBytes))
    }

    private func surroundings(_ turn: Turn) -> RouteRunner.Surroundings {
        var around = RouteRunner.Surroundings(
            snapshot: turn.snapshot, registry: settings.registries.registry(for: turn.snapshot),
            memory: settings.routes, delay: settings.delay, clock: settings.clock, metrics: settings.metrics,
            log: settings.log)
        around.random = settings.random
        let speaker = speaker.bound(to: turn)
        around.words = { speaker.say($0).text }
        return around
    }

    private func visible(_ turn: Turn) -> VisibleAnswer {
        let (id, ledger, assistant) = (RandomID.uuid(), turn.ledger, turn.assistant)
        let isWatched = !assistant.parts.families.isEmpty
        let check: @Sendable (String) -> SafetyFinding? = { assistant.safety.check($0) }
        return VisibleAnswer(
            messageID: id, canBeTakenBack: !ledger.showsPieces, delay: settings.delay,
            gate: { OutputGate(assistant.parts.output, check: isWatched ? check : nil) },
            forward: { piece, isFirst in
                if isFirst { ledger.publish(.streamStart(messageID: id)) }
                ledger.publish(.streamToken(messageID: id, text: piece))
            })
    }

    private func take(_ outcome: RouteOutcome, _ turn: inout Turn) {
        if let answer = outcome.answer {
            if answer.wasStreamed { turn.ledger.publish(.streamEnd(messageID: answer.messageID)) }
            var reply = TurnReply(Reply(text: answer.text))
            reply.reply.sources = answer.sources
            reply.messageID = answer.messageID
            reply.isPartial = answer.isPartial
            reply.usage = outcome.usage.json
            turn.replies.append(reply)
        }
        (turn.failureDetail, turn.failureStatus) = (outcome.lastDetail, outcome.lastStatus)
        turn.dialogue.threads.merge(outcome.threads) { _, new in new }
        turn.thread = outcome.usage.provider.flatMap { turn.dialogue.threads[$0] }
        switch outcome.end {
        case .answered, .calls:
            turn.outcome = .replied
        case .cancelled:
            turn.outcome = .cancelled
        case .cut(let cause):
            turn.failure = cause
            turn.counted.append(.providerFailed)
            turn.outcome = .providerFailed
        case .reply(let response):
            end(with: response, outcome, &turn)
        case .fail(let response, let cause):
            turn.failure = cause
            end(with: response, outcome, &turn)
        }
        raiseAlarm(outcome, &turn)
    }

    // A model may raise an alarm: what its family says and does follows what was let out.
    private func raiseAlarm(_ outcome: RouteOutcome, _ turn: inout Turn) {
        guard let finding = outcome.finding, let rule = turn.assistant.parts.families[finding.family] else {
            return
        }
        let answer = SafetyAnswer(
            finding, rule, speaker: speaker.bound(to: turn), handoff: turn.nextHandoff, now: turn.now)
        turn.replies += answer.replies
        turn.effects += answer.effects
        turn.nextHandoff = answer.handoff
        turn.outcome = .safety
        settings.metrics.emergency(family: finding.family)
    }

    // Retrieval that finds nothing has not failed: nobody understood the question.
    private func end(with response: ResponseReference, _ outcome: RouteOutcome, _ turn: inout Turn) {
        let hasFailed = outcome.lastCause.map { $0 != .declined } ?? false
        if hasFailed { turn.counted.append(.providerFailed) }
        if turn.unrecognised != nil { turn.counted.append(.notUnderstood) }
        turn.outcome = hasFailed ? .providerFailed : .notUnderstood
        guard turn.failure == nil || !turn.incoming.content.tellsFailure else { return }
        turn.replies.append(TurnReply(speaker.bound(to: turn).say(response)))
    }
}

extension ChannelMessage.Asking {
    /// What a message says, above what its channel says about every one.
    fileprivate func over(_ ai: ChannelAI?) -> Self {
        guard let ai else { return self }
        var asking = self
        if asking.vendor == nil { asking.provider = asking.provider ?? ai.provider }
        asking.model = asking.model ?? ai.model
        asking.systemPrompt = asking.systemPrompt ?? ai.systemPrompt
        asking.temperature = asking.temperature ?? ai.temperature
        asking.maxTokens = asking.maxTokens ?? ai.maxTokens
        return asking
    }

    // What a client remembers counts where we know nothing, and as little of it as the author allows.
    fileprivate func apply(to request: inout ProviderRequest, history turns: Int, _ mask: MaskTable) {
        request.preference = ProviderPreference(self)
        (request.temperature, request.maxTokens) = (temperature, maxTokens)
        (request.assistantID, request.thread) = (assistantID, thread)
        guard request.history.isEmpty else { return }
        request.history = history.suffix(turns * 2).map {
            ProviderRequest.Line(author: $0.author, text: mask.mask($0.text))
        }
    }
}
