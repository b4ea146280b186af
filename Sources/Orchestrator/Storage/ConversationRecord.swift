// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Who answers in a conversation just now.
package enum ConversationState: String, Sendable, Hashable, CaseIterable {
    case assistant, waiting, human, closed
}

/// The fields of a ``ConversationRecord``.
package struct ConversationFields: Sendable, Hashable {
    /// A random UUID.
    package var id: String
    /// The assistant it was begun with.
    package var assistant: String
    /// Random for each conversation: tells a resuming client whether its sequence numbers mean this one.
    package var epoch: String
    /// Whose it is: the user id as the token says.
    package var user: String
    /// The user's role when it began.
    package var role: String
    /// The channel it was begun on.
    package var channel: String
    /// What that channel's clients call it; nil where they use its id.
    package var externalID: String?
    /// Users besides its own who may read and write here: the members of a room.
    package var participants: [String]
    /// Who answers just now.
    package var state: ConversationState
    /// The sequence number of the last stored message; 0 when there is none.
    package var sequence: Int
    /// When it was begun.
    ///
    /// Never changes, so that lists page stably.
    package var createdAt: Timestamp
    /// When it last changed.
    package var updatedAt: Timestamp
    /// Content hash of the flow revision the open flow began with; nil when no flow is open.
    package var revision: String?
    /// The open flow, slots and counters; the store does not look inside.
    package var dialogue: JSON
    /// The queue it waits in or was claimed from.
    package var queue: String?
    /// Who claimed it.
    package var staff: String?
}

/// One conversation as it is stored.
package typealias ConversationRecord = Row<ConversationFields>

extension ConversationRecord {
    /// A conversation row.
    package init(
        id: String, assistant: String, epoch: String, user: String, role: String, channel: String,
        externalID: String? = nil, participants: [String] = [],
        state: ConversationState = .assistant, sequence: Int = 0, createdAt: Timestamp,
        updatedAt: Timestamp? = nil, revision: String? = nil, dialogue: JSON = [:], queue: String? = nil,
        staff: String? = nil
    ) {
        self.init(
            ConversationFields(
                id: id, assistant: assistant, epoch: epoch, user: user, role: role, channel: channel,
                externalID: externalID, participants: participants, state: state, sequence: sequence,
                createdAt: createdAt, updatedAt: updatedAt ?? createdAt, revision: revision,
                dialogue: dialogue, queue: queue, staff: staff))
    }
}

extension ConversationRecord {
    /// Takes what a turn may change from another row.
    mutating func update(from other: ConversationRecord) {
        self.state = other.state
        self.sequence = other.sequence
        self.updatedAt = other.updatedAt
        self.revision = other.revision
        self.dialogue = other.dialogue
        self.queue = other.queue
        self.staff = other.staff
    }
}

/// One page of a list of conversations.
package struct ConversationPage: Sendable, Hashable {
    /// Newest first.
    package var conversations: [ConversationRecord]
    /// Continues the list; nil at its end.
    ///
    /// Opaque to clients.
    package var cursor: String?

    /// A page of the first rows; there must be one row more than the limit for the list to go on.
    init(_ rows: [ConversationRecord], limit: Int) {
        conversations = Array(rows.prefix(limit))
        cursor = rows.count > limit ? conversations.last.map { ConversationCursor(after: $0).text } : nil
    }
}

/// The place in a list of conversations after which the next page begins.
struct ConversationCursor: Hashable {
    var createdAt: Timestamp
    var id: String

    init(after conversation: ConversationRecord) {
        createdAt = conversation.createdAt
        id = conversation.id
    }

    /// Reads what ``text`` wrote; nil for anything else.
    init?(_ text: String) {
        guard let mark = text.firstIndex(of: "_"), let milliseconds = Int(text[..<mark]) else { return nil }
        createdAt = Timestamp(milliseconds: milliseconds)
        id = String(text[text.index(after: mark)...])
    }

    static func parse(_ text: String) throws(StorageError) -> ConversationCursor {
        guard let cursor = ConversationCursor(text) else {
            throw StorageError(.notFound, "there is no such page")
        }
        return cursor
    }

    var text: String { "\(createdAt.milliseconds)_\(id)" }

    /// True for conversations of the next page.
    func precedes(_ conversation: ConversationRecord) -> Bool {
        (conversation.createdAt, conversation.id) < (createdAt, id)
    }
}
