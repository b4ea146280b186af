// SPDX-License-Identifier: Apache-2.0

/// The statements on messages.
enum MessageSQL {
    private static let columns = """
        id, conversation, sequence, author, name, text, type, buttons, data, partial, sources, safety, \
        intent, client_message_id, in_reply_to, created_at, author_id, read_at, usage
        """
    private static let insert = """
        INSERT INTO messages (\(columns)) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let after = """
        SELECT \(columns) FROM messages WHERE conversation = ? AND sequence > ? ORDER BY sequence LIMIT ?
        """
    private static let latest = """
        SELECT \(columns) FROM messages WHERE conversation = ? ORDER BY sequence DESC LIMIT ?
        """
    private static let byClientID = """
        SELECT \(columns) FROM messages WHERE conversation = ? AND client_message_id = ?
        """
    private static let answers = """
        SELECT \(columns) FROM messages WHERE conversation = ? AND sequence > ? AND sequence <= ? \
        AND in_reply_to = ? ORDER BY sequence
        """

    static func insert(_ row: MessageRecord, in connection: SQLiteConnection) throws(StorageError) {
        do throws(StorageError) {
            try connection.run(
                insert, .text(row.id), .text(row.conversation), .integer(row.sequence),
                .text(row.author.rawValue),
                .text(row.name), .text(row.text), .text(row.type), .json(row.buttons), .json(row.data),
                .integer(row.partial ? 1 : 0), .json(row.sources), .json(row.safety), .text(row.intent),
                .text(row.clientMessageID), .integer(row.inReplyTo), .time(row.createdAt),
                .text(row.authorID), .integer(row.readAt?.milliseconds), .json(row.usage))
        } catch  where error.kind == .conflict {
            // The conversation's row vouches for the sequence numbers, so it can only be the client's id.
            throw StorageError(.duplicate, "the client message id is stored already")
        }
    }

    static func list(
        in conversation: String, after sequence: Int, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [MessageRecord] {
        try connection.rows(after, [.text(conversation), .integer(sequence), .integer(limit)], record)
    }

    static func latest(
        in conversation: String, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [MessageRecord] {
        try connection.rows(latest, [.text(conversation), .integer(limit)], record).reversed()
    }

    static func replies(
        to clientMessageID: String, in conversation: String, in connection: SQLiteConnection
    ) throws(StorageError) -> StoredTurn? {
        guard
            let message = try connection.row(
                byClientID, .text(conversation), .text(clientMessageID), read: record)
        else { return nil }
        let replies = try connection.rows(
            answers,
            [
                .text(conversation), .integer(message.sequence), .integer(message.sequence + StoredTurn.span),
                .integer(message.sequence),
            ], record)
        return StoredTurn(message: message, replies: replies)
    }

    static func find(
        _ id: String, in connection: SQLiteConnection
    ) throws(StorageError) -> MessageRecord? {
        try connection.row("SELECT \(columns) FROM messages WHERE id = ? LIMIT 1", .text(id), read: record)
    }

    // Reads every message of the conversations in question, which are those of one person: no index is kept for it.
    static func search(
        _ text: String, for user: String, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [MessageRecord] {
        var pattern = ""
        for character in text {
            if ["%", "_", "!"].contains(character) { pattern.append("!") }
            pattern.append(character)
        }
        return try connection.rows(
            """
            SELECT \(columns) FROM messages WHERE conversation IN (SELECT id FROM conversations WHERE user = ?1 \
            UNION SELECT id FROM conversations WHERE state = 'human' AND staff = ?1) \
            AND text LIKE '%' || ?2 || '%' ESCAPE '!' ORDER BY created_at DESC, conversation, sequence DESC \
            LIMIT ?3
            """, [.text(user), .text(pattern), .integer(limit)], record)
    }

    static func markRead(
        upTo sequence: Int, in conversation: String, by reader: String, at: Timestamp,
        in connection: SQLiteConnection
    ) throws(StorageError) {
        try connection.run(
            """
            UPDATE messages SET read_at = ? WHERE conversation = ? AND sequence <= ? AND read_at IS NULL \
            AND author_id IS NOT ?
            """, .time(at), .text(conversation), .integer(sequence), .text(reader))
    }

    static func markRead(
        _ id: String, at: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) -> MessageRecord? {
        try connection.run(
            "UPDATE messages SET read_at = ? WHERE id = ? AND read_at IS NULL", .time(at), .text(id))
        return try find(id, in: connection)
    }

    private static func record(_ row: SQLiteRow) throws(StorageError) -> MessageRecord {
        guard let author = MessageAuthor(rawValue: row.text(3)) else {
            throw StorageError(.corrupt, "a message has an unknown author")
        }
        var message = MessageRecord(
            id: row.text(0), conversation: row.text(1), sequence: row.integer(2), author: author,
            name: row.optionalText(4), authorID: row.optionalText(16), text: row.text(5),
            type: row.optionalText(6),
            buttons: try row.optionalJSON(7), data: try row.optionalJSON(8), partial: row.integer(9) != 0,
            sources: try row.optionalJSON(10), usage: try row.optionalJSON(18),
            safety: try row.optionalJSON(11), intent: row.optionalText(12),
            clientMessageID: row.optionalText(13), inReplyTo: row.optionalInteger(14), createdAt: row.time(15)
        )
        message.readAt = row.optionalInteger(17).map(Timestamp.init(milliseconds:))
        return message
    }
}
