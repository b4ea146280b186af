// SPDX-License-Identifier: Apache-2.0

/// One packet of the Socket.IO protocol, revision 5.
///
/// Bytes among the arguments are objects `{"_placeholder":true,"num":n}` in `data` and stand in `attachments` at that
/// number, as on the wire: so an echo costs no walk through the value.
package struct SocketPacket: Sendable, Hashable {
    /// The types of packets, by their digit.
    package enum Kind: UInt8, Sendable, Hashable {
        case connect = 0x30
        case disconnect, event, ack, connectError, binaryEvent, binaryAck

        /// Whether attachments follow.
        var isBinary: Bool { self == .binaryEvent || self == .binaryAck }
    }

    /// The type; one with attachments is encoded as binary whatever this says.
    package var kind: Kind
    /// `/` or another path.
    package var namespace: String
    /// What an acknowledgement refers to.
    package var id: Int?
    /// Nil when the packet has none.
    package var data: JSON?
    /// The bytes that placeholders stand for.
    package var attachments: [[UInt8]]

    /// A packet of these parts.
    package init(
        _ kind: Kind, namespace: String = "/", id: Int? = nil, data: JSON? = nil, attachments: [[UInt8]] = []
    ) {
        self.kind = kind
        self.namespace = namespace
        self.id = id
        self.data = data
        self.attachments = attachments
    }
}

extension SocketPacket {
    /// The packet as Engine.IO messages: its text, then its attachments.
    package var frames: [EngineFrame] {
        var frames = [EngineFrame(text)]
        for bytes in attachments { frames.append(EngineFrame(bytes, isText: false)) }
        return frames
    }

    // With the digit of an Engine.IO message in front, so that nothing is copied again.
    private var text: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        out.append(EnginePacket.Kind.message.rawValue)
        out.append(wireKind.rawValue)
        if !attachments.isEmpty {
            out.append(contentsOf: String(attachments.count).utf8)
            out.append(UInt8(ascii: "-"))
        }
        if namespace != "/" {
            out.append(contentsOf: namespace.utf8)
            out.append(UInt8(ascii: ","))
        }
        if let id { out.append(contentsOf: String(id).utf8) }
        data?.encode(into: &out)
        return out
    }

    private var wireKind: Kind {
        switch kind {
        case .event where !attachments.isEmpty: .binaryEvent
        case .ack where !attachments.isEmpty: .binaryAck
        case .binaryEvent where attachments.isEmpty: .event
        case .binaryAck where attachments.isEmpty: .ack
        default: kind
        }
    }

    /// An event without acknowledgement, encoded; for what goes to many.
    package static func event(
        _ name: String, _ arguments: [JSON], namespace: String = "/", attachments: [[UInt8]] = []
    ) -> SocketPacket {
        SocketPacket(
            .event, namespace: namespace, data: .array([.string(name)] + arguments), attachments: attachments)
    }
}
