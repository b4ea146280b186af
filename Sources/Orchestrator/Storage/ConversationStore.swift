// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Where conversations are kept.
///
/// A returned write is durable; a thrown one has left nothing behind.
///
/// Every implementation passes the same tests (`ConversationStoreTests`).
package protocol ConversationStore: Sendable {
    /// Stores a new conversation. If the alias names one already, that one is returned and nothing is stored.
    func create(
        _ conversation: ConversationRecord, alias: ConversationAlias?
    ) async throws(StorageError) -> ConversationRecord

    /// The conversation of that id.
    func conversation(_ id: String) async throws(StorageError) -> ConversationRecord?

    /// The conversation an alias names.
    func conversation(alias: ConversationAlias) async throws(StorageError) -> ConversationRecord?

    /// Gives a conversation one more name, taking the name away from another.
    func bind(_ alias: ConversationAlias, to conversation: String) async throws(StorageError)

    /// A user's conversations, newest first. A cursor that is none is `notFound`.
    func conversations(
        of user: String, cursor: String?, limit: Int
    ) async throws(StorageError) -> ConversationPage

    /// Conversations that wait in these queues, oldest first.
    func waiting(in queues: [String], limit: Int) async throws(StorageError) -> [ConversationRecord]

    /// Appends messages and replaces the conversation's row, together.
    ///
    /// `assistant`, `epoch`, `user`, `role`, `channel` and `createdAt` of the stored row stay as they are.
    /// - Throws: `conflict` when the conversation is not where the write expects it, `duplicate` when one of
    ///   the client message ids is stored already, `notFound` when there is no such conversation.
    func commit(_ write: TurnWrite) async throws(StorageError)

    /// Messages after a sequence number, in order.
    func messages(in conversation: String, after sequence: Int, limit: Int) async throws(StorageError)
        -> [MessageRecord]

    /// The last messages of a conversation, in order.
    func latestMessages(in conversation: String, limit: Int) async throws(StorageError) -> [MessageRecord]

    /// The message that a client gave this id, and its answers.
    func replies(
        to clientMessageID: String, in conversation: String
    ) async throws(StorageError) -> StoredTurn?

    /// Keeps a flow revision under its content hash; storing it again makes it young again.
    func putRevision(_ hash: String, body: JSON, at: Timestamp) async throws(StorageError)

    /// The flow revision of that content hash.
    func revision(_ hash: String) async throws(StorageError) -> JSON?

    /// Forgets flow revisions not stored since then, and all but the youngest; returns how many.
    func pruneRevisions(before: Timestamp, keeping most: Int) async throws(StorageError) -> Int

    /// Appends to the audit trail.
    func appendAudit(_ rows: [AuditRecord]) async throws(StorageError)

    /// The last rows of the audit trail, oldest first.
    func latestAudit(limit: Int) async throws(StorageError) -> [AuditRecord]

    /// Forgets messages written before that instant, and conversations that are left empty and were not
    /// touched since; returns how many messages. Sequence numbers are never used again.
    func prune(before: Timestamp) async throws(StorageError) -> Int

    /// Throws when the store would not take a write now.
    func probe() async throws(StorageError)

    /// Finishes what is queued and lets go of the database. Calls after it are `unavailable`.
    func close() async
}

extension ConversationStore {
    /// Stores a new conversation without an alias.
    package func create(_ conversation: ConversationRecord) async throws(StorageError) -> ConversationRecord {
        try await create(conversation, alias: nil)
    }
}
