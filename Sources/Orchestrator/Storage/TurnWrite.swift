// SPDX-License-Identifier: Apache-2.0

/// What one turn, or a part of one, stores: all of it or nothing.
package struct TurnWrite: Sendable, Hashable {
    /// The conversation's new row; `sequence` is that of the last message below.
    package var conversation: ConversationRecord
    /// The new messages.
    ///
    /// They continue the stored conversation without a gap, else the write is a conflict.
    package var messages: [MessageRecord]
    /// Rows for the audit trail, stored with it.
    package var audit: [AuditRecord]
    /// The state the conversation must have in the store, else the write is a conflict; nil for any.
    ///
    /// With it exactly one of two claims wins.
    package var expectedState: ConversationState?

    /// A write of these rows.
    package init(conversation: ConversationRecord, messages: [MessageRecord], audit: [AuditRecord] = []) {
        self.conversation = conversation
        self.messages = messages
        self.audit = audit
    }

    /// The sequence number the conversation must have in the store.
    var expectedSequence: Int { conversation.sequence - messages.count }

    /// Throws when the rows do not belong together: a mistake of the caller, told as a conflict.
    func check() throws(StorageError) {
        var next = expectedSequence
        for message in messages {
            next += 1
            guard message.sequence == next, message.conversation == conversation.id else {
                throw StorageError(.conflict, "the messages do not continue the conversation")
            }
        }
    }
}

/// One row of the audit trail: who did what to whom, and what came of it.
///
/// Ids only.
package struct AuditRecord: Sendable, Hashable {
    /// When.
    package var at: Timestamp
    /// The id of who did it; `system` for the server itself.
    package var actor: String
    /// What was done, in kebab-case.
    package var action: String
    /// The id of what it was done to.
    package var subject: String
    /// What came of it.
    package var outcome: String

    /// An audit row.
    package init(at: Timestamp, actor: String, action: String, subject: String, outcome: String) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.outcome = outcome
    }
}
