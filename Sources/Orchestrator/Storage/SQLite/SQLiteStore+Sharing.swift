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
}
