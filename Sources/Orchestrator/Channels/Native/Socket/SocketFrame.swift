// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// A frame that came in.
enum SocketFrame: Sendable, Hashable {
    /// Watch a conversation; one without a name begins a new one with the assistant.
    case open(conversation: String?, assistant: String?, epoch: String?, after: Int?)
    case message(conversation: String, text: String, clientMessageID: String?)
    case typing(conversation: String, on: Bool)
    case read(conversation: String, sequence: Int)
    case stop(conversation: String)
    case ping

    /// Why a frame is none.
    ///
    /// Unknown members are let pass, so that clients may be newer than the server.
    struct Malformed: Error {
        var message: String
    }

    init(_ message: WebSocketMessage, limits: Limits) throws(Malformed) {
        guard message.isText else { throw Malformed(message: "frames are text") }
        guard let value = try? JSON.parse(message.bytes, maxDepth: limits.jsonDepth),
            let object = value.members
        else { throw Malformed(message: "a frame is one JSON object") }
        var fields = FieldReader(object)
        let type = fields.text("type", isRequired: true, atMost: 32)
        let frame = try Self.read(type, &fields, limits)
        if let detail = fields.details.first {
            throw Malformed(message: "'\(detail.path)' \(detail.message)")
        }
        guard let frame else { throw Malformed(message: "'type' is missing") }
        self = frame
    }

    // Nil together with a detail in `fields`.
    private static func read(
        _ type: String?, _ fields: inout FieldReader, _ limits: Limits
    ) throws(Malformed) -> SocketFrame? {
        switch type {
        case nil: return nil
        case "open": return try open(&fields)
        case "ping": return .ping
        case "message":
            let text = fields.text("text", isRequired: true, atMost: limits.messageCharacters)
            let id = fields.text("client_message_id", atMost: 128)
            return conversation(&fields).flatMap { name in
                text.map { .message(conversation: name, text: $0, clientMessageID: id) }
            }
        case "typing":
            let on = fields.flag("on", isRequired: true)
            return conversation(&fields).flatMap { name in on.map { .typing(conversation: name, on: $0) } }
        case "read":
            let sequence = fields.number("sequence", isRequired: true)
            return conversation(&fields).flatMap { name in
                sequence.map { .read(conversation: name, sequence: $0) }
            }
        case "stop": return conversation(&fields).map { .stop(conversation: $0) }
        default: throw Malformed(message: "'type' names no frame")
        }
    }

    private static func open(_ fields: inout FieldReader) throws(Malformed) -> SocketFrame {
        let conversation = fields.text("conversation", atMost: 64)
        let assistant = fields.text("assistant")
        let epoch = fields.text("epoch", atMost: 64)
        let after = fields.number("after")
        guard conversation != nil || assistant != nil || !fields.details.isEmpty else {
            throw Malformed(message: "'conversation' or 'assistant' is needed")
        }
        return .open(conversation: conversation, assistant: assistant, epoch: epoch, after: after)
    }

    private static func conversation(_ fields: inout FieldReader) -> String? {
        fields.text("conversation", isRequired: true, atMost: 64)
    }
}
