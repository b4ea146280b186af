// SPDX-License-Identifier: Apache-2.0
internal import Glibc

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
        let start = block.count
        block.append(contentsOf: text.utf8)
        for index in start..<block.count where block[index] < 0x20 || block[index] == 0x7f {
            block[index] = UInt8(ascii: " ")
        }
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
        forEachLine(named: name) { line in
            values.append(line.value)
            return true
        }
        return values
    }

    /// All fields, in order.
    public var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        forEachLine { line in
            fields.append((line.name, line.value))
            return true
        }
        return fields
    }

    /// Removes all fields of that name.
    public mutating func remove(_ name: String) {
        var (name, kept) = (name, [UInt8]())
        name.withUTF8 { name in
            forEachLine { line in
                if !line.isNamed(name) { kept.append(contentsOf: line.bytes) }
                return true
            }
        }
        block = kept
    }

    private func first(_ name: String) -> String? {
        var found: String?
        forEachLine(named: name) { line in
            found = line.value
            return false
        }
        return found
    }

    private func forEachLine(named name: String, _ visit: (Line) -> Bool) {
        var name = name
        name.withUTF8 { name in
            forEachLine { line in line.isNamed(name) ? visit(line) : true }
        }
    }

    /// Until `visit` has seen enough, and says so with false.
    private func forEachLine(_ visit: (Line) -> Bool) {
        block.withUnsafeBytes { block in
            var start = 0
            while let line = Line(block, from: start), visit(line) { start = line.end }
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
        private let block: UnsafeRawBufferPointer
        private let start: Int
        private let colon: Int
        /// Where the next line begins.
        let end: Int

        /// The line that begins there; nil at the end.
        init?(_ block: UnsafeRawBufferPointer, from start: Int) {
            guard let feed = block.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
            self.block = block
            self.start = start
            colon = block.firstIndex(of: UInt8(ascii: ":"), from: start) ?? start
            end = feed + 1
        }

        var bytes: Slice<UnsafeRawBufferPointer> { block[start..<end] }

        var name: String { String(decoding: block[start..<colon], as: UTF8.self) }

        var value: String {
            var (first, last) = (colon + 1, end - 1)
            while first < last, block[first] == 0x20 || block[first] == 0x09 { first += 1 }
            while last > first, block[last - 1] <= 0x20 { last -= 1 }
            return String(decoding: block[first..<last], as: UTF8.self)
        }

        func isNamed(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
            guard name.count == colon - start else { return false }
            return name.indices.allSatisfy { Self.lower(name[$0]) == Self.lower(block[start + $0]) }
        }

        private static func lower(_ byte: UInt8) -> UInt8 {
            byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
        }
    }
}

extension UnsafeRawBufferPointer {
    // libc looks at 32 bytes at a time: a request's head is searched a dozen times, and byte by byte that took a
    // tenth of a message's time.
    fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard let baseAddress, start < count else { return nil }
        let found = memchr(baseAddress + start, Int32(byte), count - start)
        return found.map { UnsafeRawPointer($0) - baseAddress }
    }
}
