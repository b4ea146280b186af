// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Something that happened in a conversation, as other systems are told: ids only, nothing anybody wrote.
package struct WebhookEvent: Sendable, Hashable {
    /// What happened.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The safety floor recognised an emergency.
        case emergency
        /// The conversation waits in a queue, or in another one than before.
        case handoffRequested = "handoff_requested"
        /// A member of staff has it.
        case handoffClaimed = "handoff_claimed"
        /// The assistant has it again.
        case handoffEnded = "handoff_ended"
        /// Nobody has it until the person writes again.
        case conversationClosed = "conversation_closed"
    }

    /// Tells a repeated delivery; the same in every attempt.
    package let id: String
    /// What happened.
    package let kind: Kind
    /// The assistant of the conversation.
    package let assistant: String
    /// When.
    package let at: Timestamp
    private let data: JSONObject

    /// Something that happened in that conversation; `details` are added to its ids.
    package init(_ kind: Kind, in record: ConversationRecord, at: Timestamp, _ details: JSONObject) {
        id = "evt_" + RandomID.uuid()
        (self.kind, assistant, self.at) = (kind, record.assistant, at)
        var data = JSONObject()
        data["conversation"] = .string(record.id)
        data["assistant"] = .string(record.assistant)
        data["channel"] = .string(record.channel)
        data["user"] = .string(record.user)
        for detail in details.members { data[detail.name] = detail.value }
        self.data = data
    }

    /// The body that is sent and signed.
    package var body: [UInt8] {
        let body: JSON = [
            "type": .string(kind.rawValue), "timestamp": .string(at.iso8601), "data": .object(data),
        ]
        return body.encoded()
    }
}

extension WebhookEvent {
    /// What a change of who answers is told as; nil for one that nobody else needs to know.
    init?(from before: HandoffState, to after: HandoffState, in record: ConversationRecord, at: Timestamp) {
        var details = JSONObject()
        details["queue"] = (after.queue ?? before.queue).map { .string($0) }
        details["staff"] = (after.staff ?? before.staff).map { .string($0) }
        switch (before, after) {
        case (.waiting(let old, _), .waiting(let new, _)) where old == new: return nil
        case (_, .waiting(_, let until)):
            details["claim_by"] = .string(until.iso8601)
            details["staff"] = nil
            self.init(.handoffRequested, in: record, at: at, details)
        case (.human(_, let old), .human(_, let new)) where old == new: return nil
        case (_, .human): self.init(.handoffClaimed, in: record, at: at, details)
        case (.waiting, .assistant), (.human, .assistant):
            self.init(.handoffEnded, in: record, at: at, details)
        case (.assistant, .closed), (.waiting, .closed), (.human, .closed):
            self.init(.conversationClosed, in: record, at: at, details)
        case (.assistant, .assistant), (.closed, .assistant), (.closed, .closed): return nil
        }
    }
}
