// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Who wrote a message.
package enum MessageAuthor: String, Sendable, Hashable, CaseIterable {
    case user, assistant, staff, system
}

/// The fields of a ``MessageRecord``.
package struct MessageFields: Sendable, Hashable {
    /// A random UUID.
    package var id: String
    /// The conversation's id.
    package var conversation: String
    /// Its place in the conversation, from 1 without gaps.
    package var sequence: Int
    /// Who wrote it.
    package var author: MessageAuthor
    /// The writer's name as shown.
    package var name: String?
    /// The writer's user id; nil for the assistant and the system.
    package var authorID: String?
    /// What was said.
    package var text: String
    /// What a channel calls this kind of answer.
    package var type: String?
    /// What can be pressed.
    package var buttons: JSON?
    /// What a client may show in its own way.
    package var data: JSON?
    /// True when the answer was cut short.
    package var partial: Bool
    /// The passages an answer was drawn from.
    package var sources: JSON?
    /// What the answer took: provider, model, tokens, cost, times.
    package var usage: JSON?
    /// The safety finding: level and family.
    package var safety: JSON?
    /// The intent the utterance was taken for.
    package var intent: String?
    /// The id its client gave it; unique within the conversation.
    package var clientMessageID: String?
    /// The sequence number of the user's message this one answers.
    package var inReplyTo: Int?
    /// When it was written.
    package var createdAt: Timestamp
    /// When somebody else first read it; nil when nobody has.
    package var readAt: Timestamp?
}

/// One message as it is stored.
package typealias MessageRecord = Row<MessageFields>

extension MessageRecord {
    /// A message row.
    package init(
        id: String, conversation: String, sequence: Int, author: MessageAuthor, name: String? = nil,
        authorID: String? = nil, text: String,
        type: String? = nil, buttons: JSON? = nil, data: JSON? = nil, partial: Bool = false,
        sources: JSON? = nil, usage: JSON? = nil,
        safety: JSON? = nil, intent: String? = nil, clientMessageID: String? = nil, inReplyTo: Int? = nil,
        createdAt: Timestamp
    ) {
        self.init(
            MessageFields(
                id: id, conversation: conversation, sequence: sequence, author: author, name: name,
                authorID: authorID, text: text, type: type, buttons: buttons, data: data, partial: partial,
                sources: sources, usage: usage, safety: safety, intent: intent,
                clientMessageID: clientMessageID, inReplyTo: inReplyTo, createdAt: createdAt))
    }
}

/// A user's message and what was answered to it: what a retry of that message is told.
package struct StoredTurn: Sendable, Hashable {
    /// The user's message.
    package var message: MessageRecord
    /// The answers, in order; empty while the turn runs.
    package var replies: [MessageRecord]

    /// Answers stand at most so many messages after their question, which bounds the search for them.
    static let span = 256
}
