// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What clients of live-chat are shown.
enum LiveChatPayload {
    /// A message as `GET` shows it.
    static func append(_ message: MessageRecord, to out: inout [UInt8]) {
        literal(#"{"id":"#, &out)
        JSON.encode(CUID.text(message.id), into: &out)
        literal(message.author == .user ? #","sender":"user""# : #","sender":"admin""#, &out)
        literal(#","content":"#, &out)
        JSON.encode(message.text, into: &out)
        literal(#","createdAt":""#, &out)
        literal(message.createdAt.iso8601, &out)
        literal(isAI(message) ? #"","isAI":true"# : #"","isAI":false"#, &out)
        literal(#","chatSessionId":"#, &out)
        JSON.encode(CUID.text(message.conversation), into: &out)
        out.append(UInt8(ascii: "}"))
    }

    // Neither the person nor the staff wrote it.
    private static func isAI(_ message: MessageRecord) -> Bool {
        message.author == .assistant || message.author == .system
    }

    static func append(_ messages: [MessageRecord], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
        for (index, message) in messages.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(message, to: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    /// A session with its messages as `GET /api/chats` shows it.
    static func append(_ session: AliasedConversation, _ messages: [MessageRecord], to out: inout [UInt8]) {
        literal(#"{"id":"#, &out)
        JSON.encode(CUID.text(session.conversation.id), into: &out)
        literal(#","sessionId":"#, &out)
        JSON.encode(session.alias.externalID, into: &out)
        literal(#","ip":"#, &out)
        (session.attributes["ip"] ?? .null).encode(into: &out)
        literal(#","userAgent":"#, &out)
        (session.attributes["userAgent"] ?? .null).encode(into: &out)
        literal(#","createdAt":""#, &out)
        literal(session.createdAt.iso8601, &out)
        literal(#"","messages":"#, &out)
        append(messages, to: &out)
        out.append(UInt8(ascii: "}"))
    }

    /// The event that tells a room of a message, as a frame that goes to all of it.
    static func frame(_ message: MessageRecord) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(320 + message.text.utf8.count)
        literal(#"42["message","#, &out)
        append(message, to: &out)
        out.append(UInt8(ascii: "]"))
        return out
    }

    /// The same as a value, for a packet that is made to be remembered.
    static func value(_ message: MessageRecord) -> JSON {
        [
            "id": .string(CUID.text(message.id)), "sender": message.author == .user ? "user" : "admin",
            "content": .string(message.text), "createdAt": .string(message.createdAt.iso8601),
            "isAI": .bool(isAI(message)), "chatSessionId": .string(CUID.text(message.conversation)),
        ]
    }

    private static func literal(_ text: String, _ out: inout [UInt8]) { out.append(contentsOf: text.utf8) }
}

/// Ids in the form that this dialect's clients know: a `c` and 24 digits of base 36.
///
/// Made from the UUID each time rather than stored: its 122 random bits fit, 61 in each half of 12 digits.
enum CUID {
    /// The id for a UUID; anything else stays as it is.
    static func text(_ id: String) -> String {
        guard let (high, low) = halves(id) else { return id }
        return String(unsafeUninitializedCapacity: 25) { digits in
            digits[0] = UInt8(ascii: "c")
            write(high, to: digits, at: 1)
            write(low, to: digits, at: 13)
            return 25
        }
    }

    private static func write(_ half: UInt64, to digits: UnsafeMutableBufferPointer<UInt8>, at: Int) {
        var rest = half
        for place in (at..<(at + 12)).reversed() {
            let digit = UInt8(rest % 36)
            digits[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
            rest /= 36
        }
    }

    private static func halves(_ id: String) -> (UInt64, UInt64)? {
        var id = id
        return id.withUTF8 { halves(of: $0) }
    }

    // Without the six bits that say which kind of UUID it is.
    private static func halves(of bytes: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64)? {
        guard bytes.count == 36 else { return nil }
        var (high, low, count) = (UInt64(0), UInt64(0), 0)
        for byte in bytes where byte != UInt8(ascii: "-") {
            guard let nibble = nibble(byte) else { return nil }
            if count < 16 { high = high << 4 | nibble } else { low = low << 4 | nibble }
            count += 1
        }
        guard count == 32 else { return nil }
        let random = ((high >> 16) << 12 | high & 0xFFF, low & ~(0b11 << 62))
        // 60 and 62 bits: one moves over.
        return (random.0 << 1 | random.1 >> 61, random.1 & (1 << 61 - 1))
    }

    private static func nibble(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x61...0x66: UInt64(byte - 0x57)
        default: nil
        }
    }
}
