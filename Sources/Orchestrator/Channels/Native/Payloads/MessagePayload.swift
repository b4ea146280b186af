// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Writes stored messages as the contract's `Message`.
///
/// Straight into bytes: in a busy conversation this is most of what a socket costs, and a tree in between doubles it.
enum MessagePayload {
    static func append(_ message: MessageRecord, to out: inout [UInt8]) {
        literal(#"{"id":"#, &out)
        JSON.encode(message.id, into: &out)
        text(#","conversation":"#, message.conversation, &out)
        literal(#","sequence":"#, &out)
        literal(String(message.sequence), &out)
        text(#","author":"#, message.author.rawValue, &out)
        text(#","name":"#, message.name, &out)
        text(#","text":"#, message.text, &out)
        text(#","type":"#, message.type, &out)
        value(#","buttons":"#, message.buttons, &out)
        value(#","data":"#, message.data, &out)
        literal(message.partial ? #","partial":true"# : #","partial":false"#, &out)
        value(#","sources":"#, message.sources, &out)
        value(#","safety":"#, message.safety, &out)
        text(#","intent":"#, message.intent, &out)
        text(#","created_at":"#, message.createdAt.iso8601, &out)
        out.append(UInt8(ascii: "}"))
    }

    /// A list of messages with its brackets.
    static func append(_ messages: [MessageRecord], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
        for (index, message) in messages.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(message, to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    /// `{"message":Message,"replies":[Message]}`.
    static func encode(_ answer: TurnAnswer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        literal(#"{"message":"#, &out)
        append(answer.message, to: &out)
        literal(#","replies":"#, &out)
        append(answer.replies, to: &out)
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// `{"epoch","messages":[Message],"more":bool}`.
    static func encode(_ page: MessagePage) -> [UInt8] {
        var out: [UInt8] = []
        text(#"{"epoch":"#, page.epoch, &out)
        literal(#","messages":"#, &out)
        append(page.messages, to: &out)
        literal(page.more ? #","more":true}"# : #","more":false}"#, &out)
        return out
    }

    static func literal(_ text: String, _ out: inout [UInt8]) { out.append(contentsOf: text.utf8) }

    static func text(_ name: String, _ text: String?, _ out: inout [UInt8]) {
        guard let text else { return }
        literal(name, &out)
        JSON.encode(text, into: &out)
    }

    static func value(_ name: String, _ value: JSON?, _ out: inout [UInt8]) {
        guard let value, !value.isNull else { return }
        literal(name, &out)
        value.encode(into: &out)
    }
}
