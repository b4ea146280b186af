// SPDX-License-Identifier: Apache-2.0

/// Makes packets of the messages of one Engine.IO session.
///
///     idle --text without attachments--> idle (a packet)
///     idle --text with n attachments--> waiting --n times bytes--> idle (a packet)
package struct SocketDecoder: Sendable {
    /// What cannot be read; the connection is closed for any of them.
    package enum Failure: Error, Sendable, Hashable {
        case unknownType, badAttachmentCount, tooManyAttachments, badNamespace, badID, badJSON, badPayload
        case textAmongAttachments, bytesWithoutPacket, badPlaceholder, attachmentsTooLarge
    }

    /// Attachments of one packet; more are refused.
    package static let maxAttachments = 64
    /// Bytes of a namespace's name; longer ones are refused.
    package static let maxNamespaceBytes = 256

    private var waiting: (packet: SocketPacket, count: Int, bytes: Int)?
    private let maxAttachmentBytes: Int

    /// A decoder that holds at most so many bytes of attachments for a packet that is not complete.
    package init(maxAttachmentBytes: Int) { self.maxAttachmentBytes = maxAttachmentBytes }

    /// Takes a message; the packet that it completes, nil when attachments are still to come.
    package mutating func take(_ message: EngineMessage) throws(Failure) -> SocketPacket? {
        switch message {
        case .text(let text):
            guard waiting == nil else { throw .textAmongAttachments }
            return try begin(text)
        case .binary(let bytes): return try attach(bytes)
        }
    }

    private mutating func begin(_ text: ArraySlice<UInt8>) throws(Failure) -> SocketPacket? {
        var reader = SocketPacketReader(text)
        let (packet, count) = try reader.packet()
        guard packet.kind.isBinary, count > 0 else { return packet }
        waiting = (packet, count, 0)
        return nil
    }

    private mutating func attach(_ bytes: [UInt8]) throws(Failure) -> SocketPacket? {
        guard case (var packet, let count, var total)? = waiting else { throw .bytesWithoutPacket }
        total += bytes.count
        guard total <= maxAttachmentBytes else { throw .attachmentsTooLarge }
        packet.attachments.append(bytes)
        guard packet.attachments.count == count else {
            waiting = (packet, count, total)
            return nil
        }
        waiting = nil
        return packet
    }
}

/// Reads the text of one packet: `<type>[<count>-][<namespace>,][<id>][<json>]`.
struct SocketPacketReader {
    private typealias Failure = SocketDecoder.Failure

    /// Names that the protocol's own events have; a client cannot send them.
    private static let reserved: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    /// The packet, without its attachments, and how many there will be.
    mutating func packet() throws(SocketDecoder.Failure) -> (SocketPacket, attachments: Int) {
        guard let first = rest.popFirst(), let kind = SocketPacket.Kind(rawValue: first) else {
            throw .unknownType
        }
        let count = kind.isBinary ? try attachmentCount() : 0
        let namespace = try namespace()
        let id = try id()
        var data: JSON?
        if !rest.isEmpty {
            do { data = try JSON.parse(rest) } catch { throw .badJSON }
        }
        guard Self.isValid(kind, data) else { throw .badPayload }
        if kind.isBinary, let data, !Self.placeholdersFit(data, count) { throw .badPlaceholder }
        return (SocketPacket(kind, namespace: namespace, id: id, data: data), count)
    }

    private mutating func attachmentCount() throws(SocketDecoder.Failure) -> Int {
        guard let digits = number(), rest.popFirst() == UInt8(ascii: "-") else { throw .badAttachmentCount }
        guard digits <= SocketDecoder.maxAttachments else { throw .tooManyAttachments }
        return digits
    }

    private mutating func namespace() throws(SocketDecoder.Failure) -> String {
        guard rest.first == UInt8(ascii: "/") else { return "/" }
        let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
        let name = rest[..<end]
        guard name.count <= SocketDecoder.maxNamespaceBytes else { throw .badNamespace }
        rest = end == rest.endIndex ? [] : rest[(end + 1)...]
        // What a client puts behind a question mark is for nobody.
        return String(decoding: name.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    private mutating func id() throws(SocketDecoder.Failure) -> Int? {
        guard let first = rest.first, Self.isDigit(first) else { return nil }
        guard let id = number() else { throw .badID }
        return id
    }

    // Nil without digits, or when they are more than any client counts to.
    private mutating func number() -> Int? {
        let digits = rest.prefix(while: Self.isDigit)
        guard !digits.isEmpty, digits.count <= 15 else { return nil }
        rest = rest[digits.endIndex...]
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isValid(_ kind: SocketPacket.Kind, _ data: JSON?) -> Bool {
        switch kind {
        case .connect: data == nil || data?.members != nil
        case .disconnect: data == nil
        case .connectError: data?.members != nil || data?.text != nil
        case .ack, .binaryAck: data?.list != nil
        case .event, .binaryEvent:
            switch data?.list?.first {
            case .string(let name): !reserved.contains(name)
            case .integer, .number: true
            default: false
            }
        }
    }

    // The reader of JSON has bounded the depth.
    private static func placeholdersFit(_ value: JSON, _ count: Int) -> Bool {
        switch value {
        case .array(let values): return values.allSatisfy { placeholdersFit($0, count) }
        case .object(let object):
            guard object["_placeholder"]?.flag == true else {
                return object.members.allSatisfy { placeholdersFit($0.value, count) }
            }
            guard case .integer(let number)? = object["num"] else { return false }
            return number >= 0 && number < count
        default: return true
        }
    }
}
