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
