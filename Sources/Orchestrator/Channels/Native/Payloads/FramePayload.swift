// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Writes the frames that go out, over WebSocket and as the data of event streams.
enum FramePayload {
    static let dialect: StaticString = "native"

    /// What happened, encoded once for all sockets.
    static func bytes(_ delivery: ConversationDelivery) -> [UInt8] {
        delivery.encoded(for: dialect) { encode($0.event, of: $0.conversation) }
    }

    /// The frame's `type`.
    static func name(_ event: ConversationEvent) -> String {
        switch event {
        case .accepted: "accepted"
        case .message: "message"
        case .streamStart: "stream-start"
        case .streamToken: "stream-token"
        case .streamEnd: "stream-end"
        case .typing: "typing"
        case .read: "read"
        case .state: "state"
        case .alert: "alert"
        case .queue: "queue"
        case .presence: "presence"
        }
    }

    static func encode(_ event: ConversationEvent, of conversation: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        begin(name(event), conversation, &out)
        switch event {
        case .accepted(let id, let sequence):
            MessagePayload.text(#","client_message_id":"#, id, &out)
            MessagePayload.literal(#","sequence":\#(sequence)"#, &out)
        case .message(let message):
            MessagePayload.literal(#","message":"#, &out)
            MessagePayload.append(message, to: &out)
        case .streamStart(let id), .streamEnd(let id): MessagePayload.text(#","message_id":"#, id, &out)
        case .streamToken(let id, let text):
            MessagePayload.text(#","message_id":"#, id, &out)
            MessagePayload.text(#","text":"#, text, &out)
        case .typing(let user, let on):
            MessagePayload.text(#","user":"#, user, &out)
            MessagePayload.literal(on ? #","on":true"# : #","on":false"#, &out)
        case .read(let user, let sequence):
            MessagePayload.text(#","user":"#, user, &out)
            MessagePayload.literal(#","sequence":\#(sequence)"#, &out)
        case .state(let state, let queue, let staff):
            MessagePayload.text(#","state":"#, state.rawValue, &out)
            MessagePayload.text(#","queue":"#, queue, &out)
            MessagePayload.text(#","staff":"#, staff, &out)
        case .alert(let alert):
            MessagePayload.text(#","role":"#, alert.role, &out)
            MessagePayload.value(#","safety":"#, alert.safety, &out)
        case .queue(let notice):
            MessagePayload.text(#","queue":"#, notice.queue, &out)
            MessagePayload.text(#","change":"#, notice.change.rawValue, &out)
            MessagePayload.text(#","summary":"#, notice.summary, &out)
            MessagePayload.text(#","staff":"#, notice.staff, &out)
            MessagePayload.text(#","until":"#, notice.deadline?.iso8601, &out)
        case .presence(let notice):
            MessagePayload.text(#","user":"#, notice.user, &out)
            MessagePayload.text(#","name":"#, notice.name, &out)
            MessagePayload.text(#","role":"#, notice.role, &out)
            MessagePayload.literal(notice.isOnline ? #","online":true"# : #","online":false"#, &out)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    static func opened(_ record: ConversationRecord, resumed: Bool) -> [UInt8] {
        var out: [UInt8] = []
        begin("opened", record.id, &out)
        MessagePayload.text(#","epoch":"#, record.epoch, &out)
        MessagePayload.literal(#","sequence":\#(record.sequence),"resumed":\#(resumed)"#, &out)
        out.append(UInt8(ascii: "}"))
        return out
    }

    static func error(
        _ code: String, _ message: String, conversation: String? = nil, clientMessageID: String? = nil
    ) -> [UInt8] {
        var out: [UInt8] = []
        MessagePayload.literal(#"{"type":"error""#, &out)
        MessagePayload.text(#","code":"#, code, &out)
        MessagePayload.text(#","message":"#, message, &out)
        MessagePayload.text(#","conversation":"#, conversation, &out)
        MessagePayload.text(#","client_message_id":"#, clientMessageID, &out)
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// One event of an event stream (HTML Living Standard 9.2): our JSON has no line break.
    static func event(_ name: String, _ data: [UInt8]) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
    }

    static let pong = Array(#"{"type":"pong"}"#.utf8)

    private static func begin(_ type: String, _ conversation: String, _ out: inout [UInt8]) {
        MessagePayload.literal(#"{"type":""#, &out)
        MessagePayload.literal(type, &out)
        out.append(UInt8(ascii: "\""))
        // A notice about nobody's conversation names none.
        if !conversation.isEmpty { MessagePayload.text(#","conversation":"#, conversation, &out) }
    }
}
