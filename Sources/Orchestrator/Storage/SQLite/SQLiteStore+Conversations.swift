// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

extension SQLiteStore: ConversationStore {
    package func create(
        _ conversation: ConversationRecord, alias: ConversationAlias?, attributes: JSONObject
    ) async throws(StorageError) -> ConversationRecord {
        try await write { (connection) throws(StorageError) in
            if let alias, let known = try AliasSQL.find(alias, in: connection) { return known.conversation }
            try ConversationSQL.insert(conversation, in: connection)
            if let alias {
                try AliasSQL.bind(alias, to: conversation, attributes: attributes, in: connection)
            }
            return conversation
        }
    }

    package func conversation(_ id: String) async throws(StorageError) -> ConversationRecord? {
        try await read { (connection) throws(StorageError) in try ConversationSQL.find(id, in: connection) }
    }

    package func conversations(
        of user: String, cursor: String?, limit: Int
    ) async throws(StorageError) -> ConversationPage {
        let start = try cursor.map(ConversationCursor.parse)
        return try await read { (connection) throws(StorageError) in
            let rows = try ConversationSQL.list(of: user, after: start, limit: limit + 1, in: connection)
            return ConversationPage(rows, limit: limit)
        }
    }

    package func waiting(in queues: [String], limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try await read { (connection) throws(StorageError) in
            var rows: [ConversationRecord] = []
            for queue in Set(queues) {
                rows += try ConversationSQL.waiting(in: queue, limit: limit, in: connection)
            }
            return Array(rows.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.prefix(limit))
        }
    }

    package func claimed(by staff: String?, limit: Int) async throws(StorageError) -> [ConversationRecord] {
        try await read { (connection) throws(StorageError) in
            try ConversationSQL.claimed(by: staff, limit: limit, in: connection)
        }
    }

    package func remove(_ conversation: String) async throws(StorageError) -> Bool {
        try await write { (connection) throws(StorageError) in
            try ConversationSQL.remove(conversation, in: connection)
        }
    }

    package func commit(_ turn: TurnWrite) async throws(StorageError) {
        try turn.check()
        try await write { (connection) throws(StorageError) in
            try ConversationSQL.update(
                turn.conversation, expecting: turn.expectedSequence, in: turn.expectedState, in: connection)
            for message in turn.messages { try MessageSQL.insert(message, in: connection) }
            for row in turn.audit { try AuditSQL.insert(row, in: connection) }
        }
    }

    package func messages(
        in conversation: String, after sequence: Int, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        try await read { (connection) throws(StorageError) in
            try MessageSQL.list(in: conversation, after: sequence, limit: limit, in: connection)
        }
    }

    package func latestMessages(
        in conversation: String, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        try await read { (connection) throws(StorageError) in
            try MessageSQL.latest(in: conversation, limit: limit, in: connection)
        }
    }

    package func replies(
        to clientMessageID: String, in conversation: String
    ) async throws(StorageError) -> StoredTurn? {
        try await read { (connection) throws(StorageError) in
            try MessageSQL.replies(to: clientMessageID, in: conversation, in: connection)
        }
    }

    package func probe() async throws(StorageError) { try await write { _ in } }
}
