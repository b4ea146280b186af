// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import WireProtocols

/// Keeps everything in memory, for tests, demonstrations and relays that need no history after a restart.
package final class MemoryStore: ConversationStore {
    struct Thread {
        var record: ConversationRecord
        var messages: [MessageRecord] = []
        var sequenceByClientID: [String: Int] = [:]
        var notes: [NoteRecord] = []
    }

    struct Contents {
        var threads: [String: Thread] = [:]
        var idsByUser: [String: [String]] = [:]
        var waiting: Set<String> = []
        var aliases: [ConversationAlias: MemoryAlias] = [:]
        var revisions: [String: (body: JSON, at: Timestamp)] = [:]
        var audit: [AuditRecord] = []
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    /// Apart from the conversations, so that a long transaction holds up no message.
    let records = Mutex(MemoryRecords())
    let accounts = Mutex(MemoryAccounts())

    /// An empty store.
    package init() {}

    func withContents<Value: Sendable>(
        _ body: (inout Contents) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        try contents.withLock { (contents) throws(StorageError) -> Value in
            guard !contents.isClosed else { throw StorageError(.unavailable, "the store is closed") }
            return try body(&contents)
        }
    }

    package func create(
        _ conversation: ConversationRecord, alias: ConversationAlias?, attributes: JSONObject
    ) async throws(StorageError) -> ConversationRecord {
        try withContents { (contents) throws(StorageError) in
            if let alias, let known = contents.aliased(alias) { return known.conversation }
            guard contents.threads[conversation.id] == nil else {
                throw StorageError(.conflict, "the conversation exists already")
            }
            try attributes.checkAttributes()
            contents.threads[conversation.id] = Thread(record: conversation)
            contents.idsByUser[conversation.user, default: []].append(conversation.id)
            if conversation.state == .waiting { contents.waiting.insert(conversation.id) }
            if let alias {
                contents.aliases[alias] = MemoryAlias(
                    conversation: conversation.id, attributes: attributes, createdAt: conversation.createdAt)
            }
            return conversation
        }
    }

    package func conversation(_ id: String) async throws(StorageError) -> ConversationRecord? {
        try withContents { $0.threads[id]?.record }
    }

    package func conversations(
        of user: String, cursor: String?, limit: Int
    ) async throws(StorageError) -> ConversationPage {
        let start = try cursor.map(ConversationCursor.parse)
        return try withContents { contents in
            let rows = (contents.idsByUser[user] ?? []).compactMap { contents.threads[$0]?.record }
                .filter { start?.precedes($0) ?? true }
                .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            return ConversationPage(rows, limit: limit)
        }
    }

    package func waiting(in queues: [String], limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try withContents { contents in
            let rows = contents.waiting.compactMap { contents.threads[$0]?.record }
                .filter { $0.queue.map(queues.contains) ?? false }
                .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            return Array(rows.prefix(limit))
        }
    }

    package func commit(_ write: TurnWrite) async throws(StorageError) {
        try write.check()
        try withContents { (contents) throws(StorageError) in
            let id = write.conversation.id
            guard let place = contents.threads.index(forKey: id) else { throw Self.noConversation }
            try contents.threads.values[place].apply(write)  // in place: a long history is not copied
            if write.conversation.state == .waiting {
                contents.waiting.insert(id)
            } else {
                contents.waiting.remove(id)
            }
            contents.audit += write.audit
        }
    }

    package func messages(
        in conversation: String, after sequence: Int, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        try withContents { contents in
            guard let messages = contents.threads[conversation]?.messages else { return [] }
            return Array(messages[messages.firstIndex(after: sequence)...].prefix(limit))
        }
    }

    package func latestMessages(
        in conversation: String, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        try withContents { Array($0.threads[conversation]?.messages.suffix(limit) ?? []) }
    }

    package func replies(
        to clientMessageID: String, in conversation: String
    ) async throws(StorageError) -> StoredTurn? {
        try withContents { contents in
            guard let thread = contents.threads[conversation],
                let sequence = thread.sequenceByClientID[clientMessageID]
            else { return nil }
            let tail = thread.messages[thread.messages.firstIndex(after: sequence - 1)...]
            guard let message = tail.first, message.sequence == sequence else { return nil }
            let span = tail.dropFirst().prefix { $0.sequence <= sequence + StoredTurn.span }
            return StoredTurn(message: message, replies: span.filter { $0.inReplyTo == sequence })
        }
    }

    package func putRevision(_ hash: String, body: JSON, at: Timestamp) async throws(StorageError) {
        try withContents { $0.revisions[hash] = (body, at) }
    }

    package func revision(_ hash: String) async throws(StorageError) -> JSON? {
        try withContents { $0.revisions[hash]?.body }
    }

    package func pruneRevisions(before: Timestamp, keeping most: Int) async throws(StorageError) -> Int {
        try withContents { contents in
            let youngest = contents.revisions.sorted { ($0.value.at, $0.key) > ($1.value.at, $1.key) }
            let kept = youngest.prefix(most).filter { $0.value.at >= before }.map(\.key)
            let count = contents.revisions.count - kept.count
            contents.revisions = contents.revisions.filter { kept.contains($0.key) }
            return count
        }
    }

    package func appendAudit(_ rows: [AuditRecord]) async throws(StorageError) {
        try withContents { $0.audit += rows }
    }

    package func latestAudit(limit: Int) async throws(StorageError) -> [AuditRecord] {
        try withContents { Array($0.audit.suffix(limit)) }
    }

    package func prune(before: Timestamp) async throws(StorageError) -> Int {
        try withContents { contents in
            var count = 0
            for (id, thread) in contents.threads {
                let kept = thread.messages.filter { $0.createdAt >= before }
                count += thread.messages.count - kept.count
                contents.threads[id]?.replaceMessages(kept)
                guard kept.isEmpty, thread.record.updatedAt < before else { continue }
                contents.forget(id, of: thread.record.user)
            }
            return count
        }
    }

    package func probe() async throws(StorageError) { try probeNow() }

    /// Throws when the store is closed.
    func probeNow() throws(StorageError) { try withContents { _ in } }

    package func close() async { contents.withLock { $0.isClosed = true } }

    static let noConversation = StorageError(.notFound, "there is no such conversation")
}

extension MemoryStore.Thread {
    fileprivate mutating func apply(_ write: TurnWrite) throws(StorageError) {
        guard record.sequence == write.expectedSequence,
            write.expectedState.map({ $0 == record.state }) ?? true
        else {
            throw StorageError(.conflict, "the conversation has gone on")
        }
        var added: Set<String> = []
        for id in write.messages.lazy.compactMap({ $0.clientMessageID }) {
            guard sequenceByClientID[id] == nil, added.insert(id).inserted else {
                throw StorageError(.duplicate, "the client message id is stored already")
            }
        }
        record.update(from: write.conversation)
        messages += write.messages
        for message in write.messages {
            if let id = message.clientMessageID { sequenceByClientID[id] = message.sequence }
        }
    }

    fileprivate mutating func replaceMessages(_ kept: [MessageRecord]) {
        guard kept.count < messages.count else { return }
        messages = kept
        let remaining = Set(kept.compactMap { $0.clientMessageID })
        sequenceByClientID = sequenceByClientID.filter { remaining.contains($0.key) }
    }
}

extension [MessageRecord] {
    /// Where messages after that sequence number begin: by bisection, since they are in order.
    fileprivate func firstIndex(after sequence: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
