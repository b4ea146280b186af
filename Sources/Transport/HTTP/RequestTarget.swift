// SPDX-License-Identifier: Apache-2.0

/// A request target split and decoded.
///
/// Its characters and escapes have been checked before.
struct RequestTarget: Sendable {
    let raw: String
    /// The path decoded, except that an encoded slash stays `%2F`: a path never has more segments than it was
    /// sent with.
    let path: String

    /// Nil when the decoded path is not UTF-8 or climbs with `.` or `..` segments.
    init?(_ bytes: UnsafeRawBufferPointer) {
        raw = String(decoding: bytes, as: UTF8.self)
        let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let encoded = bytes[..<end]
        if encoded.contains(UInt8(ascii: "%")) {
            guard let decoded = Self.decodePath(encoded) else { return nil }
            path = decoded
        } else {
            path = end == bytes.endIndex ? raw : String(decoding: encoded, as: UTF8.self)
        }
        if path.utf8.contains(UInt8(ascii: ".")) && Self.climbs(path) { return nil }
    }

    /// The decoded parts between slashes: none for `/`, a last empty one for a trailing slash.
    var segments: [String] {
        guard path != "/" else { return [] }
        var path = path
        // Over the bytes: the views of a string check each index, which took twice as long.
        return path.withUTF8 { bytes in
            bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                .map { Self.unescapeSlash(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// The pairs of the query, decoded (`+` is a space); what is not UTF-8 shows replacement characters.
    var query: [(name: String, value: String)] {
        guard let mark = raw.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        let text = raw.utf8[raw.utf8.index(after: mark)...]
        return text.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decodeQuery(parts[0]), parts.count > 1 ? Self.decodeQuery(parts[1]) : "")
        }
    }

    private static func climbs(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains { segment in
            segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
        }
    }

    private static func decodePath(_ bytes: some Collection<UInt8>) -> String? {
        let slash = UInt8(ascii: "/")
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        unescape(bytes) { byte, wasEscaped in
            if wasEscaped && byte == slash {
                decoded.append(contentsOf: "%2F".utf8)
            } else {
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func unescapeSlash(_ segment: String) -> String {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return segment }
        let parts = segment.split(separator: "%2F", omittingEmptySubsequences: false)
        return parts.joined(separator: "/")
    }

    private static func decodeQuery(_ bytes: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        unescape(bytes) { byte, wasEscaped in
            decoded.append(byte == UInt8(ascii: "+") && !wasEscaped ? UInt8(ascii: " ") : byte)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func unescape(_ bytes: some Collection<UInt8>, _ emit: (UInt8, Bool) -> Void) {
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.popFirst(), let low = rest.popFirst() {
                emit(hex(high) << 4 | hex(low), true)
            } else {
                emit(byte, false)
            }
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8 {
        byte <= UInt8(ascii: "9") ? byte & 15 : (byte & 15) + 9
    }
}
