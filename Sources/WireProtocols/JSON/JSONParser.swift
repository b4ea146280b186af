// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no JSON document, with the byte offset at which that was seen.
public struct JSONError: Error, Sendable, Equatable {
    /// What was wrong.
    public enum Kind: Sendable, Equatable {
        case unexpectedEnd, unexpectedByte, trailingBytes, tooDeep, duplicateName, badEscape, badNumber
        case badUTF8, controlCharacter
    }
    /// What was wrong.
    public let kind: Kind
    /// Bytes before the offending one.
    public let offset: Int

    /// A finding of that kind at that byte.
    public init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension JSON {
    /// Reads one JSON document (RFC 8259): UTF-8 without a byte order mark, nothing after the value, no name
    /// twice in one object, no lone surrogate, nesting at most `maxDepth` arrays and objects.
    /// - Throws: ``JSONError``. Time and memory are linear in the number of bytes.
    public static func parse(_ bytes: some Collection<UInt8>, maxDepth: Int = 64) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes: Array(bytes), maxDepth: maxDepth)
        return try parser.document()
    }

    /// Reads one JSON document from text; the same rules as for bytes.
    public static func parse(_ text: String, maxDepth: Int = 64) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), maxDepth: maxDepth)
    }
}

struct JSONParser {
    let bytes: [UInt8]
    let maxDepth: Int
    var at = 0
    var depth = 0

    init(bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value()
        skipSpace()
        if at < bytes.count { throw error(.trailingBytes) }
        return value
    }

    private func error(_ kind: JSONError.Kind) -> JSONError { JSONError(kind: kind, offset: at) }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard at < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[at]
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try peek() == byte else { throw error(.unexpectedByte) }
        at += 1
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error(.unexpectedByte)
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > maxDepth { throw error(.tooDeep) }
        at += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> JSON {
        try enter()
        var values: [JSON] = []
        if try peek() != UInt8(ascii: "]") {
            while true {
                values.append(try value())
                skipSpace()
                guard try peek() == UInt8(ascii: ",") else { break }
                at += 1
            }
        }
        try expect(UInt8(ascii: "]"))
        depth -= 1
        return .array(values)
    }

    private mutating func object() throws(JSONError) -> JSON {
        try enter()
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        members.reserveCapacity(4)
        if try peek() != UInt8(ascii: "}") {
            while true {
                skipSpace()
                let start = at
                guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
                let name = try string()
                if Self.isKnown(name, among: members, &names) {
                    throw JSONError(kind: .duplicateName, offset: start)
                }
                skipSpace()
                try expect(UInt8(ascii: ":"))
                members.append(JSONObject.Member(name: name, value: try value()))
                skipSpace()
                guard try peek() == UInt8(ascii: ",") else { break }
                at += 1
            }
        }
        try expect(UInt8(ascii: "}"))
        depth -= 1
        return .object(JSONObject(members))
    }

    // A handful of names is compared one by one, which is cheaper than a set; a set keeps the time of many linear.
    private static func isKnown(
        _ name: String, among members: [JSONObject.Member], _ names: inout Set<String>
    ) -> Bool {
        if members.count < 8 { return members.contains { $0.name == name } }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return !names.insert(name).inserted
    }

    private mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"),
            bytes[at] >= 0x20
        {
            at += 1
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {  // the common case: nothing to unescape
            defer { at += 1 }
            return try text(bytes[start..<at], from: start)
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<at])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return try text(unescaped[...], from: start)
            case UInt8(ascii: "\\"):
                at += 1
                unescaped.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw error(.controlCharacter)
            default:
                unescaped.append(byte)
                at += 1
            }
        }
    }

    private func text(_ slice: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        do { return String(copying: try UTF8Span(validating: slice.span)) } catch {
            throw JSONError(kind: .badUTF8, offset: start)
        }
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let byte = try peek()
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error(.badEscape)
        }
    }

    // A surrogate alone stands for no character and cannot be stored as UTF-8, so it is refused.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let high = try hexUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), try peek() == UInt8(ascii: "\\") else {
            throw error(.badEscape)
        }
        at += 1
        try expect(UInt8(ascii: "u"))
        let low = try hexUnit()
        // Before anything is computed from it: a low half that is none would overflow.
        guard (0xDC00..<0xE000).contains(low) else { throw error(.badEscape) }
        let joined = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        guard let scalar = Unicode.Scalar(joined) else { throw error(.badEscape) }
        return scalar
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error(.badEscape) }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    private mutating func digits() throws(JSONError) {
        guard (0x30...0x39).contains(try peek()) else { throw error(.badNumber) }
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = at
        var isWhole = true
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if try peek() == 0x30 { at += 1 } else { try digits() }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            try digits()
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        let digits = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let value = Int(digits) { return .integer(value) }
        guard let value = Double(digits), value.isFinite else {
            throw JSONError(kind: .badNumber, offset: start)
        }
        return .number(value)
    }
}
