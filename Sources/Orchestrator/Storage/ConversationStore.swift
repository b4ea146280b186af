// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Where conversations are kept.
///
/// A returned write is durable; a thrown one has left nothing behind.
///
/// Every implementation passes the same tests (`ConversationStoreTests`).
package protocol ConversationStore: Sendable {
    /// Stores a new conversation. If the alias names one already, that one is returned and nothing is stored.
    ///
    /// However many ask at once, all are given the same one.
    func create(
        _ conversation: ConversationRecord, alias: ConversationAlias?, attributes: JSONObject
    ) async throws(StorageError) -> ConversationRecord

    /// The conversation of that id.
    func conversation(_ id: String) async throws(StorageError) -> ConversationRecord?

    /// The conversation an alias names, with what its channel keeps about it.
    func aliased(_ alias: ConversationAlias) async throws(StorageError) -> AliasedConversation?

    /// Every name of a conversation.
    func aliases(of conversation: String) async throws(StorageError) -> [ConversationAlias]

    /// The conversations a channel has names for.
    func aliased(_ query: AliasQuery) async throws(StorageError) -> [AliasedConversation]

    /// What there is on a channel; active is what changed at that instant or after it.
    func counts(of channel: String, activeSince: Timestamp) async throws(StorageError) -> ChannelCounts

    /// Gives a conversation one more name, taking the name away from another.
    func bind(_ alias: ConversationAlias, to conversation: String) async throws(StorageError)

    /// Puts members over what the channel keeps under an alias, null taking one away; returns all of them, nil
    /// when there is no such alias.
    func setAttributes(
        _ changes: JSONObject, of alias: ConversationAlias
    ) async throws(StorageError) -> JSONObject?

    /// Forgets a conversation with its messages and names; false when there was none.
    func remove(_ conversation: String) async throws(StorageError) -> Bool

    /// A user's conversations, newest first. A cursor that is none is `notFound`.
    func conversations(
        of user: String, cursor: String?, limit: Int
    ) async throws(StorageError) -> ConversationPage

    /// Conversations that wait in these queues, oldest first.
    func waiting(in queues: [String], limit: Int) async throws(StorageError) -> [ConversationRecord]

    /// Conversations that people have, of one of them or of all, the one that changed last first.
    func claimed(by staff: String?, limit: Int) async throws(StorageError) -> [ConversationRecord]

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

    /// The message of that id, in whatever conversation.
    func message(_ id: String) async throws(StorageError) -> MessageRecord?

    /// Notes that messages were read: those up to a sequence number that others than the reader wrote.
    func markRead(
        upTo sequence: Int, in conversation: String, by reader: String, at: Timestamp
    ) async throws(StorageError)

    /// Notes that one message was read; returns it, nil when there is none.
    func markRead(_ message: String, at: Timestamp) async throws(StorageError) -> MessageRecord?

    /// Keeps a note of staff.
    func addNote(_ note: NoteRecord) async throws(StorageError)

    /// The notes of a conversation, in order.
    func notes(of conversation: String, limit: Int) async throws(StorageError) -> [NoteRecord]

    /// Messages that hold a text whatever the case of its ASCII letters, newest first, of conversations that this user
    /// has claimed, or that are theirs.
    func search(_ text: String, for user: String, limit: Int) async throws(StorageError) -> [MessageRecord]

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
    /// Stores a new conversation, under a name if it has one.
    package func create(
        _ conversation: ConversationRecord, alias: ConversationAlias? = nil
    ) async throws(StorageError) -> ConversationRecord {
        try await create(conversation, alias: alias, attributes: JSONObject())
    }

    /// The conversation an alias names.
    package func conversation(
        alias: ConversationAlias
    ) async throws(StorageError) -> ConversationRecord? { try await aliased(alias)?.conversation }
}
