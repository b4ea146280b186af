// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Names of conversations, and who has read what.
extension SQLiteStore {
    package func aliased(_ alias: ConversationAlias) async throws(StorageError) -> AliasedConversation? {
        try await read { (connection) throws(StorageError) in try AliasSQL.find(alias, in: connection) }
    }

    package func aliases(of conversation: String) async throws(StorageError) -> [ConversationAlias] {
        try await read { (connection) throws(StorageError) in
            try AliasSQL.names(of: conversation, in: connection)
        }
    }

    package func aliased(_ query: AliasQuery) async throws(StorageError) -> [AliasedConversation] {
        try await read { (connection) throws(StorageError) in try AliasSQL.list(query, in: connection) }
    }

    package func counts(
        of channel: String, activeSince: Timestamp
    ) async throws(StorageError) -> ChannelCounts {
        try await read { (connection) throws(StorageError) in
            try AliasSQL.counts(of: channel, activeSince: activeSince, in: connection)
        }
    }

    package func bind(_ alias: ConversationAlias, to conversation: String) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            guard let record = try ConversationSQL.find(conversation, in: connection) else {
                throw ConversationSQL.noConversation
            }
            try AliasSQL.bind(alias, to: record, attributes: JSONObject(), in: connection)
        }
    }

    package func setAttributes(
        _ changes: JSONObject, of alias: ConversationAlias
    ) async throws(StorageError) -> JSONObject? {
        try await write { (connection) throws(StorageError) in
            try AliasSQL.setAttributes(changes, of: alias, in: connection)
        }
    }

    package func message(_ id: String) async throws(StorageError) -> MessageRecord? {
        try await read { (connection) throws(StorageError) in try MessageSQL.find(id, in: connection) }
    }

    package func markRead(
        upTo sequence: Int, in conversation: String, by reader: String, at: Timestamp
    ) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            try MessageSQL.markRead(
                upTo: sequence, in: conversation, by: reader, at: at, in: connection)
        }
    }

    package func markRead(_ message: String, at: Timestamp) async throws(StorageError) -> MessageRecord? {
        try await write { (connection) throws(StorageError) in
            try MessageSQL.markRead(message, at: at, in: connection)
        }
    }

    package func addNote(_ note: NoteRecord) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            guard try ConversationSQL.find(note.conversation, in: connection) != nil else {
                throw ConversationSQL.noConversation
            }
            try connection.run(
                "INSERT INTO notes (id, conversation, author, name, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                .text(note.id), .text(note.conversation), .text(note.author), .text(note.name),
                .text(note.text), .time(note.createdAt))
        }
    }

    package func notes(of conversation: String, limit: Int) async throws(StorageError) -> [NoteRecord] {
        try await read { (connection) throws(StorageError) in
            try connection.rows(
                """
                SELECT id, conversation, author, name, text, created_at FROM notes WHERE conversation = ? \
                ORDER BY row LIMIT ?
                """, [.text(conversation), .integer(limit)]
            ) { row in
                NoteRecord(
                    id: row.text(0), conversation: row.text(1), author: row.text(2),
                    name: row.optionalText(3), text: row.text(4), createdAt: row.time(5))
            }
        }
    }

    package func search(
        _ text: String, for user: String, limit: Int
    ) async throws(StorageError) -> [MessageRecord] {
        try await read { (connection) throws(StorageError) in
            try MessageSQL.search(text, for: user, limit: limit, in: connection)
        }
    }
}
