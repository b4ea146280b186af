// SPDX-License-Identifier: Apache-2.0

import Intents
import Synchronization
import WireProtocols

/// Lets the open flow answer, else the intent that was recognised.
struct DialogueStage: TurnStage {
    let actions: any ActionRunner
    let store: any ConversationStore
    let lookups: LookupNames
    let revisions: FlowRevisions

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        let decision = await decide(turn)
        turn.ledger.note(intent: decision.intent)
        let (ledger, revisions) = (turn.ledger, revisions)
        let context = DialogueContext(
            assistant: turn.assistant, runner: StoringActionRunner(actions, ledger: ledger),
            collections: turn.snapshot.parts.collections,
            lookups: lookups.tables(for: turn.assistant, in: turn.snapshot), caller: turn.caller,
            conversation: await conversation(of: turn), sequence: turn.sequence, now: turn.now,
            pinned: { await revisions.assistant($0) })
        let result = await DialogueEngine(context).respond(
            to: turn.text, decision: decision, state: &turn.dialogue)
        if let failure = ledger.failure { throw failure }
        return take(result, decision, &turn)
    }

    // Without its history a conversation still has its id, so a read that fails costs only that.
    private func conversation(of turn: Turn) async -> JSONObject {
        var scope = turn.conversation.scope
        guard turn.assistant.parts.readsHistory,
            let messages = try? await store.latestMessages(
                in: turn.conversation.id, limit: HandoffSummary.maxTranscript)
        else { return scope }
        let context = turn.ledger.mailbox.state.withLock(\.context)
        let summary = HandoffSummary(turn.conversation, context, messages, turn.snapshot)
        scope["summary"] = .string(summary.text)
        scope["transcript"] = .string(messages.map(\.transcriptLine).joined(separator: "\n"))
        return scope
    }

    private func decide(_ turn: Turn) async -> IntentDecision {
        let (model, text) = (turn.assistant.model, turn.text)
        if text.utf8.count <= ConversationService.inlineBytes { return model.decide(text) }
        // Detached, since a child would stay on the event loop; it ends by itself in linear time.
        return await Task.detached { model.decide(text) }.value
    }

    private func take(_ result: DialogueResult, _ decision: IntentDecision, _ turn: inout Turn)
        -> StageVerdict
    {
        turn.ledger.note(intent: result.intent)
        if result.utteranceIsSensitive { turn.ledger.noteSensitive() }
        turn.replies += result.replies.map { TurnReply($0) }
        turn.followUp = result.followUp.map { TurnReply($0) }
        turn.effects += result.effects
        turn.counted += Array(repeating: .actionFailed, count: result.failedActions)
        switch result.outcome {
        case .answered:
            if !result.isUnderstood {
                turn.counted.append(.notUnderstood)
                turn.outcome = .notUnderstood
            }
            return .answered
        case .notUnderstood(let ranking):
            turn.unrecognised = ranking.first?.score ?? decision.score
            return .next
        case .route(let name):
            turn.route = Turn.RouteRequest(name: name, history: Turn.RouteRequest.usualHistory)
            return .next
        }
    }
}

/// Stores the utterance before the first action that changes something: whatever it leaves behind outside can
/// then be traced to what was said, and a retry finds it.
///
/// Reading the embedded records leaves nothing behind.
struct StoringActionRunner: ActionRunner {
    private let actions: any ActionRunner
    private let ledger: TurnLedger

    init(_ actions: any ActionRunner, ledger: TurnLedger) {
        self.actions = actions
        self.ledger = ledger
    }

    func run(_ action: Action, input: JSONObject, context: ActionContext) async throws(ActionError) -> JSON {
        if action.isWrite {
            do {
                try await ledger.storeUtterance()
            } catch {
                // The stage sees the ledger's failure and gives the turn up.
                throw ActionError(ActionError.unavailable, "the utterance could not be stored")
            }
        }
        return try await actions.run(action, input: input, context: context)
    }
}
