// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One event on its way to everyone who watches a conversation.
///
/// Passed by reference, so that a thousand sockets of one dialect share one encoding of it.
package final class ConversationDelivery: Sendable {
    /// The conversation's id.
    package let conversation: String
    /// What happened.
    package let event: ConversationEvent
    /// Where the conversation was begun; nil for notices that belong to no conversation's order.
    package let origin: ConversationOrigin?
    /// Who is told.
    package let audience: Audience
    // One dialect is the rule and a handful the most, so a list beats a dictionary.
    private let encodings = Mutex<[(dialect: StaticString, bytes: [UInt8])]>([])

    /// Who of those that watch is told.
    package enum Audience: Sendable, Hashable {
        /// All.
        case everyone
        /// The one whose conversation it is.
        case owner
        /// Staff.
        case staff
    }

    /// An event of a conversation.
    package init(
        _ event: ConversationEvent, of conversation: String, origin: ConversationOrigin? = nil,
        audience: Audience = .everyone
    ) {
        self.event = event
        self.audience = audience
        self.conversation = conversation
        self.origin = origin
    }

    /// The event in a dialect's bytes, encoded by whoever asks first.
    package func encoded(
        for dialect: StaticString, _ encode: (ConversationDelivery) -> [UInt8]
    ) -> [UInt8] {
        if let known = encodings.withLock({ Self.find(dialect, in: $0) }) { return known }
        let bytes = encode(self)
        return encodings.withLock { encodings in
            if let other = Self.find(dialect, in: encodings) { return other }
            encodings.append((dialect, bytes))
            return bytes
        }
    }

    private static func find(
        _ dialect: StaticString, in encodings: [(dialect: StaticString, bytes: [UInt8])]
    ) -> [UInt8]? {
        encodings.first { $0.dialect.description == dialect.description }?.bytes
    }
}

/// Someone who watches a conversation: a socket, or a test.
package protocol ConversationSubscriber: AnyObject, Sendable {
    /// Takes an event. Called in the order in which things happened, never by two threads at once for one
    /// conversation; must not block.
    func deliver(_ delivery: ConversationDelivery)
}

/// Watches one turn: what a request that streams its answer is told.
///
/// A socket that has attached sees messages and streams as a ``ConversationSubscriber`` too and needs
/// only `accepted` from here.
package protocol TurnProgress: Sendable {
    /// Takes an event of the turn, in order; must not block.
    func report(_ delivery: ConversationDelivery)
    /// True when the pieces of an answer are shown as they come, so that they cannot be taken back.
    var showsPieces: Bool { get }
}

extension TurnProgress {
    /// They are.
    package var showsPieces: Bool { true }
}

/// Where a conversation was begun, and by what name it goes there.
package struct ConversationOrigin: Sendable, Hashable {
    /// The channel.
    package var channel: String
    /// What its clients call it; nil where they use its id.
    package var externalID: String?
    /// Whose conversation it is.
    package var user: String

    /// The origin of a stored conversation.
    package init(_ record: ConversationRecord) {
        channel = record.channel
        externalID = record.externalID
        user = record.user
    }

    /// What a channel's clients call it: its own name for it, else the conversation's id.
    package func name(on channel: String, of conversation: String) -> String {
        self.channel == channel ? externalID ?? conversation : conversation
    }
}
