// SPDX-License-Identifier: Apache-2.0

/// The namespaces of one Engine.IO session as a state machine: messages in, what they mean out.
///
/// A client joins a namespace before it says anything there; what comes out of turn ends the session, as clients
/// expect. A joining namespace is `asked` until the layer above has decided.
package struct SocketConnection: Sendable {
    /// What a client wants.
    package enum Input: Sendable, Hashable {
        /// To join a namespace; answer with ``accept(_:sid:pid:)`` or ``refuse(_:_:_:)``.
        case join(namespace: String, auth: JSONObject)
        /// An event; with an id it is to be acknowledged.
        case event(SocketEvent, namespace: String)
        /// The answer to an event of ours.
        case acknowledged(id: Int, arguments: [JSON], namespace: String)
        /// To leave a namespace.
        case leave(namespace: String)
    }

    /// Why the session is closed.
    package enum Failure: Error, Sendable, Hashable {
        case unreadable(SocketDecoder.Failure)
        /// Joining twice, or speaking without having joined.
        case outOfTurn
    }

    private enum Membership { case asked, joined }

    private var decoder: SocketDecoder
    // A client has one or two: a list beats a dictionary.
    private var memberships: [(namespace: String, state: Membership)] = []
    /// Whether it ever joined anything: those that do not in time are closed.
    package private(set) var hasJoined = false

    /// Namespaces that one session may join.
    package static let maxNamespaces = 16

    /// A connection whose packets hold at most so many bytes of attachments.
    package init(maxAttachmentBytes: Int) {
        decoder = SocketDecoder(maxAttachmentBytes: maxAttachmentBytes)
    }

    /// Takes a message of the session; nil while attachments are still to come.
    package mutating func take(_ message: EngineMessage) throws(Failure) -> Input? {
        let packet: SocketPacket?
        do throws(SocketDecoder.Failure) { packet = try decoder.take(message) } catch {
            throw .unreadable(error)
        }
        guard let packet else { return nil }
        return try take(packet)
    }

    private mutating func take(_ packet: SocketPacket) throws(Failure) -> Input {
        let namespace = packet.namespace
        let state = memberships.first { $0.namespace == namespace }?.state
        switch (packet.kind, state) {
        case (.connect, nil) where memberships.count < Self.maxNamespaces:
            memberships.append((namespace, .asked))
            return .join(namespace: namespace, auth: packet.data?.members ?? JSONObject())
        case (.disconnect, .joined?):
            memberships.removeAll { $0.namespace == namespace }
            return .leave(namespace: namespace)
        case (.event, .joined?), (.binaryEvent, .joined?):
            return .event(SocketEvent(packet), namespace: namespace)
        case (.ack, .joined?), (.binaryAck, .joined?):
            guard let id = packet.id else { throw .outOfTurn }
            return .acknowledged(id: id, arguments: packet.data?.list ?? [], namespace: namespace)
        default: throw .outOfTurn
        }
    }

    /// Lets the client into a namespace it has asked for; the packet that tells it.
    package mutating func accept(_ namespace: String, sid: String, pid: String? = nil) -> SocketPacket {
        for index in memberships.indices where memberships[index].namespace == namespace {
            memberships[index].state = .joined
        }
        hasJoined = true
        var body = JSONObject([.init(name: "sid", value: .string(sid))])
        if let pid { body["pid"] = .string(pid) }
        return SocketPacket(.connect, namespace: namespace, data: .object(body))
    }

    /// Keeps the client out of a namespace; the packet that tells it why.
    package mutating func refuse(_ namespace: String, _ message: String, _ data: JSON? = nil) -> SocketPacket
    {
        memberships.removeAll { $0.namespace == namespace }
        var body = JSONObject([.init(name: "message", value: .string(message))])
        if let data { body["data"] = data }
        return SocketPacket(.connectError, namespace: namespace, data: .object(body))
    }

    /// Puts the client out of a namespace; the packet that tells it, nil when it was not there.
    package mutating func expel(from namespace: String) -> SocketPacket? {
        guard memberships.contains(where: { $0.namespace == namespace }) else { return nil }
        memberships.removeAll { $0.namespace == namespace }
        return SocketPacket(.disconnect, namespace: namespace)
    }
}

/// Something a client says in a namespace.
package struct SocketEvent: Sendable, Hashable {
    /// Its name; numbers are written out.
    package let name: String
    /// What follows the name.
    package let arguments: [JSON]
    /// The bytes that placeholders among the arguments stand for.
    package let attachments: [[UInt8]]
    /// Set when the client waits for an acknowledgement.
    package let id: Int?

    /// An event as a client might send it; for tests.
    package init(_ name: String, _ arguments: [JSON] = [], attachments: [[UInt8]] = [], id: Int? = nil) {
        self.name = name
        self.arguments = arguments
        self.attachments = attachments
        self.id = id
    }

    init(_ packet: SocketPacket) {
        let list = packet.data?.list ?? []
        name = list.first?.text ?? list.first?.encodedText ?? ""
        arguments = Array(list.dropFirst())
        attachments = packet.attachments
        id = packet.id
    }
}
