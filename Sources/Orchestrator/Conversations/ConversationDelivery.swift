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
    // One dialect is the rule and a handful the most, so a list beats a dictionary.
    private let encodings = Mutex<[(dialect: StaticString, bytes: [UInt8])]>([])

    /// An event of a conversation.
    package init(_ event: ConversationEvent, of conversation: String) {
        self.event = event
        self.conversation = conversation
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
}
