// SPDX-License-Identifier: Apache-2.0

/// What a `multipart/form-data` body turned out to hold, in order.
public enum MultipartEvent: Sendable, Hashable {
    case partBegan(MultipartPart)
    /// More of the part's content; never empty.
    case content([UInt8])
    case partEnded
    /// The closing boundary; whatever follows it means nothing.
    case finished
}

/// Why a body cannot be read on.
public enum MultipartError: Error, Sendable, Hashable {
    /// Not what RFC 7578 and RFC 2046 describe.
    case malformed
    case tooManyParts
    /// The lines before a part's content are too long.
    case headersTooLong
}

/// Reads `multipart/form-data` (RFC 7578) from pieces cut anywhere; keeps at most a boundary and a part's headers.
public struct MultipartParser: Sendable {
    /// Bytes of the lines before one part's content.
    public static let maxHeaderBytes = 4_096
    /// RFC 2046 5.1.1: a boundary has at most 70 characters.
    static let maxBoundary = 70

    private enum State: Sendable {
        /// Before the first boundary; next: afterBoundary.
        case preamble
        /// A boundary was read, what follows says whether another part comes; next: headers, done.
        case afterBoundary
        /// Next: content.
        case headers
        /// Next: afterBoundary.
        case content
        case done
    }

    private let delimiter: [UInt8]
    private let maxParts: Int
    private var state = State.preamble
    // A body may begin with its boundary, which elsewhere follows a line end.
    private var pending: [UInt8] = Array("\r\n".utf8)
    private var parts = 0
    // The line end before a part's content is not content, but may be a boundary's own.
    private var hasContent = false

    /// A reader for bodies with the boundary that the type names; nil when it names none.
    public init?(contentType: String, maxParts: Int = 16) {
        guard let boundary = Self.boundary(contentType) else { return nil }
        delimiter = Array("\r\n--".utf8) + Array(boundary.utf8)
        self.maxParts = maxParts
    }

    /// True once the closing boundary was read.
    public var isFinished: Bool { if case .done = state { true } else { false } }

    /// Takes the next piece; the events are added to those given.
    public mutating func take(
        _ bytes: some Sequence<UInt8>, into events: inout [MultipartEvent]
    ) throws(MultipartError) {
        pending.append(contentsOf: bytes)
        while try step(&events) {}
    }

    // False when more bytes are needed.
    private mutating func step(_ events: inout [MultipartEvent]) throws(MultipartError) -> Bool {
        switch state {
        case .preamble: return skipPreamble()
        case .afterBoundary: return try readBoundaryEnd(&events)
        case .headers: return try readHeaders(&events)
        case .content: return readContent(&events)
        case .done:
            pending = []
            return false
        }
    }

    private mutating func skipPreamble() -> Bool {
        guard let range = Self.find(delimiter, in: pending) else {
            pending.removeFirst(max(0, pending.count - delimiter.count + 1))
            return false
        }
        pending.removeFirst(range.upperBound)
        state = .afterBoundary
        return true
    }

    // RFC 2046 5.1.1: white space may follow a boundary before the line end.
    private mutating func readBoundaryEnd(_ events: inout [MultipartEvent]) throws(MultipartError) -> Bool {
        let padding = pending.prefix { $0 == 0x20 || $0 == 0x09 }.count
        guard padding <= Self.maxBoundary else { throw .malformed }
        guard pending.count >= padding + 2 else { return false }
        let mark = pending[padding..<(padding + 2)]
        if padding == 0, mark.elementsEqual("--".utf8) {
            events.append(.finished)
            state = .done
            return true
        }
        guard mark.elementsEqual("\r\n".utf8) else { throw .malformed }
        parts += 1
        guard parts <= maxParts else { throw .tooManyParts }
        // The line end stays: it may be the first half of the empty line that ends the headers.
        pending.removeFirst(padding)
        state = .headers
        return true
    }

    private mutating func readHeaders(_ events: inout [MultipartEvent]) throws(MultipartError) -> Bool {
        guard let range = Self.find(Array("\r\n\r\n".utf8), in: pending) else {
            guard pending.count <= Self.maxHeaderBytes else { throw .headersTooLong }
            return false
        }
        guard range.lowerBound <= Self.maxHeaderBytes else { throw .headersTooLong }
        guard let part = MultipartPart(pending[..<range.lowerBound]) else { throw .malformed }
        events.append(.partBegan(part))
        // The last line end stays: the boundary of an empty part begins with it.
        pending.removeFirst(range.upperBound - 2)
        hasContent = false
        state = .content
        return true
    }

    private mutating func readContent(_ events: inout [MultipartEvent]) -> Bool {
        guard let range = Self.find(delimiter, in: pending) else {
            emit(upTo: max(0, pending.count - delimiter.count + 1), &events)
            return false
        }
        emit(upTo: range.lowerBound, &events)
        events.append(.partEnded)
        pending.removeFirst(delimiter.count)
        state = .afterBoundary
        return true
    }

    private mutating func emit(upTo end: Int, _ events: inout [MultipartEvent]) {
        let start = hasContent ? 0 : min(2, end)
        if !hasContent, end < 2 { return }
        hasContent = true
        if end > start { events.append(.content(Array(pending[start..<end]))) }
        pending.removeFirst(end)
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
        guard bytes.count >= needle.count, let first = needle.first else { return nil }
        let last = bytes.count - needle.count
        var start = 0
        while start <= last, let index = bytes[start...last].firstIndex(of: first) {
            if bytes[index..<(index + needle.count)].elementsEqual(needle) {
                return index..<(index + needle.count)
            }
            start = index + 1
        }
        return nil
    }

    private static func boundary(_ contentType: String) -> String? {
        let header = HeaderParameters(contentType)
        guard header.value.lowercased() == "multipart/form-data", let boundary = header["boundary"],
            !boundary.isEmpty, boundary.utf8.count <= maxBoundary,
            boundary.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else { return nil }
        return boundary
    }
}
