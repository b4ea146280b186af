// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The value as compact UTF-8 JSON.
    ///
    /// Text is escaped so that it can also stand inside an HTML page: `<`, U+2028 and U+2029 are written as
    /// `\u` escapes.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        encode(into: &out)
        return out
    }

    /// The same as text.
    public var encodedText: String { String(decoding: encoded(), as: UTF8.self) }

    /// Appends the value as compact UTF-8 JSON.
    ///
    /// A number that is not finite is written as `null`.
    public func encode(into out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        case .number(let value): out.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .string(let text): Self.encode(text, into: &out)
        case .array(let values): Self.encode(values, into: &out)
        case .object(let object): Self.encode(object, into: &out)
        }
    }

    private static func encode(_ values: [JSON], into out: inout [UInt8]) {
        out.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            value.encode(into: &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    private static func encode(_ object: JSONObject, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            encode(member.name, into: &out)
            out.append(UInt8(ascii: ":"))
            member.value.encode(into: &out)
        }
        out.append(UInt8(ascii: "}"))
    }

    /// Appends text as a JSON string with its quotation marks.
    public static func encode(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            // Whole stretches that need no escape are copied at once.
            var begin = 0
            var index = 0
            while index < bytes.count {
                guard mayNeedEscape(bytes[index]) else {
                    index += 1
                    continue
                }
                out.append(contentsOf: bytes[begin..<index])
                index += encodeUnit(bytes, at: index, into: &out)
                begin = index
            }
            out.append(contentsOf: bytes[begin...])
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x3C || byte == 0x5C || byte == 0x7F || byte == 0xE2
    }

    // Returns how many bytes were consumed: three for the two line separators, else one.
    private static func encodeUnit(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, into out: inout [UInt8]
    ) -> Int {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: out.append(contentsOf: "\\n".utf8)
        case 0x0D: out.append(contentsOf: "\\r".utf8)
        case 0x09: out.append(contentsOf: "\\t".utf8)
        case 0..<0x20, 0x3C, 0x7F: out.append(contentsOf: "\\u00".utf8 + [hex(byte >> 4), hex(byte & 15)])
        case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] | 1 == 0xA9:
            out.append(contentsOf: (bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8)
            return 3
        default: out.append(byte)
        }
        return 1
    }

    private static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
