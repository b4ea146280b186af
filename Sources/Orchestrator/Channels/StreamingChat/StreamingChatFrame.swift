// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// A frame that came in.
enum StreamingChatFrame: Sendable, Hashable {
    case chat(String)
    /// Somebody is asked for, perhaps with words.
    case escalation(String?)
    case ping
    /// What its sender is told instead.
    case refused(String)

    /// UTF-16 units of a message, as its clients count.
    static let maxUnits = 2000

    init(_ message: WebSocketMessage, depth: Int) {
        guard message.isText, let frame = (try? JSON.parse(message.bytes, maxDepth: depth))?.members else {
            self = .refused("Invalid message format")
            return
        }
        switch frame["type"]?.text {
        case "ping": self = .ping
        case "human-escalation": self = .escalation(Self.words(frame))
        case "chat": self = Self.chat(frame)
        default: self = .refused("Unknown message type")
        }
    }

    // The first of the three names that holds something, as scripts judge that: no null, no empty text, no 0, no false.
    private static func chat(_ frame: JSONObject) -> StreamingChatFrame {
        let values = ["content", "message", "query"].compactMap { frame[$0] }
        guard let text = values.first(where: { !isEmpty($0) })?.text else {
            return .refused("Message content must be a string")
        }
        guard text.utf16.count <= maxUnits else {
            return .refused("Message content cannot exceed \(maxUnits) characters")
        }
        let trimmed = trim(text)
        return trimmed.isEmpty ? .refused("Message content cannot be empty") : .chat(trimmed)
    }

    private static func words(_ frame: JSONObject) -> String? {
        let text = trim(frame["message"]?.text ?? "")
        return text.isEmpty || text.utf16.count > maxUnits ? nil : text
    }

    private static func isEmpty(_ value: JSON) -> Bool {
        value.isNull || value == "" || value == 0 || value == false
    }

    private static func trim(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
        guard let start = scalars.firstIndex(where: { !isSpace($0) }),
            let end = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[start...end])
    }
}

/// Frames that go out: each has its `type` and, last, its `timestamp`.
enum StreamingChatPayload {
    static func connection(_ now: Timestamp) -> [UInt8] {
        encode("connection", ["message": "Connected to chatbot server"], now)
    }
    static func pong(_ now: Timestamp) -> [UInt8] { encode("pong", [:], now) }
    static func typing(_ now: Timestamp) -> [UInt8] {
        encode("typing", ["message": "AI is thinking..."], now)
    }
    static func error(_ message: String, _ now: Timestamp) -> [UInt8] {
        encode("error", ["message": .string(message)], now)
    }
    static func escalation(_ now: Timestamp) -> [UInt8] {
        encode("human-escalation-response", ["message": "A human agent will contact you soon."], now)
    }
    static func streamStart(_ id: String, _ now: Timestamp) -> [UInt8] {
        encode("stream-start", ["messageId": .string(id)], now)
    }
    static func streamToken(_ id: String, _ token: String, _ now: Timestamp) -> [UInt8] {
        encode("stream-token", ["messageId": .string(id), "token": .string(token)], now)
    }
    static func streamEnd(_ id: String, _ now: Timestamp) -> [UInt8] {
        encode("stream-end", ["messageId": .string(id)], now)
    }

    /// The whole answer, for clients that read no pieces.
    static func answer(_ id: String, _ text: String, context: [JSON], at time: JSON) -> [UInt8] {
        let frame: JSON = [
            "type": "ai-response", "messageId": .string(id), "message": .string(text),
            "patient_context": .array(context), "timestamp": time,
        ]
        return frame.encoded()
    }

    /// The passages of an answer as the records of this dialect.
    static func records(_ sources: JSON?) -> [JSON] { (sources?.list ?? []).map(record) }

    private static func record(_ source: JSON) -> JSON {
        var record = JSONObject()
        record["record_id"] = source["id"] ?? ""
        record["content"] = source["text"] ?? ""
        record["score"] = source["score"] ?? 0
        record["metadata"] = source["metadata"] ?? ["source": source["source"] ?? ""]
        return .object(record)
    }

    private static func encode(_ type: String, _ members: JSON, _ now: Timestamp) -> [UInt8] {
        var object = JSONObject([.init(name: "type", value: .string(type))])
        for member in members.members?.members ?? [] { object[member.name] = member.value }
        object["timestamp"] = .string(now.iso8601)
        return JSON.object(object).encoded()
    }
}
