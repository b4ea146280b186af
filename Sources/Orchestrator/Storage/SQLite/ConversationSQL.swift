// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The statements on conversations and their aliases.
enum ConversationSQL {
    static let noConversation = StorageError(.notFound, "there is no such conversation")

    static let columns = """
        c.id, c.assistant, c.epoch, c.user, c.role, c.channel, c.state, c.sequence, c.created_at, \
        c.updated_at, c.revision, c.dialogue, c.queue, c.staff, c.external_id, c.participants
        """
    private static let byID = "SELECT \(columns) FROM conversations c WHERE c.id = ?"
    private static let byUser = """
        SELECT \(columns) FROM conversations c WHERE c.user = ? AND (c.created_at, c.id) < (?, ?) \
        ORDER BY c.created_at DESC, c.id DESC LIMIT ?
        """
    private static let byQueue = """
        SELECT \(columns) FROM conversations c WHERE c.state = 'waiting' AND c.queue = ? \
        ORDER BY c.created_at, c.id LIMIT ?
        """
    private static let byStaff = """
        SELECT \(columns) FROM conversations c WHERE c.state = 'human' AND (?1 IS NULL OR c.staff = ?1) \
        ORDER BY c.updated_at DESC, c.id DESC LIMIT ?2
        """
    private static let insert = """
        INSERT INTO conversations (id, assistant, epoch, user, role, channel, state, sequence, created_at, \
        updated_at, revision, dialogue, queue, staff, external_id, participants) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let update = """
        UPDATE conversations SET state = ?, sequence = ?, updated_at = ?, revision = ?, dialogue = ?, \
        queue = ?, staff = ? WHERE id = ? AND sequence = ? AND state = ifnull(?, state)
        """
    static func find(
        _ id: String, in connection: SQLiteConnection
    ) throws(StorageError) -> ConversationRecord? {
        try connection.row(byID, .text(id), read: record)
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

    static func claimed(
        by staff: String?, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [ConversationRecord] {
        try connection.rows(byStaff, [.text(staff), .integer(limit)], record)
    }

    static func remove(_ id: String, in connection: SQLiteConnection) throws(StorageError) -> Bool {
        try connection.run("DELETE FROM messages WHERE conversation = ?", .text(id))
        return try connection.run("DELETE FROM conversations WHERE id = ?", .text(id)) > 0
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
                .text(row.staff), .text(row.externalID),
                .json(.array(row.participants.map { .string($0) })))
            for user in row.participants {
                try connection.run(
                    "INSERT OR IGNORE INTO participants (user, conversation) VALUES (?, ?)", .text(user),
                    .text(row.id))
            }
        } catch  where error.kind == .conflict {
            throw StorageError(.conflict, "the conversation exists already")
        }
    }

    static func update(
        _ row: ConversationRecord, expecting sequence: Int, in state: ConversationState?,
        in connection: SQLiteConnection
    ) throws(StorageError) {
        let changed = try connection.run(
            update, .text(row.state.rawValue), .integer(row.sequence), .time(row.updatedAt),
            .text(row.revision),
            .json(row.dialogue), .text(row.queue), .text(row.staff), .text(row.id), .integer(sequence),
            .text(state?.rawValue))
        guard changed == 0 else { return }
        guard try find(row.id, in: connection) != nil else { throw noConversation }
        throw StorageError(.conflict, "the conversation has gone on")
    }

    static func record(_ row: SQLiteRow) throws(StorageError) -> ConversationRecord {
        guard let state = ConversationState(rawValue: row.text(6)) else {
            throw StorageError(.corrupt, "a conversation has an unknown state")
        }
        return ConversationRecord(
            id: row.text(0), assistant: row.text(1), epoch: row.text(2), user: row.text(3), role: row.text(4),
            channel: row.text(5), externalID: row.optionalText(14),
            participants: (try row.json(15).list ?? []).compactMap(\.text), state: state,
            sequence: row.integer(7), createdAt: row.time(8),
            updatedAt: row.time(9), revision: row.optionalText(10), dialogue: try row.json(11),
            queue: row.optionalText(12), staff: row.optionalText(13))
    }
}
