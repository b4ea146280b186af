// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Frames and messages of this dialect.
enum ClinicPayload {
    /// What a message of a room is kept as.
    static let chatType = "chat_message"
    static let fileType = "file_share"

    /// Something that was said in a room.
    static func chat(_ text: String, messageType: String) -> ChannelMessage {
        var message = ChannelMessage(text)
        message.type = chatType
        message.data = ["message_type": .string(messageType)]
        return message
    }

    /// A file that is shared in a room; only the known parts of it are kept.
    static func file(_ info: JSONObject) -> ChannelMessage {
        var message = ChannelMessage("")
        message.type = fileType
        let kept = ["name", "size", "type", "url", "thumbnail"].compactMap { name in
            info[name].map { JSONObject.Member(name: name, value: $0) }
        }
        message.data = ["file_info": .object(JSONObject(kept))]
        return message
    }

    /// A stored message of a room, in a frame and in the history alike.
    static func message(_ record: MessageRecord, room: String) -> JSON {
        let isFile = record.type == fileType
        var object = JSONObject()
        object["type"] = .string(isFile ? fileType : chatType)
        object["room_id"] = .string(room)
        let sender = record.authorID ?? record.author.rawValue
        object["sender_id"] = .string(sender)
        object["sender_name"] = .string(record.name ?? sender)
        object["sender_role"] = record.data?["role"] ?? .string(role(of: record.author))
        if isFile {
            object["file_info"] = record.data?["file_info"] ?? .null
        } else {
            object["message_type"] = record.data?["message_type"] ?? "text"
            object["content"] = .string(record.text)
        }
        object["timestamp"] = .string(record.createdAt.iso8601)
        object["message_id"] = .string((isFile ? "file_" : "msg_") + record.id)
        return .object(object)
    }

    // In a conversation that was begun elsewhere messages carry no role.
    private static func role(of author: MessageAuthor) -> String {
        switch author {
        case .user: "PATIENT"
        case .staff: "DOCTOR"
        case .assistant, .system: "SYSTEM"
        }
    }

    static func error(_ message: String) -> JSON { ["type": "error", "message": .string(message)] }

    static func notification(_ notification: JSON, at now: Timestamp) -> JSON {
        ["type": "notification", "notification": notification, "timestamp": .string(now.iso8601)]
    }

    static func user(_ member: SessionMember) -> JSON {
        [
            "user_id": .string(member.user), "name": .string(member.name ?? member.user),
            "role": .string(member.role),
            "connected_at": .string(member.since.iso8601),
        ]
    }
}
