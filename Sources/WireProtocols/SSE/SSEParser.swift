// SPDX-License-Identifier: Apache-2.0

/// Why an event stream cannot be read on.
public enum SSEError: Error, Sendable, Equatable {
    /// An event, or a line, is larger than the parser was told to take.
    case eventTooLarge
}

/// Reads a `text/event-stream` piece by piece, wherever the pieces are cut (WHATWG HTML 9.2.6).
///
/// An event that has not ended when the stream does is dropped, as the standard says.
public struct SSEParser: Sendable {
    /// The id of the last event that had one, for `Last-Event-ID`.
    public private(set) var lastEventID: String?
    /// The last reconnection time the server asked for, in milliseconds.
    public private(set) var retry: Int?

    private let maxEventBytes: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var eventName: String?
    private var eventID: String?
    private var wasReturn = false
    private var isFirstLine = true

    /// A parser that refuses events, and lines, of more than that many bytes.
    public init(maxEventBytes: Int = 1024 * 1024) { self.maxEventBytes = maxEventBytes }

    /// The events that end in these bytes.
    /// - Throws: ``SSEError``; the parser is of no use afterwards.
    public mutating func feed(_ bytes: [UInt8]) throws(SSEError) -> [SSEEvent] {
        var events: [SSEEvent] = []
        // Whole stretches between line ends are copied at once.
        var begin = 0
        for index in bytes.indices where Self.endsLine(bytes[index]) {
            let continuesReturn = wasReturn && index == begin && bytes[index] == UInt8(ascii: "\n")
            try append(bytes[begin..<index])
            begin = index + 1
            wasReturn = bytes[index] == UInt8(ascii: "\r")
            if !continuesReturn, let event = endLine() { events.append(event) }
        }
        if begin < bytes.count {
            try append(bytes[begin...])
            wasReturn = false
        }
        return events
    }

    private static func endsLine(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(SSEError) {
        guard line.count + bytes.count + data.count <= maxEventBytes else { throw .eventTooLarge }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine() -> SSEEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            if line.isEmpty { return endEvent() }
            setField(named: line[...], [])
            return nil
        }
        var value = line[(colon + 1)...]
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        setField(named: line[..<colon], value)
        return nil
    }

    private mutating func setField(named name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch String(decoding: name, as: UTF8.self) {
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            data.append(contentsOf: value)
            hasData = true
        case "event": eventName = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        case "id": if !value.contains(0) { eventID = String(decoding: value, as: UTF8.self) }
        case "retry": retry = milliseconds(value) ?? retry
        default: break  // comments have an empty name; unknown fields are skipped
        }
    }

    private func milliseconds(_ value: ArraySlice<UInt8>) -> Int? {
        guard value.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return Int(String(decoding: value, as: UTF8.self))
    }

    private mutating func endEvent() -> SSEEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            eventName = nil
            eventID = nil
        }
        if let eventID { lastEventID = eventID }
        guard hasData else { return nil }
        return SSEEvent(event: eventName, data: String(decoding: data, as: UTF8.self), id: eventID)
    }
}
