// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What another system tells about a person.
package struct EventPost: Sendable {
    /// A longer idempotency key is refused, in characters.
    package static let maxKeyLength = 255

    /// The declared event.
    package var event: String
    /// Whom it is about: the user id that their token has.
    package var user: String
    /// What is told with it.
    package var data: JSONObject
    /// The same key again is the same post again; nil tells it anew.
    package var idempotencyKey: String?

    /// A post of these parts.
    package init(event: String, user: String, data: JSONObject, idempotencyKey: String? = nil) {
        self.event = event
        self.user = user
        self.data = data
        self.idempotencyKey = idempotencyKey
    }

    /// Under which a repeated post finds its message, in whatever conversation; nil without a key.
    ///
    /// Made of who posts and their key, so that neither guesses the other's.
    func messageID(_ poster: String) -> String? {
        idempotencyKey.map { key in
            let digits = Array(Self.digest([poster, event, key]))
            let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
            return parts.joined(separator: "-")
        }
    }

    /// Tells a repeated post from another with the same key; unique within a conversation.
    func mark(_ poster: String) -> String? {
        let content = Self.digest([user, JSON.object(data).encodedText]).prefix(32)
        return messageID(poster).map { "event:\($0):\(content)" }
    }

    private static func digest(_ parts: [String]) -> String {
        sha256(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }
}

/// Why a person was not told.
package enum EventError: Error, Sendable, Hashable {
    /// No assistant that the key reaches has such an event.
    case unknownEvent
    /// The key's role may not tell it.
    case forbidden
    /// The person has no conversation in which they could be told.
    case nobody
    /// What came does not fit the declaration.
    case data([InboundEvent.Problem])
    /// What would be said is empty, or longer than a message may be.
    case unsayable
    /// The idempotency key was used for another post.
    case keyReused
    /// What any message may end in.
    case service(ServiceError)
}
