// SPDX-License-Identifier: Apache-2.0

/// One complete message.
public struct WebSocketMessage: Sendable, Hashable {
    /// Whether the client called it text; then ``bytes`` are valid UTF-8.
    public let isText: Bool
    /// The payload.
    public let bytes: [UInt8]

    /// The payload as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A text message.
    public init(text: String) {
        isText = true
        bytes = Array(text.utf8)
    }

    /// A message of these bytes.
    public init(bytes: [UInt8], isText: Bool = false) {
        self.isText = isText
        self.bytes = bytes
    }
}
