// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Turns references to responses into what is said.
struct Speaker: Sendable {
    /// What is said in a turn.
    func bound(to turn: Turn) -> BoundSpeaker {
        bound(
            turn.snapshot, turn.assistant, turn.caller, turn.conversation, seed: turn.sequence, now: turn.now)
    }

    /// What is said outside a turn; `seed` is the number of the message it answers.
    func bound(
        _ snapshot: Snapshot, _ assistant: Assistant, _ caller: Caller, _ conversation: ConversationRecord,
        seed: Int,
        now: Timestamp
    ) -> BoundSpeaker {
        let context = DialogueContext(
            assistant: assistant, runner: NoActions(), collections: snapshot.parts.collections,
            caller: caller,
            conversation: conversation.scope, sequence: seed, now: now)
        return BoundSpeaker(context: context, machine: HandoffMachine(queues: snapshot.parts.queues))
    }
}

/// A speaker for one conversation at one moment.
struct BoundSpeaker: Sendable {
    let context: DialogueContext
    let machine: HandoffMachine

    /// How the assistant is told to be.
    var persona: String? { context.assistant.parts.persona.map { $0.text(in: context.scope()) } }

    /// What a reference says.
    func say(_ reference: ResponseReference) -> Reply {
        var random = SeededGenerator(context.seed)
        return ResponseBook(current: context.assistant).reply(reference, in: context.scope(), random: &random)
    }

    /// What a reference says of something that happened elsewhere.
    func say(_ reference: ResponseReference, about event: JSONObject) -> Reply {
        var random = SeededGenerator(context.seed)
        return ResponseBook(current: context.assistant)
            .reply(reference, in: context.scope().adding("event", .object(event)), random: &random)
    }

    /// The ids that an action returns, as texts or as the `id` or `user` of its rows; nil when there is no
    /// action, so that everyone of the role is told.
    ///
    /// An action that fails, or that names nobody, also tells everyone: an alert is never lost to it.
    func people(named action: String?, by runner: any ActionRunner) async -> [String]? {
        guard let action, let declared = context.assistant.parts.actions[action] else { return nil }
        let actionContext = ActionContext(
            caller: context.caller, conversation: context.conversation,
            settings: context.assistant.parts.settings,
            time: context.time, collections: context.collections)
        guard let output = try? await runner.run(declared, input: JSONObject(), context: actionContext) else {
            return nil
        }
        let people = output.list?.compactMap { $0.text ?? $0["user"]?.text ?? $0["id"]?.text } ?? []
        return people.isEmpty ? nil : people
    }
}

extension ConversationRecord {
    /// What templates see as `conversation`.
    var scope: JSONObject {
        JSONObject([
            .init(name: "id", value: .string(self.id)),
            .init(name: "channel", value: .string(self.channel)),
            .init(name: "state", value: .string(self.state.rawValue)),
        ])
    }
}

/// For those who only speak.
private struct NoActions: ActionRunner {
    func run(_ action: Action, input: JSONObject, context: ActionContext) async throws(ActionError) -> JSON {
        throw ActionError(ActionError.unavailable, "no action is carried out here")
    }
}
