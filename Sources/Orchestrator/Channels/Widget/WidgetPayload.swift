// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What clients of the widget are shown.
enum WidgetPayload {
    static func message(_ message: MessageRecord) -> JSON {
        [
            "text": .string(message.text), "sender": message.author == .user ? "user" : "bot",
            "timestamp": .integer(message.createdAt.milliseconds),
        ]
    }

    /// A conversation with its messages.
    static func conversation(_ found: AliasedConversation, _ messages: [MessageRecord]) -> JSON {
        var body = JSONObject([
            .init(name: "id", value: .string(found.alias.externalID)),
            .init(name: "userId", value: found.attributes["ip"] ?? .null),
        ])
        for member in members(found).members where member.name != "id" { body[member.name] = member.value }
        body["messages"] = .array(messages.map(message))
        return .object(body)
    }

    /// A conversation as a list shows it.
    static func line(_ found: AliasedConversation) -> JSON {
        var body = members(found)
        body["assistantId"] = nil
        return .object(body)
    }

    private static func members(_ found: AliasedConversation) -> JSONObject {
        let row = found.conversation
        return JSONObject([
            .init(name: "id", value: .string(found.alias.externalID)),
            .init(name: "threadId", value: .string(found.thread)),
            .init(name: "provider", value: found.attributes["provider"] ?? .null),
            .init(name: "assistantId", value: found.attributes["assistantId"] ?? .null),
            .init(name: "assistantType", value: found.attributes["assistantType"] ?? .null),
            .init(name: "created", value: .integer(found.createdAt.milliseconds)),
            .init(name: "lastActivity", value: .integer(row.updatedAt.milliseconds)),
            .init(name: "messageCount", value: .integer(row.sequence)), .init(name: "metadata", value: [:]),
        ])
    }
}

extension AliasedConversation {
    /// What the widget's clients call the thread: the vendor's, else one of ours.
    var thread: String { attributes["thread"]?.text ?? WidgetChannel.threadPrefix + alias.externalID }
}
