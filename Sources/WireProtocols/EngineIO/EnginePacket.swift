// SPDX-License-Identifier: Apache-2.0

/// What is sent as one unit: a WebSocket message, or one piece of a polling payload.
///
/// Text begins with the digit of its packet type; bytes are always a message and have no type before them. The same
/// bytes go to every session of a broadcast.
package struct EngineFrame: Sendable, Hashable {
    /// Whether the bytes are text.
    package let isText: Bool
    /// The frame as it goes over a WebSocket.
    package let bytes: [UInt8]

    /// A frame of those bytes.
    package init(_ bytes: [UInt8], isText: Bool = true) {
        self.bytes = bytes
        self.isText = isText
    }

    /// A packet of that type, with what follows it.
    package init(_ kind: EnginePacket.Kind, _ payload: some Collection<UInt8> = EmptyCollection()) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 1)
        bytes.append(kind.rawValue)
        bytes.append(contentsOf: payload)
        self.init(bytes)
    }
}

/// One packet of the Engine.IO protocol, revision 4.
package enum EnginePacket: Sendable, Hashable {
    /// The types of packets, by their digit.
    package enum Kind: UInt8, Sendable, Hashable {
        case open = 0x30
        case close, ping, pong, message, upgrade, noop
    }

    /// Any packet that is text: its type, and what follows it.
    case text(Kind, ArraySlice<UInt8>)
    /// A message of bytes.
    case binary([UInt8])

    /// Reads a frame as it came over a WebSocket; nil when it has no known type.
    package init?(_ frame: EngineFrame) {
        guard frame.isText else {
            self = .binary(frame.bytes)
            return
        }
        guard let first = frame.bytes.first, let kind = Kind(rawValue: first) else { return nil }
        self = .text(kind, frame.bytes.dropFirst())
    }

    /// Reads one piece of a polling payload; nil when it has no known type or is no base64.
    package init?(piece: ArraySlice<UInt8>) {
        if piece.first == UInt8(ascii: "b") {
            guard let bytes = Base64.decode(piece.dropFirst()) else { return nil }
            self = .binary(bytes)
            return
        }
        guard let first = piece.first, let kind = Kind(rawValue: first) else { return nil }
        // Polling bodies are not known to be UTF-8 before, and what is text to the layer above must be.
        guard String(validating: piece, as: UTF8.self) != nil else { return nil }
        self = .text(kind, piece.dropFirst())
    }
}

/// What was sent by the client for the layer above.
package enum EngineMessage: Sendable, Hashable {
    /// Text, as its UTF-8 bytes.
    case text(ArraySlice<UInt8>)
    /// Bytes.
    case binary([UInt8])
}
