// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Carries out declared actions.
package protocol ActionRunner: Sendable {
    /// Checks the input, asks the backend and gives the output in its declared type.
    func run(_ action: Action, input: JSONObject, context: ActionContext) async throws(ActionError) -> JSON
}

/// What an action depends on besides its input.
package struct ActionContext: Sendable {
    /// On whose behalf it is carried out.
    package var caller: Caller
    /// `${conversation....}`.
    package var conversation: JSONObject
    /// `${settings....}`.
    package var settings: JSONObject
    /// Now, and the clocks dates are read by.
    package var time: LocalTime
    /// A write is carried out once under one key; nil carries it out.
    package var idempotencyKey: String?
    /// The embedded collections with their rules, by name.
    package var collections: [String: RecordCollection]

    /// A context of these parts.
    package init(
        caller: Caller, conversation: JSONObject = JSONObject(), settings: JSONObject = JSONObject(),
        time: LocalTime,
        idempotencyKey: String? = nil, collections: [String: RecordCollection]
    ) {
        self.caller = caller
        self.conversation = conversation
        self.settings = settings
        self.time = time
        self.idempotencyKey = idempotencyKey
        self.collections = collections
    }

    /// What the templates of an operation can see.
    func scope(input: JSONObject) -> Scope {
        let members: [(String, JSON)] = [
            ("input", .object(input)), ("user", caller.json), ("conversation", .object(conversation)),
            ("settings", .object(settings)),
        ]
        return Scope(JSONObject(members.map { .init(name: $0.0, value: $0.1) }), time: time)
    }
}

extension Caller {
    /// `${user....}`.
    package var json: JSON {
        ["id": .string(user), "role": .string(role), "name": name.map(JSON.string) ?? .null]
    }
}
