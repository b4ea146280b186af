// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a channel calls a conversation: an external id, unique within its channel, and within its user where the
/// channel has users.
package struct ConversationAlias: Sendable, Hashable {
    /// The channel's name.
    package var channel: String
    /// Whose name for it this is; empty on a channel that knows no users.
    package var user: String
    /// The id the channel's clients use.
    package var externalID: String

    /// An alias.
    package init(channel: String, user: String = "", externalID: String) {
        self.channel = channel
        self.user = user
        self.externalID = externalID
    }
}

/// A conversation as one channel knows it.
package struct AliasedConversation: Sendable, Hashable {
    /// Larger attributes are refused, in bytes of JSON.
    package static let maxAttributeBytes = 8192

    /// The channel's name for it.
    package var alias: ConversationAlias
    /// What the channel keeps besides: an address, a browser, whatever its payloads show.
    package var attributes: JSONObject
    /// When the channel first met it.
    package var createdAt: Timestamp
    /// The conversation.
    package var conversation: ConversationRecord

    /// A conversation under a channel's name.
    package init(
        alias: ConversationAlias, attributes: JSONObject = JSONObject(), createdAt: Timestamp,
        conversation: ConversationRecord
    ) {
        self.alias = alias
        self.attributes = attributes
        self.createdAt = createdAt
        self.conversation = conversation
    }
}

/// Which conversations of a channel a list shows, and in which order.
package struct AliasQuery: Sendable, Hashable {
    /// What stands first.
    package enum Order: Sendable, Hashable {
        /// The one the channel met last.
        case newest
        /// The one that changed last.
        case active
    }

    /// The channel.
    package var channel: String
    /// Only aliases of this user; nil for all.
    package var user: String?
    /// Only conversations of this person or with them among the participants; nil for all.
    package var person: String?
    /// What stands first.
    package var order = Order.newest
    /// So many are left out at the beginning.
    package var offset = 0
    /// At most so many.
    package var limit: Int

    /// The conversations of a channel, newest first.
    package init(channel: String, limit: Int = 1000) {
        self.channel = channel
        self.limit = limit
    }
}

/// What there is on a channel, by the names it gives without a user.
package struct ChannelCounts: Sendable, Hashable {
    /// Conversations.
    package var conversations: Int
    /// Their messages, those included that were removed for their age.
    package var messages: Int
    /// Conversations that changed lately.
    package var active: Int

    /// What there is on a channel.
    package init(conversations: Int, messages: Int, active: Int) {
        self.conversations = conversations
        self.messages = messages
        self.active = active
    }
}

extension JSONObject {
    /// These members with others put over them; null takes a member away.
    func merged(with changes: JSONObject) -> JSONObject {
        var result = self
        for change in changes.members { result[change.name] = change.value.isNull ? nil : change.value }
        return result
    }

    /// Throws when it is larger than a channel may keep with a conversation.
    func checkAttributes() throws(StorageError) {
        guard JSON.object(self).encoded().count <= AliasedConversation.maxAttributeBytes else {
            throw StorageError(.conflict, "the attributes of an alias are too large")
        }
    }
}
