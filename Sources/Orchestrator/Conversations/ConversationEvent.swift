// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What happens in a conversation, as those who watch it are told.
package enum ConversationEvent: Sendable {
    /// The message with that client id is stored; only the one who sent it is told.
    case accepted(clientMessageID: String, sequence: Int)
    /// A message, stored (a safety answer goes out while it is being stored).
    case message(MessageRecord)
    /// The first piece of an answer is about to come.
    case streamStart(messageID: String)
    /// A piece of an answer: a preview, the stored message follows.
    case streamToken(messageID: String, text: String)
    /// No more pieces; the stored message with that id follows.
    case streamEnd(messageID: String)
    /// Someone began or stopped typing.
    case typing(user: String, on: Bool)
    /// Someone has read up to that sequence number.
    case read(user: String, sequence: Int)
    /// Who answers has changed.
    case state(ConversationState, queue: String?, staff: String?)
    /// People of a role are to know at once.
    case alert(ConversationAlert)
    /// A queue that staff answer has changed.
    case queue(QueueNotice)
    /// A member of staff has come or gone.
    case presence(PresenceNotice)
}

/// A notice about a conversation to people who must know at once.
///
/// Ids only.
package struct ConversationAlert: Sendable, Hashable {
    /// The conversation.
    package var conversation: String
    /// The role whose people are told.
    package var role: String
    /// The users to tell; nil tells all of the role.
    package var users: [String]?
    /// The safety finding that caused it; nil when a flow did.
    package var safety: JSON?

    /// A notice about a conversation.
    package init(conversation: String, role: String, users: [String]?, safety: JSON?) {
        self.conversation = conversation
        self.role = role
        self.users = users
        self.safety = safety
    }
}

/// What staff are told about a queue they answer: no text of the conversation but its summary.
package struct QueueNotice: Sendable, Hashable {
    /// What has happened.
    package enum Change: String, Sendable, Hashable, CaseIterable {
        /// It waits to be claimed.
        case waiting
        /// Somebody has claimed it.
        case claimed
        /// It waits no longer, and nobody claimed it.
        case left
    }

    /// The conversation.
    package var conversation: String
    /// The queue.
    package var queue: String
    /// What has happened.
    package var change: Change
    /// Who, why, and what was gathered; nil where nothing waits.
    package var summary: String?
    /// Who claimed it.
    package var staff: String?
    /// When waiting ends by itself.
    package var deadline: Timestamp?
    /// Roles that may claim from the queue.
    package var roles: [String] = []
    /// Channels that serve the queue.
    package var channels: [String] = []

    /// A notice about a queue.
    package init(conversation: String, queue: String, change: Change) {
        self.conversation = conversation
        self.queue = queue
        self.change = change
    }
}

/// A member of staff has come or gone.
package struct PresenceNotice: Sendable, Hashable {
    /// The user.
    package var user: String
    /// The name as shown.
    package var name: String?
    /// The role.
    package var role: String
    /// False when the last socket has gone.
    package var isOnline: Bool

    /// A notice about a member of staff.
    package init(user: String, name: String?, role: String, isOnline: Bool) {
        self.user = user
        self.name = name
        self.role = role
        self.isOnline = isOnline
    }
}
