// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a turn of the dialogue depends on besides the utterance and the state.
package struct DialogueContext: Sendable {
    /// The assistant as it is now.
    package var assistant: Assistant
    /// Earlier revisions of it by their digest, for flows that began in one.
    package var pinned: @Sendable (String) async -> Assistant?
    /// Carries out actions.
    package var runner: any ActionRunner
    /// The embedded collections with their rules, by name.
    package var collections: [String: RecordCollection]
    /// The names of `lookup` entities, by entity.
    package var lookups: [String: LookupTable]
    /// Who talks.
    package var caller: Caller
    /// `${conversation....}`; its `id` must be there.
    package var conversation: JSONObject
    /// Now, on the clocks of the assistant's zone.
    package var time: LocalTime
    /// What chance is drawn from: the conversation's id and the message's number.
    package var seed: String

    /// A context of these parts; the conversation's id and the message's number make the seed.
    package init(
        assistant: Assistant, runner: any ActionRunner, collections: [String: RecordCollection] = [:],
        lookups: [String: LookupTable] = [:], caller: Caller, conversation: JSONObject, sequence: Int,
        now: Timestamp,
        pinned: @escaping @Sendable (String) async -> Assistant? = { _ in nil }
    ) {
        self.assistant = assistant
        self.pinned = pinned
        self.runner = runner
        self.collections = collections
        self.lookups = lookups
        self.caller = caller
        self.conversation = conversation
        time = LocalTime(now: now, assistant: assistant)
        seed = (conversation["id"]?.text ?? "") + "/" + String(sequence)
    }

    /// What every template can see.
    package func scope() -> Scope { scope(slots: JSONObject(), saved: JSONObject()) }

    func scope(slots: JSONObject, saved: JSONObject) -> Scope {
        var values = saved
        values["slots"] = .object(slots)
        values["settings"] = .object(assistant.parts.settings)
        values["user"] = caller.json
        values["conversation"] = .object(conversation)
        values["assistant"] = [
            "id": .string(assistant.id), "name": .string(assistant.parts.name),
            "description": .string(assistant.parts.description),
        ]
        return Scope(values, time: time)
    }
}
