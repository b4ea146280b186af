// SPDX-License-Identifier: Apache-2.0

/// The statements on conversations and their aliases.
enum ConversationSQL {
    static let noConversation = StorageError(.notFound, "there is no such conversation")

    private static let columns = """
        c.id, c.assistant, c.epoch, c.user, c.role, c.channel, c.state, c.sequence, c.created_at, \
        c.updated_at, c.revision, c.dialogue, c.queue, c.staff
        """
    private static let byID = "SELECT \(columns) FROM conversations c WHERE c.id = ?"
    private static let byAlias = """
        SELECT \(columns) FROM aliases a JOIN conversations c ON c.id = a.conversation \
        WHERE a.channel = ? AND a.external_id = ?
        """
    private static let byUser = """
        SELECT \(columns) FROM conversations c WHERE c.user = ? AND (c.created_at, c.id) < (?, ?) \
        ORDER BY c.created_at DESC, c.id DESC LIMIT ?
        """
    private static let byQueue = """
        SELECT \(columns) FROM conversations c WHERE c.state = 'waiting' AND c.queue = ? \
        ORDER BY c.created_at, c.id LIMIT ?
        """
    private static let insert = """
        INSERT INTO conversations (id, assistant, epoch, user, role, channel, state, sequence, created_at, \
        updated_at, revision, dialogue, queue, staff) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let update = """
        UPDATE conversations SET state = ?, sequence = ?, updated_at = ?, revision = ?, dialogue = ?, \
        queue = ?, staff = ? WHERE id = ? AND sequence = ?
        """
    private static let bind = """
        INSERT INTO aliases (channel, external_id, conversation) VALUES (?, ?, ?) \
        ON CONFLICT (channel, external_id) DO UPDATE SET conversation = excluded.conversation
        """

    static func find(
        _ id: String, in connection: SQLiteConnection
    ) throws(StorageError) -> ConversationRecord? {
        try connection.row(byID, .text(id), read: record)
    }

    static func find(
        _ alias: ConversationAlias, in connection: SQLiteConnection
    ) throws(StorageError) -> ConversationRecord? {
        try connection.row(byAlias, .text(alias.channel), .text(alias.externalID), read: record)
    }

    static func list(
        of user: String, after start: ConversationCursor?, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [ConversationRecord] {
        let time = start?.createdAt.milliseconds ?? Int.max
        return try connection.rows(
            byUser, [.text(user), .integer(time), .text(start?.id ?? ""), .integer(limit)], record)
    }

    static func waiting(
        in queue: String, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [ConversationRecord] {
        try connection.rows(byQueue, [.text(queue), .integer(limit)], record)
    }

    static func insert(
        _ row: ConversationRecord, in connection: SQLiteConnection
    ) throws(StorageError) {
        do throws(StorageError) {
            try connection.run(
                insert, .text(row.id), .text(row.assistant), .text(row.epoch), .text(row.user),
                .text(row.role),
                .text(row.channel), .text(row.state.rawValue), .integer(row.sequence), .time(row.createdAt),
                .time(row.updatedAt), .text(row.revision), .json(row.dialogue), .text(row.queue),
                .text(row.staff))
        } catch  where error.kind == .conflict {
            throw StorageError(.conflict, "the conversation exists already")
        }
    }

    static func update(
        _ row: ConversationRecord, expecting sequence: Int, in connection: SQLiteConnection
    ) throws(StorageError) {
        let changed = try connection.run(
            update, .text(row.state.rawValue), .integer(row.sequence), .time(row.updatedAt),
            .text(row.revision),
            .json(row.dialogue), .text(row.queue), .text(row.staff), .text(row.id), .integer(sequence))
        guard changed == 0 else { return }
        guard try find(row.id, in: connection) != nil else { throw noConversation }
        throw StorageError(.conflict, "the conversation has gone on")
    }

    static func bind(
        _ alias: ConversationAlias, to conversation: String, in connection: SQLiteConnection
    ) throws(StorageError) {
        try connection.run(bind, .text(alias.channel), .text(alias.externalID), .text(conversation))
    }

    private static func record(_ row: SQLiteRow) throws(StorageError) -> ConversationRecord {
        guard let state = ConversationState(rawValue: row.text(6)) else {
            throw StorageError(.corrupt, "a conversation has an unknown state")
        }
        return ConversationRecord(
            id: row.text(0), assistant: row.text(1), epoch: row.text(2), user: row.text(3), role: row.text(4),
            channel: row.text(5), state: state, sequence: row.integer(7), createdAt: row.time(8),
            updatedAt: row.time(9), revision: row.optionalText(10), dialogue: try row.json(11),
            queue: row.optionalText(12), staff: row.optionalText(13))
    }
}
