// SPDX-License-Identifier: Apache-2.0

/// Header fields in their order; names are compared without case and may repeat.
///
/// Kept as the bytes of the wire, `name: value\r\n` each: a request costs one copy, an answer is appended as it is,
/// and the few fields anybody asks for are found by a scan.
public struct HTTPHeaders: Sendable, Hashable {
    /// The lines, each ended by CRLF.
    private(set) var block: [UInt8]

    /// No fields.
    public init() { block = [] }

    /// Lines that have been checked.
    init(block: UnsafeRawBufferPointer) { self.block = Array(block) }

    /// Appends a field.
    ///
    /// Control characters in it become spaces, so that no value can add a line of its own.
    public mutating func add(_ name: String, _ value: String) {
        block.reserveCapacity(block.count + name.utf8.count + value.utf8.count + 4)
        Self.append(name, to: &block)
        block.append(UInt8(ascii: ":"))
        block.append(UInt8(ascii: " "))
        Self.append(value, to: &block)
        block.append(UInt8(ascii: "\r"))
        block.append(UInt8(ascii: "\n"))
    }

    private static func append(_ text: String, to block: inout [UInt8]) {
        for byte in text.utf8 { block.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte) }
    }

    /// The first field of that name; setting replaces all of them, nil removes them.
    public subscript(name: String) -> String? {
        get { first(name) }
        set {
            remove(name)
            if let newValue { add(name, newValue) }
        }
    }

    /// All values of that name, in order.
    public func all(_ name: String) -> [String] {
        var values: [String] = []
        forEachLine { line in if line.isNamed(name) { values.append(line.value) } }
        return values
    }

    /// All fields, in order.
    public var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        forEachLine { fields.append(($0.name, $0.value)) }
        return fields
    }

    /// Removes all fields of that name.
    public mutating func remove(_ name: String) {
        var kept: [UInt8] = []
        forEachLine { line in if !line.isNamed(name) { kept.append(contentsOf: line.bytes) } }
        block = kept
    }

    private func first(_ name: String) -> String? {
        var found: String?
        block.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let line = Line(&rest) {
                guard line.isNamed(name) else { continue }
                found = line.value
                return
            }
        }
        return found
    }

    private func forEachLine(_ visit: (borrowing Line) -> Void) {
        block.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let line = Line(&rest) { visit(line) }
        }
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// The fields in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { add(name, value) }
    }
}

extension HTTPHeaders {
    /// One line of a block, valid while the block is looked at.
    private struct Line {
        let bytes: Slice<UnsafeRawBufferPointer>
        private let colon: Int

        /// Takes the next line off `rest`; nil at the end.
        init?(_ rest: inout Slice<UnsafeRawBufferPointer>) {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            bytes = rest[...end]
            colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.startIndex
            rest = rest[(end + 1)...]
        }

        var name: String { String(decoding: bytes[..<colon], as: UTF8.self) }

        var value: String {
            var value = bytes[(colon + 1)...]
            while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
            while let last = value.last, last <= 0x20 { value.removeLast() }
            return String(decoding: value, as: UTF8.self)
        }

        func isNamed(_ name: String) -> Bool {
            guard name.utf8.count == colon - bytes.startIndex else { return false }
            return zip(name.utf8, bytes[..<colon]).allSatisfy { Self.lower($0) == Self.lower($1) }
        }

        private static func lower(_ byte: UInt8) -> UInt8 {
            byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
        }
    }
}
