// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension LiveChatAIChannel: ConversationSubscriber {
    /// The room of all admins; no session can be called so.
    static let admins = "\u{0}admins"

    func toAdmins(_ event: String, _ arguments: JSON...) {
        endpoint.sockets?.broadcast(.event(event, arguments), to: Self.admins)
    }

    func toRoom(_ session: String, _ event: String, _ argument: JSON) {
        endpoint.sockets?.broadcast(.event(event, [argument]), to: session)
    }

    /// Tells those concerned of a message, in the order in which they are stored.
    package func deliver(_ delivery: ConversationDelivery) {
        guard case .message(let message) = delivery.event else { return }
        let session = delivery.origin?.name(on: name, of: delivery.conversation) ?? delivery.conversation
        let payload = LiveChatAIPayload.message(message, in: session)
        switch message.author {
        case .user:
            toAdmins("user-message", payload)
            confirm(message, in: session)
            toAdmins("chat-list-update")
        case .staff:
            toRoom(session, "admin-reply", payload)
            toAdmins("chat-list-update")
        case .assistant, .system:
            // A turn's own answer is told when the turn is done: not at all if it is only the excuse for a provider.
            guard !isAnswer(message) else { return }
            toRoom(session, "ai-reply", payload)
            toAdmins("chat-list-update")
        }
    }

    private func confirm(_ message: MessageRecord, in session: String) {
        guard let id = message.clientMessageID else { return }
        let pending = state.withLock { state -> Pending? in
            guard var pending = state.pending[id] else { return nil }
            pending.place = Self.place(message.conversation, message.sequence)
            pending.hasBegun = pending.thinks
            state.pending[id] = pending
            return pending
        }
        guard let pending else { return }
        pending.client.emit("message-received", ["id": .string(message.id)])
        if pending.thinks { toRoom(session, "ai-thinking", Self.thinking(session, true)) }
    }

    private func isAnswer(_ message: MessageRecord) -> Bool {
        guard let question = message.inReplyTo else { return false }
        let place = Self.place(message.conversation, question)
        return state.withLock { $0.pending.values.contains { $0.place == place } }
    }

    static func thinking(_ session: String, _ isThinking: Bool) -> JSON {
        ["sessionId": .string(session), "isThinking": .bool(isThinking)]
    }

    private static func place(_ conversation: String, _ sequence: Int) -> String {
        "\(conversation) \(sequence)"
    }
}
