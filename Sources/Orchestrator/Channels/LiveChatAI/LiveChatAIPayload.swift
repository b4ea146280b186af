// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What clients of live-chat-ai are shown.
enum LiveChatAIPayload {
    /// A message, under the name its session has here.
    static func message(_ message: MessageRecord, in session: String) -> JSON {
        [
            "id": .string(message.id), "sessionId": .string(session), "message": .string(text(message)),
            "senderType": .string(sender(message.author)), "timestamp": .string(message.createdAt.iso8601),
            "isRead": .bool(message.readAt != nil),
        ]
    }

    private static func sender(_ author: MessageAuthor) -> String {
        switch author {
        case .user: "user"
        case .staff: "admin"
        case .assistant, .system: "ai"
        }
    }

    // A model that says nothing is shown as the original shows it.
    private static func text(_ message: MessageRecord) -> String {
        message.text.isEmpty && message.author == .assistant ? "No response generated" : message.text
    }

    /// A session.
    static func session(_ session: AliasedConversation) -> JSONObject {
        let row = session.conversation
        let touched = session.attributes["lastActive"]?.text.flatMap { Timestamp(iso8601: $0) }
        let isHandedOff = session.attributes["handedOff"]?.flag == true || row.state == .human
        let body: JSON = [
            "id": .string(row.id), "sessionId": .string(session.alias.externalID),
            "ipAddress": session.attributes["ip"] ?? .null,
            "userAgent": session.attributes["userAgent"] ?? .null,
            "createdAt": .string(session.createdAt.iso8601),
            "lastActive": .string(max(touched ?? row.updatedAt, row.updatedAt).iso8601),
            "handedOffToAdmin": .bool(isHandedOff),
        ]
        return body.members ?? JSONObject()
    }

    /// A conversation that waits for this channel's admins: its one message is the summary.
    static func waiting(_ record: ConversationRecord, _ summary: HandoffSummary) -> JSONObject {
        let message: JSON = [
            "id": .string(record.id), "sessionId": .string(record.id), "message": .string(summary.text),
            "senderType": "ai", "timestamp": .string(summary.since.iso8601), "isRead": false,
        ]
        let body: JSON = [
            "id": .string(record.id), "sessionId": .string(record.id), "ipAddress": .null, "userAgent": .null,
            "createdAt": .string(record.createdAt.iso8601),
            "lastActive": .string(record.updatedAt.iso8601),
            "handedOffToAdmin": false, "messages": [message],
        ]
        return body.members ?? JSONObject()
    }

    /// The AI settings, with the contract's values where nothing is set.
    static func config(_ ai: ChannelAI, id: String, updatedAt: Timestamp) -> JSON {
        [
            "id": .string(id), "isEnabled": .bool(ai.isEnabled),
            "provider": .string(ai.provider ?? "openrouter"),
            "model": .string(ai.model ?? "z-ai/glm-4.5-air:free"),
            "systemPrompt": .string(ai.systemPrompt ?? "You are a helpful customer support assistant."),
            "temperature": .number(ai.temperature ?? 0.7), "maxTokens": .integer(ai.maxTokens ?? 500),
            "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}
