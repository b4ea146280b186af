// SPDX-License-Identifier: Apache-2.0

/// One event of a `text/event-stream` (WHATWG HTML 9.2).
public struct SSEEvent: Sendable, Hashable {
    /// The event's type; nil and empty are `message` to a browser.
    public var event: String?
    /// Any text; line ends in it arrive as line feeds.
    public var data: String
    /// What a client that reconnects sends as `Last-Event-ID`.
    public var id: String?
    /// Milliseconds a client is asked to wait before it reconnects.
    public var retry: Int?

    /// An event of these fields.
    public init(event: String? = nil, data: String, id: String? = nil, retry: Int? = nil) {
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry
    }
}

extension SSEEvent {
    /// The event on the wire, with the blank line that ends it.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(data.utf8.count + 48)
        encode(into: &out)
        return out
    }

    /// Appends the event with the blank line that ends it.
    public func encode(into out: inout [UInt8]) {
        if let event, !event.isEmpty { Self.appendField("event", event, to: &out) }
        if let id { Self.appendField("id", id, to: &out) }
        if let retry { Self.appendField("retry", String(retry), to: &out) }
        Self.appendLines(of: data, after: "data: ", to: &out)
        out.append(Self.lineFeed)
    }

    /// A line that clients skip: keeps intermediaries from closing a quiet stream.
    public static func comment(_ text: String = "") -> [UInt8] {
        var out: [UInt8] = []
        appendLines(of: text, after: ": ", to: &out)
        out.append(lineFeed)
        return out
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// A field that has one line whatever its value: line ends and NUL, which would void an id, are left out.
    private static func appendField(_ name: String, _ value: String, to out: inout [UInt8]) {
        out.append(contentsOf: name.utf8)
        out.append(contentsOf: ": ".utf8)
        out.append(contentsOf: value.utf8.filter { $0 != lineFeed && $0 != carriageReturn && $0 != 0 })
        out.append(lineFeed)
    }

    /// One line for each line of the text, which may end in LF, CR or CRLF.
    private static func appendLines(of text: String, after prefix: String, to out: inout [UInt8]) {
        out.append(contentsOf: prefix.utf8)
        var wasReturn = false
        for byte in text.utf8 {
            let continuesReturn = wasReturn && byte == lineFeed
            wasReturn = byte == carriageReturn
            if continuesReturn { continue }
            if byte == lineFeed || byte == carriageReturn {
                out.append(lineFeed)
                out.append(contentsOf: prefix.utf8)
            } else {
                out.append(byte)
            }
        }
        out.append(lineFeed)
    }
}
